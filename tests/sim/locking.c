// SPDX-License-Identifier: GPL-2.0
/* Locks: who may have them, who may give them back, and what must not happen meanwhile. */

#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <sim/test.h>

static DEFINE_MUTEX(mutex_a);
static DEFINE_MUTEX(mutex_b);
static DECLARE_RWSEM(sem);
static DEFINE_SPINLOCK(spin);
static DEFINE_RWLOCK(rw);

/* Another task, in whose name something is done that does not sleep. */
static struct task_struct stranger = { .pid = 1000, .comm = "stranger" };
static struct task_struct *self;

static void become_stranger(void)
{
	self = current;
	sim_current = &stranger;
}

static void become_self(void)
{
	sim_current = self;
}

SIM_TEST(mutex__held__is_refused_to_others_and_known_to_its_owner)
{
	mutex_lock(&mutex_a);
	EXPECT(mutex_is_locked(&mutex_a));
	EXPECT(lockdep_is_held(&mutex_a));
	EXPECT(!lockdep_is_held(&mutex_b));
	become_stranger();
	EXPECT(!mutex_trylock(&mutex_a));
	EXPECT(!lockdep_is_held(&mutex_a));
	become_self();
	mutex_unlock(&mutex_a);
	EXPECT(!mutex_is_locked(&mutex_a));
	EXPECT(mutex_trylock(&mutex_a));
	mutex_unlock(&mutex_a);
}

SIM_TEST(mutex__unlocked_out_of_order__is_fine)
{
	mutex_lock(&mutex_a);
	mutex_lock(&mutex_b);
	mutex_unlock(&mutex_a);
	EXPECT(lockdep_is_held(&mutex_b));
	EXPECT(!lockdep_is_held(&mutex_a));
	mutex_unlock(&mutex_b);
	EXPECT_EQ(current->locks_held, 0);
}

SIM_TEST(mutex__locked_twice__deadlocks)
{
	mutex_lock(&mutex_a);
	mutex_lock(&mutex_a);
}

SIM_TEST(mutex__unlocked_by_a_stranger__is_checked)
{
	mutex_lock(&mutex_a);
	become_stranger();
	mutex_unlock(&mutex_a);
}

SIM_TEST(mutex__never_initialised__is_checked)
{
	struct mutex raw = { };

	mutex_lock(&raw);
}

SIM_TEST(mutex__interruptible_wait_with_a_signal__is_eintr)
{
	mutex_lock(&mutex_a);
	become_stranger();
	stranger.signal_pending = true;
	EXPECT_EQ(mutex_lock_interruptible(&mutex_a), -EINTR);
	/* A free mutex is taken all the same. */
	EXPECT_EQ(mutex_lock_killable(&mutex_b), 0);
	mutex_unlock(&mutex_b);
	become_self();
	mutex_unlock(&mutex_a);
}

SIM_TEST(lockdep__lock_not_held__warns)
{
	lockdep_assert_held(&mutex_a);
}

SIM_TEST(lockdep__shared_is_not_exclusive__warns)
{
	down_read(&sem);
	lockdep_assert_held(&sem);
	lockdep_assert_held_read(&sem);
	lockdep_assert_held_write(&sem);
	up_read(&sem);
}

SIM_TEST(rwsem__readers__share_and_keep_writers_out)
{
	down_read(&sem);
	become_stranger();
	EXPECT(down_read_trylock(&sem));
	EXPECT(!down_write_trylock(&sem));
	up_read(&sem);
	become_self();
	EXPECT(!down_write_trylock(&sem));
	up_read(&sem);
	EXPECT(down_write_trylock(&sem));
	EXPECT(!down_read_trylock(&sem));
	downgrade_write(&sem);
	become_stranger();
	EXPECT(down_read_trylock(&sem));
	up_read(&sem);
	become_self();
	up_read(&sem);
	EXPECT(!rwsem_is_locked(&sem));
}

SIM_TEST(rwsem__read_recursively__is_p10)
{
	down_read(&sem);
	down_read(&sem);
	up_read(&sem);
	up_read(&sem);
}

SIM_TEST(rwsem__read_recursively_past_a_waiting_writer__is_p10_and_deadlocks)
{
	down_read(&sem);
	sem.waiting_writers = 1;
	down_read(&sem);
}

SIM_TEST(rwsem__tried_by_a_reader__is_fine)
{
	down_read(&sem);
	EXPECT(down_read_trylock(&sem));
	up_read(&sem);
	up_read(&sem);
}

