// SPDX-License-Identifier: GPL-2.0
/*
 * The interpreter: phases one after the other, threads of a phase together, and a
 * transcript of what they came to.
 *
 * A reboot that succeeds never returns to its thread. What follows it in a
 * sequential section goes on in the next kernel, in new threads of new processes.
 */

#include <stdarg.h>
#include <string.h>

#include <model/journal.h>
#include <model/verdict.h>

#include "check.h"
#include "outcome.h"
#include "run.h"
#include "thread.h"
#include "verb.h"

/* Life of a run */

static void free_step(void *p)
{
	struct scn_step *step = p;

	g_free(step->shown);
	g_free(step->note);
	g_free(step);
}

struct scn_run *scn_run_new(const struct scn *scn, const struct scn_target *target,
			    struct verdict *verdict)
{
	struct scn_run *run = g_new0(struct scn_run, 1);

	run->scn = scn;
	run->target = target;
	run->verdict = verdict;
	run->steps = g_ptr_array_new_with_free_func(free_step);
	run->by_index = g_new0(struct scn_step *, scn->statements);
	run->processes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, scn_process_free);
	run->threads = g_ptr_array_new_with_free_func(g_free);
	run->objects = g_ptr_array_new_with_free_func(g_free);
	run->tampers = g_array_new(FALSE, FALSE, sizeof(struct pending_tamper));
	run->before = state_new();
	run->after = state_new();
	return run;
}

void scn_run_free(struct scn_run *run)
{
	if (!run)
		return;
	g_ptr_array_unref(run->threads);
	g_ptr_array_unref(run->steps);
	g_ptr_array_unref(run->objects);
	g_array_unref(run->tampers);
	state_free(run->before);
	state_free(run->after);
	g_hash_table_unref(run->processes);
	g_free(run->by_index);
	g_free(run->error);
	g_free(run);
}

static void reset(struct scn_run *run)
{
	g_ptr_array_set_size(run->threads, 0);
	g_ptr_array_set_size(run->steps, 0);
	g_ptr_array_set_size(run->objects, 0);
	g_array_set_size(run->tampers, 0);
	g_hash_table_remove_all(run->processes);
	memset(run->by_index, 0, run->scn->statements * sizeof(*run->by_index));
	g_clear_pointer(&run->error, g_free);
	run->boot = 0;
	run->processes_boot = 0;
	run->reboot_line = 0;
	run->failed = NULL;
	run->panicked = false;
}

const GPtrArray *scn_run_steps(const struct scn_run *run)
{
	return run->steps;
}

const struct scn_step *scn_run_first_unexpected(const struct scn_run *run)
{
	return run->failed;
}

bool scn_run_done(const struct scn_run *run, unsigned int index)
{
	return run->by_index[index];
}

const char *scn_run_error(const struct scn_run *run)
{
	return run->error;
}

void scn_run_break(struct scn_run *run, int line, const char *format, ...)
{
	g_autofree char *why = NULL;
	va_list args;

	if (run->error)
		return;
	va_start(args, format);
	why = g_strdup_vprintf(format, args);
	va_end(args);
	journal_string(&run->error, g_strdup_printf("%s:%d: %s", run->scn->path, line, why));
}

/* Tampering */

void scn_tamper(struct scn_thread *t, const struct tamper *tamper)
{
	struct pending_tamper pending = { *tamper, t->statement->line };

	journal_array_append(t->run->tampers, pending);
}

static void apply_tampers(struct scn_run *run)
{
	for (unsigned int i = 0; i < run->tampers->len && !run->error; i++) {
		struct pending_tamper *p = &g_array_index(run->tampers, struct pending_tamper, i);
		g_autoptr(GError) error = NULL;

		if (!run->target->tamper)
			scn_run_break(run, p->line, "what this kernel hands over is out of reach");
		else if (!run->target->tamper(run->target->ctx, &p->tamper, &error))
			scn_run_break(run, p->line, "%s", error->message);
	}
	journal_array_cut(run->tampers, 0);
}

/* A scenario about bad input that never arrived would pass for nothing. */
static void check_tampers(struct scn_run *run)
{
	if (run->tampers->len && !run->error && !run->failed)
		scn_run_break(run, g_array_index(run->tampers, struct pending_tamper, 0).line,
			      "no reboot followed that could hand this over");
}

/* Threads */

static bool spawn(struct scn_run *run, struct scn_thread *t)
{
	t->process = scn_process_get(run, t->section->process);
	if (t->process->end_line) {
		scn_run_break(run, t->section->line, "process '%s' was ended at line %d",
			      t->process->name, t->process->end_line);
		return false;
	}
	return t->process->handle &&
	       run->target->spawn(run->target->ctx, t->process->handle, t->section->name,
				  scn_thread_body, t);
}

/* Kernels */

/* The step that rebooted never returned: that is its success. */
static struct scn_step *reboot_step(const struct scn_run *run)
{
	for (unsigned int i = run->steps->len; i-- > 0; ) {
		struct scn_step *step = g_ptr_array_index(run->steps, i);

		if (step->state == SCN_STEP_RUNNING && step->boot == run->boot &&
		    step->statement->verb->trait == SCN_TRAIT_REBOOT)
			return step;
	}
	return NULL;
}

