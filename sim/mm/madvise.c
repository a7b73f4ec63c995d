// SPDX-License-Identifier: GPL-2.0
/*
 * Advice about mappings. Semantics: mm/madvise.c of Linux 7.3. Advice that only concerns
 * speed is taken and ignored.
 */

#include <linux/errno.h>
#include <linux/falloc.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>

#include "internal.h"

/* Unmapped parts of the range are skipped, and reported at the end like in the kernel. */
static int madvise_dontneed(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma;
	int err = 0;

	mmap_read_lock(mm);
	while (start < end) {
		vma = find_vma(mm, start);
		if (!vma || vma->vm_start >= end) {
			err = -ENOMEM;
			break;
		}
		if (vma->vm_start > start) {
			err = -ENOMEM;
			start = vma->vm_start;
		}
		sim_zap_range(vma, start, min(end, vma->vm_end));
		start = vma->vm_end;
	}
	mmap_read_unlock(mm);
	return err;
}

/* Punches a hole into the file that is mapped there. */
static int madvise_remove(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma;
	struct file *file;
	loff_t offset;
	int err;

	mmap_read_lock(mm);
	vma = vma_lookup(mm, start);
	if (!vma || vma->vm_end < end) {
		mmap_read_unlock(mm);
		return -ENOMEM;
	}
	if ((vma->vm_flags & (VM_SHARED | VM_WRITE)) != (VM_SHARED | VM_WRITE)) {
		mmap_read_unlock(mm);
		return -EACCES;
	}
	offset = (loff_t)(start - vma->vm_start) + ((loff_t)vma->vm_pgoff << PAGE_SHIFT);
	file = get_file(vma->vm_file);
	mmap_read_unlock(mm);
	err = vfs_fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, end - start);
	fput(file);
	return err;
}

static int madvise_populate(unsigned long start, unsigned long end, bool write)
{
	for (; start < end; start += PAGE_SIZE)
		if (sim_fault_in(start, write, false))
			return -EFAULT;
	return 0;
}

/* A task of the caller's asks to lose a page; the signal it would get isn't modelled. */
static int madvise_inject_error(unsigned long start, unsigned long end, int behavior)
{
	for (; start < end; start += PAGE_SIZE) {
		struct page *page;
		int err = get_user_pages_fast(start, 1, 0, &page);

		if (err < 0)
			return err;
		if (behavior == MADV_SOFT_OFFLINE)
			err = soft_offline_page(page_to_pfn(page), MF_COUNT_INCREASED);
		else
			err = memory_failure(page_to_pfn(page), MF_ACTION_REQUIRED |
					     MF_COUNT_INCREASED | MF_SW_SIMULATED);
		if (err && err != -EOPNOTSUPP)
			return err;
	}
	return 0;
}

/** do_madvise() - 0 or a negative errno; -EINVAL for advice that isn't known. */
int do_madvise(struct mm_struct *mm, unsigned long start, size_t len_in, int behavior)
{
	unsigned long len = PAGE_ALIGN(len_in), end = start + len;

	switch (behavior) {
	case MADV_NORMAL ... MADV_DONTNEED:
	case MADV_REMOVE:
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
	case MADV_HWPOISON:
	case MADV_SOFT_OFFLINE:
		break;
	default:
		return -EINVAL;
	}
	if (offset_in_page(start) || (len_in && !len) || end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	switch (behavior) {
	case MADV_DONTNEED:
		return madvise_dontneed(mm, start, end);
	case MADV_REMOVE:
		return madvise_remove(mm, start, end);
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		return madvise_populate(start, end, behavior == MADV_POPULATE_WRITE);
	case MADV_HWPOISON:
	case MADV_SOFT_OFFLINE:
		return madvise_inject_error(start, end, behavior);
	}
	return 0;
}
