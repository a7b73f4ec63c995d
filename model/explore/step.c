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

static bool is_halted(const struct engine *engine, unsigned int thread)
{
	return engine->world->halted >> thread & 1;
}

/* @ready: see struct world */
static bool is_possible(const struct engine *engine, const struct event *event, uint64_t ready)
{
	const struct object *object;

	if (event_is(event, EVENT_WAITING))
		return ready >> event->thread & 1;
	if (!event_is(event, EVENT_BLOCKING))
		return event->op != EVENT_NONE;
	object = &engine->objects[event->object];
	return !object->owner && (event->op == EVENT_ACQUIRE_SHARED || !object->readers);
}

bool step_enabled(const struct engine *engine, unsigned int thread)
{
	const struct event *event = &engine->world->pending[thread];

	if (is_halted(engine, thread))
		return event->op != EVENT_NONE;
	return is_possible(engine, event, engine->world->ready);
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

/* The step before @step on its object that may conflict with an event, @shared or not. */
static uint32_t prev_conflict(const struct step *step, bool shared)
{
	return shared ? step->prev_exclusive : step->prev_on_object;
}

/*
 * Calls @race for each step that an acquisition, @event, could come before: it stands at @clock.
 * What is done to the data there while somebody holds the lock exclusively is none of those.
 */
static void acquisition_races(struct engine *engine, const struct event *event,
			      const int32_t *clock,
			      void (*race)(struct engine *engine, uint32_t first,
					   const struct event *second))
{
	const struct object *object = &engine->objects[event->object];
	bool owned = object->owner;
	bool shared = event_is(event, EVENT_SHARED);
	uint32_t at = object->last;

	for (; at; at = prev_conflict(&engine->steps[at - 1], shared)) {
		const struct step *other = &engine->steps[at - 1];
		/* Between two readers a writer that fails to get in could come later. */
		bool exclusive = takes(other, EVENT_TAKING) || (shared && other->by_readers);
		bool data = event_is(&other->event, EVENT_DATA) && !owned &&
			    event_conflict(&other->event, event);

		/* Whoever let go of it had it before that. */
		owned |= event_is(&other->event, EVENT_LEAVING);
		if (!exclusive && !data && (shared || !takes(other, EVENT_TAKING_SHARED)))
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

/* Whether the thread of step @leave, which is one's end of reading, had begun before step @when. */
static bool had_entered(const struct engine *engine, uint32_t leave, uint32_t when)
{
	const struct event *event = &engine->steps[leave].event;
	uint32_t at = engine->steps[leave].prev_on_object;

	for (; at; at = engine->steps[at - 1].prev_on_object) {
		const struct event *other = &engine->steps[at - 1].event;

		if (other->op == EVENT_ENTER && other->thread == event->thread)
			return at - 1 < when;
	}
	return true;
}

/* Whether step @at was needed for a thread, which sleeps since step @since, to be woken. */
static bool was_needed(const struct engine *engine, const struct event *event, uint32_t at,
		       uint32_t since)
{
	uint64_t bit = 1ull << event->thread;
	bool was = engine->steps[at].ready & bit;
	bool is = at + 1 < engine->depth ? engine->steps[at + 1].ready & bit :
					   engine->world->ready & bit;

	if (engine->steps[at].event.op == EVENT_LEAVE)
		return !was && had_entered(engine, at, since);
	return !was && is;
}

static bool is_on(const struct event *event, uint32_t object)
{
	return !event_is(event, EVENT_NOWHERE) && event->object == object;
}

/*
 * The step by which a thread came onto the queue of the object that it sleeps on: one of its own,
 * or that by which it was born asleep.
 */
static uint32_t asleep_since(const struct engine *engine, const struct event *event)
{
	uint32_t at = engine->thread_last[event->thread];

	while (at && !is_on(&engine->steps[at - 1].event, event->object))
		at = engine->steps[at - 1].prev_in_thread;
	return at ? at - 1 : engine->born_by[event->thread];
}

/*
 * Whether who sleeps could have gone on before step @at and all that happens after that: what
 * was needed to wake it is not among those.
 */
static bool could_resume(const struct engine *engine, const struct event *event, uint32_t at)
{
	uint32_t since = asleep_since(engine, event);
	uint32_t k = engine->objects[event->object].last;

	for (; k > since + 1; k = engine->steps[k - 1].prev_on_object)
		if (was_needed(engine, event, k - 1, since) &&
		    (k - 1 == at || engine_before(engine, at, engine_clock(engine, k - 1))))
			return false;
	return true;
}

/* Who waits for others can go on only where what it waits for had happened before step @at. */
static bool could_precede(const struct engine *engine, const struct event *event, uint32_t at)
{
	if (event->op == EVENT_AWAIT)
		return engine->world->held(engine->world, event->thread, at);
	return event->op != EVENT_RESUME || could_resume(engine, event, at);
}

/*
 * Calls @race for each step that who awaits something could come before: not only the last, for
 * what was there at one time may not have been there later.
 */
static void await_races(struct engine *engine, const struct event *event, const int32_t *clock,
			 void (*race)(struct engine *engine, uint32_t first,
				      const struct event *second))
{
	uint32_t at = engine->objects[event->object].last;

	for (; at; at = engine->steps[at - 1].prev_on_object) {
		const struct event *other = &engine->steps[at - 1].event;

		if (other->thread != event->thread && event_conflict(event, other) &&
		    could_precede(engine, event, at - 1) &&
		    !engine_before(engine, at - 1, clock))
			race(engine, at - 1, event);
	}
}

/* Joins what happens before the step by its object; what comes directly so is a race. */
static void join_object(struct engine *engine, const struct step *step, int32_t *clock,
			bool races)
{
	bool shared = event_is(&step->event, EVENT_SHARED);
	uint32_t at = prev_conflict(step, shared);

	for (; at; at = prev_conflict(&engine->steps[at - 1], shared)) {
		const struct event *other = &engine->steps[at - 1].event;

		if (event_conflict(&step->event, other) &&
		    !engine_before(engine, at - 1, clock)) {
			if (races && could_precede(engine, &step->event, at - 1))
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
	case EVENT_DOWNGRADE:
		object->owner = by > 0 ? 0 : step->event.thread + 1u;
		object->readers += by;
		break;
	}
}

static void do_try(const struct object *object, struct step *step)
{
	step->by_readers = step->event.op == EVENT_TRY && !object->owner && object->readers;
	step->failed = object->owner || step->by_readers;
}

static void note_place(const struct engine *engine, struct step *step, uint32_t last)
{
	const struct step *before = last ? &engine->steps[last - 1] : NULL;

	step->prev_on_object = last;
	step->prev_exclusive = before && event_is(&before->event, EVENT_SHARED) ?
			       before->prev_exclusive : last;
}

static void touch_object(struct engine *engine, struct step *step, int32_t *clock)
{
	struct object *object = &engine->objects[step->event.object];
	bool races = engine->options->strategy != EXPLORE_NAIVE;
	bool blocking = event_is(&step->event, EVENT_BLOCKING);
	bool awaits = step->event.op == EVENT_AWAIT;

	if (event_is(&step->event, EVENT_TRYING))
		do_try(object, step);
	note_place(engine, step, object->last);
	if (races && blocking)
		acquisition_races(engine, &step->event, clock, note_race);
	if (races && awaits)
		await_races(engine, &step->event, clock, note_race);
	join_object(engine, step, clock, races && !blocking && !awaits);
	object->last = engine->depth;
	set_lock(object, step, 1);
}

static uint64_t all_threads(const struct engine *engine)
{
	return engine->threads < 64 ? (1ull << engine->threads) - 1 : ~0ull;
}

static const int32_t *birth_clock(const struct engine *engine, unsigned int thread)
{
	return engine->births + (size_t)thread * engine->stride;
}

static const int32_t *last_clock(const struct engine *engine, unsigned int thread)
{
	uint32_t last = engine->thread_last[thread];

	return last ? engine_clock(engine, last - 1) : birth_clock(engine, thread);
}

static int32_t *start_clock(struct engine *engine, const struct step *step)
{
	int32_t *clock = engine_clock(engine, engine->depth - 1);

	memcpy(clock, last_clock(engine, step->event.thread), engine->stride * sizeof(*clock));
	clock[step->event.thread]++;
	return clock;
}

static void join_all(const struct engine *engine, uint64_t threads, int32_t *clock)
{
	for (threads &= all_threads(engine); threads; threads &= threads - 1)
		clock_join(clock, last_clock(engine, __builtin_ctzll(threads)), engine->stride);
}

/* A halt depends on everything: each other thread's last step could come after it. */
static void halt(struct engine *engine, const struct step *step, int32_t *clock)
{
	for (unsigned int i = 0; i < engine->threads; i++) {
		uint32_t last = engine->thread_last[i];

		if (i == step->event.thread || !last)
			continue;
		if (engine->options->strategy != EXPLORE_NAIVE &&
		    !engine_before(engine, last - 1, clock))
			add_race(engine, last - 1, engine->depth - 1);
	}
	join_all(engine, engine->world->born, clock);
}

/*
 * What threads that are new since there were @before do happens after the step that was just
 * done.
 */
static void note_births(struct engine *engine, uint64_t before)
{
	size_t size = engine->stride * sizeof(int32_t);

	for (uint64_t born = engine->world->born & ~before; born; born &= born - 1) {
		unsigned int thread = __builtin_ctzll(born);
		int32_t *birth = engine->births + (size_t)thread * engine->stride;

		memcpy(birth, engine_clock(engine, engine->depth - 1), size);
		engine->born_by[thread] = engine->depth - 1;
		if (engine->world->phase >> thread & 1)
			join_all(engine, before, birth);
	}
}

/* Races of a step that @event waited for and could not do. */
static void waiting_races(struct engine *engine, const struct event *event,
			  const int32_t *clock,
			  void (*race)(struct engine *engine, uint32_t first,
				       const struct event *second))
{
	if (event_is(event, EVENT_BLOCKING))
		acquisition_races(engine, event, clock, race);
	else if (event->op == EVENT_AWAIT)
		await_races(engine, event, clock, race);
}

static uint32_t last_halt(const struct engine *engine)
{
	uint32_t i = engine->depth - 1;

	while (!engine->steps[i].halts)
		i--;
	return i;
}

/* Nothing has changed since the halt but that others have found themselves too late as well. */
static void find_halted(struct engine *engine, struct step *step, int32_t *clock)
{
	uint32_t halt = last_halt(engine);

	if (engine->options->strategy != EXPLORE_NAIVE) {
		if (is_possible(engine, &step->meant, engine->steps[halt].ready))
			add_race(engine, halt, engine->depth - 1);
		else
			waiting_races(engine, &step->meant, clock, note_race);
	}
	clock_join(clock, engine_clock(engine, halt), engine->stride);
}

static void find_before(struct engine *engine, struct step *step)
{
	int32_t *clock = start_clock(engine, step);

	switch (step->event.op) {
	case EVENT_HALT:
		halt(engine, step, clock);
		break;
	case EVENT_HALTED:
		find_halted(engine, step, clock);
		break;
	case EVENT_CHOOSE:
		break;
	default:
		touch_object(engine, step, clock);
		break;
	}
}

/* Whether the branch that is being explored has turned out to begin with a halt. */
static void tell_branch(struct engine *engine, struct step *step, bool halts)
{
	struct wakeup_node *branch = wakeup_at(&engine->pool, step->tree.child);

	step->event.halts = step->meant.halts = halts;
	if (branch)
		branch->event.halts = halts;
}

/*
 * A halt that was not announced. What was planned or slept did not reckon with it; and it depends
 * on more than was seen when it was done.
 */
static void note_halt(struct engine *engine, struct step *step)
{
	struct step *frame = &engine->steps[engine->depth];

	step->halts = true;
	if (step->event.op == EVENT_HALT)
		return;
	engine->sudden = true;
	tell_branch(engine, step, true);
	halt(engine, step, engine_clock(engine, engine->depth - 1));
	frame->sleep = frame->alert = frame->partly = 0;
	wakeup_clear(&engine->pool, &frame->tree);
}

void step_push(struct engine *engine, const struct event *event)
{
	struct step *step = &engine->steps[engine->depth++];
	uint64_t before = engine->world->born;
	bool over = engine->world->over;

	step->event = step->meant = *event;
	if (is_halted(engine, event->thread))
		step->event = (struct event){ .op = EVENT_HALTED, .thread = event->thread };
	step->failed = step->by_readers = step->halts = false;
	step->ready = engine->world->ready;
	step->prev_in_thread = engine->thread_last[event->thread];
	find_before(engine, step);
	engine->thread_last[event->thread] = engine->depth;
	engine->result->steps++;
	engine->world->step(engine->world, event->thread, !step->failed, event->choice);
	if (engine->world->over && !over)
		note_halt(engine, step);
	else if (step->event.halts)
		tell_branch(engine, step, false);
	if (engine->world->born != before)
		note_births(engine, before);
}

static void undo(struct engine *engine)
{
	struct step *step = &engine->steps[--engine->depth];
	struct object *object;

	engine->thread_last[step->event.thread] = step->prev_in_thread;
	if (event_is(&step->event, EVENT_NOWHERE))
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
	for (unsigned int i = 0; i < engine->threads; i++) {
		const struct event *event = &engine->world->pending[i];

		if (event->op != EVENT_NONE && !step_enabled(engine, i))
			waiting_races(engine, event, last_clock(engine, i), race);
	}
}
