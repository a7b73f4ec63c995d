// SPDX-License-Identifier: GPL-2.0
/*
 * Small programs of kernel code whose outcomes are known, in every order.
 *
 * tests/sim/litmus_*.c has the programs; the table here says what can come of each. An outcome that
 * is missing means that an order was not tried, one too many that something is not as
 * in the kernel. Each is explored with wakeup trees and with source sets, which have to find
 * the same traces, and the smallest in every interleaving. Then each is explored on the image
 * that sees every access to memory: exactly those that are racy have data races.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/explore_kernel.h"
#include "model/instrument.h"
#include "model/machine.h"
#include "model/path.h"
#include "model/points.h"
#include "model/verdict.h"

#define EXECUTIONS_MAX	200000
#define STEPS_MAX	10000

/* What is special about a program. */
#define RACY	(1u << 0)	/* plain accesses, or a free, conflict and are not ordered */
#define SMALL	(1u << 1)	/* there are few enough interleavings to do all */
#define ONE	(1u << 3)	/* one outcome, which one depends on the build */
#define MISUSE	(1u << 2)	/* sanitizers end the test when memory is used like that */

/**
 * struct litmus - a program and what is known of it.
 * @name:     as in its LITMUS()
 * @threads:  parts that run at once; each has a process of its own if it is called "victim"
 * @outcomes: all that can be printed at the end, in alphabetical order
 * @found:    properties that are violated in some order
 * @flags:    see above
 * @traces:   how many there are, where that is known from the program alone
 */
struct litmus {
	const char *name;
	const char *threads;
	const char *outcomes;
	const char *found;
	unsigned int flags;
	unsigned int traces;
};

#define DEADLOCK	"K-DEADLOCK"
#define DATA_RACE	"P-66"

