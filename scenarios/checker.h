/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_CHECKER_H
#define _SCENARIOS_CHECKER_H

/** DOC: What the files that make up the check before running share. */

#include "scn.h"

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

/** chk_fail() - set the error, with file and @line; false for the caller to return. */
bool chk_fail(struct checker *c, int line, const char *format, ...) G_GNUC_PRINTF(3, 4);

/** check_names() - the names that @st uses; and what it binds is bound from here on. */
bool check_names(struct checker *c, const struct scn_statement *st);
/** check_items() - the names among the items of a raw call. */
bool check_items(struct checker *c, const struct scn_statement *st);
/** end_all_names() - the reboot at @line ends what is bound. */
void end_all_names(struct checker *c, int line);

#endif /* _SCENARIOS_CHECKER_H */
