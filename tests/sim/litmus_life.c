// SPDX-License-Identifier: GPL-2.0
/* Litmus programs of how long objects live: references, freeing, reuse, and xarrays of them. */

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>

#include "litmus.h"

static int x;
static int r[4];

static refcount_t refs = REFCOUNT_INIT(2);

LITMUS(refcount_put, put)
{
	if (refcount_dec_and_test(&refs))
		x++;
}

LITMUS_OUTCOME(refcount_put, "%d", x);

static refcount_t last = REFCOUNT_INIT(1);

static void put_last(void)
{
	if (refcount_dec_and_test(&last))
		x++;
}

LITMUS(refcount_inc_not_zero, get)
{
	if (!refcount_inc_not_zero(&last))
		return;
	/* 2: what was got is gone. */
	r[0] = x ? 2 : 1;
	put_last();
}

LITMUS(refcount_inc_not_zero, put)
{
	put_last();
}

LITMUS_OUTCOME(refcount_inc_not_zero, "%d%d", r[0], x);

LITMUS(refcount_inc_from_zero, get)
{
	refcount_inc(&last);
	put_last();
}

LITMUS(refcount_inc_from_zero, put)
{
	put_last();
}

LITMUS_OUTCOME(refcount_inc_from_zero, "%d", x);

LITMUS(refcount_underflow, put)
{
	put_last();
}

LITMUS_OUTCOME(refcount_underflow, "%d", x);

/* Tested and then decremented: both may see that they are not the last, or that they are. */
LITMUS(refcount_tested_first, put)
{
	if (refcount_read(&refs) == 1)
		x++;
	refcount_dec_and_test(&refs);
}

LITMUS_OUTCOME(refcount_tested_first, "%d", x);

/**
 * struct thing - that is found, used and freed.
 * @value: points to something that stays
 * @refs:  references
 * @id:    which
 * @rcu:   to free it later
 */
struct thing {
	int *value;
	struct kref refs;
	int id;
	struct rcu_head rcu;
};

static struct thing *table;
static DEFINE_SPINLOCK(table_lock);
static int seven = 7;

static struct thing *new_thing(void)
{
	struct thing *thing = kmalloc(sizeof(*thing), GFP_KERNEL);

	thing->value = &seven;
	kref_init(&thing->refs);
	return thing;
}

static void publish_thing(void)
{
	WRITE_ONCE(table, new_thing());
}

static void release_thing(struct kref *refs)
{
	x++;
	kfree(container_of(refs, struct thing, refs));
}

static struct thing *take_out(void)
{
	struct thing *thing;

	guard(spinlock)(&table_lock);
	thing = table;
	rcu_assign_pointer(table, NULL);
	return thing;
}

LITMUS(kref_under_the_lock, first)
{
	publish_thing();
}

LITMUS(kref_under_the_lock, user)
{
	struct thing *thing;

	scoped_guard(spinlock, &table_lock) {
		thing = table;
		if (thing)
			kref_get(&thing->refs);
	}
	if (!thing)
		return;
	r[0] = *thing->value;
	kref_put(&thing->refs, release_thing);
}

LITMUS(kref_under_the_lock, remover)
{
	kref_put(&take_out()->refs, release_thing);
}

LITMUS_OUTCOME(kref_under_the_lock, "%d %d", r[0], x);

LITMUS(kref_after_the_lock, first)
{
	publish_thing();
}

/* Between the look-up and the reference the thing may have gone. */
LITMUS(kref_after_the_lock, user)
{
	struct thing *thing;

	scoped_guard(spinlock, &table_lock)
		thing = table;
	if (!thing)
		return;
	kref_get(&thing->refs);
	r[0] = *thing->value;
	kref_put(&thing->refs, release_thing);
}

LITMUS(kref_after_the_lock, remover)
{
	kref_put(&take_out()->refs, release_thing);
}

LITMUS_OUTCOME(kref_after_the_lock, "%d %d", r[0], x);

