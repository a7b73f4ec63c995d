// SPDX-License-Identifier: GPL-2.0
/*
 * Processes: whether they live where they are used, and what their names stand for when
 * they get a descriptor from another process.
 *
 * What was sent is matched with what is received in order. Where the order can't be known
 * (two threads that send, a condition, an outcome that is left open), a received name
 * stands for anything that was ever sent that way.
 */

#include <string.h>

#include "checker.h"
#include "verb.h"

/**
 * struct chk_process - a process.
 * @end:       line of the statement that ended it, 0 while it lives
 * @end_phase: phase of that
 * @maybe:     whether it ended is known only when it runs
 */
struct chk_process {
	int end;
	unsigned int end_phase;
	bool maybe;
};

/**
 * struct way - what goes from one process to another.
 * @kinds:    of what is under way, the oldest first
 * @all:      of everything that was ever sent
 * @unsure:   @kinds is not certain
 * @sender, @receiver: section that did so last, in phase @send_phase, @receive_phase
 * @owed:     received by a thread, and to be sent by another one of the phase
 * @owed_line: where
 */
struct way {
	GArray *kinds;
	unsigned int all;
	bool unsure;
	const struct scn_section *sender, *receiver;
	unsigned int send_phase, receive_phase;
	unsigned int owed;
	int owed_line;
};

static void free_way(void *p)
{
	struct way *way = p;

	g_array_unref(way->kinds);
	g_free(way);
}

void chk_processes_init(struct checker *c)
{
	c->processes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	c->ways = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_way);
	for (unsigned int i = 0; i < c->scn->sections->len; i++) {
		const struct scn_section *s = g_ptr_array_index(c->scn->sections, i);

		g_hash_table_insert(c->processes, (char *)s->process,
				    g_new0(struct chk_process, 1));
	}
}

void chk_processes_destroy(struct checker *c)
{
	g_hash_table_unref(c->processes);
	g_hash_table_unref(c->ways);
}

void chk_processes_reboot(struct checker *c)
{
	GHashTableIter it;
	void *value;

	g_hash_table_remove_all(c->ways);
	g_hash_table_iter_init(&it, c->processes);
	while (g_hash_table_iter_next(&it, NULL, &value))
		memset(value, 0, sizeof(struct chk_process));
}

static bool is_definite(const struct scn_statement *st)
{
	return !st->condition && st->expected.nr == 1 &&
	       st->expected.item[0].type == SCN_OUTCOME_OK;
}

/* Ended for certain before this phase, or earlier in this section. */
static bool has_ended(const struct checker *c, const struct chk_process *p)
{
	return p->end && !p->maybe && (p->end_phase != c->phase || !c->section->concurrent);
}

/* Ways */

static struct way *find_way(struct checker *c, const char *from, const char *to)
{
	g_autofree char *key = g_strdup_printf("%s %s", from, to);
	struct way *way = g_hash_table_lookup(c->ways, key);

	if (!way) {
		way = g_new0(struct way, 1);
		way->kinds = g_array_new(FALSE, FALSE, sizeof(unsigned int));
		g_hash_table_insert(c->ways, g_steal_pointer(&key), way);
	}
	return way;
}

/* What is under way to a process that ends is lost; if that is not certain, so is the rest. */
static void lose_what_is_under_way(struct checker *c, const char *to, bool certain)
{
	g_autofree char *suffix = g_strdup_printf(" %s", to);
	GHashTableIter it;
	void *key, *value;

	g_hash_table_iter_init(&it, c->ways);
	while (g_hash_table_iter_next(&it, &key, &value)) {
		struct way *way = value;

		if (!g_str_has_suffix(key, suffix))
			continue;
		if (certain)
			g_array_set_size(way->kinds, 0);
		else
			way->unsure = true;
	}
}

static void note_send(struct checker *c, const struct scn_statement *st, struct way *way,
		      unsigned int kinds)
{
	if (way->send_phase == c->phase && way->sender != c->section)
		way->unsure = true;
	way->sender = c->section;
	way->send_phase = c->phase;
	way->all |= kinds;
	if (!is_definite(st))
		way->unsure = true;
	else if (way->owed)
		way->owed--;
	else
		g_array_append_val(way->kinds, kinds);
}

static bool check_send(struct checker *c, const struct scn_statement *st, unsigned int kinds)
{
	const char *to = scn_process_named(st);
	const struct chk_process *p = g_hash_table_lookup(c->processes, to);

	if (!strcmp(to, c->section->process))
		return chk_fail(c, st->line, "'%s' can't send to itself: what it has it has", to);
	if (has_ended(c, p) && is_definite(st))
		return chk_fail(c, st->line, "process '%s' was ended at line %d: nothing can be "
				"sent to it", to, p->end);
	note_send(c, st, find_way(c, c->section->process, to), kinds);
	return true;
}

static bool expects(const struct scn_statement *st, enum scn_outcome_type type)
{
	for (unsigned int i = 0; i < st->expected.nr; i++)
		if (st->expected.item[i].type == type)
			return true;
	return false;
}

