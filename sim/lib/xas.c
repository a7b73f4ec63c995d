// SPDX-License-Identifier: GPL-2.0
/*
 * The advanced interface of the xarray (lib/xarray.c). A state holds an index and looks up its
 * place anew with each call, so that it never becomes stale.
 */

#include <linux/slab.h>

#include "xarray_tree.h"

static struct xa_piece piece_of(const struct xa_state *xas)
{
	unsigned int shift = xas->xa_order / XA_CHUNK_SHIFT * XA_CHUNK_SHIFT;

	return (struct xa_piece){
		.index = xas->xa_index >> xas->xa_order << xas->xa_order,
		.shift = shift,
		.n = 1U << (xas->xa_order - shift),
	};
}

/** xas_load() - the entry at the state's index, as it is stored. */
void *xas_load(struct xa_state *xas)
{
	struct xa_slot slot;

	if (xas->xa_err || xas->xa_where == XAS_SIM_BOUNDS)
		return NULL;
	sim_point(HOST_OP_READ, xas->xa);
	xas->xa_where = XAS_SIM_ENTRY;
	return xa_tree_load(xas->xa, xas->xa_index, &slot);
}

/* The nodes that the state holds become those of @pool. */
static void take_nodes(struct xa_state *xas, struct xa_pool *pool)
{
	for (struct xa_node *node = xas->xa_alloc; node; node = node->parent)
		pool->nr++;
	pool->first = xas->xa_alloc;
	xas->xa_alloc = NULL;
}

static bool gather_nodes(struct xa_state *xas, struct xa_pool *pool)
{
	struct xa_piece piece = piece_of(xas);

	take_nodes(xas, pool);
	while (pool->nr < xa_tree_needs(xas->xa, &piece, piece.index))
		if (!xa_pool_add(pool, GFP_NOWAIT | __GFP_NOWARN))
			return false;
	return true;
}

/**
 * xas_store() - put @entry where the state is, over as many indices as its order says.
 *
 * Context: the caller holds the array's lock. Return: the old entry at the state's index. If nodes
 * are missing xas_error() is -ENOMEM then, and xas_nomem() is to be called without the lock.
 */
void *xas_store(struct xa_state *xas, void *entry)
{
	struct xa_piece piece = piece_of(xas);
	struct xa_pool pool = { };
	struct xa_slot slot;
	void *old;

	if (xas->xa_err)
		return NULL;
	sim_point(HOST_OP_RMW, xas->xa);
	old = xa_tree_load(xas->xa, xas->xa_index, &slot);
	if (!entry) {
		if (xa_tree_slots(xas->xa, &piece, &slot))
			xa_tree_set(xas->xa, slot, NULL);
	} else if (gather_nodes(xas, &pool)) {
		xa_tree_set(xas->xa, xa_tree_create(xas->xa, &piece, &pool), entry);
	} else {
		xas->xa_err = -ENOMEM;
		old = NULL;
	}
	xa_pool_drain(&pool);
	xas->xa_where = XAS_SIM_ENTRY;
	return old;
}

/**
 * xas_nomem() - allocate what xas_store() was missing.
 *
 * Context: without the lock. Return: whether to try again; if not, nothing stays allocated.
 */
bool xas_nomem(struct xa_state *xas, gfp_t gfp)
{
	struct xa_piece piece = piece_of(xas);
	struct xa_pool pool = { .first = xas->xa_alloc };
	bool again = xas->xa_err == -ENOMEM;

	for (struct xa_node *node = pool.first; node; node = node->parent)
		pool.nr++;
	while (again && pool.nr < xa_tree_needs(xas->xa, &piece, piece.index))
		again = xa_pool_add(&pool, gfp);
	if (!again)
		xa_pool_drain(&pool);
	else
		xas_reset(xas);
	xas->xa_alloc = pool.first;
	return again;
}

/** xas_destroy() - free what xas_nomem() or xas_split_alloc() has allocated. */
void xas_destroy(struct xa_state *xas)
{
	struct xa_pool pool = { };

	take_nodes(xas, &pool);
	xa_pool_drain(&pool);
}

/* With the state's nodes and new ones: enough of them to split the entry at the state. */
static bool gather_split_nodes(struct xa_state *xas, struct xa_slot *slot,
			       struct xa_pool *pool, gfp_t gfp)
{
	if (!xa_tree_load(xas->xa, xas->xa_index, slot) || !slot->node)
		return false;
	take_nodes(xas, pool);
	while (pool->nr < xa_tree_split_needs(slot, xas->xa_order))
		if (!xa_pool_add(pool, gfp))
			return false;
	return true;
}

