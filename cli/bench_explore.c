// SPDX-License-Identifier: GPL-2.0
/*
 * The exploration engine on programs whose number of traces is known: processor time for
 * all of them and for one step, and the memory that it took. And a scenario, with each way of going
 * back to where executions branch, and by several threads.
 */

#include <model/explore.h>
#include <model/explore/classics.h>

#include "bench.h"
#include "explorer.h"

static const struct classic {
	struct explore_program (*make)(unsigned int n);
	unsigned int n;
	uint64_t traces;
	const char *name[4];
	const char *note;
} classics[] = {
	{ classic_readers, 13, 8192,
	  { "readers13", "readers13.executions", "readers13.step", "readers13.memory" },
	  "a writer and 13 readers: every order once" },
	{ classic_lastzero, 13, 32768,
	  { "lastzero13", "lastzero13.executions", "lastzero13.step", "lastzero13.memory" },
	  "looking for the last zero of an array that 13 threads fill" },
	{ classic_indexer, 15, 4096,
	  { "indexer15", "indexer15.executions", "indexer15.step", "indexer15.memory" },
	  "15 threads insert into a hash table" },
	{ classic_filesystem, 26, 8192,
	  { "filesystem26", "filesystem26.executions", "filesystem26.step",
	    "filesystem26.memory" },
	  "26 threads take blocks for inodes" },
	{ classic_mutex, 8, 40320,
	  { "mutex8", "mutex8.executions", "mutex8.step", "mutex8.memory" },
	  "8 threads lock and unlock" },
};

static bool measure(struct bench *bench, const struct classic *classic)
{
	const struct explore_options options = { .strategy = EXPLORE_OPTIMAL };
	const struct explore_program program = classic->make(classic->n);
	struct explore_result result = { 0 };
	const unsigned int rounds = 3;
	double best = 0;

	for (unsigned int i = 0; i < rounds; i++) {
		double start = bench_processor_us(), spent;

		result = explore_run(&program, &options);
		spent = bench_processor_us() - start;
		best = i ? MIN(best, spent) : spent;
	}
	bench_row(bench, classic->name[0], best / 1e3, "ms", classic->note, rounds);
	bench_row(bench, classic->name[1], (double)result.executions, "", "executions", rounds);
	bench_row(bench, classic->name[2], best * 1e3 / (double)result.steps, "ns",
		  "for one step of a thread", rounds);
	bench_row(bench, classic->name[3], (double)result.bytes / (1 << 20), "MiB",
		  "at its largest", rounds);
	return result.complete && result.executions == classic->traces && !result.redundant;
}

/* Two threads, and an update after them. */
static const char scenario[] =
	"scenario \"a fault and a preservation\"\n"
	"setup\n"
	"  vm = create_vm\n"
	"  g = create_gmem vm pages=4 flags=mmap,init_shared\n"
	"  write g 0 \"hello\"\n"
	"  luo = open_liveupdate\n"
	"  s = create_session luo \"vm-1\"\n"
	"thread vcpu\n"
	"  write g 2 \"late\" -> ok|SIGBUS\n"
	"  create_session luo \"vm-2\"\n"
	"  create_session luo \"vm-3\"\n"
	"  create_session luo \"vm-5\"\n"
	"thread vmm\n"
	"  preserve s vm token=1\n"
	"  preserve s g token=2\n"
	"  create_session luo \"vm-4\"\n"
	"then\n"
	"  reboot\n"
	"  luo = open_liveupdate\n"
	"  s = retrieve_session luo \"vm-1\"\n"
	"  g = retrieve s token=2\n"
	"  vm = retrieve s token=1\n"
	"  read g 0 \"hello\"\n"
	"  finish s\n";

/* Ways of going back, and so many executions that what comes before them does not count. */
static const struct way {
	enum explore_rewind rewind;
	unsigned int executions;
	const char *name;
	const char *note;
} ways[] = {
	{ EXPLORE_REWIND_BOOT, 2000, "explore.boot",
	  "executions of a scenario, each from boot to end" },
	{ EXPLORE_REWIND_ROOT, 8000, "explore.root",
	  "from where threads begin, and no end twice" },
	{ EXPLORE_REWIND_STEPS, 40000, "explore.steps", "from a few steps before, likewise" },
};

