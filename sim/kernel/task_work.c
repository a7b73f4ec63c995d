// SPDX-License-Identifier: GPL-2.0
/*
 * Work on the way back to user space (kernel/task_work.c).
 */

#include <linux/errno.h>
#include <linux/task_work.h>

/**
 * task_work_add() - have @task call @twork on its way back to user space.
 * @task:  who
 * @twork: what; its memory is the callee's from then on
 * @mode:  how to notify the task: it always comes by
 *
 * Context: any. Return: 0, or -ESRCH if @task is past its last return.
 */
int task_work_add(struct task_struct *task, struct callback_head *twork,
		  enum task_work_notify_mode mode)
{
	if (task->work_exited || (task->flags & PF_KTHREAD))
		return -ESRCH;
	twork->next = task->task_works;
	task->task_works = twork;
	return 0;
}

/** task_work_cancel() - take @cb back; whether it had not run yet. */
bool task_work_cancel(struct task_struct *task, struct callback_head *cb)
{
	for (struct callback_head **at = &task->task_works; *at; at = &(*at)->next) {
		if (*at == cb) {
			*at = cb->next;
			return true;
		}
	}
	return false;
}

/**
 * task_work_run() - do the current task's work.
 *
 * The last one queued comes first, as in the kernel; what the work itself queues follows.
 */
void task_work_run(void)
{
	struct task_struct *task = current;

	while (task->task_works) {
		struct callback_head *work = task->task_works;

		task->task_works = NULL;
		while (work) {
			struct callback_head *next = work->next;

			work->func(work);
			work = next;
		}
	}
}
