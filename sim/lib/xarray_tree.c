// SPDX-License-Identifier: GPL-2.0
/*
 * The radix tree below the xarray (lib/xarray.c of the kernel has both in one).
 *
 * A node has 64 slots. A slot holds NULL, an entry, a node, or, where an entry spans several
 * slots, a link to its first slot. In a node of shift s a slot spans 2^s indices, so that an entry
 * in a higher node spans many. An array whose only entry is at index 0 has no node.
 */

#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "xarray_tree.h"

static struct kmem_cache *node_cache;

void __init radix_tree_init(void)
{
	node_cache = kmem_cache_create("radix_tree_node", sizeof(struct xa_node), 0, SLAB_PANIC,
				       NULL);
}

bool xa_pool_add(struct xa_pool *pool, gfp_t gfp)
{
	struct xa_node *node = kmem_cache_zalloc(node_cache, gfp);

	if (!node)
		return false;
	node->parent = pool->first;
	pool->first = node;
	pool->nr++;
	return true;
}

static struct xa_node *pool_take(struct xa_pool *pool, unsigned int shift)
{
	struct xa_node *node = pool->first;

	sim_check(node, "xarray: more nodes are needed than were counted");
	pool->first = node->parent;
	pool->nr--;
	node->parent = NULL;
	node->shift = shift;
	return node;
}

void xa_pool_drain(struct xa_pool *pool)
{
	while (pool->nr)
		xa_node_free(pool_take(pool, 0));
}

void xa_node_free(struct xa_node *node)
{
	kmem_cache_free(node_cache, node);
}

struct xa_piece xa_piece_of(unsigned long first, unsigned long last)
{
	struct xa_piece piece = { .index = first };
	unsigned long size_less_one, offset, slots;

	/* As high in the tree as one slot fits. */
	for (;;) {
		size_less_one = xa_node_mask(piece.shift);
		if (piece.shift >= 60 || (first & size_less_one) || last - first < size_less_one)
			break;
		piece.shift += XA_CHUNK_SHIFT;
	}
	offset = (first >> piece.shift) & XA_CHUNK_MASK;
	slots = (last - first) >> piece.shift;
	/* That is one less than the slots if the last one is spanned as a whole. */
	if (((last - first + 1) & ((1UL << piece.shift) - 1)) == 0)
		slots++;
	piece.n = min(slots, XA_CHUNK_SIZE - offset);
	return piece;
}

/* The shift that the root must have at least for @piece, and to reach @last. */
static unsigned int root_shift(const struct xarray *xa, const struct xa_piece *piece,
			       unsigned long last)
{
	const struct xa_node *root = xa_root(xa);
	unsigned int shift = root ? root->shift : 0;

	while (shift < piece->shift || last > xa_node_mask(shift))
		shift += XA_CHUNK_SHIFT;
	return shift;
}

static bool fits_in_head(const struct xarray *xa, const struct xa_piece *piece)
{
	return !xa_root(xa) && !piece->index && !piece->shift && piece->n == 1;
}

unsigned int xa_tree_needs(const struct xarray *xa, const struct xa_piece *piece,
			   unsigned long last)
{
	const struct xa_node *root = xa_root(xa);
	unsigned int top, shift, needs;
	const void *entry;

	if (fits_in_head(xa, piece) && !last)
		return 0;
	top = root_shift(xa, piece, last);
	if (!xa->xa_head)
		return (top - piece->shift) / XA_CHUNK_SHIFT + 1;
	/* Nodes above the old head; past them, whether @piece is in its half of the tree. */
	needs = root ? (top - root->shift) / XA_CHUNK_SHIFT : top / XA_CHUNK_SHIFT + 1;
	for (shift = top; !root || shift > root->shift; shift -= XA_CHUNK_SHIFT) {
		if (shift == piece->shift)
			return needs;
		if ((piece->index >> shift) & XA_CHUNK_MASK)
			return needs + (shift - piece->shift) / XA_CHUNK_SHIFT;
	}
	while (root->shift > piece->shift) {
		entry = root->slots[xa_resolve(root, xa_offset_in(root, piece->index))];
		if (!entry)
			return needs + (root->shift - piece->shift) / XA_CHUNK_SHIFT;
		if (!xa_is_node(entry))
			break;
		root = xa_entry_node(entry);
	}
	return needs;
}

