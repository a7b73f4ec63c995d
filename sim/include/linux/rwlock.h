/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_RWLOCK_H
#define __LINUX_RWLOCK_H

/*
 * Simulated: spinlocks with readers.
 *
 * Kernel promises: many readers or one writer; nothing may sleep while one is held.
 * Modelled: the same, and reading recursively never deadlocks (as in interrupt context).
 * Left out: fairness of queued rwlocks, where a waiting writer holds new readers off.
 * Scheduling points: before each operation.
 */

#include <linux/cleanup.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

void __rwlock_init(rwlock_t *lock, const char *name);
void read_lock(rwlock_t *lock);
void read_unlock(rwlock_t *lock);
int read_trylock(rwlock_t *lock);
void write_lock(rwlock_t *lock);
void write_unlock(rwlock_t *lock);
int write_trylock(rwlock_t *lock);

#define rwlock_init(lock)		__rwlock_init((lock), "rwlock " #lock)
#define read_lock_irq(lock)		read_lock(lock)
#define read_unlock_irq(lock)		read_unlock(lock)
#define write_lock_irq(lock)		write_lock(lock)
#define write_unlock_irq(lock)		write_unlock(lock)
#define rwlock_needbreak(lock)		false

DEFINE_LOCK_GUARD_1(read_lock, rwlock_t, read_lock(_T->lock), read_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(write_lock, rwlock_t, write_lock(_T->lock), write_unlock(_T->lock))

#endif /* __LINUX_RWLOCK_H */
