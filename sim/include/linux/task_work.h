/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_TASK_WORK_H
#define _LINUX_TASK_WORK_H

/*
 * Simulated: work that a task does on its way back to user space (kernel/task_work.c).
 *
 * Kernel promises: work runs once, in the order of queueing, at the end of the system call
 *	or of the task; -ESRCH if the task has ended already.
 * Modelled: the same.
 * Left out: interrupting a task that runs in user space.
 * Scheduling points: none.
 */

#include <linux/sched.h>
#include <linux/types.h>

typedef void (*task_work_func_t)(struct callback_head *);

enum task_work_notify_mode {
	TWA_NONE = 0,
	TWA_RESUME,
	TWA_SIGNAL,
	TWA_SIGNAL_NO_IPI,
};

static inline void init_task_work(struct callback_head *twork, task_work_func_t func)
{
	twork->func = func;
}

int task_work_add(struct task_struct *task, struct callback_head *twork,
		  enum task_work_notify_mode mode);
bool task_work_cancel(struct task_struct *task, struct callback_head *cb);
void task_work_run(void);

static inline bool task_work_pending(struct task_struct *task)
{
	return task->task_works;
}

#endif /* _LINUX_TASK_WORK_H */
