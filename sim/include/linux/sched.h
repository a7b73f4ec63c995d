/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

/*
 * Simulated: tasks and processes (sim/kernel/task.c).
 *
 * Kernel promises: current is the task that runs; tasks of a process share its memory
 *	and descriptors, which go when the process ends.
 * Modelled: the same. The machine runs each task on a fiber and stores it in sim_current.
 *	During boot, current is init_task, without memory and descriptors.
 * Left out: priorities, namespaces, credentials, and processors but for SIM_CPUS.
 * Scheduling points: sleeping in schedule(), waking, and on the way to user space the question
 *	whether a signal is pending.
 */

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/preempt.h>
#include <linux/refcount.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <asm/current.h>
#include <asm/processor.h>

struct files_struct;
struct mm_struct;

#define TASK_COMM_LEN		16
#define TASK_RUNNING		0x00000000
#define TASK_INTERRUPTIBLE	0x00000001
#define TASK_UNINTERRUPTIBLE	0x00000002
#define TASK_WAKEKILL		0x00000100
#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
#define MAX_SCHEDULE_TIMEOUT	LONG_MAX

#define PF_EXITING		0x00000004
#define PF_MEMALLOC		0x00000800
#define PF_NOFREEZE		0x00008000
#define PF_KTHREAD		0x00200000

/*
 * Tasks run each on a CPU of its own, as long as there are not more of them than CPUs: what one
 * allocates and frees doesn't change what another one gets. The code that is simulated sees one
 * processor only, see linux/cpumask.h.
 */
#define SIM_CPUS		16
/* The last of them is that of RCU callbacks, which all have it: what is freed there nobody gets. */
#define SIM_CPU_RCU		(SIM_CPUS - 1)
/* One more, for what is allocated in the name of all of them. */
#define SIM_CPU_KHO		SIM_CPUS

#define SIM_HELD_LOCKS_MAX	64

/**
 * struct sim_held_lock - a lock that a task holds.
 * @lock: which
 * @name: "mutex foo"
 * @how:  an enum sim_held
 */
struct sim_held_lock {
	const volatile void *lock;
	const char *name;
	int how;
};

/**
 * struct sim_process - what the tasks of a process share.
 * @tgid:   process number, from 1
 * @live:   number of tasks that have not begun to exit
 * @exited: process_exit() has been called
 * @killed: every task ends on its next way to user space
 * @files:  descriptors, NULL after the exit
 * @mm:     memory, NULL after the exit
 * @list:   in the list of all processes
 * @comm:   name
 */
struct sim_process {
	pid_t tgid;
	unsigned int live;
	bool exited;
	bool killed;
	struct files_struct *files;
	struct mm_struct *mm;
	struct list_head list;
	char comm[TASK_COMM_LEN];
};

/**
 * struct task_struct - a thread.
 * @__state:        TASK_*, for schedule()
 * @flags:          PF_*
 * @pid:            number of the task, from 1; 0 for init_task
 * @tgid:           number of its process
 * @process:        its process, NULL for init_task and for a task that has left it
 * @files:          descriptors of the process
 * @mm:             memory of the process
 * @task_works:     what task_work_add() queued, newest first
 * @work_exited:    the task has done its last work
 * @signal_pending: a signal waits for the task
 * @sleeps_on:      what it sleeps on, or is about to, if a signal ends that
 * @signalled:      ... and a signal has come since
 * @atomic_depth:   number of spinlocks held and of preempt_disable()
 * @rcu_nesting:    depth of RCU read sections
 * @rcu_entered:    grace period in which the outermost section began
 * @cpu:            whose part of the allocators' memory it uses, 0 to SIM_CPUS - 1
 * @locks_held:     number of entries in @held
 * @held:           locks held, oldest first
 * @tasks:          in the list of all tasks
 * @comm:           name
 */
struct task_struct {
	unsigned int __state;
	unsigned int flags;
	pid_t pid;
	pid_t tgid;
	struct sim_process *process;
	struct files_struct *files;
	struct mm_struct *mm;
	struct callback_head *task_works;
	bool work_exited;
	bool signal_pending;
	const volatile void *sleeps_on;
	bool signalled;
	unsigned int atomic_depth;
	unsigned int rcu_nesting;
	u64 rcu_entered;
	unsigned int cpu;
	unsigned int locks_held;
	struct sim_held_lock held[SIM_HELD_LOCKS_MAX];
	struct list_head tasks;
	char comm[TASK_COMM_LEN];
};

extern struct task_struct init_task;

/** syscall_exit() - what happens on the way back to user space; see sim/kernel/task.c. */
void syscall_exit(void);

void schedule(void);
int wake_up_process(struct task_struct *task);

#define set_current_state(state)	WRITE_ONCE(current->__state, (state))
#define __set_current_state(state)	(current->__state = (state))
#define task_pid_nr(task)		((task)->pid)
#define task_tgid_nr(task)		((task)->tgid)
#define task_pid_vnr(task)		((task)->pid)
#define same_thread_group(a, b)		((a)->process == (b)->process)
#define need_resched()			false
#define cond_resched_lock(lock)		({ (void)(lock); 0; })
#define yield()				cond_resched()
#define io_schedule()			schedule()

/** sim_cpu() - whose share of things the current task uses: 0 unless tasks run side by side. */
static inline unsigned int sim_cpu(void)
{
	return *sim_boot.concurrent ? current->cpu : 0;
}

/** sim_in_softirq() - whether an RCU callback runs on a task of its own. */
static inline bool sim_in_softirq(void)
{
	return current->cpu == SIM_CPU_RCU;
}

/* Kernel threads are the init_task and those that RCU callbacks have. */
static inline bool sim_is_kthread(const struct task_struct *task)
{
	return task->flags & PF_KTHREAD;
}

#endif /* _LINUX_SCHED_H */
