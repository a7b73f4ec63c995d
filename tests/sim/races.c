// SPDX-License-Identifier: GPL-2.0
/*
 * Parts that tests/races runs two at a time, in all orders, to see whether they race. Alone they
 * prove nothing.
 */

#include <linux/bitops.h>
#include <linux/completion.h>
#include <linux/llist.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include <sim/test.h>

/**
 * struct thing - what tasks share.
 * @value: plain
 * @refs:  who uses it
 * @rcu:   to free it
 */
struct thing {
	int value;
	refcount_t refs;
	atomic_t users;
	struct rcu_head rcu;
};

static int data, flag;
static char bytes[8];
static struct thing *thing;

/* Nobody may leave the load out. */
static void use(int value)
{
	__asm__ __volatile__("" : : "r"(value));
}

static struct thing *new_thing(void)
{
	struct thing *t = kzalloc(sizeof(*t), GFP_KERNEL);

	EXPECT(t);
	t->value = 1;
	refcount_set(&t->refs, 2);
	atomic_set(&t->users, 2);
	return t;
}

SIM_TEST(race_thing__set_up__is_there)
{
	thing = new_thing();
}

/* Accesses alone. */

SIM_TEST(race_data__written__is_stored)
{
	data = 1;
}

SIM_TEST(race_data__read__is_loaded)
{
	use(data);
}

SIM_TEST(race_data__write_once__is_stored)
{
	WRITE_ONCE(data, 1);
}

SIM_TEST(race_data__read_once__is_loaded)
{
	use(READ_ONCE(data));
}

SIM_TEST(race_data__read_on_purpose__is_loaded)
{
	use(data_race(data));
}

static atomic_t counter;

SIM_TEST(race_counter__incremented__counts)
{
	atomic_inc(&counter);
}

SIM_TEST(race_counter__read_plainly__is_loaded)
{
	use(counter.counter);
}

SIM_TEST(race_bytes__first_written__is_stored)
{
	bytes[0] = 1;
}

SIM_TEST(race_bytes__second_written__is_stored)
{
	bytes[1] = 1;
}

SIM_TEST(race_bytes__all_cleared__are_zero)
{
	memset(bytes, 0, sizeof(bytes));
}

/* Locks. */

static DEFINE_MUTEX(mutex);
static DEFINE_MUTEX(other_mutex);
static DEFINE_SPINLOCK(spin);
static DEFINE_RWLOCK(rwlock);
static DECLARE_RWSEM(sem);

SIM_TEST(race_mutex__increment__counts)
{
	guard(mutex)(&mutex);
	data++;
}

SIM_TEST(race_other_mutex__increment__counts)
{
	guard(mutex)(&other_mutex);
	data++;
}

SIM_TEST(race_spinlock__increment__counts)
{
	guard(spinlock)(&spin);
	data++;
}

SIM_TEST(race_trylock__increment_if_taken__counts)
{
	if (!mutex_trylock(&mutex))
		return;
	data++;
	mutex_unlock(&mutex);
}

SIM_TEST(race_trylock__increment_anyway__is_the_mistake)
{
	bool taken = mutex_trylock(&mutex);

	data++;
	if (taken)
		mutex_unlock(&mutex);
}

SIM_TEST(race_rwlock__read__is_loaded)
{
	read_lock(&rwlock);
	use(data);
	read_unlock(&rwlock);
}

SIM_TEST(race_rwlock__increment__counts)
{
	write_lock(&rwlock);
	data++;
	write_unlock(&rwlock);
}

SIM_TEST(race_rwsem__read__is_loaded)
{
	guard(rwsem_read)(&sem);
	use(data);
}

SIM_TEST(race_rwsem__increment__counts)
{
	guard(rwsem_write)(&sem);
	data++;
}

SIM_TEST(race_rwsem__increment_as_reader__is_the_mistake)
{
	guard(rwsem_read)(&sem);
	data++;
}

SIM_TEST(race_rwsem__increment_and_downgrade__counts)
{
	down_write(&sem);
	data++;
	downgrade_write(&sem);
	use(data);
	up_read(&sem);
}

