// SPDX-License-Identifier: GPL-2.0
/* States: taken from a kernel, compared by digest and line by line. */

#include "fixture.h"
#include "model/state.h"

struct pair {
	struct fixture *fixture;
	struct state *before;
	struct state *after;
};

static int pair_setup(void **state)
{
	struct pair *pair = g_new0(struct pair, 1);

	pair->before = state_new();
	pair->after = state_new();
	setup((void **)&pair->fixture);
	*state = pair;
	return 0;
}

static int pair_teardown(void **state)
{
	struct pair *pair = *state;

	teardown((void **)&pair->fixture);
	state_free(pair->before);
	state_free(pair->after);
	g_free(pair);
	return 0;
}

/* Before with @first things, after with @second. */
static void take_both(struct pair *pair, uint64_t first, uint64_t second)
{
	call(pair->fixture, FAKE_CENSUS, first, 0);
	assert_true(state_take(pair->before, pair->fixture->machine, 0));
	call(pair->fixture, FAKE_CENSUS, second, 0);
	assert_true(state_take(pair->after, pair->fixture->machine, 0));
}

/* All changes, a line each. */
static char *diff(const struct pair *pair)
{
	g_autoptr(GArray) changes = state_diff(pair->before, pair->after);
	GString *text = g_string_new(NULL);

	for (unsigned int i = 0; i < changes->len; i++) {
		g_autofree char *line =
			state_change_format(&g_array_index(changes, struct state_change, i));

		g_string_append_printf(text, "%s\n", line);
	}
	return g_string_free(text, FALSE);
}

static bool same_digests(const struct pair *pair)
{
	g_autofree char *before = state_digest(pair->before);
	g_autofree char *after = state_digest(pair->after);

	return !strcmp(before, after);
}

static void state__nothing_happened__is_the_same(void **state)
{
	struct pair *pair = *state;
	g_autofree char *text = NULL;
	g_autofree char *lines = NULL;

	take_both(pair, 4, 4);
	text = diff(pair);
	assert_string_equal(text, "");
	assert_true(same_digests(pair));
	lines = state_text(pair->before);
	assert_string_equal(lines, "things = 4\nall things = #00000010\n");
}

/* Of @first things then @second: the changes, and that the digest knows of them. */
static void expect_changes(struct pair *pair, uint64_t first, uint64_t second,
			   const char *expected)
{
	g_autofree char *text = NULL;

	take_both(pair, first, second);
	text = diff(pair);
	assert_string_equal(text, expected);
	assert_false(same_digests(pair));
}

static void state__values_change__are_told_from_and_to(void **state)
{
	expect_changes(*state, 4, 5, "things: 4 -> 5\nall things: #00000010 -> #00000019\n");
}

static void state__line_comes__is_told(void **state)
{
	expect_changes(*state, 3, 9, "things: 3 -> 9\nall things: #00000009 -> #00000051\n"
		       "a \\\"ninth\\\" thing: none -> EIO\n");
}

static void state__line_goes__is_told(void **state)
{
	expect_changes(*state, 9, 3, "things: 9 -> 3\na \\\"ninth\\\" thing: EIO -> none\n"
		       "all things: #00000051 -> #00000009\n");
}

static void state__with_contents__has_more_lines(void **state)
{
	struct pair *pair = *state;
	g_autofree char *text = NULL;

	assert_true(state_take(pair->before, pair->fixture->machine, 0));
	assert_true(state_take(pair->after, pair->fixture->machine, HOST_STATE_CONTENTS));
	text = diff(pair);
	assert_string_equal(text, "contents: none -> 1\n");
}

static void state__of_a_kernel_that_ended__is_none(void **state)
{
	struct pair *pair = *state;
	enum machine_end end;

	call_end(pair->fixture, &end, FAKE_STOP, HOST_STOP_BUG, 0, 0, 0);
	assert_int_equal(end, MACHINE_STOPPED);
	assert_false(state_take(pair->before, pair->fixture->machine, 0));
}

#define TEST(_name) cmocka_unit_test_setup_teardown(_name, pair_setup, pair_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(state__nothing_happened__is_the_same),
		TEST(state__values_change__are_told_from_and_to),
		TEST(state__line_comes__is_told),
		TEST(state__line_goes__is_told),
		TEST(state__with_contents__has_more_lines),
		TEST(state__of_a_kernel_that_ended__is_none),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
