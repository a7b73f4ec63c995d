// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks and processes: their life (kernel/fork.c, kernel/exit.c), the way back to user space
 * (kernel/entry/common.c), and sleeping.
 */

#include <linux/fdtable.h>
#include <linux/init.h>
#include <linux/lockdep.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/task_work.h>
#include <linux/wait.h>

#include "../mm/cpu_parts.h"
#include "task.h"

struct task_struct init_task = {
	.flags = PF_KTHREAD,
	.tasks = LIST_HEAD_INIT(init_task.tasks),
	.comm = "swapper",
};
struct task_struct *sim_current = &init_task;

static struct kmem_cache *task_cache;
static struct kmem_cache *process_cache;
static pid_t last_pid;
static pid_t last_tgid;
static unsigned int tasks_nr;
static unsigned int processes_nr;
static unsigned int tasks_on[SIM_CPUS];
static LIST_HEAD(processes);
DEFINE_SPINLOCK(tasklist_lock);
DECLARE_WAIT_QUEUE_HEAD(process_gone);

void __init fork_init(void)
{
	task_cache = kmem_cache_create("task_struct", sizeof(struct task_struct), 0,
				       SLAB_PANIC, NULL);
	process_cache = kmem_cache_create("signal_cache", sizeof(struct sim_process), 0,
					  SLAB_PANIC, NULL);
}

unsigned int tasks_count(void)
{
	return tasks_nr;
}

void *process_create(const char *name)
{
	struct sim_process *process = kmem_cache_zalloc(process_cache, GFP_KERNEL);

	if (!process)
		return NULL;
	strscpy(process->comm, name);
	process->mm = mm_create();
	if (!process->mm)
		goto free_process;
	process->files = files_create();
	if (!process->files)
		goto exit_mm;
	process->tgid = ++last_tgid;
	scoped_guard(spinlock, &tasklist_lock)
		list_add_tail(&process->list, &processes);
	processes_nr++;
	return process;

exit_mm:
	mm_exit(process->mm);
free_process:
	kmem_cache_free(process_cache, process);
	return NULL;
}

int process_pid(void *process)
{
	return ((struct sim_process *)process)->tgid;
}

struct sim_process *process_find(pid_t tgid)
{
	struct sim_process *process;

	list_for_each_entry(process, &processes, list)
		if (process->tgid == tgid)
			return process;
	return NULL;
}

/* The first of those with the fewest tasks. CPU 0 belongs to init_task. */
static unsigned int choose_cpu(void)
{
	unsigned int best = 1;

	for (unsigned int cpu = 2; cpu < SIM_CPU_RCU; cpu++)
		if (tasks_on[cpu] < tasks_on[best])
			best = cpu;
	return best;
}

/*
 * Each process has one task that does nothing as long as the process lives. With two others
 * something is about to happen at once.
 */
static void prepare_cpus(void)
{
	unsigned int cpus = 0;

	if (tasks_nr < processes_nr + 2)
		return;
	for (unsigned int cpu = 1; cpu < SIM_CPU_RCU; cpu++)
		cpus |= (tasks_on[cpu] != 0) << cpu;
	sim_cpu_parts_begin(cpus);
}

void *task_create(void *arg, const char *name)
{
	struct sim_process *process = arg;
	struct task_struct *task = kmem_cache_zalloc(task_cache, GFP_KERNEL);

	if (!task)
		return NULL;
	task->pid = ++last_pid;
	task->tgid = process->tgid;
	task->cpu = choose_cpu();
	task->process = process;
	task->files = process->files;
	task->mm = process->mm;
	strscpy(task->comm, name);
	process->live++;
	tasks_nr++;
	tasks_on[task->cpu]++;
	list_add_tail(&task->tasks, &init_task.tasks);
	prepare_cpus();
	return task;
}

/* What the tasks of @process shared is gone for all of them. */
static void detach_tasks(struct sim_process *process)
{
	struct task_struct *task;

	list_for_each_entry(task, &init_task.tasks, tasks) {
		if (task->process == process) {
			task->files = NULL;
			task->mm = NULL;
		}
	}
}

/*
 * The order is that of do_exit(): first the memory, then the descriptors, and at last the
 * work that closing them has put off.
 */
static void exit_process(struct sim_process *process)
{
	struct mm_struct *mm = process->mm;
	struct files_struct *files = process->files;

	if (process->exited)
		return;
	sim_point(HOST_OP_RMW, &process->killed);
	process->exited = true;
	mm_exit(mm);
	process->mm = NULL;
	files_exit(files);
	process->files = NULL;
	detach_tasks(process);
	task_work_run();
}

