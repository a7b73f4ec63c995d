// SPDX-License-Identifier: GPL-2.0
/*
 * Mappings of processes. Semantics: mm/mmap.c and mm/vma.c of Linux 7.3, for mappings of
 * files. Addresses are given out from SIM_MMAP_BASE upwards, lowest first.
 */

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/memfd.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "internal.h"

#define MAX_MAP_COUNT	65530
#define MAP_KNOWN	(MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE | MAP_POPULATE | \
			 MAP_FIXED_NOREPLACE)

static unsigned long vmas_nr;

/** find_vma() - the first mapping that ends after @addr; mmap_lock is held. */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;

	list_for_each_entry(vma, &mm->vmas, vm_list)
		if (addr < vma->vm_end)
			return vma;
	return NULL;
}

/** vma_lookup() - the mapping at @addr, or NULL. */
struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	return vma && vma->vm_start <= addr ? vma : NULL;
}

static void link_vma(struct vm_area_struct *vma)
{
	struct address_space *mapping = vma->vm_file->f_mapping;
	struct mm_struct *mm = vma->vm_mm;
	struct vm_area_struct *next = find_vma(mm, vma->vm_start);

	list_add_tail(&vma->vm_list, next ? &next->vm_list : &mm->vmas);
	mm->map_count++;
	i_mmap_lock_write(mapping);
	list_add_tail(&vma->i_mmap_node, &mapping->i_mmap);
	i_mmap_unlock_write(mapping);
}

static void unlink_vma(struct vm_area_struct *vma)
{
	struct address_space *mapping = vma->vm_file->f_mapping;

	i_mmap_lock_write(mapping);
	list_del(&vma->i_mmap_node);
	i_mmap_unlock_write(mapping);
	list_del(&vma->vm_list);
	vma->vm_mm->map_count--;
}

static struct vm_area_struct *vma_alloc(struct mm_struct *mm)
{
	struct vm_area_struct *vma = kzalloc_obj(*vma);

	if (!vma)
		return NULL;
	vma->vm_mm = mm;
	__atomic_fetch_add(&vmas_nr, 1, __ATOMIC_RELAXED);
	return vma;
}

static void vma_free(struct vm_area_struct *vma)
{
	__atomic_fetch_sub(&vmas_nr, 1, __ATOMIC_RELAXED);
	kfree(vma);
}

static bool is_shared_maywrite(vm_flags_t vm_flags)
{
	return (vm_flags & (VM_SHARED | VM_MAYWRITE)) == (VM_SHARED | VM_MAYWRITE);
}

static void unmap_writable(struct vm_area_struct *vma)
{
	if (is_shared_maywrite(vma->vm_flags))
		mapping_unmap_writable(vma->vm_file->f_mapping);
}

static void remove_vma(struct vm_area_struct *vma)
{
	unlink_vma(vma);
	sim_zap_range(vma, vma->vm_start, vma->vm_end);
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	unmap_writable(vma);
	fput(vma->vm_file);
	vma_free(vma);
}

/* Cuts a mapping in two at @addr, which is inside of it. */
static int split_vma(struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *new;

	if (vma->vm_mm->map_count >= MAX_MAP_COUNT)
		return -ENOMEM;
	if (vma->vm_ops && vma->vm_ops->may_split) {
		int err = vma->vm_ops->may_split(vma, addr);

		if (err)
			return err;
	}
	new = vma_alloc(vma->vm_mm);
	if (!new)
		return -ENOMEM;
	*new = *vma;
	new->vm_start = addr;
	new->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	get_file(new->vm_file);
	/* The mapping that is cut has one, so it is not denied. */
	if (is_shared_maywrite(new->vm_flags))
		mapping_map_writable(new->vm_file->f_mapping);
	if (new->vm_ops && new->vm_ops->open)
		new->vm_ops->open(new);
	vma->vm_end = addr;
	link_vma(new);
	return 0;
}

