// SPDX-License-Identifier: GPL-2.0
/* A machine that is explored, as the search sees it. */

#include <string.h>

#include "../points.h"
#include "checkpoints.h"
#include "kernel_world.h"
#include "objects.h"
#include "root.h"
#include "saved.h"
#include "search.h"

static struct kernel_world *to_kernel(struct world *world)
{
	return (struct kernel_world *)world;
}

static uint64_t kernel_name(const struct world *world, uint32_t object)
{
	return objects_name(((const struct kernel_world *)world)->objects, object);
}

/* World */

static void kernel_step(struct world *world, unsigned int thread, bool ok, unsigned int choice)
{
	struct kernel_world *kw = to_kernel(world);
	struct mark mark = { .dispatches = schedule_length(kw->log) };
	bool is_late = world->halted >> thread & 1;

	(void)ok;	/* the kernel knows */
	mark.late = is_late ? thread + 1 : 0;
	g_array_append_val(kw->marks, mark);
	if (is_late) {
		kernel_end_late(kw, thread);
		return;
	}
	kernel_go_on(kw, thread + 1, choice);
	kernel_show_late(kw);
}

static void kernel_rewind(struct world *world, unsigned int depth)
{
	struct kernel_world *kw = to_kernel(world);
	unsigned int dispatches = g_array_index(kw->marks, struct mark, depth).dispatches;

	g_array_set_size(kw->marks, depth);
	g_array_set_size(kw->log->dispatches, dispatches);
	g_array_set_size(kw->events, dispatches);
	if (!kernel_go_on_from_checkpoint(kw))
		kernel_start_run(kw);
	kernel_show_late(kw);
	for (unsigned int i = 0; i < depth; i++) {
		unsigned int late = g_array_index(kw->marks, struct mark, i).late;

		if (late)
			kernel_end_late(kw, late - 1);
	}
}

/*
 * Whoever follows a schedule counts threads as they begin. Those that the kernel spawns have other
 * numbers here.
 */
static struct schedule *counted_anew(const struct kernel_world *kw)
{
	struct schedule *schedule = schedule_copy(kw->log);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	uint16_t number[EXPLORE_THREADS_MAX] = { 0 };

	for (unsigned int i = 0; i < schedule_length(schedule); i++) {
		struct dispatch *dispatch = schedule_at(schedule, i);
		unsigned int was = dispatch->thread;

		if (!number[was - 1]) {
			g_ptr_array_add(names, (char *)kw->names[was - 1]);
			number[was - 1] = names->len;
		}
		dispatch->thread = number[was - 1];
	}
	schedule_set_names(schedule, names);
	return schedule;
}

static enum explore_next tell_ended(struct kernel_world *kw)
{
	struct schedule *schedule;
	enum explore_next next;

	if (!kw->children->len)
		return kw->what->ended(kw->what->ctx, kw->log, kw->result);
	schedule = counted_anew(kw);
	next = kw->what->ended(kw->what->ctx, schedule, kw->result);
	schedule_free(schedule);
	return next;
}

static enum explore_next kernel_ended(struct world *world, bool blocked)
{
	struct kernel_world *kw = to_kernel(world);
	enum explore_next next;

	if (blocked)
		kernel_finish(kw);
	if (kw->result->diverged)
		return EXPLORE_STOP;
	g_assert(kw->over);
	if (kw->stranger.ordinal) {
		kw->result->outdated = true;
		return EXPLORE_STOP;
	}
	next = tell_ended(kw);
	/* What has been explored so far does not have what has just become a point. */
	if (next != EXPLORE_STOP && points_new_ones(kw->what->machine->points)) {
		kw->result->outdated = true;
		kw->result->paused = next == EXPLORE_PAUSE;
		return EXPLORE_STOP;
	}
	if (next == EXPLORE_GO_ON && kw->is_left)
		root_learn_end(kw->root, &kw->left, kw->what->outcome(kw->what->ctx));
	return next;
}

static void kernel_share(struct world *world, struct split *split)
{
	struct kernel_world *kw = to_kernel(world);

	objects_share(kw->objects);
	kw->share = (struct explore_share){ .kw = kw, .split = split };
	kw->what->share(kw->what->ctx, &kw->share);
}

static void kernel_unshare(struct world *world, struct split *split)
{
	struct kernel_world *kw = to_kernel(world);

	(void)split;
	kw->what->unshare(kw->what->ctx, &kw->share);
}

static void name_hottest(struct kernel_world *kw)
{
	for (unsigned int i = 0; i < EXPLORE_HOT_MAX; i++) {
		struct explore_hot *hot = &kw->result->hot[i];

		if (hot->races)
			hot->name = objects_text(kw->objects, hot->object);
	}
}

/* Numbers mean something to the search only together with what they are numbers of. */
static void save_with_objects(const struct kernel_world *kw, struct explore_result *result)
{
	GVariant *saved = result->saved;

	if (!saved)
		return;
	result->saved = g_variant_ref_sink(g_variant_new("(@" OBJECTS_SAVED "@" CHILDREN_SAVED "v)",
							 objects_save(kw->objects),
							 children_save(kw->children), saved));
	g_variant_unref(saved);
}