SIM_TEST(race_rwsem__increment_after_downgrade__is_the_mistake)
{
	down_write(&sem);
	downgrade_write(&sem);
	data++;
	up_read(&sem);
}

static unsigned long bits;

SIM_TEST(race_bit_lock__increment__counts)
{
	if (test_and_set_bit_lock(0, &bits))
		return;
	data++;
	clear_bit_unlock(0, &bits);
}

SIM_TEST(race_bit_lock__unlocked_without_order__is_the_mistake)
{
	if (test_and_set_bit_lock(0, &bits))
		return;
	data++;
	clear_bit(0, &bits);
}

static struct folio *folio;

SIM_TEST(race_folio__set_up__is_there)
{
	folio = folio_alloc(GFP_KERNEL, 0);
	EXPECT(folio);
}

SIM_TEST(race_folio_lock__increment__counts)
{
	if (!folio)
		return;
	folio_lock(folio);
	data++;
	folio_unlock(folio);
}

SIM_TEST(race_folio_lock__trylock_and_increment__counts)
{
	if (!folio || !folio_trylock(folio))
		return;
	data++;
	folio_unlock(folio);
}

/* Publication. */

SIM_TEST(race_release__publish__comes_after_the_data)
{
	data = 1;
	smp_store_release(&flag, 1);
}

SIM_TEST(race_acquire__consume__comes_before_the_data)
{
	if (smp_load_acquire(&flag))
		use(data);
}

SIM_TEST(race_once__publish__is_the_mistake)
{
	data = 1;
	WRITE_ONCE(flag, 1);
}

SIM_TEST(race_once__consume__is_the_mistake)
{
	if (READ_ONCE(flag))
		use(data);
}

SIM_TEST(race_fences__publish__comes_after_the_data)
{
	data = 1;
	smp_wmb();
	WRITE_ONCE(flag, 1);
}

SIM_TEST(race_fences__consume__comes_before_the_data)
{
	if (!READ_ONCE(flag))
		return;
	smp_rmb();
	use(data);
}

SIM_TEST(race_release__publish_and_store_again__leaves_no_order)
{
	data = 1;
	smp_store_release(&flag, 0);
	WRITE_ONCE(flag, 1);
}

static atomic_t full;

SIM_TEST(race_full__second_to_come__has_the_data)
{
	data = 1;
	if (atomic_inc_return(&full) == 2)
		data++;
}

SIM_TEST(race_full__second_to_come__reads_what_the_first_wrote)
{
	if (atomic_inc_return(&full) == 2)
		use(data);
}

SIM_TEST(race_relaxed__second_to_come__is_the_mistake)
{
	atomic_inc(&full);
	if (atomic_read(&full) == 2)
		use(data);
}

SIM_TEST(race_rcu__publish__comes_after_the_contents)
{
	rcu_assign_pointer(thing, new_thing());
}

SIM_TEST(race_rcu__publish_without_order__is_the_mistake)
{
	WRITE_ONCE(thing, new_thing());
}

SIM_TEST(race_rcu__reader__finds_the_contents)
{
	struct thing *t;

	guard(rcu)();
	t = rcu_dereference(thing);
	if (t)
		use(t->value);
}

static DEFINE_XARRAY(array);

SIM_TEST(race_xarray__publish__comes_after_the_contents)
{
	struct thing *t = new_thing();

	EXPECT(!xa_err(xa_store(&array, 5, t, GFP_KERNEL)));
}

SIM_TEST(race_xarray__publish_too_early__is_the_mistake)
{
	struct thing *t = new_thing();

	EXPECT(!xa_err(xa_store(&array, 5, t, GFP_KERNEL)));
	t->value = 2;
}

SIM_TEST(race_xarray__reader__finds_the_contents)
{
	struct thing *t;

	guard(rcu)();
	t = xa_load(&array, 5);
	if (t)
		use(t->value);
}

/**
 * struct node - a thing in a list.
 * @llist: in it
 * @value: plain
 */
struct node {
	struct llist_node llist;
	int value;
};

static LLIST_HEAD(list);

