/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_XARRAY_H
#define _LINUX_XARRAY_H

/*
 * Simulated: sparse arrays of pointers (lib/xarray.c).
 *
 * Kernel promises: lookups need no lock (RCU), changes take the array's spinlock; entries
 *	may span an aligned power of two of indices; three marks per entry.
 * Modelled: the same. Each call happens as a whole, except where it allocates memory.
 * Left out: workingset lists, and what the kernel calls the advanced API beyond xas_load(),
 *	xas_find(), xas_find_marked(), xas_next(), xas_prev(), xas_store() and the marks.
 * Scheduling points: before each lookup (read) and each change, which takes the lock, is made and
 *	gives the lock back in one step; with the lock held, xas_store() (read-modify-write).
 */

#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/gfp_types.h>
#include <linux/kconfig.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define XA_CHUNK_SHIFT		6
#define XA_CHUNK_SIZE		(1UL << XA_CHUNK_SHIFT)
#define XA_CHUNK_MASK		(XA_CHUNK_SIZE - 1)
#define XA_MAX_MARKS		3

typedef unsigned int __bitwise xa_mark_t;
#define XA_MARK_0		((xa_mark_t)0U)
#define XA_MARK_1		((xa_mark_t)1U)
#define XA_MARK_2		((xa_mark_t)2U)
#define XA_PRESENT		((xa_mark_t)8U)
#define XA_MARK_MAX		XA_MARK_2
#define XA_FREE_MARK		XA_MARK_0

#define XA_FLAGS_LOCK_IRQ	((gfp_t)1U)
#define XA_FLAGS_LOCK_BH	((gfp_t)2U)
#define XA_FLAGS_TRACK_FREE	((gfp_t)4U)
#define XA_FLAGS_ZERO_BUSY	((gfp_t)8U)
#define XA_FLAGS_ALLOC_WRAPPED	((gfp_t)16U)
#define XA_FLAGS_ACCOUNT	((gfp_t)32U)
#define XA_FLAGS_ALLOC		XA_FLAGS_TRACK_FREE
#define XA_FLAGS_ALLOC1		(XA_FLAGS_TRACK_FREE | XA_FLAGS_ZERO_BUSY)

/**
 * struct xarray - the array.
 * @xa_lock:  taken by each change; users may hold it around several (__xa_*())
 * @xa_flags: XA_FLAGS_*
 * @xa_head:  NULL, the only entry if it is at index 0, or the topmost node
 * @xa_walkers: tasks between sim_xa_walk_begin() and sim_xa_walk_end()
 */
struct xarray {
	spinlock_t xa_lock;
	gfp_t xa_flags;
	void __rcu *xa_head;
	unsigned int xa_walkers;
};

/**
 * sim_xa_walk_begin() - from here on nothing changes the array until sim_xa_walk_end().
 *
 * For page tables, where the walker is a CPU: whoever removes an entry and then has TLBs flushed
 * waits until no access is under way that found the entry. Changes that are made with the
 * array's lock held by the caller don't wait.
 * Context: no changes of the array, nor sleeping, in between.
 */
void sim_xa_walk_begin(struct xarray *xa);
void sim_xa_walk_end(struct xarray *xa);
/** sim_xa_walk() - the entry at @index. */
void *sim_xa_walk(struct xarray *xa, unsigned long index);

struct xa_limit {
	u32 max;
	u32 min;
};

#define XA_LIMIT(_min, _max)	(struct xa_limit){ .min = _min, .max = _max }
#define xa_limit_32b		XA_LIMIT(0, UINT_MAX)
#define xa_limit_31b		XA_LIMIT(0, INT_MAX)
#define xa_limit_16b		XA_LIMIT(0, USHRT_MAX)

