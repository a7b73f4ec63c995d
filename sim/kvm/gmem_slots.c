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

/* Whether guests see the memory of @inode as shared, as private, or some of it so. */
static enum kvm_gfn_range_filter kvm_gmem_filter(struct inode *inode)
{
	if (!vm_memory_attributes)
		return KVM_FILTER_SHARED | KVM_FILTER_PRIVATE;

	return kvm_gmem_is_shared_mem(inode, 0) ? KVM_FILTER_SHARED : KVM_FILTER_PRIVATE;
}

/* The first slot bound to a page from *@index to @end - 1, or NULL; *@index becomes its page. */
static struct kvm_memory_slot *kvm_gmem_first_binding(struct gmem_file *f, pgoff_t *index,
						      pgoff_t end)
{
	return xa_find(&f->bindings, index, end - 1, XA_PRESENT);
}

/* Sets, or with NULL clears, the binding of all pages of @slot; an error as an entry. */
static void *kvm_gmem_store_binding(struct gmem_file *f, struct kvm_memory_slot *slot, void *entry)
{
	pgoff_t first = slot->gmem.pgoff;

	return xa_store_range(&f->bindings, first, first + slot->npages - 1, entry, GFP_KERNEL);
}

/* The guest frame of page @pgoff of the file; a page outside of the slot counts as its end. */
static gfn_t kvm_gmem_slot_gfn(struct kvm_memory_slot *slot, pgoff_t pgoff)
{
	return slot->base_gfn +
	       clamp(pgoff, slot->gmem.pgoff, slot->gmem.pgoff + slot->npages) - slot->gmem.pgoff;
}

/* Zaps what @slot has mapped of pages @start to @end - 1; whether that needs a flush. */
static bool kvm_gmem_zap_slot(struct kvm *kvm, struct kvm_memory_slot *slot, pgoff_t start,
			      pgoff_t end, enum kvm_gfn_range_filter filter)
{
	struct kvm_gfn_range frames = {
		.slot = slot,
		.start = kvm_gmem_slot_gfn(slot, start),
		.end = kvm_gmem_slot_gfn(slot, end),
		.attr_filter = filter,
		.may_block = true,
	};

	return kvm_mmu_unmap_gfn_range(kvm, &frames);
}

/* Begins an invalidation in the VM of @f, if a slot of it is bound in the range. */
static void kvm_gmem_zap_file(struct gmem_file *f, pgoff_t start, pgoff_t end,
			      enum kvm_gfn_range_filter filter)
{
	pgoff_t index = start;
	struct kvm_memory_slot *slot = kvm_gmem_first_binding(f, &index, end);
	bool zapped = false;

	if (!slot)
		return;

	KVM_MMU_LOCK(f->kvm);
	kvm_mmu_invalidate_start(f->kvm);
	do {
		zapped |= kvm_gmem_zap_slot(f->kvm, slot, start, end, filter);
		slot = xa_find_after(&f->bindings, &index, end - 1, XA_PRESENT);
	} while (slot);
	if (zapped)
		kvm_flush_remote_tlbs(f->kvm);
	KVM_MMU_UNLOCK(f->kvm);
}

/* Ends what kvm_gmem_zap_file() has begun: the bindings are still the same. */
static void kvm_gmem_zap_file_end(struct gmem_file *f, pgoff_t start, pgoff_t end)
{
	if (!kvm_gmem_first_binding(f, &start, end))
		return;

	KVM_MMU_LOCK(f->kvm);
	kvm_mmu_invalidate_end(f->kvm);
	KVM_MMU_UNLOCK(f->kvm);
}

/**
 * kvm_gmem_invalidate_start() - no guest maps pages @start to @end - 1 from here on.
 *
 * Context: invalidate lock held until after kvm_gmem_invalidate_end() with the same range:
 * each VM that has begun an invalidation has to end it.
 */
void kvm_gmem_invalidate_start(struct inode *inode, pgoff_t start, pgoff_t end)
{
	enum kvm_gfn_range_filter filter = kvm_gmem_filter(inode);
	struct gmem_file *f;

	kvm_gmem_for_each_file(f, inode)
		kvm_gmem_zap_file(f, start, end, filter);
}

/** kvm_gmem_invalidate_end() - guests may fault again. */
void kvm_gmem_invalidate_end(struct inode *inode, pgoff_t start, pgoff_t end)
{
	struct gmem_file *f;

	kvm_gmem_for_each_file(f, inode)
		kvm_gmem_zap_file_end(f, start, end);
}