SIM_TEST(rwsem__two_of_one_kind_read__is_fine)
{
	struct rw_semaphore both[2];

	for (int i = 0; i < 2; i++)
		init_rwsem(&both[i]);
	down_read(&both[0]);
	down_read(&both[1]);
	up_read(&both[1]);
	up_read(&both[0]);
}

SIM_TEST(rwsem__read_recursively_and_killable__is_p10)
{
	down_read(&sem);
	EXPECT_EQ(down_read_killable(&sem), 0);
	up_read(&sem);
	up_read(&sem);
}

SIM_TEST(rwsem__free_with_a_waiting_writer__a_reader_may_still_get_it)
{
	sem.waiting_writers = 1;
	down_read(&sem);
	up_read(&sem);
	sem.waiting_writers = 0;
}

SIM_TEST(rwsem__trylock__overtakes_a_waiting_writer)
{
	down_read(&sem);
	sem.waiting_writers = 1;
	become_stranger();
	EXPECT(down_read_trylock(&sem));
	up_read(&sem);
	become_self();
	sem.waiting_writers = 0;
	up_read(&sem);
}

SIM_TEST(rwsem__read_then_write__deadlocks)
{
	down_read(&sem);
	down_write(&sem);
}

SIM_TEST(rwsem__wait_ended_by_a_signal__leaves_no_trace)
{
	down_write(&sem);
	become_stranger();
	stranger.signal_pending = true;
	EXPECT_EQ(down_read_killable(&sem), -EINTR);
	EXPECT_EQ(down_write_killable(&sem), -EINTR);
	become_self();
	EXPECT(!rwsem_is_contended(&sem));
	up_write(&sem);
	EXPECT(!rwsem_is_locked(&sem));
}

SIM_TEST(rwsem__given_back_in_the_wrong_way__is_checked)
{
	down_read(&sem);
	up_write(&sem);
}

SIM_TEST(spinlock__held__makes_atomic_context)
{
	unsigned long flags;

	EXPECT(!in_atomic());
	spin_lock_irqsave(&spin, flags);
	EXPECT(in_atomic());
	assert_spin_locked(&spin);
	EXPECT(!spin_trylock(&spin));
	spin_unlock_irqrestore(&spin, flags);
	EXPECT(!in_atomic());
}

SIM_TEST(spinlock__sleeping_while_held__warns)
{
	spin_lock(&spin);
	mutex_lock(&mutex_a);
	mutex_unlock(&mutex_a);
	spin_unlock(&spin);
}

SIM_TEST(spinlock__locked_twice__deadlocks)
{
	spin_lock(&spin);
	spin_lock(&spin);
}

SIM_TEST(spinlock__unlocked_by_a_stranger__is_checked)
{
	spin_lock(&spin);
	become_stranger();
	spin_unlock(&spin);
}

SIM_TEST(rwlock__readers_that_nest__keep_writers_out_and_that__is_p10)
{
	read_lock(&rw);
	read_lock(&rw);
	EXPECT(!write_trylock(&rw));
	read_unlock(&rw);
	EXPECT(!write_trylock(&rw));
	read_unlock(&rw);
	write_lock(&rw);
	EXPECT(!read_trylock(&rw));
	EXPECT(in_atomic());
	write_unlock(&rw);
	EXPECT(!in_atomic());
}

SIM_TEST(completion__done_before_the_wait__lets_one_pass)
{
	DECLARE_COMPLETION_ONSTACK(done);

	complete(&done);
	EXPECT(completion_done(&done));
	wait_for_completion(&done);
	EXPECT(!try_wait_for_completion(&done));
	complete_all(&done);
	wait_for_completion(&done);
	EXPECT(try_wait_for_completion(&done));
	reinit_completion(&done);
	EXPECT(!completion_done(&done));
}

SIM_TEST(completion__never_completed__deadlocks)
{
	DECLARE_COMPLETION_ONSTACK(done);

	wait_for_completion(&done);
}

SIM_TEST(wait_event__condition_true__does_not_sleep)
{
	DECLARE_WAIT_QUEUE_HEAD(queue);
	int ready = 1;

	wait_event(queue, ready);
	ready = 0;
	current->signal_pending = true;
	EXPECT_EQ(wait_event_interruptible(queue, ready), -ERESTARTSYS);
	current->signal_pending = false;
}
