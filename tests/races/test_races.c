// SPDX-License-Identifier: GPL-2.0
/*
 * Which pairs of parts (tests/sim/races.c) race, in all orders: P-66.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/explore_kernel.h"
#include "model/machine.h"
#include "model/path.h"
#include "model/verdict.h"

/**
 * struct pair - two parts that run at once.
 * @parts: their names, but for "race_"
 * @first: of the part that runs before them, or NULL
 * @racy:  they race, in some order
 */
struct pair {
	const char *parts[2];
	const char *first;
	bool racy;
};

#define RACE(a, b)		{ .parts = { a, b }, .racy = true }
#define RACE_AFTER(f, a, b)	{ .parts = { a, b }, .racy = true, .first = f }
#define FINE(a, b)		{ .parts = { a, b } }
#define FINE_AFTER(f, a, b)	{ .parts = { a, b }, .first = f }

#define WRITTEN		"data__written__is_stored"
#define READ		"data__read__is_loaded"
#define WRITE_ONCE	"data__write_once__is_stored"
#define READ_ONCE	"data__read_once__is_loaded"
#define MUTEX		"mutex__increment__counts"
#define THING		"thing__set_up__is_there"
#define FOLIO		"folio__set_up__is_there"
#define RCU_READER	"rcu__reader__finds_the_contents"

static struct pair pairs[] = {
	RACE(WRITTEN, WRITTEN),
	RACE(WRITTEN, READ),
	RACE(WRITTEN, READ_ONCE),
	RACE(WRITTEN, WRITE_ONCE),
	RACE(WRITE_ONCE, READ),
	FINE(READ, READ),
	FINE(READ, READ_ONCE),
	FINE(WRITE_ONCE, WRITE_ONCE),
	FINE(WRITE_ONCE, READ_ONCE),
	FINE(WRITTEN, "data__read_on_purpose__is_loaded"),
	FINE("counter__incremented__counts", "counter__incremented__counts"),
	RACE("counter__incremented__counts", "counter__read_plainly__is_loaded"),
	FINE("bytes__first_written__is_stored", "bytes__second_written__is_stored"),
	RACE("bytes__first_written__is_stored", "bytes__all_cleared__are_zero"),

	FINE(MUTEX, MUTEX),
	RACE(MUTEX, "other_mutex__increment__counts"),
	RACE(MUTEX, READ),
	RACE(MUTEX, READ_ONCE),
	FINE("spinlock__increment__counts", "spinlock__increment__counts"),
	RACE("spinlock__increment__counts", MUTEX),
	FINE(MUTEX, "trylock__increment_if_taken__counts"),
	RACE(MUTEX, "trylock__increment_anyway__is_the_mistake"),
	FINE("rwlock__read__is_loaded", "rwlock__increment__counts"),
	FINE("rwlock__read__is_loaded", "rwlock__read__is_loaded"),
	FINE("rwsem__read__is_loaded", "rwsem__increment__counts"),
	FINE("rwsem__increment__counts", "rwsem__increment__counts"),
	RACE("rwsem__increment_as_reader__is_the_mistake",
	     "rwsem__increment_as_reader__is_the_mistake"),
	RACE("rwsem__increment_as_reader__is_the_mistake", "rwsem__read__is_loaded"),
	FINE("rwsem__increment_as_reader__is_the_mistake", "rwsem__increment__counts"),
	FINE("rwsem__increment_and_downgrade__counts", "rwsem__read__is_loaded"),
	FINE("rwsem__increment_and_downgrade__counts", "rwsem__increment__counts"),
	RACE("rwsem__increment_after_downgrade__is_the_mistake", "rwsem__read__is_loaded"),
	FINE("bit_lock__increment__counts", "bit_lock__increment__counts"),
	RACE("bit_lock__unlocked_without_order__is_the_mistake", "bit_lock__increment__counts"),
	FINE_AFTER(FOLIO, "folio_lock__increment__counts", "folio_lock__increment__counts"),
	FINE_AFTER(FOLIO, "folio_lock__increment__counts",
		   "folio_lock__trylock_and_increment__counts"),
	RACE_AFTER(FOLIO, "folio_lock__increment__counts", MUTEX),

