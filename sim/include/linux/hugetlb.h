/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_HUGETLB_H
#define _LINUX_HUGETLB_H

/* Stub: there is no hugetlbfs, so nothing is a hugetlb folio, file or mapping. */

#include <linux/mm.h>

struct file;

static inline bool folio_test_hugetlb(const struct folio *folio)
{
	return false;
}

static inline bool is_file_hugepages(const struct file *file)
{
	return false;
}

static inline bool is_vm_hugetlb_page(const struct vm_area_struct *vma)
{
	return false;
}

#endif /* _LINUX_HUGETLB_H */
