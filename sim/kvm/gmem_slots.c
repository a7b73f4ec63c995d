// SPDX-License-Identifier: GPL-2.0

/*
 * guest_memfd and memory slots: bindings, invalidation through them, and pages for guest
 * faults. After virt/kvm/guest_memfd.c of Linux 7.3.
 *
 * A binding has two ends: gmem_file.bindings, written under the mapping's invalidate lock,
 * and slot->gmem.file. Neither side pins the other. Whichever goes first clears both,
 * under slots_lock and the invalidate lock.
 */

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

#include "gmem_internal.h"
#include "kvm_mm.h"

#define kvm_gmem_for_each_file(f, inode) \
	list_for_each_entry(f, &GMEM_I(inode)->gmem_file_list, entry)

static enum kvm_gfn_range_filter kvm_gmem_get_invalidate_filter(struct inode *inode)
{
	return kvm_gmem_is_shared_mem(inode) ? KVM_FILTER_SHARED : KVM_FILTER_PRIVATE;
}

/* Zaps what the slots bound to pages @start to @end - 1 of @f have mapped. */
static void __kvm_gmem_invalidate_start(struct gmem_file *f, pgoff_t start, pgoff_t end,
					enum kvm_gfn_range_filter attr_filter)
{
	bool flush = false, found_memslot = false;
	struct kvm_memory_slot *slot;
	struct kvm *kvm = f->kvm;
	unsigned long index;

	xa_for_each_range(&f->bindings, index, slot, start, end - 1) {
		pgoff_t pgoff = slot->gmem.pgoff;
		struct kvm_gfn_range gfn_range = {
			.start = slot->base_gfn + max(pgoff, start) - pgoff,
			.end = slot->base_gfn + min(pgoff + slot->npages, end) - pgoff,
			.slot = slot,
			.may_block = true,
			.attr_filter = attr_filter,
		};

		if (!found_memslot) {
			found_memslot = true;
			KVM_MMU_LOCK(kvm);
			kvm_mmu_invalidate_start(kvm);
		}

		flush |= kvm_mmu_unmap_gfn_range(kvm, &gfn_range);
	}

	if (flush)
		kvm_flush_remote_tlbs(kvm);

	if (found_memslot)
		KVM_MMU_UNLOCK(kvm);
}

static void __kvm_gmem_invalidate_end(struct gmem_file *f, pgoff_t start, pgoff_t end)
{
	struct kvm *kvm = f->kvm;

	if (!xa_find(&f->bindings, &start, end - 1, XA_PRESENT))
		return;

	KVM_MMU_LOCK(kvm);
	kvm_mmu_invalidate_end(kvm);
	KVM_MMU_UNLOCK(kvm);
}

/**
 * kvm_gmem_invalidate_start() - no guest maps pages @start to @end - 1 from here on.
 *
 * Context: invalidate lock held until after kvm_gmem_invalidate_end() with the same range:
 * each VM that has begun an invalidation has to end it.
 */
void kvm_gmem_invalidate_start(struct inode *inode, pgoff_t start, pgoff_t end)
{
	enum kvm_gfn_range_filter attr_filter = kvm_gmem_get_invalidate_filter(inode);
	struct gmem_file *f;

	kvm_gmem_for_each_file(f, inode)
		__kvm_gmem_invalidate_start(f, start, end, attr_filter);
}

/** kvm_gmem_invalidate_end() - guests may fault again. */
void kvm_gmem_invalidate_end(struct inode *inode, pgoff_t start, pgoff_t end)
{
	struct gmem_file *f;

	kvm_gmem_for_each_file(f, inode)
		__kvm_gmem_invalidate_end(f, start, end);
}

/**
 * kvm_gmem_release() - the last reference to a file has gone.
 *
 * Slots that are bound to it stay, with nothing behind them. The memory stays as long as
 * the inode. slots_lock keeps slots from being freed meanwhile; no fault can be using the
 * file, for it would have a reference.
 */
int kvm_gmem_release(struct inode *inode, struct file *file)
{
	struct gmem_file *f = file->private_data;
	struct kvm_memory_slot *slot;
	struct kvm *kvm = f->kvm;
	unsigned long index;

	mutex_lock(&kvm->slots_lock);
	filemap_invalidate_lock(inode->i_mapping);

	xa_for_each(&f->bindings, index, slot)
		WRITE_ONCE(slot->gmem.file, NULL);

	__kvm_gmem_invalidate_start(f, 0, -1UL, kvm_gmem_get_invalidate_filter(inode));
	__kvm_gmem_invalidate_end(f, 0, -1UL);

	list_del(&f->entry);

	filemap_invalidate_unlock(inode->i_mapping);
	mutex_unlock(&kvm->slots_lock);

	xa_destroy(&f->bindings);
	kfree(f);
	kvm_put_kvm(kvm);

	return 0;
}

/* A file that is being closed is as good as gone, even while the slot still names it. */
static struct file *kvm_gmem_get_file(struct kvm_memory_slot *slot)
{
	return get_file_active(&slot->gmem.file);
}

DEFINE_CLASS(gmem_get_file, struct file *, if (_T) fput(_T), kvm_gmem_get_file(slot),
	     struct kvm_memory_slot *slot);

static bool kvm_gmem_fits(struct kvm *kvm, struct file *file, uoff_t offset, uoff_t size)
{
	struct gmem_file *f = file->private_data;

	return f->kvm == kvm && PAGE_ALIGNED(offset) &&
	       offset + size <= i_size_read(file_inode(file));
}