LITMUS(use_after_free, first)
{
	publish_thing();
}

LITMUS(use_after_free, user)
{
	struct thing *thing;

	scoped_guard(spinlock, &table_lock)
		thing = table;
	/* So long that somebody can come between. */
	scoped_guard(spinlock, &table_lock)
		r[0] = thing ? *thing->value : -1;
}

LITMUS(use_after_free, remover)
{
	kfree(take_out());
}

LITMUS_OUTCOME(use_after_free, "%d", r[0]);

LITMUS(double_free, first)
{
	publish_thing();
}

LITMUS(double_free, remover)
{
	struct thing *thing = READ_ONCE(table);

	if (!thing)
		return;
	WRITE_ONCE(table, NULL);
	kfree(thing);
}

LITMUS_OUTCOME(double_free, "done");

LITMUS(freed_by_who_took_it_out, first)
{
	publish_thing();
}

LITMUS(freed_by_who_took_it_out, remover)
{
	kfree(xchg(&table, NULL));
}

LITMUS_OUTCOME(freed_by_who_took_it_out, "done");

static void use_under_rcu(void)
{
	struct thing *thing;

	guard(rcu)();
	thing = rcu_dereference(table);
	if (!thing)
		return;
	/* So long that somebody can come between. */
	scoped_guard(spinlock, &table_lock)
		r[0] = *thing->value;
}

LITMUS(rcu_freed_after_waiting, first)
{
	publish_thing();
}

LITMUS(rcu_freed_after_waiting, reader)
{
	use_under_rcu();
}

LITMUS(rcu_freed_after_waiting, remover)
{
	struct thing *thing = take_out();

	synchronize_rcu();
	kfree(thing);
}

LITMUS_OUTCOME(rcu_freed_after_waiting, "%d", r[0]);

LITMUS(rcu_freed_at_once, first)
{
	publish_thing();
}

LITMUS(rcu_freed_at_once, reader)
{
	use_under_rcu();
}

LITMUS(rcu_freed_at_once, remover)
{
	kfree(take_out());
}

LITMUS_OUTCOME(rcu_freed_at_once, "%d", r[0]);

LITMUS(kfree_rcu, first)
{
	publish_thing();
}

LITMUS(kfree_rcu, reader)
{
	use_under_rcu();
}

LITMUS(kfree_rcu, remover)
{
	struct thing *thing = take_out();

	kfree_rcu(thing, rcu);
}

LITMUS_OUTCOME(kfree_rcu, "%d", r[0]);

LITMUS(kfree_rcu_too_early, first)
{
	publish_thing();
}

LITMUS(kfree_rcu_too_early, reader)
{
	use_under_rcu();
}

/* Readers that begin after kfree_rcu() are not waited for, and can still find it. */
LITMUS(kfree_rcu_too_early, remover)
{
	struct thing *thing = rcu_access_pointer(table);

	kfree_rcu(thing, rcu);
	take_out();
}

LITMUS_OUTCOME(kfree_rcu_too_early, "%d", r[0]);

static struct kmem_cache *cache;

static void fill_cache(void)
{
	struct thing *thing;

	cache = kmem_cache_create("litmus", sizeof(struct thing), 0, SLAB_TYPESAFE_BY_RCU, NULL);
	thing = kmem_cache_alloc(cache, GFP_KERNEL);
	kref_init(&thing->refs);
	thing->id = 1;
	WRITE_ONCE(table, thing);
}

/* The next thing is in the same memory. */
static void reuse(struct thing *thing)
{
	if (!refcount_dec_and_test(&thing->refs.refcount))
		return;
	kmem_cache_free(cache, thing);
	thing = kmem_cache_alloc(cache, GFP_KERNEL);
	WRITE_ONCE(thing->id, 2);
	refcount_set_release(&thing->refs.refcount, 1);
}

