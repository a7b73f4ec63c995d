// SPDX-License-Identifier: GPL-2.0
/*
 * Read-copy update (kernel/rcu/tree.c); linux/rcupdate.h says what is modelled.
 *
 * A grace period has a number. A reader remembers the number that was current when it began;
 * grace period N has ended once no reader is left that began under a smaller one.
 *
 * Where tasks run together a callback has a task of its own, rcu_callback.c. Where they run one
 * after the other nothing can come between, and it runs at the end of the system call.
 */

#include <linux/bug.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "rcu.h"

static u64 grace_period = 1;

/**
 * struct callbacks - a queue of callbacks.
 * @first: the oldest, NULL if there is none
 * @tail:  where to link the next one; valid only if @first is not NULL
 */
struct callbacks {
	struct callback_head *first;
	struct callback_head **tail;
};

/* For @queued no grace period has begun; @waiting run when @waiting_for has ended. */
static struct callbacks queued, waiting;
static u64 waiting_for;

/* What tasks sleep on until readers have gone. */
static int readers_gone;

static void append(struct callbacks *to, struct callbacks *from)
{
	if (!from->first)
		return;
	if (!to->first)
		to->tail = &to->first;
	*to->tail = from->first;
	to->tail = from->tail;
	from->first = NULL;
}

void rcu_read_lock(void)
{
	struct task_struct *task = current;

	sim_point(HOST_OP_RCU_LOCK, &readers_gone);
	sim_sync(HOST_SYNC_ACQUIRE_SHARED, &readers_gone);
	if (!task->rcu_nesting++)
		task->rcu_entered = grace_period;
}

void rcu_read_unlock(void)
{
	struct task_struct *task = current;

	sim_check(task->rcu_nesting, "rcu_read_unlock() without rcu_read_lock()");
	sim_point(HOST_OP_RCU_UNLOCK, &readers_gone);
	sim_sync(HOST_SYNC_RELEASE_SHARED, &readers_gone);
	if (--task->rcu_nesting)
		return;
	sim_wake(&readers_gone);
	rcu_callbacks_reader_left(task->rcu_entered, grace_period);
}

bool rcu_read_lock_held(void)
{
	return current->rcu_nesting;
}

static bool has_reader_before(const struct task_struct *task, u64 gp)
{
	return task->rcu_nesting && task->rcu_entered < gp;
}

static unsigned int readers_before(u64 gp)
{
	unsigned int readers = has_reader_before(&init_task, gp);
	struct task_struct *task;

	list_for_each_entry(task, &init_task.tasks, tasks)
		readers += has_reader_before(task, gp);
	return readers;
}

unsigned int rcu_grace_period_begin(u64 *gp)
{
	sim_point(HOST_OP_RCU_SYNC, &readers_gone);
	/* Who begins to read once the grace period has begun. */
	sim_sync(HOST_SYNC_RELEASE, &readers_gone);
	*gp = ++grace_period;
	return readers_before(*gp);
}

void rcu_grace_period_ended(void)
{
	sim_sync(HOST_SYNC_ACQUIRE, &readers_gone);
}

/**
 * synchronize_rcu() - wait until all read sections that are under way have ended.
 *
 * Context: may sleep. In a read section of its own the task sleeps for good.
 */
void synchronize_rcu(void)
{
	u64 gp;

	might_sleep();
	rcu_grace_period_begin(&gp);
	while (readers_before(gp))
		sim_block(&readers_gone, "RCU grace period");
	rcu_grace_period_ended();
	rcu_quiescent();
}

/**
 * call_rcu() - call @func(@head) after a grace period.
 *
 * Context: any. @func runs in atomic context; see above for when.
 */
void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	struct callbacks one = { .first = head, .tail = &head->next };

	head->func = func;
	head->next = NULL;
	if (rcu_callback_spawn(head, NULL))
		return;
	append(&queued, &one);
}

void kvfree_call_rcu(struct rcu_head *head, void *ptr)
{
	unsigned long offset;

	if (!head) {
		synchronize_rcu();
		kvfree(ptr);
		return;
	}
	offset = (char *)head - (char *)ptr;
	sim_check(offset < KVFREE_OFFSET_MAX, "kfree_rcu() of an object with a far-away head");
	call_rcu(head, (rcu_callback_t)offset);
}

/* The oldest callback whose grace period has ended, or NULL. */
static struct callback_head *next_callback(void)
{
	struct callback_head *head;

	if (!waiting.first) {
		if (!queued.first)
			return NULL;
		append(&waiting, &queued);
		waiting_for = ++grace_period;
	}
	if (readers_before(waiting_for))
		return NULL;
	head = waiting.first;
	waiting.first = head->next;
	return head;
}

static void run_callbacks(void)
{
	struct callback_head *head;

	while ((head = next_callback()) != NULL)
		rcu_callback_run(head);
}

static bool have_callbacks(void)
{
	return queued.first || waiting.first;
}

void rcu_quiescent(void)
{
	if (unlikely(have_callbacks()))
		run_callbacks();
	srcu_quiescent();
	rcu_callbacks_reap();
}

void rcu_task_exit(void)
{
	while (have_callbacks())
		synchronize_rcu();
	srcu_task_exit();
}

/** rcu_barrier() - wait until all callbacks queued so far have run. Context: may sleep. */
void rcu_barrier(void)
{
	might_sleep();
	rcu_callbacks_wait(NULL);
	while (have_callbacks())
		synchronize_rcu();
}

unsigned int rcu_callbacks_pending(void)
{
	unsigned int pending = rcu_callbacks_spawned() + srcu_callbacks_pending();

	for (struct callback_head *head = queued.first; head; head = head->next)
		pending++;
	for (struct callback_head *head = waiting.first; head; head = head->next)
		pending++;
	return pending;
}
