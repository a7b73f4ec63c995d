/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_RACE_SYNC_H
#define _MODEL_RACE_SYNC_H

/*
 * What orders threads: their clocks, and the clocks of the objects by which they synchronise.
 */

#include <glib.h>

#include <host/host.h>

#include "clock.h"

/**
 * struct sync_thread - what is before whatever a thread does next.
 * @clock:   that
 * @fenced:  what is before any store of it since its last write barrier
 * @loaded:  what will be before it after its next read barrier
 * @waking:  what was before those who have woken it
 * @saved:   @clock before a callback began that does not belong to the thread
 */
struct sync_thread {
	struct clock clock;
	struct clock fenced;
	struct clock loaded;
	struct clock waking;
	struct clock saved;
};

/**
 * struct syncs - all threads and objects.
 * @thread:  by number
 * @threads: their number
 * @objects: by address
 * @pool:    struct sync_object, those of them in use first
 * @used:    number of those
 */
struct syncs {
	struct sync_thread thread[RACE_THREADS];
	unsigned int threads;
	GHashTable *objects;
	GPtrArray *pool;
	unsigned int used;
};

void syncs_init(struct syncs *syncs);
void syncs_destroy(struct syncs *syncs);
/** syncs_clear() - no threads, no objects. */
void syncs_clear(struct syncs *syncs);

/** syncs_add() - one more thread; its number. There is room. */
unsigned int syncs_add(struct syncs *syncs);

/** syncs_do() - thread @self does @kind, a HOST_SYNC_*, to @object. */
void syncs_do(struct syncs *syncs, unsigned int self, enum host_access_kind kind,
	      uint64_t object);

/** syncs_tell() - whatever @from has done comes before what @to does next. */
void syncs_tell(struct syncs *syncs, unsigned int from, unsigned int to);

/** syncs_wake() - the same for what @to does once it has slept. */
void syncs_wake(struct syncs *syncs, unsigned int from, unsigned int to);
/** syncs_awake() - @self has slept. */
void syncs_awake(struct syncs *syncs, unsigned int self);

#endif /* _MODEL_RACE_SYNC_H */
