// SPDX-License-Identifier: GPL-2.0
/*
 * Killing processes and waiting for their end. Semantics of kernel/signal.c (kill(),
 * complete_signal()) and kernel/exit.c (exit_group(), wait4()) of Linux 7.3.
 *
 * Kernel promises: after SIGKILL no task of the process executes another instruction of
 *	user space. One that sleeps interruptibly or killably wakes up; one that is in the
 *	middle of a system call finishes it first. The last to end closes what is open.
 * Modelled: the same. Each task ends in syscall_exit().
 * Left out: every signal but SIGKILL (using one traps); handlers; parents: anybody may wait
 *	for any process; zombies: a process that has ended has no number any more.
 * Scheduling points: those of waking and sleeping.
 */

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <sim/sim.h>

#include "task.h"

#define SIGKILL		9
#define NSIG		64

/* Under tasklist_lock. */
static void kill_process(struct sim_process *process)
{
	struct task_struct *task;

	if (process->killed || process->exited)
		return;
	process->killed = true;
	list_for_each_entry(task, &init_task.tasks, tasks) {
		if (task->process != process || (task->flags & PF_EXITING))
			continue;
		task->signal_pending = true;
		if (task != current)
			sim_host->signal(task);
	}
}

/**
 * ksys_kill() - kill(2) of one process.
 * @pid: its number
 * @sig: SIGKILL, or 0 to ask whether it is there
 *
 * Return: 0, -EINVAL no such signal, -ESRCH no such process.
 */
long ksys_kill(pid_t pid, int sig)
{
	struct sim_process *process;

	if (sig < 0 || sig > NSIG)
		return -EINVAL;
	guard(spinlock)(&tasklist_lock);
	process = process_find(pid);
	if (!process)
		return -ESRCH;
	if (!sig)
		return 0;
	sim_check(sig == SIGKILL, "signals other than SIGKILL are not modelled");
	kill_process(process);
	return 0;
}

static bool is_gone(pid_t pid)
{
	guard(spinlock)(&tasklist_lock);
	return !process_find(pid);
}

/**
 * ksys_wait4() - wait until a process has ended.
 * @pid:     its number
 * @status:  where the way it ended is to be told; NULL
 * @options: 0
 *
 * Return: @pid, -ECHILD there is no such process, -ERESTARTSYS.
 */
long ksys_wait4(pid_t pid, int __user *status, int options)
{
	sim_check(!status && !options, "wait4() with a status or options is not modelled");
	if (is_gone(pid))
		return -ECHILD;
	return wait_event_interruptible(process_gone, is_gone(pid)) ?: pid;
}

/** ksys_exit_group() - the current process ends: syscall_exit() will not return. */
long ksys_exit_group(void)
{
	guard(spinlock)(&tasklist_lock);
	kill_process(current->process);
	return 0;
}