/* Unties @f from its inode and from the slots of its VM. */
static void kvm_gmem_detach(struct gmem_file *f, struct inode *inode)
{
	struct kvm_memory_slot *slot;
	pgoff_t index;

	guard(mutex)(&f->kvm->slots_lock);
	guard(rwsem_write)(&inode->i_mapping->invalidate_lock);

	/* New faults find nothing from here on; then goes what earlier ones have mapped. */
	xa_for_each(&f->bindings, index, slot)
		WRITE_ONCE(slot->gmem.file, NULL);
	kvm_gmem_zap_file(f, 0, -1UL, kvm_gmem_filter(inode));
	kvm_gmem_zap_file_end(f, 0, -1UL);

	list_del(&f->entry);
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
	struct kvm *kvm = f->kvm;

	kvm_gmem_detach(f, inode);
	xa_destroy(&f->bindings);
	kfree(f);
	/* May destroy the VM. */
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

/* A slot counts in bytes and frames of the guest what a file counts in bytes and pages. */
static_assert(sizeof(uoff_t) == sizeof(gpa_t));
static_assert(sizeof_field(struct kvm_memory_slot, gmem.pgoff) == sizeof(gfn_t));

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
	if (WARN_ON_ONCE(slot->flags & KVM_MEMSLOT_GMEM_ONLY))
		return -EINVAL;

	struct file *file __free(fput) = fget(fd);

	if (!file)
		return -EBADF;
	if (!kvm_gmem_is_gmem_file(file) ||
	    !kvm_gmem_fits(kvm, file, offset, slot->npages << PAGE_SHIFT))
		return -EINVAL;

	/* What can be mapped holds shared memory too. */
	if (kvm_gmem_supports_mmap(file_inode(file)))
		slot->flags |= KVM_MEMSLOT_GMEM_ONLY;
	slot->gmem.pgoff = offset >> PAGE_SHIFT;
	WRITE_ONCE(slot->gmem.file, file);

	retain_and_null_ptr(file);
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
	struct gmem_file *f = file->private_data;
	pgoff_t index = slot->gmem.pgoff;
	int err;

	if (WARN_ON_ONCE(!kvm_gmem_is_gmem_file(file)))
		return -EIO;

	guard(rwsem_write)(&file->f_mapping->invalidate_lock);

	if (kvm_gmem_first_binding(f, &index, index + slot->npages))
		return -EEXIST;

	err = xa_err(kvm_gmem_store_binding(f, slot, slot));
	/* A part of the range may have been stored. */
	if (err)
		kvm_gmem_store_binding(f, slot, NULL);
	return err;
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
	struct file *file = slot->gmem.file;

	/* NULL once kvm_gmem_release() has been there. */
	if (file) {
		guard(rwsem_write)(&file->f_mapping->invalidate_lock);
		kvm_gmem_store_binding(file->private_data, slot, NULL);
		WRITE_ONCE(slot->gmem.file, NULL);
	}
}

/**
 * kvm_gmem_get_memory_attributes() - KVM_MEMORY_ATTRIBUTE_* of a guest frame, as the
 * guest_memfd behind it has them.
 *
 * Out of date as soon as it is known: mapping by it needs a look at the sequence number of
 * invalidations under mmu_lock.
 *
 * Context: SRCU read section of the VM, or slots_lock held.
 */
unsigned long kvm_gmem_get_memory_attributes(struct kvm *kvm, gfn_t gfn)
{
	struct kvm_memory_slot *slot = gfn_to_memslot(kvm, gfn);

	/* Nothing but a guest_memfd has private memory. */
	if (!slot || !kvm_slot_has_gmem(slot))
		return 0;

	CLASS(gmem_get_file, file)(slot);
	if (!file)
		return 0;

	return kvm_gmem_get_attributes(file_inode(file),
				       gfn - slot->base_gfn + slot->gmem.pgoff);
}

/* Whether slot and file agree that page @index is bound; if not, a file closed is no bug. */
static int kvm_gmem_check_binding(struct file *file, struct kvm_memory_slot *slot, pgoff_t index)
{
	struct gmem_file *f = file->private_data;
	struct file *slot_file = READ_ONCE(slot->gmem.file);

	if (slot_file != file) {
		WARN_ON_ONCE(slot_file);
		return -EFAULT;
	}

	if (xa_load(&f->bindings, index) == slot)
		return 0;
	WARN_ON_ONCE(xa_load(&f->bindings, index));
	return -EIO;
}

/* Fills in what kvm_gmem_get_pfn() reports of a locked folio; keeps the reference for @page. */
static int kvm_gmem_report_folio(struct folio *folio, pgoff_t index, kvm_pfn_t *pfn,
				 struct page **page, int *max_order)
{
	if (folio_test_hwpoison(folio))
		return -EHWPOISON;

	kvm_gmem_make_uptodate(folio);
	*page = folio_file_page(folio, index);
	*pfn = page_to_pfn(*page);
	if (max_order)
		*max_order = 0;
	return 0;
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
	int err;

	CLASS(gmem_get_file, file)(slot);
	if (!file)
		return -EFAULT;

	err = kvm_gmem_check_binding(file, slot, index);
	if (err)
		return err;

	folio = kvm_gmem_get_folio(file_inode(file), index);
	if (IS_ERR(folio))
		return PTR_ERR(folio);

	err = kvm_gmem_report_folio(folio, index, pfn, page, max_order);
	folio_unlock(folio);
	if (err)
		folio_put(folio);
	return err;
}
