// SPDX-License-Identifier: GPL-2.0
/*
 * What can be known about a scenario before it runs: that its verbs exist, that
 * its names stand for something of the right kind, that its threads don't depend
 * on each other's names.
 */

#include <stdarg.h>
#include <string.h>

#include <model/verdict.h>

#include "check.h"
#include "checker.h"
#include "outcome.h"
#include "verb.h"

bool chk_fail(struct checker *c, int line, const char *format, ...)
{
	const struct scn_repetition *pass = NULL;
	g_autofree char *message = NULL;
	va_list args;

	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	if (c->statement && c->statement->line == line)
		pass = c->statement->repetition;
	g_set_error(c->error, SCN_ERROR, SCN_ERROR_MEANING, "%s:%d: %s%s%s%s", c->scn->path, line,
		    message, pass ? " (with " : "", pass ? pass->text : "", pass ? ")" : "");
	return false;
}

/* Conditions */

static const struct scn_statement *find_step(struct checker *c, const char *name)
{
	const struct scn_section *thread;
	g_autofree char *base = NULL;
	const char *dot = strchr(name, '.');
	uint64_t n;

	if (!dot)
		return g_hash_table_lookup(c->labels, name);
	base = g_strndup(name, dot - name);
	thread = g_hash_table_lookup(c->threads, base);
	if (!thread || !g_ascii_string_to_unsigned(dot + 1, 10, 1, thread->statements->len, &n,
						   NULL))
		return NULL;
	return g_ptr_array_index(thread->statements, n - 1);
}

/* The statements of a section are numbered one after the other. */
static bool is_in(const struct scn_statement *st, const struct scn_section *section)
{
	const struct scn_statement *first;

	if (!section->statements->len)
		return false;
	first = g_ptr_array_index(section->statements, 0);
	return st->index >= first->index && st->index - first->index < section->statements->len;
}

/* A step of a thread that runs at the same time may come before or after. */
static bool runs_before(struct checker *c, const struct scn_statement *st)
{
	const GPtrArray *sections = c->scn->sections;
	unsigned int i = 0;

	if (st->index >= c->statement->index)
		return false;
	for (unsigned int end; i < sections->len; i = end) {
		end = scn_phase_end(c->scn, i);
		for (unsigned int s = i; s < end; s++)
			if (g_ptr_array_index(sections, s) == (void *)c->section)
				goto found;
	}
found:
	if (is_in(st, c->section))
		return true;
	for (; g_ptr_array_index(sections, i) != (void *)c->section; i++) {
		const struct scn_section *s = g_ptr_array_index(sections, i);

		if (is_in(st, s))
			return false;
	}
	return true;
}

static bool check_condition(struct checker *c, struct scn_statement *st)
{
	if (!st->condition_name)
		return true;
	for (unsigned int i = 0; i < st->condition_outcomes.nr; i++)
		if (st->condition_outcomes.item[i].type == SCN_OUTCOME_TEXT ||
		    st->condition_outcomes.item[i].type == SCN_OUTCOME_ZERO)
			return chk_fail(c, st->line, "'if' asks for ok, an errno, a signal or a "
					"number, not for contents");
	st->condition = find_step(c, st->condition_name);
	if (!st->condition)
		return chk_fail(c, st->line, "'if %s': no such step; it is THREAD.NUMBER or a "
				"label", st->condition_name);
	if (!runs_before(c, st->condition))
		return chk_fail(c, st->line, "'if %s': that step (line %d) need not have been done "
				"by then", st->condition_name, st->condition->line);
	return true;
}

/* Statements and sections */

static bool check_verb(struct checker *c, struct scn_statement *st)
{
	const struct scn_verb *near;

	st->verb = scn_verb_find(st->verb_name);
	if (st->verb)
		return true;
	near = scn_verb_nearest(st->verb_name);
	if (near)
		return chk_fail(c, st->line, "unknown verb '%s'; did you mean '%s'?", st->verb_name,
				near->name);
	return chk_fail(c, st->line, "unknown verb '%s'; 'luosim help verbs' lists them",
			st->verb_name);
}

static bool is_definite_reboot(const struct scn_statement *st)
{
	return st->verb->trait == SCN_TRAIT_REBOOT && scn_image(st) != SCN_IMAGE_RETURNS &&
	       !st->condition && st->expected.nr == 1 &&
	       st->expected.item[0].type == SCN_OUTCOME_OK;
}

/* A kernel that panics runs nothing: what would follow could only be missed. */
static bool ends_in_panic(const struct scn_statement *st)
{
	return st->expected.nr == 1 && st->expected.item[0].type == SCN_OUTCOME_PANIC &&
	       !st->condition;
}

static bool check_panic(struct checker *c, const struct scn_statement *st)
{
	if (c->panic_line)
		return chk_fail(c, st->line, "nothing runs after the panic of line %d",
				c->panic_line);
	if (st->verb->trait != SCN_TRAIT_REBOOT && scn_outcomes_allow_panic(&st->expected))
		return chk_fail(c, st->line, "only a reboot can be expected to end in a panic: "
				"that of the next kernel");
	if (ends_in_panic(st) && !c->section->concurrent)
		c->panic_line = st->line;
	return true;
}

