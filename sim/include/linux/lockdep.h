/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_LOCKDEP_H
#define __LINUX_LOCKDEP_H

/*
 * Simulated: which locks a task holds.
 *
 * Kernel promises: lockdep_assert_held() and its kind warn if the lock is not held.
 * Modelled: each task keeps the locks that it holds (sim/locking/held.c), so that a lock
 *	is looked up by its address.
 *	Which kind of lock was waited for with which held goes to the checkers: names are the
 *	classes, and model/check/order.c finds the circles. Of one lock a task that reads it and
 *	waits to read it again is told of as well: lockdep's "possible recursive locking".
 * Left out: subclasses and classes of one's own; whatever has one name is one class.
 * Scheduling points: none.
 */

#include <linux/bug.h>
#include <linux/lockdep_types.h>

/** enum sim_held - how the current task holds a lock. */
enum sim_held {
	SIM_HELD_NONE,
	SIM_HELD_SHARED,
	SIM_HELD_EXCLUSIVE,
};

/** sim_lock_held() - how the current task holds @lock. */
enum sim_held sim_lock_held(const volatile void *lock);

/** sim_lock_acquired() - the current task now holds @lock; @name as "mutex foo". */
void sim_lock_acquired(const volatile void *lock, const char *name, enum sim_held how);

/**
 * sim_lock_released() - the current task gives @lock back.
 *
 * Ends the run if it does not hold @lock: only the owner may release a lock.
 */
void sim_lock_released(const volatile void *lock, const char *name);

/**
 * sim_lock_wanted() - the current task is about to wait for the lock called @name, with
 * all that it holds: the checkers are told of each new pair of names.
 */
void sim_lock_wanted(const char *name);

/**
 * sim_lock_wanted_shared() - the same for @lock, which readers share. A reader that comes again may
 * meet a writer that came in between: it waits for the writer, who waits for the reader.
 */
void sim_lock_wanted_shared(const volatile void *lock, const char *name);

/** sim_user_accessed() - the kernel goes to user memory: tell which locks it holds. */
void sim_user_accessed(void);

/** sim_locks_held() - number of locks held by all tasks together. */
unsigned int sim_locks_held(void);

#define lockdep_is_held(lock)		(sim_lock_held(lock) != SIM_HELD_NONE)
#define lockdep_is_held_type(lock, r)						\
	((r) == 0 ? sim_lock_held(lock) == SIM_HELD_EXCLUSIVE :			\
	 (r) == 1 ? sim_lock_held(lock) == SIM_HELD_SHARED : lockdep_is_held(lock))

#define lockdep_assert(cond)		((void)WARN_ON(!(cond)))
#define lockdep_assert_once(cond)	((void)WARN_ON_ONCE(!(cond)))
#define lockdep_assert_held(l)		lockdep_assert(lockdep_is_held(l))
#define lockdep_assert_held_once(l)	lockdep_assert_once(lockdep_is_held(l))
#define lockdep_assert_not_held(l)	lockdep_assert(!lockdep_is_held(l))
#define lockdep_assert_held_write(l)	lockdep_assert(lockdep_is_held_type(l, 0))
#define lockdep_assert_held_read(l)	lockdep_assert(lockdep_is_held_type(l, 1))
#define lockdep_assert_none_held_once()	do { } while (0)

#define lockdep_set_class(lock, key)			((void)(key))
#define lockdep_set_class_and_name(lock, key, name)	((void)(key))
#define lockdep_set_subclass(lock, sub)			((void)(sub))
#define lockdep_register_key(key)			((void)(key))
#define lockdep_unregister_key(key)			((void)(key))
#define lockdep_off()					do { } while (0)
#define lockdep_on()					do { } while (0)
#define lock_map_acquire(l)				do { } while (0)
#define lock_map_release(l)				do { } while (0)
#define might_lock(lock)				do { } while (0)
#define might_lock_read(lock)				do { } while (0)
#define might_lock_nested(lock, sub)			do { } while (0)

#define SINGLE_DEPTH_NESTING	1

#endif /* __LINUX_LOCKDEP_H */
