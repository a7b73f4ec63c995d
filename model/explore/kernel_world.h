/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_KERNEL_WORLD_H
#define _MODEL_EXPLORE_KERNEL_WORLD_H

/**
 * DOC: A machine as a world
 *
 * The run is on a fiber of its own; threads stop at each scheduling point and return to it, and it
 * asks the search who goes on: that is kernel_run.c. kernel.c is the search's side.
 *
 * Going back is to go back to a checkpoint, a few steps before where the search wants to be, and to
 * run again from there; or to where threads first run together, the root. Where that is not
 * possible either it is running again from boot.
 */

#include <glib.h>

#include "../driver.h"
#include "../explore_kernel.h"
#include "children.h"
#include "world.h"

struct checkpoints;
struct objects;
struct root;
struct split;

/**
 * struct mark - the state before a step.
 * @dispatches: length of the schedule
 * @late:       the step is of a thread that came too late: its number; else 0
 */
struct mark {
	unsigned int dispatches;
	unsigned int late;
};

/** struct explore_share - a search that others can take part in: @kw is the world that began it. */
struct explore_share {
	const struct kernel_world *kw;
	struct split *split;
};

/**
 * struct kernel_world - a machine that is being explored.
 * @host:     the search's own stack
 * @runner:   the fiber of the run
 * @log:      who went on so far
 * @events:   what each of those did
 * @replayed: how much of the log the run has followed, if it was started again
 * @marks:    one for each step that the search has done
 * @chosen:   who goes on, NULL: nobody can any more
 * @over:     the run has ended
 * @ending:   nobody can go on: who stands before a lock goes to sleep there, to be reported
 * @new_phase: threads that come now run after all that were there before
 * @going:    the thread that goes on, or did last: its number - 1
 * @late:     what threads that came too late stood at
 * @at_root:  the run stands there for the first time
 * @root:     what there was then, NULL: running again begins with a boot
 * @checkpoints: since then, or NULL
 * @in_phase: threads run together
 * @left:     what threads have left, if all have ended
 * @is_left:  that is known
 * @objects:  what the search knows by number
 * @machine_host: the machine's own, for the time after
 * @options:  of the search, and
 * @share:    itself, for others who take part
 * @names:    of threads, by number - 1; they stay from run to run
 * @top:      no thread has a higher number
 * @children: of threads that the kernel spawns: struct child. The first has the number after those
 *            that were announced, and so on
 * @stranger: one that is not among those
 */
struct kernel_world {
	struct world world;
	struct driver driver;
	const struct explore_kernel *what;
	struct explore_result *result;
	struct fiber host;
	struct fiber_pool fibers;
	struct fiber *runner;
	struct event pending[EXPLORE_THREADS_MAX];
	struct machine_thread *thread[EXPLORE_THREADS_MAX];
	unsigned int threads;
	unsigned int top;
	GArray *children;
	struct child stranger;
	const char *names[EXPLORE_THREADS_MAX];
	struct schedule *log;
	GArray *events;
	unsigned int replayed;
	GArray *marks;
	struct machine_thread *chosen;
	unsigned int answer;
	bool over;
	bool ending;
	bool new_phase;
	unsigned int going;
	struct event late[EXPLORE_THREADS_MAX];
	bool at_root;
	struct root *root;
	struct checkpoints *checkpoints;
	bool in_phase;
	struct digest left;
	bool is_left;
	struct objects *objects;
	struct fiber machine_host;
	const struct explore_options *options;
	struct explore_share share;
};

/** kernel_threads() - how many threads the search has to do with. */
static inline unsigned int kernel_threads(const struct kernel_world *kw)
{
	return kw->what->threads + kw->children->len;
}

/* kernel_run.c */

extern const struct driver kernel_driver;

/** kernel_start_run() - from the beginning along the log. */
void kernel_start_run(struct kernel_world *kw);
/** kernel_go_on_from_checkpoint() - along the log from there, or false if there is none. */
bool kernel_go_on_from_checkpoint(struct kernel_world *kw);
/** kernel_go_on() - a thread does its next step, which is logged, up to the one after that. */
void kernel_go_on(struct kernel_world *kw, unsigned int number, unsigned int answer);
/** kernel_finish() - nobody can go on any more: up to the end of the run. */
void kernel_finish(struct kernel_world *kw);
/** kernel_show_late() - after a halt: what those stand at who came too late. */
void kernel_show_late(struct kernel_world *kw);
/** kernel_end_late() - one of them has found that out. */
void kernel_end_late(struct kernel_world *kw, unsigned int thread);

#endif /* _MODEL_EXPLORE_KERNEL_WORLD_H */
