/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_WORLD_H
#define _MODEL_EXPLORE_WORLD_H

/**
 * DOC: What is explored, as the engine sees it
 *
 * A world has threads that each stand before their next step. The engine says which one
 * does it, and can go back to any state on the way.
 */

#include <stdbool.h>

#include "event.h"

/**
 * struct world - threads, and how to move them.
 * @pending: next step of each thread; EVENT_NONE at its end, and before it is born
 * @objects: events name objects below that; it may grow
 * @born:    threads that there have been
 * @phase:   threads that have been born after all earlier ones had ended, and so after all
 *           that those did; others are born by the step that was done last
 * @ready:   threads that can go on with EVENT_RESUME, since they have been woken, or with
 *           EVENT_AWAIT, since what they wait for is there
 * @halted:  threads that stood at something when a halt came: their next step is to notice
 *           that, and is their last. What they would have done stays in @pending until then.
 *           A step may turn out to be a halt that was not announced as EVENT_HALT
 * @over:    there was a halt, whether it halted somebody or not
 * @step:    thread does its next step and all up to the one after that. @ok is whether a
 *           trylock succeeds; @choice answers EVENT_CHOOSE
 * @held:    whether what a thread now awaits was there before step @depth; for worlds that have
 *           EVENT_AWAIT
 * @name:    an object's number, in whatever order objects were met; NULL if @object is that
 * @rewind:  back to the state after the first @depth steps
 */
struct world {
	struct event *pending;
	uint32_t objects;
	uint64_t born;
	uint64_t phase;
	uint64_t ready;
	uint64_t halted;
	bool over;
	void (*step)(struct world *world, unsigned int thread, bool ok, unsigned int choice);
	bool (*held)(struct world *world, unsigned int thread, unsigned int depth);
	uint64_t (*name)(const struct world *world, uint32_t object);
	void (*rewind)(struct world *world, unsigned int depth);
};

#endif /* _MODEL_EXPLORE_WORLD_H */
