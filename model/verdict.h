/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_VERDICT_H
#define _MODEL_VERDICT_H

/**
 * DOC: Properties and violations
 *
 * Every property has an identifier, one sentence and its source (model/properties.c
 * is the only place that says them). A checker that finds a property violated
 * tells the verdict: which one, what was seen, and the source lines on both sides. The
 * verdict also counts how often each was judged: what nobody looked at did not hold.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "digest.h"

/**
 * struct property - one promise of the protocol.
 * @id:       "P-25", or "K-…" for what holds in any kernel (no WARN, no deadlock)
 * @sentence: what is promised
 * @source:   where it is promised
 */
struct property {
	const char *id;
	const char *sentence;
	const char *source;
};

/** property_find() - by identifier; NULL if there is none. */
const struct property *property_find(const char *id);
/** property_at() - the @i-th in the order of the table; NULL past the end. */
const struct property *property_at(unsigned int i);
/** property_awaits() - what luosim lacks to check it in full, or NULL. */
const char *property_awaits(const char *id);
/** PROPERTIES_MAX - there are fewer than that. */
#define PROPERTIES_MAX 128u
/** property_index() - the place of a property that exists in the table. */
unsigned int property_index(const char *id);

/**
 * struct violation - a property that did not hold.
 * @property: which
 * @seen:     what was seen, one sentence
 * @where:    lines "file.c:123 in function()": the step that broke it, its callers
 * @other:    the same for the other side (who preserved, who allocated), or NULL
 * @boot:     in which kernel, from 1
 */
struct violation {
	const struct property *property;
	char *seen;
	char *where;
	char *other;
	unsigned int boot;
};

struct verdict;

struct verdict *verdict_new(void);
void verdict_free(struct verdict *verdict);
/** verdict_clear() - forget everything, counts too, before the next run. */
void verdict_clear(struct verdict *verdict);

/** verdict_save() - see journal.h: the counts. */
void verdict_save(struct verdict *verdict);

/** verdict_digest() - puts in the violations; counts have no effect on anything. */
void verdict_digest(const struct verdict *verdict, struct digest *digest);

/** verdict_add() - record a violation. @where and @other are copied and may be NULL. */
void verdict_add(struct verdict *verdict, const char *property, unsigned int boot,
		 const char *where, const char *other, const char *format, ...)
	G_GNUC_PRINTF(6, 7);

/**
 * verdict_found() - does nothing: debuggers stop here, where something has just been found.
 * @what: in words
 */
void verdict_found(const char *what);

/** enum judge - who judges whether a property holds. */
enum judge {
	JUDGE_CHECKER,		/* a checker that watches the machine */
	JUDGE_STATEMENT,	/* a statement of a scenario, with "by" */
	JUDGES
};

/**
 * verdict_judged() - property @index was looked at, and could have been found violated.
 * Cheap: checkers say so for each page and each call.
 */
void verdict_judged(struct verdict *verdict, enum judge judge, unsigned int index);

/** verdict_judgements() - how often that happened since verdict_clear(). */
uint64_t verdict_judgements(const struct verdict *verdict, enum judge judge,
			    unsigned int index);

/**
 * verdict_checked() - a checker has judged the property with identifier @id, a literal.
 * Its place in the table is looked up once for each line of code that says so.
 */
#define verdict_checked(verdict, id)							\
	do {										\
		static unsigned int found_;						\
		unsigned int place_ = __atomic_load_n(&found_, __ATOMIC_RELAXED);	\
											\
		if (!place_) {								\
			place_ = property_index(id) + 1;				\
			__atomic_store_n(&found_, place_, __ATOMIC_RELAXED);		\
		}									\
		verdict_judged(verdict, JUDGE_CHECKER, place_ - 1);			\
	} while (0)

unsigned int verdict_count(const struct verdict *verdict);
const struct violation *verdict_at(const struct verdict *verdict, unsigned int i);

#endif /* _MODEL_VERDICT_H */
