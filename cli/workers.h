/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_WORKERS_H
#define _CLI_WORKERS_H

/**
 * DOC: Independent pieces of work, on several threads of the host
 *
 * Who has no piece left to do helps with one that others are at, if that can be shared.
 */

#include <glib.h>
#include <stdbool.h>

struct pool;

/**
 * struct workers_share - a piece that others can help with.
 * @help: on another thread, until it is over. *@own is that thread's. False: it can't help
 * @ctx:  for it
 */
struct workers_share {
	bool (*help)(void *ctx, void **own);
	void *ctx;
	unsigned int helpers;
};

/**
 * struct workers - the work.
 * @items: pieces, numbered from 0
 * @jobs:  threads that do them, >= 1
 * @work:  does a piece, on one of those threads. *@own is that thread's own, NULL at first
 * @end:   such a thread has nothing left to do: frees what is its own
 * @done:  called for each piece in order, on the caller's thread, once it is done
 * @ctx:   for all three
 * @pool:  of workers_run()
 */
struct workers {
	unsigned int items;
	unsigned int jobs;
	void (*work)(void *ctx, unsigned int item, void **own);
	void (*end)(void *own);
	void (*done)(void *ctx, unsigned int item);
	void *ctx;
	struct pool *pool;
};

/** workers_run() - do all of it. With one job everything happens on the caller's thread. */
void workers_run(struct workers *workers);

/** workers_share() - for &workers.work: who has nothing to do may help. */
void workers_share(struct workers *workers, struct workers_share *share);

/** workers_unshare() - nobody begins to any more; returns once nobody does. */
void workers_unshare(struct workers *workers, struct workers_share *share);

#endif /* _CLI_WORKERS_H */
