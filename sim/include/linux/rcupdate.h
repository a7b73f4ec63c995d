/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_RCUPDATE_H
#define __LINUX_RCUPDATE_H

/*
 * Simulated: read-copy update.
 *
 * Kernel promises: synchronize_rcu() returns, and a callback of call_rcu() runs, only after
 *	every read section that was under way has ended. Read sections nest and don't sleep.
 * Modelled: the same. Where tasks run together each callback has a task of its own, and so runs
 *	at any time after its grace period, in any order, beside everything; rcu_barrier() waits
 *	for those that were queued before. See sim/kernel/rcu_callback.c. Where tasks run one
 *	after the other it runs at the end of a system call, or in a later synchronize_rcu() or
 *	rcu_barrier(), in the order of queueing.
 * Left out: read sections of interrupts, expedited grace periods as something else, batches of
 *	kfree_rcu(): rcu_barrier() waits for it, too.
 * Scheduling points: entering and leaving a read section, each access to an RCU pointer,
 *	waiting for a grace period and each wake-up after it, queueing a callback, telling one
 *	that a reader has left, and the end of one.
 */

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/lockdep.h>
#include <linux/types.h>
#include <asm/barrier.h>

void rcu_read_lock(void);
void rcu_read_unlock(void);
bool rcu_read_lock_held(void);
void synchronize_rcu(void);
void call_rcu(struct rcu_head *head, rcu_callback_t func);
void rcu_barrier(void);

/** rcu_quiescent() - run callbacks whose grace period can have ended; see sim/kernel/rcu.c. */
void rcu_quiescent(void);
/** rcu_task_exit() - callbacks that have no tasks of their own have run when it returns. */
void rcu_task_exit(void);
/** rcu_callbacks_pending() - number of callbacks that wait, SRCU included. */
unsigned int rcu_callbacks_pending(void);

#define rcu_read_lock_bh()		rcu_read_lock()
#define rcu_read_unlock_bh()		rcu_read_unlock()
#define rcu_read_lock_sched()		rcu_read_lock()
#define rcu_read_unlock_sched()		rcu_read_unlock()
#define rcu_read_lock_any_held()	rcu_read_lock_held()
#define synchronize_rcu_expedited()	synchronize_rcu()
#define synchronize_net()		synchronize_rcu()
#define call_rcu_hurry(head, func)	call_rcu(head, func)
#define init_rcu_head(head)		do { } while (0)
#define destroy_rcu_head(head)		do { } while (0)
#define rcu_sleep_check()		do { } while (0)

/**
 * kvfree_call_rcu() - queue @ptr to be freed by kvfree() after a grace period.
 * @head: in the object, or NULL if it has none: then the caller waits
 */
void kvfree_call_rcu(struct rcu_head *head, void *ptr);

#define kfree_rcu(ptr, rhf)					\
do {								\
	__auto_type __kr_p = (ptr);				\
	if (__kr_p)						\
		kvfree_call_rcu(&__kr_p->rhf, (void *)__kr_p);	\
} while (0)
#define kvfree_rcu(ptr, rhf)	kfree_rcu(ptr, rhf)
#define kfree_rcu_mightsleep(ptr)				\
do {								\
	__auto_type __kr_p = (ptr);				\
	if (__kr_p)						\
		kvfree_call_rcu(NULL, (void *)__kr_p);		\
} while (0)

#define RCU_LOCKDEP_WARN(c, s)		((void)WARN_ONCE(c, s))
#define RCU_INITIALIZER(v)		(typeof(*(v)) __force __rcu *)(v)
#define RCU_INIT_POINTER(p, v)		__WRITE_ONCE(p, v)
#define RCU_POINTER_INITIALIZER(p, v)	.p = (v)
#define rcu_assign_pointer(p, v)	sim_write_once(p, v, HOST_SYNC_STORE_RELEASE)
/* What is behind the pointer comes after it. */
#define sim_rcu_load(p)			sim_read_once(p, HOST_SYNC_LOAD_ACQUIRE)
#define rcu_replace_pointer(rcu_ptr, ptr, c)					\
({										\
	typeof(ptr) __rp_old = rcu_dereference_protected((rcu_ptr), (c));	\
	rcu_assign_pointer((rcu_ptr), (ptr));					\
	__rp_old;								\
})
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_dereference_check(p, c)						\
({										\
	RCU_LOCKDEP_WARN(!((c) || rcu_read_lock_held()),			\
			 "suspicious rcu_dereference_check() usage");		\
	sim_rcu_load(p);							\
})
#define rcu_dereference(p)		rcu_dereference_check(p, 0)
#define rcu_dereference_raw(p)		sim_rcu_load(p)
#define rcu_dereference_protected(p, c)						\
({										\
	RCU_LOCKDEP_WARN(!(c), "suspicious rcu_dereference_protected() usage");	\
	(p);									\
})
#define rcu_pointer_handoff(p)		(p)
#define unrcu_pointer(p)		(p)

DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(), rcu_read_unlock())

#endif /* __LINUX_RCUPDATE_H */
