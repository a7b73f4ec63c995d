/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_SEARCH_H
#define _MODEL_EXPLORE_SEARCH_H

#include "../explore.h"
#include "world.h"

/**
 * struct search - what search_run() explores.
 * @world:   in its first state
 * @threads: at most so many
 * @ended:   called at the end of each execution; @blocked is whether some thread waits.
 */
struct search {
	const struct explore_options *options;
	struct world *world;
	unsigned int threads;
	enum explore_next (*ended)(struct world *world, bool blocked);
};

/** search_run() - explore all traces of a world. */
void search_run(const struct search *how, struct explore_result *result);

#endif /* _MODEL_EXPLORE_SEARCH_H */
