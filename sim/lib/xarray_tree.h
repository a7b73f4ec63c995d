/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_LIB_XARRAY_TREE_H
#define _SIM_LIB_XARRAY_TREE_H

/*
 * Simulated: the radix tree below the xarray. No function here is a scheduling point, and
 * none allocates: nodes come from a pool that the caller has filled.
 */

#include <linux/xarray.h>

/**
 * struct xa_slot - one entry in the tree.
 * @node:   the node, NULL for &xarray.xa_head
 * @offset: its first slot in the node
 * @n:      number of slots
 */
struct xa_slot {
	struct xa_node *node;
	unsigned int offset;
	unsigned int n;
};

/**
 * struct xa_pool - nodes to build the tree with, linked by their parent.
 * @first: the next to use
 * @nr:    their number
 */
struct xa_pool {
	struct xa_node *first;
	unsigned int nr;
};

/**
 * struct xa_piece - indices that one entry can span: slots of one node.
 * @index: the first
 * @shift: log2 of the indices of a slot
 * @n:     number of slots
 */
struct xa_piece {
	unsigned long index;
	unsigned int shift;
	unsigned int n;
};

/** xa_begin_change() - a scheduling point; then nobody holds the lock that the kernel takes. */
void xa_begin_change(struct xarray *xa);

bool xa_pool_add(struct xa_pool *pool, gfp_t gfp);
void xa_pool_drain(struct xa_pool *pool);
void xa_node_free(struct xa_node *node);

/** xa_piece_of() - the largest piece of @first..@last that begins at @first. */
struct xa_piece xa_piece_of(unsigned long first, unsigned long last);

static inline unsigned long xa_piece_last(const struct xa_piece *piece)
{
	return piece->index + (((unsigned long)piece->n << piece->shift) - 1);
}

/** xa_tree_load() - the entry that spans @index, and where it is. */
void *xa_tree_load(const struct xarray *xa, unsigned long index, struct xa_slot *slot);

/**
 * xa_tree_needs() - number of nodes that have to be added for an entry at @piece.
 * @last: an index that the tree has to reach as well, at least that of @piece
 */
unsigned int xa_tree_needs(const struct xarray *xa, const struct xa_piece *piece,
			   unsigned long last);

/** xa_tree_create() - the slots for @piece, made from @pool where they are missing. */
struct xa_slot xa_tree_create(struct xarray *xa, const struct xa_piece *piece,
			      struct xa_pool *pool);

/** xa_tree_slots() - the slots for @piece if there is anything; whether there is. */
bool xa_tree_slots(const struct xarray *xa, const struct xa_piece *piece, struct xa_slot *slot);

/** xa_tree_set() - put @entry, or NULL, where all of @slot has been. */
void xa_tree_set(struct xarray *xa, struct xa_slot slot, void *entry);

/** xa_tree_split_needs() - number of nodes that xa_tree_split() of @slot to @order takes. */
unsigned int xa_tree_split_needs(const struct xa_slot *slot, unsigned int order);

/**
 * xa_tree_split() - put several entries, each spanning 2^@order indices, in place of the one
 * in @slot, which spans more. All are what that one was; it must have no marks.
 */
void xa_tree_split(struct xa_slot slot, unsigned int order, struct xa_pool *pool);

/** xa_slot_first() - the first index of @slot, which @index is near (in the same node). */
unsigned long xa_slot_first(const struct xa_slot *slot, unsigned long index);
unsigned long xa_slot_last(const struct xa_slot *slot, unsigned long index);

/**
 * xa_tree_find() - the first entry that ends at or after @*index.
 * @xa:     the array
 * @index:  where to begin; if that is inside of the entry found it stays, else it becomes
 *          the entry's first index
 * @filter: XA_PRESENT, or a mark that the entry must have
 * @slot:   where the entry is
 */
void *xa_tree_find(const struct xarray *xa, unsigned long *index, xa_mark_t filter,
		   struct xa_slot *slot);

/** xa_tree_free_index() - the first index without an entry from @min on; ULONG_MAX if none. */
unsigned long xa_tree_free_index(const struct xarray *xa, unsigned long min, unsigned long max);

bool xa_tree_marked(const struct xarray *xa, const struct xa_slot *slot, xa_mark_t mark);
void xa_tree_set_mark(struct xarray *xa, const struct xa_slot *slot, xa_mark_t mark);
void xa_tree_clear_mark(struct xarray *xa, const struct xa_slot *slot, xa_mark_t mark);
void xa_tree_destroy(struct xarray *xa);

/* Entries of the tree itself. */

static inline void *xa_zero_to_null(void *entry)
{
	return xa_is_zero(entry) ? NULL : entry;
}

static inline void *xa_node_entry(struct xa_node *node)
{
	return (void *)((unsigned long)node | 2);
}

static inline struct xa_node *xa_entry_node(const void *entry)
{
	return (struct xa_node *)((unsigned long)entry - 2);
}

static inline void *xa_link_to(unsigned int offset)
{
	return xa_mk_internal(offset);
}

static inline bool xa_is_link(const void *entry)
{
	return xa_is_internal(entry) && xa_to_internal(entry) < XA_CHUNK_SIZE;
}

static inline unsigned long xa_node_mask(unsigned int shift)
{
	return (XA_CHUNK_SIZE << shift) - 1;
}

static inline unsigned int xa_offset_in(const struct xa_node *node, unsigned long index)
{
	return (index >> node->shift) & XA_CHUNK_MASK;
}

static inline unsigned int xa_resolve(const struct xa_node *node, unsigned int offset)
{
	const void *entry = node->slots[offset];

	return xa_is_link(entry) ? xa_to_internal(entry) : offset;
}

/* Number of slots of the entry that begins at @offset. */
static inline unsigned int xa_extent(const struct xa_node *node, unsigned int offset)
{
	unsigned int n = 1;

	while (offset + n < XA_CHUNK_SIZE && node->slots[offset + n] == xa_link_to(offset))
		n++;
	return n;
}

static inline struct xa_node *xa_root(const struct xarray *xa)
{
	return xa_is_node(xa->xa_head) ? xa_entry_node(xa->xa_head) : NULL;
}

/* Whether any entry is marked; in &xarray.xa_flags. */
static inline unsigned long xa_flag_of(xa_mark_t mark)
{
	return 1U << (16 + mark);
}

#endif /* _SIM_LIB_XARRAY_TREE_H */
