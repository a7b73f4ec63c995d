// SPDX-License-Identifier: GPL-2.0
/* Actions at the end of a scope: guards, classes and freeing. */

#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <sim/test.h>

static DEFINE_MUTEX(mutex);
static DECLARE_RWSEM(sem);
static DEFINE_SPINLOCK(spin);
DEFINE_STATIC_SRCU(domain);

static int order[4];
static int ended;

DEFINE_FREE(note, int, order[ended++] = _T)
DEFINE_CLASS(tracked, int, order[ended++] = _T, base + 1, int base)

static void two_in_a_scope(void)
{
	int first __free(note) = 1;
	CLASS(tracked, second)(1);

	EXPECT_EQ(second, 2);
	(void)first;
}

SIM_TEST(cleanup__several_in_a_scope__end_in_reverse_order)
{
	two_in_a_scope();
	EXPECT_EQ(ended, 2);
	EXPECT_EQ(order[0], 2);
	EXPECT_EQ(order[1], 1);
}

static void *give_away(void)
{
	void *p __free(kfree) = kmalloc(16, GFP_KERNEL);

	return_ptr(p);
}

SIM_TEST(cleanup__pointer_given_away__is_not_freed)
{
	void *p = give_away();
	void *q __free(kfree) = kmalloc(16, GFP_KERNEL);
	void *r __free(kfree) = NULL;

	EXPECT(p && p != q && !r);
	kfree(p);
	p = no_free_ptr(q);
	EXPECT(!q);
	r = p;
	retain_and_null_ptr(r);
	EXPECT(!r);
	kfree(p);
}

static int early_return(void)
{
	guard(mutex)(&mutex);
	guard(rwsem_read)(&sem);
	if (lockdep_is_held(&mutex) && lockdep_is_held(&sem))
		return 1;
	return 0;
}

SIM_TEST(guard__early_return__unlocks)
{
	EXPECT_EQ(early_return(), 1);
	EXPECT(!mutex_is_locked(&mutex));
	EXPECT(!rwsem_is_locked(&sem));
}

SIM_TEST(scoped_guard__end_and_break__unlock)
{
	bool reached = false;

	scoped_guard(mutex, &mutex) {
		EXPECT(mutex_is_locked(&mutex));
		reached = true;
	}
	EXPECT(reached);
	EXPECT(!mutex_is_locked(&mutex));
	scoped_guard(rwsem_write, &sem) {
		if (reached)
			break;
		reached = false;
	}
	EXPECT(reached);
	EXPECT(!rwsem_is_locked(&sem));
	scoped_guard(spinlock_irqsave, &spin)
		EXPECT(spin_is_locked(&spin));
	EXPECT(!spin_is_locked(&spin));
}

SIM_TEST(scoped_guard__trylock_fails__skips_the_body)
{
	int ran = 0;

	mutex_lock(&mutex);
	scoped_guard(mutex_try, &mutex)
		ran++;
	EXPECT_EQ(ran, 0);
	EXPECT(lockdep_is_held(&mutex));
	mutex_unlock(&mutex);
	scoped_guard(mutex_try, &mutex)
		ran++;
	EXPECT_EQ(ran, 1);
	EXPECT(!mutex_is_locked(&mutex));
}

static int conditional(void)
{
	scoped_cond_guard(mutex_try, return -EBUSY, &mutex)
		return 7;
	return 0;
}

SIM_TEST(scoped_cond_guard__lock_taken_or_not__does_the_one_or_the_other)
{
	EXPECT_EQ(conditional(), 7);
	mutex_lock(&mutex);
	EXPECT_EQ(conditional(), -EBUSY);
	mutex_unlock(&mutex);
	EXPECT(!mutex_is_locked(&mutex));
}

SIM_TEST(acquire__interrupted__says_why_and_unlocks_nothing)
{
	mutex_lock(&mutex);
	current->signal_pending = true;
	{
		ACQUIRE(mutex_intr, lock)(&mutex);

		EXPECT_EQ(ACQUIRE_ERR(mutex_intr, &lock), -EINTR);
	}
	current->signal_pending = false;
	EXPECT(lockdep_is_held(&mutex));
	mutex_unlock(&mutex);
	{
		ACQUIRE(mutex_intr, lock)(&mutex);

		EXPECT_EQ(ACQUIRE_ERR(mutex_intr, &lock), 0);
		EXPECT(lockdep_is_held(&mutex));
	}
	EXPECT(!mutex_is_locked(&mutex));
}

SIM_TEST(guard__rcu_and_srcu__cover_the_scope)
{
	{
		guard(rcu)();
		guard(srcu)(&domain);
		EXPECT(rcu_read_lock_held());
		EXPECT(srcu_read_lock_held(&domain));
	}
	EXPECT(!rcu_read_lock_held());
	EXPECT(!srcu_read_lock_held(&domain));
}
