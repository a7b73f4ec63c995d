// SPDX-License-Identifier: GPL-2.0
/* RCU and SRCU: what waits for which readers, and when callbacks run. */

#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <sim/test.h>

DEFINE_STATIC_SRCU(domain);
DEFINE_STATIC_SRCU(other_domain);

static int called[4];
static int calls;

/**
 * struct noted - something with a callback.
 * @number: to tell it from others
 * @rcu:    for the callback
 */
struct noted {
	int number;
	struct rcu_head rcu;
};

static void note(struct rcu_head *head)
{
	called[calls++] = container_of(head, struct noted, rcu)->number;
}

SIM_TEST(call_rcu__no_readers__runs_at_the_end_of_the_system_call_in_order)
{
	static struct noted first = { .number = 1 }, second = { .number = 2 };

	call_rcu(&first.rcu, note);
	call_rcu(&second.rcu, note);
	EXPECT_EQ(calls, 0);
	syscall_exit();
	EXPECT_EQ(calls, 2);
	EXPECT_EQ(called[0], 1);
	EXPECT_EQ(called[1], 2);
}

SIM_TEST(call_rcu__reader_under_way__waits_for_it)
{
	static struct task_struct reader = { .comm = "reader" };
	static struct noted first = { .number = 1 };
	struct task_struct *self = current;

	list_add_tail(&reader.tasks, &init_task.tasks);
	sim_current = &reader;
	rcu_read_lock();
	rcu_read_lock();
	sim_current = self;
	call_rcu(&first.rcu, note);
	syscall_exit();
	EXPECT_EQ(calls, 0);
	sim_current = &reader;
	rcu_read_unlock();
	sim_current = self;
	syscall_exit();
	EXPECT_EQ(calls, 0);
	sim_current = &reader;
	rcu_read_unlock();
	/* A reader that comes later is not waited for. */
	rcu_read_lock();
	sim_current = self;
	syscall_exit();
	EXPECT_EQ(calls, 1);
	sim_current = &reader;
	rcu_read_unlock();
	sim_current = self;
	list_del(&reader.tasks);
}

static void queue_again(struct rcu_head *head)
{
	if (++calls < 3)
		call_rcu(head, queue_again);
}

SIM_TEST(rcu_barrier__callbacks_that_queue_more__waits_for_all)
{
	static struct noted first;

	call_rcu(&first.rcu, queue_again);
	rcu_barrier();
	EXPECT_EQ(calls, 3);
	EXPECT_EQ(rcu_callbacks_pending(), 0);
}

SIM_TEST(kfree_rcu__object__is_freed_after_a_grace_period)
{
	struct noted *noted = kmalloc(sizeof(*noted), GFP_KERNEL);

	EXPECT(noted);
	rcu_read_lock();
	kfree_rcu(noted, rcu);
	noted->number = 5;
	EXPECT_EQ(noted->number, 5);
	rcu_read_unlock();
	kfree_rcu((struct noted *)NULL, rcu);
	noted = kmalloc(sizeof(*noted), GFP_KERNEL);
	kfree_rcu_mightsleep(noted);
}

SIM_TEST(rcu__sleeping_in_a_read_section__warns)
{
	static DEFINE_MUTEX(mutex);

	rcu_read_lock();
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	rcu_read_unlock();
}

SIM_TEST(rcu__dereferenced_outside_of_a_read_section__warns)
{
	static int __rcu *pointer;

	EXPECT(!rcu_dereference_protected(pointer, true));
	EXPECT(!rcu_access_pointer(pointer));
	EXPECT(!rcu_dereference(pointer));
}

SIM_TEST(rcu__read_section_taken_to_user_space__warns)
{
	rcu_read_lock();
	syscall_exit();
	rcu_read_unlock();
}

SIM_TEST(rculist__entry_deleted_under_a_reader__leads_on)
{
	LIST_HEAD(head);
	struct list_head a, b, c;

	list_add_tail_rcu(&a, &head);
	list_add_tail_rcu(&b, &head);
	list_add_tail_rcu(&c, &head);
	list_del_rcu(&b);
	EXPECT(b.next == &c);
	EXPECT(a.next == &c && c.prev == &a);
}

SIM_TEST(srcu__other_domain__is_not_waited_for)
{
	int idx = srcu_read_lock(&domain);

	synchronize_srcu(&other_domain);
	EXPECT(srcu_read_lock_held(&domain));
	EXPECT(!srcu_read_lock_held(&other_domain));
	srcu_read_unlock(&domain, idx);
	synchronize_srcu(&domain);
}

SIM_TEST(srcu__readers_before_and_after_a_grace_period__have_different_indices)
{
	int before = srcu_read_lock(&domain), after;

	srcu_read_unlock(&domain, before);
	synchronize_srcu(&domain);
	after = srcu_read_lock(&domain);
	EXPECT(before != after);
	srcu_read_unlock(&domain, after);
}

SIM_TEST(srcu__grace_period_in_a_read_section__deadlocks)
{
	int idx = srcu_read_lock(&domain);

	synchronize_srcu(&domain);
	srcu_read_unlock(&domain, idx);
}

SIM_TEST(srcu__wrong_index__is_checked)
{
	int idx = srcu_read_lock(&domain);

	srcu_read_unlock(&domain, !idx);
}

SIM_TEST(srcu__cleaned_up_with_a_reader__warns)
{
	struct srcu_struct dynamic;
	int idx;

	EXPECT_EQ(init_srcu_struct(&dynamic), 0);
	idx = srcu_read_lock(&dynamic);
	cleanup_srcu_struct(&dynamic);
	srcu_read_unlock(&dynamic, idx);
}

SIM_TEST(call_srcu__reader_gone__runs_at_the_end_of_the_system_call)
{
	static struct noted first = { .number = 1 }, second = { .number = 2 };
	int idx = srcu_read_lock(&domain);

	call_srcu(&domain, &first.rcu, note);
	call_srcu(&other_domain, &second.rcu, note);
	rcu_quiescent();
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(called[0], 2);
	srcu_read_unlock(&domain, idx);
	srcu_barrier(&domain);
	EXPECT_EQ(calls, 2);
}
