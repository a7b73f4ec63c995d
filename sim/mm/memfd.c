// SPDX-License-Identifier: GPL-2.0
/*
 * memfd_create(2) and seals. Semantics: mm/memfd.c of Linux 7.3.
 *
 * Left out: vm.memfd_noexec, which has its default: a memfd is executable unless its creator
 * says otherwise. Waiting for somebody else's references to folios, as F_SEAL_WRITE does, is
 * giving way a few times, as time stands still.
 */

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/limits.h>
#include <linux/memfd.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/uaccess.h>
#include <linux/xarray.h>
#include <uapi/linux/memfd.h>

#include "../fs/read_write.h"
#include "internal.h"

#define F_ALL_SEALS	(F_SEAL_SEAL | F_SEAL_EXEC | F_SEAL_SHRINK | F_SEAL_GROW | \
			 F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)
/* Executable and sealed against that: never to be written again. */
#define F_EXEC_SEALS	(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)
#define MFD_ALL_FLAGS	(MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB | MFD_NOEXEC_SEAL | \
			 MFD_EXEC)

#define MFD_NAME_PREFIX		"memfd:"
#define MFD_NAME_PREFIX_LEN	(sizeof(MFD_NAME_PREFIX) - 1)
#define MFD_NAME_MAX_LEN	(NAME_MAX - MFD_NAME_PREFIX_LEN)

/* So often folios are looked at before they are taken to be pinned. */
#define SCANS	5

/** memfd_alloc_folio() - a folio for a hole at @idx, with a reference, up to date. */
struct folio *memfd_alloc_folio(struct file *memfd, pgoff_t idx)
{
	sim_check(!is_file_hugepages(memfd), "folios of hugetlbfs aren't modelled");
	return shmem_read_folio(memfd->f_mapping, idx);
}

/* References that are neither the page cache's nor a page table's. */
static bool memfd_folio_has_extra_refs(struct folio *folio)
{
	int expected = folio_nr_pages(folio) + folio_test_private(folio) +
		       folio_mapcount(folio);

	return folio_ref_count(folio) != expected;
}

static bool memfd_has_pins(struct address_space *mapping)
{
	XA_STATE(xas, &mapping->i_pages, 0);
	struct folio *folio;
	bool pinned = false;

	xas_lock_irq(&xas);
	xas_for_each(&xas, folio, ULONG_MAX)
		if (!xa_is_value(folio) && memfd_folio_has_extra_refs(folio)) {
			pinned = true;
			break;
		}
	xas_unlock_irq(&xas);
	return pinned;
}

/* Nobody gets new references for writing; those that exist may still be used. */
static int memfd_wait_for_pins(struct address_space *mapping)
{
	lru_add_drain_all();
	for (int scan = 0; scan < SCANS; scan++) {
		if (!memfd_has_pins(mapping))
			return 0;
		cond_resched();
	}
	return -EBUSY;
}

static unsigned int *memfd_file_seals_ptr(struct file *file)
{
	if (shmem_file(file))
		return &SHMEM_I(file_inode(file))->seals;
	if (is_file_hugepages(file))
		return &HUGETLBFS_I(file_inode(file))->seals;
	return NULL;
}

/* With the inode locked. */
static int memfd_add_seals_locked(struct file *file, unsigned int *file_seals,
				  unsigned int seals)
{
	int err;

	if (*file_seals & F_SEAL_SEAL)
		return -EPERM;
	if (shmem_file(file) && SHMEM_I(file_inode(file))->flags & SHMEM_F_STATE_FROZEN)
		return -EPERM;
	if (seals & F_SEAL_EXEC && file_inode(file)->i_mode & 0111)
		seals |= F_EXEC_SEALS;

	if (seals & F_SEAL_WRITE && !(*file_seals & F_SEAL_WRITE)) {
		err = mapping_deny_writable(file->f_mapping);
		if (err)
			return err;
		err = memfd_wait_for_pins(file->f_mapping);
		if (err) {
			mapping_allow_writable(file->f_mapping);
			return err;
		}
	}
	*file_seals |= seals;
	return 0;
}

/**
 * memfd_add_seals() - forbid something for good.
 * @seals: F_SEAL_*
 *
 * Return: 0; -EPERM not open for writing, or sealed against seals (also, other than in 7.3,
 * on its way to the next kernel); -EINVAL unknown seals, or no memfd; -EBUSY for
 * F_SEAL_WRITE while somebody can still write, through a mapping or a pinned folio.
 */
int memfd_add_seals(struct file *file, unsigned int seals)
{
	struct inode *inode = file_inode(file);
	unsigned int *file_seals;
	int err = -EINVAL;

	if (!(file->f_mode & FMODE_WRITE))
		return -EPERM;
	if (seals & ~(unsigned int)F_ALL_SEALS)
		return -EINVAL;

	inode_lock(inode);
	file_seals = memfd_file_seals_ptr(file);
	if (file_seals)
		err = memfd_add_seals_locked(file, file_seals, seals);
	inode_unlock(inode);
	return err;
}

