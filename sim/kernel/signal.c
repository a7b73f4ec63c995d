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
 * Scheduling points: sending a signal, on the process; then those of waking.
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
#define SLEEPERS_MAX	256

bool sim_block_interruptible(const volatile void *object, const char *what)
{
	struct task_struct *task = current;

	sim_point(HOST_OP_READ, sim_signal_object(task));
	if (task->signal_pending)
		return true;
	task->sleeps_on = object;
	sim_block(object, what);
	sim_point(HOST_OP_READ, sim_signal_object(task));
	task->sleeps_on = NULL;
	return false;
}

/*
 * Waiting begins only where it has to: who gets a lock at once has tried once. From then on what
 * ends the wait comes in steps on the lock, the signal too, so that each test is of a piece with
 * going to sleep.
 */
int sim_lock_killable(void *lock, const char *name, bool (*try)(void *lock))
{
	struct task_struct *task = current;
	bool taken = try(lock);

	if (taken)
		return 0;
	sim_point(HOST_OP_READ, sim_signal_object(task));
	if (task->signal_pending)
		return -EINTR;
	task->signalled = false;
	task->sleeps_on = lock;
	while (!(taken = try(lock)) && !task->signalled)
		sim_block(lock, name);
	sim_point(HOST_OP_READ, sim_signal_object(task));
	task->sleeps_on = NULL;
	return taken ? 0 : -EINTR;
}

/**
 * struct sleepers - what tasks sleep on that are to be woken.
 * @on: each of them once; their memory may be gone by the time they are woken
 */
struct sleepers {
	const volatile void *on[SLEEPERS_MAX];
	unsigned int nr;
};

static void add_sleeper(struct sleepers *sleepers, const volatile void *on)
{
	for (unsigned int i = 0; i < sleepers->nr; i++)
		if (sleepers->on[i] == on)
			return;
	sim_check(sleepers->nr < SLEEPERS_MAX, "a process with too many sleeping tasks is killed");
	sleepers->on[sleepers->nr++] = on;
}

/* In one step: no task of the process sees it sent to some of them only. */
static void send_signal(struct sim_process *process, struct sleepers *sleepers)
{
	struct task_struct *task;

	sim_point(HOST_OP_RMW, &process->killed);
	if (process->killed || process->exited)
		return;
	process->killed = true;
	list_for_each_entry(task, &init_task.tasks, tasks) {
		if (task->process != process || (task->flags & PF_EXITING))
			continue;
		task->signal_pending = true;
		if (task->sleeps_on)
			add_sleeper(sleepers, task->sleeps_on);
		if (task != current)
			sim_host->signal(task);
	}
}

static void wake_sleepers(const struct sim_process *process, const volatile void *on)
{
	struct task_struct *task;

	sim_point(HOST_OP_WAKE, on);
	list_for_each_entry(task, &init_task.tasks, tasks)
		if (task->process == process && task->sleeps_on == on)
			task->signalled = true;
	sim_wake(on);
}

/* Under tasklist_lock. */
static void kill_process(struct sim_process *process)
{
	struct sleepers sleepers = { .nr = 0 };

	send_signal(process, &sleepers);
	for (unsigned int i = 0; i < sleepers.nr; i++)
		wake_sleepers(process, sleepers.on[i]);
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
