// SPDX-License-Identifier: GPL-2.0
/*
 * Going through the frames and trees of a search whose executions anybody does.
 */

#include <string.h>

#include "saved.h"
#include "split.h"
#include "strand.h"

/* Executions that one does alone: most searches have no more. */
#define SPLIT_AFTER	256u
/* Executions ahead of the search, for each that takes part. */
#define AHEAD		16u

/**
 * struct split - a search by several.
 * @tree:    the frames and the trees. It does no steps: the last frame has a tree, always
 * @engine:  of the one who has that, to do executions
 * @strands: by the number of the leaf
 * @spare:   strands that are not in use
 * @found:   those whose turn comes first
 * @total:   of all executions so far, and
 * @so_far:  as those who do them see it
 * @lock:    of what follows, and of the state of strands
 * @todo:    strands that nobody does yet, the last first
 * @work:    there are more, or there will be no more
 * @done:    some strand is done, or somebody is gone
 * @waits:   the one who has the tree does, for something to be done
 * @idle:    helpers that wait for work
 * @helpers: who takes part
 * @over:    nothing is to be done any more
 */
struct split {
	struct engine *tree;
	struct engine engine;
	GHashTable *strands;
	GPtrArray *spare;
	GPtrArray *found;
	struct explore_result total;
	struct explore_result so_far;
	GMutex lock;
	GPtrArray *todo;
	GCond work;
	GCond done;
	bool waits;
	unsigned int idle;
	unsigned int helpers;
	bool over;
};

uint64_t split_after(const struct explore_options *options)
{
	if (options->jobs < 2 || options->strategy == EXPLORE_SOURCE)
		return G_MAXUINT64;
	return options->grain ? options->grain : SPLIT_AFTER;
}

static unsigned int ahead(const struct split *split)
{
	return AHEAD * MIN(split->tree->options->jobs, 64u);
}

/* Strands for leaves */

/**
 * struct way - to a leaf, from frame to frame and then in a tree.
 * @base: the frame where it leaves the others
 * @path: numbers of nodes from there on
 */
struct way {
	uint32_t base;
	GArray *path;
};

static const struct wakeup_node *node_at(const struct split *split, uint32_t number)
{
	return wakeup_at(&split->tree->pool, number);
}

static uint32_t node_of(const struct way *way, unsigned int i)
{
	return g_array_index(way->path, uint32_t, i);
}

static uint32_t leaf_of(const struct way *way)
{
	return node_of(way, way->path->len - 1);
}

static void go_down(const struct split *split, struct way *way, uint32_t number)
{
	for (; number; number = node_at(split, number)->child)
		g_array_append_val(way->path, number);
}

/* To the first leaf of all. */
static void first_way(const struct split *split, struct way *way)
{
	way->base = split->tree->depth;
	g_array_set_size(way->path, 0);
	go_down(split, way, split->tree->steps[way->base].tree.child);
}

/* To the leaf after that; false if it was the last. */
static bool next_way(const struct split *split, struct way *way)
{
	while (way->path->len) {
		uint32_t next = node_at(split, leaf_of(way))->next;

		g_array_set_size(way->path, way->path->len - 1);
		if (next) {
			go_down(split, way, next);
			return true;
		}
	}
	/* The first branch of an earlier frame is the one that the search is in. */
	while (way->base > 0) {
		uint32_t first = split->tree->steps[--way->base].tree.child;

		if (node_at(split, first)->next) {
			go_down(split, way, node_at(split, first)->next);
			return true;
		}
	}
	return false;
}

static bool sleeps(const struct split *split)
{
	return split->tree->options->strategy != EXPLORE_NAIVE;
}

static void sleep_at_base(const struct split *split, const struct way *way,
			  struct strand *strand)
{
	struct engine *tree = split->tree;
	const struct step *step = &tree->steps[way->base];
	uint64_t *asleep;

	strand->frame = (struct frame){
		.sleep = step->sleep, .partly = step->partly, .preemptions = step->preemptions,
	};
	g_array_append_vals(strand->asleep, engine_asleep(tree, way->base, 0), tree->threads);
	asleep = &g_array_index(strand->asleep, uint64_t, 0);
	for (uint32_t i = step->tree.child; sleeps(split) && i != node_of(way, 0);
	     i = node_at(split, i)->next)
		sleep_set(&strand->frame.sleep, &strand->frame.partly, asleep,
			  &node_at(split, i)->event);
}

static void sleep_on_the_way(const struct split *split, const struct way *way,
			     struct strand *strand)
{
	for (unsigned int k = 1; sleeps(split) && k < way->path->len; k++) {
		uint32_t i = node_at(split, node_of(way, k - 1))->child;

		for (; i != node_of(way, k); i = node_at(split, i)->next) {
			struct earlier earlier = {
				.frame = way->base + k, .event = node_at(split, i)->event,
			};

			g_array_append_val(strand->earlier, earlier);
		}
	}
}