/** memfd_get_seals() - F_SEAL_*, or -EINVAL if it can't have any. */
int memfd_get_seals(struct file *file)
{
	unsigned int *seals = memfd_file_seals_ptr(file);

	return seals ? *seals : -EINVAL;
}

/** memfd_fcntl() - F_ADD_SEALS and F_GET_SEALS. */
long memfd_fcntl(struct file *file, unsigned int cmd, unsigned int arg)
{
	switch (cmd) {
	case F_ADD_SEALS:
		return memfd_add_seals(file, arg);
	case F_GET_SEALS:
		return memfd_get_seals(file);
	default:
		return -EINVAL;
	}
}

/**
 * memfd_check_seals_mmap() - a mapping is made.
 * @vm_flags_ptr: what it may do; loses what it may not become later
 *
 * Return: 0; -EPERM if it could write to a file that is sealed.
 */
int memfd_check_seals_mmap(struct file *file, vm_flags_t *vm_flags_ptr)
{
	unsigned int *seals = memfd_file_seals_ptr(file);

	if (!seals || !(*seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) ||
	    !(*vm_flags_ptr & VM_SHARED))
		return 0;
	if (*vm_flags_ptr & VM_WRITE)
		return -EPERM;
	*vm_flags_ptr &= ~VM_MAYWRITE;
	return 0;
}

static int sanitize_flags(unsigned int *flags)
{
	unsigned int allowed = MFD_ALL_FLAGS;

	if (*flags & MFD_HUGETLB)
		allowed |= (unsigned int)MFD_HUGE_MASK << MFD_HUGE_SHIFT;
	if (*flags & ~allowed)
		return -EINVAL;
	if (*flags & MFD_EXEC && *flags & MFD_NOEXEC_SEAL)
		return -EINVAL;
	if (!(*flags & (MFD_EXEC | MFD_NOEXEC_SEAL)))
		*flags |= MFD_EXEC;
	return 0;
}

/* To be freed; -EFAULT, -EINVAL too long, -ENOMEM. */
static char *alloc_name(const char __user *uname)
{
	char *name = kmalloc(NAME_MAX + 1, GFP_KERNEL);
	long len;

	if (!name)
		return ERR_PTR(-ENOMEM);
	memcpy(name, MFD_NAME_PREFIX, MFD_NAME_PREFIX_LEN);
	len = strncpy_from_user(name + MFD_NAME_PREFIX_LEN, uname, MFD_NAME_MAX_LEN + 1);
	if (len >= 0 && len <= (long)MFD_NAME_MAX_LEN)
		return name;
	kfree(name);
	return ERR_PTR(len < 0 ? -EFAULT : -EINVAL);
}

/**
 * memfd_alloc_file() - a memfd without a descriptor.
 * @flags: MFD_*
 *
 * Return: the file, with size 0; or an ERR_PTR: -ENODEV no such huge pages, -ENOSPC, -ENOMEM.
 */
struct file *memfd_alloc_file(const char *name, unsigned int flags)
{
	struct file *file;
	struct inode *inode;
	unsigned int *seals;

	if (flags & MFD_HUGETLB)
		file = hugetlb_file_setup(name, 0, VM_NORESERVE, HUGETLB_ANONHUGE_INODE,
					  flags >> MFD_HUGE_SHIFT & MFD_HUGE_MASK);
	else
		file = shmem_file_setup(name, 0, VM_NORESERVE);
	if (IS_ERR(file))
		return file;

	inode = file_inode(file);
	seals = memfd_file_seals_ptr(file);
	file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
	file->f_flags |= O_LARGEFILE;
	if (flags & MFD_NOEXEC_SEAL) {
		inode->i_mode &= ~0111;
		*seals = (*seals & ~F_SEAL_SEAL) | F_SEAL_EXEC;
	} else if (flags & MFD_ALLOW_SEALING) {
		*seals &= ~F_SEAL_SEAL;
	}
	return file;
}

/** ksys_memfd_create() - the system call. Return: a descriptor, or a negative errno. */
long ksys_memfd_create(const char __user *uname, unsigned int flags)
{
	struct file *file;
	char *name;
	int err, fd;

	err = sanitize_flags(&flags);
	if (err)
		return err;
	name = alloc_name(uname);
	if (IS_ERR(name))
		return PTR_ERR(name);

	fd = get_unused_fd_flags(flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
	if (fd < 0)
		goto out_free;
	file = memfd_alloc_file(name, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		fd = PTR_ERR(file);
		goto out_free;
	}
	fd_install(fd, file);

out_free:
	kfree(name);
	return fd;
}