static int do_munmap(struct mm_struct *mm, unsigned long start, size_t len)
{
	struct vm_area_struct *vma;
	unsigned long end;
	int err;

	if (offset_in_page(start) || start > TASK_SIZE || len > TASK_SIZE - start)
		return -EINVAL;
	end = start + PAGE_ALIGN(len);
	if (end == start)
		return -EINVAL;
	for (;;) {
		vma = find_vma(mm, start);
		if (!vma || vma->vm_start >= end)
			return 0;
		if (vma->vm_start < start) {
			err = split_vma(vma, start);
			if (err)
				return err;
			continue;
		}
		if (vma->vm_end > end) {
			err = split_vma(vma, end);
			if (err)
				return err;
		}
		remove_vma(vma);
	}
}

/** vm_munmap() - unmap a range of the current process; 0 if nothing was there. */
int vm_munmap(unsigned long start, size_t len)
{
	struct mm_struct *mm = current->mm;
	int err;

	mmap_write_lock(mm);
	err = do_munmap(mm, start, len);
	mmap_write_unlock(mm);
	return err;
}

static unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr,
				       unsigned long len, unsigned long flags)
{
	struct vm_area_struct *vma;

	if (len > TASK_SIZE)
		return -ENOMEM;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (addr > TASK_SIZE - len)
			return -ENOMEM;
		return offset_in_page(addr) ? -EINVAL : addr;
	}
	addr = SIM_MMAP_BASE;
	list_for_each_entry(vma, &mm->vmas, vm_list) {
		if (addr + len <= vma->vm_start)
			break;
		addr = max(addr, vma->vm_end);
	}
	return addr + len <= TASK_SIZE ? addr : -ENOMEM;
}

/* What a mapping of @file may do; 0 or a negative errno. The order is do_mmap()'s. */
static int file_vm_flags(struct file *file, unsigned long prot, unsigned long flags,
			 vm_flags_t *vm_flags)
{
	*vm_flags = (prot & (PROT_READ | PROT_WRITE | PROT_EXEC)) | VM_MAYREAD | VM_MAYWRITE |
		    VM_MAYEXEC;
	switch (flags & MAP_TYPE) {
	case MAP_SHARED_VALIDATE:
		if (flags & ~(unsigned long)MAP_KNOWN)
			return -EOPNOTSUPP;
		fallthrough;
	case MAP_SHARED:
		if (prot & PROT_WRITE && !(file->f_mode & FMODE_WRITE))
			return -EACCES;
		*vm_flags |= VM_SHARED | VM_MAYSHARE;
		if (!(file->f_mode & FMODE_WRITE))
			*vm_flags &= ~(VM_MAYWRITE | VM_SHARED);
		fallthrough;
	case MAP_PRIVATE:
		if (!(file->f_mode & FMODE_READ))
			return -EACCES;
		return can_mmap_file(file) ? 0 : -ENODEV;
	default:
		return -EINVAL;
	}
}

static int mmap_region(struct mm_struct *mm, struct file *file, unsigned long addr,
		       unsigned long len, vm_flags_t vm_flags, unsigned long pgoff)
{
	struct vm_area_struct *vma;
	int err;

	err = do_munmap(mm, addr, len);
	if (err)
		return err;
	vma = vma_alloc(mm);
	if (!vma)
		return -ENOMEM;
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags;
	vma->vm_pgoff = pgoff;
	vma->vm_file = get_file(file);
	if (is_shared_maywrite(vm_flags)) {
		err = mapping_map_writable(file->f_mapping);
		if (err)
			goto err_free;
	}
	err = vfs_mmap(file, vma);
	if (err)
		goto err_writable;
	link_vma(vma);
	return 0;

err_writable:
	unmap_writable(vma);
err_free:
	fput(vma->vm_file);
	vma_free(vma);
	return err;
}