	FINE("release__publish__comes_after_the_data",
	     "acquire__consume__comes_before_the_data"),
	RACE("once__publish__is_the_mistake", "once__consume__is_the_mistake"),
	RACE("release__publish__comes_after_the_data", "once__consume__is_the_mistake"),
	RACE("once__publish__is_the_mistake", "acquire__consume__comes_before_the_data"),
	RACE("release__publish_and_store_again__leaves_no_order",
	     "acquire__consume__comes_before_the_data"),
	FINE("fences__publish__comes_after_the_data", "fences__consume__comes_before_the_data"),
	FINE("fences__publish__comes_after_the_data", "acquire__consume__comes_before_the_data"),
	RACE("fences__publish__comes_after_the_data", "once__consume__is_the_mistake"),
	RACE("once__publish__is_the_mistake", "fences__consume__comes_before_the_data"),
	FINE("full__second_to_come__has_the_data",
	     "full__second_to_come__reads_what_the_first_wrote"),
	RACE("full__second_to_come__has_the_data", "relaxed__second_to_come__is_the_mistake"),
	FINE("rcu__publish__comes_after_the_contents", RCU_READER),
	RACE("rcu__publish_without_order__is_the_mistake", RCU_READER),
	FINE("xarray__publish__comes_after_the_contents",
	     "xarray__reader__finds_the_contents"),
	RACE("xarray__publish_too_early__is_the_mistake", "xarray__reader__finds_the_contents"),
	FINE("llist__add__comes_after_the_contents", "llist__take__finds_the_contents"),

	FINE_AFTER(THING, "refs__read_and_put__last_one_frees",
		   "refs__read_and_put__last_one_frees"),
	RACE_AFTER(THING, "refs__put__last_one_frees", "refs__read_and_put__last_one_frees"),
	RACE_AFTER(THING, "users__put_without_order__is_the_mistake",
		   "users__free_when_gone__is_the_mistake"),
	FINE_AFTER(THING, "rcu__free_after_a_grace_period__harms_no_reader", RCU_READER),
	FINE_AFTER(THING, "rcu__free_by_callback__harms_no_reader", RCU_READER),
	RACE_AFTER(THING, "rcu__free_at_once__is_the_mistake", RCU_READER),
	FINE_AFTER(THING, "srcu__free_after_a_grace_period__harms_no_reader",
		   "srcu__reader__finds_the_contents"),
	RACE_AFTER(THING, "rcu__free_after_a_grace_period__harms_no_reader",
		   "srcu__reader__finds_the_contents"),
	FINE("memory__used_for_a_while__is_ones_own", "memory__used_for_a_while__is_ones_own"),
	FINE("page__used_for_a_while__is_ones_own", "page__used_for_a_while__is_ones_own"),
	FINE("page__used_for_a_while__is_ones_own", "memory__used_for_a_while__is_ones_own"),

	FINE("completion__complete__comes_after_the_data", "completion__waiter_alone__deadlocks"),
	RACE("completion__complete_too_early__is_the_mistake",
	     "completion__waiter_alone__deadlocks"),
	FINE("wait__waker__releases_the_condition", "wait__sleeper_alone__deadlocks"),
	/* Who comes too late sleeps for good. */
	FINE("wait__wake_up_only__comes_after_the_data", "wait__sleep_once__deadlocks"),
	RACE("wait__waker__just_sets_the_condition", "wait__sleeper_with_no_order__deadlocks"),
};

/**
 * struct search - all orders of a pair.
 * @races: orders in which they raced
 * @seen:  what was said of the first of them
 */
struct search {
	const struct pair *pair;
	struct path *path;
	struct verdict *verdict;
	struct machine *machine;
	unsigned int races;
	char *seen;
	char *where;
	char *other;
};

static void open_search(struct search *search, const struct pair *pair)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self);
	g_autofree char *image = g_build_filename(dir, "..", "kernel-tests-hooks.so", NULL);
	struct machine_config config = { .memory = 64 << 20, .image = image };
	GError *error = NULL;

	*search = (struct search){
		.pair = pair, .path = path_new(), .verdict = verdict_new(),
	};
	config.path = search->path;
	config.verdict = search->verdict;
	search->machine = machine_new(&config, &error);
	if (!search->machine)
		fail_msg("%s", error->message);
}

static void close_search(struct search *search)
{
	machine_free(search->machine);
	verdict_free(search->verdict);
	path_free(search->path);
	g_free(search->seen);
	g_free(search->where);
	g_free(search->other);
}

static void run_part(void *arg)
{
	((const struct host_test *)arg)->run();
}

