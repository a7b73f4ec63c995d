// SPDX-License-Identifier: GPL-2.0
/*
 * The exploration engine on programs whose number of traces is known: processor time for
 * all of them and for one step, and the memory that it took.
 */

#include <model/explore.h>
#include <model/explore/classics.h>

#include "bench.h"

static const struct classic {
	struct explore_program (*make)(unsigned int n);
	unsigned int n;
	uint64_t traces;
	const char *name[4];
	const char *note;
} classics[] = {
	{ classic_readers, 13, 8192,
	  { "readers13", "readers13.executions", "readers13.step", "readers13.memory" },
	  "a writer and 13 readers: every order once" },
	{ classic_lastzero, 13, 32768,
	  { "lastzero13", "lastzero13.executions", "lastzero13.step", "lastzero13.memory" },
	  "looking for the last zero of an array that 13 threads fill" },
	{ classic_indexer, 15, 4096,
	  { "indexer15", "indexer15.executions", "indexer15.step", "indexer15.memory" },
	  "15 threads insert into a hash table" },
	{ classic_filesystem, 26, 8192,
	  { "filesystem26", "filesystem26.executions", "filesystem26.step",
	    "filesystem26.memory" },
	  "26 threads take blocks for inodes" },
	{ classic_mutex, 8, 40320,
	  { "mutex8", "mutex8.executions", "mutex8.step", "mutex8.memory" },
	  "8 threads lock and unlock" },
};

static bool measure(struct bench *bench, const struct classic *classic)
{
	const struct explore_options options = { .strategy = EXPLORE_OPTIMAL };
	const struct explore_program program = classic->make(classic->n);
	struct explore_result result = { 0 };
	const unsigned int rounds = 3;
	double best = 0;

	for (unsigned int i = 0; i < rounds; i++) {
		double start = bench_processor_us(), spent;

		result = explore_run(&program, &options);
		spent = bench_processor_us() - start;
		best = i ? MIN(best, spent) : spent;
	}
	bench_row(bench, classic->name[0], best / 1e3, "ms", classic->note, rounds);
	bench_row(bench, classic->name[1], (double)result.executions, "", "executions", rounds);
	bench_row(bench, classic->name[2], best * 1e3 / (double)result.steps, "ns",
		  "for one step of a thread", rounds);
	bench_row(bench, classic->name[3], (double)result.bytes / (1 << 20), "MiB",
		  "at its largest", rounds);
	return result.complete && result.executions == classic->traces && !result.redundant;
}

const char *bench_explore(struct bench *bench)
{
	for (size_t i = 0; i < G_N_ELEMENTS(classics); i++)
		if (!measure(bench, &classics[i]))
			return "the explorer did not do each trace once";
	return NULL;
}