/* Put a new root above the head. */
static void grow(struct xarray *xa, struct xa_pool *pool)
{
	struct xa_node *old = xa_root(xa);
	struct xa_node *root = pool_take(pool, old ? old->shift + XA_CHUNK_SHIFT : 0);

	root->slots[0] = xa->xa_head;
	root->count = 1;
	if (old) {
		old->parent = root;
		old->offset = 0;
	}
	for (unsigned int mark = 0; mark < XA_MAX_MARKS; mark++)
		if (xa->xa_flags & xa_flag_of(mark))
			root->marks[mark] = 1;
	xa->xa_head = xa_node_entry(root);
}

static void make_root(struct xarray *xa, const struct xa_piece *piece, struct xa_pool *pool)
{
	unsigned int top = root_shift(xa, piece, piece->index);

	if (!xa->xa_head)
		xa->xa_head = xa_node_entry(pool_take(pool, top));
	while (!xa_root(xa) || xa_root(xa)->shift < top)
		grow(xa, pool);
}

static struct xa_node *add_child(struct xa_node *node, unsigned int offset, struct xa_pool *pool)
{
	struct xa_node *child = pool_take(pool, node->shift - XA_CHUNK_SHIFT);

	child->parent = node;
	child->offset = offset;
	node->slots[offset] = xa_node_entry(child);
	node->count++;
	return child;
}

/* The slots of @piece in its own node, with all of each entry that is there already. */
static struct xa_slot widen(struct xa_node *node, const struct xa_piece *piece)
{
	unsigned int offset = xa_offset_in(node, piece->index);
	unsigned int first = xa_resolve(node, offset);
	unsigned int last = offset + piece->n - 1;
	unsigned int tail = xa_resolve(node, last);

	last = max(last, tail + xa_extent(node, tail) - 1);
	return (struct xa_slot){ .node = node, .offset = first, .n = last - first + 1 };
}

struct xa_slot xa_tree_create(struct xarray *xa, const struct xa_piece *piece,
			      struct xa_pool *pool)
{
	struct xa_node *node;

	if (fits_in_head(xa, piece))
		return (struct xa_slot){ .n = 1 };
	make_root(xa, piece, pool);
	node = xa_root(xa);
	while (node->shift > piece->shift) {
		unsigned int offset = xa_resolve(node, xa_offset_in(node, piece->index));
		void *entry = node->slots[offset];

		if (!entry)
			node = add_child(node, offset, pool);
		else if (xa_is_node(entry))
			node = xa_entry_node(entry);
		else
			return (struct xa_slot){ node, offset, xa_extent(node, offset) };
	}
	return widen(node, piece);
}

bool xa_tree_slots(const struct xarray *xa, const struct xa_piece *piece, struct xa_slot *slot)
{
	struct xa_node *node = xa_root(xa);

	*slot = (struct xa_slot){ .n = 1 };
	if (!node || node->shift < piece->shift)
		return xa->xa_head && !piece->index;
	if (piece->index > xa_node_mask(node->shift))
		return false;
	while (node->shift > piece->shift) {
		unsigned int offset = xa_resolve(node, xa_offset_in(node, piece->index));
		void *entry = node->slots[offset];

		if (!entry)
			return false;
		if (!xa_is_node(entry)) {
			*slot = (struct xa_slot){ node, offset, xa_extent(node, offset) };
			return true;
		}
		node = xa_entry_node(entry);
	}
	*slot = widen(node, piece);
	return true;
}

/* Fills @slot with copies of @entry that span 2^@order indices, adding nodes below it. */
static void fill_slots(const struct xa_slot *slot, void *entry, unsigned int order,
		       struct xa_pool *pool)
{
	struct xa_node *node = slot->node;
	unsigned int n = order >= node->shift ? 1U << (order - node->shift) : 1;

