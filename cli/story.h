/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_STORY_H
#define _CLI_STORY_H

/**
 * DOC: How it came to a finding
 *
 * A story is a run by a schedule: where each thread stood each time it went on. It has as few
 * switches between threads as were found to lead to the same finding.
 */

#include <model/schedule.h>

#include "job.h"

/**
 * struct story_step - a thread goes on.
 * @stand: where it stood; without its name
 * @begun: number of statements that had begun by then, of all threads
 */
struct story_step {
	struct stand stand;
	unsigned int begun;
};

/**
 * struct story - the run.
 * @job:      as it ended; its path follows the schedule. The caller's
 * @machine:  it ran on; the caller's
 * @schedule: what happened
 * @steps:    of struct story_step, one for each dispatch
 * @names:    of threads, by number - 1
 */
struct story {
	struct job *job;
	struct machine *machine;
	struct schedule *schedule;
	GArray *steps;
	GPtrArray *names;
};

/**
 * story_new() - tell how the finding of @job comes about.
 * @schedule: that led to it
 *
 * Return: NULL if it does not lead to it again.
 */
struct story *story_new(struct job *job, struct machine *machine,
			const struct schedule *schedule);
void story_free(struct story *story);

/** story_text() - a column for each thread. */
void story_text(GString *out, const struct story *story);

/** story_schedule() - "first:12,second:40,first": what --schedule takes. */
char *story_schedule(const struct story *story);

#endif /* _CLI_STORY_H */
