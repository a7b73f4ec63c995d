// SPDX-License-Identifier: GPL-2.0
/*
 * Wait queues and completions (kernel/sched/wait.c, kernel/sched/completion.c).
 */

#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

void __init_waitqueue_head(wait_queue_head_t *wq, const char *name)
{
	__spin_lock_init(&wq->lock, name);
	wq->wakeups = 0;
	wq->name = name;
}

void sim_wait(wait_queue_head_t *wq, unsigned int seen)
{
	if (wq->wakeups == seen)
		sim_block(wq, wq->name);
}

int sim_wait_interruptible(wait_queue_head_t *wq, unsigned int seen)
{
	if (signal_pending(current))
		return -ERESTARTSYS;
	if (wq->wakeups == seen)
		sim_block(wq, wq->name);
	return 0;
}

/** wake_up_all() - every task that waits on @wq tests its condition again. */
void wake_up_all(wait_queue_head_t *wq)
{
	sim_point(HOST_OP_WAKE, wq);
	wq->wakeups++;
	sim_wake(wq);
}

void __init_completion(struct completion *x, const char *name)
{
	x->done = 0;
	x->name = name;
}

void reinit_completion(struct completion *x)
{
	x->done = 0;
}

static void consume(struct completion *x)
{
	if (x->done != UINT_MAX)
		x->done--;
}

static int wait_done(struct completion *x, bool interruptible)
{
	might_sleep();
	sim_point(HOST_OP_RMW, x);
	while (!x->done) {
		if (interruptible && signal_pending(current))
			return -ERESTARTSYS;
		sim_block(x, x->name);
	}
	consume(x);
	return 0;
}

/** wait_for_completion() - sleep until complete() has been called for us. */
void wait_for_completion(struct completion *x)
{
	wait_done(x, false);
}

/** wait_for_completion_interruptible() - the same; -ERESTARTSYS if a signal ended it. */
int wait_for_completion_interruptible(struct completion *x)
{
	return wait_done(x, true);
}

int wait_for_completion_killable(struct completion *x)
{
	return wait_done(x, true);
}

/** try_wait_for_completion() - pass if that needs no waiting; whether it did. */
bool try_wait_for_completion(struct completion *x)
{
	sim_point(HOST_OP_RMW, x);
	if (!x->done)
		return false;
	consume(x);
	return true;
}

bool completion_done(struct completion *x)
{
	return READ_ONCE(x->done);
}

/** complete() - let one waiter pass, now or when it comes. Context: any. */
void complete(struct completion *x)
{
	sim_point(HOST_OP_WAKE, x);
	if (x->done != UINT_MAX)
		x->done++;
	sim_wake(x);
}

/** complete_all() - let all waiters pass, until reinit_completion(). Context: any. */
void complete_all(struct completion *x)
{
	sim_point(HOST_OP_WAKE, x);
	x->done = UINT_MAX;
	sim_wake(x);
}