SIM_TEST(race_llist__add__comes_after_the_contents)
{
	struct node *node = kzalloc(sizeof(*node), GFP_KERNEL);

	EXPECT(node);
	node->value = 1;
	llist_add(&node->llist, &list);
}

SIM_TEST(race_llist__take__finds_the_contents)
{
	struct llist_node *first = llist_del_all(&list);

	if (first)
		use(container_of(first, struct node, llist)->value);
}

/* The end of an object. */

SIM_TEST(race_refs__put__last_one_frees)
{
	if (!thing)
		return;
	thing->value++;
	if (refcount_dec_and_test(&thing->refs))
		kfree(thing);
}

SIM_TEST(race_refs__read_and_put__last_one_frees)
{
	if (!thing)
		return;
	use(thing->value);
	if (refcount_dec_and_test(&thing->refs))
		kfree(thing);
}

SIM_TEST(race_users__put_without_order__is_the_mistake)
{
	if (!thing)
		return;
	use(thing->value);
	atomic_dec(&thing->users);
}

SIM_TEST(race_users__free_when_gone__is_the_mistake)
{
	if (thing && atomic_read(&thing->users) == 1)
		kfree(thing);
}

static struct thing *take_thing(void)
{
	struct thing *t = thing;

	rcu_assign_pointer(thing, NULL);
	return t;
}

SIM_TEST(race_rcu__free_after_a_grace_period__harms_no_reader)
{
	struct thing *t = take_thing();

	synchronize_rcu();
	kfree(t);
}

SIM_TEST(race_rcu__free_by_callback__harms_no_reader)
{
	struct thing *t = take_thing();

	kfree_rcu(t, rcu);
	rcu_barrier();
}

SIM_TEST(race_rcu__free_at_once__is_the_mistake)
{
	kfree(take_thing());
}

DEFINE_STATIC_SRCU(domain);

SIM_TEST(race_srcu__reader__finds_the_contents)
{
	int idx = srcu_read_lock(&domain);
	struct thing *t = srcu_dereference(thing, &domain);

	if (t)
		use(t->value);
	srcu_read_unlock(&domain, idx);
}

SIM_TEST(race_srcu__free_after_a_grace_period__harms_no_reader)
{
	struct thing *t = take_thing();

	synchronize_srcu(&domain);
	kfree(t);
}

/* What is allocated anew has nothing to do with what was there before. */
SIM_TEST(race_memory__used_for_a_while__is_ones_own)
{
	struct thing *t = new_thing();

	t->value++;
	kfree(t);
}

SIM_TEST(race_page__used_for_a_while__is_ones_own)
{
	unsigned long page = __get_free_page(GFP_KERNEL);

	EXPECT(page);
	memset((void *)page, 1, PAGE_SIZE);
	free_page(page);
}

/* Waiting. */

static DECLARE_COMPLETION(done);

SIM_TEST(race_completion__complete__comes_after_the_data)
{
	data = 1;
	complete(&done);
}

SIM_TEST(race_completion__complete_too_early__is_the_mistake)
{
	complete(&done);
	data = 1;
}

SIM_TEST(race_completion__waiter_alone__deadlocks)
{
	wait_for_completion(&done);
	use(data);
}

static DECLARE_WAIT_QUEUE_HEAD(queue);

SIM_TEST(race_wait__waker__releases_the_condition)
{
	data = 1;
	smp_store_release(&flag, 1);
	wake_up(&queue);
}

SIM_TEST(race_wait__waker__just_sets_the_condition)
{
	data = 1;
	WRITE_ONCE(flag, 1);
	wake_up(&queue);
}

SIM_TEST(race_wait__sleeper_alone__deadlocks)
{
	wait_event(queue, smp_load_acquire(&flag));
	use(data);
}

SIM_TEST(race_wait__sleeper_with_no_order__deadlocks)
{
	wait_event(queue, READ_ONCE(flag));
	use(data);
}

SIM_TEST(race_wait__wake_up_only__comes_after_the_data)
{
	data = 1;
	wake_up(&queue);
}

SIM_TEST(race_wait__sleep_once__deadlocks)
{
	sim_wait_begin(&queue);
	sim_wait(&queue);
	use(data);
}
