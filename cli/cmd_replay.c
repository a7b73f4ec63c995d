// SPDX-License-Identifier: GPL-2.0
/* luosim replay: a recorded run again, which must come to the same. */

#include <string.h>

#include "cmd.h"
#include "gdb.h"
#include "options.h"
#include "trace.h"

static bool same_image(const char *trace, const char *which, const char *path, const char *found,
		       const char *recorded)
{
	if (!strcmp(found, recorded))
		return true;
	complain("%s: recorded with another %s kernel image (sha256 %.16s…) than '%s' (sha256 "
		 "%.16s…)", trace, which, recorded, path, found);
	return false;
}

/* The options come first, then what the trace says, then the default. */
static bool find_images(struct images *images, const struct run_options *o,
			const struct trace *trace, const char *path)
{
	bool asked = o->kernel || o->old || o->next;
	g_autoptr(GError) error = NULL;

	if (!images_find(images, o->kernel, asked ? o->old : trace->old,
			 asked ? o->next : trace->next, &error)) {
		complain("%s", error->message);
		return false;
	}
	return same_image(path, "first", images->old, images->old_sha256, trace->old_sha256) &&
	       same_image(path, "later", images->next, images->next_sha256, trace->next_sha256);
}

static struct job *make_job(struct trace *trace, const struct images *images, const char *path)
{
	struct job *job = job_new(g_steal_pointer(&trace->scn), images);
	GString *again = g_string_new("luosim replay ");

	for (unsigned int i = 0; i < trace->choices->len; i++)
		path_append(job->choices, g_array_index(trace->choices, struct path_choice, i));
	path_restart(job->choices);
	job->points = trace->points;
	append_word(again, path);
	job->again = g_string_free(again, FALSE);
	return job;
}

/* One more answer is a new one only if no recorded answer is left over. */
static bool same_choices(struct path *choices, unsigned int recorded)
{
	if (path_diverged(choices) || path_length(choices) != recorded)
		return false;
	path_choose(choices, HOST_CHOICE_SCHEDULE, 2);
	return path_length(choices) == recorded + 1;
}

/* The same choices must be asked for, and come to the same. */
static int compare(const struct job *job, const struct trace *trace, const char *path)
{
	if (!same_choices(job->choices, trace->choices->len)) {
		complain("%s: nondeterminism: the run asked for other choices than were recorded",
			 path);
		return LUOSIM_INTERNAL;
	}
	if (strcmp(job->digest, trace->digest)) {
		complain("%s: nondeterminism: the transcript is another one than was recorded",
			 path);
		return LUOSIM_INTERNAL;
	}
	return job_exit(job);
}

static int replay(struct trace *trace, const struct run_options *o, const char *path)
{
	struct report report = { .ops = o->ops, .detail = o->detail, .console = o->console };
	g_autoptr(GError) error = NULL;
	struct machine *machine = NULL;
	struct images images;
	struct job *job = NULL;
	int status = LUOSIM_USAGE;

	if (!find_images(&images, o, trace, path))
		goto out;
	job = make_job(trace, &images, path);
	if (!job_execute(job, &machine, &error)) {
		complain("%s", error->message);
		goto out;
	}
	report.ops->begin(&report, 1);
	report.done++;
	report.count[job->end]++;
	report.ops->job(&report, job);
	report.ops->end(&report);
	status = compare(job, trace, path);
out:
	job_free(job);
	machine_free(machine);
	images_clear(&images);
	return status;
}

int cmd_replay(int argc, char **argv)
{
	struct run_options o = { 0 };
	gboolean gdb = FALSE;
	const GOptionEntry more[] = { GDB_ENTRY(&gdb), G_OPTION_ENTRY_NULL };
	g_autoptr(GError) error = NULL;
	struct trace *trace = NULL;
	int status = LUOSIM_USAGE;

	if (gdb_is_wanted(argv))
		return gdb_run(argv);
	if (run_options_parse(&o, &argc, &argv, false, more)) {
		if (argc != 2)
			complain("expected one trace; see 'luosim help replay'");
		else if (!(trace = trace_read(argv[1], &error)))
			complain("%s", error->message);
		else
			status = replay(trace, &o, argv[1]);
	}
	trace_free(trace);
	run_options_clear(&o);
	return status;
}