/**
 * kvm_gmem_prepare_memory_region() - put a guest_memfd behind a new slot.
 *
 * On success slot->gmem.file holds a reference, which the caller drops once the slot is
 * installed or has failed to be.
 *
 * Context: slots_lock held; the slot can't be seen by anybody else yet.
 *
 * Return: 0; -EBADF; -EINVAL if it isn't a guest_memfd of this VM, or too small.
 */
int kvm_gmem_prepare_memory_region(struct kvm *kvm, struct kvm_memory_slot *slot,
				   unsigned int fd, uoff_t offset)
{
	struct file *file;

	BUILD_BUG_ON(sizeof(gpa_t) != sizeof(offset));
	BUILD_BUG_ON(sizeof(gfn_t) != sizeof(slot->gmem.pgoff));

	if (WARN_ON_ONCE(slot->flags & KVM_MEMSLOT_GMEM_ONLY))
		return -EINVAL;

	file = fget(fd);
	if (!file)
		return -EBADF;

	if (!kvm_gmem_is_gmem_file(file) ||
	    !kvm_gmem_fits(kvm, file, offset, slot->npages << PAGE_SHIFT)) {
		fput(file);
		return -EINVAL;
	}

	WRITE_ONCE(slot->gmem.file, file);
	slot->gmem.pgoff = offset >> PAGE_SHIFT;
	/* What can be mapped holds shared memory too. */
	if (kvm_gmem_supports_mmap(file_inode(file)))
		slot->flags |= KVM_MEMSLOT_GMEM_ONLY;

	return 0;
}

/**
 * kvm_gmem_commit_memory_region() - bind a prepared slot.
 *
 * Context: slots_lock held.
 *
 * Return: 0; -EEXIST if a part of the range is bound to another slot; -ENOMEM.
 */
int kvm_gmem_commit_memory_region(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	struct file *file = slot->gmem.file;
	struct address_space *mapping = file->f_mapping;
	struct gmem_file *f = file->private_data;
	unsigned long start = slot->gmem.pgoff;
	unsigned long end = start + slot->npages;
	unsigned long index = start;
	int r;

	if (WARN_ON_ONCE(!kvm_gmem_is_gmem_file(file)))
		return -EIO;

	filemap_invalidate_lock(mapping);

	if (xa_find(&f->bindings, &index, end - 1, XA_PRESENT)) {
		filemap_invalidate_unlock(mapping);
		return -EEXIST;
	}

	r = xa_err(xa_store_range(&f->bindings, start, end - 1, slot, GFP_KERNEL));
	if (r)
		xa_store_range(&f->bindings, start, end - 1, NULL, GFP_KERNEL);

	filemap_invalidate_unlock(mapping);
	return r;
}

/**
 * kvm_gmem_unbind() - end the binding of a slot that is about to be freed.
 *
 * Works while the file is being closed, too: kvm_gmem_release() is then waiting for
 * slots_lock before it looks at the bindings.
 *
 * Context: slots_lock held, or the VM is being destroyed; no fault can see the slot.
 */
void kvm_gmem_unbind(struct kvm_memory_slot *slot)
{
	unsigned long start = slot->gmem.pgoff;
	unsigned long end = start + slot->npages;
	struct file *file = slot->gmem.file;
	struct gmem_file *f;

	/* The file has been closed before. */
	if (!file)
		return;

	f = file->private_data;
	filemap_invalidate_lock(file->f_mapping);
	xa_store_range(&f->bindings, start, end - 1, NULL, GFP_KERNEL);
	WRITE_ONCE(slot->gmem.file, NULL);
	filemap_invalidate_unlock(file->f_mapping);
}

/* Returns the folio locked, with a reference. */
static struct folio *__kvm_gmem_get_pfn(struct file *file, struct kvm_memory_slot *slot,
					pgoff_t index)
{
	struct file *slot_file = READ_ONCE(slot->gmem.file);
	struct gmem_file *f = file->private_data;
	struct folio *folio;

	if (file != slot_file) {
		WARN_ON_ONCE(slot_file);
		return ERR_PTR(-EFAULT);
	}

	if (xa_load(&f->bindings, index) != slot) {
		WARN_ON_ONCE(xa_load(&f->bindings, index));
		return ERR_PTR(-EIO);
	}

	folio = kvm_gmem_get_folio(file_inode(file), index);
	if (IS_ERR(folio))
		return folio;

	if (folio_test_hwpoison(folio)) {
		folio_unlock(folio);
		folio_put(folio);
		return ERR_PTR(-EHWPOISON);
	}

	return folio;
}

/**
 * kvm_gmem_get_pfn() - the page behind a guest frame of a slot with a guest_memfd.
 * @pfn:       its frame number
 * @page:      the page, with a reference for the caller
 * @max_order: how large a mapping may be, if not NULL
 *
 * The page is allocated and zeroed if necessary.
 *
 * Context: SRCU read section of the VM, or slots_lock held.
 *
 * Return: 0; -EFAULT if the file has been closed; -EHWPOISON; -EPERM if the page isn't
 * there and the file is frozen; -ENOMEM; -EIO if slot and file disagree about the binding.
 */
int kvm_gmem_get_pfn(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t gfn, kvm_pfn_t *pfn,
		     struct page **page, int *max_order)
{
	pgoff_t index = gfn - slot->base_gfn + slot->gmem.pgoff;
	struct folio *folio;

	CLASS(gmem_get_file, file)(slot);
	if (!file)
		return -EFAULT;

	folio = __kvm_gmem_get_pfn(file, slot, index);
	if (IS_ERR(folio))
		return PTR_ERR(folio);

	kvm_gmem_make_uptodate(folio);
	*page = folio_file_page(folio, index);
	*pfn = page_to_pfn(*page);
	if (max_order)
		*max_order = 0;
	folio_unlock(folio);

	return 0;
}
