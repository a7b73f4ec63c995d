// SPDX-License-Identifier: GPL-2.0
/*
 * Programs whose number of traces is known: it must be the number of executions, none of
 * which is cut off; source sets must find the same traces, and so must several threads that
 * search together.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/explore/classics.h"

static GHashTable *new_traces(void)
{
	return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static void assert_same_traces(GHashTable *traces, GHashTable *others)
{
	GHashTableIter it;
	void *hash;

	assert_int_equal(g_hash_table_size(traces), g_hash_table_size(others));
	g_hash_table_iter_init(&it, others);
	while (g_hash_table_iter_next(&it, &hash, NULL))
		assert_true(g_hash_table_contains(traces, hash));
}

/* @alone: what one came to. All that several come to is the same. */
static void expect_together(struct explore_program program, GHashTable *traces,
			    const struct explore_result *alone)
{
	for (unsigned int jobs = 2; jobs <= 4; jobs++) {
		g_autoptr(GHashTable) together = new_traces();
		struct explore_options options = {
			.strategy = EXPLORE_OPTIMAL, .traces = together, .jobs = jobs,
			.grain = 8 * (jobs - 2),
		};
		struct explore_result result = explore_run(&program, &options);

		assert_true(result.complete);
		assert_int_equal(result.executions, alone->executions);
		assert_int_equal(result.redundant, 0);
		assert_int_equal(result.deadlocks, alone->deadlocks);
		assert_int_equal(result.steps, alone->steps);
		assert_int_equal(result.depth_max, alone->depth_max);
		assert_memory_equal(result.hot, alone->hot, sizeof(result.hot));
		assert_same_traces(traces, together);
	}
}

static void expect(struct explore_program program, uint64_t traces)
{
	g_autoptr(GHashTable) optimal = new_traces();
	g_autoptr(GHashTable) source = new_traces();
	struct explore_options options = { .strategy = EXPLORE_OPTIMAL, .traces = optimal };
	struct explore_result result = explore_run(&program, &options);

	print_message("%s: %lu executions, %lu redundant, %lu steps\n", program.name,
		      result.executions, result.redundant, result.steps);
	assert_true(result.complete);
	assert_int_equal(result.executions, traces);
	assert_int_equal(result.redundant, 0);
	assert_int_equal(g_hash_table_size(optimal), traces);
	expect_together(program, optimal, &result);

	options = (struct explore_options){ .strategy = EXPLORE_SOURCE, .traces = source };
	result = explore_run(&program, &options);
	print_message("   source: %lu executions, %lu redundant\n", result.executions,
		      result.redundant);
	assert_same_traces(optimal, source);
}

static void readers__any_size__two_to_the_n(void **state)
{
	(void)state;
	for (unsigned int n = 2; n <= 10; n++)
		expect(classic_readers(n), 1u << n);
}

static void lastzero__any_size__is_optimal(void **state)
{
	(void)state;
	for (unsigned int n = 2; n <= 10; n++)
		expect(classic_lastzero(n), (n + 3) * (1u << (n - 2)));
}

static void indexer__from_12_threads__times_eight_each(void **state)
{
	(void)state;
	expect(classic_indexer(11), 1);
	expect(classic_indexer(12), 8);
	expect(classic_indexer(13), 64);
	expect(classic_indexer(14), 512);
}

static void filesystem__from_14_threads__times_two_each(void **state)
{
	(void)state;
	expect(classic_filesystem(14), 2);
	expect(classic_filesystem(16), 8);
	expect(classic_filesystem(18), 32);
	expect(classic_filesystem(19), 64);
}

static void mutex__n_threads__every_order_once(void **state)
{
	(void)state;
	expect(classic_mutex(2), 2);
	expect(classic_mutex(4), 24);
	expect(classic_mutex(6), 720);
}

static void ainc__n_threads__square_of_the_orders(void **state)
{
	(void)state;
	expect(classic_ainc(2), 4);
	expect(classic_ainc(3), 36);
	expect(classic_ainc(4), 576);
}

static void trylock__n_threads__succeeds_and_fails(void **state)
{
	(void)state;
	expect(classic_trylock(2), 4);
	expect(classic_trylock(3), 24);
	expect(classic_trylock(4), 192);
}

static void rwlock__readers__commute(void **state)
{
	(void)state;
	expect(classic_rwlock(1, 2), 2);
	expect(classic_rwlock(2, 3), 4);
	expect(classic_rwlock(3, 3), 1);
}

static void faults__k_of_n_threads__all_combinations(void **state)
{
	(void)state;
	expect(classic_faults(1, 3), 8);
	expect(classic_faults(2, 2), 16);
	expect(classic_faults(3, 2), 64);
	expect(classic_fault_lock(2), 5);
	expect(classic_fault_lock(3), 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readers__any_size__two_to_the_n),
		cmocka_unit_test(lastzero__any_size__is_optimal),
		cmocka_unit_test(indexer__from_12_threads__times_eight_each),
		cmocka_unit_test(filesystem__from_14_threads__times_two_each),
		cmocka_unit_test(mutex__n_threads__every_order_once),
		cmocka_unit_test(ainc__n_threads__square_of_the_orders),
		cmocka_unit_test(trylock__n_threads__succeeds_and_fails),
		cmocka_unit_test(rwlock__readers__commute),
		cmocka_unit_test(faults__k_of_n_threads__all_combinations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
