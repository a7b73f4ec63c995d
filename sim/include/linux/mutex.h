/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_MUTEX_H
#define __LINUX_MUTEX_H

/*
 * Simulated: mutexes (kernel/locking/mutex.c).
 *
 * Kernel promises: one owner, who alone may unlock; not recursive; may sleep.
 * Modelled: the same. A task that locks a mutex twice sleeps for good, and the machine
 *	reports the deadlock. Which waiter gets a free mutex is the scheduler's choice.
 * Left out: optimistic spinning, hand-off, priority inheritance.
 * Scheduling points: before each lock, trylock and unlock.
 */

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/lockdep.h>
#include <linux/mutex_types.h>
#include <linux/types.h>
#include <asm/current.h>

#define __MUTEX_INITIALIZER(lockname)	{ .name = "mutex " #lockname }
#define DEFINE_MUTEX(mutexname)	\
	struct mutex mutexname = __MUTEX_INITIALIZER(mutexname)
#define mutex_init(mutex)		__mutex_init((mutex), "mutex " #mutex, NULL)
#define mutex_init_with_key(mutex, key)	__mutex_init((mutex), "mutex " #mutex, (key))

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);
void mutex_destroy(struct mutex *lock);
bool mutex_is_locked(struct mutex *lock);
void mutex_lock(struct mutex *lock);
int __must_check mutex_lock_interruptible(struct mutex *lock);
int __must_check mutex_lock_killable(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int atomic_dec_and_mutex_lock(atomic_t *cnt, struct mutex *lock);

#define mutex_lock_nested(lock, subclass)		mutex_lock(lock)
#define mutex_lock_nest_lock(lock, nest)		mutex_lock(lock)
#define mutex_lock_interruptible_nested(lock, sub)	mutex_lock_interruptible(lock)
#define mutex_lock_killable_nested(lock, sub)		mutex_lock_killable(lock)

DEFINE_LOCK_GUARD_1(mutex, struct mutex, mutex_lock(_T->lock), mutex_unlock(_T->lock))
DEFINE_LOCK_GUARD_1_COND(mutex, _try, mutex_trylock(_T->lock))
DEFINE_LOCK_GUARD_1_COND(mutex, _intr, mutex_lock_interruptible(_T->lock), _RET == 0)
DEFINE_LOCK_GUARD_1_COND(mutex, _kill, mutex_lock_killable(_T->lock), _RET == 0)

#endif /* __LINUX_MUTEX_H */
