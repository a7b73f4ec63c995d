/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_STRAND_H
#define _MODEL_EXPLORE_STRAND_H

/* An execution from a leaf of a wakeup tree on: see split.h. */

#include "engine.h"

/**
 * struct frame - the state of a frame, see struct step.
 * @event: what was done from there, but for the last
 */
struct frame {
	struct event event;
	uint64_t sleep;
	uint64_t partly;
	uint32_t preemptions;
	uint32_t closed;
	struct wakeup_node tree;
};

/** struct earlier - a branch of frame @frame that comes before the strand's. */
struct earlier {
	uint32_t frame;
	struct event event;
};

/** struct item - an event of a beginning; its clock is the @clock-th of the strand's. */
struct item {
	struct event event;
	int32_t local;
	uint32_t clock;
};

/**
 * struct beginning - of executions: a frame above is to have it.
 * @frame:    its number
 * @item, @nr: in &strand.items
 * @initials: threads that cover it if they sleep
 * @second:   see plan_beginning()
 * @choices:  of the execution, see reverse_choices()
 */
struct beginning {
	uint32_t frame;
	uint32_t item;
	uint32_t nr;
	uint64_t initials;
	uint32_t second;
	uint32_t choices;
};

/** struct planned - so many beginnings were planned for the sake of an object. */
struct planned {
	uint32_t object;
	uint64_t races;
};

enum strand_state { STRAND_WAITS, STRAND_RUNS, STRAND_DONE };

/**
 * struct strand - an execution, or some in a row.
 * @state:   whether somebody does it, or has
 * @base:    the frame from which it is planned
 * @events:  struct event: the steps up to the leaf, or to where a halt took what was planned
 * @sleep:   of each frame before @base
 * @frame:   that frame, and
 * @asleep:  of each thread: choices that sleep there. What comes before the strand sleeps, too
 * @earlier: struct earlier: of the frames that follow
 * @objects: numbers of objects are below
 *
 * What came of it:
 *
 * @end:     whether something is left after the leaf
 * @next:    what is wanted next
 * @sudden:  there was a halt that was not announced
 * @result:  of it
 * @frames:  struct frame: those after @base; after the leaf they have trees
 * @choices: of each of them, of each thread: choices that sleep
 * @own:     what the trees are in
 * @beginnings, @items, @clocks: what it calls for in the frames before the leaf
 * @copied:  where in @clocks those of the execution are, and
 * @copy_of: which execution that is, and
 * @choices_of: of it, see reverse_choices()
 * @planned: struct planned: what it calls for after the leaf
 * @traces:  hashes
 */
struct strand {
	enum strand_state state;
	uint32_t base;
	GArray *events;
	GArray *sleep;
	struct frame frame;
	GArray *asleep;
	GArray *earlier;
	uint32_t objects;

	enum engine_return end;
	enum explore_next next;
	bool sudden;
	struct explore_result result;
	GArray *frames;
	GArray *choices;
	struct wakeup_pool own;
	GArray *beginnings;
	GArray *items;
	GArray *clocks;
	uint32_t copied;
	uint64_t copy_of;
	uint32_t choices_of;
	GArray *planned;
	GArray *traces;
};

static inline struct event *strand_event(const struct strand *strand, uint32_t step)
{
	return &g_array_index(strand->events, struct event, step);
}

static inline struct frame *strand_frame(const struct strand *strand, uint32_t i)
{
	return &g_array_index(strand->frames, struct frame, i);
}

struct strand *strand_new(void);
void strand_free(struct strand *strand);
/** strand_reset() - as a new one. It has no trees any more. */
void strand_reset(struct strand *strand);

/** strand_run() - do it. @so_far: of all executions before */
void strand_run(struct engine *engine, struct strand *strand,
		const struct explore_result *so_far);

/** strand_again() - what ended the search once more, to leave it as it is then. */
void strand_again(struct engine *engine, struct strand *strand);

/* For the engine. */

/** strand_plan() - see plan_beginning(). */
void strand_plan(struct engine *engine, uint32_t frame, uint32_t second);
void strand_note_trace(struct strand *strand, uint64_t hash);

#endif /* _MODEL_EXPLORE_STRAND_H */
