// SPDX-License-Identifier: GPL-2.0
/* Litmus programs of sleeping: completions, wait queues, schedule(), RCU and SRCU grace periods. */

#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/wait.h>

#include "../../sim/kernel/task.h"
#include "litmus.h"
#include "mm_test.h"

#define SIGKILL		9

static int x, y;
static int r[4];

static DECLARE_COMPLETION(done);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static DEFINE_MUTEX(mutex);

LITMUS(completion, waiter)
{
	wait_for_completion(&done);
	r[0] = x;
}

LITMUS(completion, completer)
{
	x = 1;
	complete(&done);
}

LITMUS_OUTCOME(completion, "%d", r[0]);

LITMUS(completion_tried, waiter)
{
	r[0] = try_wait_for_completion(&done) ? x : -1;
}

LITMUS(completion_tried, completer)
{
	x = 1;
	complete(&done);
}

LITMUS_OUTCOME(completion_tried, "%d", r[0]);

LITMUS(completion_too_early, waiter)
{
	wait_for_completion(&done);
	r[0] = READ_ONCE(x);
}

LITMUS(completion_too_early, completer)
{
	complete(&done);
	WRITE_ONCE(x, 1);
}

LITMUS_OUTCOME(completion_too_early, "%d", r[0]);

LITMUS(completion_of_two, waiter)
{
	wait_for_completion(&done);
}

LITMUS(completion_of_two, completer)
{
	complete(&done);
}

LITMUS_OUTCOME(completion_of_two, "done");

LITMUS(complete_all, waiter)
{
	wait_for_completion(&done);
	r[0] += x;
}

LITMUS(complete_all, second_waiter)
{
	wait_for_completion(&done);
	r[1] += x;
}

LITMUS(complete_all, completer)
{
	x = 1;
	complete_all(&done);
}

LITMUS_OUTCOME(complete_all, "%d%d", r[0], r[1]);

LITMUS(wait_event, sleeper)
{
	wait_event(queue, READ_ONCE(x));
	WRITE_ONCE(r[0], READ_ONCE(x));
}

LITMUS(wait_event, waker)
{
	WRITE_ONCE(x, 1);
	wake_up(&queue);
}

LITMUS_OUTCOME(wait_event, "%d", r[0]);

LITMUS(woken_too_early, sleeper)
{
	wait_event(queue, READ_ONCE(x));
}

LITMUS(woken_too_early, waker)
{
	wake_up(&queue);
	WRITE_ONCE(x, 1);
}

LITMUS_OUTCOME(woken_too_early, "done");

LITMUS(never_woken, sleeper)
{
	wait_event(queue, READ_ONCE(x));
}

LITMUS(never_woken, writer)
{
	WRITE_ONCE(x, 1);
}

LITMUS_OUTCOME(never_woken, "done");

/* Who waits for one thing may be woken for another. */
LITMUS(two_conditions, wants_x)
{
	wait_event(queue, READ_ONCE(x));
}

LITMUS(two_conditions, wants_y)
{
	wait_event(queue, READ_ONCE(y));
}

LITMUS(two_conditions, waker)
{
	WRITE_ONCE(x, 1);
	wake_up(&queue);
	WRITE_ONCE(y, 1);
	wake_up(&queue);
}

LITMUS_OUTCOME(two_conditions, "done");

static struct task_struct *sleeper;

static void wake_sleeper(void)
{
	struct task_struct *task;

	WRITE_ONCE(x, 1);
	task = READ_ONCE(sleeper);
	if (task)
		wake_up_process(task);
}

LITMUS(schedule, sleeper)
{
	WRITE_ONCE(sleeper, current);
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (READ_ONCE(x))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	WRITE_ONCE(sleeper, NULL);
	wait_for_completion(&done);
}

LITMUS(schedule, waker)
{
	wake_sleeper();
	complete(&done);
}

LITMUS_OUTCOME(schedule, "done");