static bool measure_scenario(struct bench *bench, const struct images *images,
			     const struct way *way)
{
	const struct explorer_options options = {
		.search = { .strategy = EXPLORE_OPTIMAL, .executions_max = way->executions },
		.rewind = way->rewind, .quiet = true,
	};
	g_autoptr(GError) error = NULL;
	struct scn *scn = scn_parse_text("bench", scenario, -1, &error);
	struct exploration e = { .job = job_new(scn, images), .options = &options };
	struct machine *machine = NULL;
	double start = bench_processor_us(), spent;
	bool ok = explorer_run(&e, &machine, &error) && !e.schedule && !e.result.diverged &&
		  e.result.executions == way->executions;

	spent = bench_processor_us() - start;
	bench_row(bench, way->name, (double)e.result.executions * 1e6 / spent, "/s", way->note, 1);
	exploration_clear(&e);
	machine_free(machine);
	return ok;
}

/* All that the scenario has. */
#define JOBS_EXECUTIONS	49658u

/**
 * struct together - the scenario, explored by several threads.
 * @options: with those
 * @ok:      it came to what it should
 */
struct together {
	const struct images *images;
	struct explorer_options options;
	double seconds;
	bool ok;
};

static void explore_together(void *ctx, unsigned int item, void **machine)
{
	struct together *together = ctx;
	g_autoptr(GError) error = NULL;
	struct scn *scn = scn_parse_text("bench", scenario, -1, &error);
	struct exploration e = {
		.job = job_new(scn, together->images), .options = &together->options,
	};

	(void)item;
	together->ok = explorer_run(&e, (struct machine **)machine, &error) && !e.schedule &&
		       e.result.executions == JOBS_EXECUTIONS;
	together->seconds = e.seconds;
	exploration_clear(&e);
}

static void free_machine(void *machine)
{
	machine_free(machine);
}

static void explored_together(void *ctx, unsigned int item)
{
	(void)ctx;
	(void)item;
}

/* By the clock: threads that wait for each other cost no processor time. */
static bool measure_jobs(struct bench *bench, const struct images *images, unsigned int jobs,
			 const char *name, const char *note)
{
	struct together together = {
		.images = images,
		.options = {
			.search = {
				.strategy = EXPLORE_OPTIMAL, .jobs = jobs,
			},
			.quiet = true,
		},
	};
	struct workers workers = {
		.items = 1, .jobs = jobs, .work = explore_together, .end = free_machine,
		.done = explored_together, .ctx = &together,
	};

	together.options.workers = &workers;
	workers_run(&workers);
	bench_row(bench, name, JOBS_EXECUTIONS / together.seconds, "/s", note, 1);
	return together.ok;
}

const char *bench_explore(struct bench *bench, const struct images *images)
{
	struct images undo = { 0 };
	bool can_undo = images_find_undo(&undo, images), ok = true;
	const struct images *stepping = can_undo ? &undo : images;

	for (size_t i = 0; i < G_N_ELEMENTS(ways) && ok; i++) {
		bool steps = ways[i].rewind == EXPLORE_REWIND_STEPS;

		ok = measure_scenario(bench, steps ? stepping : images, &ways[i]);
	}
	ok = ok &&
	     measure_jobs(bench, stepping, 1, "explore.jobs1",
			  "the same by one thread, by the clock") &&
	     measure_jobs(bench, stepping, 2, "explore.jobs2",
			  "... and by two together, each with a machine of its own");
	images_clear(&undo);
	if (!ok)
		return "the explorer did not do as many executions as there are";
	for (size_t i = 0; i < G_N_ELEMENTS(classics); i++)
		if (!measure(bench, &classics[i]))
			return "the explorer did not do each trace once";
	return NULL;
}
