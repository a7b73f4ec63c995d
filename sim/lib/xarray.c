// SPDX-License-Identifier: GPL-2.0
/*
 * The xarray (lib/xarray.c): what can be done to an array; linux/xarray.h says what is modelled.
 *
 * A change happens as a whole: it waits until nobody holds the array's lock, makes sure that it has
 * the nodes that it needs, and then goes through without a scheduling point. Waiting for memory may
 * let others run, and the array change: so what is needed is counted anew after it.
 */

#include <linux/minmax.h>
#include <linux/slab.h>

#include "xarray_tree.h"

#define XA_ERROR(errno)		((void *)(((unsigned long)(errno) << 2) | 2UL))

static struct xa_piece single(unsigned long index)
{
	return (struct xa_piece){ .index = index, .n = 1 };
}

void xa_begin_change(struct xarray *xa)
{
	sim_check(xa->xa_lock.name, "an xarray is used that was never initialised");
	static_assert(!offsetof(struct xarray, xa_lock));
	sim_point(HOST_OP_LOCKED, xa);
	while (xa->xa_lock.owner || xa->xa_walkers)
		sim_block(xa, xa->xa_lock.name);
	/* The lock is taken, and given back when the change is done. */
	sim_sync(HOST_SYNC_ACQUIRE, &xa->xa_lock);
	sim_sync(HOST_SYNC_RELEASE, &xa->xa_lock);
}

void sim_xa_walk_begin(struct xarray *xa)
{
	sim_point(HOST_OP_ACQUIRE_SHARED, xa);
	while (xa->xa_lock.owner)
		sim_block(xa, xa->xa_lock.name);
	xa->xa_walkers++;
}

void sim_xa_walk_end(struct xarray *xa)
{
	sim_point(HOST_OP_RELEASE_SHARED, xa);
	if (!--xa->xa_walkers)
		sim_wake(xa);
}

void *sim_xa_walk(struct xarray *xa, unsigned long index)
{
	struct xa_slot slot;

	return xa_tree_load(xa, index, &slot);
}

/*
 * One more node for @pool. As in the kernel the lock is dropped, and others may run, only if
 * there is none to be had without waiting.
 */
static bool refill(struct xarray *xa, struct xa_pool *pool, gfp_t gfp, bool locked)
{
	bool unlock = locked && gfpflags_allow_blocking(gfp);
	bool added;

	if (xa->xa_flags & XA_FLAGS_ACCOUNT)
		gfp |= __GFP_ACCOUNT;
	if (xa_pool_add(pool, GFP_NOWAIT | __GFP_NOWARN | (gfp & __GFP_ACCOUNT)))
		return true;
	if (unlock)
		xa_unlock(xa);
	added = xa_pool_add(pool, gfp);
	if (unlock)
		xa_lock(xa);
	else if (!locked)
		xa_begin_change(xa);
	return added;
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	struct xa_slot slot;

	sim_point(HOST_OP_READ, xa);
	return xa_zero_to_null(xa_tree_load(xa, index, &slot));
}

/**
 * struct change - a change of one entry.
 * @index:  where
 * @entry:  what to put there
 * @expect: only if this is there now; used if @check is set
 * @check:  see @expect
 * @locked: the caller holds the lock
 * @gfp:    for nodes
 */
struct change {
	unsigned long index;
	void *entry;
	void *expect;
	bool check;
	bool locked;
	gfp_t gfp;
};

static void erase(struct xarray *xa, unsigned long index)
{
	struct xa_piece piece = single(index);
	struct xa_slot slot;

	if (xa_tree_slots(xa, &piece, &slot))
		xa_tree_set(xa, slot, NULL);
}

/* What was there before, or XA_ERROR(-ENOMEM). */
static void *apply(struct xarray *xa, const struct change *change)
{
	struct xa_piece piece = single(change->index);
	struct xa_pool pool = { };
	struct xa_slot slot;
	void *old;

	for (;;) {
		old = xa_tree_load(xa, change->index, &slot);
		if (change->check && old != change->expect)
			break;
		if (!change->entry) {
			erase(xa, change->index);
			break;
		}
		if (pool.nr >= xa_tree_needs(xa, &piece, piece.index)) {
			xa_tree_set(xa, xa_tree_create(xa, &piece, &pool), change->entry);
			break;
		}
		if (!refill(xa, &pool, change->gfp, change->locked)) {
			old = XA_ERROR(-ENOMEM);
			break;
		}
	}
	xa_pool_drain(&pool);
	return old;
}

