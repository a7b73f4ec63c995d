// SPDX-License-Identifier: GPL-2.0
/*
 * The search: forwards to the end of an execution, back to where something is left.
 */

#include <string.h>

#include "engine.h"
#include "saved.h"
#include "search.h"
#include "split.h"
#include "strand.h"

#define CAPACITY_MIN	64u

static uint64_t bit(unsigned int thread)
{
	return 1ull << thread;
}

static void make_object_room(struct engine *engine)
{
	uint32_t nr = engine->objects_nr, need = engine->world->objects;

	if (G_LIKELY(need <= nr))
		return;
	engine->objects_nr = MAX(2 * nr, need);
	engine->objects = g_renew(struct object, engine->objects, engine->objects_nr);
	memset(engine->objects + nr, 0, (engine->objects_nr - nr) * sizeof(*engine->objects));
	sequence_make_room(&engine->sequence, nr, engine->objects_nr);
}

void engine_make_room(struct engine *engine)
{
	make_object_room(engine);
	if (engine->depth + 2 <= engine->capacity)
		return;
	engine->capacity = MAX(2 * engine->capacity, CAPACITY_MIN);
	engine->steps = g_renew(struct step, engine->steps, engine->capacity);
	engine->clocks = g_renew(int32_t, engine->clocks,
				 (size_t)engine->capacity * engine->stride);
	engine->asleep = g_renew(uint64_t, engine->asleep,
				 (size_t)engine->capacity * engine->threads);
}

/* Who has not found out yet that a halt came does so now: then it is over with. */
static unsigned int next_halted(const struct engine *engine)
{
	for (uint64_t left = engine->world->halted; left; left &= left - 1) {
		unsigned int thread = __builtin_ctzll(left);

		if (engine->world->pending[thread].op != EVENT_NONE)
			return thread;
	}
	return EXPLORE_THREADS_MAX;
}

/* The thread that goes on is the one that did the last step, if it can. */
static unsigned int pick_thread(const struct engine *engine, uint64_t sleep)
{
	unsigned int first = next_halted(engine);

	if (first < EXPLORE_THREADS_MAX)
		return first;
	first = 0;
	if (engine->depth)
		first = engine->steps[engine->depth - 1].event.thread;
	for (unsigned int i = 0; i < engine->threads; i++) {
		unsigned int thread = (first + i) % engine->threads;

		if (!(sleep & bit(thread)) && step_enabled(engine, thread))
			return thread;
	}
	return EXPLORE_THREADS_MAX;
}

/* Whether @thread goes on in place of one that could. */
static bool preempts(const struct engine *engine, unsigned int thread)
{
	unsigned int last;

	if (!engine->depth)
		return false;
	last = engine->steps[engine->depth - 1].event.thread;
	return thread != last && step_enabled(engine, last);
}

static bool beyond_bound(const struct engine *engine, unsigned int thread)
{
	return engine->options->bounded && preempts(engine, thread) &&
	       engine->steps[engine->depth].preemptions >= engine->options->preemptions;
}

static void plan_all(struct engine *engine, struct wakeup_node *tree)
{
	unsigned int halted = next_halted(engine);

	if (halted < EXPLORE_THREADS_MAX) {
		wakeup_append(&engine->pool, tree, &engine->world->pending[halted]);
		return;
	}
	for (unsigned int i = 0; i < engine->threads; i++) {
		struct event event = engine->world->pending[i];
		unsigned int answers = event.op == EVENT_CHOOSE ? event.object : 1;

		if (!step_enabled(engine, i) || beyond_bound(engine, i))
			continue;
		for (; event.choice < answers; event.choice++)
			wakeup_append(&engine->pool, tree, &event);
	}
}

/* Source sets plan without looking who sleeps. */
static bool has_open_branch(struct engine *engine, uint32_t frame)
{
	struct wakeup_node *tree = &engine->steps[frame].tree;

	while (tree->child &&
	       sleep_holds(engine, frame, &wakeup_at(&engine->pool, tree->child)->event))
		wakeup_drop_first(&engine->pool, tree);
	return tree->child;
}