static void find_reused(bool look_again)
{
	struct thing *thing;

	guard(rcu)();
	thing = rcu_dereference(table);
	if (!thing || !kref_get_unless_zero(&thing->refs))
		return;
	r[0] = READ_ONCE(thing->id);
	if (look_again && rcu_access_pointer(table) != thing)
		r[0] = 0;
	refcount_dec_and_test(&thing->refs.refcount);
}

LITMUS(typesafe_looked_at_again, first)
{
	fill_cache();
}

LITMUS(typesafe_looked_at_again, finder)
{
	find_reused(true);
}

LITMUS(typesafe_looked_at_again, remover)
{
	struct thing *thing = table;

	WRITE_ONCE(table, NULL);
	reuse(thing);
}

LITMUS_OUTCOME(typesafe_looked_at_again, "%d", r[0]);

LITMUS(typesafe_taken_for_granted, first)
{
	fill_cache();
}

LITMUS(typesafe_taken_for_granted, finder)
{
	find_reused(false);
}

LITMUS(typesafe_taken_for_granted, remover)
{
	struct thing *thing = table;

	WRITE_ONCE(table, NULL);
	reuse(thing);
}

LITMUS_OUTCOME(typesafe_taken_for_granted, "%d", r[0]);

static DEFINE_XARRAY_ALLOC(array);

LITMUS(xarray_store, writer)
{
	xa_store(&array, 5, xa_mk_value(1), GFP_KERNEL);
}

LITMUS(xarray_store, reader)
{
	r[0] = xa_load(&array, 5) ? 1 : 0;
}

LITMUS_OUTCOME(xarray_store, "%d", r[0]);

LITMUS(xarray_insert, one)
{
	r[0] = xa_insert(&array, 5, xa_mk_value(1), GFP_KERNEL);
}

LITMUS(xarray_insert, two)
{
	r[1] = xa_insert(&array, 5, xa_mk_value(2), GFP_KERNEL);
}

LITMUS_OUTCOME(xarray_insert, "%d %d", r[0], r[1]);

LITMUS(xarray_load_then_store, one)
{
	if (!xa_load(&array, 5)) {
		xa_store(&array, 5, xa_mk_value(1), GFP_KERNEL);
		r[0] = 1;
	}
}

LITMUS(xarray_load_then_store, two)
{
	if (!xa_load(&array, 5)) {
		xa_store(&array, 5, xa_mk_value(2), GFP_KERNEL);
		r[1] = 1;
	}
}

LITMUS_OUTCOME(xarray_load_then_store, "%d%d", r[0], r[1]);

LITMUS(xarray_cmpxchg, one)
{
	r[0] = !xa_cmpxchg(&array, 5, NULL, xa_mk_value(1), GFP_KERNEL);
}

LITMUS(xarray_cmpxchg, two)
{
	r[1] = !xa_cmpxchg(&array, 5, NULL, xa_mk_value(2), GFP_KERNEL);
}

LITMUS_OUTCOME(xarray_cmpxchg, "%d%d", r[0], r[1]);

LITMUS(xarray_erase, first)
{
	xa_store(&array, 5, xa_mk_value(1), GFP_KERNEL);
}

LITMUS(xarray_erase, one)
{
	r[0] = xa_erase(&array, 5) ? 1 : 0;
}

LITMUS(xarray_erase, two)
{
	r[1] = xa_erase(&array, 5) ? 1 : 0;
}

LITMUS_OUTCOME(xarray_erase, "%d%d", r[0], r[1]);

LITMUS(xarray_alloc, one)
{
	u32 id = 0;

	r[1] = xa_alloc(&array, &id, &x, XA_LIMIT(1, 9), GFP_KERNEL);
	r[0] = id;
}

LITMUS(xarray_alloc, two)
{
	u32 id = 0;

	r[3] = xa_alloc(&array, &id, &x, XA_LIMIT(1, 9), GFP_KERNEL);
	r[2] = id;
}

LITMUS_OUTCOME(xarray_alloc, "%d%d %d%d", r[0], r[2], r[1], r[3]);