/* The mmap_lock is held for writing. Return: the address, or a negative errno. */
static unsigned long do_mmap(struct mm_struct *mm, struct file *file, unsigned long addr,
			     unsigned long len, unsigned long prot, unsigned long flags,
			     unsigned long pgoff)
{
	vm_flags_t vm_flags;
	int err;

	if (!len)
		return -EINVAL;
	len = PAGE_ALIGN(len);
	if (!len)
		return -ENOMEM;
	if (pgoff + (len >> PAGE_SHIFT) < pgoff)
		return -EOVERFLOW;
	if (mm->map_count > MAX_MAP_COUNT)
		return -ENOMEM;
	addr = get_unmapped_area(mm, addr, len, flags);
	if (IS_ERR_VALUE(addr))
		return addr;
	if (flags & MAP_FIXED_NOREPLACE) {
		struct vm_area_struct *vma = find_vma(mm, addr);

		if (vma && vma->vm_start < addr + len)
			return -EEXIST;
	}
	err = file_vm_flags(file, prot, flags, &vm_flags);
	if (!err)
		err = memfd_check_seals_mmap(file, &vm_flags);
	if (!err)
		err = mmap_region(mm, file, addr, len, vm_flags, pgoff);
	return err ? err : addr;
}

/* Faults a range in, as far as that works. */
static void mm_populate(struct mm_struct *mm, unsigned long addr, unsigned long len)
{
	struct vm_area_struct *vma;
	bool write;

	mmap_read_lock(mm);
	vma = vma_lookup(mm, addr);
	write = vma && (vma->vm_flags & (VM_WRITE | VM_SHARED)) == (VM_WRITE | VM_SHARED);
	mmap_read_unlock(mm);
	for (unsigned long end = addr + PAGE_ALIGN(len); addr < end; addr += PAGE_SIZE)
		if (sim_fault_in(addr, write, true))
			return;
}

/** vm_mmap_pgoff() - map a file into the current process. */
unsigned long vm_mmap_pgoff(struct file *file, unsigned long addr, unsigned long len,
			    unsigned long prot, unsigned long flag, unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	unsigned long ret;

	mmap_write_lock(mm);
	ret = do_mmap(mm, file, addr, len, prot, flag, pgoff);
	mmap_write_unlock(mm);
	if (!IS_ERR_VALUE(ret) && flag & MAP_POPULATE)
		mm_populate(mm, ret, len);
	return ret;
}

unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len,
		      unsigned long prot, unsigned long flag, unsigned long offset)
{
	if (offset + PAGE_ALIGN(len) < offset || offset_in_page(offset))
		return -EINVAL;
	return vm_mmap_pgoff(file, addr, len, prot, flag, offset >> PAGE_SHIFT);
}

/** ksys_mmap_pgoff() - the system call, with the offset in pages. */
unsigned long ksys_mmap_pgoff(unsigned long addr, unsigned long len, unsigned long prot,
			      unsigned long flags, unsigned long fd, unsigned long pgoff)
{
	unsigned long ret;
	struct file *file;

	sim_check(!(flags & MAP_ANONYMOUS), "anonymous memory isn't modelled");
	file = fget(fd);
	if (!file)
		return -EBADF;
	ret = vm_mmap_pgoff(file, addr, len, prot, flags, pgoff);
	fput(file);
	return ret;
}

/** mm_create() - memory of a new process; NULL if there is none. */
struct mm_struct *mm_create(void)
{
	struct mm_struct *mm = kzalloc_obj(*mm);

	if (!mm)
		return NULL;
	atomic_set(&mm->mm_count, 1);
	init_rwsem(&mm->mmap_lock);
	INIT_LIST_HEAD(&mm->vmas);
	xa_init(&mm->page_table);
	return mm;
}

/** mm_exit() - the process ends: its mappings go, in ascending order. */
void mm_exit(struct mm_struct *mm)
{
	struct vm_area_struct *vma, *next;

	if (!mm)
		return;
	mmap_write_lock(mm);
	list_for_each_entry_safe(vma, next, &mm->vmas, vm_list)
		remove_vma(vma);
	mmap_write_unlock(mm);
	WARN_ON(!xa_empty(&mm->page_table));
	xa_destroy(&mm->page_table);
	mmdrop(mm);
}

/** mmgrab() - keep the struct, by which a process is known, not the memory. */
void mmgrab(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_count);
}

/** mmdrop() - undo mmgrab(). */
void mmdrop(struct mm_struct *mm)
{
	if (atomic_dec_and_test(&mm->mm_count))
		kfree(mm);
}

unsigned long sim_vmas(void)
{
	return vmas_nr;
}
