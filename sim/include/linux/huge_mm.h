/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_HUGE_MM_H
#define _LINUX_HUGE_MM_H

/*
 * Simulated: splitting large folios of the page cache, as include/linux/huge_mm.h of
 * Linux 7.3; see mm/huge_memory.c. Left out: anonymous memory, huge page table entries.
 */

#include <linux/mm.h>

struct list_head;

enum split_type {
	SPLIT_TYPE_UNIFORM,
	SPLIT_TYPE_NON_UNIFORM,
};

int folio_check_splittable(struct folio *folio, unsigned int new_order,
			   enum split_type split_type);
unsigned int min_order_for_split(struct folio *folio);
int __split_huge_page_to_list_to_order(struct page *page, struct list_head *list,
				       unsigned int new_order);
int split_folio_to_list(struct folio *folio, struct list_head *list);
int folio_split(struct folio *folio, unsigned int new_order, struct page *split_at,
		struct list_head *list);

static inline int split_huge_page_to_order(struct page *page, unsigned int new_order)
{
	return __split_huge_page_to_list_to_order(page, NULL, new_order);
}

static inline int split_huge_page(struct page *page)
{
	return split_huge_page_to_order(page, 0);
}

static inline int split_folio_to_order(struct folio *folio, int new_order)
{
	return split_huge_page_to_order(&folio->page, new_order);
}

#define split_folio(folio)	split_folio_to_list(folio, NULL)

#endif /* _LINUX_HUGE_MM_H */
