/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_SPINLOCK_H
#define __LINUX_SPINLOCK_H

/*
 * Simulated: spinlocks.
 *
 * Kernel promises: one owner; not recursive; nothing may sleep while one is held.
 * Modelled: the same; a task that waits is not runnable instead of spinning. Sleeping
 *	with a spinlock held warns.
 * Left out: interrupts: there are none, and the variants that disable them are the same.
 * Scheduling points: before each lock, trylock and unlock.
 */

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

void __spin_lock_init(spinlock_t *lock, const char *name);
void spin_lock(spinlock_t *lock);
int spin_trylock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
bool spin_is_locked(spinlock_t *lock);

#define spin_lock_init(lock)		__spin_lock_init((lock), "spinlock " #lock)
#define spin_lock_nested(lock, sub)	spin_lock(lock)
#define spin_lock_bh(lock)		spin_lock(lock)
#define spin_unlock_bh(lock)		spin_unlock(lock)
#define spin_lock_irq(lock)		spin_lock(lock)
#define spin_unlock_irq(lock)		spin_unlock(lock)
#define spin_lock_irqsave(lock, flags)		do { (flags) = 0; spin_lock(lock); } while (0)
#define spin_lock_irqsave_nested(lock, flags, sub)	spin_lock_irqsave(lock, flags)
#define spin_unlock_irqrestore(lock, flags)	\
	do { (void)(flags); spin_unlock(lock); } while (0)
#define spin_trylock_irqsave(lock, flags)	({ (flags) = 0; spin_trylock(lock); })
#define assert_spin_locked(lock)	BUG_ON(!spin_is_locked(lock))
#define spin_is_contended(lock)		false
#define spin_needbreak(lock)		false

#define raw_spin_lock_init(lock)	spin_lock_init(lock)
#define raw_spin_lock(lock)		spin_lock(lock)
#define raw_spin_unlock(lock)		spin_unlock(lock)
#define raw_spin_lock_irqsave		spin_lock_irqsave
#define raw_spin_unlock_irqrestore	spin_unlock_irqrestore

int atomic_dec_and_lock(atomic_t *atomic, spinlock_t *lock);

#include <linux/rwlock.h>

DEFINE_LOCK_GUARD_1(spinlock, spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1_COND(spinlock, _try, spin_trylock(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_irq, spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_bh, spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_irqsave, spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock),
		    unsigned long flags)
DEFINE_LOCK_GUARD_1(raw_spinlock, raw_spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))

#endif /* __LINUX_SPINLOCK_H */