static const struct litmus programs[] = {
	/* Loads and stores. */
	{ "store_buffering", "left right", "01, 10, 11", "", SMALL, 3 },
	{ "message_passing", "sender receiver", "00, 01, 11", "", SMALL, 3 },
	{ "load_buffering", "left right", "00, 01, 10", "", SMALL, 3 },
	{ "coherence", "writer reader", "00, 01, 02, 11, 12, 22", "", SMALL, 6 },
	{ "two_writes_each", "left right", "12, 21, 22", "", SMALL, 3 },
	{ "write_after_read", "writer reader", "01, 02, 11", "", SMALL, 3 },
	{ "read_after_write", "left right", "01, 11, 12", "", SMALL, 3 },
	{ "causality", "writer relay reader", "000, 001, 010, 011, 100, 101, 111", "", 0, 7 },
	{ "independent_reads", "writer_of_x writer_of_y x_first y_first",
	  "0000, 0001, 0010, 0011, 0100, 0101, 0110, 0111, 1000, 1001, 1011, 1100, 1101, "
	  "1110, 1111",
	  "", 0, 15 },
	{ "lost_update", "increment increment", "1, 2", "", SMALL, 4 },
	{ "lost_update", "increment increment increment", "1, 2, 3", "", 0, 36 },
	{ "plain_increment", "increment increment", "2", "", RACY | SMALL, 1 },
	{ "plain_increment", "increment increment increment", "3", "", RACY, 1 },
	{ "plain_flag", "sender receiver", "1", "", RACY | SMALL, 1 },
	{ "plain_store_buffering", "left right", "01", "", RACY | SMALL, 1 },
	{ "plain_message_passing", "sender receiver", "11", "", RACY | SMALL, 1 },
	{ "plain_copy", "writer reader", "11", "", RACY | SMALL, 1 },
	{ "plain_assignment", "copier other", "00 20", "", RACY | SMALL, 1 },
	{ "plain_clear", "writer reader", "00", "", RACY | SMALL, 1 },
	{ "plain_bytes_of_one_word", "one two", "11", "", SMALL, 1 },
	{ "plain_flag_beside_others", "sender receiver", "111", "", RACY | SMALL, 1 },
	{ "plain_and_marked", "writer reader", "22", "", RACY | SMALL, 1 },
	{ "flag_without_order", "sender receiver", "-1, 1", "", RACY | SMALL, 2 },
	{ "release_and_acquire", "sender receiver", "-1, 1", "", SMALL, 2 },

	/* Atomics and bits. */
	{ "atomic_inc", "increment increment", "2", "", SMALL, 2 },
	{ "atomic_inc_return", "one two three", "123, 132, 213, 231, 312, 321", "", 0, 6 },
	{ "atomic_read_then_set", "increment increment", "1, 2", "", SMALL, 4 },
	{ "cmpxchg", "one two", "01, 20", "", SMALL, 2 },
	{ "cmpxchg_loop", "increment increment", "2", "", SMALL, 4 },
	{ "xchg", "one two", "01 2, 20 1", "", SMALL, 2 },
	{ "test_and_set_bit", "one two", "01, 10", "", SMALL, 2 },
	{ "bits_of_one_word", "one two", "3", "", SMALL, 2 },
	{ "bits_not_atomic", "one two", "3", "", RACY | SMALL, 1 },
	{ "bits_read_and_written_back", "one two", "1, 2, 3", "", SMALL, 4 },
	{ "test_then_set_bit", "one two", "01, 10, 11", "", SMALL, 4 },

	/* The kernel ends. */
	{ "crash_beside_another", "crasher other", "", "K-BUG", SMALL, 4 },
	{ "crash_beside_another", "crasher two_steps", "", "K-BUG", SMALL, 5 },

	/* Locks. */
	{ "mutex", "increment increment", "2", "", SMALL, 2 },
	{ "mutex", "increment increment increment", "3", "", 0, 6 },
	{ "mutex_of_another", "increment other", "2", "", RACY | SMALL, 1 },
	{ "mutex_trylock", "increment increment", "1, 2", "", SMALL, 4 },
	{ "mutex_trylock", "increment lock", "1, 2", "", SMALL, 3 },
	{ "spinlock", "increment increment increment", "3", "", 0, 6 },
	{ "spinlock", "increment try", "1, 2", "", SMALL, 3 },
	{ "check_outside_the_lock", "take take", "1, 2", "", 0, 0 },
	{ "check_inside_the_lock", "take take", "1", "", SMALL, 2 },
	{ "checked_twice", "take take", "1", "", 0, 0 },
	{ "checked_twice_plainly", "take take", "1", "", RACY, 0 },
	{ "lock_dropped_between", "increment increment", "1, 2", "", 0, 6 },
	{ "one_order", "increment increment increment", "3", "", 0, 6 },
	{ "abba", "inner_last inner_first", "done", "K-DEADLOCK, P-10", SMALL, 3 },
	{ "abba_behind_a_gate", "inner_last inner_first", "done", "P-10", 0, 2 },
	{ "abba_with_a_try", "inner_last inner_first", "0, 1", "", 0, 0 },
	{ "three_in_a_ring", "one two three", "done", "K-DEADLOCK, P-10", 0, 0 },
	{ "self_deadlock", "again writer", "done", DEADLOCK, SMALL, 2 },
	{ "waits_with_the_lock", "waiter completer", "done", DEADLOCK, 0, 0 },
	{ "rwsem", "reader writer", "00 00, 11 00", "", SMALL, 2 },
	{ "rwsem", "reader second_reader writer", "00 00, 00 11, 11 00, 11 11", "", 0, 4 },
	{ "rwsem_readers_write", "reader reader", "2", "", RACY | SMALL, 1 },
	{ "rwsem_downgrade", "writer_then_reader writer reader", "201, 202, 211, 212, 221, 222",
	  "", 0, 0 },
	{ "rwsem_trylock", "reader writer", "01, 10, 11", "", SMALL, 0 },
	{ "rwsem_read_to_write", "upgrade reader", "", DEADLOCK, 0, 0 },
	{ "rwsem_read_again", "reader writer", "00, 10", "P-10", 0, 0 },
	{ "rwsem_read_again", "again_if_told teller", "00", "P-10", SMALL, 2 },
	{ "rwsem_read_again", "tries writer", "00, 01", "", 0, 0 },
	{ "rwlock_read_again", "reader writer", "0, 1", "P-10", 0, 0 },
	{ "rwlock_read_again", "interrupted writer", "0, 1", "", 0, 0 },
	{ "read_sections_nest", "reader reader", "1", "", 0, 0 },
	{ "rwlock", "reader writer", "00 1, 11 1", "", SMALL, 2 },
	{ "rwlock", "reader writer try", "00 1, 00 2, 11 1, 11 2, 22 2", "", 0, 0 },
	{ "unlock_by_a_stranger", "owner stranger", "1", "K-CHECK", 0, 0 },
	{ "lock_kept_on_error", "bad writer", "done", "K-LOCK-HELD", SMALL, 2 },
	{ "sleeps_with_a_spinlock", "bad writer", "1, 2", "K-WARN", SMALL, 2 },
	{ "folio_lock", "increment increment", "2", "", 0, 0 },
	{ "folio_lock", "increment try", "1, 2", "", 0, 0 },
	{ "folio_truncated", "finder cutter", "cut off, gone, there", "", 0, 0 },

	/* Sleeping and waking. */
	{ "completion", "waiter completer", "1", "", SMALL, 0 },
	{ "completion_tried", "waiter completer", "-1, 1", "", SMALL, 2 },
	{ "completion_too_early", "waiter completer", "0, 1", "", SMALL, 0 },
	{ "completion_of_two", "waiter waiter completer", "", DEADLOCK, 0, 0 },
	{ "completion_of_two", "waiter completer waiter completer", "done", "", 0, 0 },
	{ "complete_all", "waiter second_waiter completer", "11", "", 0, 0 },
	{ "wait_event", "sleeper waker", "1", "", SMALL, 0 },
	{ "wait_event", "sleeper sleeper waker", "1", "", 0, 0 },
	{ "woken_too_early", "sleeper waker", "done", DEADLOCK, 0, 0 },
	{ "never_woken", "sleeper writer", "done", DEADLOCK, SMALL, 0 },
	{ "two_conditions", "wants_x wants_y waker", "done", "", 0, 0 },
	{ "schedule", "sleeper waker", "done", "", 0, 0 },
	{ "schedule_too_late", "sleeper waker", "done", DEADLOCK, 0, 0 },
	{ "signal_while_waiting", "victim killer", "-512, 0", "", 0, 0 },
	{ "signal_alone", "victim killer", "-512, 0", "", 0, 0 },
	{ "signal_not_wanted", "victim killer", "done", DEADLOCK, 0, 0 },
	{ "wait_event_killable", "victim killer", "-512, 0", "", 0, 0 },
	{ "mutex_killable", "victim killer", "-4 0, 0 0, 0 1", "", 0, 0 },
	{ "mutex_not_killable", "victim killer", "1, 2", "", 0, 0 },
	{ "mutex_killable_and_free", "victim killer", "0", "", 0, 0 },
	{ "mutex_interruptible", "victim holder killer", "-4, 0", "", 0, 0 },
	{ "killed_out_of_a_deadlock", "victim killer", "-4, 0", "K-DEADLOCK, P-10", 0, 0 },
	{ "killed_to_have_its_lock", "victim killer", "-4, 0", "P-10", 0, 0 },
	{ "down_read_killable", "victim killer", "-4 0, 0 0, 0 1", "", 0, 0 },
	{ "down_write_killable", "victim killer", "-4 000, 0 000, 0 100", "", 0, 0 },
	{ "down_write_killable", "victim killer reader",
	  "-4 000, 0 000, 0 010, 0 100, 0 110", "", 0, 0 },
	{ "down_write_killable", "writer reader", "0 000, 0 010", "", SMALL, 0 },
	{ "down_write_killable", "writer reader second_reader",
	  "0 000, 0 001, 0 010, 0 011", "", 0, 0 },
	{ "folio_lock_killable", "victim killer", "-4, 0", "", 0, 0 },

	/* Grace periods. */
	{ "rcu", "reader updater", "00, 10, 11", "", 0, 0 },
	{ "rcu_without_waiting", "reader updater", "00, 01, 10, 11", "", 0, 0 },
	{ "rcu_two_sections", "reader updater", "00, 01, 10, 11", "", 0, 0 },
	{ "rcu_in_a_reader", "updater writer", "done", "K-DEADLOCK, K-WARN", 0, 0 },
	{ "rcu_reader_sleeps", "reader writer", "0, 1", "K-WARN", 0, 0 },
	{ "call_rcu", "reader updater", "00 1, 10 1, 11 1", "", 0, 0 },
	{ "call_rcu_at_any_time", "updater onlooker",
	  "00 0 1, 00 1 1, 01 0 1, 01 1 1, 11 0 1, 11 1 1", "", SMALL, 0 },
	{ "call_rcu_in_a_reader", "updater reader", "00, 01", "", 0, 0 },
	{ "call_rcu_twice", "updater other", "1, 2", "", 0, 2 },
	{ "call_rcu_by_a_callback", "updater onlooker", "00, 01, 11", "", 0, 0 },
	{ "rcu_barrier", "reader updater", "01, 11", "", 0, 0 },
	{ "rcu_barrier_and_no_more", "updater other", "10, 11", "", 0, 0 },
	{ "rcu_barrier_by_another", "updater waiter", "00, 01, 11", "", 0, 0 },
	{ "rcu_barrier_in_a_reader", "updater reader", "01, 11", "", 0, 0 },
	{ "callback_sleeps", "updater other", "0, 1", "K-WARN", 0, 0 },
	{ "callback_takes_a_lock", "updater other", "0 11, 10 11", "", SMALL, 2 },
	{ "callback_races", "updater other", "1", "", RACY | SMALL, 1 },
	{ "callback_is_ordered", "updater reader", "2", "", 0, 0 },
	{ "callback_after_the_reader", "updater reader", "1", "", RACY | SMALL, 0 },
	{ "call_srcu", "reader updater", "00 1, 10 1, 11 1", "", 0, 0 },
	{ "call_srcu_at_any_time", "updater onlooker", "00, 01, 10, 11", "", SMALL, 0 },
	{ "srcu_barrier", "updater reader", "10, 11", "", 0, 0 },
	{ "srcu_barrier_of_another", "updater other", "0, 1", "", 0, 0 },
	{ "srcu", "reader updater", "00, 10, 11", "", 0, 0 },
	{ "srcu_of_another", "reader updater", "00, 01, 10, 11", "", 0, 0 },
	{ "srcu_and_mutex", "reader updater", "1", DEADLOCK, 0, 0 },

	/* How long objects live. */
	{ "refcount_put", "put put", "1", "", SMALL, 2 },
	{ "refcount_inc_not_zero", "get put", "01, 11", "", SMALL, 0 },
	{ "refcount_inc_from_zero", "get put", "1", "K-WARN", 0, 0 },
	{ "refcount_underflow", "put put", "1", "K-WARN", SMALL, 0 },
	{ "refcount_tested_first", "put put", "0, 1", "", 0, 0 },
	{ "kref_under_the_lock", "user remover", "0 1, 7 1", "", 0, 0 },
	{ "kref_after_the_lock", "user remover", "0 1, 7 1", "K-CRASH", MISUSE | RACY, 0 },
	{ "use_after_free", "user remover", "-1, 7", "K-CRASH", MISUSE | RACY, 0 },
	{ "double_free", "remover remover", "done", "K-PANIC", 0, 0 },
	{ "freed_by_who_took_it_out", "remover remover", "done", "", SMALL, 2 },
	{ "rcu_freed_after_waiting", "reader remover", "0, 7", "", 0, 0 },
	{ "rcu_freed_at_once", "reader remover", "0, 7", "K-CRASH", MISUSE | RACY, 0 },
	{ "kfree_rcu", "reader remover", "0, 7", "", 0, 0 },
	{ "kfree_rcu_too_early", "reader remover", "0, 7", "K-CRASH", MISUSE | RACY, 0 },
	{ "typesafe_looked_at_again", "finder remover", "0, 1", "", 0, 0 },
	{ "typesafe_taken_for_granted", "finder remover", "0, 1, 2", "", 0, 0 },
	{ "allocators", "one two", "", "", ONE, 6 },
	{ "freed_by_another", "remover taker", "0", "", SMALL, 1 },
	{ "typesafe_freed_by_another", "remover taker", "0, 1", "", SMALL, 2 },
	{ "xarray_store", "writer reader", "0, 1", "", 0, 2 },
	{ "xarray_insert", "one two", "-16 0, 0 -16", "", 0, 2 },
	{ "xarray_load_then_store", "one two", "01, 10, 11", "", 0, 4 },
	{ "xarray_cmpxchg", "one two", "01, 10", "", 0, 2 },
	{ "xarray_erase", "one two", "01, 10", "", 0, 2 },
	{ "xarray_alloc", "one two", "12 00, 21 00", "", 0, 2 },
};

