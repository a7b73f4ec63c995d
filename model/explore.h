/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_H
#define _MODEL_EXPLORE_H

/**
 * DOC: Exploring all orderings of a small C program
 *
 * A program is a few threads that share a block of memory. What they do to it, they do
 * with the operations below; each is one step, and everything between two steps is the
 * thread's own. explore_run() runs the program once for each Mazurkiewicz trace: orderings
 * that differ only in the order of steps that do not depend on each other are one trace.
 *
 * Steps depend on each other if they are of one thread, or touch the same word and are not
 * both of the shared kind (loads, shared locking). A trylock counts as exclusive whether it
 * succeeds or not.
 *
 * Threads run on fibers and are put back to where they stood by copying their stacks. So
 * apart from the shared memory a thread may change only its own automatic variables: no
 * statics, no heap.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#define EXPLORE_THREADS_MAX	64u

/** enum explore_strategy - how the search avoids doing a trace twice. */
enum explore_strategy {
	EXPLORE_OPTIMAL,	/* wakeup trees: each trace exactly once */
	EXPLORE_SOURCE,		/* source sets: some executions are cut off as redundant */
	EXPLORE_NAIVE		/* every interleaving; for comparison */
};

/**
 * struct explore_program - what is explored.
 * @name:    for reports
 * @threads: their number, 1 to EXPLORE_THREADS_MAX
 * @memory:  bytes of shared memory, zero when an execution begins
 * @thread:  what the @self-th thread does
 * @end:     called after each execution in which all threads have come to their end;
 *           optional
 * @ctx:     the caller's, for both. With &explore_options.jobs several threads of the host call
 *           them at the same time
 */
struct explore_program {
	const char *name;
	unsigned int threads;
	size_t memory;
	void (*thread)(void *memory, unsigned int self, void *ctx);
	void (*end)(const void *memory, void *ctx);
	void *ctx;
};

/**
 * struct explore_options - how.
 * @strategy:       see there
 * @bounded:        do every interleaving in which at most @preemptions times another thread
 *                  goes on though the last one could; @strategy has to be EXPLORE_NAIVE
 * @preemptions:    see there
 * @steps_max:      of one execution, 0 for no limit: one that is longer ends the search
 * @executions_max: stop after so many, 0 for no limit
 * @resume:         &explore_result.saved of a search of the same program, to go on with; or NULL
 * @save:           if @executions_max ends the search before it is complete, save it
 * @jobs:           so many threads of the host search, 0 for one. What comes of it is the same,
 *                  but for &explore_result.bytes. Of source sets one searches alone
 * @grain:          with @jobs: executions that one does before others join, and that are done
 *                  at a stretch; 0 for as many as pay
 * @traces:         set that the hash of each execution's trace is added to, or NULL: of
 *                  g_int64_hash() and g_int64_equal(), with keys for g_free(). Two
 *                  executions have the same hash if, and but for collisions only if,
 *                  they are of one trace
 */
struct explore_options {
	enum explore_strategy strategy;
	bool bounded;
	unsigned int preemptions;
	unsigned int steps_max;
	uint64_t executions_max;
	GVariant *resume;
	bool save;
	unsigned int jobs;
	unsigned int grain;
	GHashTable *traces;
};

/** enum explore_next - what is to happen after an execution. */
enum explore_next {
	EXPLORE_GO_ON,
	EXPLORE_STOP,		/* nothing any more: what was executed is left as it is */
	EXPLORE_PAUSE		/* the search is saved, to go on with it another time */
};

#define EXPLORE_HOT_MAX		3u

/**
 * struct explore_hot - an object for whose sake much was explored.
 * @object: as the world numbers it: of a C program, which word of its memory
 * @races:  that called for an execution of their own
 * @name:   what is known of it, for g_free(); NULL if nothing is
 */
struct explore_hot {
	uint32_t object;
	uint64_t races;
	char *name;
};

