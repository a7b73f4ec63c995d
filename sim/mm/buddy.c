// SPDX-License-Identifier: GPL-2.0
/*
 * Free blocks of pages and their buddies. Semantics: __free_one_page(), expand() and
 * find_buddy_page_pfn() in mm/page_alloc.c of Linux 7.3.
 */

#include <linux/list.h>
#include <linux/mm.h>

#include "buddy.h"
#include "internal.h"

#define NUMBER_SHIFT	8
#define ORDER_MASK	((1UL << NUMBER_SHIFT) - 1)

unsigned int buddy_order(const struct page *page)
{
	return page->private & ORDER_MASK;
}

unsigned int buddy_number(const struct page *page)
{
	return page->private >> NUMBER_SHIFT;
}

static unsigned long label(const struct free_lists *lists, unsigned int order)
{
	return (unsigned long)lists->number << NUMBER_SHIFT | order;
}

void buddy_init(struct free_lists *lists, unsigned int number)
{
	lists->number = number;
	lists->orders = 0;
	lists->nr_pages = 0;
	for (int order = 0; order < NR_PAGE_ORDERS; order++)
		INIT_LIST_HEAD(&lists->area[order].free_list);
}

void buddy_add(struct zone *zone, struct free_lists *lists, struct page *page,
	       unsigned int order)
{
	struct free_area *area = &lists->area[order];

	__SetPageBuddy(page);
	page->private = label(lists, order);
	list_add(&page->buddy_list, &area->free_list);
	area->nr_free++;
	lists->orders |= 1U << order;
	lists->nr_pages += 1UL << order;
	zone->nr_free += 1UL << order;
}

void buddy_remove(struct zone *zone, struct free_lists *lists, struct page *page,
		  unsigned int order)
{
	struct free_area *area = &lists->area[order];

	__list_del_entry(&page->buddy_list);
	__ClearPageBuddy(page);
	page->lru.next = NULL;
	page->lru.prev = NULL;
	page->private = 0;
	if (!--area->nr_free)
		lists->orders &= ~(1U << order);
	lists->nr_pages -= 1UL << order;
	zone->nr_free -= 1UL << order;
}

/* The other half of the next bigger block, if it is free as a whole in @lists; else NULL. */
static struct page *find_buddy(const struct zone *zone, const struct free_lists *lists,
			       unsigned long pfn, unsigned int order)
{
	unsigned long buddy_pfn = pfn ^ (1UL << order);
	struct page *buddy;

	if (buddy_pfn < zone->zone_start_pfn || buddy_pfn >= zone->zone_end_pfn)
		return NULL;
	/* The head of each free block is initialised, so this one isn't such a head. */
	if (!sim_memmap_is_ready(buddy_pfn))
		return NULL;
	buddy = sim_memmap_page(buddy_pfn);
	return PageBuddy(buddy) && buddy->private == label(lists, order) ? buddy : NULL;
}

void buddy_free(struct zone *zone, struct free_lists *lists, unsigned long pfn,
		unsigned int order)
{
	while (order < MAX_PAGE_ORDER) {
		struct page *buddy = find_buddy(zone, lists, pfn, order);

		if (!buddy)
			break;
		buddy_remove(zone, lists, buddy, order);
		pfn &= ~(1UL << order);
		order++;
	}
	buddy_add(zone, lists, pfn_to_page(pfn), order);
}

/* Halves the block at @page until it is of order @low, giving back the upper halves. */
static void expand(struct zone *zone, struct free_lists *lists, struct page *page,
		   unsigned int low, unsigned int high)
{
	unsigned long pfn = page_to_pfn(page);

	while (high > low) {
		high--;
		buddy_add(zone, lists, pfn_to_page(pfn + (1UL << high)), high);
	}
}

static struct page *first_of(const struct free_lists *lists, unsigned int order)
{
	return list_first_entry(&lists->area[order].free_list, struct page, buddy_list);
}

struct page *buddy_take(struct zone *zone, struct free_lists *lists, unsigned int order)
{
	unsigned int orders = lists->orders & ~0U << order;
	unsigned int current_order;
	struct page *page;

	if (!orders)
		return NULL;
	current_order = __builtin_ctz(orders);
	page = first_of(lists, current_order);
	buddy_remove(zone, lists, page, current_order);
	expand(zone, lists, page, order, current_order);
	return page;
}

struct page *buddy_first(const struct free_lists *lists, unsigned int *order)
{
	if (!lists->orders)
		return NULL;
	*order = 31 - __builtin_clz(lists->orders);
	return first_of(lists, *order);
}

struct page *buddy_find(unsigned long pfn)
{
	for (unsigned int order = 0; order <= MAX_PAGE_ORDER; order++) {
		unsigned long head = pfn & ~0UL << order;
		struct page *page = sim_memmap_page(head);

		if (sim_memmap_is_ready(head) && PageBuddy(page) && buddy_order(page) >= order)
			return page;
	}
	return NULL;
}
