// SPDX-License-Identifier: GPL-2.0
/*
 * Parts that tests/orders runs at once, in all orders. Run alone, as all other tests here,
 * each does what its name says.
 *
 * What came out of an order is printed as "outcome ...".
 */

#include <linux/completion.h>
#include <linux/huge_mm.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include <sim/test.h>

#include "mm_test.h"

#define report(fmt, ...)	printk(KERN_INFO "outcome " fmt "\n", ##__VA_ARGS__)

static int x, y;

static void increment(void)
{
	int seen = READ_ONCE(x);

	WRITE_ONCE(x, seen + 1);
}

SIM_TEST(order_x__reported__is_what_was_stored)
{
	report("x=%d y=%d", x, y);
}

SIM_TEST(order_plain__increment__counts_alone)
{
	increment();
}

static DEFINE_MUTEX(mutex);

SIM_TEST(order_mutex__increment__counts)
{
	guard(mutex)(&mutex);
	increment();
}

SIM_TEST(order_mutex__trylock_and_increment__counts_if_taken)
{
	if (!mutex_trylock(&mutex))
		return;
	increment();
	mutex_unlock(&mutex);
}

static DEFINE_SPINLOCK(spin);

SIM_TEST(order_spinlock__increment__counts)
{
	guard(spinlock)(&spin);
	increment();
}

static DEFINE_MUTEX(inner);

SIM_TEST(order_abba__inner_in_outer__is_fine_alone)
{
	guard(mutex)(&mutex);
	guard(mutex)(&inner);
}

SIM_TEST(order_abba__outer_in_inner__is_fine_alone)
{
	guard(mutex)(&inner);
	guard(mutex)(&mutex);
}

static DECLARE_RWSEM(sem);
static int readers;

static void read_both(void)
{
	bool alone = !READ_ONCE(readers);
	int first = READ_ONCE(x);

	WRITE_ONCE(readers, 1);
	EXPECT_EQ(READ_ONCE(y), first);
	report("read %d%s", first, alone ? "" : " together");
}

SIM_TEST(order_rwsem__read__sees_both_or_none)
{
	guard(rwsem_read)(&sem);
	read_both();
	WRITE_ONCE(readers, 0);
}

SIM_TEST(order_rwsem__write__changes_both)
{
	guard(rwsem_write)(&sem);
	WRITE_ONCE(x, 1);
	WRITE_ONCE(y, 1);
}

SIM_TEST(order_rwsem__write_then_read__lets_no_writer_between)
{
	down_write(&sem);
	WRITE_ONCE(x, 2);
	WRITE_ONCE(y, 2);
	downgrade_write(&sem);
	EXPECT_EQ(READ_ONCE(x), 2);
	EXPECT_EQ(READ_ONCE(y), 2);
	up_read(&sem);
}

SIM_TEST(order_rwsem__read_twice__is_p10)
{
	guard(rwsem_read)(&sem);
	guard(rwsem_read)(&sem);
}

static DECLARE_COMPLETION(done);

SIM_TEST(order_completion__waiter_alone__deadlocks)
{
	wait_for_completion(&done);
	EXPECT_EQ(x, 1);
}

SIM_TEST(order_completion__complete__comes_after_the_work)
{
	x = 1;
	complete(&done);
}

static DECLARE_WAIT_QUEUE_HEAD(queue);

SIM_TEST(order_wait__sleeper_alone__deadlocks)
{
	wait_event(queue, READ_ONCE(x));
}

/* Between what the condition sees and the sleep lies another scheduling point. */
SIM_TEST(order_wait__condition_under_a_lock__deadlocks)
{
	bool seen;

	wait_event(queue, ({
		spin_lock(&spin);
		seen = READ_ONCE(x);
		spin_unlock(&spin);
		seen;
	}));
}

SIM_TEST(order_wait__waker__makes_the_condition_true_first)
{
	WRITE_ONCE(x, 1);
	wake_up(&queue);
}

SIM_TEST(order_rcu__reader__sees_what_is_there)
{
	int seen_x, seen_y;

	rcu_read_lock();
	seen_x = READ_ONCE(x);
	seen_y = READ_ONCE(y);
	rcu_read_unlock();
	report("x=%d y=%d", seen_x, seen_y);
}