/**
 * struct explore_result - what came of it.
 * @executions: that ran to their end, deadlocks included
 * @redundant:  that were cut off because their trace had been explored
 * @deadlocks:  executions at whose end a thread could not go on
 * @steps:      that were done, all in all
 * @depth_max:  steps of the longest execution
 * @bytes:      memory that the search took, at its largest
 * @failures:   executions in which explore_check() failed
 * @fraction:   how much has been explored, 0 to 1: an estimate, made now and then
 * @hot:        the objects with the most races, those of none with zero
 * @saved:      the search, if it was ended and that was asked for; the caller's
 * @earlier:    executions of searches that were begun before, with fewer points (points.h)
 * @endless:    an execution took more steps than allowed
 * @outdated:   the search was ended: there are more points now
 * @paused:     ... and that was to be its end anyway: it can only be begun again
 * @complete:   every trace has been explored
 * @stopped:    it was ended by EXPLORE_STOP
 * @diverged:   the search was ended: what was run again did not repeat itself, or what was
 *              planned could not be done
 */
struct explore_result {
	uint64_t executions;
	uint64_t redundant;
	uint64_t deadlocks;
	uint64_t steps;
	unsigned int depth_max;
	size_t bytes;
	uint64_t failures;
	double fraction;
	struct explore_hot hot[EXPLORE_HOT_MAX];
	GVariant *saved;
	uint64_t earlier;
	bool endless;
	bool outdated;
	bool paused;
	bool complete;
	bool stopped;
	bool diverged;
};

/** explore_run() - explore @program; not to be nested within one thread. */
struct explore_result explore_run(const struct explore_program *program,
				  const struct explore_options *options);

/* What threads call. @word lies in the shared memory, eight-byte aligned. */

uint64_t explore_load(const uint64_t *word);
void explore_store(uint64_t *word, uint64_t value);
/** explore_add() - in one step; returns the value before. */
uint64_t explore_add(uint64_t *word, uint64_t value);
/** explore_cas() - in one step: store @to if it is @from; whether it was. */
bool explore_cas(uint64_t *word, uint64_t from, uint64_t to);

/** struct explore_lock - an rwlock, or used exclusively a mutex. Zero is unlocked. */
struct explore_lock {
	uint64_t word;
};

void explore_lock(struct explore_lock *lock);
bool explore_trylock(struct explore_lock *lock);
void explore_unlock(struct explore_lock *lock);
void explore_lock_shared(struct explore_lock *lock);
bool explore_trylock_shared(struct explore_lock *lock);
void explore_unlock_shared(struct explore_lock *lock);

/**
 * explore_await() - go on once the word is @value. In place of a loop that reads it until it
 * is, which would be a new execution for each turn. Where nobody ever makes it so, that is
 * a deadlock.
 */
void explore_await(const uint64_t *word, uint64_t value);
/** explore_await_not() - go on once the word is not @value. */
void explore_await_not(const uint64_t *word, uint64_t value);

/** struct explore_queue - where threads sleep until they are woken. Zero is nobody. */
struct explore_queue {
	uint64_t word;
};

/**
 * explore_wait() - give back @lock, which the thread holds exclusively, sleep until the next
 * explore_wake(), and take it again. Test the condition anew.
 */
void explore_wait(struct explore_queue *queue, struct explore_lock *lock);
/** explore_wake() - all who sleep there go on. */
void explore_wake(struct explore_queue *queue);

/** struct explore_rcu - whose read sections prolong grace periods. Zero is no reader. */
struct explore_rcu {
	uint64_t readers;
};

/** explore_rcu_read_lock() - begin to read; does not nest. */
void explore_rcu_read_lock(struct explore_rcu *rcu);
void explore_rcu_read_unlock(struct explore_rcu *rcu);
/** explore_rcu_synchronize() - wait for all who read when it is called. */
void explore_rcu_synchronize(struct explore_rcu *rcu);

/** explore_bug_on() - looks like a store to @word, and is explore_halt() unless @value is there. */
void explore_bug_on(uint64_t *word, uint64_t value);
/** explore_halt() - the execution ends here: no thread does anything any more. */
void explore_halt(void);

/** explore_choose() - one of 0..@n-1, all of which are explored. @n: 1 to 64 */
unsigned int explore_choose(unsigned int n);

/** explore_check() - the execution is a failure if @ok is false. No step. */
void explore_check(bool ok);

#endif /* _MODEL_EXPLORE_H */