#define XARRAY_INIT(_name, _flags)	\
	{ .xa_lock = { .name = "spinlock " #_name ".xa_lock" }, .xa_flags = (_flags) }
#define DEFINE_XARRAY_FLAGS(name, flags)	struct xarray name = XARRAY_INIT(name, flags)
#define DEFINE_XARRAY(name)		DEFINE_XARRAY_FLAGS(name, 0)
#define DEFINE_XARRAY_ALLOC(name)	DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(name)	DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC1)

/*
 * Entries: pointers, values, and what the array uses itself, told apart by the low bits. A
 * value gives up its top bit only, so that its tag is the lowest bit alone. Users may tag
 * pointers, which then must not look like the array's own.
 */
#define __XA_TAG_MASK		3UL
#define __XA_TAG_VALUE		1UL
#define __XA_TAG_INTERNAL	2UL

static inline unsigned long __xa_bits(const void *entry)
{
	return (unsigned long)entry;
}

static inline void *__xa_entry(unsigned long bits, unsigned long tag)
{
	return (void *)(bits | tag);
}

static inline void *xa_tag_pointer(void *p, unsigned long tag)
{
	return __xa_entry(__xa_bits(p), tag);
}

static inline unsigned int xa_pointer_tag(void *entry)
{
	return __xa_bits(entry) & __XA_TAG_MASK;
}

static inline void *xa_untag_pointer(void *entry)
{
	return __xa_entry(__xa_bits(entry) & ~__XA_TAG_MASK, 0);
}

static inline bool xa_is_value(const void *entry)
{
	return __xa_bits(entry) & __XA_TAG_VALUE;
}

static inline void *xa_mk_value(unsigned long v)
{
	WARN_ON((long)v < 0);
	return __xa_entry(v << 1, __XA_TAG_VALUE);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return __xa_bits(entry) >> 1;
}

static inline bool xa_is_internal(const void *entry)
{
	return (__xa_bits(entry) & __XA_TAG_MASK) == __XA_TAG_INTERNAL;
}

static inline void *xa_mk_internal(unsigned long v)
{
	return __xa_entry(v << 2, __XA_TAG_INTERNAL);
}

static inline unsigned long xa_to_internal(const void *entry)
{
	return __xa_bits(entry) >> 2;
}

#define XA_ZERO_ENTRY		xa_mk_internal(257)
#define XA_RETRY_ENTRY		xa_mk_internal(256)

static inline bool xa_is_zero(const void *entry)
{
	return unlikely(entry == XA_ZERO_ENTRY);
}

static inline bool xa_is_retry(const void *entry)
{
	return unlikely(entry == XA_RETRY_ENTRY);
}

static inline bool xa_is_err(const void *entry)
{
	return unlikely(xa_is_internal(entry) && (unsigned long)entry >= -(4UL * MAX_ERRNO + 2));
}

static inline int xa_err(void *entry)
{
	return xa_is_err(entry) ? (long)entry >> 2 : 0;
}

static inline bool xa_is_advanced(const void *entry)
{
	return xa_is_internal(entry) && entry <= XA_RETRY_ENTRY;
}

static inline bool xa_is_node(const void *entry)
{
	return xa_is_internal(entry) && (unsigned long)entry > 4096 && !xa_is_err(entry);
}

#define xa_init(xa)			xa_init_flags((xa), 0)
#define xa_init_flags(xa, flags)	__xa_init((xa), (flags), "spinlock " #xa ".xa_lock")

static inline void __xa_init(struct xarray *xa, gfp_t flags, const char *name)
{
	__spin_lock_init(&xa->xa_lock, name);
	xa->xa_flags = flags;
	xa->xa_head = NULL;
	xa->xa_walkers = 0;
}

static inline bool xa_empty(const struct xarray *xa)
{
	return !READ_ONCE(xa->xa_head);
}

static inline bool xa_marked(const struct xarray *xa, xa_mark_t mark)
{
	return xa->xa_flags & (1U << (16 + mark));
}

void *xa_load(struct xarray *xa, unsigned long index);
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp);
int __must_check xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_store_range(struct xarray *xa, unsigned long first, unsigned long last, void *entry,
		     gfp_t gfp);
int xa_get_order(struct xarray *xa, unsigned long index);
bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    xa_mark_t filter);
unsigned int xa_extract(struct xarray *xa, void **dst, unsigned long start, unsigned long max,
			unsigned int n, xa_mark_t filter);