/**
 * xas_split_alloc() - allocate what xas_split() will need.
 * @entry: what is at the state, spanning 2^@order indices
 *
 * Context: without the lock. Return: nothing; xas_error() may be -ENOMEM.
 */
void xas_split_alloc(struct xa_state *xas, void *entry, unsigned int order, gfp_t gfp)
{
	struct xa_pool pool = { };
	struct xa_slot slot;

	if (!gather_split_nodes(xas, &slot, &pool, gfp)) {
		xa_pool_drain(&pool);
		xas->xa_err = -ENOMEM;
	}
	xas->xa_alloc = pool.first;
}

/**
 * xas_try_split() - split the entry at the state into entries of the state's order.
 * @entry: what is there, spanning 2^@order indices; so are all the new entries
 *
 * No scheduling point: others see the one entry, or all the small ones.
 * Context: the caller holds the array's lock. Return: nothing; xas_error() may be -ENOMEM,
 * and nothing has changed then.
 */
void xas_try_split(struct xa_state *xas, void *entry, unsigned int order)
{
	struct xa_pool pool = { };
	struct xa_slot slot;

	sim_sync(HOST_SYNC_RELEASE, &xas->xa->xa_head);
	if (gather_split_nodes(xas, &slot, &pool, GFP_NOWAIT | __GFP_NOWARN))
		xa_tree_split(slot, xas->xa_order, &pool);
	else
		xas->xa_err = -ENOMEM;
	xa_pool_drain(&pool);
}

/** xas_split() - the same, after xas_split_alloc(), which makes it succeed. */
void xas_split(struct xa_state *xas, void *entry, unsigned int order)
{
	xas_try_split(xas, entry, order);
}

/* One after the entry at the state's index; 0 at the end of all indices. */
static unsigned long index_after(const struct xa_state *xas)
{
	struct xa_slot slot;

	if (!xa_tree_load(xas->xa, xas->xa_index, &slot))
		return xas->xa_index + 1;
	return xa_slot_last(&slot, xas->xa_index) + 1;
}

static void *find(struct xa_state *xas, unsigned long max, xa_mark_t filter)
{
	unsigned long index = xas->xa_index;
	struct xa_slot slot;
	void *entry;

	if (xas->xa_err || xas->xa_where == XAS_SIM_BOUNDS)
		return NULL;
	sim_point(HOST_OP_READ, xas->xa);
	if (xas->xa_where == XAS_SIM_ENTRY)
		index = index_after(xas);
	entry = index || xas->xa_where == XAS_SIM_RESTART ?
		xa_tree_find(xas->xa, &index, filter, &slot) : NULL;
	if (!entry || index > max) {
		xas->xa_where = XAS_SIM_BOUNDS;
		return NULL;
	}
	xas->xa_index = index;
	xas->xa_where = XAS_SIM_ENTRY;
	return entry;
}

/** xas_find() - the entry at the state if it is fresh, else the next one; up to @max. */
void *xas_find(struct xa_state *xas, unsigned long max)
{
	return find(xas, max, XA_PRESENT);
}

/** xas_find_marked() - the same for entries with @mark. */
void *xas_find_marked(struct xa_state *xas, unsigned long max, xa_mark_t mark)
{
	return find(xas, max, mark);
}

/** xas_next() - the next index, the state's own if it is fresh, and what is there. */
void *xas_next(struct xa_state *xas)
{
	if (xas->xa_where == XAS_SIM_ENTRY)
		xas->xa_index++;
	return xas_load(xas);
}

/** xas_prev() - the previous index, the state's own if it is fresh, and what is there. */
void *xas_prev(struct xa_state *xas)
{
	if (xas->xa_where == XAS_SIM_ENTRY)
		xas->xa_index--;
	return xas_load(xas);
}

bool xas_get_mark(const struct xa_state *xas, xa_mark_t mark)
{
	return xa_get_mark(xas->xa, xas->xa_index, mark);
}

/** xas_set_mark() - mark the entry where the state is. Context: with the lock. */
void xas_set_mark(const struct xa_state *xas, xa_mark_t mark)
{
	__xa_set_mark(xas->xa, xas->xa_index, mark);
}

void xas_clear_mark(const struct xa_state *xas, xa_mark_t mark)
{
	__xa_clear_mark(xas->xa, xas->xa_index, mark);
}

int xas_get_order(struct xa_state *xas)
{
	return xa_get_order(xas->xa, xas->xa_index);
}
