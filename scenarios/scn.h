/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_SCN_H
#define _SCENARIOS_SCN_H

/**
 * DOC: Scenarios
 *
 * A scenario is a text file that says what programs do to the kernel, statement
 * by statement, and what each is expected to come to. docs/scenario-language.md
 * teaches the language; this header is what the rest of luosim sees of it:
 *
 *	scn_parse_file()	text to statements, checked as far as that is
 *				possible without running anything
 *	scn_run_new()		a run of those statements on a kernel
 *	scn_run_execute()	does it
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include <model/digest.h>

struct scn_verb;
struct scn_target;
struct verdict;

/** SCN_ERROR - domain of all errors here; messages begin with "FILE:LINE: ". */
#define SCN_ERROR scn_error_quark()
GQuark scn_error_quark(void);

enum scn_error {
	SCN_ERROR_UNREADABLE,	/* the file can't be read, or is not text */
	SCN_ERROR_SYNTAX,	/* not a statement of the language */
	SCN_ERROR_MEANING	/* well formed, but it can't be run */
};

/** enum scn_kind - what a name stands for, as bits so that a set is a mask. */
enum scn_kind {
	SCN_LUO		= 1 << 0,
	SCN_SESSION	= 1 << 1,
	SCN_KVM		= 1 << 2,
	SCN_VM		= 1 << 3,
	SCN_VCPU	= 1 << 4,
	SCN_GMEM	= 1 << 5,
	SCN_MEMFD	= 1 << 6,
	SCN_FILE	= 1 << 7,
	SCN_ANY		= (1 << 8) - 1
};

/** enum scn_value_type - how a value was written. */
enum scn_value_type {
	SCN_VALUE_NUMBER,
	SCN_VALUE_PLACE,	/* PAGE+OFFSET */
	SCN_VALUE_STRING,
	SCN_VALUE_WORD
};

/**
 * struct scn_value - an argument.
 * @type:     how it was written
 * @negative: a number with a minus sign; @number holds its two's complement
 * @number:   the number, or the page of a place
 * @offset:   of a place, bytes into its page
 * @text:     of a string (without its quotes, escapes resolved) or a word
 * @len:      length of @text
 * @next:     what follows after a comma, or NULL
 */
struct scn_value {
	enum scn_value_type type;
	bool negative;
	uint64_t number;
	uint64_t offset;
	const char *text;
	size_t len;
	struct scn_value *next;
};

/**
 * struct scn_argument - a value and what it was given as.
 * @key:   the word before '=', NULL for a positional argument
 * @value: never NULL
 */
struct scn_argument {
	const char *key;
	struct scn_value *value;
};

/** enum scn_outcome_type - what a step can come to. */
enum scn_outcome_type {
	SCN_OUTCOME_OK,
	SCN_OUTCOME_ERRNO,
	SCN_OUTCOME_SIGNAL,
	SCN_OUTCOME_VALUE,	/* the number that the call returned */
	SCN_OUTCOME_TEXT,	/* contents that begin with this */
	SCN_OUTCOME_ZERO,	/* contents that are all zero */
	SCN_OUTCOME_MMIO,	/* the guest touched an address without memory */
	SCN_OUTCOME_EOF,	/* nothing more will come: the other end is closed */
	SCN_OUTCOME_PANIC	/* of a reboot: the next kernel panicked while it booted */
};

/** struct scn_outcome - one of the outcomes after "->" or "if". */
struct scn_outcome {
	enum scn_outcome_type type;
	int64_t number;
	const char *text;
	size_t len;
};

/** SCN_OUTCOMES_MAX - alternatives of one statement. */
#define SCN_OUTCOMES_MAX 8

struct scn_outcomes {
	unsigned int nr;
	const struct scn_outcome *item;
};

/** SCN_PARAMS_MAX - parameters of one verb. */
#define SCN_PARAMS_MAX 9

/**
 * struct scn_repetition - which pass through the "repeat" blocks around it a statement is of.
 * @text:  the numbers: "I=3", or "I=3, J=1" in two blocks
 * @inner: it is neither the first pass nor the last of some block: reports for people
 *         leave it out as long as it goes well
 */
struct scn_repetition {
	const char *text;
	bool inner;
};