void xa_destroy(struct xarray *xa);
int __must_check xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
			  gfp_t gfp);
int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next,
		    gfp_t gfp);

/* The same, for callers that hold xa_lock; it is dropped while memory is allocated. */
void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *__xa_erase(struct xarray *xa, unsigned long index);
void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp);
int __must_check __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void __xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void __xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
int __must_check __xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
			    gfp_t gfp);

#define xa_lock(xa)			spin_lock(&(xa)->xa_lock)
#define xa_trylock(xa)			spin_trylock(&(xa)->xa_lock)
#define xa_unlock(xa)			spin_unlock(&(xa)->xa_lock)
#define xa_lock_bh(xa)			xa_lock(xa)
#define xa_unlock_bh(xa)		xa_unlock(xa)
#define xa_lock_irq(xa)			xa_lock(xa)
#define xa_unlock_irq(xa)		xa_unlock(xa)
#define xa_lock_irqsave(xa, flags)	do { (flags) = 0; xa_lock(xa); } while (0)
#define xa_unlock_irqrestore(xa, flags)	do { (void)(flags); xa_unlock(xa); } while (0)

#define xa_store_irq(xa, index, entry, gfp)	xa_store(xa, index, entry, gfp)
#define xa_store_bh(xa, index, entry, gfp)	xa_store(xa, index, entry, gfp)
#define xa_erase_irq(xa, index)			xa_erase(xa, index)
#define xa_erase_bh(xa, index)			xa_erase(xa, index)

static inline int __must_check xa_reserve(struct xarray *xa, unsigned long index, gfp_t gfp)
{
	return xa_err(xa_cmpxchg(xa, index, NULL, XA_ZERO_ENTRY, gfp));
}

static inline void xa_release(struct xarray *xa, unsigned long index)
{
	xa_cmpxchg(xa, index, XA_ZERO_ENTRY, NULL, 0);
}

#define xa_for_each_range(xa, index, entry, start, last)			\
	for ((index) = (start), (entry) = xa_find(xa, &(index), (last), XA_PRESENT);	\
	     (entry);								\
	     (entry) = xa_find_after(xa, &(index), (last), XA_PRESENT))
#define xa_for_each_start(xa, index, entry, start)	\
	xa_for_each_range(xa, index, entry, start, ULONG_MAX)
#define xa_for_each(xa, index, entry)	xa_for_each_start(xa, index, entry, 0)
#define xa_for_each_marked(xa, index, entry, filter)				\
	for ((index) = 0, (entry) = xa_find(xa, &(index), ULONG_MAX, (filter));	\
	     (entry);								\
	     (entry) = xa_find_after(xa, &(index), ULONG_MAX, (filter)))

/**
 * struct xa_node - 64 slots of the tree.
 * @shift:  log2 of the number of indices that one slot spans
 * @offset: our slot in @parent
 * @count:  number of slots in use
 * @parent: the node above, NULL for the topmost
 * @slots:  entries, nodes, or links to the first slot of an entry that spans several
 * @marks:  a bit per slot
 */
struct xa_node {
	unsigned char shift;
	unsigned char offset;
	unsigned char count;
	struct xa_node *parent;
	union {
		void *slots[XA_CHUNK_SIZE];
		struct rcu_head rcu_head;
	};
	unsigned long marks[XA_MAX_MARKS];
};

/* The advanced API: the caller holds the lock, or is in an RCU read section. */

/**
 * struct xa_state - a place in an array.
 * @xa:       the array
 * @xa_index: where
 * @xa_order: log2 of the number of indices to store to
 * @xa_err:   0 or a negative errno
 * @xa_alloc: nodes that xas_nomem() has allocated, linked by @parent
 * @xa_where: fresh (the next search begins at @xa_index), at an entry, or past the end
 */