static struct strand *spare_strand(struct split *split)
{
	GPtrArray *spare = split->spare;

	if (!spare->len)
		return strand_new();
	return g_ptr_array_steal_index_fast(spare, spare->len - 1);
}

/* Its trees have become those of the search. */
static void put_back(struct split *split, struct strand *strand)
{
	strand_reset(strand);
	g_ptr_array_add(split->spare, strand);
}

static struct strand *strand_for(struct split *split, const struct way *way)
{
	const struct engine *tree = split->tree;
	struct strand *strand = spare_strand(split);

	strand->base = way->base;
	strand->objects = tree->world->objects;
	for (uint32_t i = 0; i < way->base; i++) {
		g_array_append_val(strand->events, tree->steps[i].meant);
		g_array_append_val(strand->sleep, tree->steps[i].sleep);
	}
	for (unsigned int k = 0; k < way->path->len; k++)
		g_array_append_val(strand->events, node_at(split, node_of(way, k))->event);
	sleep_at_base(split, way, strand);
	sleep_on_the_way(split, way, strand);
	return strand;
}

static struct strand *strand_of(struct split *split, const struct way *way)
{
	void *leaf = GUINT_TO_POINTER(leaf_of(way));
	struct strand *strand = g_hash_table_lookup(split->strands, leaf);

	if (strand)
		return strand;
	strand = strand_for(split, way);
	g_hash_table_insert(split->strands, leaf, strand);
	return strand;
}

/* Doing them */

static bool needs_work(struct split *split)
{
	bool needs;

	g_mutex_lock(&split->lock);
	needs = split->todo->len <= ahead(split) / 2;
	split->so_far = split->total;
	g_mutex_unlock(&split->lock);
	return needs;
}

/* Who comes for work gets what is next, but for the very first: that is done here. */
static void offer(struct split *split)
{
	g_mutex_lock(&split->lock);
	g_ptr_array_set_size(split->todo, 0);
	for (unsigned int i = split->found->len; i-- > 1; ) {
		struct strand *strand = g_ptr_array_index(split->found, i);

		if (strand->state == STRAND_WAITS)
			g_ptr_array_add(split->todo, strand);
	}
	if (split->idle && split->todo->len)
		g_cond_broadcast(&split->work);
	g_mutex_unlock(&split->lock);
}

static void find_work(struct split *split, struct way *way)
{
	if (!needs_work(split))
		return;
	g_ptr_array_set_size(split->found, 0);
	first_way(split, way);
	do
		g_ptr_array_add(split->found, strand_of(split, way));
	while (split->found->len < ahead(split) && next_way(split, way));
	offer(split);
}

/* With the lock held, but not meanwhile. */
static void do_strand(struct split *split, struct engine *engine, struct strand *strand)
{
	struct explore_result so_far = split->so_far;

	strand->state = STRAND_RUNS;
	g_mutex_unlock(&split->lock);
	strand_run(engine, strand, &so_far);
	g_mutex_lock(&split->lock);
	strand->state = STRAND_DONE;
}

static struct strand *take_last(struct split *split)
{
	GPtrArray *todo = split->todo;

	return todo->len ? g_ptr_array_steal_index(todo, todo->len - 1) : NULL;
}

/* With the lock held. */
static void wait_for_others(struct split *split)
{
	split->waits = true;
	g_cond_wait(&split->done, &split->lock);
	split->waits = false;
}

/* With the lock held: until it is done, by whomever. */
static void wait_for(struct split *split, struct strand *strand)
{
	while (strand->state != STRAND_DONE) {
		struct strand *other = strand;

		if (strand->state == STRAND_WAITS)
			g_ptr_array_remove(split->todo, strand);
		else
			other = take_last(split);
		if (other)
			do_strand(split, &split->engine, other);
		else
			wait_for_others(split);
	}
}

/* What came of them */

static void set_frame(struct engine *tree, uint32_t i, const struct frame *frame,
		      const uint64_t *asleep)
{
	struct step *step = &tree->steps[i];

	step->sleep = frame->sleep;
	step->partly = frame->partly;
	step->preemptions = frame->preemptions;
	step->closed = frame->closed;
	memcpy(engine_asleep(tree, i, 0), asleep, tree->threads * sizeof(*asleep));
}

static void add_frame(struct engine *tree, struct strand *strand, uint32_t i,
		      const struct event *event)
{
	uint32_t k = i - strand->base - 1;

	tree->steps[i - 1].meant = tree->steps[i - 1].event = *event;
	tree->depth = i;
	engine_make_room(tree);
	set_frame(tree, i, strand_frame(strand, k),
		  &g_array_index(strand->choices, uint64_t, k * tree->threads));
}