/* The first answer that has not been explored from the last frame. */
static struct event open_event(const struct engine *engine, unsigned int thread)
{
	struct event event = engine->world->pending[thread];

	while (event.op == EVENT_CHOOSE && sleep_holds(engine, engine->depth, &event))
		event.choice++;
	return event;
}

/* Where nothing is planned any thread will do; false if there is none. */
static bool plan(struct engine *engine)
{
	struct step *frame = &engine->steps[engine->depth];
	struct event event;
	unsigned int thread;

	if (has_open_branch(engine, engine->depth))
		return true;
	if (engine->options->strategy == EXPLORE_NAIVE) {
		plan_all(engine, &frame->tree);
		return frame->tree.child;
	}
	thread = pick_thread(engine, frame->sleep);
	if (thread == EXPLORE_THREADS_MAX)
		return false;
	event = open_event(engine, thread);
	wakeup_append(&engine->pool, &frame->tree, &event);
	return true;
}

/* One more branch, unless it has been explored or something explores it anyway. */
static void plan_branch(struct engine *engine, const struct event *event)
{
	bool optimal = engine->options->strategy == EXPLORE_OPTIMAL;
	struct sequence *seq = &engine->sequence;

	if (sleep_holds(engine, engine->depth, event))
		return;
	memset(engine->scratch, 0, engine->stride * sizeof(*engine->scratch));
	sequence_reset(seq, 1);
	sequence_add(seq, event, engine->scratch, G_MAXINT32);
	if (!sleep_covers(engine, engine->depth, seq, optimal))
		plan_beginning(engine, engine->depth, PLAN_CHOICE);
}

/* The other answers to a question are left to explore as soon as one is. */
static void plan_choices(struct engine *engine, const struct event *done)
{
	struct event event = *done;

	if (done->op != EVENT_CHOOSE || engine->options->strategy == EXPLORE_NAIVE)
		return;
	for (event.choice = 0; event.choice < done->object; event.choice++)
		if (event.choice != done->choice)
			plan_branch(engine, &event);
}

/* What was planned can be done, unless steps depend on each other in ways that nobody tells. */
static bool can_be_done(const struct engine *engine, const struct event *event)
{
	return engine->world->pending[event->thread].op == event->op &&
	       step_enabled(engine, event->thread);
}

/* Of what was a halt elsewhere and is none here nobody needs to be woken. */
static void expect_no_halt(struct engine *engine, struct event *event)
{
	uint32_t done = engine->depth - 1;

	if (!event->halts || engine->steps[done].halts)
		return;
	event->halts = false;
	sleep_pass(engine, done, event);
}

void engine_descend(struct engine *engine)
{
	struct step *frame = &engine->steps[engine->depth];
	struct wakeup_node *node = wakeup_at(&engine->pool, frame->tree.child);
	struct event event = node->event;

	engine->result->diverged |= !can_be_done(engine, &event);
	if (engine->result->diverged)
		return;
	if (!(engine->world->halted >> event.thread & 1))
		plan_choices(engine, &event);
	sleep_pass(engine, engine->depth, &event);
	frame[1].preemptions = frame->preemptions + preempts(engine, event.thread);
	frame[1].closed = 0;
	frame[1].tree = (struct wakeup_node){ .child = node->child };
	node->child = 0;
	step_push(engine, &event);
	expect_no_halt(engine, &event);
}

static void go_forward(struct engine *engine)
{
	unsigned int max = engine->options->steps_max;

	engine_make_room(engine);
	while (!engine->result->endless && !engine->result->diverged && plan(engine)) {
		engine_descend(engine);
		engine_make_room(engine);
		engine->result->endless = max && engine->depth >= max;
	}
}

/* The branch that has been explored goes; what it begins with sleeps from now on. */
static void close_branch(struct engine *engine, uint32_t frame)
{
	struct wakeup_node *tree = &engine->steps[frame].tree;
	struct event event = wakeup_at(&engine->pool, tree->child)->event;

	wakeup_drop_first(&engine->pool, tree);
	engine->steps[frame].closed++;
	if (engine->options->strategy != EXPLORE_NAIVE)
		sleep_add(engine, frame, &event);
}

