/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SCHED_SIGNAL_H
#define _LINUX_SCHED_SIGNAL_H

/*
 * Simulated: whether a signal waits for a task. A signal that is pending is fatal as well:
 * processes of the simulator have no handlers.
 */

#include <linux/sched.h>
#include <linux/signal.h>

static inline int signal_pending(struct task_struct *task)
{
	return task->signal_pending;
}

static inline int fatal_signal_pending(struct task_struct *task)
{
	return task->signal_pending;
}

#endif /* _LINUX_SCHED_SIGNAL_H */
