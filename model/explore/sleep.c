// SPDX-License-Identifier: GPL-2.0
/*
 * Sleep sets: which next steps have been explored from a frame, so that executions which
 * could begin with them are not explored again. Where a step is a choice, each of its
 * answers is a step of its own.
 */

#include "engine.h"

static uint64_t bit(unsigned int i)
{
	return 1ull << i;
}

bool sleep_holds(const struct engine *engine, uint32_t frame, const struct event *event)
{
	const struct step *step = &engine->steps[frame];

	if (step->sleep & bit(event->thread))
		return true;
	return step->partly & bit(event->thread) &&
	       *engine_asleep(engine, frame, event->thread) & bit(event->choice);
}

static uint64_t all_choices(const struct event *event)
{
	return event->object < 64 ? bit(event->object) - 1 : ~0ull;
}

static void add_choice(uint64_t *sleep, uint64_t *partly, uint64_t *asleep,
		       const struct event *event)
{
	if (!(*partly & bit(event->thread)))
		*asleep = 0;
	*asleep |= bit(event->choice);
	*partly |= bit(event->thread);
	if (*asleep == all_choices(event)) {
		*partly &= ~bit(event->thread);
		*sleep |= bit(event->thread);
	}
}

void sleep_set(uint64_t *sleep, uint64_t *partly, uint64_t *asleep, const struct event *event)
{
	if (event->op == EVENT_CHOOSE)
		add_choice(sleep, partly, asleep + event->thread, event);
	else
		*sleep |= bit(event->thread);
}

void sleep_add(struct engine *engine, uint32_t frame, const struct event *event)
{
	struct step *step = &engine->steps[frame];

	sleep_set(&step->sleep, &step->partly, engine_asleep(engine, frame, 0), event);
	if (event->halts)
		step->alert |= bit(event->thread);
}

/* Threads go on sleeping if what they would do does not depend on @event. */
void sleep_pass(struct engine *engine, uint32_t frame, const struct event *event)
{
	struct step *step = &engine->steps[frame];
	uint64_t left = step->sleep & ~step->alert;

	for (uint64_t sleep = left; sleep; sleep &= sleep - 1) {
		unsigned int thread = __builtin_ctzll(sleep);

		if (event_dependent(&engine->world->pending[thread], event))
			left &= ~bit(thread);
	}
	step[1].sleep = left;
	step[1].alert = 0;
	step[1].partly = step->partly & ~step->alert & ~bit(event->thread);
	for (uint64_t partly = step[1].partly; partly; partly &= partly - 1) {
		unsigned int thread = __builtin_ctzll(partly);

		*engine_asleep(engine, frame + 1, thread) = *engine_asleep(engine, frame, thread);
	}
}

/* The next event of @thread in the state before step @first. */
static struct event next_event(const struct engine *engine, unsigned int thread, uint32_t first)
{
	for (uint32_t i = first; i < engine->depth; i++)
		if (engine->steps[i].event.thread == thread)
			return engine->steps[i].meant;
	return engine->world->pending[thread];
}

/* Of a thread all of whose choices sleep, any is meant. */
static bool begins(const struct engine *engine, uint32_t frame, unsigned int thread,
		   struct sequence *seq, bool weak)
{
	const struct sequence_item *head = sequence_head(seq, thread);
	struct event event;

	if (!head && !weak)
		return false;
	event = head ? head->event : next_event(engine, thread, frame);
	if (G_UNLIKELY(engine->steps[frame].alert >> thread & 1))
		event.halts = true;
	return sequence_begins(seq, &event);
}

uint64_t sleep_initials(const struct engine *engine, uint32_t frame, struct sequence *seq,
			bool weak)
{
	uint64_t initials = 0;

	for (unsigned int thread = 0; thread < engine->threads; thread++)
		if (begins(engine, frame, thread, seq, weak))
			initials |= bit(thread);
	return initials;
}

bool sleep_covers(const struct engine *engine, uint32_t frame, struct sequence *seq, bool weak)
{
	const struct step *step = &engine->steps[frame];

	for (uint64_t sleep = step->sleep; sleep; sleep &= sleep - 1)
		if (begins(engine, frame, __builtin_ctzll(sleep), seq, weak))
			return true;
	for (uint64_t partly = step->partly; partly; partly &= partly - 1) {
		const struct sequence_item *head = sequence_head(seq, __builtin_ctzll(partly));

		if (head && sleep_holds(engine, frame, &head->event) &&
		    sequence_begins(seq, &head->event))
			return true;
	}
	return false;
}
