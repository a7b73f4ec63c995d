// SPDX-License-Identifier: GPL-2.0

/*
 * The contents of a guest_memfd: its folios, how they come and go, and freezing. After
 * virt/kvm/guest_memfd.c of Linux 7.3, with what preservation over a kexec adds.
 *
 * Freezing. While it is frozen no folio is added to the mapping and none is taken out,
 * and no page becomes private or shared. What does any of this does it with the mapping's
 * invalidate lock held, exclusively or shared, and looks at the frozen flag under it;
 * freezing takes the lock exclusively.
 * So once kvm_gmem_freeze() has returned, nothing that began before is under way. A fault
 * on a folio that is there does not need the lock.
 *
 * Lock order: mmap_lock or kvm->srcu or slots_lock, invalidate lock, folio lock.
 */

#include <linux/errno.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/mempolicy.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "gmem_internal.h"

/*
 * Returns the locked folio at @index, a new one if there is none and the file isn't
 * frozen (-EPERM). Contents of a new one are undefined until kvm_gmem_make_uptodate().
 */
static struct folio *kvm_gmem_grab_folio(struct inode *inode, pgoff_t index)
{
	struct address_space *mapping = inode->i_mapping;
	struct mempolicy *policy;
	struct folio *folio;

	lockdep_assert_held(&mapping->invalidate_lock);

	/* It may have been added while the lock was waited for. */
	if (GMEM_I(inode)->frozen) {
		folio = filemap_lock_folio(mapping, index);
		return folio == ERR_PTR(-ENOENT) ? ERR_PTR(-EPERM) : folio;
	}

	policy = mpol_shared_policy_lookup(&GMEM_I(inode)->policy, index);
	folio = __filemap_get_folio_mpol(mapping, index, FGP_LOCK | FGP_CREAT,
					 mapping_gfp_mask(mapping), policy);
	mpol_cond_put(policy);

	WARN_ON_ONCE(!IS_ERR(folio) && folio_order(folio));
	return folio;
}

/**
 * kvm_gmem_get_folio() - the folio at @index for a fault, allocated if necessary.
 *
 * Context: the invalidate lock not held.
 *
 * Return: the folio, locked and with a reference; ERR_PTR(-EPERM) if it isn't there and
 * the file is frozen; ERR_PTR(-ENOMEM).
 */
struct folio *kvm_gmem_get_folio(struct inode *inode, pgoff_t index)
{
	struct folio *folio = filemap_lock_folio(inode->i_mapping, index);

	if (!IS_ERR(folio))
		return folio;

	guard(rwsem_read)(&inode->i_mapping->invalidate_lock);
	return kvm_gmem_grab_folio(inode, index);
}

static void kvm_gmem_put_folio(struct folio *folio)
{
	folio_unlock(folio);
	folio_put(folio);
}

/** kvm_gmem_make_uptodate() - zero a folio on first use. Context: folio locked. */
void kvm_gmem_make_uptodate(struct folio *folio)
{
	if (folio_test_uptodate(folio))
		return;

	clear_highpage(folio_page(folio, 0));
	folio_mark_uptodate(folio);
}

/**
 * kvm_gmem_freeze() - keep a guest_memfd, all of it shared, as it is.
 *
 * From here on no folio comes or goes and no page is converted. To find out whether all
 * is shared and to freeze is one step: no conversion slips in between.
 *
 * Return: 0; -EBUSY if it is frozen already; -EOPNOTSUPP if any of it is private.
 */
int kvm_gmem_freeze(struct inode *inode)
{
	guard(rwsem_write)(&inode->i_mapping->invalidate_lock);

	if (GMEM_I(inode)->frozen)
		return -EBUSY;

	if (!kvm_gmem_range_has_attributes(inode, 0, PFN_UP(i_size_read(inode)), 0))
		return -EOPNOTSUPP;

	GMEM_I(inode)->frozen = true;
	kvm_gmem_count(&kvm_gmem_nr_frozen, 1);
	return 0;
}

/** kvm_gmem_unfreeze() - undo kvm_gmem_freeze(). */
void kvm_gmem_unfreeze(struct inode *inode)
{
	filemap_invalidate_lock(inode->i_mapping);
	WARN_ON_ONCE(!GMEM_I(inode)->frozen);
	GMEM_I(inode)->frozen = false;
	filemap_invalidate_unlock(inode->i_mapping);

	kvm_gmem_count(&kvm_gmem_nr_frozen, -1);
}

static long kvm_gmem_punch_hole(struct inode *inode, loff_t offset, loff_t len)
{
	pgoff_t first = offset >> PAGE_SHIFT, past = (offset + len) >> PAGE_SHIFT;

	/* Bindings have to stay the same from start to end of the invalidation. */
	guard(rwsem_write)(&inode->i_mapping->invalidate_lock);

	if (GMEM_I(inode)->frozen)
		return -EPERM;

	kvm_gmem_invalidate_start(inode, first, past);
	truncate_inode_pages_range(inode->i_mapping, offset, offset + len - 1);
	kvm_gmem_invalidate_end(inode, first, past);
	return 0;
}