static void *change_entry(struct xarray *xa, const struct change *change)
{
	if (WARN_ON_ONCE(xa_is_advanced(change->entry)))
		return XA_ERROR(-EINVAL);
	if (change->locked)
		lockdep_assert_held(&xa->xa_lock);
	else
		xa_begin_change(xa);
	return apply(xa, change);
}

static void *store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp, bool locked)
{
	/* In an allocating array NULL is kept as a reserved entry. */
	if (!entry && (xa->xa_flags & XA_FLAGS_TRACK_FREE))
		entry = XA_ZERO_ENTRY;
	return xa_zero_to_null(change_entry(xa, &(struct change){
		.index = index, .entry = entry, .gfp = gfp, .locked = locked }));
}

/**
 * xa_store() - put @entry at @index.
 * @xa:    the array
 * @index: where; an entry that spans it and more is replaced as a whole
 * @entry: the new entry, NULL to erase
 * @gfp:   for nodes
 *
 * Context: any, if @gfp allows. Return: the old entry; xa_err() of it is -EINVAL for an entry that
 * can't be stored, or -ENOMEM.
 */
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	return store(xa, index, entry, gfp, false);
}

void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	return store(xa, index, entry, gfp, true);
}

/** xa_erase() - take the entry at @index away; the old one. Context: any. */
void *xa_erase(struct xarray *xa, unsigned long index)
{
	return xa_zero_to_null(change_entry(xa, &(struct change){ .index = index }));
}

void *__xa_erase(struct xarray *xa, unsigned long index)
{
	return xa_zero_to_null(change_entry(xa, &(struct change){ .index = index,
							       .locked = true }));
}

static void *cmpxchg_raw(struct xarray *xa, unsigned long index, void *old, void *entry,
			 gfp_t gfp, bool locked)
{
	return change_entry(xa, &(struct change){
		.index = index, .entry = entry, .expect = old, .check = true, .gfp = gfp,
		.locked = locked });
}

/**
 * xa_cmpxchg() - put @entry at @index if @old is there.
 *
 * Return: what was there, NULL for a reserved entry; @old if it was replaced; or an error as of
 * xa_store().
 */
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	return xa_zero_to_null(cmpxchg_raw(xa, index, old, entry, gfp, false));
}

void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	return xa_zero_to_null(cmpxchg_raw(xa, index, old, entry, gfp, true));
}

static int insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp, bool locked)
{
	void *old = cmpxchg_raw(xa, index, NULL, entry ? entry : XA_ZERO_ENTRY, gfp, locked);

	if (xa_is_err(old))
		return xa_err(old);
	return old ? -EBUSY : 0;
}

/** xa_insert() - put @entry at @index if nothing is there. 0, -EBUSY, -EINVAL or -ENOMEM. */
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	return insert(xa, index, entry, gfp, false);
}

int __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	return insert(xa, index, entry, gfp, true);
}

/*
 * The pieces between the first and the last lie in nodes above those two. Nodes above both are
 * counted twice; what is left over is freed.
 */
static unsigned int range_needs(const struct xarray *xa, unsigned long first, unsigned long last)
{
	struct xa_piece piece = xa_piece_of(first, last);
	unsigned int needs = xa_tree_needs(xa, &piece, last);

	if (xa_piece_last(&piece) == last)
		return needs;
	while (xa_piece_last(&piece) != last)
		piece = xa_piece_of(xa_piece_last(&piece) + 1, last);
	return needs + xa_tree_needs(xa, &piece, last);
}

static void store_pieces(struct xarray *xa, unsigned long first, unsigned long last, void *entry,
			 struct xa_pool *pool)
{
	struct xa_piece piece;
	struct xa_slot slot;

