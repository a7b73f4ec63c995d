/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_WAKEUP_H
#define _MODEL_EXPLORE_WAKEUP_H

/**
 * DOC: Wakeup trees
 *
 * An ordered tree of events: each path from the root is the beginning of an execution
 * that has to be explored, the first branch first.
 */

#include <stdbool.h>
#include <stdint.h>

#include "event.h"

struct engine;

struct wakeup_node {
	struct event event;
	struct wakeup_node *child;	/* the first */
	struct wakeup_node *next;	/* sibling */
};

/** struct wakeup_pool - nodes not in use, and the blocks they came in. */
struct wakeup_pool {
	struct wakeup_node *idle;
	struct wakeup_block *blocks;
};

/**
 * struct wakeup_item - an event of a sequence that is put into a tree.
 * @event: what
 * @clock: what happens before it, itself included
 * @local: its number among the thread's, from 1; 0 for one that was never done
 */
struct wakeup_item {
	struct event event;
	const uint32_t *clock;
	uint32_t local;
};

void wakeup_pool_destroy(struct wakeup_pool *pool);

/** wakeup_append() - a new last child. */
struct wakeup_node *wakeup_append(struct wakeup_pool *pool, struct wakeup_node *parent,
				  const struct event *event);

/** wakeup_clear() - give back everything below @node. */
void wakeup_clear(struct wakeup_pool *pool, struct wakeup_node *node);

/** wakeup_drop_first() - give back the first child and all below it. */
void wakeup_drop_first(struct wakeup_pool *pool, struct wakeup_node *node);

/** wakeup_find() - where the first event of @thread is in a sequence; @nr if nowhere. */
unsigned int wakeup_find(unsigned int thread, const struct wakeup_item *items, unsigned int nr);

/**
 * wakeup_initial() - whether the event of a thread can come first in a sequence.
 * @event:   the thread's next event
 * @items:   the sequence
 * @foundp:  set to where in the sequence the event is, or @nr if it is not
 *
 * It can if it is there with nothing that happens before it, or is not there and
 * depends on nothing of it (a weak initial).
 */
bool wakeup_initial(const struct event *event, const struct wakeup_item *items,
		    unsigned int nr, unsigned int *foundp);

/**
 * wakeup_insert() - let the tree at @root cover the sequence of @items.
 *
 * @items is used up. Return: whether the tree has changed.
 */
bool wakeup_insert(struct wakeup_pool *pool, struct wakeup_node *root,
		   struct wakeup_item *items, unsigned int nr);

#endif /* _MODEL_EXPLORE_WAKEUP_H */