/**
 * struct scn_statement - one line that does something.
 * @line:      where it is
 * @repetition: which repetition of that line, NULL outside of blocks
 * @index:     its number in the file, from 0
 * @ordinal:   its number in the section, from 1
 * @text:      as written, without comment and surrounding blanks
 * @label:     before ':', or NULL
 * @binds:     name before '=', or NULL
 * @verb_name: the verb as written
 * @verb:      entry of the table
 * @arguments: of &struct scn_argument, as written
 * @value:     by parameter of @verb; NULL where an optional one was left out
 * @expected:  the outcomes; never empty
 * @condition: statement that "if" refers to, or NULL
 * @condition_name: how it was called
 * @condition_outcomes: one of which it must have had
 * @property:  identifier after "by", or NULL
 */
struct scn_statement {
	int line;
	const struct scn_repetition *repetition;
	unsigned int index;
	unsigned int ordinal;
	const char *text;
	const char *label;
	const char *binds;
	const char *verb_name;
	const struct scn_verb *verb;
	GArray *arguments;
	const struct scn_value *value[SCN_PARAMS_MAX];
	struct scn_outcomes expected;
	const struct scn_statement *condition;
	const char *condition_name;
	struct scn_outcomes condition_outcomes;
	const char *property;
};

/** SCN_DEFAULT_PROCESS - process of sections before the first "process" line. */
#define SCN_DEFAULT_PROCESS "main"

/**
 * struct scn_section - statements done by one thread, one after the other.
 * @line:       where it begins
 * @name:       "setup", "then", or the name of the thread
 * @process:    name of the process
 * @concurrent: a "thread" section: it runs together with adjacent ones
 * @statements: of &struct scn_statement
 */
struct scn_section {
	int line;
	const char *name;
	const char *process;
	bool concurrent;
	GPtrArray *statements;
};

/**
 * struct scn_finding - a property that a scenario violates, and must be found to.
 * @line:     where that is said
 * @property: its identifier
 * @reason:   why it can't be kept here
 */
struct scn_finding {
	int line;
	const char *property;
	const char *reason;
};

/**
 * struct scn - a scenario.
 * @path:       as it was given
 * @source:     the whole text
 * @title:      one line
 * @purpose:    what it shows and why; "" if left out
 * @expect:     what should be seen; "" if left out
 * @finds:      of &struct scn_finding: what the checkers must find
 * @memory:     bytes of physical memory, 0 for the machine's default
 * @nodes:      NUMA nodes, 0 for the machine's default
 * @gmem_conversions: "conversions=gmem": a guest_memfd tracks what of it is private, not
 *              the VM
 * @shmem_huge: when memfds get large folios, NULL for the kernel's default
 * @test_flbs:  FLBs for tests that the kernel is to have
 * @test_files: whether it is to have files for tests, /dev/test_file
 * @sections:   of &struct scn_section, in order
 * @statements: number of statements
 * @memory_pool: pieces of memory with everything that the rest points to
 * @memory_next: what is free of the last piece
 * @memory_left: bytes of that
 */
struct scn {
	char *path;
	char *source;
	char *title;
	char *purpose;
	char *expect;
	GPtrArray *finds;
	uint64_t memory;
	unsigned int nodes;
	bool gmem_conversions;
	const char *shmem_huge;
	unsigned int test_flbs;
	bool test_files;
	GPtrArray *sections;
	unsigned int statements;
	GPtrArray *memory_pool;
	char *memory_next;
	size_t memory_left;
};

/**
 * scn_parse_file() - read, parse and check a scenario.
 * @error: the first thing that is wrong; nothing is returned then
 *
 * What is returned can be run: verbs, names, kinds and properties are known.
 */
struct scn *scn_parse_file(const char *path, GError **error);

/** scn_parse_text() - the same for a text that is not in a file; @path names it. */
struct scn *scn_parse_text(const char *path, const char *text, gssize len, GError **error);
void scn_free(struct scn *scn);

/** scn_cmdline() - command line of the kernels that the scenario runs on; g_free() it. */
char *scn_cmdline(const struct scn *scn);