/* The search itself, of what was saved; NULL if that is nothing that was. */
static GVariant *search_of(struct kernel_world *kw, GVariant *saved)
{
	g_autoptr(GVariant) objects = NULL, children = NULL;
	GVariant *search = NULL;

	if (!g_variant_is_of_type(saved, G_VARIANT_TYPE("(" OBJECTS_SAVED CHILDREN_SAVED "v)")))
		return NULL;
	g_variant_get(saved, "(@" OBJECTS_SAVED "@" CHILDREN_SAVED "v)", &objects, &children,
		      &search);
	if (g_variant_is_of_type(search, G_VARIANT_TYPE(SAVED_SEARCH)) &&
	    kw->what->threads + g_variant_n_children(children) <= EXPLORE_THREADS_MAX) {
		children_load(kw->children, children);
		objects_load(kw->objects, objects);
		kw->world.objects = objects_count(kw->objects);
		return search;
	}
	g_variant_unref(search);
	return NULL;
}

/* @others: numbers of objects are those of that world, NULL: its own */
static void kernel_init(struct kernel_world *kw, const struct explore_kernel *what,
			struct explore_result *result, GArray *children,
			const struct kernel_world *others)
{
	*kw = (struct kernel_world){
		.world = { .step = kernel_step, .name = kernel_name, .rewind = kernel_rewind },
		.driver = kernel_driver,
		.what = what,
		.result = result,
		.log = schedule_new(),
		.machine_host = what->machine->host,
		.children = children,
	};
	g_assert(what->threads <= EXPLORE_THREADS_MAX && !what->machine->driver);
	kw->world.pending = kw->pending;
	kw->events = g_array_new(FALSE, FALSE, sizeof(struct event));
	kw->marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
	kw->objects = objects_new(what->machine, others ? others->objects : NULL);
	fiber_init_host(&kw->host);
	fiber_pool_init(&kw->fibers);
	what->machine->driver = &kw->driver;
}

/* The machine stays as it is. */
static void kernel_leave(struct kernel_world *kw)
{
	checkpoints_free(kw->checkpoints);
	root_free(kw->root);
	kw->what->machine->driver = NULL;
	kw->what->machine->host = kw->machine_host;
	fiber_pool_reset(&kw->fibers);
	fiber_pool_destroy(&kw->fibers);
}

static void kernel_destroy(struct kernel_world *kw)
{
	objects_free(kw->objects);
	g_array_unref(kw->marks);
	g_array_unref(kw->events);
	schedule_free(kw->log);
}

static struct search kernel_search(struct kernel_world *kw, const struct explore_options *options)
{
	return (struct search){
		.options = options, .world = &kw->world, .threads = kernel_threads(kw),
		.ended = kernel_ended,
	};
}

static struct explore_result explore_once(const struct explore_kernel *what,
					  const struct explore_options *options,
					  GArray *children, struct child *stranger)
{
	struct explore_result result = { 0 };
	struct kernel_world kw;
	struct explore_options inner = *options;
	struct search search;

	kernel_init(&kw, what, &result, children, NULL);
	kw.options = &inner;
	if (options->resume)
		inner.resume = search_of(&kw, options->resume);
	search = kernel_search(&kw, &inner);
	search.share = what->share ? kernel_share : NULL;
	search.unshare = what->share ? kernel_unshare : NULL;
	kernel_start_run(&kw);
	if (options->resume && !inner.resume)
		result.diverged = true;
	else
		search_run(&search, &result);
	save_with_objects(&kw, &result);
	g_clear_pointer(&inner.resume, g_variant_unref);
	kernel_leave(&kw);
	name_hottest(&kw);
	*stranger = kw.stranger;
	kernel_destroy(&kw);
	return result;
}

/* Nothing of @last is kept but how much there was of it. */
static void begin_again(struct explore_options *options, struct explore_result *last)
{
	for (unsigned int i = 0; i < EXPLORE_HOT_MAX; i++)
		g_free(last->hot[i].name);
	g_clear_pointer(&last->saved, g_variant_unref);
	options->resume = NULL;
	if (options->traces)
		g_hash_table_remove_all(options->traces);
}

static void with_more_points(const struct explore_kernel *what)
{
	points_settle(what->machine->points);
	if (what->again)
		what->again(what->ctx);
}

struct explore_result explore_kernel_run(const struct explore_kernel *what,
					 const struct explore_options *options)
{
	g_autoptr(GArray) children = g_array_new(FALSE, FALSE, sizeof(struct child));
	struct explore_options again = *options;
	struct explore_result result;
	struct child stranger;
	uint64_t earlier = 0;

	while ((result = explore_once(what, &again, children, &stranger)).outdated &&
	       !result.paused) {
		if (stranger.ordinal) {
			child_add(children, stranger, what->threads + 1);
		} else {
			earlier += result.executions;
			with_more_points(what);
		}
		begin_again(&again, &result);
	}
	if (result.outdated)
		points_settle(what->machine->points);
	result.earlier = earlier;
	return result;
}

void explore_kernel_help(const struct explore_kernel *what, struct explore_share *share)
{
	struct explore_result result = { 0 };
	struct kernel_world kw;
	struct search search;

	kernel_init(&kw, what, &result, share->kw->children, share->kw);
	search = kernel_search(&kw, share->kw->options);
	kernel_start_run(&kw);
	search_help(share->split, &search, &result);
	kernel_leave(&kw);
	kernel_destroy(&kw);
}
