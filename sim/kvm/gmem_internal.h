/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_KVM_GMEM_INTERNAL_H
#define _SIM_KVM_GMEM_INTERNAL_H

/* Simulated: what the four files of guest_memfd share. In the kernel they are one. */

#include "guest_memfd.h"
#include "kvm_internal.h"

/**
 * struct kvm_gmem_sim_inode - an inode with what conversions add.
 * @gmem:       as Linux 7.3 and preservation have it
 * @attributes: by page offset, those that differ from what the file began with; written
 *              with the mapping's invalidate lock held exclusively
 *
 * Apart from &struct gmem_inode because that is part of a patch to Linux 7.3.
 */
struct kvm_gmem_sim_inode {
	struct gmem_inode gmem;
	struct xarray attributes;
};

static inline struct xarray *kvm_gmem_attributes(struct inode *inode)
{
	return &container_of(GMEM_I(inode), struct kvm_gmem_sim_inode, gmem)->attributes;
}

/* gmem_attributes.c */

u64 kvm_gmem_get_attributes(struct inode *inode, pgoff_t index);
bool kvm_gmem_range_has_attributes(struct inode *inode, pgoff_t start, pgoff_t end, u64 attrs);
long kvm_gmem_ioctl(struct file *file, unsigned int ioctl, unsigned long arg);

/* guest_memfd.c */

extern const struct address_space_operations kvm_gmem_aops;
extern const struct inode_operations kvm_gmem_iops;

struct folio *kvm_gmem_get_folio(struct inode *inode, pgoff_t index);
void kvm_gmem_make_uptodate(struct folio *folio);
int kvm_gmem_mmap(struct file *file, struct vm_area_struct *vma);
long kvm_gmem_fallocate(struct file *file, int mode, loff_t offset, loff_t len);

/* gmem_slots.c */

void kvm_gmem_invalidate_start(struct inode *inode, pgoff_t start, pgoff_t end);
void kvm_gmem_invalidate_end(struct inode *inode, pgoff_t start, pgoff_t end);
int kvm_gmem_release(struct inode *inode, struct file *file);

/* gmem_fs.c */

extern struct file_operations kvm_gmem_fops;

/*
 * Bookkeeping of the simulator for its census, not state of the kernel: not a scheduling
 * point.
 */
extern unsigned long kvm_gmem_nr_inodes;
extern unsigned long kvm_gmem_nr_frozen;

static inline void kvm_gmem_count(unsigned long *counter, long delta)
{
	__atomic_fetch_add(counter, delta, __ATOMIC_RELAXED);
}

static inline bool kvm_gmem_supports_mmap(struct inode *inode)
{
	return GMEM_I(inode)->flags & GUEST_MEMFD_FLAG_MMAP;
}

static inline bool kvm_gmem_is_shared_mem(struct inode *inode, pgoff_t index)
{
	return !(kvm_gmem_get_attributes(inode, index) & KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

#endif /* _SIM_KVM_GMEM_INTERNAL_H */