int engine_close(struct engine *engine)
{
	unsigned int depth = engine->depth;

	while (depth > engine->floor) {
		close_branch(engine, --depth);
		if (has_open_branch(engine, depth))
			return depth;
	}
	return -1;
}

/* To the last frame with something left; false if there is none. */
static bool go_back(struct engine *engine)
{
	int depth = engine_close(engine);

	if (depth < 0)
		return false;
	step_pop(engine, depth);
	engine->branch = depth;
	return true;
}

/*
 * How much of the tree of executions lies behind, if branches from one frame are equally large
 * and no more of them turn up: good enough to say how long it will take.
 */
double engine_fraction(const struct engine *engine)
{
	double fraction = 0, share = 1;

	for (uint32_t i = 0; i < engine->depth; i++) {
		const struct step *step = &engine->steps[i];
		unsigned int branches = step->closed;

		for (uint32_t node = step->tree.child; node;
		     node = wakeup_at(&engine->pool, node)->next)
			branches++;
		share /= branches;
		fraction += step->closed * share;
	}
	return fraction;
}

static void note_trace(const struct engine *engine)
{
	uint64_t hash = trace_hash(engine);

	if (engine->strand)
		strand_note_trace(engine->strand, hash);
	else
		g_hash_table_add(engine->options->traces, g_memdup2(&hash, sizeof(hash)));
}

static void count_end(struct engine *engine)
{
	struct explore_result *result = engine->result;
	bool blocked = false;

	result->depth_max = MAX(result->depth_max, engine->depth);
	for (unsigned int i = 0; i < engine->threads; i++) {
		if (step_enabled(engine, i)) {
			result->redundant++;
			return;
		}
		blocked |= engine->world->pending[i].op != EVENT_NONE;
	}
	result->executions++;
	result->deadlocks += blocked;
	if (!engine->strand && result->executions % ENGINE_ESTIMATE_EVERY == 0)
		result->fraction = engine_fraction(engine);
	if (engine->options->traces)
		note_trace(engine);
	engine->next = engine->ended(engine->world, blocked);
}

enum explore_next engine_next(const struct engine *engine)
{
	uint64_t max = engine->options->executions_max;

	if (engine->next != EXPLORE_GO_ON || !max || engine->result->executions < max)
		return engine->next;
	return engine->options->save ? EXPLORE_PAUSE : EXPLORE_STOP;
}

/* Where a search that is ended now could go on; false if nothing is left. */
static bool save(struct engine *engine)
{
	if (engine->options->strategy != EXPLORE_NAIVE)
		reverse_races(engine);
	if (!go_back(engine))
		return false;
	engine->result->saved = saved_take(engine);
	return true;
}

/* Where several search, it is not for one of them to say where they pause. */
static bool is_over(const struct engine *engine)
{
	return engine->result->diverged || engine->next == EXPLORE_STOP ||
	       (engine->next == EXPLORE_PAUSE && !engine->strand);
}

enum engine_return engine_search(struct engine *engine, uint64_t executions)
{
	const struct explore_result *result = engine->result;
	uint64_t end = executions < G_MAXUINT64 - result->executions ?
		       result->executions + executions : G_MAXUINT64;

	engine->next = EXPLORE_GO_ON;
	do {
		go_forward(engine);
		if (result->endless || result->diverged)
			return ENGINE_ENDED;
		count_end(engine);
		if (!engine->strand)
			engine->next = engine_next(engine);
		if (is_over(engine))
			return ENGINE_ENDED;
		if (engine->sudden && engine->options->strategy == EXPLORE_OPTIMAL) {
			engine->mistaken = true;
			return ENGINE_ENDED;
		}
		if (engine->options->strategy != EXPLORE_NAIVE)
			reverse_races(engine);
		if (result->executions >= end)
			return ENGINE_MORE;
	} while (go_back(engine));
	return ENGINE_COMPLETE;
}

