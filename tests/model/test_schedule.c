// SPDX-License-Identifier: GPL-2.0
/* Schedules: as text, followed by a run, and chosen at random. */

#include "fixture.h"
#include "model/explore_kernel.h"
#include "model/schedule.h"

static void parses_to(const char *text, const char *formatted)
{
	g_autoptr(GError) error = NULL;
	struct schedule *schedule = schedule_parse(text, &error);
	g_autofree char *again = NULL;

	if (!schedule)
		fail_msg("%s", error->message);
	again = schedule_format(schedule, schedule->names);
	assert_string_equal(again, formatted);
	schedule_free(schedule);
}

static void is_refused(const char *text, const char *message)
{
	g_autoptr(GError) error = NULL;

	assert_null(schedule_parse(text, &error));
	assert_string_equal(error->message, message);
}

static void schedule__parsed_and_formatted__is_the_same(void **state)
{
	(void)state;
	parses_to("first:12,second:40,first:3", "first:12,second:40,first:3");
	parses_to("one:1", "one:1");
	parses_to("a/1:2,a/2:3,b:1,a/1:1", "a/1:2,a/2:3,b:1,a/1:1");
	parses_to("with:colon:7", "with:colon:7");
	/* Two stretches of one thread are one. */
	parses_to("a:2,a:3,b:1", "a:5,b:1");
}

static void schedule__not_one__is_refused(void **state)
{
	(void)state;
	is_refused("", "nothing is in it");
	is_refused("a", "'a' is not THREAD:TIMES, with 1 to 1000000 times");
	is_refused("a:", "'a:' is not THREAD:TIMES, with 1 to 1000000 times");
	is_refused(":3", "':3' is not THREAD:TIMES, with 1 to 1000000 times");
	is_refused("a:0", "'a:0' is not THREAD:TIMES, with 1 to 1000000 times");
	is_refused("a:-1", "'a:-1' is not THREAD:TIMES, with 1 to 1000000 times");
	is_refused("a:1000001", "'a:1000001' is not THREAD:TIMES, with 1 to 1000000 times");
	is_refused("a:2,", "'' is not THREAD:TIMES, with 1 to 1000000 times");
	is_refused("a:2,,b:1", "'' is not THREAD:TIMES, with 1 to 1000000 times");
	is_refused("a:2x", "'a:2x' is not THREAD:TIMES, with 1 to 1000000 times");
	is_refused("a:99999999999999999999",
		   "'a:99999999999999999999' is not THREAD:TIMES, with 1 to 1000000 times");
}

static void schedule__threads_of_one_name__are_told_apart(void **state)
{
	const char *const names[] = { "a", "b", "a" };
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	struct schedule *schedule = schedule_new();
	g_autofree char *text = NULL;

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		g_ptr_array_add(all, (char *)names[i]);
		schedule_add(schedule, (struct dispatch){ .thread = i + 1 });
	}
	schedule_add(schedule, (struct dispatch){ .thread = 4 });
	text = schedule_format(schedule, all);
	assert_string_equal(text, "a/1:1,b:1,a/3:1,/4:1");
	assert_int_equal(schedule_switches(schedule), 3);
	schedule_set_names(schedule, all);
	assert_string_equal(g_ptr_array_index(schedule->names, 1), "b");
	assert_string_equal(g_ptr_array_index(schedule->names, 2), "a/3");
	schedule_free(schedule);
}

/* Each of two threads gets the counter, which adds one, and sets it to a number of its own. */
static void spawn_two(struct fixture *f, struct script *first, struct script *second)
{
	struct script *const scripts[] = { first, second };

	for (unsigned int i = 0; i < 2; i++) {
		memset(scripts[i], 0, sizeof(*scripts[i]));
		script_add(scripts[i], FAKE_POINT, HOST_OP_RMW, 0, 0, 0);
		script_add(scripts[i], FAKE_GET, 0, 0, 0, 0);
		script_add(scripts[i], FAKE_SET, 10 * i, 0, 0, 0);
		script_add(scripts[i], FAKE_POINT, HOST_OP_RMW, 0, 0, 0);
	}
	script_spawn(f, first, "first");
	script_spawn(f, second, "second");
}

