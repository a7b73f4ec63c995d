// SPDX-License-Identifier: GPL-2.0
/* luosim explore: scenarios in all orders. */

#include <string.h>

#include <glib/gstdio.h>
#include <model/machine.h>

#include "cmd.h"
#include "explorer.h"
#include "files.h"
#include "options.h"
#include "report_explore.h"
#include "saved_search.h"
#include "scenarios.h"
#include "story.h"
#include "trace.h"
#include "workers.h"

#define JOBS_MAX	256
#define NOT_GIVEN	G_MININT

/**
 * struct explore_command - the command line.
 * @run:      options as of 'luosim run'
 * @explorer: how to explore
 * @resume:   file to go on from, and where to save how far it came
 * @reduction, @rewind, @preemptions, @random, @seed, @jobs: as they were given
 */
struct explore_command {
	struct run_options run;
	struct explorer_options explorer;
	char *reduction;
	char *rewind;
	int preemptions;
	int random;
	int seed;
	int jobs;
	char *resume;
};

static bool settle_reduction(struct explore_command *c)
{
	static const char *const names[] = {
		[EXPLORE_OPTIMAL] = "optimal", [EXPLORE_SOURCE] = "source",
		[EXPLORE_NAIVE] = "none",
	};

	for (unsigned int i = 0; i < G_N_ELEMENTS(names); i++) {
		if (c->reduction && strcmp(c->reduction, names[i]))
			continue;
		c->explorer.search.strategy = i;
		return true;
	}
	complain("--reduction is optimal, source or none, not '%s'", c->reduction);
	return false;
}

static bool settle_rewind(struct explore_command *c)
{
	if (!c->rewind || !strcmp(c->rewind, "root"))
		c->explorer.rewind = EXPLORE_REWIND_ROOT;
	else if (!strcmp(c->rewind, "boot"))
		c->explorer.rewind = EXPLORE_REWIND_BOOT;
	else
		complain("--rewind is root or boot, not '%s'", c->rewind);
	return !c->rewind || !strcmp(c->rewind, "root") || !strcmp(c->rewind, "boot");
}

static bool settle(struct explore_command *c)
{
	if (!settle_reduction(c) || !settle_rewind(c))
		return false;
	if ((c->preemptions != NOT_GIVEN && c->preemptions < 0) || c->random < 0 ||
	    (c->seed != NOT_GIVEN && c->seed < 0) || !(c->explorer.budget >= 0)) {
		complain("numbers of preemptions, runs and seconds, and seeds, are not negative");
		return false;
	}
	if (c->seed != NOT_GIVEN && !c->random) {
		complain("--seed is of --random");
		return false;
	}
	if (c->jobs < 1 || c->jobs > JOBS_MAX) {
		complain("--jobs is 1 to %d", JOBS_MAX);
		return false;
	}
	if (c->explorer.list && (c->run.ops != &report_text || c->jobs > 1)) {
		complain("--all-traces can't be combined with --ktap, --json or --jobs");
		return false;
	}
	if (c->preemptions >= 0 && (c->random || c->reduction)) {
		complain("--preemptions can't be combined with --random or --reduction");
		return false;
	}
	if (c->random && c->resume) {
		complain("--random can't be combined with --resume");
		return false;
	}
	if (c->random && c->reduction) {
		complain("--random can't be combined with --reduction");
		return false;
	}
	c->explorer.random = c->random;
	c->explorer.seed = c->seed == NOT_GIVEN ? 0 : c->seed;
	if (c->preemptions >= 0) {
		c->explorer.search.strategy = EXPLORE_NAIVE;
		c->explorer.search.bounded = true;
		c->explorer.search.preemptions = c->preemptions;
	}
	return true;
}

static bool parse(struct explore_command *c, int *argc, char ***argv)
{
	const GOptionEntry more[] = {
		{ "budget", 0, 0, G_OPTION_ARG_DOUBLE, &c->explorer.budget,
		  "stop after so long, for each file", "SECONDS" },
		{ "preemptions", 0, 0, G_OPTION_ARG_INT, &c->preemptions,
		  "only orderings in which a thread is left so often while it could go on", "N" },
		{ "random", 0, 0, G_OPTION_ARG_INT, &c->random,
		  "so many random orderings", "N" },
		{ "seed", 0, 0, G_OPTION_ARG_INT, &c->seed, "of the first of those", "S" },
		{ "reduction", 0, 0, G_OPTION_ARG_STRING, &c->reduction,
		  "optimal (the default), source or none", "KIND" },
		{ "resume", 0, 0, G_OPTION_ARG_FILENAME, &c->resume,
		  "go on from FILE if it is there; save there what --budget leaves", "FILE" },
		{ "all-traces", 0, 0, G_OPTION_ARG_NONE, &c->explorer.list,
		  "print the schedule and the outcomes of each execution", NULL },
		{ "jobs", 0, 0, G_OPTION_ARG_INT, &c->jobs,
		  "so many files at a time; who has none left helps with another", "N" },
		{ "rewind", 0, 0, G_OPTION_ARG_STRING, &c->rewind,
		  "go back to where threads begin to run together (root, the default), or boot",
		  "KIND" },
		G_OPTION_ENTRY_NULL
	};

	return run_options_parse(&c->run, argc, argv, true, more) && settle(c);
}

static void describe(struct exploration *e, const struct story *story)
{
	GString *text = g_string_new(NULL);

	text_findings(text, e->job);
	story_text(text, story);
	e->finding = g_string_free(text, FALSE);
}