/** enum scn_step_state - how far a statement has come. */
enum scn_step_state {
	SCN_STEP_RUNNING,	/* it was begun; the kernel ended before it returned */
	SCN_STEP_DONE,
	SCN_STEP_SKIPPED,	/* its condition did not hold */
	SCN_STEP_KILLED,	/* its process was killed before it returned */
	SCN_STEP_BROKEN		/* it could not be tried: see scn_run_error() */
};

/**
 * struct scn_result - what a step came to.
 * @type:   SCN_OUTCOME_OK, _ERRNO, _SIGNAL, _MMIO, _EOF or _PANIC
 * @number: value returned, errno or signal
 * @differs: the step read something else than it was asked for
 * @contents: what was read, NULL if nothing was; the thread's buffer, valid until
 *          its next step
 * @len:    length of @contents
 */
struct scn_result {
	enum scn_outcome_type type;
	int64_t number;
	bool differs;
	const char *contents;
	size_t len;
};

/**
 * struct scn_step - one line of the transcript.
 * @statement: what was done
 * @section:   where it stands
 * @boot:      in which kernel, from 1
 * @state:     how far it came
 * @result:    what it came to, without contents
 * @shown:     the same in words, contents included
 * @note:      what else there is to say about it, or NULL
 * @as_expected: the result is one of the outcomes of the statement
 */
struct scn_step {
	const struct scn_statement *statement;
	const struct scn_section *section;
	unsigned int boot;
	enum scn_step_state state;
	struct scn_result result;
	char *shown;
	char *note;
	bool as_expected;
};

/** enum scn_end - how a run ended, the gravest first. */
enum scn_end {
	SCN_END_BROKEN,		/* the scenario asked for what can't be done */
	SCN_END_STOPPED,	/* the kernel can't go on */
	SCN_END_UNEXPECTED,	/* a step came to something else than expected */
	SCN_END_VIOLATION,	/* every step as expected, but a property was violated */
	SCN_END_MISSED,		/* a violation that the scenario announces was not found */
	SCN_END_PASSED
};

struct scn_run;

/**
 * scn_run_new() - a run of @scn on @target.
 * @verdict: what the checkers of the target found; steps that break the property
 *           named by "by" are added to it. All three are the caller's
 */
struct scn_run *scn_run_new(const struct scn *scn, const struct scn_target *target,
			    struct verdict *verdict);
void scn_run_free(struct scn_run *run);

/**
 * scn_run_execute() - boot, run all phases, close everything, judge.
 *
 * The first unexpected outcome ends its thread, and the run with its phase; what
 * is open is closed and judged all the same. May be called again, from the start.
 */
enum scn_end scn_run_execute(struct scn_run *run);

/** scn_run_save() - see model/journal.h: where the run stands. */
void scn_run_save(struct scn_run *run);

/**
 * scn_run_state() - puts in all of what the run has come to that its end depends on. Return:
 * false if that can't be told.
 */
bool scn_run_state(const struct scn_run *run, struct digest *digest);

/** scn_run_steps() - of &struct scn_step, in the order in which they were begun. */
const GPtrArray *scn_run_steps(const struct scn_run *run);

/** scn_run_first_unexpected() - the step that failed first, or NULL. */
const struct scn_step *scn_run_first_unexpected(const struct scn_run *run);

/** scn_run_done() - whether the statement of that index was begun or skipped. */
bool scn_run_done(const struct scn_run *run, unsigned int index);

/** scn_run_error() - why the end is SCN_END_BROKEN, "FILE:LINE: …"; else NULL. */
const char *scn_run_error(const struct scn_run *run);

/** scn_run_announced() - whether the scenario says that @property is violated by it. */
bool scn_run_announced(const struct scn_run *run, const char *property);

/** scn_run_missed() - an announced violation that was not found, or NULL. */
const struct scn_finding *scn_run_missed(const struct scn_run *run);

/** scn_run_digest() - SHA-256 of transcript and violations, in hex; g_free() it. */
char *scn_run_digest(const struct scn_run *run);

/** scn_outcomes_format() - "ok|EPERM"; g_free() it. */
char *scn_outcomes_format(const struct scn_outcomes *outcomes);

/** scn_verbs_help() - the table of verbs for people; g_free() it. */
char *scn_verbs_help(void);

#endif /* _SCENARIOS_SCN_H */
