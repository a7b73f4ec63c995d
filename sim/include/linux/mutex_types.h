/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_MUTEX_TYPES_H
#define __LINUX_MUTEX_TYPES_H

/* Simulated: see linux/mutex.h. */

struct task_struct;

/**
 * struct mutex - a lock with one owner.
 * @owner: the task that holds it, or NULL
 * @name:  "mutex foo", for reports
 */
struct mutex {
	struct task_struct *owner;
	const char *name;
};

#endif /* __LINUX_MUTEX_TYPES_H */
