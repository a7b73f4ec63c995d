/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_KERNEL_H
#define _MODEL_EXPLORE_KERNEL_H

/**
 * DOC: Exploring all orderings of what runs on a machine
 *
 * Where several threads run on a machine at once, each Mazurkiewicz trace of their steps is
 * explored: a step leads from one scheduling point of the kernel to the next.
 */

#include "explore.h"
#include "schedule.h"

struct machine;

/**
 * struct explore_kernel - what is explored.
 * @machine: no driver may decide for it
 * @threads: that take part in one run, at most; up to EXPLORE_THREADS_MAX
 * @run:     boots the machine and does all that belongs to one run. It is called again and
 *           again, and left in the middle; so what it needs it must not own by its stack
 * @ended:   a run has come to its end by @schedule. False ends the search
 * @ctx:     for both
 */
struct explore_kernel {
	struct machine *machine;
	unsigned int threads;
	void (*run)(void *ctx);
	bool (*ended)(void *ctx, const struct schedule *schedule);
	void *ctx;
};

/**
 * explore_kernel_run() - explore all orderings.
 *
 * Return: as explore_run(). &explore_result.diverged is set, and the search ends, if a run did
 * not repeat itself.
 */
struct explore_result explore_kernel_run(const struct explore_kernel *what,
					 const struct explore_options *options);

#endif /* _MODEL_EXPLORE_KERNEL_H */
