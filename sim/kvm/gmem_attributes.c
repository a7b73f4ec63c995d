// SPDX-License-Identifier: GPL-2.0

/*
 * Memory attributes of a guest_memfd: which of its pages are private, and conversions.
 *
 * In Linux 7.3 GUEST_MEMFD_FLAG_INIT_SHARED decides it once for all pages. What is here
 * beyond that follows the series "guest_memfd: In-place conversion support" as posted in
 * 2026 (virt/kvm/guest_memfd.c there): with kvm.vm_memory_attributes=0 a guest_memfd has
 * attributes of its own, which the flag only initialises. docs/kvm-model.md says what was
 * taken over and what was assumed.
 *
 * Attributes are written with the mapping's invalidate lock held exclusively. Host faults
 * read them with it held shared; guest faults read them without and rely on the sequence
 * number of invalidations.
 */

#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

#include "gmem_internal.h"

bool vm_memory_attributes = true;

static int __init kvm_set_vm_memory_attributes(char *value)
{
	return kstrtobool(value, &vm_memory_attributes);
}
__setup("kvm.vm_memory_attributes", kvm_set_vm_memory_attributes);

static u64 kvm_gmem_initial_attributes(struct inode *inode)
{
	return GMEM_I(inode)->flags & GUEST_MEMFD_FLAG_INIT_SHARED ?
	       0 : KVM_MEMORY_ATTRIBUTE_PRIVATE;
}

/**
 * kvm_gmem_get_attributes() - KVM_MEMORY_ATTRIBUTE_* of page @index.
 *
 * Context: invalidate lock held at least shared, or the answer may be out of date.
 */
u64 kvm_gmem_get_attributes(struct inode *inode, pgoff_t index)
{
	void *entry = vm_memory_attributes ? NULL : xa_load(kvm_gmem_attributes(inode), index);

	return entry ? xa_to_value(entry) : kvm_gmem_initial_attributes(inode);
}

/**
 * kvm_gmem_can_be_shared() - whether there is or can be shared memory in a guest_memfd.
 *
 * Where pages can't be converted it is decided when the file is created.
 */
bool kvm_gmem_can_be_shared(struct inode *inode)
{
	return !vm_memory_attributes || !kvm_gmem_initial_attributes(inode);
}

/** kvm_gmem_range_has_attributes() - whether all pages from @start to @end - 1 have @attrs. */
bool kvm_gmem_range_has_attributes(struct inode *inode, pgoff_t start, pgoff_t end, u64 attrs)
{
	bool initial = kvm_gmem_initial_attributes(inode) == attrs;
	pgoff_t index = start;

	/* There is one answer for all pages. */
	if (vm_memory_attributes)
		return initial;

	/* What is stored differs from the beginning, and there are but two states. */
	if (initial)
		return !xa_find(kvm_gmem_attributes(inode), &index, end - 1, XA_PRESENT);

	for (index = start; index < end; index++) {
		if (!xa_load(kvm_gmem_attributes(inode), index))
			return false;
		cond_resched();
	}

	return true;
}

/*
 * Only what differs from the beginning is stored. To erase needs no memory; to store does,
 * unless it is reserved.
 */
static int kvm_gmem_reserve_attributes(struct inode *inode, pgoff_t start, pgoff_t end)
{
	struct xarray *attributes = kvm_gmem_attributes(inode);
	pgoff_t index;
	int r = 0;

	for (index = start; !r && index < end; index++) {
		r = xa_reserve(attributes, index, GFP_KERNEL);
		cond_resched();
	}
	if (r)
		for (index = start; index < end; index++)
			xa_release(attributes, index);

	return r;
}

static void kvm_gmem_store_attributes(struct inode *inode, pgoff_t start, pgoff_t end, u64 attrs)
{
	struct xarray *attributes = kvm_gmem_attributes(inode);
	bool initial = attrs == kvm_gmem_initial_attributes(inode);
	pgoff_t index;

	for (index = start; index < end; index++) {
		if (initial)
			xa_erase(attributes, index);
		else
			WARN_ON_ONCE(xa_err(xa_store(attributes, index, xa_mk_value(attrs),
						     GFP_KERNEL)));
		cond_resched();
	}
}

/*
 * Whether nobody but the mapping refers to the pages; else *@busy is the first in use.
 * They are not mapped, and who wants to map them waits for the invalidate lock: a page
 * found free of users stays so.
 */
static bool kvm_gmem_is_safe_for_conversion(struct inode *inode, pgoff_t start, pgoff_t end,
					    pgoff_t *busy)
{
	struct folio_batch fbatch;
	bool safe = true;
	unsigned int i;

	folio_batch_init(&fbatch);
	while (safe && filemap_get_folios(inode->i_mapping, &start, end - 1, &fbatch)) {
		for (i = 0; safe && i < folio_batch_count(&fbatch); i++) {
			struct folio *folio = fbatch.folios[i];

			/* One reference is the batch's. */
			safe = folio_ref_count(folio) == folio_nr_pages(folio) + 1;
			if (!safe)
				*busy = folio->index;
		}
		folio_batch_release(&fbatch);
		cond_resched();
	}

	return safe;
}

