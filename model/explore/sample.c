// SPDX-License-Identifier: GPL-2.0
/*
 * Random orderings of what runs on a machine: threads have priorities, and at a few steps the
 * one that runs falls behind all others.
 */

#include <math.h>
#include <string.h>

#include "../driver.h"
#include "../explore_kernel.h"
#include "../points.h"

/* Runs with one change of priorities and with two take turns. */
#define CHANGES_MAX	2u

/**
 * struct sampler - a random run.
 * @rand:     what is random in it
 * @log:      what happened
 * @priority: of each thread by its number - 1; the highest goes on
 * @threads:  that there have been
 * @lowest:   the next thread that falls behind gets one less
 * @change:   dispatches at which that happens
 * @length:   dispatches of the longest run so far, from which @change is chosen
 */
struct sampler {
	struct driver driver;
	GRand *rand;
	struct schedule *log;
	int64_t priority[EXPLORE_THREADS_MAX];
	unsigned int threads;
	unsigned int threads_max;
	int64_t lowest;
	unsigned int change[CHANGES_MAX];
	unsigned int changes;
	unsigned int length;
};

static struct sampler *to_sampler(struct driver *driver)
{
	return (struct sampler *)driver;
}

/* Threads get numbers in the order in which they are there, and then begin in that order. */
static void sample_begin(struct driver *driver, struct machine *machine)
{
	(void)driver;
	(void)machine;
}

static int64_t priority_of(struct sampler *sampler, const struct machine_thread *thread)
{
	return sampler->priority[thread->number - 1];
}

static bool changes_here(const struct sampler *sampler)
{
	for (unsigned int i = 0; i < sampler->changes; i++)
		if (sampler->change[i] == schedule_length(sampler->log))
			return true;
	return false;
}

/* Every thread begins before any goes on, as where all orderings are explored. */
static struct machine_thread *sample_next(struct driver *driver, struct machine *machine)
{
	struct sampler *sampler = to_sampler(driver);
	struct machine_thread *best = NULL;

	if (changes_here(sampler) && machine->current && machine->current->number)
		sampler->priority[machine->current->number - 1] = --sampler->lowest;
	for (unsigned int i = 0; i < machine->threads->len; i++) {
		struct machine_thread *thread = g_ptr_array_index(machine->threads, i);

		if (thread->state != THREAD_RUNNABLE)
			continue;
		if (!thread->number)
			return thread;
		if (!best || priority_of(sampler, thread) > priority_of(sampler, best))
			best = thread;
	}
	return best;
}

static void sample_gone_on(struct driver *driver, struct machine_thread *thread)
{
	struct sampler *sampler = to_sampler(driver);

	if (!thread->number) {
		if (sampler->threads == EXPLORE_THREADS_MAX)
			g_error("more threads than were announced");
		thread->number = ++sampler->threads;
		sampler->priority[thread->number - 1] = g_rand_int_range(sampler->rand, 1,
									  G_MAXINT32);
	}
	schedule_add(sampler->log, (struct dispatch){ .thread = thread->number });
}

static unsigned int sample_answer(struct driver *driver, struct machine_thread *thread)
{
	struct sampler *sampler = to_sampler(driver);
	struct dispatch dispatch = {
		.thread = thread->number,
		.answer = g_rand_int_range(sampler->rand, 0, thread->answers),
	};

	schedule_add(sampler->log, dispatch);
	return dispatch.answer;
}

static void start_sample(struct sampler *sampler, unsigned int seed)
{
	g_rand_set_seed(sampler->rand, seed);
	g_array_set_size(sampler->log->dispatches, 0);
	sampler->threads = 0;
	sampler->lowest = 0;
	sampler->changes = 1 + seed % CHANGES_MAX;
	for (unsigned int i = 0; i < sampler->changes; i++)
		sampler->change[i] = g_rand_int_range(sampler->rand, 0,
						      MAX(sampler->length, 1u));
}

static void end_sample(struct sampler *sampler, struct explore_result *result)
{
	unsigned int length = schedule_length(sampler->log);

	sampler->length = MAX(sampler->length, length);
	sampler->threads_max = MAX(sampler->threads_max, sampler->threads);
	result->executions++;
	result->steps += length;
	result->depth_max = MAX(result->depth_max, length);
}

/* Runs with one change are every second one. */
static double detection_of(const struct sampler *sampler, uint64_t runs)
{
	double once = 1 / ((double)MAX(sampler->threads_max, 1u) * MAX(sampler->length, 1u));

	return 1 - pow(1 - once, (double)(runs / CHANGES_MAX));
}

struct explore_result explore_kernel_sample(const struct explore_kernel *what,
					    unsigned int runs, unsigned int seed,
					    double *detection)
{
	struct explore_result result = { 0 };
	struct sampler sampler = {
		.driver = {
			.begin = sample_begin, .next = sample_next, .gone_on = sample_gone_on,
			.answer = sample_answer,
		},
		.rand = g_rand_new_with_seed(seed),
		.log = schedule_new(),
	};

	what->machine->driver = &sampler.driver;
	for (unsigned int i = 0; i < runs; i++) {
		start_sample(&sampler, seed + i);
		what->run(what->ctx);
		end_sample(&sampler, &result);
		result.fraction = (double)(i + 1) / runs;
		if (what->ended(what->ctx, sampler.log, &result) != EXPLORE_GO_ON)
			break;
		points_settle(what->machine->points);
	}
	what->machine->driver = NULL;
	*detection = detection_of(&sampler, result.executions);
	g_rand_free(sampler.rand);
	schedule_free(sampler.log);
	return result;
}
