/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_HUGETLB_H
#define _LINUX_HUGETLB_H

/*
 * Simulated: files of huge pages, as include/linux/hugetlb.h of Linux 7.3, on a machine that
 * has set no huge pages aside: a memfd of that kind can be created, sealed and offered to
 * live update, and has no contents. No folio and no mapping is of that kind.
 */

#include <linux/fs.h>
#include <linux/mm.h>

/* Who asks for the file. */
enum {
	HUGETLB_SHMFS_INODE	= 1,
	HUGETLB_ANONHUGE_INODE	= 2,
};

/** struct hugetlbfs_inode_info - a file of huge pages. */
struct hugetlbfs_inode_info {
	struct inode vfs_inode;
	unsigned int seals;
};

static inline struct hugetlbfs_inode_info *HUGETLBFS_I(struct inode *inode)
{
	return container_of(inode, struct hugetlbfs_inode_info, vfs_inode);
}

extern const struct file_operations hugetlbfs_file_operations;

struct file *hugetlb_file_setup(const char *name, size_t size, vm_flags_t acctflag,
				int creat_flags, int page_size_log);

static inline bool is_file_hugepages(const struct file *file)
{
	return file->f_op == &hugetlbfs_file_operations;
}

static inline bool folio_test_hugetlb(const struct folio *folio)
{
	return false;
}

static inline bool is_vm_hugetlb_page(const struct vm_area_struct *vma)
{
	return false;
}

#endif /* _LINUX_HUGETLB_H */
