/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_SPINLOCK_TYPES_H
#define __LINUX_SPINLOCK_TYPES_H

/* Simulated: see linux/spinlock.h and linux/rwlock.h. */

#include <linux/compiler.h>
#include <linux/lockdep_types.h>

struct task_struct;

/**
 * struct spinlock - a lock that spins.
 * @owner: the task that holds it, or NULL
 * @name:  "spinlock foo", for reports
 */
typedef struct spinlock {
	struct task_struct *owner;
	const char *name;
} spinlock_t;
typedef struct spinlock raw_spinlock_t;

/**
 * struct rwlock_t - a spinlock with readers.
 * @writer:  the task that holds it exclusively, or NULL
 * @readers: number of times that it is held shared
 * @name:    "rwlock foo", for reports
 */
typedef struct {
	struct task_struct *writer;
	unsigned int readers;
	const char *name;
} rwlock_t;

#define __SPIN_LOCK_UNLOCKED(lockname)	(spinlock_t)__SPIN_LOCK_INITIALIZER(lockname)
#define __SPIN_LOCK_INITIALIZER(lockname)	{ .name = "spinlock " #lockname }
#define __RAW_SPIN_LOCK_UNLOCKED(lockname)	__SPIN_LOCK_UNLOCKED(lockname)
#define __RW_LOCK_UNLOCKED(lockname)	(rwlock_t){ .name = "rwlock " #lockname }
#define DEFINE_SPINLOCK(x)	spinlock_t x = __SPIN_LOCK_INITIALIZER(x)
#define DEFINE_RAW_SPINLOCK(x)	DEFINE_SPINLOCK(x)
#define DEFINE_RWLOCK(x)	rwlock_t x = { .name = "rwlock " #x }

#endif /* __LINUX_SPINLOCK_TYPES_H */
