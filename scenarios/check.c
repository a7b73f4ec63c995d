// SPDX-License-Identifier: GPL-2.0
/*
 * What can be known about a scenario before it runs: that its verbs exist, that
 * its names stand for something of the right kind, that its threads don't depend
 * on each other's names.
 */

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include <model/verdict.h>

#include "check.h"
#include "items.h"
#include "outcome.h"
#include "verb.h"

/**
 * struct binding - a name.
 * @kinds:       what it may stand for
 * @line:        where it was bound last
 * @ended:       line of the reboot that ended it, 0 while it lives
 * @binder:      section that bound it, if that was in phase @bind_phase
 * @bind_phase:  phase of the last binding
 * @user:        first section that used it in phase @use_phase
 * @many_users:  others did, too
 * @use_phase:   phase of the last use
 */
struct binding {
	unsigned int kinds;
	int line;
	int ended;
	const struct scn_section *binder;
	unsigned int bind_phase;
	const struct scn_section *user;
	bool many_users;
	unsigned int use_phase;
};

/**
 * struct checker - what has been seen so far.
 * @names:   "PROCESS NAME" to &struct binding
 * @labels:  label to statement
 * @threads: name to section, of all threads of the file
 * @tokens:  token to the kinds that were preserved under it
 * @phase:   number of the phase, from 1
 */
struct checker {
	struct scn *scn;
	GHashTable *names;
	GHashTable *labels;
	GHashTable *threads;
	GHashTable *tokens;
	unsigned int phase;
	const struct scn_section *section;
	const struct scn_statement *statement;
	GError **error;
};

G_GNUC_PRINTF(3, 4)
static bool fail(struct checker *c, int line, const char *format, ...)
{
	g_autofree char *message = NULL;
	va_list args;

	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(c->error, SCN_ERROR, SCN_ERROR_MEANING, "%s:%d: %s", c->scn->path, line,
		    message);
	return false;
}

/* Names */

static struct binding *find_binding(struct checker *c, const char *name)
{
	g_autofree char *key = g_strdup_printf("%s %s", c->section->process, name);

	return g_hash_table_lookup(c->names, key);
}

static bool bound_elsewhere(struct checker *c, const char *name)
{
	GHashTableIter it;
	void *key;
	g_autofree char *suffix = g_strdup_printf(" %s", name);

	g_hash_table_iter_init(&it, c->names);
	while (g_hash_table_iter_next(&it, &key, NULL))
		if (g_str_has_suffix(key, suffix))
			return true;
	return false;
}

static bool fail_unbound(struct checker *c, const char *name)
{
	if (bound_elsewhere(c, name))
		return fail(c, c->statement->line, "'%s' belongs to another process than '%s'",
			    name, c->section->process);
	return fail(c, c->statement->line, "'%s' names nothing: it has not been bound", name);
}

static void note_use(struct checker *c, struct binding *b)
{
	if (b->use_phase != c->phase) {
		b->use_phase = c->phase;
		b->user = c->section;
		b->many_users = false;
	} else if (b->user != c->section) {
		b->many_users = true;
	}
}

static bool check_name(struct checker *c, const struct scn_param *p, const char *name,
		       unsigned int *kinds)
{
	struct binding *b = find_binding(c, name);
	g_autofree char *wanted = NULL;
	g_autofree char *found = NULL;

	if (!b)
		return fail_unbound(c, name);
	if (b->bind_phase == c->phase && b->binder != c->section)
		return fail(c, c->statement->line, "'%s' is bound by thread '%s' at line %d, "
			    "which runs at the same time", name, b->binder->name, b->line);
	if (b->ended && !scn_outcomes_name_errno(&c->statement->expected, EBADF))
		return fail(c, c->statement->line, "'%s' (line %d) ended with the old kernel "
			    "at line %d", name, b->line, b->ended);
	note_use(c, b);
	*kinds = b->kinds;
	if (b->kinds & p->kinds)
		return true;
	wanted = scn_kind_name(p->kinds);
	found = scn_kind_name(b->kinds);
	return fail(c, c->statement->line, "'%s' needs %s, but '%s' is %s (line %d)",
		    c->statement->verb->name, wanted, name, found, b->line);
}

static unsigned int token_kinds(struct checker *c, uint64_t token)
{
	unsigned int kinds = GPOINTER_TO_UINT(g_hash_table_lookup(c->tokens, &token));

	return kinds ? kinds : SCN_ANY;
}

static void note_preserve(struct checker *c, uint64_t token, unsigned int kinds)
{
	uint64_t *key = g_new(uint64_t, 1);

	*key = token;
	kinds |= GPOINTER_TO_UINT(g_hash_table_lookup(c->tokens, &token));
	g_hash_table_replace(c->tokens, key, GUINT_TO_POINTER(kinds));
}

static const struct scn_value *value_of(const struct scn_statement *st, const char *param)
{
	for (int i = 0; st->verb->params[i].type; i++)
		if (!strcmp(st->verb->params[i].name, param))
			return st->value[i];
	return NULL;
}

static unsigned int open_kind(const struct scn_statement *st)
{
	const char *path = value_of(st, "PATH")->text;

	if (!strcmp(path, "/dev/liveupdate"))
		return SCN_LUO;
	return strcmp(path, "/dev/kvm") ? SCN_FILE : SCN_KVM;
}

static unsigned int bound_kinds(struct checker *c, const struct scn_statement *st,
				unsigned int first_kinds)
{
	switch (st->verb->trait) {
	case SCN_TRAIT_RETRIEVE:
		return token_kinds(c, value_of(st, "token")->number);
	case SCN_TRAIT_DUP:
		return first_kinds;
	case SCN_TRAIT_OPEN:
		return open_kind(st);
	default:
		return st->verb->binds;
	}
}

