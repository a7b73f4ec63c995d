/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_KERNEL_TASK_H
#define _SIM_KERNEL_TASK_H

/* Simulated: tasks, as the machine makes and ends them; see struct host_image. */

#include <linux/compiler.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <linux/wait.h>

struct sim_process;

void *process_create(const char *name);
void process_exit(void);
void *task_create(void *process, const char *name);
void task_exit(void *task);

/** process_pid() - the number of a process. */
int process_pid(void *process);
/**
 * process_find() - the process of that number, NULL if there is none or it has ended.
 * Context: under tasklist_lock.
 */
struct sim_process *process_find(pid_t tgid);
/** tasklist_lock - of the list of processes, and of signals. */
extern spinlock_t tasklist_lock;
/** process_gone - woken whenever a process has ended. */
extern wait_queue_head_t process_gone;

/* Signals and the end of processes, for the table in syscalls.c. */
long ksys_kill(pid_t pid, int sig);
long ksys_wait4(pid_t pid, int __user *status, int options);
long ksys_exit_group(void);

/** fork_init() - at boot, once the slab allocator works. */
void fork_init(void);
/** tasks_count() - number of tasks, without init_task. */
unsigned int tasks_count(void);

#endif /* _SIM_KERNEL_TASK_H */