/* The state comes after the test: a wake-up in between is lost. */
LITMUS(schedule_too_late, sleeper)
{
	WRITE_ONCE(sleeper, current);
	if (!READ_ONCE(x)) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule();
	}
	WRITE_ONCE(sleeper, NULL);
	wait_for_completion(&done);
}

LITMUS(schedule_too_late, waker)
{
	wake_sleeper();
	complete(&done);
}

LITMUS_OUTCOME(schedule_too_late, "done");

static pid_t victim_pid;

LITMUS(signal_while_waiting, victim)
{
	WRITE_ONCE(victim_pid, current->tgid);
	r[0] = wait_event_interruptible(queue, READ_ONCE(x));
}

LITMUS(signal_while_waiting, killer)
{
	pid_t pid = READ_ONCE(victim_pid);

	if (pid)
		r[1] = ksys_kill(pid, SIGKILL);
	WRITE_ONCE(x, 1);
	wake_up(&queue);
}

LITMUS_OUTCOME(signal_while_waiting, "%d", r[0]);

/* Nobody makes the condition true: only the signal ends the wait. */
LITMUS(signal_alone, victim)
{
	WRITE_ONCE(victim_pid, current->tgid);
	r[0] = wait_for_completion_interruptible(&done);
}

LITMUS(signal_alone, killer)
{
	pid_t pid = READ_ONCE(victim_pid);

	if (pid)
		ksys_kill(pid, SIGKILL);
	else
		complete(&done);
}

LITMUS_OUTCOME(signal_alone, "%d", r[0]);

LITMUS(signal_not_wanted, victim)
{
	WRITE_ONCE(victim_pid, current->tgid);
	wait_for_completion(&done);
}

LITMUS(signal_not_wanted, killer)
{
	pid_t pid = READ_ONCE(victim_pid);

	if (pid)
		ksys_kill(pid, SIGKILL);
	else
		complete(&done);
}

LITMUS_OUTCOME(signal_not_wanted, "done");

/* What ends the wait for a lock: it is let go of, or the signal comes, whichever is first. */
static DECLARE_RWSEM(sem);

static void kill_victim(void)
{
	pid_t pid = READ_ONCE(victim_pid);

	if (pid)
		ksys_kill(pid, SIGKILL);
}

static void kill_with_mutex_held(void)
{
	guard(mutex)(&mutex);
	kill_victim();
	x = 1;
}

LITMUS(mutex_killable, victim)
{
	WRITE_ONCE(victim_pid, current->tgid);
	r[0] = mutex_lock_killable(&mutex);
	if (r[0])
		return;
	r[1] = x;
	mutex_unlock(&mutex);
}

LITMUS(mutex_killable, killer)
{
	kill_with_mutex_held();
}

LITMUS_OUTCOME(mutex_killable, "%d %d", r[0], r[1]);

LITMUS(mutex_not_killable, victim)
{
	WRITE_ONCE(victim_pid, current->tgid);
	guard(mutex)(&mutex);
	r[1] = 1 + x;
}

LITMUS(mutex_not_killable, killer)
{
	kill_with_mutex_held();
}

LITMUS_OUTCOME(mutex_not_killable, "%d", r[1]);

/* The mutex is free when the signal comes: it is taken all the same. */
LITMUS(mutex_killable_and_free, victim)
{
	WRITE_ONCE(victim_pid, current->tgid);
	r[0] = mutex_lock_killable(&mutex);
	if (!r[0])
		mutex_unlock(&mutex);
}

LITMUS(mutex_killable_and_free, killer)
{
	kill_victim();
}

LITMUS_OUTCOME(mutex_killable_and_free, "%d", r[0]);

/* Holder and killer are two: the signal may come before, while and after it waits. */
LITMUS(mutex_interruptible, victim)
{
	WRITE_ONCE(victim_pid, current->tgid);
	r[0] = mutex_lock_interruptible(&mutex);
	if (!r[0])
		mutex_unlock(&mutex);
}

LITMUS(mutex_interruptible, holder)
{
	guard(mutex)(&mutex);
	x = 1;
}

LITMUS(mutex_interruptible, killer)
{
	kill_victim();
}

