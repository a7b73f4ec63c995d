/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_EXPLORER_H
#define _CLI_EXPLORER_H

/** DOC: One scenario in all orders, or in many. */

#include <model/explore_kernel.h>

#include "job.h"
#include "workers.h"

/**
 * struct explorer_options - how to explore.
 * @search: by the engine
 * @random: so many random schedules instead; 0: don't
 * @seed:   for the first of them
 * @rewind: how to go back
 * @budget: seconds after which to stop, 0 for no limit
 * @memory: plain accesses to memory are scheduling points where threads race
 * @list:   print each execution
 * @quiet:  no progress on the terminal
 * @workers: others who may help, or NULL
 */
struct explorer_options {
	struct explore_options search;
	unsigned int random;
	unsigned int seed;
	enum explore_rewind rewind;
	double budget;
	bool memory;
	gboolean list;
	bool quiet;
	struct workers *workers;
};

/** enum explored - how much was explored of a scenario. */
enum explored {
	EXPLORED_ALL,		/* every ordering */
	EXPLORED_BOUNDED,	/* every ordering with a bounded number of preemptions */
	EXPLORED_SAMPLES,	/* random ones */
	EXPLORED_CUT_OFF,	/* what the budget allowed */
	EXPLORED_FOUND,		/* up to where something was found */
	EXPLORED_DIVERGED	/* a run did not repeat itself: no result */
};

/**
 * struct exploration - what came of exploring a scenario.
 * @job:      the run in which something was found, else the last one
 * @options:  the caller's
 * @schedule: of that run, NULL if nothing was found
 * @resume:   saved search to go on with, or NULL; the exploration's
 * @ran:      there was a machine for it
 * @explored: how much
 * @result:   of the search
 * @seconds:  of time that it took
 * @missed:   some run did not find what the scenario announces
 * @met:      some run did, or there is nothing announced and it passed
 * @pinned:   how many executions there should be; 0 if that is not said
 * @unpinned: it should be said
 * @detection: with random schedules: how likely it is that a mistake which one preemption brings
 *            about was seen, at least
 * @hooks:    the image tells of accesses to memory
 * @points:   at memory granularity: what the search found to be points; else NULL
 * @race:     schedule of a run with a data race, at memory granularity; or NULL
 * @raced:    what was a point in it
 * @only_races: nothing else was found: @schedule is that of the race
 * @finding:  what was found, for people, or NULL
 * @story:    the schedule that leads to it, as --schedule takes it, or NULL
 * @again:    command that shows the finding again, or NULL
 */
struct exploration {
	struct job *job;
	const struct explorer_options *options;
	struct schedule *schedule;
	GVariant *resume;
	bool ran;
	enum explored explored;
	struct explore_result result;
	double seconds;
	bool missed;
	bool met;
	uint64_t pinned;
	bool unpinned;
	double detection;
	bool hooks;
	struct points *points;
	struct schedule *race;
	struct points *raced;
	bool only_races;
	char *finding;
	char *story;
	char *again;
};

/**
 * explorer_run() - explore the concurrent sections of @exploration->job->scn.
 *
 * Return: false and @error if there is no machine for it.
 */
bool explorer_run(struct exploration *exploration, struct machine **machinep, GError **error);

/** explorer_again() - a run by @schedule, on @machine; how it ended. */
enum scn_end explorer_again(struct exploration *exploration, struct machine *machine,
			    const struct schedule *schedule);

/** exploration_clear() - the job goes as well. */
void exploration_clear(struct exploration *exploration);

/** exploration_exit() - the exit status that it asks for. */
int exploration_exit(const struct exploration *exploration);

/**
 * exploration_advice() - what to do about it if there is no result; NULL: nothing. g_free() it.
 */
char *exploration_advice(const struct exploration *exploration);

/** exploration_verdict() - in words, how much was explored. */
char *exploration_verdict(const struct exploration *exploration);

#endif /* _CLI_EXPLORER_H */
