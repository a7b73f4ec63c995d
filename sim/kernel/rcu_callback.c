// SPDX-License-Identifier: GPL-2.0
/*
 * Callbacks of RCU and SRCU where tasks run together.
 *
 * In the kernel a callback runs some time after its grace period, in softirq context of any
 * processor, and callbacks of different processors in any order. Tasks move between processors
 * as they like, so that nothing can be said of the order of two callbacks of one task either. So
 * each has a task of its own here, born when it is queued.
 *
 * It waits for those readers that were under way then, and for no others: they count down as they
 * leave. Without any it goes on at once, and has nothing to do with whoever reads: what it does
 * before its first scheduling point has then been done by the time call_rcu() returns. A callback
 * that only frees memory does it as early as that can be, and is no matter of orders.
 *
 * What rcu_barrier() looks at are lists of what was queued on each CPU. Nothing is taken off
 * them before tasks run one after the other again, so that who queues something and whose
 * callback runs have nothing to do with each other.
 */

#include <linux/bug.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>

#include "rcu.h"

/**
 * struct rcu_callback - a callback.
 * @task:    it runs on
 * @head:    what was queued
 * @ssp:     the domain; NULL for RCU
 * @gp:      the grace period that it waits for
 * @readers: how many of those that it waits for are left; also what it sleeps on
 * @done:    it has run; also what rcu_barrier() sleeps on
 * @next:    queued on the same CPU
 * @waiting: in a list of those that wait for readers, ordered by @gp
 */
struct rcu_callback {
	struct task_struct task;
	struct callback_head *head;
	struct srcu_struct *ssp;
	u64 gp;
	unsigned int readers;
	bool done;
	struct rcu_callback *next;
	struct list_head waiting;
};

/** struct rcu_cpu - what tasks of one CPU have queued, the oldest first. */
struct rcu_cpu {
	struct rcu_callback *first;
	struct rcu_callback *last;
};

static struct rcu_cpu cpus[SIM_CPUS];
static LIST_HEAD(waiting_for_readers);
static unsigned int pending;
static bool any;

void rcu_callback_run(struct callback_head *head)
{
	unsigned long offset = (unsigned long)head->func;

	preempt_disable();
	if (offset < KVFREE_OFFSET_MAX)
		kvfree((char *)head - offset);
	else
		head->func(head);
	preempt_enable();
}

static void wait_for_grace_period(struct rcu_callback *callback)
{
	if (callback->ssp) {
		srcu_callback_wait(callback->ssp);
		return;
	}
	while (callback->readers)
		sim_block(&callback->readers, "RCU grace period");
	rcu_grace_period_ended();
}

static void callback_main(void *arg)
{
	struct rcu_callback *callback = arg;

	wait_for_grace_period(callback);
	rcu_callback_run(callback->head);
	WARN(callback->task.locks_held, "an RCU callback returns with a lock held\n");
	WARN(callback->task.rcu_nesting, "an RCU callback returns in a read section\n");
	sim_point(HOST_OP_WAKE, &callback->done);
	sim_sync(HOST_SYNC_RELEASE, &callback->done);
	callback->done = true;
	pending--;
	list_del(&callback->task.tasks);
	sim_wake(&callback->done);
}

static struct rcu_callback *make_callback(struct callback_head *head, struct srcu_struct *ssp)
{
	struct rcu_callback *callback = kzalloc(sizeof(*callback), GFP_ATOMIC);

	if (!callback)
		sim_host->stop(HOST_STOP_LIMIT, __FILE__, __LINE__,
			       "no memory for the task of an RCU callback");
	callback->head = head;
	callback->ssp = ssp;
	callback->task.flags = PF_KTHREAD;
	callback->task.cpu = SIM_CPU_RCU;
	strscpy(callback->task.comm, "rcu");
	return callback;
}

static void enqueue(struct rcu_callback *callback)
{
	struct rcu_cpu *cpu = &cpus[current->cpu];

	sim_point(HOST_OP_WRITE, cpu);
	if (cpu->first)
		cpu->last->next = callback;
	else
		cpu->first = callback;
	cpu->last = callback;
	any = true;
	pending++;
}

static void begin_grace_period(struct rcu_callback *callback)
{
	if (callback->ssp) {
		srcu_callback_queued(callback->ssp);
		return;
	}
	callback->readers = rcu_grace_period_begin(&callback->gp);
	if (callback->readers)
		list_add_tail(&callback->waiting, &waiting_for_readers);
}

bool rcu_callback_spawn(struct callback_head *head, struct srcu_struct *ssp)
{
	struct rcu_callback *callback;

	if (!sim_host->spawn(NULL, NULL, NULL, NULL, NULL))
		return false;
	callback = make_callback(head, ssp);
	enqueue(callback);
	begin_grace_period(callback);
	list_add_tail(&callback->task.tasks, &init_task.tasks);
	return sim_host->spawn(&callback->task, callback_main, callback, &callback->readers,
			       ssp ? "srcu" : "rcu");
}

/* The next one after grace period @gp that waits for readers, up to @last. */
static struct rcu_callback *next_waiting(u64 gp, u64 last)
{
	struct rcu_callback *callback;

	list_for_each_entry(callback, &waiting_for_readers, waiting)
		if (callback->gp > gp)
			return callback->gp <= last ? callback : NULL;
	return NULL;
}

/* Those queued since the task has entered count on it. None of them can go on without it. */
void rcu_callbacks_reader_left(u64 entered, u64 left)
{
	struct rcu_callback *callback;

	while ((callback = next_waiting(entered, left)) != NULL) {
		sim_point(HOST_OP_WAKE, &callback->readers);
		entered = callback->gp;
		if (--callback->readers)
			continue;
		list_del(&callback->waiting);
		sim_wake(&callback->readers);
	}
}

static void wait_for_callback(struct rcu_callback *callback)
{
	sim_point(HOST_OP_RMW, &callback->done);
	while (!callback->done)
		sim_block(&callback->done, "RCU callback");
	sim_sync(HOST_SYNC_ACQUIRE, &callback->done);
}

/* For the callbacks of one CPU up to @last. */
static void wait_for_callbacks(const struct rcu_cpu *cpu, const struct rcu_callback *last,
			       const struct srcu_struct *ssp)
{
	for (struct rcu_callback *callback = cpu->first; last; callback = callback->next) {
		if (callback->ssp == ssp)
			wait_for_callback(callback);
		if (callback == last)
			return;
	}
}

/* What a callback queues that is waited for is not waited for. */
void rcu_callbacks_wait(const struct srcu_struct *ssp)
{
	const struct rcu_callback *last[SIM_CPUS];

	if (!*sim_boot.concurrent)
		return;
	for (unsigned int i = 0; i < SIM_CPUS; i++) {
		sim_point(HOST_OP_READ, &cpus[i]);
		last[i] = cpus[i].last;
	}
	for (unsigned int i = 0; i < SIM_CPUS; i++)
		wait_for_callbacks(&cpus[i], last[i], ssp);
}

void rcu_callbacks_reap(void)
{
	if (likely(!any) || *sim_boot.concurrent)
		return;
	for (unsigned int i = 0; i < SIM_CPUS; i++) {
		struct rcu_cpu *cpu = &cpus[i];

		while (cpu->first) {
			struct rcu_callback *callback = cpu->first;

			cpu->first = callback->next;
			kfree(callback);
		}
		cpu->last = NULL;
	}
	any = false;
}

unsigned int rcu_callbacks_spawned(void)
{
	return pending;
}
