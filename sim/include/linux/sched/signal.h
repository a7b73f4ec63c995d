/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SCHED_SIGNAL_H
#define _LINUX_SCHED_SIGNAL_H

/*
 * Simulated: whether a signal waits for a task (kernel/signal.c).
 *
 * Kernel promises: a signal ends a sleep that is interruptible, or that is killable if the
 *	signal is fatal.
 * Modelled: the same. A signal that is pending is fatal as well: processes of the simulator
 *	have no handlers. Signals are sent to a process, so that its number of tasks that
 *	look for one at once makes no difference.
 * Scheduling points: each question whether a signal is pending, on the process.
 */

#include <linux/sched.h>
#include <linux/signal.h>

/** sim_signal_object() - what questions for signals of @task, and sending one, are about. */
static inline const volatile void *sim_signal_object(const struct task_struct *task)
{
	return task->process ? (void *)&task->process->killed : (void *)&task->signal_pending;
}

static inline int signal_pending(struct task_struct *task)
{
	sim_point(HOST_OP_READ, sim_signal_object(task));
	return task->signal_pending;
}

static inline int fatal_signal_pending(struct task_struct *task)
{
	return signal_pending(task);
}

/**
 * sim_block_interruptible() - sleep on @object, unless a signal is pending or until one is sent.
 *
 * Context: the task's last HOST_OP_WAIT was on @object, so that no wake-up is lost.
 * Return: true if a signal was pending: then it has not slept. That one ended the sleep is to be
 * found out by asking again.
 */
bool sim_block_interruptible(const volatile void *object, const char *what);

/**
 * sim_lock_killable() - wait for a lock until @try gets it or a signal is sent.
 *
 * As in the kernel, a lock that can be had is taken even if a signal is pending. Whoever lets go of
 * the lock wakes who sleeps on it.
 * Return: 0, or -EINTR.
 */
int sim_lock_killable(void *lock, const char *name, bool (*try)(void *lock));

#endif /* _LINUX_SCHED_SIGNAL_H */