void process_exit(void)
{
	exit_process(current->process);
	syscall_exit();
}

/*
 * The last task that begins to exit takes the process with it; whoever waits for that
 * can know then. The signal that a task dies of is not pending any more: what its end
 * waits for it gets.
 */
static void leave_process(struct task_struct *task)
{
	struct sim_process *process = task->process;
	bool last;

	/* Tasks may end in any order as long as none can be the last, or be killed. */
	sim_point(HOST_OP_READ, &process->killed);
	task->flags |= PF_EXITING;
	task->signal_pending = false;
	sim_point(process->killed || process->exited ? HOST_OP_RMW : HOST_OP_READ, &process->live);
	last = !--process->live;
	sim_sync(HOST_SYNC_RMW_FULL, &process->live);
	if (last)
		exit_process(process);
	task->files = NULL;
	task->mm = NULL;
	task->process = NULL;
	task->work_exited = true;
	syscall_exit();
	rcu_task_exit();
	if (last) {
		scoped_guard(spinlock, &tasklist_lock)
			list_del(&process->list);
		processes_nr--;
		kmem_cache_free(process_cache, process);
		wake_up_all(&process_gone);
	}
}

void task_exit(void *arg)
{
	struct task_struct *task = arg;

	sim_current = task;
	leave_process(task);
	list_del(&task->tasks);
	tasks_nr--;
	tasks_on[task->cpu]--;
	/* What is left to be done is still done on its CPU. */
	init_task.cpu = task->cpu;
	sim_current = &init_task;
	kmem_cache_free(task_cache, task);
	init_task.cpu = 0;
}

/** do_exit() - the end of the current task, on its way to user space. */
static void __noreturn do_exit(void)
{
	task_exit(current);
	sim_host->exit();
}

static void report_held_locks(const struct task_struct *task)
{
	for (unsigned int i = 0; i < task->locks_held; i++) {
		printk(KERN_WARNING "WARNING: %s[%d] returns to user space holding %s\n",
		       task->comm, task->pid, task->held[i].name);
		sim_host->event(&(struct host_event){
			.type = HOST_EVENT_LOCK_HELD, .name = task->held[i].name,
			.value = task->pid, .ip = __builtin_return_address(0),
			.frame = __builtin_frame_address(0) });
	}
}

/**
 * syscall_exit() - the current task goes back to user space.
 *
 * Does the work that was put off until now (closing files), runs RCU callbacks whose grace period
 * is over, and reports what a task must not take to user space: locks, atomic context, RCU
 * read sections. At the end of each system call, of each fault and of the task. A task whose
 * process was killed ends here.
 */
void syscall_exit(void)
{
	struct task_struct *task = current;

	if (task_work_pending(task))
		task_work_run();
	rcu_quiescent();
	if (unlikely(task->locks_held))
		report_held_locks(task);
	else
		WARN(task->atomic_depth, "returns to user space with preemption disabled\n");
	WARN(task->rcu_nesting, "returns to user space in an RCU read section\n");
	if (task->process && !(task->flags & PF_EXITING) && unlikely(fatal_signal_pending(task)))
		do_exit();
}

void __might_sleep(const char *file, int line)
{
	const struct task_struct *task = current;

	if (likely(!task->atomic_depth && !task->rcu_nesting))
		return;
	sim_warn(file, line, "sleeping function called from invalid context",
		 "in_atomic(): %u, RCU nest depth: %u, pid: %d, name: %s\n", task->atomic_depth,
		 task->rcu_nesting, task->pid, task->comm);
}

int __cond_resched(void)
{
	sim_point(HOST_OP_READ, current);
	return 0;
}

static bool sleep_in_state(struct task_struct *task)
{
	if (task->__state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL))
		return !sim_block_interruptible(&task->__state, "schedule()");
	sim_block(&task->__state, "schedule()");
	return true;
}

/**
 * schedule() - sleep, if the task's state says so, until wake_up_process().
 *
 * An interruptible task with a signal pending goes on at once.
 */
void schedule(void)
{
	struct task_struct *task = current;

	might_sleep();
	do {
		sim_point(HOST_OP_WAIT, &task->__state);
	} while (task->__state != TASK_RUNNING && sleep_in_state(task));
	WRITE_ONCE(task->__state, TASK_RUNNING);
}

/** wake_up_process() - let @task go on; 1 if it slept. */
int wake_up_process(struct task_struct *task)
{
	sim_point(HOST_OP_WAKE, &task->__state);
	if (task->__state == TASK_RUNNING)
		return 0;
	task->__state = TASK_RUNNING;
	sim_wake(&task->__state);
	return 1;
}