/**
 * struct difference - of a program that comes to more where plain accesses are points.
 * @outcomes: all of them, @found, @traces: likewise, instead of those of struct litmus
 */
struct difference {
	const char *name;
	const char *threads;
	const char *outcomes;
	const char *found;
	unsigned int traces;
};

static const struct difference at_memory[] = {
	{ "plain_increment", "increment increment", "1, 2", "", 4 },
	{ "plain_increment", "increment increment increment", "1, 2, 3", "", 36 },
	{ "plain_flag", "sender receiver", "-1, 1", "", 2 },
	{ "plain_store_buffering", "left right", "01, 10, 11", "", 3 },
	{ "plain_message_passing", "sender receiver", "00, 01, 11", "", 3 },
	{ "plain_copy", "writer reader", "00, 01, 10, 11", "", 4 },
	{ "plain_assignment", "copier other", "00 10, 00 11, 00 20, 10 20", "", 0 },
	{ "plain_clear", "writer reader", "00, 01, 10, 11", "", 4 },
	{ "plain_flag_beside_others", "sender receiver", "011, 111", "", 2 },
	{ "plain_and_marked", "writer reader", "00, 02, 22", "", 0 },
	{ "bits_not_atomic", "one two", "2, 3", "", 3 },
	{ "mutex_of_another", "increment other", "1, 2", "", 4 },
	{ "rwsem_readers_write", "reader reader", "1, 2", "", 4 },
	{ "callback_races", "updater other", "1", "", 2 },
	{ "kref_after_the_lock", "user remover", "0 1, 7 1", "K-CRASH, K-WARN", 0 },
};

