/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_BENCH_H
#define _CLI_BENCH_H

#include "job.h"

struct bench;

/** bench_row() - a line of the result; the strings must last. */
void bench_row(struct bench *bench, const char *name, double value, const char *unit,
	       const char *note, unsigned int rounds);

/**
 * bench_scale() - how the time for a session, and for a file, grows with their number.
 *
 * Return: NULL, or what went wrong.
 */
const char *bench_scale(struct bench *bench, const struct images *images);

/** bench_processor_us() - processor time of this process, microseconds. */
double bench_processor_us(void);

/** bench_explore() - how fast orders are explored. Return: NULL, or what went wrong. */
const char *bench_explore(struct bench *bench, const struct images *images);

#endif /* _CLI_BENCH_H */