static bool fail_nothing_sent(struct checker *c, const struct scn_statement *st)
{
	const struct chk_process *p = g_hash_table_lookup(c->processes, scn_process_named(st));

	if (has_ended(c, p))
		return chk_fail(c, st->line, "process '%s' was ended at line %d, and nothing that "
				"it sent to '%s' is left", scn_process_named(st), p->end,
				c->section->process);
	return chk_fail(c, st->line, "'%s' has sent nothing to '%s' that it could get here: it "
			"would wait for ever", scn_process_named(st), c->section->process);
}

/* Through @kinds what the name stands for. */
static bool take(struct checker *c, const struct scn_statement *st, struct way *way,
		 unsigned int *kinds)
{
	*kinds = way->all ? way->all : SCN_ANY;
	if (way->unsure || !expects(st, SCN_OUTCOME_OK))
		return true;
	if (!is_definite(st)) {
		way->unsure = true;
	} else if (way->kinds->len) {
		*kinds = g_array_index(way->kinds, unsigned int, 0);
		g_array_remove_index(way->kinds, 0);
	} else if (c->section->concurrent) {
		*kinds = SCN_ANY;
		way->owed++;
		way->owed_line = st->line;
	} else {
		return fail_nothing_sent(c, st);
	}
	return true;
}

bool chk_receive(struct checker *c, const struct scn_statement *st, unsigned int *kinds)
{
	const char *from = scn_process_named(st);
	struct way *way;

	if (!strcmp(from, c->section->process))
		return chk_fail(c, st->line, "'%s' can't receive from itself", from);
	way = find_way(c, from, c->section->process);
	if (way->receive_phase == c->phase && way->receiver != c->section)
		way->unsure = true;
	way->receiver = c->section;
	way->receive_phase = c->phase;
	return take(c, st, way, kinds);
}

bool chk_phase_end(struct checker *c)
{
	GHashTableIter it;
	void *key, *value;
	int line = 0;

	g_hash_table_iter_init(&it, c->ways);
	while (g_hash_table_iter_next(&it, &key, &value)) {
		struct way *way = value;

		if (way->owed && !way->unsure && (!line || way->owed_line < line))
			line = way->owed_line;
		way->owed = 0;
	}
	return !line || chk_fail(c, line, "nothing is sent that could be received here: it would "
				 "wait for ever");
}

/* Beginning and end */

static bool check_kill(struct checker *c, const struct scn_statement *st)
{
	const char *name = scn_process_named(st) ?: c->section->process;
	struct chk_process *p = g_hash_table_lookup(c->processes, name);

	if (has_ended(c, p)) {
		if (is_definite(st))
			return chk_fail(c, st->line, "process '%s' was ended at line %d already",
					name, p->end);
		return true;
	}
	if (!expects(st, SCN_OUTCOME_OK))
		return true;
	p->maybe = !is_definite(st);
	p->end = st->line;
	p->end_phase = c->phase;
	lose_what_is_under_way(c, name, !p->maybe && !c->section->concurrent);
	if (!p->maybe && !c->section->concurrent)
		end_names(c, name, st->line);
	return true;
}

static bool check_start(struct checker *c, const struct scn_statement *st)
{
	const char *name = scn_process_named(st);
	struct chk_process *p = g_hash_table_lookup(c->processes, name);

	if (c->section->concurrent)
		return chk_fail(c, st->line, "a process begins again in a 'then' section, not "
				"while threads run");
	if (!p->end)
		return chk_fail(c, st->line, "process '%s' has not ended: it can't begin again",
				name);
	if (!p->maybe)
		end_names(c, name, p->end);
	memset(p, 0, sizeof(*p));
	return true;
}

bool chk_process(struct checker *c, const struct scn_statement *st, unsigned int first_kinds)
{
	const char *name = scn_process_named(st);

	if (name && !g_hash_table_contains(c->processes, name))
		return chk_fail(c, st->line, "there is no process '%s': no section belongs to it",
				name);
	switch (st->verb->trait) {
	case SCN_TRAIT_SEND:
		return check_send(c, st, first_kinds);
	case SCN_TRAIT_KILL:
	case SCN_TRAIT_EXIT:
		return check_kill(c, st);
	case SCN_TRAIT_START:
		return check_start(c, st);
	default:
		return true;
	}
}

bool chk_ends_itself(const struct checker *c, const struct scn_statement *st)
{
	if (!is_definite(st))
		return false;
	return st->verb->trait == SCN_TRAIT_EXIT ||
	       (st->verb->trait == SCN_TRAIT_KILL &&
		!strcmp(scn_process_named(st), c->section->process));
}

bool chk_section_process(struct checker *c)
{
	const struct chk_process *p = g_hash_table_lookup(c->processes, c->section->process);

	if (!p->end || p->maybe || p->end_phase == c->phase)
		return true;
	return chk_fail(c, c->section->line, "process '%s' was ended at line %d; 'start %s' begins "
			"it again", c->section->process, p->end, c->section->process);
}