/* Context: invalidate lock held shared. */
static long kvm_gmem_allocate_range(struct inode *inode, pgoff_t start, pgoff_t end)
{
	struct folio *folio;
	pgoff_t index;

	if (GMEM_I(inode)->frozen)
		return -EPERM;

	for (index = start; index < end; ) {
		if (signal_pending(current))
			return -EINTR;

		folio = kvm_gmem_grab_folio(inode, index);
		if (IS_ERR(folio))
			return PTR_ERR(folio);

		index = folio_next_index(folio);
		kvm_gmem_put_folio(folio);
		cond_resched();
	}

	return 0;
}

static long kvm_gmem_allocate(struct inode *inode, loff_t offset, loff_t len)
{
	/* The size never changes. */
	if (offset + len > i_size_read(inode))
		return -EINVAL;

	guard(rwsem_read)(&inode->i_mapping->invalidate_lock);
	return kvm_gmem_allocate_range(inode, offset >> PAGE_SHIFT, (offset + len) >> PAGE_SHIFT);
}

/**
 * kvm_gmem_fallocate() - allocate folios, or free them.
 *
 * Return: 0; -EOPNOTSUPP unless @mode is FALLOC_FL_KEEP_SIZE, with or without
 * FALLOC_FL_PUNCH_HOLE; -EINVAL if the range isn't of whole pages or, to allocate, ends
 * beyond the file; -EPERM if the file is frozen; -EINTR; -ENOMEM.
 */
long kvm_gmem_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	long (*change)(struct inode *inode, loff_t offset, loff_t len);
	long r;

	switch (mode) {
	case FALLOC_FL_KEEP_SIZE:
		change = kvm_gmem_allocate;
		break;
	case FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE:
		change = kvm_gmem_punch_hole;
		break;
	default:
		return -EOPNOTSUPP;
	}

	if (!PAGE_ALIGNED(offset | len))
		return -EINVAL;

	r = change(file_inode(file), offset, len);
	if (!r)
		file_modified(file);
	return r;
}

/*
 * The folio of a page that user space may have: it exists, and isn't a guest's own
 * (-EACCES). Where pages can be converted, the lock is held from the look at the attribute
 * to the reference that keeps the page from becoming private.
 */
static struct folio *kvm_gmem_get_user_folio(struct inode *inode, pgoff_t pgoff)
{
	if (((loff_t)pgoff << PAGE_SHIFT) >= i_size_read(inode))
		return ERR_PTR(-EACCES);

	if (vm_memory_attributes) {
		if (!kvm_gmem_is_shared_mem(inode, pgoff))
			return ERR_PTR(-EACCES);
		return kvm_gmem_get_folio(inode, pgoff);
	}

	guard(rwsem_read)(&inode->i_mapping->invalidate_lock);
	if (!kvm_gmem_is_shared_mem(inode, pgoff))
		return ERR_PTR(-EACCES);
	return kvm_gmem_grab_folio(inode, pgoff);
}

static vm_fault_t kvm_gmem_fault_error(int err)
{
	return err == -EAGAIN ? VM_FAULT_RETRY : vmf_error(err);
}

static vm_fault_t kvm_gmem_fault_user_mapping(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	struct folio *folio;

	folio = kvm_gmem_get_user_folio(inode, vmf->pgoff);
	if (IS_ERR(folio))
		return kvm_gmem_fault_error(PTR_ERR(folio));

	if (WARN_ON_ONCE(folio_test_large(folio))) {
		kvm_gmem_put_folio(folio);
		return VM_FAULT_SIGBUS;
	}

	kvm_gmem_make_uptodate(folio);
	vmf->page = folio_file_page(folio, vmf->pgoff);
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct kvm_gmem_vm_ops = {
	.fault	= kvm_gmem_fault_user_mapping,
};

/** kvm_gmem_mmap() - -ENODEV if created without MMAP, -EINVAL unless mapped shared. */
int kvm_gmem_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (!kvm_gmem_supports_mmap(file_inode(file)))
		return -ENODEV;

	if ((vma->vm_flags & (VM_SHARED | VM_MAYSHARE)) != (VM_SHARED | VM_MAYSHARE))
		return -EINVAL;

	vma->vm_ops = &kvm_gmem_vm_ops;
	return 0;
}

static int kvm_gmem_migrate_folio(struct address_space *mapping, struct folio *dst,
				  struct folio *src, enum migrate_mode mode)
{
	WARN_ON_ONCE(1);
	return -EINVAL;
}

/*
 * A page went bad: the guest loses its mapping, the file keeps the folio, so that the next
 * access is told (-EHWPOISON) instead of finding zeroes.
 */
static int kvm_gmem_error_folio(struct address_space *mapping, struct folio *folio)
{
	struct inode *inode = mapping->host;
	pgoff_t past;

	guard(rwsem_read)(&mapping->invalidate_lock);
	past = folio_next_index(folio);
	kvm_gmem_invalidate_start(inode, folio->index, past);
	kvm_gmem_invalidate_end(inode, folio->index, past);
	return MF_DELAYED;
}

const struct address_space_operations kvm_gmem_aops = {
	.dirty_folio		= noop_dirty_folio,
	.migrate_folio		= kvm_gmem_migrate_folio,
	.error_remove_folio	= kvm_gmem_error_folio,
};

static int kvm_gmem_setattr(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr)
{
	return -EINVAL;
}

const struct inode_operations kvm_gmem_iops = {
	.setattr	= kvm_gmem_setattr,
};
