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
	wq->name = name;
}

void sim_wait_begin(wait_queue_head_t *wq)
{
	sim_point(HOST_OP_WAIT, wq);
}

void sim_wait(wait_queue_head_t *wq)
{
	sim_block(wq, wq->name);
}

int sim_wait_interruptible(wait_queue_head_t *wq)
{
	return sim_block_interruptible(wq, wq->name) ? -ERESTARTSYS : 0;
}

/** wake_up_all() - every task that waits on @wq tests its condition again. */
void wake_up_all(wait_queue_head_t *wq)
{
	sim_point(HOST_OP_WAKE, wq);
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
	sim_sync(HOST_SYNC_ACQUIRE, x);
}

/** wait_for_completion() - sleep until complete() has been called for us. */
void wait_for_completion(struct completion *x)
{
	might_sleep();
	sim_point(HOST_OP_RMW, x);
	while (!x->done)
		sim_block(x, x->name);
	consume(x);
}

/* A signal is looked for in a step of its own: what is done is tested anew after it. */
static int wait_interruptible(struct completion *x)
{
	might_sleep();
	while (!try_wait_for_completion(x)) {
		sim_point(HOST_OP_WAIT, x);
		if (!x->done && sim_block_interruptible(x, x->name))
			return -ERESTARTSYS;
	}
	return 0;
}

/** wait_for_completion_interruptible() - the same; -ERESTARTSYS if a signal ended it. */
int wait_for_completion_interruptible(struct completion *x)
{
	return wait_interruptible(x);
}

int wait_for_completion_killable(struct completion *x)
{
	return wait_interruptible(x);
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
	sim_point(HOST_OP_READ, x);
	if (x->done)
		sim_sync(HOST_SYNC_ACQUIRE, x);
	return x->done;
}

/** complete() - let one waiter pass, now or when it comes. Context: any. */
void complete(struct completion *x)
{
	sim_point(HOST_OP_WAKE, x);
	sim_sync(HOST_SYNC_RELEASE, x);
	if (x->done != UINT_MAX)
		x->done++;
	sim_wake(x);
}

/** complete_all() - let all waiters pass, until reinit_completion(). Context: any. */
void complete_all(struct completion *x)
{
	sim_point(HOST_OP_WAKE, x);
	sim_sync(HOST_SYNC_RELEASE, x);
	x->done = UINT_MAX;
	sim_wake(x);
}
