/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_SCHEDULE_H
#define _MODEL_SCHEDULE_H

/**
 * DOC: Schedules
 *
 * Who went on, each time somebody did while threads ran together. Threads are numbered from 1
 * in the order in which they first go on, so that a schedule can be followed in a run of
 * its own: director_new().
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "symbolize.h"

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
 * @names:      of threads, by number - 1, as they were given; NULL: their numbers mean those of
 *              the run
 */
struct schedule {
	GArray *dispatches;
	GPtrArray *names;
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

/**
 * schedule_parse() - from "first:12,second:40,first:3": a thread goes on so many times, and so
 * on. Of threads of one name the N-th of all that begin is "name/N".
 * @error: what is wrong with the text
 */
struct schedule *schedule_parse(const char *text, GError **error);

/**
 * schedule_format() - the same the other way round; g_free() it.
 * @names: of threads, by number - 1; those it does not name are called by their numbers
 */
char *schedule_format(const struct schedule *schedule, const GPtrArray *names);

/**
 * schedule_set_names() - whoever follows it finds threads by these names and not by numbers, so
 * that another than the first may begin.
 * @names: as for schedule_format(), of all threads
 */
void schedule_set_names(struct schedule *schedule, const GPtrArray *names);

/** schedule_stretch() - end of the stretch from @first on in which one thread goes on. */
unsigned int schedule_stretch(const struct schedule *schedule, unsigned int first);

/** schedule_switches() - how many stretches there are, less one. */
unsigned int schedule_switches(const struct schedule *schedule);

/**
 * struct stand - where a thread stands before it goes on.
 * @thread: its number
 * @name:   and name, while the run lasts
 * @op:     what it is about to do, an enum host_op
 * @begins: ... but it only begins now
 * @woken:  ... but it has slept, and was woken
 * @object: to what: told apart from others, no more
 * @path:   the calls that led there
 */
struct stand {
	unsigned int thread;
	const char *name;
	int op;
	bool begins;
	bool woken;
	const volatile void *object;
	struct call_path path;
};

/**
 * struct director - makes a run follow a schedule, as far as that is possible.
 *
 * Where it isn't, or at its end, a thread that can go on does.
 */
struct director;

/** director_new() - @machine follows @schedule from now on, and its path records that. */
struct director *director_new(struct machine *machine, const struct schedule *schedule);

/** director_watch() - call @watch each time before a thread goes on. */
void director_watch(struct director *director,
		    void (*watch)(void *ctx, const struct stand *stand), void *ctx);

/** director_free() - nobody is followed any more. Return: what happened, the caller's. */
struct schedule *director_free(struct director *director);

#endif /* _MODEL_SCHEDULE_H */
