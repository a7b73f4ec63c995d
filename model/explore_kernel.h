/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_KERNEL_H
#define _MODEL_EXPLORE_KERNEL_H

/**
 * DOC: Exploring all orderings of what runs on a machine
 *
 * Where several threads run on a machine at once, each Mazurkiewicz trace of their steps is
 * explored: a step leads from one scheduling point of the kernel to the next.
 */

#include "digest.h"
#include "explore.h"
#include "schedule.h"

struct explore_share;
struct machine;

/** enum explore_rewind - how to go back to where an execution branches. */
enum explore_rewind {
	EXPLORE_REWIND_STEPS,	/* to a few steps before, or as below */
	EXPLORE_REWIND_CHECKED,	/* likewise, and see each time that memory is as it was */
	EXPLORE_REWIND_ROOT,	/* to where threads first run together, or as below */
	EXPLORE_REWIND_BOOT	/* by running again from boot; any tool can follow that */
};

/**
 * struct explore_kernel - what is explored.
 * @machine: no driver may decide for it
 * @threads: that take part in one run, at most; up to EXPLORE_THREADS_MAX
 * @run:     boots the machine and does all that belongs to one run. It is called again and
 *           again, and left in the middle; so what it needs it must not own by its stack
 * @save:    notes for the thread's journal all that a run changes without its knowledge (see
 *           journal.h). It may end anywhere, and go on where this was called
 * @state:   puts in all of what a run has come to, once no thread is left, that its end depends
 *           on; false if it can't tell. NULL: each run is done to its end
 * @outcome: what there is to know of a run that has ended
 * @skip:    a run that has come to the same @state came to this outcome: it is left where it is
 * @ended:   a run has come to its end by @schedule; @result is that of the search so far
 * @share:   with &explore_options.jobs, where much is to be explored: other threads of the host
 *           may take part from now on, with explore_kernel_help(). NULL: nobody will
 * @unshare: ... no longer; returns once nobody does any more
 * @again:   the search begins again, with more points (points.h); optional
 * @ctx:     for all of them
 * @rewind:  not for explore_kernel_sample()
 */
struct explore_kernel {
	struct machine *machine;
	unsigned int threads;
	void (*run)(void *ctx);
	enum explore_next (*ended)(void *ctx, const struct schedule *schedule,
				   const struct explore_result *result);
	void (*again)(void *ctx);
	void (*save)(void *ctx);
	bool (*state)(void *ctx, struct digest *digest);
	unsigned int (*outcome)(void *ctx);
	void (*skip)(void *ctx, unsigned int outcome);
	void (*share)(void *ctx, struct explore_share *share);
	void (*unshare)(void *ctx, struct explore_share *share);
	void *ctx;
	enum explore_rewind rewind;
};

/**
 * explore_kernel_help() - take part in a search until it is over.
 * @what: the same runs, on a machine of its own of the same kind, which belongs to this thread of
 *        the host; @share and @unshare are not called. What @ended wants is done where the search
 *        comes to that execution; if that is to stop, the one who began it does it once more
 */
void explore_kernel_help(const struct explore_kernel *what, struct explore_share *share);

/**
 * explore_kernel_run() - explore all orderings.
 *
 * At memory granularity, where machine_set_points() has set points that are searched for, a run
 * that finds a new one ends the search, and another begins, until there are no more.
 *
 * A search that was saved can go on in another process, with the same image and the same runs.
 *
 * Return: as explore_run(). &explore_result.diverged is set, and the search ends, if a run did
 * not repeat itself.
 */
struct explore_result explore_kernel_run(const struct explore_kernel *what,
					 const struct explore_options *options);

/**
 * explore_kernel_sample() - random orderings, by probabilistic concurrency testing.
 * @runs: how many
 * @seed: of the first; that of the n-th is @seed + n
 * @detection: how likely it is that an ordering was met in which a thread is stopped at one
 *        particular step until others have gone on, at least
 *
 * Threads have random priorities, and at a few random steps the one that runs gets the lowest:
 * with n threads and k steps a mistake that takes d such orders is met in each run with a
 * probability of at least 1/(n k^(d-1)). (Burckhardt, Kothari, Musuvathi, Nagarakatte: A
 * Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010.)
 *
 * Return: as explore_kernel_run(); never complete.
 */
struct explore_result explore_kernel_sample(const struct explore_kernel *what,
					    unsigned int runs, unsigned int seed,
					    double *detection);

#endif /* _MODEL_EXPLORE_KERNEL_H */
