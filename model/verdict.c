// SPDX-License-Identifier: GPL-2.0
/*
 * The verdict: the list of violations that a run's checkers found, and how often they
 * looked.
 */

#include <string.h>

#include "journal.h"
#include "verdict.h"

struct verdict {
	GPtrArray *violations;
	uint32_t judged[JUDGES][PROPERTIES_MAX];
};

static void violation_free(void *data)
{
	struct violation *violation = data;

	g_free(violation->seen);
	g_free(violation->where);
	g_free(violation->other);
	g_free(violation);
}

struct verdict *verdict_new(void)
{
	struct verdict *verdict = g_new0(struct verdict, 1);

	verdict->violations = g_ptr_array_new_with_free_func(violation_free);
	return verdict;
}

void verdict_free(struct verdict *verdict)
{
	if (!verdict)
		return;
	g_ptr_array_free(verdict->violations, TRUE);
	g_free(verdict);
}

void verdict_clear(struct verdict *verdict)
{
	if (verdict->violations->len)
		journal_ptrs_clear(verdict->violations, violation_free);
	memset(verdict->judged, 0, sizeof(verdict->judged));
}

void verdict_save(struct verdict *verdict)
{
	journal_save(verdict->judged, sizeof(verdict->judged));
}

void verdict_judged(struct verdict *verdict, enum judge judge, unsigned int index)
{
	verdict->judged[judge][index]++;
}

uint64_t verdict_judgements(const struct verdict *verdict, enum judge judge,
			    unsigned int index)
{
	return verdict->judged[judge][index];
}

static bool violation_equal(const struct violation *a, const struct violation *b)
{
	return a->property == b->property && a->boot == b->boot &&
	       !g_strcmp0(a->seen, b->seen) && !g_strcmp0(a->where, b->where) &&
	       !g_strcmp0(a->other, b->other);
}

/* A loop that does the same wrong thing a thousand times is one finding. */
static bool verdict_has(const struct verdict *verdict, const struct violation *violation)
{
	for (unsigned int i = 0; i < verdict->violations->len; i++) {
		if (violation_equal(verdict_at(verdict, i), violation))
			return true;
	}
	return false;
}

__attribute__((noinline)) void verdict_found(const char *what)
{
	/* So that the call is not left out. */
	__asm__ volatile ("" : : "r"(what) : "memory");
}

void verdict_add(struct verdict *verdict, const char *property, unsigned int boot,
		 const char *where, const char *other, const char *format, ...)
{
	struct violation *violation = g_new0(struct violation, 1);
	va_list args;

	violation->property = property_find(property);
	g_assert(violation->property);
	va_start(args, format);
	violation->seen = g_strdup_vprintf(format, args);
	va_end(args);
	violation->where = g_strdup(where);
	violation->other = g_strdup(other);
	violation->boot = boot;
	if (verdict_has(verdict, violation)) {
		violation_free(violation);
		return;
	}
	journal_ptrs_add(verdict->violations, violation);
	verdict_found(violation->seen);
}

void verdict_digest(const struct verdict *verdict, struct digest *digest)
{
	digest_word(digest, verdict->violations->len);
	for (unsigned int i = 0; i < verdict->violations->len; i++) {
		const struct violation *violation = verdict_at(verdict, i);

		digest_text(digest, violation->property->id);
		digest_text(digest, violation->seen);
		digest_text(digest, violation->where);
		digest_text(digest, violation->other);
		digest_word(digest, violation->boot);
	}
}

unsigned int verdict_count(const struct verdict *verdict)
{
	return verdict->violations->len;
}

const struct violation *verdict_at(const struct verdict *verdict, unsigned int i)
{
	return g_ptr_array_index(verdict->violations, i);
}