static void end_reboot_step(struct scn_run *run, struct scn_step *step, const char *panic)
{
	const struct scn_result result = {
		.type = panic ? SCN_OUTCOME_PANIC : SCN_OUTCOME_OK
	};

	run->reboot_line = step->statement->line;
	journal_string(&step->note, g_strdup(panic));
	scn_step_end(run, step, &result);
	if (!panic)
		journal_string(&step->shown, g_strdup("kexec"));
}

/*
 * Into the next kernel. A kernel that panics never gets to a first program, so it is the
 * reboot that came to this.
 */
static bool jump(struct scn_run *run)
{
	const struct scn_target *target = run->target;
	struct scn_step *step = reboot_step(run);
	bool may_panic = step && target->may_panic &&
			 scn_outcomes_allow_panic(&step->statement->expected);
	const char *panic = NULL;
	bool up;

	apply_tampers(run);
	if (target->may_panic)
		target->may_panic(target->ctx, may_panic);
	run->boot++;
	up = target->boot(target->ctx, false);
	if (!up && may_panic)
		panic = target->panic(target->ctx);
	run->panicked = panic;
	if (step)
		end_reboot_step(run, step, panic);
	return up;
}

static bool ended_itself(const struct scn_step *step)
{
	const struct scn_verb *verb = step->statement->verb;

	return verb->trait == SCN_TRAIT_EXIT ||
	       (verb->trait == SCN_TRAIT_KILL &&
		!strcmp(scn_process_named(step->statement), step->section->process));
}

/* A process that is killed does not return from what it was doing. */
static void end_killed_steps(struct scn_run *run)
{
	for (unsigned int i = 0; i < run->steps->len; i++) {
		struct scn_step *step = g_ptr_array_index(run->steps, i);
		struct scn_result ok = { .type = SCN_OUTCOME_OK };

		if (step->state != SCN_STEP_RUNNING || step->boot != run->boot ||
		    !scn_process_get(run, step->section->process)->end_line)
			continue;
		if (ended_itself(step)) {
			scn_step_end(run, step, &ok);
			continue;
		}
		scn_step_settle(step, SCN_STEP_KILLED, g_strdup("killed"), true);
	}
}

static void add_threads(struct scn_run *run, unsigned int first, unsigned int end)
{
	journal_ptrs_clear(run->threads, g_free);
	for (unsigned int i = first; i < end; i++) {
		struct scn_thread *t = g_new0(struct scn_thread, 1);

		t->run = run;
		t->target = run->target;
		t->section = g_ptr_array_index(run->scn->sections, i);
		journal_ptrs_add(run->threads, t);
	}
}

static bool is_over(const struct scn_run *run)
{
	return run->failed || run->error;
}

/* A sequential section goes on after its reboot; concurrent ones end with the kernel. */
static bool goes_on(const struct scn_run *run)
{
	const struct scn_thread *t = g_ptr_array_index(run->threads, 0);

	return !t->section->concurrent && t->next < t->section->statements->len && !is_over(run);
}

static enum scn_target_end run_phase(struct scn_run *run)
{
	enum scn_target_end end;

	do {
		if (!scn_processes_begin(run))
			return SCN_TARGET_STOPPED;
		for (unsigned int i = 0; i < run->threads->len; i++)
			if (!spawn(run, g_ptr_array_index(run->threads, i)))
				return SCN_TARGET_STOPPED;
		end = run->target->run(run->target->ctx);
		end_killed_steps(run);
		if (end != SCN_TARGET_KEXEC)
			return end;
		if (!jump(run))
			return SCN_TARGET_STOPPED;
	} while (goes_on(run));
	return SCN_TARGET_DONE;
}

static enum scn_target_end run_phases(struct scn_run *run)
{
	enum scn_target_end end = SCN_TARGET_STOPPED;

	run->boot = 1;
	if (run->target->boot(run->target->ctx, true))
		end = SCN_TARGET_DONE;
	for (unsigned int i = 0, next; i < run->scn->sections->len; i = next) {
		next = scn_phase_end(run->scn, i);
		if (end != SCN_TARGET_DONE || is_over(run))
			break;
		add_threads(run, i, next);
		end = run_phase(run);
	}
	if (end == SCN_TARGET_DONE)
		end = run->target->close(run->target->ctx);
	return end;
}

/*
 * Steps that did not return were in the kernel when it ended. If it stopped in them, what
 * they should have come to did not hold.
 */
static void end_running_steps(struct scn_run *run, bool stopped)
{
	for (unsigned int i = 0; i < run->steps->len; i++) {
		struct scn_step *step = g_ptr_array_index(run->steps, i);

		if (step->state != SCN_STEP_RUNNING)
			continue;
		journal_string(&step->shown, g_strdup("did not return"));
		if (stopped && step->statement->property)
			scn_step_break(run, step);
	}
}

enum scn_end scn_run_execute(struct scn_run *run)
{
	enum scn_target_end end;

	reset(run);
	end = run_phases(run);
	end_running_steps(run, end == SCN_TARGET_STOPPED);
	check_tampers(run);
	/* A kernel that did wrong is likely to be why the scenario could not go on. */
	if (run->error && scn_run_judge(run) != SCN_END_VIOLATION)
		return SCN_END_BROKEN;
	if (end == SCN_TARGET_STOPPED && !run->panicked)
		return SCN_END_STOPPED;
	if (run->failed)
		return SCN_END_UNEXPECTED;
	return scn_run_judge(run);
}