/* What the two got, by a schedule; and the schedule that came of it. */
static char *follow(struct fixture *f, const char *text, long results[2])
{
	struct schedule *wanted = schedule_parse(text, NULL), *happened;
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	struct script first, second;
	struct director *director;
	char *formatted;

	assert_non_null(wanted);
	g_ptr_array_add(names, g_str_has_prefix(text, "second") ? "second" : "first");
	g_ptr_array_add(names, g_str_has_prefix(text, "second") ? "first" : "second");
	assert_true(machine_boot(f->machine));
	f->process = machine_process(f->machine, "test");
	path_truncate(f->path, 0);
	path_restart(f->path);
	director = director_new(f->machine, wanted);
	spawn_two(f, &first, &second);
	assert_int_equal(machine_run(f->machine), MACHINE_DONE);
	happened = director_free(director);
	results[0] = first.results[1];
	results[1] = second.results[1];
	formatted = schedule_format(happened, names);
	schedule_free(happened);
	schedule_free(wanted);
	return formatted;
}

static void director__schedule__is_followed(void **state)
{
	struct fixture *f = *state;
	g_autofree char *one = NULL, *two = NULL;
	long results[2];

	one = follow(f, "first:3,second:3", results);
	assert_string_equal(one, "first:3,second:3");
	assert_int_equal(results[0], 42);
	assert_int_equal(results[1], 1);
	/* Who begins is told by the names, and not by the order of spawning. */
	two = follow(f, "second:3,first:3", results);
	assert_string_equal(two, "second:3,first:3");
	assert_int_equal(results[0], 11);
	assert_int_equal(results[1], 42);
}

static void director__schedule_that_cannot_be_followed__goes_on(void **state)
{
	static const char *const texts[] = {
		"first:1", "second:100", "second:100,first:100", "nobody:3", "nobody:3,second:2",
		"second/7:4", "first:1,second:1,first:1000000",
	};
	struct fixture *f = *state;

	for (unsigned int i = 0; i < G_N_ELEMENTS(texts); i++) {
		long results[2];
		g_autofree char *one = follow(f, texts[i], results);
		g_autofree char *again = follow(f, texts[i], results);

		assert_string_equal(one, again);
		assert_true(results[0] == 42 || results[1] == 42);
	}
}

/* struct sampled - what random runs were like. */
struct sampled {
	struct fixture *fixture;
	struct script first, second;
	GString *schedules;
};

static void run_sample(void *ctx)
{
	struct sampled *sampled = ctx;
	struct fixture *f = sampled->fixture;

	assert_true(machine_boot(f->machine));
	f->process = machine_process(f->machine, "test");
	path_truncate(f->path, 0);
	path_restart(f->path);
	spawn_two(f, &sampled->first, &sampled->second);
	assert_int_equal(machine_run(f->machine), MACHINE_DONE);
}

static enum explore_next sample_ended(void *ctx, const struct schedule *schedule,
				      const struct explore_result *result)
{
	struct sampled *sampled = ctx;

	(void)result;
	for (unsigned int i = 0; i < schedule_length(schedule); i++)
		g_string_append_printf(sampled->schedules, "%u",
				       schedule_at(schedule, i)->thread);
	g_string_append_c(sampled->schedules, ' ');
	return EXPLORE_GO_ON;
}

static char *sample(struct fixture *f, unsigned int runs, unsigned int seed)
{
	struct sampled sampled = { .fixture = f, .schedules = g_string_new(NULL) };
	const struct explore_kernel what = {
		.machine = f->machine, .threads = 2, .run = run_sample, .ended = sample_ended,
		.ctx = &sampled,
	};
	struct explore_result result;
	double detection;

	result = explore_kernel_sample(&what, runs, seed, &detection);
	assert_int_equal(result.executions, runs);
	assert_false(result.complete);
	assert_true(detection >= 0 && detection < 1);
	return g_string_free(sampled.schedules, FALSE);
}

static void sample__same_seed__same_schedules(void **state)
{
	struct fixture *f = *state;
	g_autofree char *one = sample(f, 20, 7), *again = sample(f, 20, 7);
	g_autofree char *other = sample(f, 20, 1234);
	g_auto(GStrv) runs = g_strsplit(one, " ", -1);
	bool differ = false;

	assert_string_equal(one, again);
	assert_string_not_equal(one, other);
	for (unsigned int i = 1; i < 20; i++)
		differ |= strcmp(runs[0], runs[i]) != 0;
	assert_true(differ);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		cmocka_unit_test(schedule__parsed_and_formatted__is_the_same),
		cmocka_unit_test(schedule__not_one__is_refused),
		cmocka_unit_test(schedule__threads_of_one_name__are_told_apart),
		TEST(director__schedule__is_followed),
		TEST(director__schedule_that_cannot_be_followed__goes_on),
		TEST(sample__same_seed__same_schedules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