	do {
		piece = xa_piece_of(first, last);
		if (entry)
			xa_tree_set(xa, xa_tree_create(xa, &piece, pool), entry);
		else if (xa_tree_slots(xa, &piece, &slot))
			xa_tree_set(xa, slot, NULL);
		first = xa_piece_last(&piece) + 1;
	} while (xa_piece_last(&piece) != last);
}

/**
 * xa_store_range() - put @entry at each index from @first to @last.
 *
 * The range is stored as few entries that span several indices each: finding gives each of them
 * once, loading or storing affects all of its indices. Old entries that overlap an end of the
 * range are replaced as a whole.
 *
 * Return: NULL, or an error: -EINVAL for an empty range or an entry that can't be stored, -ENOMEM
 * with the array unchanged.
 */
void *xa_store_range(struct xarray *xa, unsigned long first, unsigned long last, void *entry,
		     gfp_t gfp)
{
	struct xa_pool pool = { };
	void *result = NULL;

	if (WARN_ON_ONCE(xa_is_internal(entry)) || last < first)
		return XA_ERROR(-EINVAL);
	xa_begin_change(xa);
	while (entry && !result && pool.nr < range_needs(xa, first, last))
		if (!refill(xa, &pool, gfp, false))
			result = XA_ERROR(-ENOMEM);
	if (!result)
		store_pieces(xa, first, last, entry, &pool);
	xa_pool_drain(&pool);
	return result;
}

/** xa_destroy() - take all entries away and free the nodes. Context: any. */
void xa_destroy(struct xarray *xa)
{
	xa_begin_change(xa);
	xa_tree_destroy(xa);
}

static int alloc_index(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp,
		       bool locked)
{
	struct xa_pool pool = { };
	struct xa_piece piece;
	int err = 0;

	for (;;) {
		unsigned long index = xa_tree_free_index(xa, limit.min, limit.max);

		if (index > limit.max) {
			err = -EBUSY;
			break;
		}
		piece = single(index);
		if (pool.nr >= xa_tree_needs(xa, &piece, piece.index)) {
			*id = index;
			xa_tree_set(xa, xa_tree_create(xa, &piece, &pool), entry);
			break;
		}
		if (!refill(xa, &pool, gfp, locked)) {
			err = -ENOMEM;
			break;
		}
	}
	xa_pool_drain(&pool);
	return err;
}

static int alloc_entry(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp,
		       bool locked)
{
	if (WARN_ON_ONCE(xa_is_advanced(entry)) ||
	    WARN_ON_ONCE(!(xa->xa_flags & XA_FLAGS_TRACK_FREE)))
		return -EINVAL;
	if (!limit.min && (xa->xa_flags & XA_FLAGS_ZERO_BUSY))
		limit.min = 1;
	if (!locked)
		xa_begin_change(xa);
	return alloc_index(xa, id, entry ? entry : XA_ZERO_ENTRY, limit, gfp, locked);
}

/**
 * xa_alloc() - put @entry at the first free index within @limit.
 * @xa:    an array with XA_FLAGS_ALLOC
 * @id:    becomes the index, before others can find the entry
 * @entry: the entry, NULL to reserve the index
 * @limit: from, to
 * @gfp:   for nodes
 *
 * Return: 0, -EBUSY if no index is free, -ENOMEM or -EINVAL.
 */
int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	return alloc_entry(xa, id, entry, limit, gfp, false);
}

int __xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	return alloc_entry(xa, id, entry, limit, gfp, true);
}

/**
 * xa_alloc_cyclic() - as xa_alloc(), from @*next on, and then from the beginning.
 *
 * Return: 0, 1 if the search went on from the beginning, or an error.
 */
int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next,
		    gfp_t gfp)
{
	u32 min = limit.min;
	bool wrapped = false;
	int err;

	limit.min = max(min, *next);
	err = xa_alloc(xa, id, entry, limit, gfp);
	if (err == -EBUSY && limit.min > min) {
		wrapped = true;
		limit.min = min;
		err = xa_alloc(xa, id, entry, limit, gfp);
	}
	if (err)
		return err;
	*next = *id + 1;
	return wrapped;
}
