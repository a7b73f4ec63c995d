// SPDX-License-Identifier: GPL-2.0
/*
 * Mutexes (kernel/locking/mutex.c); linux/mutex.h says what is modelled.
 */

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/sched/signal.h>

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	lock->owner = NULL;
	lock->name = name;
}

/** mutex_destroy() - @lock is not used any more; it must not be held. */
void mutex_destroy(struct mutex *lock)
{
	WARN_ON(lock->owner);
	lock->name = NULL;
}

bool mutex_is_locked(struct mutex *lock)
{
	sim_point(HOST_OP_READ, lock);
	return lock->owner;
}

static void take(struct mutex *lock)
{
	lock->owner = current;
	sim_lock_acquired(lock, lock->name, SIM_HELD_EXCLUSIVE);
}

static void prepare(const struct mutex *lock)
{
	might_sleep();
	sim_check(lock->name, "a mutex is locked that was never initialised or is destroyed");
	sim_lock_wanted(lock->name);
}

/**
 * mutex_lock() - take @lock, sleeping until it is free.
 *
 * Context: may sleep. A task that holds @lock already sleeps for good.
 */
void mutex_lock(struct mutex *lock)
{
	prepare(lock);
	sim_point(HOST_OP_ACQUIRE, lock);
	while (lock->owner)
		sim_block(lock, lock->name);
	take(lock);
}

static bool try(void *lock)
{
	return mutex_trylock(lock);
}

/**
 * mutex_lock_interruptible() - as mutex_lock(), but a signal ends the wait.
 *
 * Return: 0, or -EINTR. A free mutex is taken even if a signal is pending.
 */
int mutex_lock_interruptible(struct mutex *lock)
{
	prepare(lock);
	return sim_lock_killable(lock, lock->name, try);
}

/** mutex_lock_killable() - as mutex_lock_interruptible(), for fatal signals. */
int mutex_lock_killable(struct mutex *lock)
{
	return mutex_lock_interruptible(lock);
}

/**
 * mutex_trylock() - take @lock if it is free.
 *
 * Context: process. Return: 1 if it was taken, 0 if not.
 */
int mutex_trylock(struct mutex *lock)
{
	sim_check(lock->name, "a mutex is locked that was never initialised or is destroyed");
	sim_point(HOST_OP_TRY, lock);
	if (lock->owner)
		return 0;
	take(lock);
	return 1;
}

/** mutex_unlock() - give @lock back; only its owner may. */
void mutex_unlock(struct mutex *lock)
{
	sim_lock_released(lock, lock->name);
	sim_point(HOST_OP_RELEASE, lock);
	lock->owner = NULL;
	sim_wake(lock);
}

/**
 * atomic_dec_and_mutex_lock() - decrement @cnt; with @lock held if that makes it zero.
 *
 * Return: 1 if @cnt is zero and @lock is held, 0 otherwise.
 */
int atomic_dec_and_mutex_lock(atomic_t *cnt, struct mutex *lock)
{
	if (atomic_add_unless(cnt, -1, 1))
		return 0;
	mutex_lock(lock);
	if (atomic_dec_and_test(cnt))
		return 1;
	mutex_unlock(lock);
	return 0;
}

/** refcount_dec_and_mutex_lock() - the same for a reference count. */
bool refcount_dec_and_mutex_lock(refcount_t *r, struct mutex *lock)
{
	if (refcount_dec_not_one(r))
		return false;
	mutex_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	mutex_unlock(lock);
	return false;
}
