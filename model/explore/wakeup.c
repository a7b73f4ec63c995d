// SPDX-License-Identifier: GPL-2.0
/*
 * Wakeup trees: which beginnings of executions are left to explore.
 */

#include <glib.h>
#include <string.h>

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

static bool happens_before(const struct wakeup_item *a, const struct wakeup_item *b)
{
	return b->clock[a->event.thread] >= a->local;
}

unsigned int wakeup_find(unsigned int thread, const struct wakeup_item *items, unsigned int nr)
{
	unsigned int i = 0;

	while (i < nr && items[i].event.thread != thread)
		i++;
	return i;
}

bool wakeup_initial(const struct event *event, const struct wakeup_item *items,
		    unsigned int nr, unsigned int *foundp)
{
	unsigned int found = wakeup_find(event->thread, items, nr);

	*foundp = found;
	if (found == nr) {
		for (unsigned int i = 0; i < nr; i++)
			if (event_dependent(event, &items[i].event))
				return false;
		return true;
	}
	if (event->choice != items[found].event.choice)
		return false;
	for (unsigned int i = 0; i < found; i++)
		if (happens_before(&items[i], &items[found]))
			return false;
	return true;
}

/* The first child that some continuation of the sequence can begin with. */
static struct wakeup_node *matching_child(struct wakeup_node *node,
					  const struct wakeup_item *items, unsigned int nr,
					  unsigned int *foundp)
{
	struct wakeup_node *child = node->child;

	while (child && !wakeup_initial(&child->event, items, nr, foundp))
		child = child->next;
	return child;
}

bool wakeup_insert(struct wakeup_pool *pool, struct wakeup_node *root,
		   struct wakeup_item *items, unsigned int nr)
{
	struct wakeup_node *node = root, *child;
	unsigned int found;

	while ((child = matching_child(node, items, nr, &found))) {
		if (found < nr) {
			nr--;
			memmove(&items[found], &items[found + 1],
				(nr - found) * sizeof(items[0]));
		}
		/* A leaf stands for everything that begins with it. */
		if (!nr || !child->child)
			return false;
		node = child;
	}
	for (unsigned int i = 0; i < nr; i++)
		node = wakeup_append(pool, node, &items[i].event);
	return true;
}