/**
 * struct run - a program that is explored.
 * @outcomes: what was printed, of all executions
 * @found:    what was seen, by the identifiers of properties
 * @races:    data races that were found
 * @points:   what is found to be a point, NULL at sync granularity
 */
struct run {
	const struct litmus *program;
	struct points *points;
	GHashTable *outcomes;
	GHashTable *found;
	unsigned int races;
};

/* What is used now: one with the ordinary image, or one that sees each access to memory. */
static struct machine *machine, *plain, *watched;
static struct path *path;
static struct verdict *verdict;
static struct run *running;

static void keep_outcome(void *ctx, int level, const char *line)
{
	(void)ctx;
	(void)level;
	if (running && g_str_has_prefix(line, "outcome "))
		g_hash_table_insert(running->outcomes, g_strdup(line + strlen("outcome ")), NULL);
}

static void run_part(void *arg)
{
	((const struct host_test *)arg)->run();
}

static const struct host_test *find_part(const struct run *run, const char *part)
{
	g_autofree char *name = g_strconcat(run->program->name, ":", part, NULL);
	const struct host_image *image = machine_image(machine);

	for (unsigned int i = 0; i < image->tests_nr; i++)
		if (!strcmp(image->tests[i].name, name))
			return &image->tests[i];
	return NULL;
}

