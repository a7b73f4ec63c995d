/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_KVM_GMEM_INTERNAL_H
#define _SIM_KVM_GMEM_INTERNAL_H

/* Simulated: what the three files of guest_memfd share. In the kernel they are one. */

#include "guest_memfd.h"
#include "kvm_internal.h"

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

static inline bool kvm_gmem_is_shared_mem(struct inode *inode)
{
	return GMEM_I(inode)->flags & GUEST_MEMFD_FLAG_INIT_SHARED;
}

#endif /* _SIM_KVM_GMEM_INTERNAL_H */