static bool bind_name(struct checker *c, const struct scn_statement *st, unsigned int kinds)
{
	struct binding *b = find_binding(c, st->binds);

	if (!st->verb->binds)
		return fail(c, st->line, "'%s' gives nothing to name; a label is written '%s:'",
			    st->verb->name, st->binds);
	if (b && b->bind_phase == c->phase && b->binder != c->section)
		return fail(c, st->line, "'%s' is bound by thread '%s' at line %d, "
			    "which runs at the same time", st->binds, b->binder->name, b->line);
	if (b && b->use_phase == c->phase && (b->many_users || b->user != c->section))
		return fail(c, st->line, "'%s' is used by thread '%s', which runs at the same "
			    "time", st->binds, b->user->name);
	if (!b) {
		b = g_new0(struct binding, 1);
		g_hash_table_insert(c->names, g_strdup_printf("%s %s", c->section->process,
							      st->binds), b);
	}
	b->kinds = kinds;
	b->line = st->line;
	b->ended = 0;
	b->binder = c->section;
	b->bind_phase = c->phase;
	return true;
}

static bool check_names(struct checker *c, const struct scn_statement *st)
{
	unsigned int kinds[SCN_PARAMS_MAX] = { 0 };

	for (int i = 0; st->verb->params[i].type; i++) {
		const struct scn_param *p = &st->verb->params[i];
		const struct scn_value *v = st->value[i];

		kinds[i] = SCN_ANY;
		if (p->type != SCN_PARAM_FD || !v || v->type != SCN_VALUE_WORD)
			continue;
		if (!check_name(c, p, v->text, &kinds[i]))
			return false;
	}
	if (st->verb->trait == SCN_TRAIT_PRESERVE)
		note_preserve(c, value_of(st, "token")->number, kinds[1]);
	return !st->binds || bind_name(c, st, bound_kinds(c, st, kinds[0]));
}

/* Names among the items of a raw call follow the word "fd". */
static bool check_items(struct checker *c, const struct scn_statement *st)
{
	static const struct scn_param any = { .name = "fd", .kinds = SCN_ANY };
	g_autofree char *message = NULL;
	unsigned int kinds;

	for (int i = 0; st->verb->params[i].type; i++) {
		if (st->verb->params[i].type != SCN_PARAM_ITEMS || !st->value[i])
			continue;
		for (const struct scn_value *v = st->value[i]; v; v = scn_item_next(v)) {
			message = scn_item_check(v);
			if (message)
				return fail(c, st->line, "%s", message);
			if (scn_item_is_name(v) && !check_name(c, &any, v->next->text, &kinds))
				return false;
		}
	}
	return true;
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
	if (g_ptr_array_find(c->section->statements, st, NULL))
		return true;
	for (; g_ptr_array_index(sections, i) != (void *)c->section; i++) {
		const struct scn_section *s = g_ptr_array_index(sections, i);

		if (g_ptr_array_find(s->statements, st, NULL))
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
			return fail(c, st->line, "'if' asks for ok, an errno, a signal or a "
				    "number, not for contents");
	st->condition = find_step(c, st->condition_name);
	if (!st->condition)
		return fail(c, st->line, "'if %s': no such step; it is THREAD.NUMBER or a label",
			    st->condition_name);
	if (!runs_before(c, st->condition))
		return fail(c, st->line, "'if %s': that step (line %d) need not have been done "
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
		return fail(c, st->line, "unknown verb '%s'; did you mean '%s'?", st->verb_name,
			    near->name);
	return fail(c, st->line, "unknown verb '%s'; 'luosim help verbs' lists them",
		    st->verb_name);
}

static bool is_definite_reboot(const struct scn_statement *st)
{
	return st->verb->trait == SCN_TRAIT_REBOOT && !st->condition && st->expected.nr == 1 &&
	       st->expected.item[0].type == SCN_OUTCOME_OK;
}

static void end_all_names(struct checker *c, int line)
{
	GHashTableIter it;
	void *value;

	g_hash_table_iter_init(&it, c->names);
	while (g_hash_table_iter_next(&it, NULL, &value)) {
		struct binding *b = value;

		if (!b->ended)
			b->ended = line;
	}
}

static bool check_label(struct checker *c, struct scn_statement *st)
{
	const struct scn_statement *other;

	if (!st->label)
		return true;
	other = g_hash_table_lookup(c->labels, st->label);
	if (other)
		return fail(c, st->line, "label '%s' stands at line %d already", st->label,
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
		return fail(c, st->line, "%s", message);
	if (!check_condition(c, st) || !check_label(c, st))
		return false;
	if (!check_names(c, st) || !check_items(c, st))
		return false;
	if (st->property && !property_find(st->property))
		return fail(c, st->line, "'by %s': no such property; 'luosim properties' lists "
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
	for (unsigned int i = 0; i < section->statements->len; i++) {
		struct scn_statement *st = g_ptr_array_index(section->statements, i);

		if (!check_statement(c, st))
			return false;
		if (!is_definite_reboot(st))
			continue;
		if (section->concurrent && i + 1 < section->statements->len)
			return fail(c, line_of(section, i + 1), "a thread ends with its kernel; what follows "
				    "a reboot belongs into a 'then' section");
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
		return fail(c, section->line, "there is a thread '%s' at line %d already",
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
			return fail(c, f->line, "'finds %s': no such property; 'luosim "
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
	ok = check_finds(&c) && check_sections(&c);
	g_hash_table_unref(c.names);
	g_hash_table_unref(c.labels);
	g_hash_table_unref(c.threads);
	g_hash_table_unref(c.tokens);
	return ok;
}