LITMUS_OUTCOME(mutex_interruptible, "%d", r[0]);

/* Without the signal the two wait for each other. */
LITMUS(killed_out_of_a_deadlock, victim)
{
	WRITE_ONCE(victim_pid, current->tgid);
	guard(rwsem_write)(&sem);
	r[0] = mutex_lock_killable(&mutex);
	if (!r[0])
		mutex_unlock(&mutex);
}

LITMUS(killed_out_of_a_deadlock, killer)
{
	guard(mutex)(&mutex);
	kill_victim();
	scoped_guard(rwsem_write, &sem)
		x = 1;
}

LITMUS_OUTCOME(killed_out_of_a_deadlock, "%d", r[0]);

/* Nobody lets go of the mutex meanwhile: the signal alone ends the wait, even in mid-sleep. */
LITMUS(killed_to_have_its_lock, victim)
{
	guard(rwsem_write)(&sem);
	WRITE_ONCE(victim_pid, current->tgid);
	r[0] = mutex_lock_killable(&mutex);
	if (!r[0])
		mutex_unlock(&mutex);
}

LITMUS(killed_to_have_its_lock, killer)
{
	guard(mutex)(&mutex);
	if (!READ_ONCE(victim_pid))
		return;
	kill_victim();
	scoped_guard(rwsem_write, &sem)
		x = 1;
}

LITMUS_OUTCOME(killed_to_have_its_lock, "%d", r[0]);

LITMUS(down_read_killable, victim)
{
	WRITE_ONCE(victim_pid, current->tgid);
	r[0] = down_read_killable(&sem);
	if (r[0])
		return;
	r[1] = x;
	up_read(&sem);
}

LITMUS(down_read_killable, killer)
{
	guard(rwsem_write)(&sem);
	kill_victim();
	x = 1;
}

LITMUS_OUTCOME(down_read_killable, "%d %d", r[0], r[1]);

LITMUS(down_write_killable, victim)
{
	WRITE_ONCE(victim_pid, current->tgid);
	r[0] = down_write_killable(&sem);
	if (r[0])
		return;
	x++;
	up_write(&sem);
}

LITMUS(down_write_killable, killer)
{
	guard(rwsem_read)(&sem);
	kill_victim();
	r[1] = x;
}

LITMUS(down_write_killable, reader)
{
	guard(rwsem_read)(&sem);
	r[2] = x;
}

LITMUS(down_write_killable, writer)
{
	r[0] = down_write_killable(&sem);
	x++;
	up_write(&sem);
}

LITMUS(down_write_killable, second_reader)
{
	guard(rwsem_read)(&sem);
	r[3] = x;
}

LITMUS_OUTCOME(down_write_killable, "%d %d%d%d", r[0], r[1], r[2], r[3]);

static struct inode locked_inode;

LITMUS(folio_lock_killable, first)
{
	mt_inode_init(&locked_inode);
	mt_fill(&locked_inode, 0);
}

LITMUS(folio_lock_killable, victim)
{
	struct folio *folio = filemap_get_folio(locked_inode.i_mapping, 0);

	WRITE_ONCE(victim_pid, current->tgid);
	r[0] = folio_lock_killable(folio);
	if (!r[0])
		folio_unlock(folio);
	folio_put(folio);
}

LITMUS(folio_lock_killable, killer)
{
	struct folio *folio = filemap_lock_folio(locked_inode.i_mapping, 0);

	kill_victim();
	folio_unlock(folio);
	folio_put(folio);
}

LITMUS(folio_lock_killable, then)
{
	truncate_inode_pages_final(locked_inode.i_mapping);
	printk(KERN_INFO "outcome %d\n", r[0]);
}

LITMUS(wait_event_killable, victim)
{
	WRITE_ONCE(victim_pid, current->tgid);
	r[0] = wait_event_killable(queue, READ_ONCE(x));
}

LITMUS(wait_event_killable, killer)
{
	kill_victim();
	WRITE_ONCE(x, 1);
	wake_up(&queue);
}

LITMUS_OUTCOME(wait_event_killable, "%d", r[0]);

