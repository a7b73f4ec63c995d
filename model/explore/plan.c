// SPDX-License-Identifier: GPL-2.0
/*
 * Beginnings of executions go into the trees of frames: each strategy has its own way of telling
 * whether one is there already.
 */

#include "engine.h"
#include "strand.h"

/* Source sets: any thread that can begin the sequence will do, if one is not there yet. */
static void add_source(struct engine *engine, struct wakeup_node *tree)
{
	struct sequence *seq = &engine->sequence;

	for (const struct wakeup_node *child = wakeup_at(&engine->pool, tree->child); child;
	     child = wakeup_at(&engine->pool, child->next))
		if (sequence_head(seq, child->event.thread) &&
		    sequence_begins(seq, &child->event))
			return;
	wakeup_append(&engine->pool, tree, &seq->items[0].event);
}

void plan_beginning(struct engine *engine, uint32_t frame, uint32_t second)
{
	struct wakeup_node *tree = &engine->steps[frame].tree;

	if (frame < engine->floor)
		strand_plan(engine, frame, second);
	else if (engine->options->strategy == EXPLORE_OPTIMAL)
		wakeup_insert(&engine->pool, tree, &engine->sequence);
	else
		add_source(engine, tree);
}
