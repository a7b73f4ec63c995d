// SPDX-License-Identifier: GPL-2.0
/*
 * What the primitives of the simulated kernel do in all orders of a few tasks.
 *
 * tests/sim/orders.c has the parts, memfd_orders.c those about memfds. Each test here runs some of
 * them at once, in every order with a bounded number of switches that need not have been, and says
 * exactly what can come out: a missing outcome means that a scheduling point is missing, an
 * additional one that a lock does not lock.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/machine.h"
#include "model/path.h"
#include "model/verdict.h"
#include "next_order.h"

#define SWITCHES_MAX	2
#define PARTS_MAX	4

/**
 * struct search - a search through the orders of some parts.
 * @first:    name of a SIM_TEST that runs before the others, or NULL
 * @parts:    names of SIM_TESTs that run at once
 * @then:     one that runs after them, or NULL
 * @outcomes: what has come out so far
 * @path:     answers of the order that is run
 * @verdict:  what the checkers found in this order
 * @machine:  started anew for each order
 * @runs:     number of orders
 */
struct search {
	const char *first;
	const char *parts[PARTS_MAX];
	const char *then;
	GHashTable *outcomes;
	struct path *path;
	struct verdict *verdict;
	struct machine *machine;
	unsigned int runs;
};

static void keep_outcome(void *ctx, int level, const char *line)
{
	struct search *search = ctx;

	(void)level;
	if (g_str_has_prefix(line, "outcome "))
		g_hash_table_add(search->outcomes, g_strdup(line + strlen("outcome ")));
}

static struct machine *make_machine(struct search *search)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self);
	g_autofree char *image = g_build_filename(dir, "..", "kernel-tests.so", NULL);
	struct machine_config config = {
		.memory = 64 << 20, .image = image,
		.path = search->path, .verdict = search->verdict,
		.console = keep_outcome, .console_ctx = search,
	};
	GError *error = NULL;
	struct machine *machine = machine_new(&config, &error);

	if (!machine)
		fail_msg("%s", error->message);
	return machine;
}

static void run_part(void *arg)
{
	((const struct host_test *)arg)->run();
}

static void spawn(struct machine *machine, struct machine_process *process, const char *part)
{
	const struct host_image *image = machine_image(machine);

	for (unsigned int i = 0; i < image->tests_nr; i++) {
		if (strcmp(image->tests[i].name, part))
			continue;
		assert_non_null(machine_spawn(machine, process, part, run_part,
					      (void *)&image->tests[i]));
		return;
	}
	fail_msg("there is no part %s", part);
}

/* What is an outcome as any other; no other violation may happen. */
static const char *outcome_of(const struct violation *violation)
{
	if (!strcmp(violation->property->id, "K-DEADLOCK"))
		return "deadlock";
	return strcmp(violation->property->id, "P-10") ? NULL : "inversion";
}

static void judge(struct search *search)
{
	for (unsigned int i = 0; i < verdict_count(search->verdict); i++) {
		const struct violation *violation = verdict_at(search->verdict, i);

		const char *outcome = outcome_of(violation);

		if (!outcome)
			fail_msg("%s: %s\n%s", violation->property->id, violation->seen,
				 violation->where ? violation->where : "");
		g_hash_table_add(search->outcomes, g_strdup(outcome));
	}
}