LITMUS(rcu, reader)
{
	guard(rcu)();
	r[0] = READ_ONCE(x);
	r[1] = READ_ONCE(y);
}

LITMUS(rcu, updater)
{
	WRITE_ONCE(x, 1);
	synchronize_rcu();
	WRITE_ONCE(y, 1);
}

LITMUS_OUTCOME(rcu, "%d%d", r[0], r[1]);

LITMUS(rcu_without_waiting, reader)
{
	guard(rcu)();
	r[0] = READ_ONCE(x);
	r[1] = READ_ONCE(y);
}

LITMUS(rcu_without_waiting, updater)
{
	WRITE_ONCE(x, 1);
	WRITE_ONCE(y, 1);
}

LITMUS_OUTCOME(rcu_without_waiting, "%d%d", r[0], r[1]);

LITMUS(rcu_two_sections, reader)
{
	scoped_guard(rcu)
		r[0] = READ_ONCE(x);
	scoped_guard(rcu)
		r[1] = READ_ONCE(y);
}

LITMUS(rcu_two_sections, updater)
{
	WRITE_ONCE(x, 1);
	synchronize_rcu();
	WRITE_ONCE(y, 1);
}

LITMUS_OUTCOME(rcu_two_sections, "%d%d", r[0], r[1]);

LITMUS(rcu_in_a_reader, updater)
{
	rcu_read_lock();
	if (READ_ONCE(x))
		synchronize_rcu();
	rcu_read_unlock();
}

LITMUS(rcu_in_a_reader, writer)
{
	WRITE_ONCE(x, 1);
}

LITMUS_OUTCOME(rcu_in_a_reader, "done");

LITMUS(rcu_reader_sleeps, reader)
{
	guard(rcu)();
	if (READ_ONCE(x)) {
		guard(mutex)(&mutex);
		r[0] = 1;
	}
}

LITMUS(rcu_reader_sleeps, writer)
{
	WRITE_ONCE(x, 1);
}

LITMUS_OUTCOME(rcu_reader_sleeps, "%d", r[0]);

DEFINE_STATIC_SRCU(domain);
DEFINE_STATIC_SRCU(other_domain);

static struct rcu_head head;

static void set_y(struct rcu_head *unused)
{
	WRITE_ONCE(y, 1);
}

LITMUS(call_rcu, reader)
{
	guard(rcu)();
	r[0] = READ_ONCE(x);
	r[1] = READ_ONCE(y);
}

LITMUS(call_rcu, updater)
{
	WRITE_ONCE(x, 1);
	call_rcu(&head, set_y);
}

LITMUS_OUTCOME(call_rcu, "%d%d %d", r[0], r[1], y);

LITMUS(rcu_barrier, reader)
{
	guard(rcu)();
	r[0] = READ_ONCE(y);
}

LITMUS(rcu_barrier, updater)
{
	call_rcu(&head, set_y);
	rcu_barrier();
	r[1] = READ_ONCE(y);
}

LITMUS_OUTCOME(rcu_barrier, "%d%d", r[0], r[1]);

/* Nobody reads: it may run at once, and at any time after that. */
LITMUS(call_rcu_at_any_time, updater)
{
	call_rcu(&head, set_y);
	r[0] = READ_ONCE(y);
	r[1] = READ_ONCE(y);
}

LITMUS(call_rcu_at_any_time, onlooker)
{
	r[2] = READ_ONCE(y);
}

LITMUS_OUTCOME(call_rcu_at_any_time, "%d%d %d %d", r[0], r[1], r[2], y);

/* Who queues it within a read section waits for itself. */
LITMUS(call_rcu_in_a_reader, updater)
{
	rcu_read_lock();
	call_rcu(&head, set_y);
	r[0] = READ_ONCE(y);
	rcu_read_unlock();
	r[1] = READ_ONCE(y);
}

LITMUS(call_rcu_in_a_reader, reader)
{
	guard(rcu)();
	r[2] = READ_ONCE(x);
}

LITMUS_OUTCOME(call_rcu_in_a_reader, "%d%d", r[0], r[1]);

