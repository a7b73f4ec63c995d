// SPDX-License-Identifier: GPL-2.0
/* Comparing the states before and after a call that failed. */

#include <errno.h>
#include <string.h>

#include <model/state.h>
#include <model/verdict.h>

#include "outcome.h"
#include "run.h"
#include "thread.h"
#include "uapi.h"
#include "unchanged.h"
#include "verb.h"

/* Changes that a report tells one by one. */
#define SHOWN_MAX	6u

/**
 * struct promise - of what happens when a call fails.
 * @verb:     the call
 * @error:    the errno, 0 for all that are not listed before
 * @property: that says so
 */
static const struct promise {
	const char *verb;
	int error;
	const char *property;
} promises[] = {
	{ "open_liveupdate", EBUSY, "P-01" },
	{ "open_liveupdate", EIO, "P-02" },
	{ "create_session", EEXIST, "P-03" },
	{ "create_session", 0, "P-07" },
	{ "retrieve_session", 0, "P-07" },
	{ "preserve", 0, "P-07" },
	{ "retrieve", 0, "P-07" },
	{ "finish", EBUSY, "P-50" },
	{ "finish", 0, "P-07" },
	{ "get_name", 0, "P-07" },
	{ "ioctl", 0, "P-07" },
	{ "reboot", 0, "P-30" },
	{ "fallocate", EPERM, "P-36" },
	{ "punch_hole", EPERM, "P-31" },
	{ "convert", 0, "P-39" },
};

const char *scn_unchanged_judges(unsigned int i)
{
	return i < G_N_ELEMENTS(promises) ? promises[i].property : NULL;
}

/* A raw call to KVM is another matter. */
static bool is_promised(const struct scn_thread *t)
{
	const struct scn_verb *verb = t->statement->verb;

	return strcmp(verb->name, "ioctl") ||
	       (scn_number(t, "REQUEST", 0) >> 8 & 0xff) != KVM_IOCTL_TYPE;
}

static const char *property_of(const struct scn_thread *t, int error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(promises); i++)
		if (!strcmp(promises[i].verb, t->statement->verb->name) &&
		    (!promises[i].error || promises[i].error == error))
			return is_promised(t) ? promises[i].property : NULL;
	return NULL;
}

/* With others at work it can't be told who changed what. */
static bool is_alone(const struct scn_thread *t)
{
	return !t->section->concurrent || t->run->threads->len == 1;
}

bool scn_unchanged_before(struct scn_thread *t)
{
	const struct scn_outcomes *expected = &t->statement->expected;

	if (!t->target->state || !is_alone(t))
		return false;
	for (unsigned int i = 0; i < expected->nr; i++)
		if (expected->item[i].type == SCN_OUTCOME_ERRNO &&
		    property_of(t, (int)expected->item[i].number))
			return t->target->state(t->target->ctx, t->run->before);
	return false;
}

static void report(struct scn_thread *t, const char *property, const GArray *changes)
{
	const struct scn_statement *st = t->statement;
	g_autofree char *where = g_strdup_printf("%s:%d in %s", t->run->scn->path, st->line,
						 t->section->name);
	g_autofree char *error = scn_result_format(&t->result);
	g_autoptr(GString) text = g_string_new(NULL);

	for (unsigned int i = 0; i < MIN(changes->len, SHOWN_MAX); i++) {
		g_autofree char *change =
			state_change_format(&g_array_index(changes, struct state_change, i));

		g_string_append_printf(text, "%s%s", i ? "; " : "", change);
	}
	if (changes->len > SHOWN_MAX)
		g_string_append_printf(text, "; and %u more", changes->len - SHOWN_MAX);
	verdict_add(t->run->verdict, property, t->step->boot, where, NULL,
		    "\"%s\" failed with %s and yet changed something: %s", st->text, error,
		    text->str);
}

/*
 * What 7.3 itself lets a failed retrieval change, and nothing else (luo_retrieve_file()):
 *  - the first attempt leaves its error with the file, for all later ones (P-46). It used up
 *    what was handed over of that file, as far as it came;
 *  - a file that another one needs was retrieved, or failed, on the way: it stays so.
 *    Retrieved, it holds what an open file holds, except for a descriptor.
 * Nothing of that is there on a second attempt, or if the handler was not asked.
 */
