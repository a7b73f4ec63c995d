/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_WORKERS_H
#define _CLI_WORKERS_H

/** DOC: Independent pieces of work, on several threads of the host. */

/**
 * struct workers - the work.
 * @items: pieces, numbered from 0
 * @jobs:  threads that do them, >= 1
 * @work:  does a piece, on one of those threads. *@own is that thread's own, NULL at first
 * @end:   such a thread has nothing left to do: frees what is its own
 * @done:  called for each piece in order, on the caller's thread, once it is done
 * @ctx:   for all three
 */
struct workers {
	unsigned int items;
	unsigned int jobs;
	void (*work)(void *ctx, unsigned int item, void **own);
	void (*end)(void *own);
	void (*done)(void *ctx, unsigned int item);
	void *ctx;
};

/** workers_run() - do all of it. With one job everything happens on the caller's thread. */
void workers_run(const struct workers *workers);

#endif /* _CLI_WORKERS_H */