static void run_once(struct search *search)
{
	struct machine *machine = search->machine;
	struct machine_process *process;

	verdict_clear(search->verdict);
	assert_true(machine_boot(machine));
	process = machine_process(machine, "orders");
	if (search->first) {
		spawn(machine, process, search->first);
		assert_int_equal(machine_run(machine), MACHINE_DONE);
	}
	for (unsigned int i = 0; i < PARTS_MAX && search->parts[i]; i++)
		spawn(machine, process, search->parts[i]);
	if (machine_run(machine) == MACHINE_DONE && search->then) {
		spawn(machine, process, search->then);
		machine_run(machine);
	}
	judge(search);
	assert_false(path_diverged(search->path));
	search->runs++;
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All outcomes in alphabetical order, with commas between them. */
static char *outcome_text(GHashTable *outcomes)
{
	g_autofree char **all = (char **)g_hash_table_get_keys_as_array(outcomes, NULL);

	qsort(all, g_hash_table_size(outcomes), sizeof(char *), compare_text);
	return g_strjoinv(", ", all);
}

static void expect_outcomes(struct search search, const char *expected)
{
	g_autofree char *seen = NULL;

	search.outcomes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	search.path = path_new();
	search.verdict = verdict_new();
	search.machine = make_machine(&search);
	do {
		run_once(&search);
	} while (next_order(search.path, SWITCHES_MAX));
	seen = outcome_text(search.outcomes);
	machine_free(search.machine);
	verdict_free(search.verdict);
	path_free(search.path);
	g_hash_table_destroy(search.outcomes);
	assert_string_equal(seen, expected);
	/* One order would prove nothing. */
	assert_true(search.runs > 2);
}

#define REPORT_X	"order_x__reported__is_what_was_stored"

static void plain_increments__any_order__can_be_lost(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_plain__increment__counts_alone",
			   "order_plain__increment__counts_alone" },
		.then = REPORT_X,
	}, "x=1 y=0, x=2 y=0");
}

static void mutex__any_order__loses_no_increment(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_mutex__increment__counts", "order_mutex__increment__counts",
			   "order_mutex__increment__counts" },
		.then = REPORT_X,
	}, "x=3 y=0");
}

static void mutex__trylock__is_refused_in_some_orders(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_mutex__trylock_and_increment__counts_if_taken",
			   "order_mutex__trylock_and_increment__counts_if_taken" },
		.then = REPORT_X,
	}, "x=1 y=0, x=2 y=0");
}

static void mutexes__taken_in_opposite_order__deadlock_in_some_orders(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_abba__inner_in_outer__is_fine_alone",
			   "order_abba__outer_in_inner__is_fine_alone" },
		.then = REPORT_X,
	}, "deadlock, inversion, x=0 y=0");
}

static void spinlock__any_order__loses_no_increment(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_spinlock__increment__counts",
			   "order_spinlock__increment__counts" },
		.then = REPORT_X,
	}, "x=2 y=0");
}

static void rwsem__reader_and_writer__never_overlap(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_rwsem__read__sees_both_or_none",
			   "order_rwsem__write__changes_both" },
	}, "read 0, read 1");
}

static void rwsem__two_readers__overlap_in_some_orders(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_rwsem__read__sees_both_or_none",
			   "order_rwsem__read__sees_both_or_none",
			   "order_rwsem__write__changes_both" },
	}, "read 0, read 0 together, read 1, read 1 together");
}

static void rwsem__reading_twice_with_a_writer__deadlocks_in_some_orders(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_rwsem__read_twice__is_p10",
			   "order_rwsem__write__changes_both" },
		.then = REPORT_X,
	}, "deadlock, inversion, x=1 y=1");
}

static void rwsem__downgraded__keeps_writers_out(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_rwsem__write_then_read__lets_no_writer_between",
			   "order_rwsem__write__changes_both",
			   "order_rwsem__read__sees_both_or_none" },
		.then = REPORT_X,
	}, "read 0, read 1, read 2, x=1 y=1, x=2 y=2");
}

static void completion__any_order__lets_the_waiter_pass(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_completion__waiter_alone__deadlocks",
			   "order_completion__complete__comes_after_the_work" },
		.then = REPORT_X,
	}, "x=1 y=0");
}

static void wait_event__any_order__loses_no_wake_up(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_wait__sleeper_alone__deadlocks",
			   "order_wait__sleeper_alone__deadlocks",
			   "order_wait__waker__makes_the_condition_true_first" },
		.then = REPORT_X,
	}, "x=1 y=0");
}

