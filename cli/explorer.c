// SPDX-License-Identifier: GPL-2.0
/* One scenario in all orders, or in many. */

#include <stdio.h>
#include <unistd.h>

#include <model/machine.h>
#include <model/schedule.h>
#include <scenarios/scn.h>

#include "cmd.h"
#include "explorer.h"
#include "options.h"

/* Of one execution. Those of the library have hundreds. */
#define STEPS_MAX	100000u

/**
 * struct search - of a scenario, by one thread.
 * @quiet: no progress is shown
 * @share: to be helped
 * @kernel: what is shared
 * @lock:  of what helpers have seen
 */
struct search {
	struct exploration *exploration;
	gint64 began;
	gint64 shown;
	bool quiet;
	bool out_of_time;
	struct workers_share share;
	struct explore_share *kernel;
	GMutex lock;
};

static double seconds_since(gint64 began)
{
	return (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
}

static void run_once(void *ctx)
{
	struct search *search = ctx;

	job_again(search->exploration->job);
}

static void save_run(void *ctx)
{
	struct search *search = ctx;

	scn_run_save(search->exploration->job->run);
}

static bool run_state(void *ctx, struct digest *digest)
{
	struct search *search = ctx;

	return scn_run_state(search->exploration->job->run, digest);
}

static unsigned int run_outcome(void *ctx)
{
	struct search *search = ctx;

	return search->exploration->job->end;
}

static void skip_run(void *ctx, unsigned int outcome)
{
	struct search *search = ctx;

	search->exploration->job->end = outcome;
}

static void show_progress(struct search *search, const struct explore_result *result)
{
	double seconds = seconds_since(search->began);
	uint64_t executions = result->executions;

	if (search->quiet || seconds_since(search->shown) < 0.2 ||
	    !isatty(STDERR_FILENO))
		return;
	search->shown = g_get_monotonic_time();
	fprintf(stderr, "\r\033[K  %s: %" G_GUINT64_FORMAT " executions, %.0f a second",
		search->exploration->job->scn->path, executions, (double)executions / seconds);
	if (result->fraction > 0)
		fprintf(stderr, "; about %.2g in all", (double)executions / result->fraction);
}

static void wipe_progress(const struct search *search)
{
	if (search->shown != search->began)
		fprintf(stderr, "\r\033[K");
}

static bool within_budget(struct search *search, const struct explore_result *result)
{
	double budget = search->exploration->options->budget;

	show_progress(search, result);
	search->out_of_time = budget > 0 && seconds_since(search->began) >= budget;
	return !search->out_of_time;
}

/* What the statements of concurrent sections came to, after the schedule. */
static void list_run(const struct job *job, const struct schedule *schedule, uint64_t number)
{
	const GPtrArray *steps = scn_run_steps(job->run);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *text = NULL;

	for (unsigned int i = 0; i < job->scn->sections->len; i++) {
		struct scn_section *section = g_ptr_array_index(job->scn->sections, i);

		if (section->concurrent)
			g_ptr_array_add(names, (char *)section->name);
	}
	text = schedule_format(schedule, schedule->names ? schedule->names : names);
	printf("%6" G_GUINT64_FORMAT "  %s\n", number, text);
	for (unsigned int i = 0; i < steps->len; i++) {
		const struct scn_step *step = g_ptr_array_index(steps, i);

		if (step->section->concurrent)
			printf("        %s:%d: %s -> %s\n", step->section->name,
			       step->statement->line, step->statement->text, step->shown);
	}
}

static void list_again(void *ctx)
{
	const struct exploration *exploration = ((const struct search *)ctx)->exploration;

	if (exploration->options->list)
		printf("again, for plain accesses are scheduling points in more places: %u\n",
		       points_count(exploration->points));
}

/* A data race ends no search at memory granularity: what comes of it is looked for. */
static void note_race(struct exploration *exploration, const struct schedule *schedule)
{
	const struct points *points = exploration->points;

	if (!points || exploration->race || !points_races(points)->len)
		return;
	exploration->race = schedule_copy(schedule);
	exploration->raced = points_copy(points);
}

static enum explore_next run_ended(void *ctx, const struct schedule *schedule,
				   const struct explore_result *result)
{
	struct search *search = ctx;
	struct exploration *exploration = search->exploration;

	if (exploration->options->list)
		list_run(exploration->job, schedule, result->executions);
	note_race(exploration, schedule);
	if (exploration->job->end == SCN_END_MISSED) {
		exploration->missed = true;
	} else if (exploration->job->end == SCN_END_PASSED) {
		exploration->met = true;
	} else {
		schedule_free(exploration->schedule);
		exploration->schedule = schedule_copy(schedule);
		return EXPLORE_STOP;
	}
	return within_budget(search, result) ? EXPLORE_GO_ON : EXPLORE_PAUSE;
}

/* Sections that run together, and processes that end while others run, are threads. */
static unsigned int threads_of(const struct scn *scn)
{
	return MIN(2 * scn->sections->len, EXPLORE_THREADS_MAX);
}

/* What was found of races alone is shown in a run of its own, in which they are reported. */
static void settle_races(struct exploration *exploration)
{
	if (exploration->schedule || !exploration->race)
		return;
	exploration->only_races = true;
	exploration->schedule = g_steal_pointer(&exploration->race);
}

static enum explored how_much(const struct exploration *exploration, const struct search *search)
{
	const struct explorer_options *options = exploration->options;

	if (exploration->result.diverged)
		return EXPLORED_DIVERGED;
	if (exploration->schedule)
		return EXPLORED_FOUND;
	/* Time may be up just when there is nothing left to do. */
	if (options->random ? search->out_of_time : !exploration->result.complete)
		return EXPLORED_CUT_OFF;
	if (options->random)
		return EXPLORED_SAMPLES;
	return options->search.bounded ? EXPLORED_BOUNDED : EXPLORED_ALL;
}

static struct explore_kernel kernel_of(struct search *search, struct machine *machine)
{
	const struct exploration *exploration = search->exploration;
	const struct explorer_options *options = exploration->options;

	return (struct explore_kernel){
		.machine = machine, .threads = threads_of(exploration->job->scn),
		.run = run_once, .save = save_run, .state = options->list ? NULL : run_state,
		.outcome = run_outcome, .skip = skip_run, .ended = run_ended,
		.again = list_again, .ctx = search, .rewind = options->rewind,
	};
}

/* Helping, on another thread: with a scenario and a machine of its own. */

static void tell_who_asks(struct search *asks, const struct exploration *seen)
{
	g_mutex_lock(&asks->lock);
	asks->exploration->missed |= seen->missed;
	asks->exploration->met |= seen->met;
	g_mutex_unlock(&asks->lock);
}

static bool help(void *ctx, void **own)
{
	struct search *asks = ctx;
	const struct job *job = asks->exploration->job;
	g_autoptr(GError) error = NULL;
	struct scn *scn = scn_parse_text(job->scn->path, job->scn->source, -1, &error);
	struct exploration helps = {
		.job = scn ? job_new(scn, job->images) : NULL,
		.options = asks->exploration->options,
	};
	struct search search = {
		.exploration = &helps, .began = asks->began, .quiet = true,
	};
	bool can = scn && job_prepare(helps.job, (struct machine **)own, &error);

	if (can) {
		const struct explore_kernel what = kernel_of(&search, *own);

		explore_kernel_help(&what, asks->kernel);
		tell_who_asks(asks, &helps);
	} else {
		complain("%s", error->message);
	}
	exploration_clear(&helps);
	return can;
}

static void share(void *ctx, struct explore_share *kernel)
{
	struct search *search = ctx;

	search->kernel = kernel;
	search->share = (struct workers_share){ .help = help, .ctx = search };
	workers_share(search->exploration->options->workers, &search->share);
}

static void unshare(void *ctx, struct explore_share *kernel)
{
	struct search *search = ctx;

	(void)kernel;
	workers_unshare(search->exploration->options->workers, &search->share);
}

static struct explore_result run_search(struct search *search, struct machine *machine)
{
	struct exploration *exploration = search->exploration;
	struct explore_options engine = exploration->options->search;
	struct explore_kernel what = kernel_of(search, machine);
	struct explore_result result;

	engine.resume = exploration->resume;
	engine.steps_max = STEPS_MAX;
	/* What is a point is learned by one alone. */
	if (exploration->options->workers && !exploration->points) {
		what.share = share;
		what.unshare = unshare;
	}
	result = explore_kernel_run(&what, &engine);
	/* What was found ahead of where the search came does not count. */
	if (!result.stopped)
		g_clear_pointer(&exploration->schedule, schedule_free);
	return result;
}

bool explorer_run(struct exploration *exploration, struct machine **machinep, GError **error)
{
	const struct explorer_options *options = exploration->options;
	struct job *job = exploration->job;
	struct search search = {
		.exploration = exploration, .began = g_get_monotonic_time(),
		.quiet = options->quiet,
	};
	struct explore_kernel what;

	if (options->memory) {
		exploration->points = job->points = points_new();
		points_search(exploration->points, POINTS_RACED_FOR);
	}
	if (!job_prepare(job, machinep, error))
		return false;
	g_mutex_init(&search.lock);
	search.shown = search.began;
	exploration->hooks = machine_has_hooks(*machinep);
	what = kernel_of(&search, *machinep);
	if (options->random)
		exploration->result = explore_kernel_sample(&what, options->random,
							    options->seed,
							    &exploration->detection);
	else
		exploration->result = run_search(&search, *machinep);
	g_mutex_clear(&search.lock);
	exploration->seconds = seconds_since(search.began);
	wipe_progress(&search);
	if (!exploration->result.diverged)
		settle_races(exploration);
	exploration->explored = how_much(exploration, &search);
	return true;
}

enum scn_end explorer_again(struct exploration *exploration, struct machine *machine,
			    const struct schedule *schedule)
{
	struct director *director = director_new(machine, schedule);

	job_again(exploration->job);
	schedule_free(director_free(director));
	return exploration->job->end;
}

void exploration_clear(struct exploration *exploration)
{
	for (unsigned int i = 0; i < EXPLORE_HOT_MAX; i++)
		g_free(exploration->result.hot[i].name);
	g_clear_pointer(&exploration->result.saved, g_variant_unref);
	g_clear_pointer(&exploration->resume, g_variant_unref);
	schedule_free(exploration->schedule);
	schedule_free(exploration->race);
	points_free(exploration->points);
	points_free(exploration->raced);
	g_free(exploration->finding);
	g_free(exploration->story);
	g_free(exploration->again);
	job_free(exploration->job);
}

/* What a scenario announces has to come up in some order. */
static bool never_found(const struct exploration *exploration)
{
	return exploration->missed && !exploration->met;
}

/* What is wrong with a complete exploration in which nothing was found, or NULL. */
static char *but(const struct exploration *exploration)
{
	if (never_found(exploration))
		return g_strdup(", but what is announced was not found");
	if (exploration->unpinned)
		return g_strdup(", but the number of executions is not pinned");
	if (exploration->pinned && exploration->pinned != exploration->result.executions)
		return g_strdup_printf(", but pinned are %" G_GUINT64_FORMAT " executions",
				       exploration->pinned);
	return NULL;
}

int exploration_exit(const struct exploration *exploration)
{
	g_autofree char *wrong = but(exploration);

	switch (exploration->explored) {
	case EXPLORED_DIVERGED:
		return LUOSIM_INTERNAL;
	case EXPLORED_FOUND:
		return job_exit(exploration->job);
	case EXPLORED_ALL:
		return wrong ? LUOSIM_FOUND : LUOSIM_CLEAN;
	case EXPLORED_BOUNDED:
		return wrong ? LUOSIM_FOUND : LUOSIM_BOUNDED;
	default:
		return LUOSIM_BOUNDED;
	}
}

static char *cut_off(const struct exploration *exploration)
{
	double fraction = exploration->result.fraction;
	double all = (double)exploration->result.executions / fraction;

	if (exploration->result.endless)
		return g_strdup_printf("INCOMPLETE: an execution had not ended after %u steps",
				       STEPS_MAX);
	if (!(fraction > 0))
		return g_strdup_printf("INCOMPLETE: cut off after %g s",
				       exploration->options->budget);
	return g_strdup_printf("INCOMPLETE: cut off after %g s, of about %.2g executions",
			       exploration->options->budget, all);
}

char *exploration_advice(const struct exploration *exploration)
{
	const struct images *images = exploration->job->images;
	g_autofree char *hooks = images_with_hooks(images->old);
	GString *text;

	if (exploration->explored != EXPLORED_DIVERGED || exploration->hooks)
		return NULL;
	text = g_string_new("Data races in the kernel are the usual cause: what a thread does to "
			    "memory between\ntwo scheduling points is taken for one step. ");
	g_string_append(text, hooks ? "To find them:\nluosim explore --granularity memory --kernel "
			: "To find them, build this kernel with hooks\n(docs/races.md):\n"
			  "luosim explore --granularity memory --kernel ");
	append_word(text, hooks ? hooks : "IMAGE");
	append_word(g_string_append_c(text, ' '), exploration->job->scn->path);
	return g_string_free(text, FALSE);
}

char *exploration_verdict(const struct exploration *exploration)
{
	const struct explorer_options *options = exploration->options;
	g_autofree char *wrong = but(exploration);

	switch (exploration->explored) {
	case EXPLORED_ALL:
		return g_strconcat("every ordering", wrong, NULL);
	case EXPLORED_BOUNDED:
		return g_strdup_printf("every ordering with up to %u preemptions%s",
				       options->search.preemptions, wrong ?: "");
	case EXPLORED_SAMPLES:
		return g_strdup("random orderings only");
	case EXPLORED_CUT_OFF:
		return cut_off(exploration);
	case EXPLORED_FOUND:
		return g_strdup(exploration->only_races && exploration->result.complete ?
				"every ordering, and nothing was found but data races" : "found");
	default:
		return g_strdup("NO RESULT: the same schedule ran differently, or could not be "
				"done");
	}
}
