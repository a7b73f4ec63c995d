/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_JOB_H
#define _CLI_JOB_H

/** DOC: A job is one scenario on one machine, and what came of it. */

#include <glib.h>
#include <model/machine.h>
#include <model/path.h>
#include <model/points.h>
#include <model/verdict.h>
#include <scenarios/scn.h>

/**
 * struct images - kernel images.
 * @old:        path of the first kernel's
 * @next:       path of the later kernels'; may be the same
 * @old_sha256: of the file, in hex
 * @next_sha256: likewise
 * @is_default: none was asked for: the one that was built with luosim
 */
struct images {
	char *old;
	char *next;
	char *old_sha256;
	char *next_sha256;
	bool is_default;
};

/**
 * images_find() - from the options --kernel, --old and --new, each of which may be NULL.
 * @error: what is wrong, with the name of the file
 */
bool images_find(struct images *images, const char *kernel, const char *old, const char *next,
		 GError **error);
/**
 * images_find_undo() - where nobody asked for an image, the same kernel as one that can undo what
 * it does: &host_image.stores. False if there is none.
 */
bool images_find_undo(struct images *images, const struct images *asked);
void images_clear(struct images *images);

/** images_default_hooks() - the one built with luosim that has hooks; g_free() it. */
char *images_default_hooks(void);

/** images_with_hooks() - the same kernel as @image, with hooks; NULL if there is none. */
char *images_with_hooks(const char *image);

/** images_lack_hooks() - set @error to that. Return: false */
bool images_lack_hooks(const struct images *images, GError **error);

/**
 * struct console_line - a line of the kernel's log.
 * @after: number of steps that had begun
 * @level: 0 (emergency) to 7 (debug)
 */
struct console_line {
	unsigned int after;
	int level;
	char *text;
};

/**
 * struct job - a run.
 * @scn:     the scenario; the job's
 * @images:  the caller's
 * @choices: what was decided; recorded choices are followed
 * @verdict: what the checkers found
 * @target:  the machine, as the scenario sees it
 * @run:     the steps
 * @end:     how it ended
 * @boots:   number of kernels
 * @digest:  of transcript and violations
 * @console: of &struct console_line
 * @again:   command that does the same run again
 * @schedule: that the run follows, or NULL; the caller's
 * @points:  accesses to memory that are scheduling points, or NULL; the caller's
 * @dump:    directory for dumps of handovers, or NULL; the caller's
 * @dumps:   written so far
 * @dump_error: why one could not be written, or NULL
 */
struct job {
	struct scn *scn;
	const struct images *images;
	struct path *choices;
	struct verdict *verdict;
	struct scn_target *target;
	struct scn_run *run;
	enum scn_end end;
	unsigned int boots;
	char *digest;
	GPtrArray *console;
	char *again;
	const struct schedule *schedule;
	struct points *points;
	const char *dump;
	unsigned int dumps;
	GError *dump_error;
};

/** job_new() - takes over @scn. */
struct job *job_new(struct scn *scn, const struct images *images);
void job_free(struct job *job);

/** job_prepare() - get ready to run; arguments as of job_execute(). */
bool job_prepare(struct job *job, struct machine **machinep, GError **error);

/**
 * job_move() - what was prepared is prepared anew with other images, the caller's; arguments as of
 * job_execute().
 */
bool job_move(struct job *job, const struct images *images, struct machine **machinep,
	      GError **error);

/** job_finish() - it ran on @machine and will not run again. */
void job_finish(struct job *job, struct machine *machine);

/** job_again() - run, once more, what was prepared; nothing is left of the run before. */
void job_again(struct job *job);

/**
 * job_execute() - run it.
 * @machinep: that of the job before, or NULL. It is used again where it is of the right
 *            kind, and freed where it is not; the caller gets the one that was used
 *
 * Return: false with @error set if there is no machine to run it on.
 */
bool job_execute(struct job *job, struct machine **machinep, GError **error);

/** job_exit() - the exit status that the job asks for. */
int job_exit(const struct job *job);

/** job_verdict() - one word: passed, failed, stopped, broken. */
const char *job_verdict(const struct job *job);

#endif /* _CLI_JOB_H */
