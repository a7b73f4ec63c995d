// SPDX-License-Identifier: GPL-2.0
/*
 * Finding entries of an xarray, and their marks (lib/xarray.c of the kernel).
 */

#include <linux/log2.h>

#include "xarray_tree.h"

/** xa_get_order() - log2 of the number of indices of the entry at @index; 0 if there is none. */
int xa_get_order(struct xarray *xa, unsigned long index)
{
	struct xa_slot slot;

	sim_point(HOST_OP_READ, xa);
	if (!xa_tree_load(xa, index, &slot) || !slot.node)
		return 0;
	return slot.node->shift + ilog2(slot.n);
}

bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_slot slot;

	sim_point(HOST_OP_READ, xa);
	return xa_tree_load(xa, index, &slot) && xa_tree_marked(xa, &slot, mark);
}

void __xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_slot slot;

	if (xa_tree_load(xa, index, &slot))
		xa_tree_set_mark(xa, &slot, mark);
}

/** xa_set_mark() - mark the entry at @index, if there is one. */
void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	xa_begin_change(xa);
	__xa_set_mark(xa, index, mark);
}

void __xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_slot slot;

	if (xa_tree_load(xa, index, &slot))
		xa_tree_clear_mark(xa, &slot, mark);
}

void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	xa_begin_change(xa);
	__xa_clear_mark(xa, index, mark);
}

/* The next entry that is not just reserved. */
static void *find_from(struct xarray *xa, unsigned long *index, unsigned long max,
		       xa_mark_t filter)
{
	unsigned long at = *index;
	struct xa_slot slot;
	void *entry;

	for (;;) {
		entry = xa_tree_find(xa, &at, filter, &slot);
		if (!entry || at > max)
			return NULL;
		if (!xa_is_zero(entry))
			break;
		at = xa_slot_last(&slot, at) + 1;
		if (!at)
			return NULL;
	}
	*index = at;
	return entry;
}

/**
 * xa_find() - the first entry from @*index on, at most at @max.
 * @xa:     the array
 * @index:  where to begin; becomes the place of the entry, and stays if there is none
 * @max:    where to end
 * @filter: XA_PRESENT or a mark
 *
 * Context: any. Return: the entry, NULL if there is none.
 */
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
{
	sim_point(HOST_OP_READ, xa);
	return find_from(xa, index, max, filter);
}

/** xa_find_after() - the first entry after the one at @*index; see xa_find(). */
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    xa_mark_t filter)
{
	unsigned long next = *index;
	struct xa_slot slot;
	void *entry;

	sim_point(HOST_OP_READ, xa);
	if (xa_tree_load(xa, next, &slot))
		next = xa_slot_last(&slot, next);
	if (next == ULONG_MAX)
		return NULL;
	next++;
	entry = find_from(xa, &next, max, filter);
	if (entry)
		*index = next;
	return entry;
}

/** xa_extract() - up to @n entries from @start to @max into @dst; their number. */
unsigned int xa_extract(struct xarray *xa, void **dst, unsigned long start, unsigned long max,
			unsigned int n, xa_mark_t filter)
{
	unsigned int i = 0;
	void *entry;

	if (!n)
		return 0;
	for (entry = xa_find(xa, &start, max, filter); entry;
	     entry = xa_find_after(xa, &start, max, filter)) {
		dst[i++] = entry;
		if (i == n)
			break;
	}
	return i;
}