/* Those up to the leaf: what is left in their trees is what was below the branch. */
static void add_way(struct engine *tree, struct strand *strand)
{
	for (uint32_t i = tree->depth; i < strand->events->len; i++) {
		uint32_t number = tree->steps[i].tree.child;
		struct wakeup_node *node = wakeup_at(&tree->pool, number);
		struct wakeup_node rest = { .child = node->child };

		node->child = 0;
		add_frame(tree, strand, i + 1, strand_event(strand, i));
		tree->steps[i + 1].tree = rest;
	}
}

/* Those after it. */
static void add_rest(struct engine *tree, struct strand *strand)
{
	uint32_t leaf = strand->events->len, last = strand->base + strand->frames->len;

	for (uint32_t i = leaf; i <= last; i++) {
		struct frame *frame = strand_frame(strand, i - strand->base - 1);

		if (i > leaf)
			add_frame(tree, strand, i, &frame[-1].event);
		tree->steps[i].tree = (struct wakeup_node){ 0 };
		wakeup_move(&tree->pool, &tree->steps[i].tree, &strand->own, &frame->tree);
	}
}

/* Some choices of a thread sleep. */
static bool is_partly_covered(const struct engine *tree, const struct beginning *beginning)
{
	uint64_t partly = tree->steps[beginning->frame].partly & beginning->initials;

	for (; partly; partly &= partly - 1) {
		const struct sequence_item *head = sequence_head(&tree->sequence,
								 __builtin_ctzll(partly));

		if (head && sleep_holds(tree, beginning->frame, &head->event))
			return true;
	}
	return false;
}

static void load_sequence(struct engine *tree, const struct strand *strand,
			  const struct beginning *beginning)
{
	sequence_reset(&tree->sequence, beginning->nr);
	for (uint32_t i = 0; i < beginning->nr; i++) {
		const struct item *item = &g_array_index(strand->items, struct item,
							 beginning->item + i);

		sequence_add(&tree->sequence, &item->event,
			     &g_array_index(strand->clocks, int32_t,
					    (size_t)item->clock * tree->stride), item->local);
	}
}

/* What an earlier execution had as well, up to @branch, has been seen to: see first_new(). */
static bool is_new(const struct beginning *beginning, uint32_t branch)
{
	if (beginning->second == PLAN_CHOICE)
		return beginning->frame >= branch;
	return beginning->second >= branch || beginning->choices > branch;
}

static void add_beginning(struct engine *tree, const struct strand *strand,
			  const struct beginning *beginning)
{
	const struct event *last = &g_array_index(strand->items, struct item,
						  beginning->item + beginning->nr - 1).event;

	if (tree->steps[beginning->frame].sleep & beginning->initials)
		return;
	load_sequence(tree, strand, beginning);
	if (is_partly_covered(tree, beginning))
		return;
	if (beginning->second != PLAN_CHOICE && !event_is(last, EVENT_NOWHERE))
		tree->objects[last->object].planned++;
	plan_beginning(tree, beginning->frame, beginning->second);
}

static void add_beginnings(struct engine *tree, const struct strand *strand, uint32_t branch)
{
	for (unsigned int i = 0; i < strand->beginnings->len; i++) {
		const struct beginning *beginning = &g_array_index(strand->beginnings,
								   struct beginning, i);

		if (is_new(beginning, branch))
			add_beginning(tree, strand, beginning);
	}
	for (unsigned int i = 0; i < strand->planned->len; i++) {
		struct planned planned = g_array_index(strand->planned, struct planned, i);

		tree->objects[planned.object].planned += planned.races;
	}
}

static void count(struct engine *tree, const struct strand *strand)
{
	struct explore_result *total = tree->result;
	const struct explore_result *result = &strand->result;

	total->executions += result->executions;
	total->redundant += result->redundant;
	total->deadlocks += result->deadlocks;
	total->steps += strand->events->len - tree->depth + result->steps;
	total->failures += result->failures;
	total->depth_max = MAX(total->depth_max, result->depth_max);
	total->endless |= result->endless;
	total->diverged |= result->diverged;
	for (unsigned int i = 0; i < strand->traces->len; i++)
		g_hash_table_add(tree->options->traces,
				 g_memdup2(&g_array_index(strand->traces, uint64_t, i),
					   sizeof(uint64_t)));
}

/* Objects that the strand has met are those of the search. */
static void note_objects(struct engine *tree, const struct strand *strand)
{
	tree->world->objects = MAX(tree->world->objects, strand->objects);
	engine_make_room(tree);
}

