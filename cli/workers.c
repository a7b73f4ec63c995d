// SPDX-License-Identifier: GPL-2.0
/*
 * Work on several threads: pieces wait in one wait-free queue, and what is done comes back
 * through another.
 */

#include <stdbool.h>

#include <glib.h>
#include <urcu/wfcqueue.h>

#include "workers.h"

/** struct piece - of the work; it is in one of the two queues. */
struct piece {
	struct cds_wfcq_node node;
	unsigned int item;
};

/** struct pool - @todo and @finished are queues of pieces; @more: something was finished. */
struct pool {
	const struct workers *workers;
	struct cds_wfcq_head todo_head, finished_head;
	struct cds_wfcq_tail todo_tail, finished_tail;
	GMutex mutex;
	GCond more;
};

static struct piece *take(struct cds_wfcq_head *head, struct cds_wfcq_tail *tail)
{
	struct cds_wfcq_node *node = cds_wfcq_dequeue_blocking(head, tail);

	return node ? caa_container_of(node, struct piece, node) : NULL;
}

static void *worker(void *data)
{
	struct pool *pool = data;
	struct piece *piece;
	void *own = NULL;

	while ((piece = take(&pool->todo_head, &pool->todo_tail))) {
		pool->workers->work(pool->workers->ctx, piece->item, &own);
		cds_wfcq_node_init(&piece->node);
		cds_wfcq_enqueue(&pool->finished_head, &pool->finished_tail, &piece->node);
		g_mutex_lock(&pool->mutex);
		g_cond_signal(&pool->more);
		g_mutex_unlock(&pool->mutex);
	}
	if (own)
		pool->workers->end(own);
	return NULL;
}

static struct piece *wait_for_finished(struct pool *pool)
{
	struct piece *piece;

	g_mutex_lock(&pool->mutex);
	while (!(piece = take(&pool->finished_head, &pool->finished_tail)))
		g_cond_wait(&pool->more, &pool->mutex);
	g_mutex_unlock(&pool->mutex);
	return piece;
}

/* Pieces are finished in any order and are told in theirs. */
static void tell_in_order(struct pool *pool)
{
	const struct workers *workers = pool->workers;
	g_autofree bool *finished = g_new0(bool, workers->items + 1);

	for (unsigned int next = 0; next < workers->items; ) {
		finished[wait_for_finished(pool)->item] = true;
		for (; next < workers->items && finished[next]; next++)
			workers->done(workers->ctx, next);
	}
}

static void run_here(const struct workers *workers)
{
	void *own = NULL;

	for (unsigned int i = 0; i < workers->items; i++) {
		workers->work(workers->ctx, i, &own);
		workers->done(workers->ctx, i);
	}
	if (own)
		workers->end(own);
}

void workers_run(const struct workers *workers)
{
	struct pool pool = { .workers = workers };
	g_autofree struct piece *pieces = g_new0(struct piece, workers->items);
	g_autofree GThread **threads = g_new0(GThread *, workers->jobs);

	if (workers->jobs == 1) {
		run_here(workers);
		return;
	}
	cds_wfcq_init(&pool.todo_head, &pool.todo_tail);
	cds_wfcq_init(&pool.finished_head, &pool.finished_tail);
	g_mutex_init(&pool.mutex);
	g_cond_init(&pool.more);
	for (unsigned int i = 0; i < workers->items; i++) {
		pieces[i].item = i;
		cds_wfcq_node_init(&pieces[i].node);
		cds_wfcq_enqueue(&pool.todo_head, &pool.todo_tail, &pieces[i].node);
	}
	for (unsigned int i = 0; i < workers->jobs; i++)
		threads[i] = g_thread_new("worker", worker, &pool);
	tell_in_order(&pool);
	for (unsigned int i = 0; i < workers->jobs; i++)
		g_thread_join(threads[i]);
	cds_wfcq_destroy(&pool.todo_head, &pool.todo_tail);
	cds_wfcq_destroy(&pool.finished_head, &pool.finished_tail);
	g_mutex_clear(&pool.mutex);
	g_cond_clear(&pool.more);
}
