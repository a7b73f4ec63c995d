/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_KERNEL_RCU_H
#define _SIM_KERNEL_RCU_H

/* Simulated: what RCU, SRCU and callbacks know of each other. */

#include <linux/types.h>

struct srcu_struct;

/* A function below 4096 is the offset of the head in an object to be freed. */
#define KVFREE_OFFSET_MAX	4096

/* rcu.c */

/**
 * rcu_grace_period_begin() - begin a grace period, in a step of its own.
 * @gp: its number
 * Return: how many readers it waits for.
 */
unsigned int rcu_grace_period_begin(u64 *gp);
/** rcu_grace_period_ended() - the current task has waited for one. */
void rcu_grace_period_ended(void);

/* rcu_callback.c */

/**
 * rcu_callback_spawn() - call @head->func after a grace period, on a task of its own.
 * @ssp: of that domain; NULL: of RCU
 * Return: false if tasks don't run together; then nothing was done.
 */
bool rcu_callback_spawn(struct callback_head *head, struct srcu_struct *ssp);
/** rcu_callback_run() - call @head->func now, on the current task. */
void rcu_callback_run(struct callback_head *head);
/** rcu_callbacks_reader_left() - the current task has ended a read section: see rcu.c. */
void rcu_callbacks_reader_left(u64 entered, u64 left);
/** rcu_callbacks_wait() - until all that rcu_callback_spawn() was called for by now have run. */
void rcu_callbacks_wait(const struct srcu_struct *ssp);
/** rcu_callbacks_reap() - where tasks don't run together, forget tasks that have run. */
void rcu_callbacks_reap(void);
/** rcu_callbacks_spawned() - how many have tasks and have not run. */
unsigned int rcu_callbacks_spawned(void);

/* srcu.c */

/** srcu_callback_queued() - a callback waits for readers of @ssp, in a step of its own. */
void srcu_callback_queued(struct srcu_struct *ssp);
/** srcu_callback_wait() - ... until this returns. */
void srcu_callback_wait(struct srcu_struct *ssp);
/** srcu_quiescent() - run what is queued for domains without readers. */
void srcu_quiescent(void);
/** srcu_task_exit() - run all that is queued; waits for readers. */
void srcu_task_exit(void);
unsigned int srcu_callbacks_pending(void);

#endif /* _SIM_KERNEL_RCU_H */
