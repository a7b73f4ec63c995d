// SPDX-License-Identifier: GPL-2.0
/*
 * Statements of one thread, step by step: condition, names, the verb, the result. This
 * runs on the thread's fiber.
 */

#include <errno.h>

#include <model/journal.h>
#include <model/verdict.h>

#include "items.h"
#include "outcome.h"
#include "run.h"
#include "thread.h"
#include "unchanged.h"
#include "verb.h"

static struct scn_step *begin_step(struct scn_thread *t)
{
	struct scn_step *step = g_new0(struct scn_step, 1);

	step->statement = t->statement;
	step->section = t->section;
	step->boot = t->run->boot;
	journal_ptrs_add(t->run->steps, step);
	journal_set(t->run->by_index[t->statement->index], step);
	return step;
}

void scn_step_settle(struct scn_step *step, enum scn_step_state state, char *shown,
		     bool as_expected)
{
	journal_save(step, sizeof(*step));
	journal_string(&step->shown, shown);
	step->state = state;
	step->as_expected = as_expected;
}

void scn_step_break(struct scn_run *run, const struct scn_step *step)
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

void scn_step_end(struct scn_run *run, struct scn_step *step, const struct scn_result *result)
{
	const struct scn_statement *st = step->statement;

	scn_step_settle(step, SCN_STEP_DONE, scn_result_format(result),
			scn_outcomes_hold(&st->expected, result));
	step->result = *result;
	step->result.contents = NULL;
	if (st->property)
		verdict_judged(run->verdict, JUDGE_STATEMENT, property_index(st->property));
	if (step->as_expected)
		return;
	if (!run->failed)
		run->failed = step;
	verdict_found(st->text);
	if (st->property)
		scn_step_break(run, step);
}

static void skip_step(struct scn_step *step)
{
	const struct scn_statement *st = step->statement;
	g_autofree char *wanted = scn_outcomes_format(&st->condition_outcomes);

	scn_step_settle(step, SCN_STEP_SKIPPED, g_strdup("skipped"), true);
	journal_string(&step->note, g_strdup_printf("%s was not %s", st->condition_name, wanted));
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

static bool is_bound(const struct scn_thread *t, const struct scn_object *object)
{
	return object && object->boot == t->run->boot && object->life == t->process->life;
}

static void break_run(struct scn_thread *t, const char *name, const struct scn_object *object)
{
	const struct scn_repetition *pass = t->statement->repetition;
	struct scn_run *run = t->run;
	g_autofree char *why = NULL;

	if (object && object->boot == run->boot)
		why = g_strdup("it ended with its process");
	else if (object)
		why = g_strdup_printf("it ended with the old kernel at line %d", run->reboot_line);
	else
		why = g_strdup("the statement that binds it was not done, or failed");
	scn_step_settle(t->step, SCN_STEP_BROKEN, g_strdup("not possible"), false);
	journal_string(&t->step->note, g_strdup_printf("no descriptor '%s'", name));
	scn_run_break(run, t->statement->line, "no such descriptor as '%s': %s%s%s%s", name, why,
		      pass ? " (with " : "", pass ? pass->text : "", pass ? ")" : "");
}

/* A name that ended is an invalid descriptor to whoever expects EBADF. */
static bool resolve_name(struct scn_thread *t, const char *name, struct scn_object **objectp)
{
	struct scn_object *object = g_hash_table_lookup(t->process->objects, name);

	*objectp = NULL;
	if (is_bound(t, object))
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

static const struct journal_table_type plain = { 0 };

static void bind_name(struct scn_thread *t)
{
	struct scn_object *object = g_new0(struct scn_object, 1);

	object->fd = t->bound;
	object->boot = t->run->boot;
	object->life = t->process->life;
	object->line = t->statement->line;
	journal_ptrs_add(t->run->objects, object);
	journal_table_put(t->process->objects, &plain, (char *)t->statement->binds, object);
}

/* Threads */

static bool do_statement(struct scn_thread *t)
{
	bool compare;

	t->step = begin_step(t);
	t->bound = -1;
	t->result = (struct scn_result){ 0 };
	if (!condition_holds(t->run, t->statement)) {
		skip_step(t->step);
		return true;
	}
	if (!resolve_names(t))
		return false;
	compare = scn_unchanged_before(t);
	t->statement->verb->run(t);
	if (t->step->state == SCN_STEP_BROKEN)
		return false;
	if (compare)
		scn_unchanged_after(t);
	if (t->bound >= 0 && t->statement->binds)
		bind_name(t);
	scn_step_end(t->run, t->step, &t->result);
	t->page_used = t->wanted_used = 0;
	return t->step->as_expected;
}

void scn_thread_body(void *arg)
{
	struct scn_thread *t = arg;
	const GPtrArray *statements = t->section->statements;

	while (t->next < statements->len && !t->run->error) {
		t->statement = g_ptr_array_index(statements, t->next++);
		if (!do_statement(t))
			break;
	}
}
