/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_RUN_H
#define _SCENARIOS_RUN_H

/** DOC: What the files that make up the interpreter share. */

#include <model/state.h>
#include <model/tamper.h>

#include "scn.h"
#include "target.h"

/**
 * struct pending_tamper - what is to be done to the next handover.
 * @tamper: the change
 * @line:   that asks for it
 */
struct pending_tamper {
	struct tamper tamper;
	int line;
};

/**
 * struct scn_run - a run.
 * @steps:       transcript
 * @by_index:    step of each statement, NULL while it has none
 * @processes:   name to &struct scn_process
 * @threads:     of the phase
 * @objects:     everything that names stood for
 * @tampers:     of &struct pending_tamper, for the next kexec
 * @before:      state before the call that is being made, if it may be refused
 * @after:       and after it
 * @boot:        number of the kernel
 * @processes_boot: of that in which the processes that deal with others were begun
 * @reboot_line: of the last reboot that succeeded
 * @failed:      the first unexpected step
 * @panicked:    the last kernel panicked while it booted, as it might
 * @error:       why the scenario can't go on
 */
struct scn_run {
	const struct scn *scn;
	const struct scn_target *target;
	struct verdict *verdict;
	GPtrArray *steps;
	struct scn_step **by_index;
	GHashTable *processes;
	GPtrArray *threads;
	GPtrArray *objects;
	GArray *tampers;
	struct state *before;
	struct state *after;
	unsigned int boot;
	unsigned int processes_boot;
	int reboot_line;
	struct scn_step *failed;
	bool panicked;
	char *error;
};

/** scn_thread_body() - does the statements of a &struct scn_thread, on its fiber. */
void scn_thread_body(void *arg);

/** scn_run_break() - the scenario can't go on, because of what is at @line: the first reason. */
void scn_run_break(struct scn_run *run, int line, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/** scn_step_settle() - the step is over. @shown: what it came to, for g_free() */
void scn_step_settle(struct scn_step *step, enum scn_step_state state, char *shown,
		     bool as_expected);
/** scn_step_end() - the step came to @result; judge it. */
void scn_step_end(struct scn_run *run, struct scn_step *step, const struct scn_result *result);

/** scn_process_get() - the process of that name in the running kernel, begun if need be. */
struct scn_process *scn_process_get(struct scn_run *run, const char *name);
/**
 * scn_processes_begin() - begin all processes that others send something to, receive from,
 * kill or start, and connect those that send. Once in each kernel. False if that failed.
 */
bool scn_processes_begin(struct scn_run *run);
void scn_process_free(void *process);

/** scn_step_break() - the step broke the property that its statement names. */
void scn_step_break(struct scn_run *run, const struct scn_step *step);

/** scn_run_judge() - what the checkers' findings mean if all steps were as expected. */
enum scn_end scn_run_judge(const struct scn_run *run);

#endif /* _SCENARIOS_RUN_H */
