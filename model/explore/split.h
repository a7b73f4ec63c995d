/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_SPLIT_H
#define _MODEL_EXPLORE_SPLIT_H

/**
 * DOC: One search by several threads of the host
 *
 * The first step of a branch that is planned is followed by others that are planned, up to a leaf
 * of the wakeup tree. What is explored from a leaf on is decided by the way that leads there and by
 * what sleeps there: branches that come before it in the frames on that way. Both are known as soon
 * as the leaf is there, for branches are only ever added behind the others, and no leaf is made
 * longer. And each leaf will be explored: nobody takes back what is planned. (With source sets
 * it is otherwise, and one searches alone. So it is where a halt comes that was not announced:
 * then all begins again.)
 *
 * So whoever has time does executions from some leaf, the sooner its turn will come the better:
 * that is a strand (strand.h). It notes what they call for in the frames above. The one who began
 * the search has the frames and the trees, and goes through them in the order of a search
 * alone, but for most leaves finds the execution done, and has only to do what it calls for.
 * Where it is not done it does it; where somebody else is at it it does another meanwhile.
 *
 * So nothing of what comes of it depends on how many they are or who is when how far: frames,
 * trees, sleep sets, numbers, and what is found first are those of a search alone, at each
 * moment. It can be ended and saved like one.
 */

#include "engine.h"

/** split_after() - how many executions one does alone. */
uint64_t split_after(const struct explore_options *options);

/** split_search() - go on from frame @depth, which has a tree, with whoever comes to help. */
void split_search(struct engine *engine, unsigned int depth, const struct search *how);

#endif /* _MODEL_EXPLORE_SPLIT_H */
