// SPDX-License-Identifier: GPL-2.0
/* luosim explore: scenarios in all orders. */

#include <string.h>

#include <glib/gstdio.h>
#include <model/machine.h>

#include "cmd.h"
#include "explorer.h"
#include "files.h"
#include "options.h"
#include "pins.h"
#include "report_explore.h"
#include "saved_search.h"
#include "scenarios.h"
#include "tell.h"
#include "trace.h"
#include "workers.h"

#define JOBS_MAX	256
#define NOT_GIVEN	G_MININT

/**
 * struct explore_command - the command line.
 * @run:      options as of 'luosim run'
 * @explorer: how to explore
 * @pinned:   file with the numbers of executions that there should be
 * @pin:      file for those that there are
 * @resume:   file to go on from, and where to save how far it came
 * @granularity, @reduction, @rewind, @preemptions, @random, @seed, @jobs: as they were given
 */
struct explore_command {
	struct run_options run;
	struct explorer_options explorer;
	char *granularity;
	char *reduction;
	char *rewind;
	int preemptions;
	int random;
	int seed;
	int jobs;
	char *resume;
	char *pinned;
	char *pin;
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
	static const char *const kinds[] = {
		[EXPLORE_REWIND_STEPS] = "steps", [EXPLORE_REWIND_CHECKED] = "checked",
		[EXPLORE_REWIND_ROOT] = "root", [EXPLORE_REWIND_BOOT] = "boot",
	};

	for (unsigned int i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (!g_strcmp0(c->rewind ?: "steps", kinds[i])) {
			c->explorer.rewind = i;
			return true;
		}
	}
	complain("--rewind is steps, checked, root or boot, not '%s'", c->rewind);
	return false;
}

/* Images that tell of accesses to memory are others than the usual ones. */
static bool settle_granularity(struct explore_command *c)
{
	if (!c->granularity || !strcmp(c->granularity, "sync"))
		return true;
	if (strcmp(c->granularity, "memory")) {
		complain("--granularity is sync or memory, not '%s'", c->granularity);
		return false;
	}
	if (c->resume) {
		complain("--granularity memory can't be combined with --resume");
		return false;
	}
	c->explorer.memory = true;
	if (!c->run.kernel && !c->run.old && !c->run.next)
		c->run.kernel = images_default_hooks();
	return true;
}

static bool settle(struct explore_command *c)
{
	if (!settle_reduction(c) || !settle_rewind(c) || !settle_granularity(c))
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
		{ "granularity", 0, 0, G_OPTION_ARG_STRING, &c->granularity,
		  "at which steps threads are ordered: sync (the default), or memory: plain "
		  "accesses as well, where threads race", "KIND" },
		{ "preemptions", 0, 0, G_OPTION_ARG_INT, &c->preemptions,
		  "only orderings in which a thread is left so often while it could go on", "N" },
		{ "random", 0, 0, G_OPTION_ARG_INT, &c->random,
		  "so many random orderings", "N" },
		{ "seed", 0, 0, G_OPTION_ARG_INT, &c->seed, "of the first of those", "S" },
		{ "reduction", 0, 0, G_OPTION_ARG_STRING, &c->reduction,
		  "optimal (the default), source or none", "KIND" },
		{ "resume", 0, 0, G_OPTION_ARG_FILENAME, &c->resume,
		  "go on from FILE if it is there; save there what --budget leaves", "FILE" },
		{ "pinned", 0, 0, G_OPTION_ARG_FILENAME, &c->pinned,
		  "there have to be as many executions of each scenario as FILE says", "FILE" },
		{ "pin", 0, 0, G_OPTION_ARG_FILENAME, &c->pin,
		  "write to FILE how many executions each scenario has", "FILE" },
		{ "all-traces", 0, 0, G_OPTION_ARG_NONE, &c->explorer.list,
		  "print the schedule and the outcomes of each execution", NULL },
		{ "jobs", 0, 0, G_OPTION_ARG_INT, &c->jobs,
		  "so many files at a time; who has none left helps with another", "N" },
		{ "rewind", 0, 0, G_OPTION_ARG_STRING, &c->rewind,
		  "go back a few steps (steps, the default; checked: and compare memory), to "
		  "where threads begin to run together (root), or boot",
		  "KIND" },
		G_OPTION_ENTRY_NULL
	};

	return run_options_parse(&c->run, argc, argv, true, more) && settle(c);
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
 * @pinned:       what was pinned, or NULL
 * @pin:          what is to be, or NULL; none any more if some exploration is not complete
 * @asked:        what findings are shown on
 * @status:       exit status so far
 */
