// SPDX-License-Identifier: GPL-2.0
/*
 * Doing an execution: an engine is brought to the leaf, goes on from there, and tells what is
 * left and what is called for.
 */

#include <string.h>

#include "strand.h"

/* Of one strand: to hand it over takes as long as some dozen executions. */
#define EXECUTIONS	1024u

#define NOT_COPIED	G_MAXUINT64

struct strand *strand_new(void)
{
	struct strand *strand = g_new0(struct strand, 1);

	strand->events = g_array_new(FALSE, FALSE, sizeof(struct event));
	strand->sleep = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	strand->asleep = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	strand->earlier = g_array_new(FALSE, FALSE, sizeof(struct earlier));
	strand->frames = g_array_new(FALSE, FALSE, sizeof(struct frame));
	strand->choices = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	strand->beginnings = g_array_new(FALSE, FALSE, sizeof(struct beginning));
	strand->items = g_array_new(FALSE, FALSE, sizeof(struct item));
	strand->clocks = g_array_new(FALSE, FALSE, sizeof(int32_t));
	strand->planned = g_array_new(FALSE, FALSE, sizeof(struct planned));
	strand->traces = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	strand->copy_of = NOT_COPIED;
	return strand;
}

void strand_reset(struct strand *strand)
{
	g_array_set_size(strand->events, 0);
	g_array_set_size(strand->sleep, 0);
	g_array_set_size(strand->asleep, 0);
	g_array_set_size(strand->earlier, 0);
	g_array_set_size(strand->frames, 0);
	g_array_set_size(strand->choices, 0);
	g_array_set_size(strand->beginnings, 0);
	g_array_set_size(strand->items, 0);
	g_array_set_size(strand->clocks, 0);
	g_array_set_size(strand->planned, 0);
	g_array_set_size(strand->traces, 0);
	strand->state = STRAND_WAITS;
	strand->copy_of = NOT_COPIED;
}

void strand_free(struct strand *strand)
{
	g_array_unref(strand->events);
	g_array_unref(strand->sleep);
	g_array_unref(strand->asleep);
	g_array_unref(strand->earlier);
	g_array_unref(strand->frames);
	g_array_unref(strand->choices);
	g_array_unref(strand->beginnings);
	g_array_unref(strand->items);
	g_array_unref(strand->clocks);
	g_array_unref(strand->planned);
	g_array_unref(strand->traces);
	wakeup_pool_destroy(&strand->own);
	g_free(strand);
}

/* The way to the leaf */

/* The steps that the engine has done and are those on the way. */
static uint32_t common(const struct engine *engine, const struct strand *strand)
{
	uint32_t i = 0;

	for (; i < engine->depth && i < strand->base; i++) {
		const struct event *event = strand_event(strand, i);
		const struct event *done = &engine->steps[i].meant;

		if (done->thread != event->thread || done->choice != event->choice)
			break;
	}
	return i;
}

static bool push(struct engine *engine, const struct event *event)
{
	const struct event *pending = &engine->world->pending[event->thread];

	engine_make_room(engine);
	if (pending->op != event->op || pending->object != event->object ||
	    !step_enabled(engine, event->thread))
		return false;
	/* A halt clears the next frame. */
	engine->steps[engine->depth + 1].tree = (struct wakeup_node){ 0 };
	step_push(engine, event);
	engine_make_room(engine);
	return true;
}

/* To the frame from which the strand is planned. */
static bool go_to_base(struct engine *engine, const struct strand *strand)
{
	uint32_t there = common(engine, strand);

	if (there < engine->depth)
		step_pop(engine, there);
	engine_make_room(engine);
	for (uint32_t i = there; i < strand->base; i++)
		if (!push(engine, strand_event(strand, i)))
			return false;
	for (uint32_t i = 0; i < strand->base; i++) {
		struct step *step = &engine->steps[i];

		step->sleep = g_array_index(strand->sleep, uint64_t, i);
		step->alert = step->partly = 0;
		step->tree = (struct wakeup_node){ 0 };
	}
	engine->branch = strand->base;
	return true;
}

static void load_base(struct engine *engine, const struct strand *strand)
{
	struct step *step = &engine->steps[strand->base];

	step->sleep = strand->frame.sleep;
	step->alert = 0;
	step->partly = strand->frame.partly;
	step->preemptions = strand->frame.preemptions;
	step->closed = 0;
	memcpy(engine_asleep(engine, strand->base, 0), strand->asleep->data,
	       engine->threads * sizeof(uint64_t));
}

static void note_frame(const struct engine *engine, struct strand *strand, uint32_t i)
{
	const struct step *step = &engine->steps[i];
	struct frame frame = {
		.sleep = step->sleep, .partly = step->partly,
		.preemptions = step->preemptions, .closed = step->closed, .tree = step->tree,
	};

	if (i < engine->depth)
		frame.event = step->meant;
	g_array_append_val(strand->frames, frame);
	g_array_append_vals(strand->choices, engine_asleep(engine, i, 0), engine->threads);
}

static void sleep_earlier(struct engine *engine, const struct strand *strand, uint32_t *next)
{
	for (; *next < strand->earlier->len; ++*next) {
		const struct earlier *earlier = &g_array_index(strand->earlier, struct earlier,
							       *next);

		if (earlier->frame != engine->depth)
			return;
		sleep_add(engine, engine->depth, &earlier->event);
	}
}

/* What was planned did not reckon with a halt that was not announced: see note_halt(). */
static bool is_sudden_halt(const struct step *step)
{
	return step->halts && step->event.op != EVENT_HALT;
}

static void end_here(struct engine *engine, struct strand *strand)
{
	engine->floor = engine->depth;
	g_array_set_size(strand->events, engine->depth);
}

