// SPDX-License-Identifier: GPL-2.0
/*
 * Searches that are ended every few executions and gone on with: together they do what one
 * does, each trace once. Who goes on with them, one or several, is all the same.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/explore.h"
#include "model/explore/classics.h"

static GHashTable *new_traces(void)
{
	return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

/*
 * Ended after each @every executions. @jobs: 0 for one all the time. Return: how often it was gone
 * on with.
 */
static unsigned int in_pieces(const struct explore_program *program,
			      struct explore_options options, unsigned int every,
			      unsigned int jobs, struct explore_result *result)
{
	unsigned int pieces = 0;

	options.save = true;
	do {
		options.executions_max += every;
		options.jobs = jobs ? (jobs + pieces) % 4 : 0;
		*result = explore_run(program, &options);
		assert_false(result->diverged);
		g_clear_pointer(&options.resume, g_variant_unref);
		options.resume = result->saved;
		pieces++;
	} while (!result->complete);
	assert_null(result->saved);
	return pieces;
}

static void compare_pieces(struct explore_program program, enum explore_strategy strategy,
			   unsigned int jobs)
{
	g_autoptr(GHashTable) all = new_traces(), pieced = new_traces();
	struct explore_options options = { .strategy = strategy, .traces = all, .grain = 2 };
	struct explore_result whole = explore_run(&program, &options), pieces;
	unsigned int nr;

	options.traces = pieced;
	nr = in_pieces(&program, options, 7, jobs, &pieces);
	assert_true(nr > 1);
	assert_int_equal(pieces.executions, whole.executions);
	assert_int_equal(pieces.redundant, whole.redundant);
	assert_int_equal(pieces.steps, whole.steps);
	assert_int_equal(g_hash_table_size(pieced), g_hash_table_size(all));
}

static void compare(struct explore_program program, enum explore_strategy strategy)
{
	compare_pieces(program, strategy, 0);
	compare_pieces(program, strategy, 1);
	compare_pieces(program, strategy, 3);
}

static void search_in_pieces__any_program__same_traces(void **state)
{
	static const enum explore_strategy strategies[] = {
		EXPLORE_OPTIMAL, EXPLORE_SOURCE, EXPLORE_NAIVE
	};

	(void)state;
	for (unsigned int i = 0; i < G_N_ELEMENTS(strategies); i++) {
		compare(classic_trylock(3), strategies[i]);
		compare(classic_readers(3), strategies[i]);
		compare(classic_fault_lock(3), strategies[i]);
	}
	compare(classic_lastzero(8), EXPLORE_OPTIMAL);
	compare(classic_filesystem(18), EXPLORE_OPTIMAL);
	compare(classic_rwlock(2, 4), EXPLORE_OPTIMAL);
}

static void saved_search__of_another_program__is_refused(void **state)
{
	struct explore_program one = classic_mutex(4), other = classic_readers(4);
	struct explore_options options = { .executions_max = 5, .save = true };
	struct explore_result result = explore_run(&one, &options);

	(void)state;
	options.resume = result.saved;
	assert_non_null(options.resume);
	result = explore_run(&other, &options);
	assert_true(result.diverged);
	assert_int_equal(result.executions, 0);
	g_variant_unref(options.resume);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(search_in_pieces__any_program__same_traces),
		cmocka_unit_test(saved_search__of_another_program__is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
