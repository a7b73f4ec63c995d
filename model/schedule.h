/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_SCHEDULE_H
#define _MODEL_SCHEDULE_H

/**
 * DOC: Schedules
 *
 * Who went on, each time somebody did while threads ran together. Threads are numbered from 1
 * in the order in which they first go on, so that a schedule can be followed in a run of
 * its own: schedule_direct().
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct machine;

/**
 * struct dispatch - a thread goes on.
 * @thread: its number
 * @answer: where it had asked something: the answer
 */
struct dispatch {
	uint16_t thread;
	uint16_t answer;
};

/**
 * struct schedule - what happened, in order.
 * @dispatches: of struct dispatch
 */
struct schedule {
	GArray *dispatches;
};

struct schedule *schedule_new(void);
struct schedule *schedule_copy(const struct schedule *schedule);
void schedule_free(struct schedule *schedule);

static inline unsigned int schedule_length(const struct schedule *schedule)
{
	return schedule->dispatches->len;
}

static inline struct dispatch *schedule_at(const struct schedule *schedule, unsigned int i)
{
	return &g_array_index(schedule->dispatches, struct dispatch, i);
}

static inline void schedule_add(struct schedule *schedule, struct dispatch dispatch)
{
	g_array_append_val(schedule->dispatches, dispatch);
}

/** schedule_switches() - how often another thread goes on than the one that did last. */
unsigned int schedule_switches(const struct schedule *schedule);

/**
 * struct director - a run that is made to follow a schedule.
 * @watch: called before each dispatch of the schedule, optional; @thread stands at what it
 *         is about to do
 */
struct director;

/** director_new() - @machine follows @schedule from now on, and the path records it. */
struct director *director_new(struct machine *machine, const struct schedule *schedule);

/** director_free() - the path decides again. */
void director_free(struct director *director);

#endif /* _MODEL_SCHEDULE_H */
