// SPDX-License-Identifier: GPL-2.0
/* One scenario in all orders. */

#include <stdio.h>
#include <unistd.h>

#include <model/machine.h>
#include <scenarios/scn.h>

#include "explorer.h"

/* Executions between two looks at the clock. */
#define LOOK_EVERY	64u

struct search {
	struct exploration *exploration;
	gint64 began;
	gint64 shown;
	double budget;
	uint64_t executions;
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

static void show_progress(struct search *search)
{
	double seconds = seconds_since(search->began);

	if (!isatty(STDERR_FILENO) || seconds_since(search->shown) < 0.2)
		return;
	search->shown = g_get_monotonic_time();
	fprintf(stderr, "\r  %" G_GUINT64_FORMAT " executions, %.0f a second \033[K",
		search->executions, (double)search->executions / seconds);
}

static void clear_progress(const struct search *search)
{
	if (search->shown != search->began)
		fprintf(stderr, "\r\033[K");
}

static bool within_budget(struct search *search)
{
	if (search->executions % LOOK_EVERY)
		return true;
	show_progress(search);
	if (!(search->budget > 0) || seconds_since(search->began) < search->budget)
		return true;
	search->exploration->out_of_time = true;
	return false;
}

static bool run_ended(void *ctx, const struct schedule *schedule)
{
	struct search *search = ctx;
	struct exploration *exploration = search->exploration;

	search->executions++;
	if (exploration->job->end == SCN_END_MISSED) {
		exploration->missed++;
	} else if (exploration->job->end != SCN_END_PASSED) {
		exploration->schedule = schedule_copy(schedule);
		return false;
	}
	return within_budget(search);
}

/* Sections that run together, and processes that end while others run, are threads. */
static unsigned int threads_of(const struct scn *scn)
{
	return MIN(2 * scn->sections->len, EXPLORE_THREADS_MAX);
}

bool explorer_run(struct exploration *exploration, struct machine **machinep,
		  const struct explore_options *options, double budget, GError **error)
{
	struct job *job = exploration->job;
	struct search search = {
		.exploration = exploration, .began = g_get_monotonic_time(), .budget = budget,
	};
	struct explore_kernel what = {
		.threads = threads_of(job->scn), .run = run_once, .ended = run_ended,
		.ctx = &search,
	};

	if (!job_prepare(job, machinep, error))
		return false;
	search.shown = search.began;
	what.machine = *machinep;
	exploration->result = explore_kernel_run(&what, options);
	exploration->seconds = seconds_since(search.began);
	clear_progress(&search);
	return true;
}

void exploration_clear(struct exploration *exploration)
{
	schedule_free(exploration->schedule);
}
