// SPDX-License-Identifier: GPL-2.0
/*
 * Read-copy update (kernel/rcu/tree.c); linux/rcupdate.h says what is modelled.
 *
 * A grace period has a number. A reader remembers the number that was current when it began;
 * grace period N has ended once no reader is left that began under a smaller one.
 *
 * In the kernel a callback runs some time after its grace period, on any processor. Here it is
 * the task that queued it which runs it: at the end of each of its system calls it looks
 * whether readers of before are gone, and at its own end it waits for them. So a callback comes
 * early where no reader is in the way, late where one is, and others can do anything before it;
 * what it does depends on the order in which readers come and go, which is seen at
 * readers_gone, and on nothing else. A task does not outlive its callbacks.
 */

#include <linux/bug.h>
#include <linux/minmax.h>
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

/**
 * struct batch - callbacks that have not run.
 * @queued:      no grace period has begun for these
 * @waiting:     these run when @waiting_for has ended
 * @waiting_for: a grace period
 */
struct batch {
	struct callbacks queued;
	struct callbacks waiting;
	u64 waiting_for;
};

/**
 * struct rcu_cpu - what tasks of one CPU have queued.
 * @batch:  callbacks
 * @takers: tasks that are about to run some that they took out of @batch
 *
 * A step on it is one on &rcu_cpu itself, for rcu_barrier(); tasks that don't share a CPU don't
 * share this either.
 */
struct rcu_cpu {
	struct batch batch;
	unsigned int takers;
};

static struct rcu_cpu cpus[SIM_CPUS];
static unsigned int callbacks_nr;	/* of all CPUs, including those that run */

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

/* If the two wait for different grace periods, all of them wait for the later one. */
static void merge(struct batch *to, struct batch *from)
{
	append(&to->queued, &from->queued);
	append(&to->waiting, &from->waiting);
	to->waiting_for = max(to->waiting_for, from->waiting_for);
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
	sim_sync(HOST_SYNC_RELEASE, &readers_gone);
	while (!grace_period_ended(gp))
		sim_block(&readers_gone, "RCU grace period");
	sim_sync(HOST_SYNC_ACQUIRE, &readers_gone);
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
 * Context: any. @func runs in atomic context; see above for when.
 */
void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	struct rcu_cpu *cpu = &cpus[current->cpu];
	struct callbacks one = { .first = head, .tail = &head->next };

	head->func = func;
	head->next = NULL;
	sim_point(HOST_OP_WRITE, cpu);
	sim_sync(HOST_SYNC_RELEASE, head);
	/* Who begins to read once the grace period has begun. */
	sim_sync(HOST_SYNC_RELEASE, &readers_gone);
	append(&cpu->batch.queued, &one);
	callbacks_nr++;
	current->rcu_queued = true;
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

	sim_sync(HOST_SYNC_CALLBACK, head);
	sim_sync(HOST_SYNC_ACQUIRE, head);
	sim_sync(HOST_SYNC_ACQUIRE, &readers_gone);
	preempt_disable();
	if (offset < KVFREE_OFFSET_MAX)
		kvfree((char *)head - offset);
	else
		head->func(head);
	preempt_enable();
	callbacks_nr--;
	sim_sync(HOST_SYNC_RELEASE, &callbacks_nr);
	sim_sync(HOST_SYNC_CALLBACK_END, NULL);
}

/* The oldest callback whose grace period has ended, or NULL. */
static struct callback_head *next_callback(struct batch *batch)
{
	struct callback_head *head;

	if (!batch->waiting.first) {
		if (!batch->queued.first)
			return NULL;
		append(&batch->waiting, &batch->queued);
		batch->waiting_for = ++grace_period;
	}
	if (!grace_period_ended(batch->waiting_for))
		return NULL;
	head = batch->waiting.first;
	batch->waiting.first = head->next;
	return head;
}

static bool take_batch(struct rcu_cpu *cpu, struct batch *batch)
{
	bool any = cpu->batch.queued.first || cpu->batch.waiting.first;

	if (any) {
		merge(batch, &cpu->batch);
		cpu->takers++;
	}
	return any;
}

/* What is left of the batch, because of readers, has to wait for the next time. */
static void run_own_callbacks(struct rcu_cpu *cpu)
{
	struct batch batch = { };
	struct callback_head *head;

	sim_point(HOST_OP_RMW, cpu);
	if (!take_batch(cpu, &batch)) {
		current->rcu_queued = false;
		return;
	}
	sim_point(HOST_OP_RCU_SYNC, &readers_gone);
	while ((head = next_callback(&batch)) != NULL)
		run_callback(head);
	sim_point(HOST_OP_WAKE, cpu);
	merge(&cpu->batch, &batch);
	current->rcu_queued = cpu->batch.queued.first || cpu->batch.waiting.first;
	cpu->takers--;
	sim_wake(cpu);
}

void rcu_quiescent(void)
{
	if (unlikely(current->rcu_queued))
		run_own_callbacks(&cpus[current->cpu]);
	srcu_quiescent();
}

void rcu_task_exit(void)
{
	while (current->rcu_queued)
		synchronize_rcu();
	srcu_task_exit();
}

static void run_all(struct batch *batch)
{
	struct callback_head *head;

	sim_point(HOST_OP_RCU_SYNC, &readers_gone);
	wait_for_readers(++grace_period);
	while ((head = next_callback(batch)) != NULL)
		run_callback(head);
}

/**
 * rcu_barrier() - wait until all callbacks queued so far have run. Context: may sleep.
 *
 * It runs them itself, so that no task has to come by; what they queue as well.
 */
void rcu_barrier(void)
{
	bool took[SIM_CPUS], any;

	might_sleep();
	do {
		struct batch batch = { };

		any = false;
		for (unsigned int i = 0; i < SIM_CPUS; i++) {
			sim_point(HOST_OP_RMW, &cpus[i]);
			took[i] = take_batch(&cpus[i], &batch);
			any |= took[i];
		}
		if (any)
			run_all(&batch);
		for (unsigned int i = 0; i < SIM_CPUS; i++) {
			sim_point(HOST_OP_WAKE, &cpus[i]);
			cpus[i].takers -= took[i];
			sim_wake(&cpus[i]);
			while (cpus[i].takers)
				sim_block(&cpus[i], "RCU callbacks");
		}
	} while (any);
	sim_sync(HOST_SYNC_ACQUIRE, &callbacks_nr);
}

unsigned int rcu_callbacks_pending(void)
{
	return callbacks_nr + srcu_callbacks_pending();
}