static void spawn(struct run *run, struct machine_process *process, const char *part)
{
	const struct host_test *test = find_part(run, part);

	if (!strcmp(part, "victim"))
		process = machine_process(machine, part);
	if (!test || !machine_spawn(machine, process, part, run_part, (void *)test))
		g_error("%s has no part %s", run->program->name, part);
}

/* One part alone; false if the kernel has stopped. */
static bool run_alone(struct run *run, struct machine_process *process, const char *part)
{
	if (!find_part(run, part))
		return true;
	spawn(run, process, part);
	return machine_run(machine) == MACHINE_DONE;
}

/* Left in the middle again and again: nothing here may be owned by the stack. */
static void run_once(void *ctx)
{
	struct run *run = ctx;
	struct machine_process *process;
	char *parts, *part, *rest;

	verdict_clear(verdict);
	path_truncate(path, 0);
	path_restart(path);
	if (!machine_boot(machine))
		return;
	process = machine_process(machine, "litmus");
	if (!run_alone(run, process, "first"))
		return;
	parts = strncpy((char [256]){ 0 }, run->program->threads, 255);
	for (part = strtok_r(parts, " ", &rest); part; part = strtok_r(NULL, " ", &rest))
		spawn(run, process, part);
	if (machine_run(machine) == MACHINE_DONE)
		run_alone(run, process, "then");
}

