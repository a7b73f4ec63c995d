/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_POINTS_H
#define _MODEL_POINTS_H

/**
 * DOC: Accesses to memory that are scheduling points
 *
 * Exploring at memory granularity begins with none. Where two threads access the same bytes, one
 * of them writes, and nothing orders the two, those bytes become a point: whoever accesses
 * them from the next run on stops before that. What is a point stays one.
 *
 * Bytes that one access can't but touch together are one object to the search; two accesses
 * that overlap in a point are of one object, others are of different ones.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include <host/host.h>

struct machine;
struct points;

struct points *points_new(void);
void points_free(struct points *points);
struct points *points_copy(const struct points *points);

/** points_count() - how many objects there are. */
unsigned int points_count(const struct points *points);

/**
 * points_name() - a name for memory that does not depend on where it is seen, and means the same
 * in each run. False for what is not the kernel's: programs' own, stacks, constants.
 */
bool points_name(const struct machine *machine, uint64_t *address);

/** points_is_memory() - whether what points_name() named is physical memory: its address. */
bool points_is_memory(const struct machine *machine, uint64_t name);

/** enum points_search - what becomes a point. A data race is a violation only if nothing does. */
enum points_search {
	POINTS_AS_THEY_ARE,	/* nothing */
	POINTS_RACED_FOR,	/* what is raced for */
	POINTS_SHARED		/* what threads share and one of them writes; for comparison */
};

void points_search(struct points *points, enum points_search search);
/** points_searched() - of NULL: nothing. */
enum points_search points_searched(const struct points *points);

/** points_add() - the bytes from @start to @end, names, are a point from the next run on. */
void points_add(struct points *points, uint64_t start, uint64_t end);

/** points_new_ones() - whether points_settle() would change anything. */
bool points_new_ones(const struct points *points);
/** points_settle() - a run is over: what was added counts from now on. */
void points_settle(struct points *points);

/**
 * points_note_race() - for the report.
 * @text: the lines of both sides; each text is kept once
 */
void points_note_race(struct points *points, const char *text);
/** points_races() - those that were noted, of char *. */
const GPtrArray *points_races(const struct points *points);

/** points_format() - as points_parse() reads it; g_free() it. */
char *points_format(const struct points *points);
/** points_parse() - NULL and @error if it is something else. */
struct points *points_parse(const char *text, GError **error);

/** points_filter() - for host_log.points. */
void points_filter(const struct points *points, host_u64 filter[HOST_LOG_FILTER]);

/**
 * points_object() - what an operation on @object is to the search: the object itself, or the
 * first byte of the point that it lies in.
 */
const volatile void *points_object(const struct machine *machine, const volatile void *object);

/** points_touch() - host_ops.touch: the current thread stops if it has to. */
host_size points_touch(struct machine *machine, const volatile void *address, host_size size,
		       unsigned int how);

#endif /* _MODEL_POINTS_H */
