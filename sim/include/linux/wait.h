/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H

/*
 * Simulated: wait queues (kernel/sched/wait.c).
 *
 * Kernel promises: wait_event() returns once the condition is true; whoever makes it true
 *	calls wake_up(). May sleep.
 * Modelled: the same; a wake-up makes all waiters test their condition. Who waits expects
 *	wake-ups before it tests the condition, so that none is lost in between.
 * Left out: exclusive waiters, timeouts, custom wake functions.
 * Scheduling points: expecting, each sleep, each wake-up, and those of the condition; if a
 *	signal may end the wait, also before and after each sleep, see linux/sched/signal.h.
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
 * @name: "wait queue foo", for reports
 */
typedef struct wait_queue_head {
	spinlock_t lock;
	const char *name;
} wait_queue_head_t;

#define __WAIT_QUEUE_HEAD_INITIALIZER(wqname)	\
	{ .lock = { .name = "spinlock " #wqname ".lock" }, .name = "wait queue " #wqname }
#define DECLARE_WAIT_QUEUE_HEAD(wqname)	\
	wait_queue_head_t wqname = __WAIT_QUEUE_HEAD_INITIALIZER(wqname)
#define init_waitqueue_head(wq)		__init_waitqueue_head((wq), "wait queue " #wq)

void __init_waitqueue_head(wait_queue_head_t *wq, const char *name);
/** sim_wait_begin() - from here on no wake-up of @wq is lost; before the condition is tested. */
void sim_wait_begin(wait_queue_head_t *wq);
/**
 * sim_wait() - sleep until @wq is woken, or has been since sim_wait_begin() or sim_wait();
 * the caller has just seen its condition false.
 */
void sim_wait(wait_queue_head_t *wq);
/** sim_wait_interruptible() - as sim_wait(); -ERESTARTSYS if a signal is pending before. */
int sim_wait_interruptible(wait_queue_head_t *wq);
void wake_up_all(wait_queue_head_t *wq);

#define wake_up(wq)			wake_up_all(wq)
#define wake_up_nr(wq, nr)		wake_up_all(wq)
#define wake_up_interruptible(wq)	wake_up_all(wq)
#define wake_up_interruptible_all(wq)	wake_up_all(wq)
#define wake_up_poll(wq, mask)		wake_up_all(wq)

#define wait_event(wq, condition)		\
do {						\
	might_sleep();				\
	sim_wait_begin(&(wq));			\
	while (!(condition))			\
		sim_wait(&(wq));		\
} while (0)
#define wait_event_interruptible(wq, condition)			\
({								\
	int __we_err = 0;					\
	might_sleep();						\
	sim_wait_begin(&(wq));					\
	while (!__we_err && !(condition))			\
		__we_err = sim_wait_interruptible(&(wq));	\
	__we_err;						\
})
#define wait_event_killable(wq, condition)	wait_event_interruptible(wq, condition)

#endif /* _LINUX_WAIT_H */