SIM_TEST(order_rcu__update_in_two_steps__waits_between)
{
	WRITE_ONCE(x, 1);
	synchronize_rcu();
	WRITE_ONCE(y, 1);
}

SIM_TEST(order_rcu__update_without_waiting__is_the_mistake)
{
	WRITE_ONCE(x, 1);
	WRITE_ONCE(y, 1);
}

DEFINE_STATIC_SRCU(domain);

SIM_TEST(order_srcu__reader__sees_what_is_there)
{
	int idx = srcu_read_lock(&domain);
	int seen_x = READ_ONCE(x);
	int seen_y = READ_ONCE(y);

	srcu_read_unlock(&domain, idx);
	report("x=%d y=%d", seen_x, seen_y);
}

SIM_TEST(order_srcu__update_in_two_steps__waits_between)
{
	WRITE_ONCE(x, 1);
	synchronize_srcu(&domain);
	WRITE_ONCE(y, 1);
}

static struct rcu_head head;

static void take_away(struct rcu_head *unused)
{
	y = 1;
}

SIM_TEST(order_call_rcu__take_away_later__never_under_a_reader)
{
	WRITE_ONCE(x, 1);
	call_rcu(&head, take_away);
	syscall_exit();
}

SIM_TEST(order_call_rcu__reader__never_sees_it_taken_away)
{
	rcu_read_lock();
	if (!READ_ONCE(x)) {
		cpu_relax();
		EXPECT_EQ(READ_ONCE(y), 0);
	}
	rcu_read_unlock();
}

static refcount_t refs = REFCOUNT_INIT(2);

SIM_TEST(order_refcount__put__one_is_the_last)
{
	if (refcount_dec_and_test(&refs))
		increment();
}

SIM_TEST(order_refcount__get_unless_zero__never_revives)
{
	if (!refcount_inc_not_zero(&refs))
		return;
	EXPECT_EQ(x, 0);
	if (refcount_dec_and_test(&refs))
		increment();
}

static DEFINE_XARRAY_ALLOC(ids);

SIM_TEST(order_xarray__alloc__gives_an_index_of_its_own)
{
	u32 id;

	EXPECT_EQ(xa_alloc(&ids, &id, &x, XA_LIMIT(100, 200), GFP_KERNEL), 0);
	report("index %u", id);
	EXPECT(xa_erase(&ids, id) == &x);
}

static DEFINE_XARRAY(array);

SIM_TEST(order_xarray__insert__succeeds_where_nothing_is)
{
	if (xa_insert(&array, 70, &x, GFP_KERNEL))
		return;
	increment();
	cpu_relax();
	EXPECT(xa_erase(&array, 70) == &x);
}

SIM_TEST(order_xarray__store_with_the_lock_held__keeps_others_out)
{
	xa_lock(&array);
	if (!xa_load(&array, 70)) {
		__xa_store(&array, 70, &y, GFP_ATOMIC);
		cpu_relax();
		EXPECT(__xa_erase(&array, 70) == &y);
	}
	xa_unlock(&array);
}

static struct inode split_inode;
static int split_stage;

enum { SPLIT_NOT_READY, SPLIT_READY, SPLIT_OVER };

SIM_TEST(order_split__split__is_refused_while_somebody_looks)
{
	struct folio *folio;

	mt_inode_init(&split_inode);
	folio = mt_fill_large(&split_inode, 0, 2);
	WRITE_ONCE(split_stage, SPLIT_READY);
	folio_get(folio);
	folio_lock(folio);
	report("split %d", split_folio(folio));
	folio_unlock(folio);
	folio_put(folio);
	WRITE_ONCE(split_stage, SPLIT_OVER);
	truncate_inode_pages_final(split_inode.i_mapping);
}

/* There is a folio for each page at any time, and it stays what it is while it is held. */
SIM_TEST(order_split__look_up__finds_the_folio_or_a_part_of_it)
{
	struct folio *folio;

	if (READ_ONCE(split_stage) != SPLIT_READY)
		return;
	folio = filemap_get_folio(split_inode.i_mapping, 2);
	if (IS_ERR(folio)) {
		if (READ_ONCE(split_stage) == SPLIT_READY)
			report("lost");
		return;
	}
	report("found order %u at %lu", folio_order(folio), folio->index);
	if (folio->mapping)
		EXPECT(folio_contains(folio, 2));
	folio_put(folio);
}