/* Return: whether the search goes on. */
static bool go_on(struct engine *tree)
{
	int depth = tree->depth;

	if (!tree->steps[depth].tree.child)
		depth = engine_close(tree);
	if (depth < 0) {
		tree->result->complete = true;
		return false;
	}
	tree->depth = depth;
	if (tree->next == EXPLORE_GO_ON)
		return true;
	tree->result->saved = saved_take(tree);
	return false;
}

/* The search comes to the leaf, and goes on from there. */
static bool apply(struct split *split, struct strand *strand)
{
	struct engine *tree = split->tree;
	struct explore_result *total = tree->result;
	uint32_t branch = tree->depth;

	/* What is found first is, before anybody could be mistaken. */
	if (strand->sudden && strand->next != EXPLORE_STOP) {
		tree->mistaken = true;
		return false;
	}
	count(tree, strand);
	if (total->endless || total->diverged)
		return false;
	tree->next = strand->next;
	tree->next = engine_next(tree);
	note_objects(tree, strand);
	add_way(tree, strand);
	add_beginnings(tree, strand, branch);
	if (tree->next == EXPLORE_STOP)
		return false;
	add_rest(tree, strand);
	if (total->executions % ENGINE_ESTIMATE_EVERY == 0)
		total->fraction = engine_fraction(tree);
	return go_on(tree);
}

static bool was_found(const struct split *split, const struct strand *strand)
{
	const struct explore_result *total = split->tree->result;

	return strand->next == EXPLORE_STOP && !total->diverged && !total->endless;
}

/* Return: whether the search goes on. */
static bool next_execution(struct split *split, struct way *way)
{
	struct strand *strand;
	bool more;

	find_work(split, way);
	first_way(split, way);
	strand = strand_of(split, way);
	g_hash_table_steal(split->strands, GUINT_TO_POINTER(leaf_of(way)));
	g_mutex_lock(&split->lock);
	wait_for(split, strand);
	g_mutex_unlock(&split->lock);
	more = apply(split, strand);
	if (was_found(split, strand)) {
		strand_again(&split->engine, strand);
		split->total.stopped = true;
	}
	if (more)
		put_back(split, strand);
	else
		strand_free(strand);
	return more;
}

/* Beginning and end */

static void split_init(struct split *split, struct engine *tree, unsigned int depth,
		       const struct search *how)
{
	*split = (struct split){ .tree = tree, .total = *tree->result };
	g_mutex_init(&split->lock);
	g_cond_init(&split->work);
	g_cond_init(&split->done);
	split->todo = g_ptr_array_new();
	split->found = g_ptr_array_new();
	split->spare = g_ptr_array_new_with_free_func((GDestroyNotify)strand_free);
	split->strands = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)strand_free);
	engine_init(&split->engine, how, tree->result);
	if (tree->depth)
		tree->world->rewind(tree->world, 0);
	tree->depth = depth;
	tree->result = &split->total;
}

static void split_destroy(struct split *split)
{
	engine_destroy(&split->engine);
	g_hash_table_unref(split->strands);
	g_ptr_array_unref(split->todo);
	g_ptr_array_unref(split->found);
	g_ptr_array_unref(split->spare);
	g_cond_clear(&split->done);
	g_cond_clear(&split->work);
	g_mutex_clear(&split->lock);
}

static void send_away(struct split *split)
{
	g_mutex_lock(&split->lock);
	split->over = true;
	g_cond_broadcast(&split->work);
	while (split->helpers)
		wait_for_others(split);
	g_mutex_unlock(&split->lock);
}

void split_search(struct engine *engine, unsigned int depth, const struct search *how)
{
	struct explore_result *result = engine->result;
	struct way way = { .path = g_array_new(FALSE, FALSE, sizeof(uint32_t)) };
	struct split split;

	split_init(&split, engine, depth, how);
	if (how->share)
		how->share(engine->world, &split);
	while (next_execution(&split, &way))
		;
	send_away(&split);
	if (how->unshare)
		how->unshare(engine->world, &split);
	*result = split.total;
	engine->result = result;
	split_destroy(&split);
	g_array_unref(way.path);
}

static void wait_for_work(struct split *split)
{
	split->idle++;
	g_cond_wait(&split->work, &split->lock);
	split->idle--;
}

void search_help(struct split *split, const struct search *how, struct explore_result *result)
{
	struct engine engine;
	struct strand *strand;

	engine_init(&engine, how, result);
	g_mutex_lock(&split->lock);
	split->helpers++;
	while (!split->over) {
		strand = take_last(split);
		if (strand)
			do_strand(split, &engine, strand);
		else
			wait_for_work(split);
		if (split->waits)
			g_cond_signal(&split->done);
	}
	split->helpers--;
	g_cond_signal(&split->done);
	g_mutex_unlock(&split->lock);
	engine_destroy(&engine);
}