static __always_inline void kvm_gmem_converted(struct inode *inode)
{
	sim_host->event(&(struct host_event){
		.type = HOST_EVENT_CONVERTED, .value = (unsigned long)inode,
		.file = __FILE__, .line = __LINE__,
		.ip = __builtin_return_address(0), .frame = __builtin_frame_address(0),
	});
}

/* Context: invalidate lock held exclusively; the range does not have @attrs already. */
static int kvm_gmem_convert_locked(struct inode *inode, pgoff_t start, pgoff_t end, u64 attrs,
				   pgoff_t *error_index)
{
	int r = 0;

	if (attrs != kvm_gmem_initial_attributes(inode))
		r = kvm_gmem_reserve_attributes(inode, start, end);
	if (r)
		return r;

	if (attrs & KVM_MEMORY_ATTRIBUTE_PRIVATE) {
		unmap_mapping_pages(inode->i_mapping, start, end - start, false);
		if (!kvm_gmem_is_safe_for_conversion(inode, start, end, error_index)) {
			for (; start < end; start++)
				xa_release(kvm_gmem_attributes(inode), start);
			return -EAGAIN;
		}
	}

	kvm_gmem_invalidate_start(inode, start, end);
	kvm_gmem_store_attributes(inode, start, end, attrs);
	kvm_gmem_invalidate_end(inode, start, end);
	kvm_gmem_converted(inode);
	return 0;
}

static int kvm_gmem_convert(struct inode *inode, pgoff_t start, pgoff_t end, u64 attrs,
			    pgoff_t *error_index)
{
	guard(rwsem_write)(&inode->i_mapping->invalidate_lock);

	*error_index = start;
	if (GMEM_I(inode)->frozen)
		return -EPERM;

	if (kvm_gmem_range_has_attributes(inode, start, end, attrs))
		return 0;

	return kvm_gmem_convert_locked(inode, start, end, attrs, error_index);
}

static bool kvm_gmem_range_is_valid(struct inode *inode, u64 offset, u64 size)
{
	return size && PAGE_ALIGNED(offset) && PAGE_ALIGNED(size) && offset + size >= offset &&
	       offset + size <= i_size_read(inode);
}

static bool kvm_gmem_conversion_is_valid(struct file *file,
					 const struct kvm_memory_attributes2 *attrs)
{
	struct gmem_file *f = file->private_data;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attrs->reserved); i++)
		if (attrs->reserved[i])
			return false;

	return !attrs->flags && !attrs->error_offset &&
	       !(attrs->attributes & ~kvm_gmem_supported_attributes(f->kvm)) &&
	       kvm_gmem_range_is_valid(file_inode(file), attrs->offset, attrs->size);
}

static long kvm_gmem_set_attributes(struct file *file, void __user *argp)
{
	struct kvm_memory_attributes2 attrs;
	pgoff_t error_index;
	int r;

	if (copy_from_user(&attrs, argp, sizeof(attrs)))
		return -EFAULT;

	if (!kvm_gmem_conversion_is_valid(file, &attrs))
		return -EINVAL;

	r = kvm_gmem_convert(file_inode(file), attrs.offset >> PAGE_SHIFT,
			     (attrs.offset + attrs.size) >> PAGE_SHIFT, attrs.attributes,
			     &error_index);
	if (r) {
		attrs.error_offset = (u64)error_index << PAGE_SHIFT;
		if (copy_to_user(argp, &attrs, sizeof(attrs)))
			return -EFAULT;
	}

	return r;
}

/**
 * kvm_gmem_ioctl() - KVM_SET_MEMORY_ATTRIBUTES2: convert a range of the file.
 *
 * To make memory private it is unmapped from the host, and must not be in use by anybody
 * else. Contents stay.
 *
 * Return: 0; -ENOTTY if attributes are the VM's; -EINVAL for a malformed range, something
 * undefined that isn't zero, or an attribute that the VM has not; -EPERM if the file is
 * frozen; -EAGAIN if a page is in use, whose offset is then in error_offset; -ENOMEM;
 * -EFAULT.
 */
long kvm_gmem_ioctl(struct file *file, unsigned int ioctl, unsigned long arg)
{
	if (ioctl != KVM_SET_MEMORY_ATTRIBUTES2 || vm_memory_attributes)
		return -ENOTTY;

	return kvm_gmem_set_attributes(file, (void __user *)arg);
}

/**
 * kvm_gmem_private_page() - for checkers: whether page @index is private.
 * @inode: of any file
 *
 * Takes no lock and is no scheduling point of its own: nothing else runs meanwhile.
 *
 * Return: 1 or 0; -1 if the file is no guest_memfd.
 */
int kvm_gmem_private_page(void *inode, host_u64 index)
{
	struct inode *it = inode;

	if (it->i_op != &kvm_gmem_iops)
		return -1;

	return !!(kvm_gmem_get_attributes(it, index) & KVM_MEMORY_ATTRIBUTE_PRIVATE);
}
