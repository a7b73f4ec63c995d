// SPDX-License-Identifier: GPL-2.0
/*
 * Wakeup trees: which beginnings of executions are left to explore.
 */

#include <glib.h>

#include "wakeup.h"

#define BLOCK_NODES	256u

struct wakeup_block {
	struct wakeup_block *next;
	struct wakeup_node nodes[BLOCK_NODES];
};

static void grow(struct wakeup_pool *pool)
{
	struct wakeup_block *block = g_new(struct wakeup_block, 1);

	block->next = pool->blocks;
	pool->blocks = block;
	pool->bytes += sizeof(*block);
	for (unsigned int i = 0; i < BLOCK_NODES; i++) {
		block->nodes[i].next = pool->idle;
		pool->idle = &block->nodes[i];
	}
}

void wakeup_pool_destroy(struct wakeup_pool *pool)
{
	while (pool->blocks) {
		struct wakeup_block *block = pool->blocks;

		pool->blocks = block->next;
		g_free(block);
	}
	pool->idle = NULL;
}

static struct wakeup_node *take_node(struct wakeup_pool *pool, const struct event *event)
{
	struct wakeup_node *node;

	if (!pool->idle)
		grow(pool);
	node = pool->idle;
	pool->idle = node->next;
	*node = (struct wakeup_node){ .event = *event };
	return node;
}

static void give_node(struct wakeup_pool *pool, struct wakeup_node *node)
{
	node->next = pool->idle;
	pool->idle = node;
}

struct wakeup_node *wakeup_append(struct wakeup_pool *pool, struct wakeup_node *parent,
				  const struct event *event)
{
	struct wakeup_node **end = &parent->child;

	while (*end)
		end = &(*end)->next;
	*end = take_node(pool, event);
	return *end;
}

void wakeup_clear(struct wakeup_pool *pool, struct wakeup_node *node)
{
	while (node->child)
		wakeup_drop_first(pool, node);
}

void wakeup_drop_first(struct wakeup_pool *pool, struct wakeup_node *node)
{
	struct wakeup_node *first = node->child;

	node->child = first->next;
	wakeup_clear(pool, first);
	give_node(pool, first);
}

/* The first child that the rest of the sequence can begin with. */
static struct wakeup_node *matching_child(struct wakeup_node *node, struct sequence *seq)
{
	struct wakeup_node *child = node->child;

	while (child && !sequence_begins(seq, &child->event))
		child = child->next;
	return child;
}

void wakeup_insert(struct wakeup_pool *pool, struct wakeup_node *root, struct sequence *seq)
{
	struct wakeup_node *node = root, *child;

	while ((child = matching_child(node, seq))) {
		if (sequence_head(seq, child->event.thread))
			sequence_take(seq, child->event.thread);
		/* A leaf stands for everything that begins with it. */
		if (!seq->left || !child->child)
			return;
		node = child;
	}
	for (unsigned int i = 0; i < seq->nr; i++)
		if (sequence_has(seq, i))
			node = wakeup_append(pool, node, &seq->items[i].event);
}
