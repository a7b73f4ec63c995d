// SPDX-License-Identifier: GPL-2.0
/*
 * The interpreter: phases one after the other, threads of a phase together, and a
 * transcript of what they came to.
 *
 * A reboot that succeeds never returns to its thread. What follows it in a
 * sequential section goes on in the next kernel, in new threads of new processes.
 */

#include <errno.h>
#include <string.h>

#include <model/verdict.h>

#include "check.h"
#include "items.h"
#include "outcome.h"
#include "target.h"
#include "thread.h"
#include "verb.h"

/**
 * struct pending_tamper - what is to be done to the next handover.
 * @tamper: the change
 * @line:   that asks for it
 */
struct pending_tamper {
	struct tamper tamper;
	int line;
};

/**
 * struct scn_run - a run.
 * @steps:       transcript
 * @by_index:    step of each statement, NULL while it has none
 * @processes:   name to &struct scn_process
 * @threads:     of the phase
 * @objects:     everything that names stood for
 * @tampers:     of &struct pending_tamper, for the next kexec
 * @boot:        number of the kernel
 * @reboot_line: of the last reboot that succeeded
 * @failed:      the first unexpected step
 * @error:       why the scenario can't go on
 */
struct scn_run {
	const struct scn *scn;
	const struct scn_target *target;
	struct verdict *verdict;
	GPtrArray *steps;
	struct scn_step **by_index;
	GHashTable *processes;
	GPtrArray *threads;
	GPtrArray *objects;
	GArray *tampers;
	unsigned int boot;
	int reboot_line;
	struct scn_step *failed;
	char *error;
};

/* Life of a run */

static void free_step(void *p)
{
	struct scn_step *step = p;

	g_free(step->shown);
	g_free(step->note);
	g_free(step);
}

static void free_process(void *p)
{
	struct scn_process *process = p;

	g_hash_table_unref(process->objects);
	g_free(process);
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
	run->processes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_process);
	run->threads = g_ptr_array_new_with_free_func(g_free);
	run->objects = g_ptr_array_new_with_free_func(g_free);
	run->tampers = g_array_new(FALSE, FALSE, sizeof(struct pending_tamper));
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
	run->reboot_line = 0;
	run->failed = NULL;
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

/* Steps */

static struct scn_step *begin_step(struct scn_thread *t)
{
	struct scn_step *step = g_new0(struct scn_step, 1);

	step->statement = t->statement;
	step->section = t->section;
	step->boot = t->run->boot;
	g_ptr_array_add(t->run->steps, step);
	t->run->by_index[t->statement->index] = step;
	return step;
}

static void break_property(struct scn_run *run, const struct scn_step *step)
{
	const struct scn_statement *st = step->statement;
	g_autofree char *expected = scn_outcomes_format(&st->expected);
	g_autofree char *where = g_strdup_printf("%s:%d in %s", run->scn->path, st->line,
						 step->section->name);

	verdict_add(run->verdict, st->property, step->boot, where, NULL,
		    "\"%s\" came to %s%s%s%s, expected %s", st->text, step->shown,
		    step->note ? " (" : "", step->note ? step->note : "",
		    step->note ? ")" : "", expected);
}

static void end_step(struct scn_run *run, struct scn_step *step, const struct scn_result *result)
{
	const struct scn_statement *st = step->statement;

	step->state = SCN_STEP_DONE;
	step->result = *result;
	step->result.contents = NULL;
	step->shown = scn_result_format(result);
	step->as_expected = scn_outcomes_hold(&st->expected, result);
	if (step->as_expected)
		return;
	if (!run->failed)
		run->failed = step;
	if (st->property)
		break_property(run, step);
}

static void skip_step(struct scn_step *step)
{
	const struct scn_statement *st = step->statement;
	g_autofree char *wanted = scn_outcomes_format(&st->condition_outcomes);

	step->state = SCN_STEP_SKIPPED;
	step->shown = g_strdup("skipped");
	step->note = g_strdup_printf("%s was not %s", st->condition_name, wanted);
	step->as_expected = true;
}

static bool condition_holds(struct scn_run *run, const struct scn_statement *st)
{
	const struct scn_step *step;

	if (!st->condition)
		return true;
	step = run->by_index[st->condition->index];
	return step && step->state == SCN_STEP_DONE &&
	       scn_outcomes_hold(&st->condition_outcomes, &step->result);
}

/* Names */

static void break_run(struct scn_thread *t, const char *name, const struct scn_object *object)
{
	struct scn_run *run = t->run;
	g_autofree char *why = NULL;

	if (object)
		why = g_strdup_printf("it ended with the old kernel at line %d", run->reboot_line);
	else
		why = g_strdup("the statement that binds it was not done, or failed");
	t->step->state = SCN_STEP_BROKEN;
	t->step->shown = g_strdup("not possible");
	t->step->note = g_strdup_printf("no descriptor '%s'", name);
	if (!run->error)
		run->error = g_strdup_printf("%s:%d: no such descriptor as '%s': %s",
					     run->scn->path, t->statement->line, name, why);
}