static void wait_event__condition_under_a_lock__loses_no_wake_up(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_wait__condition_under_a_lock__deadlocks",
			   "order_wait__waker__makes_the_condition_true_first" },
		.then = REPORT_X,
	}, "x=1 y=0");
}

static void rcu__update_with_a_grace_period__is_seen_in_three_states(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_rcu__reader__sees_what_is_there",
			   "order_rcu__update_in_two_steps__waits_between" },
	}, "x=0 y=0, x=1 y=0, x=1 y=1");
}

static void rcu__update_without_a_grace_period__is_seen_in_a_fourth_state(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_rcu__reader__sees_what_is_there",
			   "order_rcu__update_without_waiting__is_the_mistake" },
	}, "x=0 y=0, x=0 y=1, x=1 y=0, x=1 y=1");
}

static void srcu__update_with_a_grace_period__is_seen_in_three_states(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_srcu__reader__sees_what_is_there",
			   "order_srcu__update_in_two_steps__waits_between" },
	}, "x=0 y=0, x=1 y=0, x=1 y=1");
}

static void call_rcu__any_order__waits_for_the_reader(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_call_rcu__reader__never_sees_it_taken_away",
			   "order_call_rcu__take_away_later__never_under_a_reader" },
		.then = REPORT_X,
	}, "x=1 y=1");
}

static void refcount__any_order__has_one_last_reference(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_refcount__put__one_is_the_last",
			   "order_refcount__put__one_is_the_last",
			   "order_refcount__get_unless_zero__never_revives" },
		.then = REPORT_X,
	}, "x=1 y=0");
}

static void xarray__two_allocations__have_different_indices(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_xarray__alloc__gives_an_index_of_its_own",
			   "order_xarray__alloc__gives_an_index_of_its_own" },
	}, "index 100, index 101");
}

static void xarray__insert_against_the_lock__is_never_in_between(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_xarray__insert__succeeds_where_nothing_is",
			   "order_xarray__store_with_the_lock_held__keeps_others_out" },
		.then = REPORT_X,
	}, "x=1 y=0");
}

static void xarray__two_inserts__second_may_come_too_early(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_xarray__insert__succeeds_where_nothing_is",
			   "order_xarray__insert__succeeds_where_nothing_is" },
		.then = REPORT_X,
	}, "x=1 y=0, x=2 y=0");
}

static void gmem__frozen_while_converted__is_never_both_frozen_and_private(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.first = "order_gmem__created__is_shared",
		.parts = { "order_gmem__freeze__wants_all_of_it_shared",
			   "order_gmem__convert_to_private__is_done_or_refused" },
		.then = "order_gmem__state__agrees_with_what_was_answered",
	}, "frozen shared, thawed private");
}

static void gmem__stored_to_while_converted__host_has_no_way_in_afterwards(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.first = "order_gmem__created__is_shared",
		.parts = { "order_gmem__host_store__reaches_shared_memory_only",
			   "order_gmem__convert_to_private__is_done_or_refused" },
		.then = "order_gmem__state__agrees_with_what_was_answered",
	}, "thawed private, thawed private stored, thawed shared stored");
}

static void gmem__stored_to_by_the_guest_while_converted__no_mapping_is_left(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.first = "order_gmem__guest_with_private_memory__can_use_it",
		.parts = { "order_gmem__guest_store__goes_where_the_attribute_says",
			   "order_gmem__convert_to_shared__needs_nobodys_consent" },
		.then = "order_gmem__converted_to_shared__guest_goes_to_the_host",
	}, "to private memory, to the host");
}

static void split__looked_up_meanwhile__is_the_folio_or_a_part_of_it(void **state)
{
	(void)state;
	expect_outcomes((struct search){
		.parts = { "order_split__split__is_refused_while_somebody_looks",
			   "order_split__look_up__finds_the_folio_or_a_part_of_it" },
	}, "found order 0 at 2, found order 2 at 0, split -11, split 0");
}