struct xa_state {
	struct xarray *xa;
	unsigned long xa_index;
	unsigned char xa_order;
	int xa_err;
	struct xa_node *xa_alloc;
	enum { XAS_SIM_RESTART, XAS_SIM_ENTRY, XAS_SIM_BOUNDS } xa_where;
};

#define __XA_STATE(array, index, order)	\
	{ .xa = (array), .xa_index = (index), .xa_order = (order) }
#define XA_STATE(name, array, index)	\
	struct xa_state name = __XA_STATE(array, index, 0)
#define XA_STATE_ORDER(name, array, index, order)	\
	struct xa_state name =	\
		__XA_STATE(array, ((index) >> (order)) << (order), order)

#define xas_lock(xas)		xa_lock((xas)->xa)
#define xas_trylock(xas)	xa_trylock((xas)->xa)
#define xas_unlock(xas)		xa_unlock((xas)->xa)
#define xas_lock_irq(xas)	xa_lock((xas)->xa)
#define xas_unlock_irq(xas)	xa_unlock((xas)->xa)

static inline int xas_error(const struct xa_state *xas)
{
	return xas->xa_err;
}

static inline void xas_set_err(struct xa_state *xas, long err)
{
	xas->xa_err = err;
}

static inline void xas_reset(struct xa_state *xas)
{
	xas->xa_err = 0;
	xas->xa_where = XAS_SIM_RESTART;
}

static inline void xas_set(struct xa_state *xas, unsigned long index)
{
	xas->xa_index = index;
	xas_reset(xas);
}

static inline void xas_set_order(struct xa_state *xas, unsigned long index, unsigned int order)
{
	xas->xa_index = index >> order << order;
	xas->xa_order = order;
	xas_reset(xas);
}

static inline bool xas_valid(const struct xa_state *xas)
{
	return !xas->xa_err && xas->xa_where == XAS_SIM_ENTRY;
}

static inline bool xas_retry(struct xa_state *xas, const void *entry)
{
	bool retry = xa_is_retry(entry);

	if (retry)
		xas_reset(xas);
	/* A reserved entry is to be passed over, from where we are. */
	return retry || xa_is_zero(entry);
}

static inline void xas_pause(struct xa_state *xas)
{
	/* Places are found anew by their index: nothing becomes stale. */
}

void *xas_load(struct xa_state *xas);
void *xas_store(struct xa_state *xas, void *entry);
void *xas_find(struct xa_state *xas, unsigned long max);
void *xas_find_marked(struct xa_state *xas, unsigned long max, xa_mark_t mark);
void *xas_next(struct xa_state *xas);
void *xas_prev(struct xa_state *xas);
bool xas_get_mark(const struct xa_state *xas, xa_mark_t mark);
void xas_set_mark(const struct xa_state *xas, xa_mark_t mark);
void xas_clear_mark(const struct xa_state *xas, xa_mark_t mark);
void xas_destroy(struct xa_state *xas);
void xas_split_alloc(struct xa_state *xas, void *entry, unsigned int order, gfp_t gfp);
void xas_split(struct xa_state *xas, void *entry, unsigned int order);
void xas_try_split(struct xa_state *xas, void *entry, unsigned int order);
bool xas_nomem(struct xa_state *xas, gfp_t gfp);
int xas_get_order(struct xa_state *xas);

#define xas_reload(xas)			xas_load(xas)
#define xas_next_entry(xas, max)	xas_find(xas, max)
#define xas_for_each(xas, entry, max)						\
	for ((entry) = xas_find(xas, max); (entry); (entry) = xas_find(xas, max))
#define xas_for_each_marked(xas, entry, max, mark)				\
	for ((entry) = xas_find_marked(xas, max, mark); (entry);		\
	     (entry) = xas_find_marked(xas, max, mark))

#endif /* _LINUX_XARRAY_H */
