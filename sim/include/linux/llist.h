/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LLIST_H
#define LLIST_H

/*
 * Simulated: singly linked lists that are added to without a lock and emptied at once.
 * Scheduling points: each operation, as a read-modify-write of the head.
 */

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/types.h>

struct llist_head {
	struct llist_node *first;
};

struct llist_node {
	struct llist_node *next;
};

#define LLIST_HEAD_INIT(name)	{ NULL }
#define LLIST_HEAD(name)	struct llist_head name = LLIST_HEAD_INIT(name)
#define llist_entry(ptr, type, member)	container_of(ptr, type, member)

static inline void init_llist_head(struct llist_head *list)
{
	list->first = NULL;
}

static inline bool llist_empty(const struct llist_head *head)
{
	return !READ_ONCE(head->first);
}

/** llist_add() - put @new first; true if the list was empty before. */
static inline bool llist_add(struct llist_node *new, struct llist_head *head)
{
	sim_point(HOST_OP_RMW, head);
	new->next = __READ_ONCE(head->first);
	__WRITE_ONCE(head->first, new);
	sim_sync(HOST_SYNC_RMW_FULL, head);
	return !new->next;
}

static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	struct llist_node *first;

	sim_point(HOST_OP_RMW, head);
	first = __READ_ONCE(head->first);
	__WRITE_ONCE(head->first, NULL);
	sim_sync(HOST_SYNC_RMW_FULL, head);
	return first;
}

static inline struct llist_node *llist_reverse_order(struct llist_node *head)
{
	struct llist_node *reversed = NULL;

	while (head) {
		struct llist_node *next = head->next;

		head->next = reversed;
		reversed = head;
		head = next;
	}
	return reversed;
}

#define llist_for_each_safe(pos, n, node)	\
	for ((pos) = (node); (pos) && ((n) = (pos)->next, true); (pos) = (n))

#endif /* LLIST_H */
