// SPDX-License-Identifier: GPL-2.0
/*
 * Races of an execution that has ended, turned round: what has to be explored so that the
 * second step of each race comes before the first.
 */

#include <string.h>

#include "engine.h"

/* What comes after @first and does not happen after it, up to @end. */
static void collect_independent(struct engine *engine, uint32_t first, uint32_t end)
{
	unsigned int thread = engine->steps[first].event.thread;
	int32_t local = engine_clock(engine, first)[thread];

	sequence_reset(&engine->sequence, end - first);
	for (uint32_t i = first + 1; i < end; i++) {
		const int32_t *clock = engine_clock(engine, i);
		const struct event *event = &engine->steps[i].event;

		if (clock[thread] < local)
			sequence_add(&engine->sequence, event, clock, clock[event->thread]);
	}
}

/* How many hold the lock shared before step @first. */
static unsigned int readers_before(const struct engine *engine, uint32_t object, uint32_t first)
{
	uint32_t at = engine->objects[object].last;
	unsigned int readers = 0;

	for (; at; at = engine->steps[at - 1].prev_on_object) {
		const struct step *step = &engine->steps[at - 1];

		if (at - 1 >= first || step->failed || event_is(&step->event, EVENT_DATA))
			continue;
		if (event_is(&step->event, EVENT_TAKING_SHARED))
			readers++;
		else if (step->event.op == EVENT_RELEASE_SHARED)
			readers--;
		else
			break;
	}
	return readers;
}

static bool reads(const struct sequence_item *item, const struct engine *engine)
{
	uint32_t at = engine->thread_last[item->event.thread];

	if (!event_is(&item->event, EVENT_TAKING_SHARED))
		return false;
	while (engine_clock(engine, at - 1)[item->event.thread] != item->local)
		at = engine->steps[at - 1].prev_in_thread;
	return !engine->steps[at - 1].failed;
}

static bool released_later(const struct sequence *seq, const struct sequence_item *reader)
{
	for (uint32_t i = reader->next; i != SEQUENCE_END; i = seq->items[i].next)
		if (seq->items[i].event.object == reader->event.object &&
		    seq->items[i].event.op == EVENT_RELEASE_SHARED)
			return true;
	return false;
}

/* Takes out an item and all that happens after it. */
static void drop_item(struct sequence *seq, const struct sequence_item *item)
{
	struct sequence_item dropped = *item;
	unsigned int nr = seq->nr;

	sequence_reset(seq, nr);
	for (unsigned int i = 0; i < nr; i++) {
		struct sequence_item kept = seq->items[i];

		if (kept.clock[dropped.event.thread] < dropped.local)
			sequence_add(seq, &kept.event, kept.clock, kept.local);
	}
}

/*
 * Before an exclusive acquisition nobody may hold the lock shared: who does and does not
 * let go of it in the sequence must not take it there. False if the acquisition happens
 * after that, or somebody held the lock already.
 */
static bool drop_readers(struct engine *engine, uint32_t first, const struct event *second,
			 const int32_t *clock)
{
	unsigned int readers = readers_before(engine, second->object, first);
	struct sequence *seq = &engine->sequence;

	for (unsigned int i = 0; i < seq->nr; i++) {
		const struct sequence_item *item = &seq->items[i];

		if (item->event.object != second->object ||
		    event_is(&item->event, EVENT_NOWHERE))
			continue;
		if (item->event.op == EVENT_RELEASE_SHARED) {
			readers--;
			continue;
		}
		if (!reads(item, engine))
			continue;
		if (released_later(seq, item)) {
			readers++;
			continue;
		}
		if (clock[item->event.thread] >= item->local)
			return false;
		drop_item(seq, item);
		i--;
	}
	return !readers;
}

/* What happens before @second where it comes without @first: its thread, the sequence. */
static void second_clock(struct engine *engine, unsigned int thread, uint32_t last_of_thread)
{
	const int32_t *clock = last_of_thread ? engine_clock(engine, last_of_thread - 1) :
			       engine->births + (size_t)thread * engine->stride;

	memcpy(engine->scratch, clock, engine->stride * sizeof(*clock));
}

static void join_sequence(struct engine *engine, const struct event *second)
{
	const struct sequence *seq = &engine->sequence;

	for (unsigned int i = 0; i < seq->nr; i++)
		if (event_dependent(&seq->items[i].event, second))
			clock_join(engine->scratch, seq->items[i].clock, engine->stride);
}

/* @at: number of @second; that of the next step if it was not done */
static void reverse(struct engine *engine, uint32_t first, const struct event *second,
		    uint32_t at, uint32_t last_of_thread, uint32_t end)
{
	bool optimal = engine->options->strategy == EXPLORE_OPTIMAL;

	collect_independent(engine, first, end);
	second_clock(engine, second->thread, last_of_thread);
	if ((second->op == EVENT_ACQUIRE || second->op == EVENT_LOCKED) &&
	    !drop_readers(engine, first, second, engine->scratch))
		return;
	join_sequence(engine, second);
	sequence_add(&engine->sequence, second, engine->scratch, G_MAXINT32);
	if (sleep_covers(engine, first, &engine->sequence, optimal))
		return;
	if (first >= engine->floor && !event_is(second, EVENT_NOWHERE))
		engine->objects[second->object].planned++;
	plan_beginning(engine, first, at);
}

static void reverse_blocked(struct engine *engine, uint32_t first, const struct event *second)
{
	reverse(engine, first, second, engine->depth, engine->thread_last[second->thread],
		engine->depth);
}

uint32_t reverse_choices(const struct engine *engine)
{
	uint32_t i = engine->depth;

	while (i > 0 && engine->steps[i - 1].event.op != EVENT_CHOOSE)
		i--;
	return i;
}

/*
 * The first step that is to be the second of a race. Those that the last execution had as
 * well have been seen to, but for the answers to questions that come later: they are part
 * of what is planned.
 */
static uint32_t first_new(const struct engine *engine)
{
	for (uint32_t i = engine->branch; i < engine->depth; i++)
		if (engine->steps[i].event.op == EVENT_CHOOSE)
			return 0;
	return engine->branch;
}

/* A question that came too late would have had any answer: some may be covered, others not. */
static void reverse_race(struct engine *engine, const struct race *race)
{
	bool optimal = engine->options->strategy == EXPLORE_OPTIMAL;
	const struct step *second = &engine->steps[race->second];
	struct event event = second->meant;
	unsigned int answers = 1;

	if (second->event.op == EVENT_HALTED && event.op == EVENT_CHOOSE)
		answers = event.object;
	for (unsigned int i = 0; i < answers; i++) {
		event.choice = answers > 1 ? i : event.choice;
		reverse(engine, race->first, &event, race->second, second->prev_in_thread,
			optimal ? engine->depth : race->second);
	}
}

void reverse_races(struct engine *engine)
{
	uint32_t from = first_new(engine);

	for (unsigned int i = engine->races->len; i-- > 0; ) {
		struct race race = g_array_index(engine->races, struct race, i);

		if (race.second < from)
			break;
		reverse_race(engine, &race);
	}
	step_blocked_races(engine, reverse_blocked);
}
