/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_WHERE_H
#define _CLI_WHERE_H

/**
 * DOC: Where each property is checked
 *
 * Nobody writes that down: checkers register what they judge, scenarios are searched for
 * "by" and "finds", tests say what they are about (announced.h).
 */

#include <glib.h>
#include <model/verdict.h>

/**
 * struct where - where one property is checked. Arrays of char *, each name once.
 * @checkers:  files of the checkers that judge it
 * @scenarios: "SUBJECT/NAME"
 * @tests:     tests that are kernel code
 * @planted:   tests that plant a violation of it
 * @awaits:    what is needed to check it in full, or NULL
 */
struct where {
	GPtrArray *checkers;
	GPtrArray *scenarios;
	GPtrArray *tests;
	GPtrArray *planted;
	const char *awaits;
};

/**
 * where_all() - for all properties, by their index; where_free() it.
 * @files: scenarios to look through
 *
 * Return: NULL after a message if one of them can't be read.
 */
struct where *where_all(const GPtrArray *files);
void where_free(struct where *all);

/** where_any() - whether anything checks it. */
bool where_any(const struct where *where);

/** where_list() - "a, b, c and 4 more" for @most = 3; g_free() it. */
char *where_list(const GPtrArray *names, unsigned int most);

#endif /* _CLI_WHERE_H */