static struct rcu_head second_head;

static void note_first(struct rcu_head *unused)
{
	cmpxchg(&x, 0, 1);
}

static void note_second(struct rcu_head *unused)
{
	cmpxchg(&x, 0, 2);
}

/* The task may be on another CPU by the time it queues the second one. */
LITMUS(call_rcu_twice, updater)
{
	call_rcu(&head, note_first);
	call_rcu(&second_head, note_second);
}

LITMUS(call_rcu_twice, other)
{
	WRITE_ONCE(y, 1);
}

LITMUS_OUTCOME(call_rcu_twice, "%d", x);

static void queue_second(struct rcu_head *unused)
{
	WRITE_ONCE(x, 1);
	call_rcu(&second_head, set_y);
}

LITMUS(call_rcu_by_a_callback, updater)
{
	call_rcu(&head, queue_second);
}

LITMUS(call_rcu_by_a_callback, onlooker)
{
	r[0] = READ_ONCE(y);
	r[1] = READ_ONCE(x);
}

LITMUS_OUTCOME(call_rcu_by_a_callback, "%d%d", r[0], r[1]);

/* What was queued before is waited for, not what that queues. */
LITMUS(rcu_barrier_and_no_more, updater)
{
	call_rcu(&head, queue_second);
	rcu_barrier();
	r[0] = READ_ONCE(x);
	r[1] = READ_ONCE(y);
}

LITMUS(rcu_barrier_and_no_more, other)
{
	guard(rcu)();
	r[2] = 1;
}

LITMUS_OUTCOME(rcu_barrier_and_no_more, "%d%d", r[0], r[1]);

LITMUS(rcu_barrier_by_another, updater)
{
	call_rcu(&head, set_y);
	WRITE_ONCE(x, 1);
}

LITMUS(rcu_barrier_by_another, waiter)
{
	r[0] = READ_ONCE(x);
	rcu_barrier();
	r[1] = READ_ONCE(y);
}

LITMUS_OUTCOME(rcu_barrier_by_another, "%d%d", r[0], r[1]);

/* The reader waits for the callback, and the callback for the reader. */
LITMUS(rcu_barrier_in_a_reader, updater)
{
	call_rcu(&head, set_y);
}

LITMUS(rcu_barrier_in_a_reader, reader)
{
	int idx = srcu_read_lock(&domain);

	rcu_barrier();
	r[0] = READ_ONCE(y);
	srcu_read_unlock(&domain, idx);
}

LITMUS_OUTCOME(rcu_barrier_in_a_reader, "%d%d", r[0], y);

static void sleep_in_callback(struct rcu_head *unused)
{
	guard(mutex)(&mutex);
	x = 1;
}

LITMUS(callback_sleeps, updater)
{
	call_rcu(&head, sleep_in_callback);
}

LITMUS(callback_sleeps, other)
{
	guard(mutex)(&mutex);
	r[0] = x;
}

LITMUS_OUTCOME(callback_sleeps, "%d", r[0]);

static DEFINE_SPINLOCK(spin);

static void add_ten(struct rcu_head *unused)
{
	guard(spinlock)(&spin);
	x += 10;
}

LITMUS(callback_takes_a_lock, updater)
{
	call_rcu(&head, add_ten);
	guard(spinlock)(&spin);
	r[0] = x;
	x += 1;
}

LITMUS(callback_takes_a_lock, other)
{
	WRITE_ONCE(y, 1);
}

LITMUS_OUTCOME(callback_takes_a_lock, "%d %d", r[0], x);

static void plain_store(struct rcu_head *unused)
{
	x = 1;
}

/* What comes before call_rcu() comes before the callback; what comes after it does not. */
LITMUS(callback_races, updater)
{
	call_rcu(&head, plain_store);
	r[0] = x;
}

LITMUS(callback_races, other)
{
	WRITE_ONCE(y, 1);
}

LITMUS_OUTCOME(callback_races, "%d", x);

static void plain_add(struct rcu_head *unused)
{
	x += 1;
}