struct exploring {
	const struct explore_command *command;
	struct exploration *explorations;
	struct pins *pinned;
	struct pins *pin;
	const struct images *asked;
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
		tell_finding(e, &exploring->command->run, exploring->asked,
			     (struct machine **)machine);
	else
		save(exploring->command, e);
}

static bool is_whole(const struct exploration *e)
{
	return e->ran && (e->explored == EXPLORED_ALL || e->explored == EXPLORED_BOUNDED);
}

static void compare_pin(const struct exploring *exploring, struct exploration *e)
{
	if (!exploring->pinned || !is_whole(e))
		return;
	e->pinned = pins_get(exploring->pinned, e->job->scn->path);
	e->unpinned = !e->pinned;
}

/* Half of the numbers would be worse than those of before. */
static void make_pin(struct exploring *exploring, const struct exploration *e)
{
	if (!exploring->pin)
		return;
	if (is_whole(e)) {
		pins_add(exploring->pin, e->job->scn->path, e->result.executions);
		return;
	}
	complain("%s: not explored as a whole, so nothing is pinned", e->job->scn->path);
	g_clear_pointer(&exploring->pin, pins_free);
}

static void explored_one(void *ctx, unsigned int item)
{
	struct exploring *exploring = ctx;
	struct exploration *e = &exploring->explorations[item];
	int one = LUOSIM_USAGE;

	compare_pin(exploring, e);
	make_pin(exploring, e);
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

/* False, and it has been told, if the files named for that are none. */
static bool open_pins(struct exploring *exploring)
{
	const struct explore_command *c = exploring->command;
	g_autoptr(GError) error = NULL;

	if (c->pinned)
		exploring->pinned = pins_read(c->pinned, &error);
	if (!error && c->pin && pins_writable(c->pin, &error))
		exploring->pin = pins_new();
	if (error)
		complain("%s", error->message);
	return !error;
}

static void close_pins(struct exploring *exploring)
{
	g_autoptr(GError) error = NULL;

	if (exploring->pin && !pins_write(exploring->pin, exploring->command->pin, &error))
		complain("%s", error->message);
	pins_free(exploring->pin);
	pins_free(exploring->pinned);
}

static int explore_all(const struct explore_command *c, const GPtrArray *all,
		       const struct images *asked, const struct images *searched)
{
	g_autofree struct exploration *explorations = g_new0(struct exploration, all->len);
	struct explorer_options options = c->explorer;
	struct exploring exploring = {
		.command = c, .explorations = explorations, .asked = asked,
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
		explorations[i].job = job_new(scn, searched);
		explorations[i].options = &options;
	}
	options.workers = &workers;
	options.search.jobs = c->jobs;
	options.quiet = c->jobs > 1 && all->len > 1;
	if (open_pins(&exploring)) {
		explore_report_begin(&exploring.report);
		workers_run(&workers);
		explore_report_end(&exploring.report);
	} else {
		exploring.status = LUOSIM_USAGE;
		for (unsigned int i = 0; i < all->len; i++)
			exploration_clear(&explorations[i]);
	}
	close_pins(&exploring);
	return exploring.status;
}

/* Otherwise images that can undo what they do are only slower. */
static bool steps_back(const struct explore_command *c)
{
	return c->explorer.rewind <= EXPLORE_REWIND_CHECKED && !c->explorer.random;
}

static bool have_hooks(const struct images *images, GError **error)
{
	const struct machine_config config = { .image = images->old, .next = images->next };
	struct machine *machine = machine_new(&config, error);
	bool hooks = machine && machine_has_hooks(machine);

	machine_free(machine);
	return hooks || (machine && images_lack_hooks(images, error));
}

static int explore_files(const struct explore_command *c, const GPtrArray *files)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) all = NULL;
	struct images images, undo = { 0 };
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
	if (images_find(&images, c->run.kernel, c->run.old, c->run.next, &error) &&
	    (!c->explorer.memory || have_hooks(&images, &error)))
		status = explore_all(c, all, &images,
				     steps_back(c) && images_find_undo(&undo, &images) ?
				     &undo : &images);
	else
		scenarios_free(all);
	if (error)
		complain("%s", error->message);
	images_clear(&images);
	images_clear(&undo);
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
	g_free(c.granularity);
	g_free(c.reduction);
	g_free(c.resume);
	g_free(c.rewind);
	g_free(c.pinned);
	g_free(c.pin);
	run_options_clear(&c.run);
	return status;
}
