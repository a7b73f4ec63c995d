// SPDX-License-Identifier: GPL-2.0
/*
 * Wakeup trees: which beginnings of executions are left to explore.
 */

#include <glib.h>

#include "wakeup.h"

static void grow(struct wakeup_pool *pool)
{
	uint32_t first = pool->nr * WAKEUP_BLOCK;
	struct wakeup_node *block = g_new(struct wakeup_node, WAKEUP_BLOCK);

	pool->blocks = g_renew(struct wakeup_node *, pool->blocks, pool->nr + 1);
	pool->blocks[pool->nr++] = block;
	pool->bytes += WAKEUP_BLOCK * sizeof(*block);
	/* The very first number is nobody's. */
	for (uint32_t i = first ? 0 : 1; i < WAKEUP_BLOCK; i++) {
		block[i].next = pool->idle;
		pool->idle = first + i;
	}
}

void wakeup_pool_destroy(struct wakeup_pool *pool)
{
	for (uint32_t i = 0; i < pool->nr; i++)
		g_free(pool->blocks[i]);
	g_free(pool->blocks);
}

static uint32_t take_node(struct wakeup_pool *pool, const struct event *event)
{
	struct wakeup_node *node;
	uint32_t number;

	if (!pool->idle)
		grow(pool);
	number = pool->idle;
	node = wakeup_at(pool, number);
	pool->idle = node->next;
	*node = (struct wakeup_node){ .event = *event };
	return number;
}

struct wakeup_node *wakeup_append(struct wakeup_pool *pool, struct wakeup_node *parent,
				  const struct event *event)
{
	uint32_t *end = &parent->child;

	while (*end)
		end = &wakeup_at(pool, *end)->next;
	*end = take_node(pool, event);
	return wakeup_at(pool, *end);
}

void wakeup_clear(struct wakeup_pool *pool, struct wakeup_node *node)
{
	while (node->child)
		wakeup_drop_first(pool, node);
}

void wakeup_drop_first(struct wakeup_pool *pool, struct wakeup_node *node)
{
	uint32_t number = node->child;
	struct wakeup_node *first = wakeup_at(pool, number);

	node->child = first->next;
	wakeup_clear(pool, first);
	first->next = pool->idle;
	pool->idle = number;
}

/* The first child that the rest of the sequence can begin with. */
static struct wakeup_node *matching_child(const struct wakeup_pool *pool,
					  const struct wakeup_node *node, struct sequence *seq)
{
	struct wakeup_node *child = wakeup_at(pool, node->child);

	while (child && !sequence_begins(seq, &child->event))
		child = wakeup_at(pool, child->next);
	return child;
}

void wakeup_insert(struct wakeup_pool *pool, struct wakeup_node *root, struct sequence *seq)
{
	struct wakeup_node *node = root, *child;

	while ((child = matching_child(pool, node, seq))) {
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

static void copy_below(struct wakeup_pool *to_pool, struct wakeup_node *to,
		       const struct wakeup_pool *from_pool, const struct wakeup_node *from)
{
	const struct wakeup_node *child = wakeup_at(from_pool, from->child);
	uint32_t *end = &to->child;

	for (; child; child = wakeup_at(from_pool, child->next)) {
		*end = take_node(to_pool, &child->event);
		copy_below(to_pool, wakeup_at(to_pool, *end), from_pool, child);
		end = &wakeup_at(to_pool, *end)->next;
	}
}

void wakeup_move(struct wakeup_pool *to_pool, struct wakeup_node *to,
		 struct wakeup_pool *from_pool, struct wakeup_node *from)
{
	copy_below(to_pool, to, from_pool, from);
	wakeup_clear(from_pool, from);
}