LITMUS(callback_is_ordered, updater)
{
	x = 1;
	call_rcu(&head, plain_add);
	rcu_barrier();
	r[0] = x;
}

LITMUS(callback_is_ordered, reader)
{
	guard(rcu)();
	r[1] = READ_ONCE(y);
}

LITMUS_OUTCOME(callback_is_ordered, "%d", r[0]);

LITMUS(callback_after_the_reader, updater)
{
	call_rcu(&head, plain_store);
}

/* It reads plainly what the callback changes: right only for those that were there before. */
LITMUS(callback_after_the_reader, reader)
{
	rcu_read_lock();
	WRITE_ONCE(y, 1);
	r[0] = x;
	rcu_read_unlock();
}

LITMUS_OUTCOME(callback_after_the_reader, "%d", x);
static void read_under_srcu(void)
{
	guard(srcu)(&domain);
	r[0] = READ_ONCE(x);
	r[1] = READ_ONCE(y);
}

LITMUS(srcu, reader)
{
	read_under_srcu();
}

LITMUS(srcu, updater)
{
	WRITE_ONCE(x, 1);
	synchronize_srcu(&domain);
	WRITE_ONCE(y, 1);
}

LITMUS_OUTCOME(srcu, "%d%d", r[0], r[1]);

LITMUS(srcu_of_another, reader)
{
	read_under_srcu();
}

LITMUS(srcu_of_another, updater)
{
	WRITE_ONCE(x, 1);
	synchronize_srcu(&other_domain);
	WRITE_ONCE(y, 1);
}

LITMUS_OUTCOME(srcu_of_another, "%d%d", r[0], r[1]);

/* The reader waits for the updater, who waits for the reader. */
LITMUS(srcu_and_mutex, reader)
{
	guard(srcu)(&domain);
	guard(mutex)(&mutex);
	r[0] = 1;
}

LITMUS(srcu_and_mutex, updater)
{
	guard(mutex)(&mutex);
	synchronize_srcu(&domain);
}

LITMUS_OUTCOME(srcu_and_mutex, "%d", r[0]);

LITMUS(call_srcu, reader)
{
	read_under_srcu();
}

LITMUS(call_srcu, updater)
{
	WRITE_ONCE(x, 1);
	call_srcu(&domain, &head, set_y);
}

LITMUS_OUTCOME(call_srcu, "%d%d %d", r[0], r[1], y);

LITMUS(call_srcu_at_any_time, updater)
{
	call_srcu(&domain, &head, set_y);
	r[0] = READ_ONCE(y);
}

LITMUS(call_srcu_at_any_time, onlooker)
{
	r[1] = READ_ONCE(y);
}

LITMUS_OUTCOME(call_srcu_at_any_time, "%d%d", r[0], r[1]);

LITMUS(srcu_barrier, updater)
{
	call_srcu(&domain, &head, set_y);
	srcu_barrier(&domain);
	r[0] = READ_ONCE(y);
}

LITMUS(srcu_barrier, reader)
{
	guard(srcu)(&domain);
	r[1] = READ_ONCE(y);
}

LITMUS_OUTCOME(srcu_barrier, "%d%d", r[0], r[1]);

/* Callbacks of other domains are not waited for. */
LITMUS(srcu_barrier_of_another, updater)
{
	call_srcu(&domain, &head, set_y);
	srcu_barrier(&other_domain);
	r[0] = READ_ONCE(y);
}

LITMUS(srcu_barrier_of_another, other)
{
	WRITE_ONCE(x, 1);
}

LITMUS_OUTCOME(srcu_barrier_of_another, "%d", r[0]);

LITMUS(crash_beside_another, crasher)
{
	WRITE_ONCE(x, 1);
	BUG();
}

LITMUS(crash_beside_another, other)
{
	WRITE_ONCE(y, 1);
}

LITMUS(crash_beside_another, two_steps)
{
	WRITE_ONCE(y, 1);
	WRITE_ONCE(y, 2);
}

LITMUS_OUTCOME(crash_beside_another, "%d", x);
