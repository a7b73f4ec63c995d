/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_SEARCH_H
#define _MODEL_EXPLORE_SEARCH_H

#include "../explore.h"
#include "world.h"

struct split;

/**
 * struct search - what search_run() explores.
 * @world:   in its first state
 * @threads: at most so many
 * @ended:   called at the end of each execution; @blocked is whether some thread waits.
 * @share:   others can take part from now on, by search_help(); NULL if nobody will
 * @unshare: ... no longer: returns when nobody does any more
 */
struct search {
	const struct explore_options *options;
	struct world *world;
	unsigned int threads;
	enum explore_next (*ended)(struct world *world, bool blocked);
	void (*share)(struct world *world, struct split *split);
	void (*unshare)(struct world *world, struct split *split);
};

/** search_run() - explore all traces of a world. */
void search_run(const struct search *how, struct explore_result *result);

/**
 * search_help() - take part in a search, on another thread of the host, until it is over.
 * @how:    a world that is the same, and the same options; it shares nothing
 * @result: for search::ended; in the end there is nothing of interest in it
 */
void search_help(struct split *split, const struct search *how, struct explore_result *result);

#endif /* _MODEL_EXPLORE_SEARCH_H */
