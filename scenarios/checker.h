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
 * @processes: name to &struct chk_process
 * @ways:    "FROM TO" to &struct way: what was sent
 * @phase:   number of the phase, from 1
 * @panic_line: of the reboot after which nothing runs, or 0
 */
struct checker {
	struct scn *scn;
	GHashTable *names;
	GHashTable *labels;
	GHashTable *threads;
	GHashTable *tokens;
	GHashTable *processes;
	GHashTable *ways;
	unsigned int phase;
	int panic_line;
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

/** end_names() - @process ended at @line, and what is bound in it. */
void end_names(struct checker *c, const char *process, int line);

/* check_process.c */

void chk_processes_init(struct checker *c);
void chk_processes_destroy(struct checker *c);
/** chk_processes_reboot() - all of them have ended, and can begin again. */
void chk_processes_reboot(struct checker *c);
/** chk_section_process() - whether the process of the section can be there. */
bool chk_section_process(struct checker *c);
/** chk_process() - what @st does to processes; its first name stands for @first_kinds. */
bool chk_process(struct checker *c, const struct scn_statement *st, unsigned int first_kinds);
/** chk_receive() - what the name that @st binds stands for. */
bool chk_receive(struct checker *c, const struct scn_statement *st, unsigned int *kinds);
/** chk_ends_itself() - whether nothing can follow @st in its section. */
bool chk_ends_itself(const struct checker *c, const struct scn_statement *st);
/** chk_phase_end() - whether the threads of the phase got all that they wait for. */
bool chk_phase_end(struct checker *c);

#endif /* _SCENARIOS_CHECKER_H */
