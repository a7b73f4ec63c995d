/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H

/*
 * Simulated: wait queues (kernel/sched/wait.c).
 *
 * Kernel promises: wait_event() returns once the condition is true; whoever makes it true
 *	calls wake_up(). May sleep.
 * Modelled: the same; a wake-up makes all waiters test their condition.
 * Left out: exclusive waiters, timeouts, custom wake functions.
 * Scheduling points: each test of the condition, and each wake-up.
 */

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct wait_queue_head - what tasks wait on.
 * @lock: for users that lock the queue themselves
 * @wakeups: number of wake-ups so far: one that comes while a condition is tested counts
 * @name: "wait queue foo", for reports
 */
typedef struct wait_queue_head {
	spinlock_t lock;
	unsigned int wakeups;
	const char *name;
} wait_queue_head_t;

#define __WAIT_QUEUE_HEAD_INITIALIZER(wqname)	\
	{ .lock = { .name = "spinlock " #wqname ".lock" }, .name = "wait queue " #wqname }
#define DECLARE_WAIT_QUEUE_HEAD(wqname)	\
	wait_queue_head_t wqname = __WAIT_QUEUE_HEAD_INITIALIZER(wqname)
#define init_waitqueue_head(wq)		__init_waitqueue_head((wq), "wait queue " #wq)

void __init_waitqueue_head(wait_queue_head_t *wq, const char *name);
/*
 * Sleep until the next wake-up after the @seen-th; the caller has just seen its condition
 * false.
 */
void sim_wait(wait_queue_head_t *wq, unsigned int seen);
/* -ERESTARTSYS instead of sleeping if a signal is pending. */
int sim_wait_interruptible(wait_queue_head_t *wq, unsigned int seen);
void wake_up_all(wait_queue_head_t *wq);

#define wake_up(wq)			wake_up_all(wq)
#define wake_up_nr(wq, nr)		wake_up_all(wq)
#define wake_up_interruptible(wq)	wake_up_all(wq)
#define wake_up_interruptible_all(wq)	wake_up_all(wq)
#define wake_up_poll(wq, mask)		wake_up_all(wq)

#define wait_event(wq, condition)		\
do {						\
	might_sleep();				\
	for (;;) {				\
		unsigned int __we_seen = (wq).wakeups;	\
							\
		if (condition)			\
			break;			\
		sim_wait(&(wq), __we_seen);	\
	}					\
} while (0)
#define wait_event_interruptible(wq, condition)			\
({								\
	int __we_err = 0;					\
	might_sleep();						\
	do {							\
		unsigned int __we_seen = (wq).wakeups;		\
								\
		if (condition)					\
			break;					\
		__we_err = sim_wait_interruptible(&(wq), __we_seen);	\
	} while (!__we_err);					\
	__we_err;						\
})
#define wait_event_killable(wq, condition)	wait_event_interruptible(wq, condition)

#endif /* _LINUX_WAIT_H */
