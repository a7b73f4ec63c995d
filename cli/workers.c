// SPDX-License-Identifier: GPL-2.0
/*
 * Work on several threads: pieces wait in one wait-free queue, and what is done comes back
 * through another. What is shared is in a list.
 */

#include <glib.h>
#include <urcu/wfcqueue.h>

#include "workers.h"

/** struct piece - of the work; it is in one of the two queues. */
struct piece {
	struct cds_wfcq_node node;
	unsigned int item;
};

/**
 * struct pool - @todo and @finished are queues of pieces.
 * @mutex:  of what follows
 * @more:   something was finished
 * @idle:   something is shared, or somebody has stopped to help with it, or @left is 0
 * @left:   pieces that are not finished
 * @shares: &struct workers_share
 */
struct pool {
	struct workers *workers;
	struct cds_wfcq_head todo_head, finished_head;
	struct cds_wfcq_tail todo_tail, finished_tail;
	GMutex mutex;
	GCond more;
	GCond idle;
	unsigned int left;
	GPtrArray *shares;
};

static struct piece *take(struct cds_wfcq_head *head, struct cds_wfcq_tail *tail)
{
	struct cds_wfcq_node *node = cds_wfcq_dequeue_blocking(head, tail);

	return node ? caa_container_of(node, struct piece, node) : NULL;
}

/* The one that has the fewest helpers, NULL if there is none. */
static struct workers_share *neediest(const struct pool *pool)
{
	struct workers_share *best = NULL;

	for (unsigned int i = 0; i < pool->shares->len; i++) {
		struct workers_share *share = g_ptr_array_index(pool->shares, i);

		if (!best || share->helpers < best->helpers)
			best = share;
	}
	return best;
}

/* Return: false if there is nothing to do, nor will be. */
static bool help(struct pool *pool, void **own)
{
	struct workers_share *share;
	bool can;

	g_mutex_lock(&pool->mutex);
	while (!(share = neediest(pool)) && pool->left)
		g_cond_wait(&pool->idle, &pool->mutex);
	if (share)
		share->helpers++;
	g_mutex_unlock(&pool->mutex);
	if (!share)
		return false;
	can = share->help(share->ctx, own);
	g_mutex_lock(&pool->mutex);
	share->helpers--;
	g_cond_broadcast(&pool->idle);
	g_mutex_unlock(&pool->mutex);
	return can;
}

void workers_share(struct workers *workers, struct workers_share *share)
{
	struct pool *pool = workers->pool;

	if (!pool)
		return;
	g_mutex_lock(&pool->mutex);
	share->helpers = 0;
	g_ptr_array_add(pool->shares, share);
	g_cond_broadcast(&pool->idle);
	g_mutex_unlock(&pool->mutex);
}

void workers_unshare(struct workers *workers, struct workers_share *share)
{
	struct pool *pool = workers->pool;

	if (!pool)
		return;
	g_mutex_lock(&pool->mutex);
	g_ptr_array_remove(pool->shares, share);
	while (share->helpers)
		g_cond_wait(&pool->idle, &pool->mutex);
	g_mutex_unlock(&pool->mutex);
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
		if (!--pool->left)
			g_cond_broadcast(&pool->idle);
		g_mutex_unlock(&pool->mutex);
	}
	while (help(pool, &own))
		;
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

void workers_run(struct workers *workers)
{
	struct pool pool = { .workers = workers, .left = workers->items };
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
	g_cond_init(&pool.idle);
	pool.shares = g_ptr_array_new();
	workers->pool = &pool;
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
	g_cond_clear(&pool.idle);
	g_ptr_array_unref(pool.shares);
	workers->pool = NULL;
}