#define RETRIEVED	": retrieved"

static bool is_first_attempt(const struct state_change *change)
{
	return g_str_has_prefix(change->key, "incoming: session ") &&
	       strstr(change->key, "': file 0x") && g_str_has_suffix(change->key, RETRIEVED) &&
	       !change->added && !change->gone && !change->before;
}

/* What comes into being with a file, in sections of the state that are not a file's own. */
static bool comes_with_a_file(const struct state_change *change)
{
	static const char *const keys[] = {
		"files that nobody else may preserve", "guest_memfds", "open files", "inodes",
		"dentries", "module references", "pages in use", "vmalloc areas",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (!strcmp(change->key, keys[i]))
			return change->after > change->before;
	return (g_str_has_prefix(change->key, "VM ") && change->added) ||
	       (g_str_has_prefix(change->key, "objects: ") && change->after > change->before);
}

/* Whether @change is about the file that @attempt is about: same words before the last. */
static bool same_file(const struct state_change *change, const struct state_change *attempt)
{
	size_t len = strlen(attempt->key) - strlen(RETRIEVED) + strlen(": ");

	return change->added && !strncmp(change->key, attempt->key, len);
}

static bool left_by_retrieval(const struct state_change *change, const GArray *changes)
{
	if (is_first_attempt(change))
		return true;
	if (!strcmp(change->key, "pages handed over, not restored"))
		return change->after < change->before;
	for (unsigned int i = 0; i < changes->len; i++) {
		const struct state_change *it =
			&g_array_index(changes, struct state_change, i);

		if (is_first_attempt(it) && it->after == 1 &&
		    (same_file(change, it) || comes_with_a_file(change)))
			return true;
	}
	return false;
}

static bool is_retrieval(const struct scn_thread *t)
{
	const struct scn_verb *verb = t->statement->verb;

	return verb->trait == SCN_TRAIT_RETRIEVE ||
	       (!strcmp(verb->name, "ioctl") &&
		scn_number(t, "REQUEST", 0) == LIVEUPDATE_SESSION_RETRIEVE_FD);
}

/* The handler was asked, for the first time, and it was its error that came back. */
static bool handler_refused(const struct scn_thread *t, const GArray *changes)
{
	for (unsigned int i = 0; i < changes->len; i++) {
		const struct state_change *it =
			&g_array_index(changes, struct state_change, i);

		if (is_first_attempt(it) && (int64_t)it->after == -t->result.number)
			return is_retrieval(t);
	}
	return false;
}

/* The first open of the device reads what was handed over, and keeps what came of it. */
static bool sessions_were_read(const GArray *changes)
{
	for (unsigned int i = 0; i < changes->len; i++)
		if (!strcmp(g_array_index(changes, struct state_change, i).key,
			    "incoming sessions were read"))
			return true;
	return false;
}

static GArray *unexplained(const struct scn_thread *t, const GArray *changes)
{
	bool refused = handler_refused(t, changes);
	GArray *left = g_array_new(FALSE, FALSE, sizeof(struct state_change));

	if (t->result.number == EIO && sessions_were_read(changes))
		return left;
	for (unsigned int i = 0; i < changes->len; i++) {
		const struct state_change *it =
			&g_array_index(changes, struct state_change, i);

		if (!refused || !left_by_retrieval(it, changes))
			g_array_append_val(left, *it);
	}
	return left;
}

void scn_unchanged_after(struct scn_thread *t)
{
	const char *property;
	g_autoptr(GArray) changes = NULL;
	g_autoptr(GArray) left = NULL;

	if (t->result.type != SCN_OUTCOME_ERRNO)
		return;
	property = property_of(t, (int)t->result.number);
	if (!property || !t->target->state(t->target->ctx, t->run->after))
		return;
	verdict_judged(t->run->verdict, JUDGE_CHECKER, property_index(property));
	changes = state_diff(t->run->before, t->run->after);
	left = unexplained(t, changes);
	if (left->len)
		report(t, property, left);
}
