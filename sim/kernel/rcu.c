// SPDX-License-Identifier: GPL-2.0
/*
 * Read-copy update (kernel/rcu/tree.c); linux/rcupdate.h says what is modelled.
 *
 * A grace period has a number. A reader remembers the number that was current when it began;
 * grace period N has ended once no reader is left that began under a smaller one.
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

static struct callbacks queued;		/* no grace period has begun for these */
static struct callbacks waiting;	/* these run when waiting_for has ended */
static u64 waiting_for;
static unsigned int callbacks_nr;	/* in both queues, or running */

/* What tasks sleep on until readers have gone or callbacks have run. */
static int readers_gone;
static int callbacks_run;

void rcu_read_lock(void)
{
	struct task_struct *task = current;

	sim_point(HOST_OP_RCU_LOCK, &readers_gone);
	if (!task->rcu_nesting++)
		task->rcu_entered = grace_period;
}

void rcu_read_unlock(void)
{
	struct task_struct *task = current;

	sim_check(task->rcu_nesting, "rcu_read_unlock() without rcu_read_lock()");
	sim_point(HOST_OP_RCU_UNLOCK, &readers_gone);
	if (!--task->rcu_nesting)
		sim_wake(&readers_gone);
}

bool rcu_read_lock_held(void)
{
	return current->rcu_nesting;
}

static bool has_reader_before(const struct task_struct *task, u64 gp)
{
	return task->rcu_nesting && task->rcu_entered < gp;
}

static bool grace_period_ended(u64 gp)
{
	struct task_struct *task;

	if (has_reader_before(&init_task, gp))
		return false;
	list_for_each_entry(task, &init_task.tasks, tasks)
		if (has_reader_before(task, gp))
			return false;
	return true;
}

static void wait_for_readers(u64 gp)
{
	while (!grace_period_ended(gp))
		sim_block(&readers_gone, "RCU grace period");
}

/**
 * synchronize_rcu() - wait until all read sections that are under way have ended.
 *
 * Context: may sleep. In a read section of its own the task sleeps for good.
 */
void synchronize_rcu(void)
{
	might_sleep();
	sim_point(HOST_OP_RCU_SYNC, &readers_gone);
	wait_for_readers(++grace_period);
	rcu_quiescent();
}

/**
 * call_rcu() - call @func(@head) after a grace period.
 *
 * Context: any. @func runs in atomic context, on whichever task comes by.
 */
void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	head->func = func;
	head->next = NULL;
	if (!queued.first)
		queued.tail = &queued.first;
	*queued.tail = head;
	queued.tail = &head->next;
	callbacks_nr++;
}

/* A function below 4096 is the offset of the head in an object to be freed. */
#define KVFREE_OFFSET_MAX	4096

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

static void run_callback(struct callback_head *head)
{
	unsigned long offset = (unsigned long)head->func;

	preempt_disable();
	if (offset < KVFREE_OFFSET_MAX)
		kvfree((char *)head - offset);
	else
		head->func(head);
	preempt_enable();
	callbacks_nr--;
}

/* The oldest callback whose grace period has ended, or NULL. */
static struct callback_head *next_callback(void)
{
	struct callback_head *head;

	if (!waiting.first) {
		if (!queued.first)
			return NULL;
		waiting = queued;
		queued.first = NULL;
		waiting_for = ++grace_period;
	}
	if (!grace_period_ended(waiting_for))
		return NULL;
	head = waiting.first;
	waiting.first = head->next;
	return head;
}

void rcu_quiescent(void)
{
	struct callback_head *head;
	bool any = false;

	while ((head = next_callback()) != NULL) {
		run_callback(head);
		any = true;
	}
	any |= srcu_run_callbacks();
	if (any)
		sim_wake(&callbacks_run);
}

/** rcu_barrier() - wait until all callbacks queued so far have run. Context: may sleep. */
void rcu_barrier(void)
{
	might_sleep();
	sim_point(HOST_OP_RCU_SYNC, &callbacks_run);
	while (callbacks_nr) {
		wait_for_readers(++grace_period);
		rcu_quiescent();
		/* Others may be in the middle of running theirs. */
		if (callbacks_nr && !waiting.first && !queued.first)
			sim_block(&callbacks_run, "RCU callbacks");
	}
}

unsigned int rcu_callbacks_pending(void)
{
	return callbacks_nr + srcu_callbacks_pending();
}