/* A name that ended is an invalid descriptor to whoever expects EBADF. */
static bool resolve_name(struct scn_thread *t, const char *name, struct scn_object **objectp)
{
	struct scn_object *object = g_hash_table_lookup(t->process->objects, name);

	*objectp = NULL;
	if (object && object->boot == t->run->boot)
		*objectp = object;
	else if (!object || !scn_outcomes_name_errno(&t->statement->expected, EBADF))
		break_run(t, name, object);
	return t->step->state != SCN_STEP_BROKEN;
}

static bool resolve_items(struct scn_thread *t, const struct scn_value *v)
{
	struct scn_object *object;

	for (; v; v = scn_item_next(v))
		if (scn_item_is_name(v) && !resolve_name(t, v->next->text, &object))
			return false;
	return true;
}

static bool resolve_names(struct scn_thread *t)
{
	const struct scn_param *params = t->statement->verb->params;

	for (int i = 0; params[i].type; i++) {
		const struct scn_value *v = t->statement->value[i];

		t->objects[i] = NULL;
		t->fd[i] = -1;
		if (params[i].type == SCN_PARAM_ITEMS && !resolve_items(t, v))
			return false;
		if (params[i].type != SCN_PARAM_FD || !v)
			continue;
		if (v->type == SCN_VALUE_NUMBER)
			t->fd[i] = (int)v->number;
		else if (!resolve_name(t, v->text, &t->objects[i]))
			return false;
		if (t->objects[i])
			t->fd[i] = t->objects[i]->fd;
	}
	return true;
}

static void bind_name(struct scn_thread *t)
{
	struct scn_object *object = g_new0(struct scn_object, 1);

	object->fd = t->bound;
	object->boot = t->run->boot;
	object->line = t->statement->line;
	g_ptr_array_add(t->run->objects, object);
	g_hash_table_insert(t->process->objects, (char *)t->statement->binds, object);
}

/* Tampering */

void scn_tamper(struct scn_thread *t, const struct tamper *tamper)
{
	struct pending_tamper pending = { *tamper, t->statement->line };

	g_array_append_val(t->run->tampers, pending);
}

static void apply_tampers(struct scn_run *run)
{
	for (unsigned int i = 0; i < run->tampers->len && !run->error; i++) {
		struct pending_tamper *p = &g_array_index(run->tampers, struct pending_tamper, i);
		g_autoptr(GError) error = NULL;

		if (!run->target->tamper)
			run->error = g_strdup_printf("%s:%d: what this kernel hands over is out of "
						     "reach", run->scn->path, p->line);
		else if (!run->target->tamper(run->target->ctx, &p->tamper, &error))
			run->error = g_strdup_printf("%s:%d: %s", run->scn->path, p->line,
						     error->message);
	}
	g_array_set_size(run->tampers, 0);
}

/* A scenario about bad input that never arrived would pass for nothing. */
static void check_tampers(struct scn_run *run)
{
	if (run->tampers->len && !run->error && !run->failed)
		run->error = g_strdup_printf("%s:%d: no reboot followed that could hand this over",
					     run->scn->path,
					     g_array_index(run->tampers, struct pending_tamper,
							   0).line);
}

/* Threads */

static bool do_statement(struct scn_thread *t)
{
	t->step = begin_step(t);
	t->bound = -1;
	t->result = (struct scn_result){ 0 };
	if (!condition_holds(t->run, t->statement)) {
		skip_step(t->step);
		return true;
	}
	if (!resolve_names(t))
		return false;
	t->statement->verb->run(t);
	if (t->bound >= 0 && t->statement->binds)
		bind_name(t);
	end_step(t->run, t->step, &t->result);
	return t->step->as_expected;
}

static void thread_body(void *arg)
{
	struct scn_thread *t = arg;
	const GPtrArray *statements = t->section->statements;

	while (t->next < statements->len && !t->run->error) {
		t->statement = g_ptr_array_index(statements, t->next++);
		if (!do_statement(t))
			break;
	}
}

static struct scn_process *find_process(struct scn_run *run, const char *name)
{
	struct scn_process *p = g_hash_table_lookup(run->processes, name);

	if (!p) {
		p = g_new0(struct scn_process, 1);
		p->name = name;
		p->objects = g_hash_table_new(g_str_hash, g_str_equal);
		g_hash_table_insert(run->processes, (char *)name, p);
	}
	if (p->boot != run->boot) {
		p->boot = run->boot;
		p->handle = run->target->process(run->target->ctx, name);
	}
	return p;
}

static bool spawn(struct scn_run *run, struct scn_thread *t)
{
	t->process = find_process(run, t->section->process);
	return t->process->handle &&
	       run->target->spawn(run->target->ctx, t->process->handle, t->section->name,
				  thread_body, t);
}

/* Kernels */

static bool boot(struct scn_run *run)
{
	run->boot++;
	return run->target->boot(run->target->ctx, run->boot == 1);
}

