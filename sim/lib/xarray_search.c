// SPDX-License-Identifier: GPL-2.0
/*
 * Looking into the radix tree below the xarray: loading, searching, and marks.
 */

#include <linux/bitops.h>

#include "xarray_tree.h"

unsigned long xa_slot_first(const struct xa_slot *slot, unsigned long index)
{
	if (!slot->node)
		return 0;
	return (index & ~xa_node_mask(slot->node->shift)) |
	       ((unsigned long)slot->offset << slot->node->shift);
}

unsigned long xa_slot_last(const struct xa_slot *slot, unsigned long index)
{
	if (!slot->node)
		return 0;
	return xa_slot_first(slot, index) + (((unsigned long)slot->n << slot->node->shift) - 1);
}

void *xa_tree_load(const struct xarray *xa, unsigned long index, struct xa_slot *slot)
{
	struct xa_node *node = xa_root(xa);
	void *entry;

	sim_sync(HOST_SYNC_LOAD_ACQUIRE, &xa->xa_head);
	*slot = (struct xa_slot){ .n = 1 };
	if (!node)
		return index ? NULL : xa->xa_head;
	if (index > xa_node_mask(node->shift))
		return NULL;
	for (;;) {
		slot->node = node;
		slot->offset = xa_resolve(node, xa_offset_in(node, index));
		entry = node->slots[slot->offset];
		if (!xa_is_node(entry))
			break;
		node = xa_entry_node(entry);
	}
	if (entry)
		slot->n = xa_extent(node, slot->offset);
	return entry;
}

/* The first slot from @offset on that @filter lets pass; XA_CHUNK_SIZE if there is none. */
static unsigned int next_offset(const struct xa_node *node, unsigned int offset,
				xa_mark_t filter)
{
	if (filter != XA_PRESENT)
		return find_next_bit(&node->marks[filter], XA_CHUNK_SIZE, offset);
	while (offset < XA_CHUNK_SIZE && !node->slots[offset])
		offset++;
	return offset;
}

/* The entry at *@index itself, if @filter lets it pass: with all of its indices. */
static void *find_here(const struct xarray *xa, unsigned long index, xa_mark_t filter,
		       struct xa_slot *slot)
{
	void *entry = xa_tree_load(xa, index, slot);

	if (entry && filter != XA_PRESENT && !xa_tree_marked(xa, slot, filter))
		return NULL;
	return entry;
}

/* On to the first index after @node; the node that has it, NULL at the end of the tree. */
static struct xa_node *after_node(const struct xa_node *node, unsigned long *index)
{
	struct xa_node *up = node->parent;

	*index = (*index | xa_node_mask(node->shift)) + 1;
	while (up && !(*index & xa_node_mask(up->shift)))
		up = up->parent;
	return up;
}

void *xa_tree_find(const struct xarray *xa, unsigned long *index, xa_mark_t filter,
		   struct xa_slot *slot)
{
	struct xa_node *node = xa_root(xa);
	void *entry = find_here(xa, *index, filter, slot);

	sim_sync(HOST_SYNC_LOAD_ACQUIRE, &xa->xa_head);
	if (entry || !node || *index > xa_node_mask(node->shift))
		return entry;
	while (node) {
		slot->node = node;
		slot->offset = next_offset(node, xa_offset_in(node, *index), filter);
		slot->n = 1;
		if (slot->offset == XA_CHUNK_SIZE) {
			node = after_node(node, index);
			continue;
		}
		if (slot->offset != xa_offset_in(node, *index))
			*index = xa_slot_first(slot, *index);
		entry = node->slots[slot->offset];
		if (!xa_is_node(entry)) {
			slot->n = xa_extent(node, slot->offset);
			return entry;
		}
		node = xa_entry_node(entry);
	}
	return NULL;
}

unsigned long xa_tree_free_index(const struct xarray *xa, unsigned long min, unsigned long max)
{
	struct xa_slot slot;

	while (min <= max) {
		unsigned long last;

		if (!xa_tree_load(xa, min, &slot))
			return min;
		last = xa_slot_last(&slot, min);
		if (last == ULONG_MAX)
			break;
		min = last + 1;
	}
	return ULONG_MAX;
}

/* Marks: a bit in the entry's first slot, and in the slot of each node above it. */

bool xa_tree_marked(const struct xarray *xa, const struct xa_slot *slot, xa_mark_t mark)
{
	if (!slot->node)
		return xa->xa_flags & xa_flag_of(mark);
	return slot->node->marks[mark] & (1UL << slot->offset);
}

void xa_tree_set_mark(struct xarray *xa, const struct xa_slot *slot, xa_mark_t mark)
{
	unsigned int offset = slot->offset;

	for (struct xa_node *node = slot->node; node; node = node->parent) {
		node->marks[mark] |= 1UL << offset;
		offset = node->offset;
	}
	xa->xa_flags |= xa_flag_of(mark);
}

void xa_tree_clear_mark(struct xarray *xa, const struct xa_slot *slot, xa_mark_t mark)
{
	struct xa_node *node = slot->node;

	if (node)
		for (unsigned int i = slot->offset; i < slot->offset + slot->n; i++)
			node->marks[mark] &= ~(1UL << i);
	for (; node; node = node->parent) {
		if (node->marks[mark])
			return;
		if (node->parent)
			node->parent->marks[mark] &= ~(1UL << node->offset);
	}
	xa->xa_flags &= ~xa_flag_of(mark);
}
