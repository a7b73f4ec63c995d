// SPDX-License-Identifier: GPL-2.0
/* luosim run: scenarios once, in program order. */

#include <string.h>

#include <model/schedule.h>

#include "cmd.h"
#include "dump.h"
#include "files.h"
#include "gdb.h"
#include "options.h"
#include "report.h"
#include "scenarios.h"
#include "trace.h"

/** struct order - what --schedule says. */
struct order {
	struct schedule *schedule;
	struct points *points;
};

static int finish_job(struct report *report, const struct run_options *o, struct job *job)
{
	g_autoptr(GError) error = NULL;
	int status = job_exit(job);

	job->again = command_again(o, job->scn->path, o->schedule);
	if (job->dump_error) {
		complain("%s", job->dump_error->message);
		status = LUOSIM_USAGE;
	}
	if (o->trace && !trace_write(o->trace, job, &error)) {
		complain("%s", error->message);
		status = LUOSIM_USAGE;
	}
	report->done++;
	report->count[job->end]++;
	tally_add(&report->tally, job);
	report->ops->job(report, job);
	return status;
}

static int run_all(const GPtrArray *all, const struct images *images,
		   const struct run_options *o, const struct order *order,
		   struct report *report)
{
	struct machine *machine = NULL;
	int status = LUOSIM_CLEAN;

	for (unsigned int i = 0; i < all->len; i++) {
		struct scn *scn = g_ptr_array_index(all, i);

		report->width = MAX(report->width, (int)g_utf8_strlen(scn->path, -1));
	}
	report->ops->begin(report, all->len);
	for (unsigned int i = 0; i < all->len; i++) {
		g_autoptr(GError) error = NULL;
		struct job *job = job_new(g_ptr_array_index(all, i), images);
		int one;

		job->dump = o->dump;
		job->schedule = order->schedule;
		job->points = order->points;
		report->ops->start(report, job->scn);
		one = LUOSIM_USAGE;
		if (job_execute(job, &machine, &error))
			one = finish_job(report, o, job);
		else
			complain("%s", error->message);
		status = status_worse(status, one);
		job_free(job);
	}
	report->ops->end(report);
	machine_free(machine);
	return status;
}

/* "@m1a40/4,first:12,second:40": what comes first are accesses to memory that are points. */
static bool read_order(struct order *order, const char *text, GError **error)
{
	const char *comma = *text == '@' ? strchr(text, ',') : NULL;
	g_autofree char *points = NULL;

	if (*text == '@') {
		points = comma ? g_strndup(text + 1, comma - text - 1) : g_strdup(text + 1);
		order->points = points_parse(points, error);
		if (!order->points)
			return false;
		text = comma ? comma + 1 : "";
	}
	order->schedule = schedule_parse(text, error);
	return order->schedule;
}

static void order_clear(struct order *order)
{
	schedule_free(order->schedule);
	points_free(order->points);
}

static bool order_of(struct order *order, const struct run_options *o, const GPtrArray *files)
{
	g_autoptr(GError) error = NULL;

	if (files->len != 1)
		complain("--schedule is of one scenario, not %u", files->len);
	else if (read_order(order, o->schedule, &error))
		return true;
	else
		complain("--schedule: %s", error->message);
	order_clear(order);
	return false;
}

/* Of those that the kernel spawns it is told whose they are: "rcu1@thread". */
static bool has_thread(const struct scn *scn, const char *name)
{
	const char *at = strrchr(name, '@');

	if (at)
		name = at + 1;
	for (unsigned int i = 0; i < scn->sections->len; i++) {
		const struct scn_section *section = g_ptr_array_index(scn->sections, i);

		if (!strcmp(section->name, name) ||
		    (section->process && !strcmp(section->process, name)))
			return true;
	}
	return false;
}

/* A name that is misspelt would be ignored, or taken for a thread that is gone. */
static bool schedule_fits(const struct schedule *schedule, const struct scn *scn)
{
	for (unsigned int i = 0; schedule && i < schedule->names->len; i++) {
		const char *name = g_ptr_array_index(schedule->names, i);
		const char *slash = strrchr(name, '/');
		g_autofree char *base = slash ? g_strndup(name, slash - name) : g_strdup(name);

		if (has_thread(scn, base))
			continue;
		complain("--schedule: there is no thread '%s' in %s", base, scn->path);
		return false;
	}
	return true;
}

int run_files(const GPtrArray *files, const struct run_options *o, struct tally *tally)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) all = NULL;
	struct images images;
	struct report report = { .ops = o->ops, .detail = o->detail, .console = o->console };
	struct order order = { 0 };
	int status = LUOSIM_USAGE;

	if (o->trace && files->len != 1) {
		complain("--trace records one scenario, not %u", files->len);
		return LUOSIM_USAGE;
	}
	if (o->dump && files->len != 1) {
		complain("--dump-handover shows one scenario, not %u", files->len);
		return LUOSIM_USAGE;
	}
	if (o->trace && !trace_writable(o->trace, &error)) {
		complain("%s", error->message);
		return LUOSIM_USAGE;
	}
	if (o->schedule && !order_of(&order, o, files))
		return LUOSIM_USAGE;
	all = scenarios_read(files, NULL);
	if (!all) {
		order_clear(&order);
		return LUOSIM_USAGE;
	}
	if (order.schedule && !schedule_fits(order.schedule, g_ptr_array_index(all, 0))) {
		scenarios_free(all);
		order_clear(&order);
		return LUOSIM_USAGE;
	}
	if (images_find(&images, o->kernel, o->old, o->next, &error) &&
	    (!o->dump || dump_directory(o->dump, &error)))
		status = run_all(all, &images, o, &order, &report);
	else
		scenarios_free(all);
	if (error)
		complain("%s", error->message);
	images_clear(&images);
	order_clear(&order);
	*tally = report.tally;
	return status;
}

/* What the user typed, for 'luosim properties' to name the run that it counts. */
static char *command_line(char **argv)
{
	GString *s = g_string_new("luosim");

	for (char **word = argv; *word; word++)
		append_word(g_string_append_c(s, ' '), *word);
	return g_string_free(s, FALSE);
}

static int run_and_keep(const GPtrArray *files, const struct run_options *o, const char *command)
{
	struct tally tally = { 0 };
	int status = run_files(files, o, &tally);

	if (tally.scenarios)
		tally_keep(&tally, command);
	return status;
}

int cmd_run(int argc, char **argv)
{
	g_autofree char *command = command_line(argv);
	gboolean gdb = FALSE;
	struct run_options o = { 0 };
	const GOptionEntry more[] = {
		{ "schedule", 0, 0, G_OPTION_ARG_STRING, &o.schedule,
		  "who goes on how often: what 'luosim explore' told", "THREAD:TIMES,…" },
		GDB_ENTRY(&gdb),
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GPtrArray) files = NULL;
	g_autoptr(GError) error = NULL;
	int status = LUOSIM_USAGE;

	if (gdb_is_wanted(argv))
		return gdb_run(argv);
	if (run_options_parse(&o, &argc, &argv, true, more)) {
		files = scenario_files(argv + 1, &error);
		if (files)
			status = run_and_keep(files, &o, command);
		else
			complain("%s", error->message);
	}
	run_options_clear(&o);
	return status;
}