static void memfd_freeze_against(const char *part, const char *expected)
{
	expect_outcomes((struct search){
		.first = "order_memfd__set_up__is_a_mapped_memfd_and_a_session",
		.parts = { "order_memfd__freeze__keeps_position_and_seals", part },
		.then = "order_memfd__frozen__is_as_it_was_then",
	}, expected);
}

static void memfd__freeze_against_what_changes_its_state__hands_over_the_last(void **state)
{
	(void)state;
	memfd_freeze_against("order_memfd__read__moves_the_position",
			     "position 0 seals 0, position 1 seals 0");
	memfd_freeze_against("order_memfd__seek__moves_the_position",
			     "position 0 seals 0, position 1 seals 0");
	memfd_freeze_against("order_memfd__seal__adds_one",
			     "position 0 seals 0, position 0 seals 4");
}

static void memfd_preserve_against(const char *part, const char *expected)
{
	expect_outcomes((struct search){
		.first = "order_memfd__set_up__is_a_mapped_memfd_and_a_session",
		.parts = { "order_memfd__preserve__pins_all_folios", part },
		.then = "order_memfd__preserved__has_one_pinned_folio_for_each_page",
	}, expected);
}

static void memfd__preserve_against_what_changes_its_layout__misses_no_folio(void **state)
{
	(void)state;
	memfd_preserve_against("order_memfd__store_to_a_hole__is_in_the_file", "2 pages, 97");
	memfd_preserve_against("order_memfd__cut__frees_a_folio_or_is_refused",
			       "1 pages, 97, 2 pages, 97");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_increments__any_order__can_be_lost),
		cmocka_unit_test(mutex__any_order__loses_no_increment),
		cmocka_unit_test(mutex__trylock__is_refused_in_some_orders),
		cmocka_unit_test(mutexes__taken_in_opposite_order__deadlock_in_some_orders),
		cmocka_unit_test(spinlock__any_order__loses_no_increment),
		cmocka_unit_test(rwsem__reader_and_writer__never_overlap),
		cmocka_unit_test(rwsem__two_readers__overlap_in_some_orders),
		cmocka_unit_test(rwsem__reading_twice_with_a_writer__deadlocks_in_some_orders),
		cmocka_unit_test(rwsem__downgraded__keeps_writers_out),
		cmocka_unit_test(completion__any_order__lets_the_waiter_pass),
		cmocka_unit_test(wait_event__any_order__loses_no_wake_up),
		cmocka_unit_test(wait_event__condition_under_a_lock__loses_no_wake_up),
		cmocka_unit_test(rcu__update_with_a_grace_period__is_seen_in_three_states),
		cmocka_unit_test(rcu__update_without_a_grace_period__is_seen_in_a_fourth_state),
		cmocka_unit_test(srcu__update_with_a_grace_period__is_seen_in_three_states),
		cmocka_unit_test(call_rcu__any_order__waits_for_the_reader),
		cmocka_unit_test(refcount__any_order__has_one_last_reference),
		cmocka_unit_test(xarray__two_allocations__have_different_indices),
		cmocka_unit_test(xarray__insert_against_the_lock__is_never_in_between),
		cmocka_unit_test(xarray__two_inserts__second_may_come_too_early),
		cmocka_unit_test(gmem__frozen_while_converted__is_never_both_frozen_and_private),
		cmocka_unit_test(gmem__stored_to_while_converted__host_has_no_way_in_afterwards),
		cmocka_unit_test(gmem__stored_to_by_the_guest_while_converted__no_mapping_is_left),
		cmocka_unit_test(split__looked_up_meanwhile__is_the_folio_or_a_part_of_it),
		cmocka_unit_test(
			memfd__freeze_against_what_changes_its_state__hands_over_the_last),
		cmocka_unit_test(
			memfd__preserve_against_what_changes_its_layout__misses_no_folio),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