/* The step that rebooted never returned: that is its success. */
static void end_reboot_step(struct scn_run *run)
{
	for (unsigned int i = run->steps->len; i-- > 0; ) {
		struct scn_step *step = g_ptr_array_index(run->steps, i);
		struct scn_result ok = { .type = SCN_OUTCOME_OK };

		if (step->state != SCN_STEP_RUNNING || step->boot != run->boot ||
		    step->statement->verb->trait != SCN_TRAIT_REBOOT)
			continue;
		run->reboot_line = step->statement->line;
		end_step(run, step, &ok);
		g_free(step->shown);
		step->shown = g_strdup("kexec");
		return;
	}
}

static void add_threads(struct scn_run *run, unsigned int first, unsigned int end)
{
	g_ptr_array_set_size(run->threads, 0);
	for (unsigned int i = first; i < end; i++) {
		struct scn_thread *t = g_new0(struct scn_thread, 1);

		t->run = run;
		t->target = run->target;
		t->section = g_ptr_array_index(run->scn->sections, i);
		g_ptr_array_add(run->threads, t);
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
		for (unsigned int i = 0; i < run->threads->len; i++)
			if (!spawn(run, g_ptr_array_index(run->threads, i)))
				return SCN_TARGET_STOPPED;
		end = run->target->run(run->target->ctx);
		if (end != SCN_TARGET_KEXEC)
			return end;
		end_reboot_step(run);
		apply_tampers(run);
		if (!boot(run))
			return SCN_TARGET_STOPPED;
	} while (goes_on(run));
	return SCN_TARGET_DONE;
}

static enum scn_target_end run_phases(struct scn_run *run)
{
	enum scn_target_end end = boot(run) ? SCN_TARGET_DONE : SCN_TARGET_STOPPED;

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

bool scn_run_announced(const struct scn_run *run, const char *property)
{
	for (unsigned int i = 0; i < run->scn->finds->len; i++) {
		const struct scn_finding *f = g_ptr_array_index(run->scn->finds, i);

		if (!strcmp(f->property, property))
			return true;
	}
	return false;
}

static bool is_violated(const struct scn_run *run, const char *property)
{
	for (unsigned int i = 0; i < verdict_count(run->verdict); i++)
		if (!strcmp(verdict_at(run->verdict, i)->property->id, property))
			return true;
	return false;
}

const struct scn_finding *scn_run_missed(const struct scn_run *run)
{
	for (unsigned int i = 0; i < run->scn->finds->len; i++) {
		const struct scn_finding *f = g_ptr_array_index(run->scn->finds, i);

		if (!is_violated(run, f->property))
			return f;
	}
	return NULL;
}

/* Steps were as expected: what is left to judge is what the checkers found. */
static enum scn_end judge(const struct scn_run *run)
{
	for (unsigned int i = 0; i < verdict_count(run->verdict); i++)
		if (!scn_run_announced(run, verdict_at(run->verdict, i)->property->id))
			return SCN_END_VIOLATION;
	return scn_run_missed(run) ? SCN_END_MISSED : SCN_END_PASSED;
}

/* Steps that did not return were in the kernel when it ended. */
static void end_running_steps(struct scn_run *run)
{
	for (unsigned int i = 0; i < run->steps->len; i++) {
		struct scn_step *step = g_ptr_array_index(run->steps, i);

		if (step->state == SCN_STEP_RUNNING)
			step->shown = g_strdup("did not return");
	}
}

enum scn_end scn_run_execute(struct scn_run *run)
{
	enum scn_target_end end;

	reset(run);
	end = run_phases(run);
	end_running_steps(run);
	check_tampers(run);
	/* A kernel that did wrong is likely to be why the scenario could not go on. */
	if (run->error && judge(run) != SCN_END_VIOLATION)
		return SCN_END_BROKEN;
	if (end == SCN_TARGET_STOPPED)
		return SCN_END_STOPPED;
	if (run->failed)
		return SCN_END_UNEXPECTED;
	return judge(run);
}

/* Digest */

static void digest_line(GChecksum *sum, const char *text)
{
	g_checksum_update(sum, (const guchar *)(text ? text : ""), -1);
	g_checksum_update(sum, (const guchar *)"\n", 1);
}

char *scn_run_digest(const struct scn_run *run)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	for (unsigned int i = 0; i < run->steps->len; i++) {
		const struct scn_step *step = g_ptr_array_index(run->steps, i);
		g_autofree char *head = g_strdup_printf("%u %s %d", step->boot,
							step->section->name,
							step->statement->line);

		digest_line(sum, head);
		digest_line(sum, step->statement->text);
		digest_line(sum, step->shown);
		digest_line(sum, step->note);
	}
	for (unsigned int i = 0; i < verdict_count(run->verdict); i++) {
		const struct violation *v = verdict_at(run->verdict, i);

		digest_line(sum, v->property->id);
		digest_line(sum, v->seen);
	}
	digest_line(sum, run->error);
	return g_strdup(g_checksum_get_string(sum));
}