/* Alone until it pays to be several. */
static void search(struct engine *engine, const struct search *how)
{
	int depth;

	switch (engine_search(engine, split_after(engine->options))) {
	case ENGINE_COMPLETE:
		engine->result->complete = true;
		break;
	case ENGINE_MORE:
		depth = engine_close(engine);
		if (depth >= 0)
			split_search(engine, depth, how);
		else
			engine->result->complete = true;
		break;
	case ENGINE_ENDED:
		engine->result->stopped = engine->next == EXPLORE_STOP;
		if (engine->next == EXPLORE_PAUSE && !engine->mistaken)
			engine->result->complete = !save(engine);
		break;
	}
}

static bool begin(struct engine *engine)
{
	if (!engine->options->resume || saved_restore(engine, engine->options->resume))
		return true;
	engine->result->diverged = true;
	return false;
}

/* Several that search meet objects in any order. */
static bool is_hotter(const struct engine *engine, const struct explore_hot *a,
		      const struct explore_hot *b)
{
	const struct world *world = engine->world;

	if (a->races != b->races || !a->races || !world->name)
		return a->races > b->races;
	return world->name(world, a->object) < world->name(world, b->object);
}

/* The objects for whose sake the most was explored. */
static void find_hottest(const struct engine *engine)
{
	struct explore_hot *hot = engine->result->hot;

	for (uint32_t i = 0; i < engine->world->objects && i < engine->objects_nr; i++) {
		struct explore_hot next = { .object = i, .races = engine->objects[i].planned };

		for (unsigned int k = 0; k < EXPLORE_HOT_MAX; k++)
			if (is_hotter(engine, &next, &hot[k])) {
				struct explore_hot less = hot[k];

				hot[k] = next;
				next = less;
			}
	}
}

size_t engine_bytes(const struct engine *engine)
{
	return engine->pool.bytes + engine->objects_nr * sizeof(*engine->objects) +
	       engine->capacity * (sizeof(*engine->steps) +
				   engine->stride * sizeof(*engine->clocks) +
				   engine->threads * sizeof(*engine->asleep));
}

void engine_init(struct engine *engine, const struct search *how, struct explore_result *result)
{
	*engine = (struct engine){
		.options = how->options,
		.result = result,
		.world = how->world,
		.ended = how->ended,
		.threads = how->threads,
		/* So that the compiler can join clocks by whole vectors. */
		.stride = (how->threads + 7) & ~7u,
	};

	engine->scratch = g_new(int32_t, engine->stride);
	engine->births = g_new0(int32_t, (size_t)engine->threads * engine->stride);
	engine->races = g_array_new(FALSE, FALSE, sizeof(struct race));
	sequence_init(&engine->sequence, engine->stride);
	engine_make_room(engine);
	engine->steps[0] = (struct step){ 0 };
}

void engine_destroy(struct engine *engine)
{
	wakeup_pool_destroy(&engine->pool);
	sequence_destroy(&engine->sequence);
	g_array_free(engine->races, TRUE);
	g_free(engine->births);
	g_free(engine->scratch);
	g_free(engine->objects);
	g_free(engine->asleep);
	g_free(engine->clocks);
	g_free(engine->steps);
}

/* False if halts turned up that were not announced. */
static bool search_once(const struct search *how, struct explore_result *result)
{
	struct engine engine;
	bool ok;

	engine_init(&engine, how, result);
	if (begin(&engine))
		search(&engine, how);
	ok = !engine.mistaken;
	find_hottest(&engine);
	result->bytes = MAX(result->bytes, engine_bytes(&engine));
	engine_destroy(&engine);
	return ok;
}

/*
 * What wakeup trees say of executions that are left holds if steps depend on each other as was
 * told. Of halts that were not announced that is not so; source sets look at each execution anew.
 */
void search_run(const struct search *how, struct explore_result *result)
{
	const struct explore_result before = *result;
	struct explore_options alone = *how->options;
	struct search again = *how;

	if (search_once(how, result))
		return;
	*result = before;
	if (alone.traces)
		g_hash_table_remove_all(alone.traces);
	if (alone.strategy == EXPLORE_OPTIMAL)
		alone.strategy = EXPLORE_SOURCE;
	alone.jobs = 1;
	alone.resume = NULL;
	again.options = &alone;
	how->world->rewind(how->world, 0);
	search_once(&again, result);
}
