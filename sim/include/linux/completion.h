/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_COMPLETION_H
#define __LINUX_COMPLETION_H

/*
 * Simulated: completions (kernel/sched/completion.c).
 *
 * Kernel promises: complete() lets one waiter go on, complete_all() all for good.
 * Modelled: the same.
 * Left out: timeouts, since time stands still.
 * Scheduling points: each wait, each complete; looking for a signal, if that may end a wait.
 */

#include <linux/compiler.h>
#include <linux/types.h>

/**
 * struct completion - an event to wait for.
 * @done: number of waiters that may pass; UINT_MAX for all
 * @name: "completion foo", for reports
 */
struct completion {
	unsigned int done;
	const char *name;
};

#define COMPLETION_INITIALIZER(work)	{ .name = "completion " #work }
#define COMPLETION_INITIALIZER_ONSTACK(work)	\
	(*({ init_completion(&work); &work; }))
#define DECLARE_COMPLETION(work)	\
	struct completion work = COMPLETION_INITIALIZER(work)
#define DECLARE_COMPLETION_ONSTACK(work)	DECLARE_COMPLETION(work)
#define init_completion(x)		__init_completion((x), "completion " #x)

void __init_completion(struct completion *x, const char *name);
void reinit_completion(struct completion *x);
void wait_for_completion(struct completion *x);
int __must_check wait_for_completion_interruptible(struct completion *x);
int __must_check wait_for_completion_killable(struct completion *x);
bool try_wait_for_completion(struct completion *x);
bool completion_done(struct completion *x);
void complete(struct completion *x);
void complete_all(struct completion *x);

#endif /* __LINUX_COMPLETION_H */