/* From there on, to the leaf, as a search does that comes this way. */
static void go_to_leaf(struct engine *engine, struct strand *strand)
{
	uint32_t next = 0;

	for (uint32_t i = strand->base; i < engine->floor; i++) {
		struct step *frame = &engine->steps[i];

		if (i > strand->base) {
			note_frame(engine, strand, i);
			sleep_earlier(engine, strand, &next);
		}
		frame->tree = (struct wakeup_node){ 0 };
		wakeup_append(&engine->pool, &frame->tree, strand_event(strand, i));
		engine_descend(engine);
		if (engine->result->diverged)
			return;
		wakeup_clear(&engine->pool, &engine->steps[i].tree);
		engine_make_room(engine);
		if (is_sudden_halt(&engine->steps[i]))
			end_here(engine, strand);
	}
}

/* What came of it */

static void note_planned(struct engine *engine, struct strand *strand)
{
	for (uint32_t i = 0; i < engine->objects_nr; i++) {
		struct planned planned = { .object = i, .races = engine->objects[i].planned };

		if (planned.races)
			g_array_append_val(strand->planned, planned);
		engine->objects[i].planned = 0;
	}
}

/* Where nothing is left behind the leaf, the frame there is all there is. */
static void note_rest(struct engine *engine, struct strand *strand)
{
	int last = strand->end == ENGINE_MORE ? engine_close(engine) : -1;

	for (int i = engine->floor; i <= MAX(last, (int)engine->floor); i++)
		note_frame(engine, strand, i);
}

/* Where it matters at which of them the search pauses, or that all is handed over, few. */
static uint64_t executions(const struct explore_options *options)
{
	if (options->executions_max)
		return 1;
	return options->grain ? options->grain : EXECUTIONS;
}

static enum engine_return explore(struct engine *engine, struct strand *strand)
{
	struct explore_result *result = engine->result;

	engine->floor = strand->events->len;
	if (!go_to_base(engine, strand)) {
		result->diverged = true;
		return ENGINE_ENDED;
	}
	load_base(engine, strand);
	go_to_leaf(engine, strand);
	if (result->diverged)
		return ENGINE_ENDED;
	result->steps = 0;
	return engine_search(engine, executions(engine->options));
}

void strand_run(struct engine *engine, struct strand *strand, const struct explore_result *so_far)
{
	struct explore_result *result = engine->result;

	*result = (struct explore_result){
		.executions = so_far->executions, .fraction = so_far->fraction,
	};
	engine->strand = strand;
	engine->pool = strand->own;
	engine->next = EXPLORE_GO_ON;
	engine->sudden = false;
	engine->world->objects = MAX(engine->world->objects, strand->objects);
	strand->end = explore(engine, strand);
	if (strand->end != ENGINE_ENDED)
		note_rest(engine, strand);
	note_planned(engine, strand);
	strand->own = engine->pool;
	engine->pool = (struct wakeup_pool){ 0 };
	strand->next = engine->next;
	strand->sudden = engine->sudden;
	strand->result = *result;
	strand->result.executions -= so_far->executions;
	strand->objects = engine->world->objects;
	engine->strand = NULL;
}

void strand_again(struct engine *engine, struct strand *strand)
{
	struct explore_result none = { 0 };
	struct strand *again = strand_new();

	again->base = strand->base;
	again->frame = strand->frame;
	again->objects = strand->objects;
	g_array_append_vals(again->events, strand->events->data, strand->events->len);
	g_array_append_vals(again->sleep, strand->sleep->data, strand->sleep->len);
	g_array_append_vals(again->asleep, strand->asleep->data, strand->asleep->len);
	g_array_append_vals(again->earlier, strand->earlier->data, strand->earlier->len);
	if (engine->depth)
		step_pop(engine, 0);
	strand_run(engine, again, &none);
	strand_free(again);
}

/* For the engine */

/* The clocks of the execution, once for all that it calls for. */
static void copy_clocks(const struct engine *engine, struct strand *strand)
{
	uint64_t execution = engine->result->executions + engine->result->redundant;

	if (strand->copy_of == execution)
		return;
	strand->copy_of = execution;
	strand->copied = strand->clocks->len / engine->stride;
	strand->choices_of = reverse_choices(engine);
	g_array_append_vals(strand->clocks, engine->clocks, engine->depth * engine->stride);
}

static uint32_t clock_number(const struct engine *engine, struct strand *strand,
			     const int32_t *clock)
{
	if (clock != engine->scratch)
		return strand->copied + (uint32_t)((clock - engine->clocks) / engine->stride);
	g_array_append_vals(strand->clocks, clock, engine->stride);
	return strand->clocks->len / engine->stride - 1;
}

void strand_plan(struct engine *engine, uint32_t frame, uint32_t second)
{
	bool optimal = engine->options->strategy == EXPLORE_OPTIMAL;
	struct strand *strand = engine->strand;
	struct sequence *seq = &engine->sequence;
	struct beginning beginning = {
		.frame = frame, .item = strand->items->len, .nr = seq->nr, .second = second,
		.initials = sleep_initials(engine, frame, seq, optimal),
	};

	if (second != PLAN_CHOICE) {
		copy_clocks(engine, strand);
		beginning.choices = strand->choices_of;
	}
	g_array_append_val(strand->beginnings, beginning);
	for (unsigned int i = 0; i < seq->nr; i++) {
		struct item item = {
			.event = seq->items[i].event, .local = seq->items[i].local,
			.clock = clock_number(engine, strand, seq->items[i].clock),
		};

		g_array_append_val(strand->items, item);
	}
}

void strand_note_trace(struct strand *strand, uint64_t hash)
{
	g_array_append_val(strand->traces, hash);
}
