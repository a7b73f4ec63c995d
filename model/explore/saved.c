// SPDX-License-Identifier: GPL-2.0
/*
 * Saving a search and going on with it. Trees are written node by node, each with how deep in the
 * tree it is; parents come before children.
 */

#include "saved.h"

/* What an event may have to say besides, in one word. */
#define HALTS	0x8000u

static uint16_t choice_of(const struct event *event)
{
	return event->choice | (event->halts ? HALTS : 0);
}

static void set_choice(struct event *event, uint16_t choice)
{
	event->choice = choice & ~HALTS;
	event->halts = !!(choice & HALTS);
}

static void add_nodes(const struct engine *engine, GVariantBuilder *b,
		      const struct wakeup_node *parent, unsigned int level)
{
	uint32_t number = parent->child;

	while (number) {
		const struct wakeup_node *node = wakeup_at(&engine->pool, number);
		const struct event *event = &node->event;

		g_variant_builder_add(b, SAVED_NODE, level, event->op, event->thread,
				      choice_of(event), event->object);
		add_nodes(engine, b, node, level + 1);
		number = node->next;
	}
}

static GVariant *tree_of(const struct engine *engine, const struct step *frame)
{
	GVariantBuilder b;

	g_variant_builder_init(&b, G_VARIANT_TYPE("a" SAVED_NODE));
	add_nodes(engine, &b, &frame->tree, 0);
	return g_variant_builder_end(&b);
}

static GVariant *asleep_of(const struct engine *engine, uint32_t i)
{
	GVariantBuilder b;

	g_variant_builder_init(&b, G_VARIANT_TYPE("a(yt)"));
	for (uint64_t left = engine->steps[i].partly; left; left &= left - 1) {
		unsigned int thread = __builtin_ctzll(left);

		g_variant_builder_add(&b, "(yt)", thread, *engine_asleep(engine, i, thread));
	}
	return g_variant_builder_end(&b);
}

/* The last frame has no step yet. */
static void add_frame(const struct engine *engine, GVariantBuilder *b, uint32_t i)
{
	const struct step *frame = &engine->steps[i];
	struct event event = i < engine->depth ? frame->meant : (struct event){ 0 };

	g_variant_builder_add(b, "(" SAVED_EVENT "tttuu@a(yt)@a" SAVED_NODE ")", event.op,
			      event.thread, choice_of(&event), event.object, frame->sleep,
			      frame->alert, frame->partly, frame->closed, frame->preemptions,
			      asleep_of(engine, i), tree_of(engine, frame));
}

GVariant *saved_take(const struct engine *engine)
{
	const struct explore_result *result = engine->result;
	GVariantBuilder frames;

	g_variant_builder_init(&frames, G_VARIANT_TYPE(SAVED_FRAMES));
	for (uint32_t i = 0; i <= engine->depth; i++)
		add_frame(engine, &frames, i);
	return g_variant_ref_sink(g_variant_new("(tttu@" SAVED_FRAMES ")", result->executions,
						result->redundant, result->steps,
						result->depth_max,
						g_variant_builder_end(&frames)));
}

/* What was saved may have been changed since. */
static bool is_sound(const struct engine *engine, const struct event *event)
{
	return event->thread < engine->threads && event->op > EVENT_NONE &&
	       event->op <= EVENT_CHOOSE &&
	       (event_is(event, EVENT_NOWHERE) || event->object < engine->world->objects);
}

/* @levels: the last node of each level so far, the frame's own tree before all. */
static bool restore_tree(struct engine *engine, struct step *frame, GVariantIter *nodes)
{
	g_autoptr(GPtrArray) levels = g_ptr_array_new();
	struct event event = { 0 };
	unsigned int level;
	uint16_t choice;

	frame->tree = (struct wakeup_node){ 0 };
	g_ptr_array_add(levels, &frame->tree);
	while (g_variant_iter_next(nodes, SAVED_NODE, &level, &event.op, &event.thread,
				   &choice, &event.object)) {
		struct wakeup_node *parent;

		set_choice(&event, choice);
		engine->sudden |= event.halts;
		if (!is_sound(engine, &event))
			return false;
		g_ptr_array_set_size(levels, MIN(level + 1, levels->len));
		parent = g_ptr_array_index(levels, levels->len - 1);
		g_ptr_array_add(levels, wakeup_append(&engine->pool, parent, &event));
	}
	return true;
}

static bool restore_frame(struct engine *engine, uint32_t i, GVariant *frame, struct event *event)
{
	struct step *step = &engine->steps[i];
	GVariantIter *asleep, *nodes;
	uint8_t thread;
	uint16_t choice;
	uint64_t bits;
	bool ok;

	g_variant_get(frame, "(" SAVED_EVENT "tttuua(yt)a" SAVED_NODE ")", &event->op,
		      &event->thread, &choice, &event->object, &step->sleep, &step->alert,
		      &step->partly, &step->closed, &step->preemptions, &asleep, &nodes);
	set_choice(event, choice);
	engine->sudden |= step->alert;
	while (g_variant_iter_next(asleep, "(yt)", &thread, &bits))
		if (thread < engine->threads)
			*engine_asleep(engine, i, thread) = bits;
	ok = restore_tree(engine, step, nodes);
	g_variant_iter_free(asleep);
	g_variant_iter_free(nodes);
	return ok;
}

static bool is_pending(const struct engine *engine, const struct event *event)
{
	const struct event *pending;

	if (event->thread >= engine->threads)
		return false;
	pending = &engine->world->pending[event->thread];
	return pending->op == event->op && pending->object == event->object &&
	       step_enabled(engine, event->thread);
}

bool saved_restore(struct engine *engine, GVariant *saved)
{
	struct explore_result *result = engine->result;
	g_autoptr(GVariant) frames = g_variant_get_child_value(saved, 4);
	unsigned int nr = g_variant_n_children(frames);
	uint64_t steps;

	for (uint32_t i = 0; i < nr; i++) {
		g_autoptr(GVariant) frame = g_variant_get_child_value(frames, i);
		struct event event = { 0 };

		engine_make_room(engine);
		if (!restore_frame(engine, i, frame, &event))
			return false;
		if (i + 1 == nr)
			break;
		if (!is_pending(engine, &event) || !engine->steps[i].tree.child)
			return false;
		/* A halt clears the next frame. */
		engine->steps[i + 1].tree = (struct wakeup_node){ 0 };
		step_push(engine, &event);
	}
	g_variant_get(saved, "(tttu@*)", &result->executions, &result->redundant, &steps,
		      &result->depth_max, NULL);
	result->steps = steps;
	engine->branch = engine->depth;
	return nr;
}