/* What was found is run again, and has to be found again. */
static void tell(const struct explore_command *c, struct exploration *e, struct machine *machine)
{
	struct story *story = story_new(e->job, machine, e->schedule);
	g_autoptr(GError) error = NULL;

	if (!story) {
		e->explored = EXPLORED_DIVERGED;
		return;
	}
	e->story = story_schedule(story);
	e->again = command_again(&c->run, e->job->scn->path, e->story);
	g_free(e->job->again);
	e->job->again = g_strdup(e->again);
	describe(e, story);
	if (c->run.trace && !trace_write(c->run.trace, e->job, &error))
		complain("%s", error->message);
	story_free(story);
}

static bool has_threads(const struct scn *scn)
{
	for (unsigned int i = 0; i < scn->sections->len; i++)
		if (((const struct scn_section *)g_ptr_array_index(scn->sections,
								   i))->concurrent)
			return true;
	return false;
}

/**
 * struct exploring - all files.
 * @explorations: one for each
 * @status:       exit status so far
 */
struct exploring {
	const struct explore_command *command;
	struct exploration *explorations;
	struct explore_report report;
	int status;
};

/* The options that decide what is explored, and in which order. */
static char *how(const struct explore_command *c)
{
	return g_strdup_printf("strategy %d, preemptions %d", c->explorer.search.strategy,
			       c->preemptions);
}

static bool load(const struct explore_command *c, struct exploration *e, GError **error)
{
	g_autofree char *options = how(c);

	return !c->resume || saved_search_read(c->resume, e, options, error);
}

/* What is complete leaves nothing to go on with. */
static void save(const struct explore_command *c, const struct exploration *e)
{
	g_autofree char *options = how(c);
	g_autoptr(GError) error = NULL;

	if (!c->resume)
		return;
	if (e->result.complete)
		g_unlink(c->resume);
	else if (e->result.saved && !saved_search_write(c->resume, e, options, &error))
		complain("%s", error->message);
}

static void explore_one(void *ctx, unsigned int item, void **machine)
{
	struct exploring *exploring = ctx;
	struct exploration *e = &exploring->explorations[item];
	g_autoptr(GError) error = NULL;

	e->ran = load(exploring->command, e, &error) &&
		 explorer_run(e, (struct machine **)machine, &error);
	if (!e->ran)
		complain("%s", error->message);
	else if (e->schedule)
		tell(exploring->command, e, *machine);
	else
		save(exploring->command, e);
}

static void explored_one(void *ctx, unsigned int item)
{
	struct exploring *exploring = ctx;
	struct exploration *e = &exploring->explorations[item];
	int one = LUOSIM_USAGE;

	if (e->ran) {
		explore_report_one(&exploring->report, e);
		one = exploration_exit(e);
	}
	exploring->status = status_worse(exploring->status, one);
	exploration_clear(e);
}

static void free_machine(void *machine)
{
	machine_free(machine);
}

static int explore_all(const struct explore_command *c, const GPtrArray *all,
		       const struct images *images)
{
	g_autofree struct exploration *explorations = g_new0(struct exploration, all->len);
	struct explorer_options options = c->explorer;
	struct exploring exploring = {
		.command = c, .explorations = explorations,
		.report = { .kind = c->run.ops, .detail = c->run.detail, .files = all->len },
	};
	struct workers workers = {
		.items = all->len, .jobs = c->jobs, .work = explore_one, .end = free_machine,
		.done = explored_one, .ctx = &exploring,
	};

	for (unsigned int i = 0; i < all->len; i++) {
		struct scn *scn = g_ptr_array_index(all, i);

		exploring.report.width = MAX(exploring.report.width,
					     (int)g_utf8_strlen(scn->path, -1));
		explorations[i].job = job_new(scn, images);
		explorations[i].options = &options;
	}
	options.workers = &workers;
	options.search.jobs = c->jobs;
	options.quiet = c->jobs > 1 && all->len > 1;
	explore_report_begin(&exploring.report);
	workers_run(&workers);
	explore_report_end(&exploring.report);
	return exploring.status;
}

static int explore_files(const struct explore_command *c, const GPtrArray *files)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) all = NULL;
	struct images images;
	int status = LUOSIM_USAGE;

	if (c->run.trace && files->len != 1) {
		complain("--trace records one scenario, not %u", files->len);
		return LUOSIM_USAGE;
	}
	if (c->resume && files->len != 1) {
		complain("--resume is of one scenario, not %u", files->len);
		return LUOSIM_USAGE;
	}
	if (c->run.trace && !trace_writable(c->run.trace, &error)) {
		complain("%s", error->message);
		return LUOSIM_USAGE;
	}
	/* Most of a library has nothing to order; of one file that was named, that is told. */
	all = scenarios_read(files, files->len > 1 ? has_threads : NULL);
	if (!all)
		return LUOSIM_USAGE;
	if (images_find(&images, c->run.kernel, c->run.old, c->run.next, &error))
		status = explore_all(c, all, &images);
	else
		scenarios_free(all);
	if (error)
		complain("%s", error->message);
	images_clear(&images);
	return status;
}

int cmd_explore(int argc, char **argv)
{
	struct explore_command c = {
		.preemptions = NOT_GIVEN, .seed = NOT_GIVEN, .jobs = 1,
	};
	g_autoptr(GPtrArray) files = NULL;
	g_autoptr(GError) error = NULL;
	int status = LUOSIM_USAGE;

	if (parse(&c, &argc, &argv)) {
		files = scenario_files(argv + 1, &error);
		if (files)
			status = explore_files(&c, files);
		else
			complain("%s", error->message);
	}
	g_free(c.reduction);
	g_free(c.resume);
	g_free(c.rewind);
	run_options_clear(&c.run);
	return status;
}
