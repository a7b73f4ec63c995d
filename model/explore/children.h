/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_CHILDREN_H
#define _MODEL_EXPLORE_CHILDREN_H

/**
 * DOC: Threads that the kernel spawns
 *
 * A thread is the same one in each run: the n-th that a certain thread has spawned. The search
 * wants numbers, and few of them; which threads there are turns out on the way. So those that are
 * known have numbers in the order of parents and of birth, and when another turns up the search
 * begins again.
 */

#include <glib.h>
#include <stdbool.h>

/** struct child - the @ordinal-th thread, from 1, that was spawned by thread @parent. */
struct child {
	unsigned int parent;
	unsigned int ordinal;
};

/** child_is_known() - whether @child is among @children, of struct child; *@index is which. */
bool child_is_known(const GArray *children, struct child child, unsigned int *index);

/**
 * child_add() - one more, at its place: others may move, and so may parents.
 * @first: number of the first of them
 */
void child_add(GArray *children, struct child child, unsigned int first);

#define CHILDREN_SAVED	"a(uu)"

/** children_save() - of the type CHILDREN_SAVED, and floating. */
GVariant *children_save(const GArray *children);
/** children_load() - in place of all that are there. */
void children_load(GArray *children, GVariant *saved);

#endif /* _MODEL_EXPLORE_CHILDREN_H */
