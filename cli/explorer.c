// SPDX-License-Identifier: GPL-2.0
/* One scenario in all orders, or in many. */

#include <stdio.h>
#include <unistd.h>

#include <model/machine.h>
#include <scenarios/scn.h>

#include "cmd.h"
#include "explorer.h"

/* Of one execution. Those of the library have hundreds. */
#define STEPS_MAX	100000u

struct search {
	struct exploration *exploration;
	gint64 began;
	gint64 shown;
	bool out_of_time;
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

	if (search->exploration->options->quiet || seconds_since(search->shown) < 0.2 ||
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

static enum explore_next run_ended(void *ctx, const struct schedule *schedule,
				   const struct explore_result *result)
{
	struct search *search = ctx;
	struct exploration *exploration = search->exploration;

	if (exploration->options->list)
		list_run(exploration->job, schedule, result->executions);
	if (exploration->job->end == SCN_END_MISSED) {
		exploration->missed = true;
	} else if (exploration->job->end == SCN_END_PASSED) {
		exploration->met = true;
	} else {
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

static enum explored how_much(const struct exploration *exploration, const struct search *search)
{
	const struct explorer_options *options = exploration->options;

	if (exploration->result.diverged)
		return EXPLORED_DIVERGED;
	if (exploration->schedule)
		return EXPLORED_FOUND;
	if (search->out_of_time || (!options->random && !exploration->result.complete))
		return EXPLORED_CUT_OFF;
	if (options->random)
		return EXPLORED_SAMPLES;
	return options->search.bounded ? EXPLORED_BOUNDED : EXPLORED_ALL;
}

bool explorer_run(struct exploration *exploration, struct machine **machinep, GError **error)
{
	const struct explorer_options *options = exploration->options;
	struct job *job = exploration->job;
	struct search search = { .exploration = exploration, .began = g_get_monotonic_time() };
	struct explore_options engine = options->search;
	struct explore_kernel what = {
		.threads = threads_of(job->scn), .run = run_once, .save = save_run,
		.state = options->list ? NULL : run_state, .outcome = run_outcome,
		.skip = skip_run,
		.ended = run_ended, .ctx = &search, .rewind = options->rewind,
	};

	if (!job_prepare(job, machinep, error))
		return false;
	engine.resume = exploration->resume;
	engine.steps_max = STEPS_MAX;
	search.shown = search.began;
	what.machine = *machinep;
	if (options->random)
		exploration->result = explore_kernel_sample(&what, options->random,
							    options->seed,
							    &exploration->detection);
	else
		exploration->result = explore_kernel_run(&what, &engine);
	exploration->seconds = seconds_since(search.began);
	wipe_progress(&search);
	exploration->explored = how_much(exploration, &search);
	return true;
}

void exploration_clear(struct exploration *exploration)
{
	for (unsigned int i = 0; i < EXPLORE_HOT_MAX; i++)
		g_free(exploration->result.hot[i].name);
	g_clear_pointer(&exploration->result.saved, g_variant_unref);
	g_clear_pointer(&exploration->resume, g_variant_unref);
	schedule_free(exploration->schedule);
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

int exploration_exit(const struct exploration *exploration)
{
	switch (exploration->explored) {
	case EXPLORED_DIVERGED:
		return LUOSIM_INTERNAL;
	case EXPLORED_FOUND:
		return job_exit(exploration->job);
	case EXPLORED_ALL:
		return never_found(exploration) ? LUOSIM_FOUND : LUOSIM_CLEAN;
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

char *exploration_verdict(const struct exploration *exploration)
{
	const struct explorer_options *options = exploration->options;

	switch (exploration->explored) {
	case EXPLORED_ALL:
		return g_strdup(never_found(exploration) ?
				"every ordering, but what is announced was not found" :
				"every ordering");
	case EXPLORED_BOUNDED:
		return g_strdup_printf("every ordering with up to %u preemptions",
				       options->search.preemptions);
	case EXPLORED_SAMPLES:
		return g_strdup("random orderings only");
	case EXPLORED_CUT_OFF:
		return cut_off(exploration);
	case EXPLORED_FOUND:
		return g_strdup("found");
	default:
		return g_strdup("NO RESULT: the same schedule ran differently, or could not be "
				"done");
	}
}