	for (unsigned int i = slot->offset; i < slot->offset + slot->n; i++) {
		struct xa_slot below = { .n = XA_CHUNK_SIZE };

		if (order >= node->shift) {
			node->slots[i] = i % n ? xa_link_to(i - i % n) : entry;
			continue;
		}
		/* add_child() takes the slot for an empty one. */
		node->count--;
		below.node = add_child(node, i, pool);
		below.node->count = XA_CHUNK_SIZE;
		fill_slots(&below, entry, order, pool);
	}
}

unsigned int xa_tree_split_needs(const struct xa_slot *slot, unsigned int order)
{
	unsigned int needs = 0, n = slot->n;

	for (unsigned int shift = slot->node->shift; shift > order; n *= XA_CHUNK_SIZE) {
		needs += n;
		shift -= XA_CHUNK_SHIFT;
	}
	return needs;
}

void xa_tree_split(struct xa_slot slot, unsigned int order, struct xa_pool *pool)
{
	for (xa_mark_t mark = 0; mark < XA_MAX_MARKS; mark++)
		sim_check(!(slot.node->marks[mark] >> slot.offset & 1),
			  "splitting a marked entry of an xarray isn't modelled");
	fill_slots(&slot, slot.node->slots[slot.offset], order, pool);
}

static void free_subtree(struct xa_node *node)
{
	for (unsigned int i = 0; i < XA_CHUNK_SIZE; i++)
		if (xa_is_node(node->slots[i]))
			free_subtree(xa_entry_node(node->slots[i]));
	xa_node_free(node);
}

static void set_head(struct xarray *xa, void *head)
{
	xa->xa_head = head;
	if (!head)
		for (unsigned int mark = 0; mark < XA_MAX_MARKS; mark++)
			xa->xa_flags &= ~xa_flag_of(mark);
}

/* Take nodes away that have become empty, and roots that have only their first slot. */
static void shrink(struct xarray *xa, struct xa_node *node)
{
	while (node && !node->count) {
		struct xa_node *parent = node->parent;

		if (parent) {
			parent->slots[node->offset] = NULL;
			parent->count--;
		} else {
			set_head(xa, NULL);
		}
		xa_node_free(node);
		node = parent;
	}
	while ((node = xa_root(xa)) && node->count == 1 && node->slots[0]) {
		void *entry = node->slots[0];

		if (!xa_is_node(entry) && node->shift)
			break;
		xa->xa_head = entry;
		if (xa_is_node(entry))
			xa_entry_node(entry)->parent = NULL;
		xa_node_free(node);
	}
}

/* One entry has the marks that the entries before it had. */
static void squash_marks(const struct xa_slot *slot)
{
	unsigned long all = ~0UL >> (XA_CHUNK_SIZE - slot->n) << slot->offset;

	for (unsigned int mark = 0; mark < XA_MAX_MARKS; mark++) {
		unsigned long set = slot->node->marks[mark] & all;

		slot->node->marks[mark] &= ~set;
		if (set)
			slot->node->marks[mark] |= 1UL << slot->offset;
	}
}

void xa_tree_set(struct xarray *xa, struct xa_slot slot, void *entry)
{
	struct xa_node *node = slot.node;

	/* Whoever finds it comes after this. */
	sim_sync(HOST_SYNC_RELEASE, &xa->xa_head);
	if (!entry)
		for (xa_mark_t mark = 0; mark < XA_MAX_MARKS; mark++)
			xa_tree_clear_mark(xa, &slot, mark);
	if (!node) {
		if (xa_root(xa))
			free_subtree(xa_root(xa));
		set_head(xa, entry);
		return;
	}
	if (entry && slot.n > 1)
		squash_marks(&slot);
	for (unsigned int i = slot.offset; i < slot.offset + slot.n; i++) {
		void *old = node->slots[i];

		if (xa_is_node(old))
			free_subtree(xa_entry_node(old));
		node->slots[i] = entry && i > slot.offset ? xa_link_to(slot.offset) : entry;
		node->count += !!entry - !!old;
	}
	if (!entry)
		shrink(xa, node);
}

void xa_tree_destroy(struct xarray *xa)
{
	if (xa_root(xa))
		free_subtree(xa_root(xa));
	set_head(xa, NULL);
}
