/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_EXPLORER_H
#define _CLI_EXPLORER_H

/** DOC: All orderings of one scenario. */

#include <model/explore_kernel.h>

#include "job.h"

/**
 * struct exploration - what came of exploring a scenario.
 * @job:     the run in which something was found, else the last one
 * @schedule: of that run, NULL if nothing was found
 * @result:  of the search
 * @seconds: of time that it took
 * @missed:  runs in which nothing was found that the scenario announces
 * @out_of_time: the budget ended the search
 */
struct exploration {
	struct job *job;
	struct schedule *schedule;
	struct explore_result result;
	double seconds;
	uint64_t missed;
	bool out_of_time;
};

/**
 * explorer_run() - explore all orderings of the concurrent sections of @job->scn.
 * @budget:  seconds after which to stop, 0 for no limit
 *
 * Return: false and @error if there is no machine for it.
 */
bool explorer_run(struct exploration *exploration, struct machine **machinep,
		  const struct explore_options *options, double budget, GError **error);

/** exploration_clear() - the job stays the caller's. */
void exploration_clear(struct exploration *exploration);

#endif /* _CLI_EXPLORER_H */
