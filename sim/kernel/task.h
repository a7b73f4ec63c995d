/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_KERNEL_TASK_H
#define _SIM_KERNEL_TASK_H

/* Simulated: tasks, as the machine makes and ends them; see struct host_image. */

void *process_create(const char *name);
void process_exit(void);
void *task_create(void *process, const char *name);
void task_exit(void *task);

/** fork_init() - at boot, once the slab allocator works. */
void fork_init(void);
/** tasks_count() - number of tasks, without init_task. */
unsigned int tasks_count(void);

#endif /* _SIM_KERNEL_TASK_H */