static bool check_label(struct checker *c, struct scn_statement *st)
{
	const struct scn_statement *other;

	if (!st->label)
		return true;
	other = g_hash_table_lookup(c->labels, st->label);
	if (other)
		return chk_fail(c, st->line, "label '%s' stands at line %d already", st->label,
				other->line);
	g_hash_table_insert(c->labels, (char *)st->label, st);
	return true;
}

static bool check_statement(struct checker *c, struct scn_statement *st)
{
	g_autofree char *message = NULL;

	c->statement = st;
	if (!check_verb(c, st))
		return false;
	if (!scn_check_arguments(st, &message))
		return chk_fail(c, st->line, "%s", message);
	if (!check_condition(c, st) || !check_label(c, st) || !check_panic(c, st))
		return false;
	if (!check_names(c, st) || !check_items(c, st))
		return false;
	if (st->property && !property_find(st->property))
		return chk_fail(c, st->line, "'by %s': no such property; 'luosim properties' lists "
				"them", st->property);
	return true;
}

static int line_of(const struct scn_section *section, unsigned int i)
{
	const struct scn_statement *st = g_ptr_array_index(section->statements, i);

	return st->line;
}

/* Returns through @ended the line of a thread's reboot: it ends the names for all. */
static bool check_section(struct checker *c, struct scn_section *section, int *ended)
{
	c->section = section;
	if (!chk_section_process(c))
		return false;
	for (unsigned int i = 0; i < section->statements->len; i++) {
		struct scn_statement *st = g_ptr_array_index(section->statements, i);

		if (!check_statement(c, st))
			return false;
		if (chk_ends_itself(c, st) && i + 1 < section->statements->len)
			return chk_fail(c, line_of(section, i + 1), "process '%s' ends at line %d: "
					"nothing follows in this section", section->process,
					st->line);
		if (!is_definite_reboot(st))
			continue;
		if (section->concurrent && i + 1 < section->statements->len)
			return chk_fail(c, line_of(section, i + 1), "a thread ends with its "
					    "kernel; what follows a reboot belongs into a 'then' "
					    "section");
		if (section->concurrent)
			*ended = st->line;
		else
			end_all_names(c, st->line);
	}
	return true;
}

static bool check_thread_name(struct checker *c, struct scn_section *section)
{
	const struct scn_section *other = g_hash_table_lookup(c->threads, section->name);

	if (!section->concurrent)
		return true;
	if (other)
		return chk_fail(c, section->line, "there is a thread '%s' at line %d already",
				section->name, other->line);
	g_hash_table_insert(c->threads, (char *)section->name, section);
	return true;
}

static bool check_sections(struct checker *c)
{
	GPtrArray *sections = c->scn->sections;

	for (unsigned int i = 0, end; i < sections->len; i = end) {
		int ended = 0;

		end = scn_phase_end(c->scn, i);
		c->phase++;
		for (unsigned int s = i; s < end; s++)
			if (!check_thread_name(c, g_ptr_array_index(sections, s)) ||
			    !check_section(c, g_ptr_array_index(sections, s), &ended))
				return false;
		if (!ended && !chk_phase_end(c))
			return false;
		if (ended)
			end_all_names(c, ended);
	}
	return true;
}

static bool check_finds(struct checker *c)
{
	for (unsigned int i = 0; i < c->scn->finds->len; i++) {
		const struct scn_finding *f = g_ptr_array_index(c->scn->finds, i);

		if (!property_find(f->property))
			return chk_fail(c, f->line, "'finds %s': no such property; 'luosim "
					"properties' lists them", f->property);
	}
	return true;
}

unsigned int scn_phase_end(const struct scn *scn, unsigned int first)
{
	unsigned int end = first;

	while (end < scn->sections->len) {
		const struct scn_section *s = g_ptr_array_index(scn->sections, end);

		if (!s->concurrent)
			break;
		end++;
	}
	return MAX(end, first + 1);
}

static void drop_empty_sections(struct scn *scn)
{
	for (unsigned int i = scn->sections->len; i-- > 0; ) {
		struct scn_section *s = g_ptr_array_index(scn->sections, i);

		if (!s->statements->len && !s->concurrent) {
			g_ptr_array_unref(s->statements);
			g_ptr_array_remove_index(scn->sections, i);
		}
	}
}

bool scn_check(struct scn *scn, GError **error)
{
	struct checker c = {
		.scn = scn,
		.names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
		.labels = g_hash_table_new(g_str_hash, g_str_equal),
		.threads = g_hash_table_new(g_str_hash, g_str_equal),
		.tokens = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
		.error = error,
	};
	bool ok;

	drop_empty_sections(scn);
	chk_processes_init(&c);
	ok = check_finds(&c) && check_sections(&c);
	g_hash_table_unref(c.names);
	g_hash_table_unref(c.labels);
	g_hash_table_unref(c.threads);
	g_hash_table_unref(c.tokens);
	chk_processes_destroy(&c);
	return ok;
}
