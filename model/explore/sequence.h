/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_SEQUENCE_H
#define _MODEL_EXPLORE_SEQUENCE_H

/**
 * DOC: Sequences of events that are to be explored
 *
 * What one race calls for. Events are taken from a sequence as a way through a wakeup
 * tree takes care of them, those of one thread in order.
 */

#include <stdbool.h>
#include <stdint.h>

#include "event.h"

/**
 * struct sequence_item - an event of a sequence.
 * @event: what
 * @clock: what happens before it, itself included
 * @local: its number among the thread's, from 1; G_MAXINT32 for one that was never done,
 *         which comes last
 * @next:  the thread's next item, or SEQUENCE_END
 */
struct sequence_item {
	struct event event;
	const int32_t *clock;
	int32_t local;
	uint32_t next;
};

#define SEQUENCE_END	0xffffffffu

/** struct sequence_use - numbers of events on one object, by their kind. */
struct sequence_use {
	uint32_t shared;
	uint32_t exclusive;
};

/**
 * struct sequence - events, some of them taken.
 * @items, @nr: all of them
 * @left:       how many are not taken
 * @halts:      how many of those are halts
 * @start:      the first that is not taken
 * @head:       of each thread: its first item that is not taken, or SEQUENCE_END
 * @tail:       of each thread: its last item
 * @first:      of each thread: @local of the head, G_MAXINT32 if there is none
 * @use:        of each object: how many events that are not taken touch it
 * @stride:     words of a clock, and of @first
 */
struct sequence {
	struct sequence_item *items;
	unsigned int nr;
	unsigned int capacity;
	unsigned int left;
	unsigned int halts;
	unsigned int start;
	unsigned int stride;
	uint32_t *head;
	uint32_t *tail;
	int32_t *first;
	struct sequence_use *use;
};

void sequence_init(struct sequence *seq, unsigned int stride);
/** sequence_make_room() - for events on @objects objects, where there was for @before. */
void sequence_make_room(struct sequence *seq, uint32_t before, uint32_t objects);
void sequence_destroy(struct sequence *seq);

/** sequence_reset() - empty, with room for @capacity items. */
void sequence_reset(struct sequence *seq, unsigned int capacity);

/** sequence_add() - one more event, at the end. */
void sequence_add(struct sequence *seq, const struct event *event, const int32_t *clock,
		  int32_t local);

/** sequence_head() - the first event of @thread that is not taken, or NULL. */
static inline const struct sequence_item *sequence_head(const struct sequence *seq,
							unsigned int thread)
{
	return seq->head[thread] == SEQUENCE_END ? 0 : &seq->items[seq->head[thread]];
}

/** sequence_has() - whether the @i-th item is not taken. */
static inline bool sequence_has(const struct sequence *seq, unsigned int i)
{
	return i >= seq->head[seq->items[i].event.thread];
}

/** sequence_take() - the head of @thread is taken care of. */
void sequence_take(struct sequence *seq, unsigned int thread);

/**
 * sequence_begins() - whether what is left can begin with an event.
 * @event: the next event of a thread
 *
 * It can if it is the thread's head and nothing left happens before it, or the thread
 * has no event there and this one depends on nothing left (a weak initial).
 */
bool sequence_begins(struct sequence *seq, const struct event *event);

#endif /* _MODEL_EXPLORE_SEQUENCE_H */
