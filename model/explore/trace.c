// SPDX-License-Identifier: GPL-2.0
/*
 * Telling traces apart: an execution's trace is the set of its steps, each with what
 * happens before it. Their hashes are added, so that the order does not matter.
 */

#include "engine.h"

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash ^= value + 0x9e3779b97f4a7c15ull + (hash << 6) + (hash >> 2);
	hash *= 0xbf58476d1ce4e5b9ull;
	return hash ^ (hash >> 31);
}

static uint64_t object_of(const struct engine *engine, const struct event *event)
{
	if (!engine->world->name || event_is(event, EVENT_NOWHERE))
		return event->object;
	return engine->world->name(engine->world, event->object);
}

static uint64_t step_hash(const struct engine *engine, uint32_t i)
{
	const struct step *step = &engine->steps[i];
	const int32_t *clock = engine_clock(engine, i);
	uint64_t hash = mix(step->event.thread, step->event.op);

	hash = mix(hash, object_of(engine, &step->event));
	hash = mix(hash, step->event.choice * 2u + step->failed);
	for (unsigned int t = 0; t < engine->threads; t++)
		hash = mix(hash, clock[t]);
	return hash;
}

uint64_t trace_hash(const struct engine *engine)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < engine->depth; i++)
		sum += step_hash(engine, i);
	return sum;
}
