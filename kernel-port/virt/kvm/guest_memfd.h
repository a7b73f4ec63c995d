/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __KVM_GUEST_MEMFD_H__
#define __KVM_GUEST_MEMFD_H__

#include <linux/fs.h>
#include <linux/kvm_host.h>
#include <linux/list.h>
#include <linux/mempolicy.h>
#include <linux/xarray.h>

struct module;

#ifdef CONFIG_KVM_GUEST_MEMFD

/**
 * struct gmem_file - one VM's view of a guest_memfd.
 * @kvm:      the VM; the file holds a reference to it
 * @bindings: memslots by page offset; written under the mapping's invalidate lock
 * @entry:    in &gmem_inode.gmem_file_list
 */
struct gmem_file {
	struct kvm *kvm;
	struct xarray bindings;
	struct list_head entry;
};

/**
 * struct gmem_inode - the memory itself.
 * @policy:         NUMA policy by page offset
 * @vfs_inode:      the inode; its mapping holds the folios
 * @gmem_file_list: all &struct gmem_file of this inode
 * @flags:          GUEST_MEMFD_FLAG_*, constant after creation
 * @frozen:         no folio may be added to or removed from the mapping, and none may
 *                  become private. Written with the mapping's invalidate lock held
 *                  exclusively, read with it held at least shared
 */
struct gmem_inode {
	struct shared_policy policy;
	struct inode vfs_inode;
	struct list_head gmem_file_list;

	u64 flags;
	bool frozen;
};

static __always_inline struct gmem_inode *GMEM_I(struct inode *inode)
{
	return container_of(inode, struct gmem_inode, vfs_inode);
}

int kvm_gmem_init(struct module *module);
void kvm_gmem_exit(void);
int kvm_gmem_create(struct kvm *kvm, struct kvm_create_guest_memfd *args);
struct file *kvm_gmem_create_file(struct kvm *kvm, loff_t size, u64 flags);
int kvm_gmem_prepare_memory_region(struct kvm *kvm, struct kvm_memory_slot *slot,
				   unsigned int fd, uoff_t offset);
int kvm_gmem_commit_memory_region(struct kvm *kvm, struct kvm_memory_slot *slot);
void kvm_gmem_unbind(struct kvm_memory_slot *slot);

bool kvm_gmem_is_gmem_file(struct file *file);
bool kvm_gmem_can_be_shared(struct inode *inode);
int kvm_gmem_freeze(struct inode *inode);
void kvm_gmem_unfreeze(struct inode *inode);
#else /* CONFIG_KVM_GUEST_MEMFD */
static inline int kvm_gmem_init(struct module *module) { return 0; }
static inline void kvm_gmem_exit(void) { }

/* No memslot has a guest_memfd then: whoever gets here has lost its way. */
static inline int kvm_gmem_unexpected_memslot(struct kvm_memory_slot *slot)
{
	return WARN_ON_ONCE(slot) ? -EIO : 0;
}

static inline int kvm_gmem_prepare_memory_region(struct kvm *kvm, struct kvm_memory_slot *slot,
						 unsigned int fd, uoff_t offset)
{
	return kvm_gmem_unexpected_memslot(slot);
}

static inline int kvm_gmem_commit_memory_region(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	return kvm_gmem_unexpected_memslot(slot);
}

static inline void kvm_gmem_unbind(struct kvm_memory_slot *slot)
{
	kvm_gmem_unexpected_memslot(slot);
}
#endif /* CONFIG_KVM_GUEST_MEMFD */

#ifdef CONFIG_LIVEUPDATE_GUEST_MEMFD
int kvm_gmem_luo_init(void);
void kvm_gmem_luo_exit(void);
#else /* CONFIG_LIVEUPDATE_GUEST_MEMFD */
static inline int kvm_gmem_luo_init(void) { return 0; }
static inline void kvm_gmem_luo_exit(void) { }
#endif /* CONFIG_LIVEUPDATE_GUEST_MEMFD */

#endif /* __KVM_GUEST_MEMFD_H__ */
