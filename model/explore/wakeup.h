/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_WAKEUP_H
#define _MODEL_EXPLORE_WAKEUP_H

/**
 * DOC: Wakeup trees
 *
 * An ordered tree of events: each path from the root is the beginning of an execution
 * that has to be explored, the first branch first.
 */

#include "sequence.h"

struct wakeup_node {
	struct event event;
	struct wakeup_node *child;	/* the first */
	struct wakeup_node *next;	/* sibling */
};

/** struct wakeup_pool - nodes not in use, and the blocks they came in; @bytes: of those. */
struct wakeup_pool {
	struct wakeup_node *idle;
	struct wakeup_block *blocks;
	size_t bytes;
};

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

#endif /* _MODEL_EXPLORE_WAKEUP_H */