static void spawn(struct machine *machine, struct machine_process *process, const char *part,
		  const char *name)
{
	const struct host_image *image = machine_image(machine);

	for (unsigned int i = 0; i < image->tests_nr; i++) {
		if (!g_str_has_prefix(image->tests[i].name, "race_") ||
		    strcmp(image->tests[i].name + strlen("race_"), part))
			continue;
		assert_non_null(machine_spawn(machine, process, name, run_part,
					      (void *)&image->tests[i]));
		return;
	}
	fail_msg("there is no part %s", part);
}

static void run_once(void *ctx)
{
	struct search *search = ctx;
	struct machine_process *process;

	verdict_clear(search->verdict);
	assert_true(machine_boot(search->machine));
	process = machine_process(search->machine, "races");
	if (search->pair->first) {
		spawn(search->machine, process, search->pair->first, "first");
		assert_int_equal(machine_run(search->machine), MACHINE_DONE);
	}
	spawn(search->machine, process, search->pair->parts[0], "one");
	spawn(search->machine, process, search->pair->parts[1], "two");
	machine_run(search->machine);
}

static enum explore_next ended(void *ctx, const struct schedule *schedule,
			       const struct explore_result *result)
{
	struct search *search = ctx;

	(void)schedule;
	(void)result;
	for (unsigned int i = 0; i < verdict_count(search->verdict); i++) {
		const struct violation *violation = verdict_at(search->verdict, i);

		if (!strcmp(violation->property->id, "K-DEADLOCK"))
			continue;
		if (strcmp(violation->property->id, "P-66"))
			fail_msg("%s: %s", violation->property->id, violation->seen);
		if (search->races++)
			continue;
		search->seen = g_strdup(violation->seen);
		search->where = g_strdup(violation->where);
		search->other = g_strdup(violation->other);
	}
	return EXPLORE_GO_ON;
}

static void explore(struct search *search)
{
	const struct explore_kernel what = {
		.machine = search->machine, .threads = 4, .run = run_once, .ended = ended,
		.ctx = search, .rewind = EXPLORE_REWIND_BOOT,
	};
	const struct explore_options options = { .strategy = EXPLORE_OPTIMAL };
	struct explore_result result = explore_kernel_run(&what, &options);

	assert_true(result.complete);
	assert_false(result.diverged);
}

static void pair_is_as_told(void **state)
{
	const struct pair *pair = *state;
	struct search search;

	open_search(&search, pair);
	explore(&search);
	if (!pair->racy && search.races)
		fail_msg("%s\n%s\n%s", search.seen, search.where, search.other);
	if (pair->racy && !search.races)
		fail_msg("%s and %s don't race", pair->parts[0], pair->parts[1]);
	close_search(&search);
}

static void report__of_a_plain_read_and_a_marked_write__is_p66(void **state)
{
	const struct pair pair = RACE(WRITE_ONCE, READ);
	struct search search;

	(void)state;
	open_search(&search, &pair);
	explore(&search);
	assert_string_equal(search.seen, "a data race: one writes (marked access) what two has "
			    "read before (plain access), and nothing orders the two");
	assert_non_null(strstr(search.where, "tests/sim/races.c:"));
	assert_non_null(strstr(search.where, "race_data__write_once__is_stored"));
	assert_non_null(strstr(search.other, "race_data__read__is_loaded"));
	close_search(&search);
}

static void race__in_a_run_without_a_driver__is_p66(void **state)
{
	const struct pair pair = RACE(WRITTEN, READ);
	struct search search;

	(void)state;
	open_search(&search, &pair);
	run_once(&search);
	assert_int_equal(verdict_count(search.verdict), 1);
	assert_string_equal(verdict_at(search.verdict, 0)->property->id, "P-66");
	/* A machine that is started anew has forgotten all of it. */
	run_once(&search);
	assert_int_equal(verdict_count(search.verdict), 1);
	close_search(&search);
}

int main(void)
{
	struct CMUnitTest tests[G_N_ELEMENTS(pairs) + 2] = {
		cmocka_unit_test(report__of_a_plain_read_and_a_marked_write__is_p66),
		cmocka_unit_test(race__in_a_run_without_a_driver__is_p66),
	};

	for (unsigned int i = 0; i < G_N_ELEMENTS(pairs); i++)
		tests[i + 2] = (struct CMUnitTest){
			.name = g_strjoin(pairs[i].racy ? " races with " : " is fine with ",
					  pairs[i].parts[0], pairs[i].parts[1], NULL),
			.test_func = pair_is_as_told, .initial_state = &pairs[i],
		};
	return cmocka_run_group_tests_name("races", tests, NULL, NULL);
}