static enum explore_next run_ended(void *ctx, const struct schedule *schedule,
				   const struct explore_result *result)
{
	struct run *run = ctx;

	(void)schedule;
	(void)result;
	for (unsigned int i = 0; i < verdict_count(verdict); i++) {
		const struct violation *violation = verdict_at(verdict, i);

		if (!strcmp(violation->property->id, DATA_RACE))
			run->races++;
		else
			g_hash_table_insert(run->found, g_strdup(violation->property->id),
					    g_strdup(violation->seen));
	}
	return EXPLORE_GO_ON;
}

static GHashTable *new_texts(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *text_of(GHashTable *set)
{
	g_autofree char **all = (char **)g_hash_table_get_keys_as_array(set, NULL);

	qsort(all, g_hash_table_size(set), sizeof(char *), compare_text);
	return g_strjoinv(", ", all);
}

static void check_texts(GHashTable *set, const char *expected, const char *what)
{
	g_autofree char *seen = text_of(set);
	GHashTableIter it;
	void *id, *text;

	if (!strcmp(seen, expected))
		return;
	g_hash_table_iter_init(&it, set);
	while (g_hash_table_iter_next(&it, &id, &text))
		if (text)
			print_error("%s: %s\n", (char *)id, (char *)text);
	fail_msg("%s: {%s}, expected {%s}", what, seen, expected);
}

static unsigned int threads_of(const struct litmus *program)
{
	/* Whoever is killed may need one more to end. */
	unsigned int threads = strstr(program->threads, "victim") ? 2 : 1;

	for (const char *c = program->threads; *c; c++)
		threads += *c == ' ';
	return threads;
}

/* What is known of the program at memory granularity: the same, unless it is told otherwise. */
static struct litmus known_at_memory(const struct litmus *program)
{
	struct litmus known = *program;

	for (unsigned int i = 0; i < G_N_ELEMENTS(at_memory); i++) {
		const struct difference *difference = &at_memory[i];

		if (strcmp(difference->name, known.name) ||
		    strcmp(difference->threads, known.threads))
			continue;
		known.outcomes = difference->outcomes;
		known.found = difference->found;
		known.traces = difference->traces;
	}
	return known;
}

static void check(struct run *run, const struct explore_result *result, const char *how)
{
	const struct litmus *program = run->program;

	if (result->diverged || !result->complete)
		fail_msg("%s: %s after %" G_GUINT64_FORMAT " executions", how,
			 result->diverged ? "did not repeat itself" : "not complete",
			 result->executions);
	if (program->flags & ONE)
		assert_int_equal(g_hash_table_size(run->outcomes), 1);
	else
		check_texts(run->outcomes, program->outcomes, how);
	check_texts(run->found, program->found, how);
	if (!strstr(program->found, DEADLOCK) != !result->deadlocks)
		fail_msg("%s: %" G_GUINT64_FORMAT " deadlocks", how, result->deadlocks);
	if (run->points && points_searched(run->points) == POINTS_SHARED)
		return;
	if (run->points)
		run->races = points_races(run->points)->len;
	if (machine == watched && !(program->flags & RACY) != !run->races)
		fail_msg("%s: %u data races", how, run->races);
}

static struct explore_result explore(const struct litmus *program, enum explore_strategy strategy,
				     const char *how, GHashTable *traces, struct points *points)
{
	struct run run = {
		.program = program, .outcomes = new_texts(), .found = new_texts(),
		.points = points,
	};
	const struct explore_kernel what = {
		.machine = machine, .threads = threads_of(program), .run = run_once,
		.ended = run_ended, .ctx = &run,
	};
	const struct explore_options options = {
		.strategy = strategy, .executions_max = EXECUTIONS_MAX, .steps_max = STEPS_MAX,
		.traces = traces,
	};
	struct explore_result result;

	running = &run;
	machine_set_points(machine, points);
	result = explore_kernel_run(&what, &options);
	running = NULL;
	machine_set_points(machine, NULL);
	for (unsigned int i = 0; i < EXPLORE_HOT_MAX; i++)
		g_clear_pointer(&result.hot[i].name, g_free);
	check(&run, &result, how);
	g_hash_table_unref(run.outcomes);
	g_hash_table_unref(run.found);
	return result;
}

static GHashTable *new_traces(void)
{
	return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static void check_same(GHashTable *traces, GHashTable *others, const char *how)
{
	GHashTableIter iter;
	gpointer hash;

	assert_int_equal(g_hash_table_size(traces), g_hash_table_size(others));
	g_hash_table_iter_init(&iter, others);
	while (g_hash_table_iter_next(&iter, &hash, NULL))
		if (!g_hash_table_contains(traces, hash))
			fail_msg("%s: another set of traces than with wakeup trees", how);
}

static void check_optimal(const struct litmus *program, const struct explore_result *result,
			  GHashTable *traces)
{
	assert_int_equal(result->redundant, 0);
	assert_int_equal(result->executions, g_hash_table_size(traces));
	if (program->traces)
		assert_int_equal(result->executions, program->traces);
}

/* Each strategy begins without points. */
static struct explore_result explore_memory(const struct litmus *program,
					    enum explore_strategy strategy,
					    enum points_search search, const char *how,
					    GHashTable *traces)
{
	struct points *points = points_new();
	struct explore_result result;

	points_search(points, search);
	result = explore(program, strategy, how, traces, points);
	points_free(points);
	return result;
}

static void explore_at_memory(const struct litmus *plainly)
{
	const struct litmus known = known_at_memory(plainly), *program = &known;
	g_autoptr(GHashTable) traces = new_traces(), by_source = new_traces(),
		all = new_traces();
	struct explore_result result;

	result = explore_memory(program, EXPLORE_OPTIMAL, POINTS_RACED_FOR, "memory, optimal",
				traces);
	check_optimal(program, &result, traces);
	explore_memory(program, EXPLORE_SOURCE, POINTS_RACED_FOR, "memory, source", by_source);
	check_same(traces, by_source, "memory, source");
	if (program->flags & SMALL) {
		explore_memory(program, EXPLORE_NAIVE, POINTS_RACED_FOR, "memory, naive", all);
		check_same(traces, all, "memory, naive");
	}
	/* What is ordered needs no points: with them it comes to the same. */
	explore_memory(program, EXPLORE_OPTIMAL, POINTS_SHARED, "all that is shared", NULL);
}

static void litmus(void **state)
{
	const struct litmus *program = *state;
	g_autoptr(GHashTable) traces = new_traces(), by_source = new_traces(),
		all = new_traces();
	struct explore_result result;

	if (MODEL_ASAN && program->flags & MISUSE)
		skip();
	result = explore(program, EXPLORE_OPTIMAL, "optimal", traces, NULL);
	check_optimal(program, &result, traces);
	explore(program, EXPLORE_SOURCE, "source", by_source, NULL);
	check_same(traces, by_source, "source");
	if (program->flags & SMALL) {
		explore(program, EXPLORE_NAIVE, "naive", all, NULL);
		check_same(traces, all, "naive");
	}
	if (watched) {
		machine = watched;
		explore(program, EXPLORE_OPTIMAL, "each access watched", NULL, NULL);
		explore_at_memory(program);
	}
}

static int use_plain(void **state)
{
	(void)state;
	machine = plain;
	return 0;
}

/* NULL if there is no such image: sanitizers leave no room for hooks. */
static struct machine *make_machine(const char *name)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self);
	g_autofree char *image = g_build_filename(dir, "..", name, NULL);
	struct machine_config config = {
		.memory = 64 << 20, .image = image, .path = path, .verdict = verdict,
		.console = keep_outcome,
	};
	GError *error = NULL;
	struct machine *made;

	if (!g_file_test(image, G_FILE_TEST_EXISTS))
		return NULL;
	made = machine_new(&config, &error);
	if (!made)
		g_error("%s", error->message);
	return made;
}

int main(int argc, char **argv)
{
	struct CMUnitTest tests[G_N_ELEMENTS(programs)] = { 0 };
	int failed;

	path = path_new();
	verdict = verdict_new();
	plain = make_machine("kernel-tests.so");
	watched = make_machine("kernel-tests-hooks.so");
	for (unsigned int i = 0; i < G_N_ELEMENTS(programs); i++) {
		tests[i].name = programs[i].name;
		tests[i].setup_func = use_plain;
		tests[i].test_func = litmus;
		tests[i].initial_state = (void *)&programs[i];
	}
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	failed = cmocka_run_group_tests_name("litmus", tests, NULL, NULL);
	machine_free(plain);
	machine_free(watched);
	verdict_free(verdict);
	path_free(path);
	return failed != 0;
}
