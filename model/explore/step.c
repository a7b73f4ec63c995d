// SPDX-License-Identifier: GPL-2.0
/*
 * Steps: doing one, finding what it races with, undoing it.
 *
 * What happens before a step: the thread's steps before it; and on its object all steps
 * that conflict with it, which are those back to the last exclusive one.
 *
 * A step that had to wait for a release could not have come before that release. So for
 * an acquisition it is the acquisitions before it that matter, and whether one of them
 * happens before it by anything else than this lock (the thread's own clock).
 */

#include <string.h>

#include "engine.h"

bool step_enabled(const struct engine *engine, unsigned int thread)
{
	const struct event *event = &engine->world->pending[thread];
	const struct object *object;

	if (!event_is(event, EVENT_BLOCKING))
		return event->op != EVENT_NONE;
	object = &engine->objects[event->object];
	return !object->owner && (event->op == EVENT_ACQUIRE_SHARED || !object->readers);
}

static void add_race(struct engine *engine, uint32_t first, uint32_t second)
{
	struct race race = { .first = first, .second = second };

	g_array_append_val(engine->races, race);
}

static bool takes(const struct step *step, unsigned int ops)
{
	return event_is(&step->event, ops) && !step->failed;
}

/* Calls @race for each acquisition that could come after @event, which stands at @clock. */
static void acquisition_races(struct engine *engine, const struct event *event,
			      const int32_t *clock,
			      void (*race)(struct engine *engine, uint32_t first,
					   const struct event *second))
{
	bool shared = event_is(event, EVENT_SHARED);
	uint32_t at = engine->objects[event->object].last;

	for (; at; at = engine->steps[at - 1].prev_on_object) {
		const struct step *other = &engine->steps[at - 1];
		/* Between two readers a writer that fails to get in could come later. */
		bool exclusive = takes(other, EVENT_TAKING) || (shared && other->by_readers);

		if (!exclusive && (shared || !takes(other, EVENT_TAKING_SHARED)))
			continue;
		if (other->event.thread != event->thread &&
		    !engine_before(engine, at - 1, clock))
			race(engine, at - 1, event);
		if (exclusive)
			break;
	}
}

/* The step that is being done is the last of the stack. */
static void note_race(struct engine *engine, uint32_t first, const struct event *second)
{
	(void)second;
	add_race(engine, first, engine->depth - 1);
}

/* Joins what happens before the step by its object; what comes directly so is a race. */
static void join_object(struct engine *engine, const struct step *step, int32_t *clock,
			bool races)
{
	uint32_t at = step->prev_on_object;

	for (; at; at = engine->steps[at - 1].prev_on_object) {
		const struct event *other = &engine->steps[at - 1].event;

		if (event_conflict(&step->event, other) &&
		    !engine_before(engine, at - 1, clock)) {
			if (races)
				add_race(engine, at - 1, engine->depth - 1);
			clock_join(clock, engine_clock(engine, at - 1), engine->stride);
		}
		if (!event_is(other, EVENT_SHARED))
			break;
	}
}

static void set_lock(struct object *object, const struct step *step, int by)
{
	if (step->failed)
		return;
	switch (step->event.op) {
	case EVENT_ACQUIRE:
	case EVENT_TRY:
		object->owner = by > 0 ? step->event.thread + 1u : 0;
		break;
	case EVENT_RELEASE:
		object->owner = by > 0 ? 0 : step->event.thread + 1u;
		break;
	case EVENT_ACQUIRE_SHARED:
	case EVENT_TRY_SHARED:
		object->readers += by;
		break;
	case EVENT_RELEASE_SHARED:
		object->readers -= by;
		break;
	}
}

static void do_try(const struct object *object, struct step *step)
{
	step->by_readers = step->event.op == EVENT_TRY && !object->owner && object->readers;
	step->failed = object->owner || step->by_readers;
}

static void touch_object(struct engine *engine, struct step *step, int32_t *clock)
{
	struct object *object = &engine->objects[step->event.object];
	bool blocking = event_is(&step->event, EVENT_BLOCKING);

	if (event_is(&step->event, EVENT_TRYING))
		do_try(object, step);
	step->prev_on_object = object->last;
	if (engine->options->strategy != EXPLORE_NAIVE && blocking)
		acquisition_races(engine, &step->event, clock, note_race);
	join_object(engine, step, clock, !blocking &&
		    engine->options->strategy != EXPLORE_NAIVE);
	object->last = engine->depth;
	set_lock(object, step, 1);
}

static int32_t *start_clock(struct engine *engine, const struct step *step)
{
	int32_t *clock = engine_clock(engine, engine->depth - 1);
	size_t size = engine->stride * sizeof(*clock);

	if (step->prev_in_thread)
		memcpy(clock, engine_clock(engine, step->prev_in_thread - 1), size);
	else
		memset(clock, 0, size);
	clock[step->event.thread]++;
	return clock;
}

void step_push(struct engine *engine, const struct event *event)
{
	struct step *step = &engine->steps[engine->depth++];
	int32_t *clock;

	step->event = *event;
	step->failed = step->by_readers = false;
	step->prev_in_thread = engine->thread_last[event->thread];
	engine->thread_last[event->thread] = engine->depth;
	clock = start_clock(engine, step);
	if (event->op != EVENT_CHOOSE)
		touch_object(engine, step, clock);
	engine->result->steps++;
	engine->world->step(engine->world, event->thread, !step->failed, event->choice);
}

static void undo(struct engine *engine)
{
	struct step *step = &engine->steps[--engine->depth];
	struct object *object;

	engine->thread_last[step->event.thread] = step->prev_in_thread;
	if (step->event.op == EVENT_CHOOSE)
		return;
	object = &engine->objects[step->event.object];
	object->last = step->prev_on_object;
	set_lock(object, step, -1);
}

void step_pop(struct engine *engine, unsigned int depth)
{
	while (engine->depth > depth)
		undo(engine);
	while (engine->races->len &&
	       g_array_index(engine->races, struct race, engine->races->len - 1).second >= depth)
		g_array_set_size(engine->races, engine->races->len - 1);
	engine->world->rewind(engine->world, depth);
}

void step_blocked_races(struct engine *engine,
			void (*race)(struct engine *engine, uint32_t first,
				     const struct event *second))
{
	static const int32_t nothing[EXPLORE_THREADS_MAX];

	for (unsigned int i = 0; i < engine->threads; i++) {
		const struct event *event = &engine->world->pending[i];
		uint32_t last = engine->thread_last[i];

		if (event_is(event, EVENT_BLOCKING) && !step_enabled(engine, i))
			acquisition_races(engine, event,
					  last ? engine_clock(engine, last - 1) : nothing, race);
	}
}
