// SPDX-License-Identifier: GPL-2.0
/* One scenario on one machine. */

#include <string.h>

#include <model/journal.h>
#include <model/machine.h>
#include <model/schedule.h>
#include <scenarios/target.h>

#include "cmd.h"
#include "dump.h"
#include "job.h"

static void free_console_line(void *p)
{
	struct console_line *line = p;

	g_free(line->text);
	g_free(line);
}

struct job *job_new(struct scn *scn, const struct images *images)
{
	struct job *job = g_new0(struct job, 1);

	job->scn = scn;
	job->images = images;
	job->choices = path_new();
	job->verdict = verdict_new();
	job->console = g_ptr_array_new_with_free_func(free_console_line);
	return job;
}

void job_free(struct job *job)
{
	if (!job)
		return;
	scn_run_free(job->run);
	g_free(job->target);
	scn_free(job->scn);
	path_free(job->choices);
	verdict_free(job->verdict);
	g_ptr_array_unref(job->console);
	g_free(job->digest);
	g_free(job->again);
	g_clear_error(&job->dump_error);
	g_free(job);
}

static void keep_console(void *ctx, int level, const char *text)
{
	struct job *job = ctx;
	struct console_line *line = g_new(struct console_line, 1);

	line->after = job->run ? scn_run_steps(job->run)->len : 0;
	line->level = level;
	line->text = g_strchomp(g_strdup(text));
	journal_ptrs_add(job->console, line);
}

static void keep_handover(void *ctx, struct machine *machine)
{
	struct job *job = ctx;

	if (job->dump && !job->dump_error)
		dump_write(job->dump, ++job->dumps, machine, &job->dump_error);
}

static struct machine *get_machine(struct machine *last, const struct machine_config *config,
				   GError **error)
{
	if (last && machine_renew(last, config))
		return last;
	machine_free(last);
	return machine_new(config, error);
}

bool job_prepare(struct job *job, struct machine **machinep, GError **error)
{
	g_autofree char *cmdline = scn_cmdline(job->scn);
	struct machine_config config = {
		.memory = job->scn->memory,
		.nodes = job->scn->nodes,
		.cmdline = cmdline,
		.image = job->images->old,
		.next = strcmp(job->images->old, job->images->next) ? job->images->next : NULL,
		.path = job->choices,
		.from_path = g_getenv("LUOSIM_FROM_PATH") != NULL,
		.verdict = job->verdict,
		.console = keep_console,
		.console_ctx = job,
		.handover = keep_handover,
		.handover_ctx = job,
	};
	struct machine *machine = get_machine(*machinep, &config, error);

	*machinep = machine;
	if (!machine)
		return false;
	if (job->points && !machine_has_hooks(machine))
		return images_lack_hooks(job->images, error);
	machine_set_points(machine, job->points);
	job->target = g_new0(struct scn_target, 1);
	scn_machine_target(job->target, machine);
	job->run = scn_run_new(job->scn, job->target, job->verdict);
	return true;
}

bool job_move(struct job *job, const struct images *images, struct machine **machinep,
	      GError **error)
{
	g_clear_pointer(&job->run, scn_run_free);
	g_clear_pointer(&job->target, g_free);
	job->images = images;
	return job_prepare(job, machinep, error);
}

void job_finish(struct job *job, struct machine *machine)
{
	g_free(job->digest);
	job->digest = scn_run_digest(job->run);
	job->boots = machine_boots(machine);
}

bool job_execute(struct job *job, struct machine **machinep, GError **error)
{
	struct director *director = NULL;

	if (!job_prepare(job, machinep, error))
		return false;
	if (job->schedule)
		director = director_new(*machinep, job->schedule);
	job->end = scn_run_execute(job->run);
	if (director)
		schedule_free(director_free(director));
	job_finish(job, *machinep);
	return true;
}

void job_again(struct job *job)
{
	verdict_clear(job->verdict);
	path_truncate(job->choices, 0);
	path_restart(job->choices);
	g_ptr_array_set_size(job->console, 0);
	job->end = scn_run_execute(job->run);
}

int job_exit(const struct job *job)
{
	switch (job->end) {
	case SCN_END_PASSED:
		return LUOSIM_CLEAN;
	case SCN_END_BROKEN:
		return LUOSIM_USAGE;
	default:
		return LUOSIM_FOUND;
	}
}

const char *job_verdict(const struct job *job)
{
	switch (job->end) {
	case SCN_END_PASSED:
		return "passed";
	case SCN_END_BROKEN:
		return "broken";
	case SCN_END_STOPPED:
		return "stopped";
	default:
		return "failed";
	}
}
