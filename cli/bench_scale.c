// SPDX-License-Identifier: GPL-2.0
/*
 * Many sessions, and many files: processor time for one of them, from creation in one kernel to
 * the end in the next, the interpreter's part included. "growth" is how much more one costs
 * among four times as many: 1 if the whole grows linearly, 4 if quadratically.
 */

#include <time.h>

#include <model/machine.h>
#include <scenarios/target.h>

#include "bench.h"

static const char sessions_text[] =
	"scenario \"sessions\"\n"
	"setup\n"
	" luo = open_liveupdate\n"
	" repeat %u as I\n"
	"  s{I} = create_session luo \"vm-{I}\"\n"
	" end\n"
	" reboot\n"
	" luo = open_liveupdate\n"
	" repeat %u as I\n"
	"  s{I} = retrieve_session luo \"vm-{I}\"\n"
	" end\n"
	" repeat %u as I\n"
	"  finish s{I}\n"
	"  close s{I}\n"
	" end\n";

static const char files_text[] =
	"scenario \"files\"\n"
	"machine memory=1G nodes=1 test_files=1\n"
	"setup\n"
	" luo = open_liveupdate\n"
	" s = create_session luo \"vm\"\n"
	" repeat %u as I\n"
	"  f = open \"/dev/test_file\"\n"
	"  preserve s f token={I}\n"
	"  close f\n"
	" end\n"
	" reboot\n"
	" luo = open_liveupdate\n"
	" s = retrieve_session luo \"vm\"\n"
	" repeat %u as I\n"
	"  f = retrieve s token={I}\n"
	"  close f\n"
	" end\n"
	" finish s\n"
	" close s # %u\n";

#define SIZES 3

/** struct family - one kind of many things, in ascending numbers. */
static const struct family {
	const char *text;
	unsigned int count[SIZES];
	const char *name[SIZES];
	const char *note;
	const char *growth;
	unsigned int rounds;
} families[] = {
	{ sessions_text, { 1000, 2000, 4000 },
	  { "sessions.1000", "sessions.2000", "sessions.4000" },
	  "each of so many sessions, created, handed over, retrieved, finished",
	  "sessions.growth", 3 },
	{ files_text, { 25000, 50000, 100000 },
	  { "files.25000", "files.50000", "files.100000" },
	  "each of so many files of one session, preserved, handed over, retrieved, finished",
	  "files.growth", 1 },
};

double bench_processor_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

/* Microseconds that @scn takes, or less than 0 if it does not come out as it says. */
static double run_on(struct machine *machine, struct scn *scn, struct verdict *verdict)
{
	struct scn_target target;
	struct scn_run *run;
	double start, spent;

	scn_machine_target(&target, machine);
	run = scn_run_new(scn, &target, verdict);
	start = bench_processor_us();
	spent = scn_run_execute(run) == SCN_END_PASSED ? bench_processor_us() - start : -1;
	scn_run_free(run);
	return spent;
}

static double run_once(const struct images *images, struct scn *scn)
{
	g_autofree char *cmdline = scn_cmdline(scn);
	struct machine_config config = {
		.image = images->old, .next = images->next, .cmdline = cmdline,
		.memory = scn->memory, .nodes = scn->nodes,
		.path = path_new(), .verdict = verdict_new(),
		.from_path = g_getenv("LUOSIM_FROM_PATH") != NULL,
	};
	struct machine *machine = machine_new(&config, NULL);
	double spent = machine ? run_on(machine, scn, config.verdict) : -1;

	machine_free(machine);
	path_free(config.path);
	verdict_free(config.verdict);
	return spent;
}

/* The best of some rounds, for one of them. */
static double measure(const struct images *images, const struct family *family, unsigned int size)
{
	unsigned int n = family->count[size];
	g_autofree char *text = g_strdup_printf(family->text, n, n, n);
	struct scn *scn = scn_parse_text(family->growth, text, -1, NULL);
	double best = -1;

	for (unsigned int i = 0; scn && i < family->rounds; i++) {
		double spent = run_once(images, scn);

		if (spent < 0)
			best = spent;
		else if (best < 0 || spent < best)
			best = spent;
	}
	scn_free(scn);
	return best / n;
}

const char *bench_scale(struct bench *bench, const struct images *images)
{
	for (size_t i = 0; i < G_N_ELEMENTS(families); i++) {
		const struct family *family = &families[i];
		double each[SIZES];

		for (unsigned int size = 0; size < SIZES; size++) {
			each[size] = measure(images, family, size);
			if (each[size] < 0)
				return family->name[size];
			bench_row(bench, family->name[size], each[size], "us", family->note,
				  family->rounds);
		}
		bench_row(bench, family->growth, each[SIZES - 1] / each[0], "x",
			  "what one costs among four times as many; linear is 1",
			  family->rounds);
	}
	return NULL;
}
