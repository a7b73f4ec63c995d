/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_RACE_SHADOW_H
#define _MODEL_RACE_SHADOW_H

/*
 * Who has accessed which byte of memory. Of the past, only those accesses are kept that can
 * still be in somebody's way: one makes those before it superfluous that come before it and
 * are in nobody's way that it isn't in itself.
 */

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"

/**
 * struct touch - an access.
 * @clock:  of its thread, its own component
 * @path:   where it was done, as the caller numbers it
 * @next:   another one to the same word, by number
 * @thread: who
 * @bytes:  which bytes of the word, a bit for each
 * @write, @marked, @frees: how
 * @announced: it is marked, and whoever tries orders knows of it
 */
struct touch {
	uint32_t clock;
	uint32_t path;
	uint32_t next;
	uint8_t thread;
	uint8_t bytes;
	bool write : 1;
	bool marked : 1;
	bool frees : 1;
	bool announced : 1;
};

struct shadow;

/**
 * shadow_new() - @race is called for each pair that nothing orders and of which one writes, unless
 * both are announced and begin at the same byte: the old, the new, and where.
 */
struct shadow *shadow_new(void (*race)(void *ctx, const struct touch *old,
				       const struct touch *now, uint64_t address), void *ctx);
void shadow_free(struct shadow *shadow);

/** shadow_clear() - nobody has accessed anything. */
void shadow_clear(struct shadow *shadow);

/**
 * shadow_access() - @size bytes at @address are accessed.
 * @how:   likewise; @next and @bytes are of no matter
 * @clock: what is before it
 */
void shadow_access(struct shadow *shadow, uint64_t address, uint64_t size,
		   const struct touch *how, const struct clock *clock);

/** shadow_visit() - call @visit for each touch that is remembered, and where it was. */
void shadow_visit(struct shadow *shadow,
		  void (*visit)(void *ctx, const struct touch *touch, uint64_t address), void *ctx);

/** shadow_forget() - a new life of that memory begins. */
void shadow_forget(struct shadow *shadow, uint64_t address, uint64_t size);

#endif /* _MODEL_RACE_SHADOW_H */
