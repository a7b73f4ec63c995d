/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H

/*
 * Simulated: reader/writer semaphores (kernel/locking/rwsem.c).
 *
 * Kernel promises: many readers or one writer; may sleep. A reader does not overtake a
 *	waiting writer while other readers hold the lock, so that reading recursively can
 *	deadlock. Readers that wait are let in together.
 * Modelled: the same. Who gets a free lock is the scheduler's choice, which covers the
 *	kernel's optimistic spinning and lock stealing.
 * Left out: hand-off after a timeout, queue limits.
 * Scheduling points: before each operation.
 */

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/types.h>

struct task_struct;

/**
 * struct rw_semaphore - the lock.
 * @writer:          the task that holds it exclusively, or NULL
 * @readers:         number of tasks that hold it shared
 * @waiting_writers: number of writers that sleep
 * @waiting_readers: readers that sleep, see sim/locking/rwsem.c. Valid only while
 *                   @waiting_readers_nr is not 0
 * @waiting_readers_nr: their number
 * @name:            "rwsem foo", for reports
 */
struct rw_semaphore {
	struct task_struct *writer;
	unsigned int readers;
	unsigned int waiting_writers;
	unsigned int waiting_readers_nr;
	struct list_head waiting_readers;
	const char *name;
};

#define __RWSEM_INITIALIZER(lockname)	{ .name = "rwsem " #lockname }
#define DECLARE_RWSEM(lockname)	\
	struct rw_semaphore lockname = __RWSEM_INITIALIZER(lockname)
#define init_rwsem(sem)		__init_rwsem((sem), "rwsem " #sem, NULL)

void __init_rwsem(struct rw_semaphore *sem, const char *name, struct lock_class_key *key);
bool rwsem_is_locked(struct rw_semaphore *sem);
bool rwsem_is_contended(struct rw_semaphore *sem);
void down_read(struct rw_semaphore *sem);
int __must_check down_read_interruptible(struct rw_semaphore *sem);
int __must_check down_read_killable(struct rw_semaphore *sem);
int down_read_trylock(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
int __must_check down_write_killable(struct rw_semaphore *sem);
int down_write_trylock(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
void downgrade_write(struct rw_semaphore *sem);

#define down_read_nested(sem, subclass)			down_read(sem)
#define down_read_killable_nested(sem, subclass)	down_read_killable(sem)
#define down_write_nested(sem, subclass)		down_write(sem)
#define down_write_nest_lock(sem, nest)			down_write(sem)
#define down_write_killable_nested(sem, subclass)	down_write_killable(sem)

#define rwsem_assert_held(sem)		lockdep_assert_held(sem)
#define rwsem_assert_held_write(sem)	lockdep_assert_held_write(sem)

DEFINE_LOCK_GUARD_1(rwsem_read, struct rw_semaphore, down_read(_T->lock), up_read(_T->lock))
DEFINE_LOCK_GUARD_1_COND(rwsem_read, _try, down_read_trylock(_T->lock))
DEFINE_LOCK_GUARD_1_COND(rwsem_read, _intr, down_read_interruptible(_T->lock), _RET == 0)
DEFINE_LOCK_GUARD_1_COND(rwsem_read, _kill, down_read_killable(_T->lock), _RET == 0)
DEFINE_LOCK_GUARD_1(rwsem_write, struct rw_semaphore, down_write(_T->lock), up_write(_T->lock))
DEFINE_LOCK_GUARD_1_COND(rwsem_write, _try, down_write_trylock(_T->lock))
DEFINE_LOCK_GUARD_1_COND(rwsem_write, _kill, down_write_killable(_T->lock), _RET == 0)

#endif /* _LINUX_RWSEM_H */
