// SPDX-License-Identifier: GPL-2.0
/*
 * Sleepable RCU (kernel/rcu/srcutree.c); linux/srcu.h says what is modelled.
 *
 * New readers enter under the current index. A grace period makes the other index current
 * and waits for the readers of the old one; that other one has no readers left then, since
 * the grace period before waited for them.
 */

#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/srcu.h>

#include "rcu.h"

/* Those for which a callback was queued while tasks ran one after the other. */
static LIST_HEAD(domains_with_callbacks);
static unsigned int callbacks_nr;

int __init_srcu_struct(struct srcu_struct *ssp, const char *name, struct lock_class_key *key)
{
	*ssp = (struct srcu_struct){ .name = name };
	return 0;
}

/** cleanup_srcu_struct() - @ssp is not used any more; readers and callbacks must be gone. */
void cleanup_srcu_struct(struct srcu_struct *ssp)
{
	WARN_ON(ssp->readers[0] || ssp->readers[1]);
	WARN_ON(ssp->queue || ssp->callbacks);
	ssp->name = NULL;
}

/**
 * srcu_read_lock() - begin a read section, which may sleep and nest.
 *
 * Return: the index for srcu_read_unlock().
 */
int srcu_read_lock(struct srcu_struct *ssp)
{
	sim_check(ssp->name, "a SRCU domain is used that is not initialised or cleaned up");
	sim_point(HOST_OP_RCU_LOCK, ssp);
	ssp->readers[ssp->idx]++;
	sim_lock_acquired(ssp, ssp->name, SIM_HELD_SHARED);
	return ssp->idx;
}

void srcu_read_unlock(struct srcu_struct *ssp, int idx)
{
	WARN_ON(idx & ~1);
	sim_lock_released(ssp, ssp->name);
	sim_point(HOST_OP_RCU_UNLOCK, ssp);
	sim_check(ssp->readers[idx & 1], "srcu_read_unlock() with another reader's index");
	if (!--ssp->readers[idx & 1])
		sim_wake(ssp);
}

bool srcu_read_lock_held(const struct srcu_struct *ssp)
{
	return lockdep_is_held(ssp);
}

static void wait_for_readers(struct srcu_struct *ssp)
{
	int old;

	sim_check(ssp->name, "a SRCU domain is used that is not initialised or cleaned up");
	sim_point(HOST_OP_RCU_SYNC, ssp);
	sim_sync(HOST_SYNC_RELEASE, ssp);
	while (ssp->syncing)
		sim_block(ssp, ssp->name);
	ssp->syncing = true;
	old = ssp->idx;
	ssp->idx = !old;
	while (ssp->readers[old])
		sim_block(ssp, ssp->name);
	sim_sync(HOST_SYNC_ACQUIRE, ssp);
	ssp->syncing = false;
	sim_wake(ssp);
}

/**
 * synchronize_srcu() - wait until all read sections of @ssp under way have ended.
 *
 * Context: may sleep. In a read section of the same domain the task sleeps for good.
 */
void synchronize_srcu(struct srcu_struct *ssp)
{
	might_sleep();
	wait_for_readers(ssp);
	srcu_quiescent();
}

void srcu_callback_queued(struct srcu_struct *ssp)
{
	sim_point(HOST_OP_RMW, ssp);
	sim_sync(HOST_SYNC_RELEASE, ssp);
	ssp->callbacks++;
}

/* It may be the callback that cleans up. */
void srcu_callback_wait(struct srcu_struct *ssp)
{
	wait_for_readers(ssp);
	ssp->callbacks--;
}

/** call_srcu() - call @func(@head) after a grace period of @ssp. Context: any. */
void call_srcu(struct srcu_struct *ssp, struct rcu_head *head, rcu_callback_t func)
{
	head->func = func;
	head->next = NULL;
	if (rcu_callback_spawn(head, ssp))
		return;
	if (!ssp->queue) {
		ssp->tail = &ssp->queue;
		list_add_tail(&ssp->domains, &domains_with_callbacks);
	}
	*ssp->tail = head;
	ssp->tail = &head->next;
	callbacks_nr++;
}

static void run_domain(struct srcu_struct *ssp)
{
	struct callback_head *head = ssp->queue;

	ssp->queue = NULL;
	list_del(&ssp->domains);
	while (head) {
		struct callback_head *next = head->next;

		/* Frees @head, and for the last one perhaps the domain. */
		callbacks_nr--;
		rcu_callback_run(head);
		head = next;
	}
}

static bool has_readers(const struct srcu_struct *ssp)
{
	return ssp->readers[0] || ssp->readers[1];
}

static struct srcu_struct *domain_without_readers(void)
{
	struct srcu_struct *ssp;

	list_for_each_entry(ssp, &domains_with_callbacks, domains)
		if (!has_readers(ssp))
			return ssp;
	return NULL;
}

void srcu_quiescent(void)
{
	struct srcu_struct *ssp;

	/* A callback may add or take away domains: begin anew after each. */
	while ((ssp = domain_without_readers()) != NULL)
		run_domain(ssp);
}

void srcu_task_exit(void)
{
	struct srcu_struct *ssp;

	while ((ssp = list_first_entry_or_null(&domains_with_callbacks, struct srcu_struct,
					       domains)))
		synchronize_srcu(ssp);
}

unsigned int srcu_callbacks_pending(void)
{
	return callbacks_nr;
}

/** srcu_barrier() - wait until the callbacks of @ssp have run. Context: may sleep. */
void srcu_barrier(struct srcu_struct *ssp)
{
	might_sleep();
	rcu_callbacks_wait(ssp);
	while (ssp->queue) {
		wait_for_readers(ssp);
		run_domain(ssp);
	}
}
