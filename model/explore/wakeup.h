/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_WAKEUP_H
#define _MODEL_EXPLORE_WAKEUP_H

/**
 * DOC: Wakeup trees
 *
 * An ordered tree of events: each path from the root is the beginning of an execution
 * that has to be explored, the first branch first.
 */

#include <stddef.h>

#include "sequence.h"

/**
 * struct wakeup_node - a node; others are named by their numbers, 0 is none: trees can be large.
 * @event: that leads to it
 * @child: the first
 * @next:  sibling
 */
struct wakeup_node {
	struct event event;
	uint32_t child;
	uint32_t next;
};

#define WAKEUP_BLOCK	256u

/**
 * struct wakeup_pool - all nodes.
 * @blocks: where they are, WAKEUP_BLOCK in each
 * @nr:     of blocks
 * @idle:   the first node not in use; the others follow as siblings
 * @bytes:  of all
 */
struct wakeup_pool {
	struct wakeup_node **blocks;
	uint32_t nr;
	uint32_t idle;
	size_t bytes;
};

/** wakeup_at() - the node of that number, or NULL for none. */
static inline struct wakeup_node *wakeup_at(const struct wakeup_pool *pool, uint32_t number)
{
	return number ? &pool->blocks[number / WAKEUP_BLOCK][number % WAKEUP_BLOCK] : NULL;
}

void wakeup_pool_destroy(struct wakeup_pool *pool);

/** wakeup_append() - a new last child. */
struct wakeup_node *wakeup_append(struct wakeup_pool *pool, struct wakeup_node *parent,
				  const struct event *event);

/** wakeup_clear() - give back everything below @node. */
void wakeup_clear(struct wakeup_pool *pool, struct wakeup_node *node);

/** wakeup_drop_first() - give back the first child and all below it. */
void wakeup_drop_first(struct wakeup_pool *pool, struct wakeup_node *node);

/** wakeup_insert() - let the tree at @root cover a sequence, which is used up. */
void wakeup_insert(struct wakeup_pool *pool, struct wakeup_node *root, struct sequence *seq);

/** wakeup_move() - what is below @from, in its pool, comes below @to, which has nothing yet. */
void wakeup_move(struct wakeup_pool *to_pool, struct wakeup_node *to,
		 struct wakeup_pool *from_pool, struct wakeup_node *from);

#endif /* _MODEL_EXPLORE_WAKEUP_H */
