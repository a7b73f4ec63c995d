/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_RACE_CLOCK_H
#define _MODEL_RACE_CLOCK_H

/*
 * Vector clocks. A thread's own component counts stretches of it; whoever has synchronised
 * with it knows up to which of them.
 */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Threads that run together. Where there are more, nothing is looked for. */
#define RACE_THREADS	64u

struct clock {
	uint32_t at[RACE_THREADS];
};

/** clock_join() - @clock gets to know what @other knows; @n: number of threads. */
static inline void clock_join(struct clock *clock, const struct clock *other, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (other->at[i] > clock->at[i])
			clock->at[i] = other->at[i];
}

#endif /* _MODEL_RACE_CLOCK_H */
