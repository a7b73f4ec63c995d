// SPDX-License-Identifier: GPL-2.0
/*
 * Names: whether they are bound, to what, and whether threads that run at the same
 * time depend on each other's.
 */

#include <errno.h>
#include <string.h>

#include "checker.h"
#include "items.h"
#include "outcome.h"
#include "verb.h"

/**
 * struct binding - a name.
 * @kinds:       what it may stand for
 * @line:        where it was bound last
 * @ended:       line of the reboot or of the end of its process, 0 while it lives
 * @with_process: it was its process
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
	bool with_process;
	const struct scn_section *binder;
	unsigned int bind_phase;
	const struct scn_section *user;
	bool many_users;
	unsigned int use_phase;
};

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
		return chk_fail(c, c->statement->line, "'%s' belongs to another process than '%s'",
				name, c->section->process);
	return chk_fail(c, c->statement->line, "'%s' names nothing: it has not been bound", name);
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
		return chk_fail(c, c->statement->line, "'%s' is bound by thread '%s' at line %d, "
				"which runs at the same time", name, b->binder->name, b->line);
	if (b->ended && !scn_outcomes_name_errno(&c->statement->expected, EBADF))
		return chk_fail(c, c->statement->line, "'%s' (line %d) ended with %s at line %d",
				name, b->line, b->with_process ? "its process" : "the old kernel",
				b->ended);
	note_use(c, b);
	*kinds = b->kinds;
	if (b->kinds & p->kinds)
		return true;
	wanted = scn_kind_name(p->kinds);
	found = scn_kind_name(b->kinds);
	return chk_fail(c, c->statement->line, "'%s' needs %s, but '%s' is %s (line %d)",
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
		return chk_fail(c, st->line, "'%s' gives nothing to name; a label is written '%s:'",
				st->verb->name, st->binds);
	if (b && b->bind_phase == c->phase && b->binder != c->section)
		return chk_fail(c, st->line, "'%s' is bound by thread '%s' at line %d, "
				"which runs at the same time", st->binds, b->binder->name, b->line);
	if (b && b->use_phase == c->phase && (b->many_users || b->user != c->section))
		return chk_fail(c, st->line, "'%s' is used by thread '%s', which runs at the same "
				"time", st->binds, b->user->name);
	if (!b) {
		b = g_new0(struct binding, 1);
		g_hash_table_insert(c->names, g_strdup_printf("%s %s", c->section->process,
							      st->binds), b);
	}
	b->kinds = kinds;
	b->line = st->line;
	b->ended = 0;
	b->with_process = false;
	b->binder = c->section;
	b->bind_phase = c->phase;
	return true;
}

bool check_names(struct checker *c, const struct scn_statement *st)
{
	unsigned int kinds[SCN_PARAMS_MAX] = { 0 };
	unsigned int bound;

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
	if (!chk_process(c, st, kinds[0]))
		return false;
	bound = bound_kinds(c, st, kinds[0]);
	if (st->verb->trait == SCN_TRAIT_RECEIVE && !chk_receive(c, st, &bound))
		return false;
	return !st->binds || bind_name(c, st, bound);
}

/* Names among the items of a raw call follow the word "fd". */
bool check_items(struct checker *c, const struct scn_statement *st)
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
				return chk_fail(c, st->line, "%s", message);
			if (scn_item_is_name(v) && !check_name(c, &any, v->next->text, &kinds))
				return false;
		}
	}
	return true;
}

void end_all_names(struct checker *c, int line)
{
	GHashTableIter it;
	void *value;

	g_hash_table_iter_init(&it, c->names);
	while (g_hash_table_iter_next(&it, NULL, &value)) {
		struct binding *b = value;

		if (!b->ended)
			b->ended = line;
	}
	chk_processes_reboot(c);
}

void end_names(struct checker *c, const char *process, int line)
{
	g_autofree char *prefix = g_strdup_printf("%s ", process);
	GHashTableIter it;
	void *key, *value;

	g_hash_table_iter_init(&it, c->names);
	while (g_hash_table_iter_next(&it, &key, &value)) {
		struct binding *b = value;

		if (b->ended || !g_str_has_prefix(key, prefix))
			continue;
		b->ended = line;
		b->with_process = true;
	}
}
