/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_RCULIST_H
#define _LINUX_RCULIST_H

/*
 * Simulated: lists that are read under RCU while they change.
 *
 * Kernel promises: a reader sees each entry either on the list or not, and can go on
 *	from an entry that was deleted after it got there.
 * Modelled: the same; a deleted entry keeps its next pointer.
 * Left out: weak memory ordering.
 * Scheduling points: each step of a reader, and the publishing store of a writer.
 */

#include <linux/list.h>
#include <linux/rcupdate.h>

#define list_next_rcu(list)	(*((struct list_head __rcu **)(&(list)->next)))
#define hlist_first_rcu(head)	(*((struct hlist_node __rcu **)(&(head)->first)))
#define hlist_next_rcu(node)	(*((struct hlist_node __rcu **)(&(node)->next)))

static inline void INIT_LIST_HEAD_RCU(struct list_head *list)
{
	WRITE_ONCE(list->next, list);
	WRITE_ONCE(list->prev, list);
}

static inline void __list_add_rcu(struct list_head *new, struct list_head *prev,
				  struct list_head *next)
{
	if (!__list_add_valid(new, prev, next))
		return;
	new->next = next;
	new->prev = prev;
	rcu_assign_pointer(prev->next, new);
	next->prev = new;
}

static inline void list_add_rcu(struct list_head *new, struct list_head *head)
{
	__list_add_rcu(new, head, head->next);
}

static inline void list_add_tail_rcu(struct list_head *new, struct list_head *head)
{
	__list_add_rcu(new, head->prev, head);
}

static inline void list_del_rcu(struct list_head *entry)
{
	if (__list_del_entry_valid(entry)) {
		entry->next->prev = entry->prev;
		WRITE_ONCE(entry->prev->next, entry->next);
	}
	entry->prev = LIST_POISON2;
}

static inline void list_replace_rcu(struct list_head *old, struct list_head *new)
{
	new->next = old->next;
	new->prev = old->prev;
	rcu_assign_pointer(new->prev->next, new);
	new->next->prev = new;
	old->prev = LIST_POISON2;
}

#define list_entry_rcu(ptr, type, member)	container_of(sim_rcu_load(ptr), type, member)
#define list_first_or_null_rcu(ptr, type, member)				\
({										\
	struct list_head *__lf_head = (ptr);					\
	struct list_head *__lf_next = sim_rcu_load(__lf_head->next);		\
	__lf_head != __lf_next ? container_of(__lf_next, type, member) : NULL;	\
})
#define list_for_each_entry_rcu(pos, head, member, cond...)			\
	for ((pos) = list_entry_rcu((head)->next, typeof(*(pos)), member);	\
	     &(pos)->member != (head);						\
	     (pos) = list_entry_rcu((pos)->member.next, typeof(*(pos)), member))
#define list_for_each_entry_srcu(pos, head, member, cond)			\
	list_for_each_entry_rcu(pos, head, member)

static inline void hlist_del_rcu(struct hlist_node *n)
{
	if (n->next)
		n->next->pprev = n->pprev;
	WRITE_ONCE(*n->pprev, n->next);
	n->pprev = LIST_POISON2;
}

static inline void hlist_del_init_rcu(struct hlist_node *n)
{
	if (hlist_unhashed(n))
		return;
	hlist_del_rcu(n);
	n->pprev = NULL;
}

static inline void hlist_add_head_rcu(struct hlist_node *n, struct hlist_head *head)
{
	n->next = head->first;
	n->pprev = &head->first;
	if (n->next)
		n->next->pprev = &n->next;
	rcu_assign_pointer(head->first, n);
}

#define hlist_for_each_entry_rcu(pos, head, member, cond...)			\
	for ((pos) = hlist_entry_safe(sim_rcu_load((head)->first), typeof(*(pos)), member); \
	     (pos);								\
	     (pos) = hlist_entry_safe(sim_rcu_load((pos)->member.next), typeof(*(pos)), member))

#endif /* _LINUX_RCULIST_H */
