/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __MM_BUDDY_H
#define __MM_BUDDY_H

/*
 * Simulated: lists of free blocks, and splitting and merging blocks, for page_alloc.c.
 *
 * A block is free as a part of some lists, which have a number: a buddy is merged with if it is
 * free in the same lists. The number and the order are in the page's @private.
 */

#include <linux/mmzone.h>

struct page;

void buddy_init(struct free_lists *lists, unsigned int number);
/** buddy_free() - 2^@order pages at @pfn become free. */
void buddy_free(struct zone *zone, struct free_lists *lists, unsigned long pfn,
		unsigned int order);
/** buddy_take() - the first page of a block of 2^@order pages, NULL if none is in @lists. */
struct page *buddy_take(struct zone *zone, struct free_lists *lists, unsigned int order);
/** buddy_first() - a free block of the highest order there is, and its order; NULL if none. */
struct page *buddy_first(const struct free_lists *lists, unsigned int *order);
/** buddy_remove() - the free block at @page, of @order, leaves @lists. */
void buddy_remove(struct zone *zone, struct free_lists *lists, struct page *page,
		  unsigned int order);
/** buddy_add() - the block comes to @lists, and is not merged with others. */
void buddy_add(struct zone *zone, struct free_lists *lists, struct page *page,
	       unsigned int order);
/** buddy_find() - the free block that has the page @pfn in it, NULL if it isn't free. */
struct page *buddy_find(unsigned long pfn);
/** buddy_order() - of a free block. */
unsigned int buddy_order(const struct page *page);
/** buddy_number() - of the lists that a free block is in. */
unsigned int buddy_number(const struct page *page);

#endif /* __MM_BUDDY_H */
