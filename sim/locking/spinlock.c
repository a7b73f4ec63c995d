// SPDX-License-Identifier: GPL-2.0
/*
 * Spinlocks and rwlocks (kernel/locking/spinlock.c), and the atomic context that they make.
 * A task that would spin is not runnable until the lock is released.
 */

#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

void preempt_disable(void)
{
	current->atomic_depth++;
}

void preempt_enable(void)
{
	sim_check(current->atomic_depth, "preempt_enable() without preempt_disable()");
	current->atomic_depth--;
}

bool in_atomic(void)
{
	return current->atomic_depth;
}

void __spin_lock_init(spinlock_t *lock, const char *name)
{
	lock->owner = NULL;
	lock->name = name;
}

static void spin_take(spinlock_t *lock)
{
	lock->owner = current;
	current->atomic_depth++;
	sim_lock_acquired(lock, lock->name, SIM_HELD_EXCLUSIVE);
}

/**
 * spin_lock() - take @lock.
 *
 * Context: any. Until spin_unlock() the task must not sleep.
 */
void spin_lock(spinlock_t *lock)
{
	sim_check(lock->name, "a spinlock is locked that was never initialised");
	sim_lock_wanted(lock->name);
	sim_point(HOST_OP_ACQUIRE, lock);
	while (lock->owner)
		sim_block(lock, lock->name);
	spin_take(lock);
}

/** spin_trylock() - take @lock if it is free; 1 if it was taken. */
int spin_trylock(spinlock_t *lock)
{
	sim_check(lock->name, "a spinlock is locked that was never initialised");
	sim_point(HOST_OP_TRY, lock);
	if (lock->owner)
		return 0;
	spin_take(lock);
	return 1;
}

/** spin_unlock() - give @lock back; only its owner may. */
void spin_unlock(spinlock_t *lock)
{
	sim_lock_released(lock, lock->name);
	sim_point(HOST_OP_RELEASE, lock);
	lock->owner = NULL;
	preempt_enable();
	sim_wake(lock);
}

bool spin_is_locked(spinlock_t *lock)
{
	sim_point(HOST_OP_READ, lock);
	return lock->owner;
}

/** atomic_dec_and_lock() - decrement @atomic; with @lock held if that makes it zero. */
int atomic_dec_and_lock(atomic_t *atomic, spinlock_t *lock)
{
	if (atomic_add_unless(atomic, -1, 1))
		return 0;
	spin_lock(lock);
	if (atomic_dec_and_test(atomic))
		return 1;
	spin_unlock(lock);
	return 0;
}

/** refcount_dec_and_lock() - the same for a reference count. */
bool refcount_dec_and_lock(refcount_t *r, spinlock_t *lock)
{
	if (refcount_dec_not_one(r))
		return false;
	spin_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	spin_unlock(lock);
	return false;
}

void __rwlock_init(rwlock_t *lock, const char *name)
{
	*lock = (rwlock_t){ .name = name };
}

static void read_take(rwlock_t *lock)
{
	lock->readers++;
	current->atomic_depth++;
	sim_lock_acquired(lock, lock->name, SIM_HELD_SHARED);
}

static void write_take(rwlock_t *lock)
{
	lock->writer = current;
	current->atomic_depth++;
	sim_lock_acquired(lock, lock->name, SIM_HELD_EXCLUSIVE);
}

/** read_lock() - take @lock as one of its readers. Context: any. */
void read_lock(rwlock_t *lock)
{
	sim_check(lock->name, "a rwlock is locked that was never initialised");
	if (sim_in_softirq())
		sim_lock_wanted(lock->name);
	else
		sim_lock_wanted_shared(lock, lock->name);
	sim_point(HOST_OP_ACQUIRE_SHARED, lock);
	while (lock->writer)
		sim_block(lock, lock->name);
	read_take(lock);
}

int read_trylock(rwlock_t *lock)
{
	sim_point(HOST_OP_TRY_SHARED, lock);
	if (lock->writer)
		return 0;
	read_take(lock);
	return 1;
}

void read_unlock(rwlock_t *lock)
{
	sim_lock_released(lock, lock->name);
	sim_point(HOST_OP_RELEASE_SHARED, lock);
	sim_check(lock->readers, "read_unlock() of a rwlock that is held exclusively");
	preempt_enable();
	if (!--lock->readers)
		sim_wake(lock);
}

/** write_lock() - take @lock exclusively. Context: any. */
void write_lock(rwlock_t *lock)
{
	sim_check(lock->name, "a rwlock is locked that was never initialised");
	sim_lock_wanted(lock->name);
	sim_point(HOST_OP_ACQUIRE, lock);
	while (lock->writer || lock->readers)
		sim_block(lock, lock->name);
	write_take(lock);
}

int write_trylock(rwlock_t *lock)
{
	sim_point(HOST_OP_TRY, lock);
	if (lock->writer || lock->readers)
		return 0;
	write_take(lock);
	return 1;
}

void write_unlock(rwlock_t *lock)
{
	sim_lock_released(lock, lock->name);
	sim_point(HOST_OP_RELEASE, lock);
	sim_check(lock->writer == current, "write_unlock() of a rwlock that is held shared");
	lock->writer = NULL;
	preempt_enable();
	sim_wake(lock);
}
