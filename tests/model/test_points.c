// SPDX-License-Identifier: GPL-2.0
/* Places in memory that are scheduling points: how they grow and join, and their text. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/points.h"

static void comes_to(struct points *points, const char *text, unsigned int count)
{
	g_autofree char *is = NULL;

	points_settle(points);
	assert_false(points_new_ones(points));
	is = points_format(points);
	assert_string_equal(is, text);
	assert_int_equal(points_count(points), count);
}

static void add__is_a_point__after_it_is_settled(void **state)
{
	struct points *points = points_new();
	g_autofree char *before = NULL;

	(void)state;
	comes_to(points, "", 0);
	points_add(points, 0x10, 0x14);
	before = points_format(points);
	assert_string_equal(before, "");
	assert_true(points_new_ones(points));
	comes_to(points, "m10/4", 1);
	points_free(points);
}

static void add__what_is_a_point_already__is_nothing_new(void **state)
{
	struct points *points = points_new();

	(void)state;
	points_add(points, 0x10, 0x18);
	points_settle(points);
	points_add(points, 0x10, 0x18);
	points_add(points, 0x12, 0x13);
	assert_false(points_new_ones(points));
	points_free(points);
}

static void add__beside_others__is_one_more(void **state)
{
	struct points *points = points_new();

	(void)state;
	points_add(points, 0x14, 0x18);
	points_add(points, 0x10, 0x14);
	points_add(points, 0x18, 0x19);
	comes_to(points, "m10/4+m14/4+m18/1", 3);
	points_free(points);
}

static void add__overlapping__is_one(void **state)
{
	struct points *points = points_new();

	(void)state;
	points_add(points, 0x10, 0x14);
	points_add(points, 0x12, 0x18);
	comes_to(points, "m10/8", 1);
	points_add(points, 0x20, 0x24);
	comes_to(points, "m10/8+m20/4", 2);
	points_add(points, 0x0c, 0x40);
	comes_to(points, "mc/52", 1);
	points_free(points);
}

static void add__to_an_object_of_several_places__leaves_it_one(void **state)
{
	struct points *points = points_parse("m10/4~m20/4+s8/1", NULL);

	(void)state;
	comes_to(points, "m10/4~m20/4+s8/1", 2);
	points_add(points, 0x1e, 0x21);
	comes_to(points, "m10/4~m1e/6+s8/1", 2);
	points_add(points, 0x0e, 0x11);
	comes_to(points, "me/6~m1e/6+s8/1", 2);
	points_add(points, 0x13, 0x1f);
	comes_to(points, "me/22+s8/1", 2);
	points_free(points);
}

static void parse__rubbish__is_an_error(void **state)
{
	static const char *const wrong[] = {
		"", "+", "m", "m10", "m10/", "m10/0", "x10/4", "m10/4+", "m10/4~", "m10/4+m12/4",
		"m20/4~m10/4", "m10/4/4", "mzz/4", "m10/99999999999",
	};

	(void)state;
	for (unsigned int i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;

		if (points_parse(wrong[i], &error))
			fail_msg("'%s' is taken for places", wrong[i]);
		assert_non_null(error);
	}
}

static void races__told_twice__are_kept_once(void **state)
{
	struct points *points = points_new();

	(void)state;
	points_note_race(points, "a and b");
	points_note_race(points, "a and c");
	points_note_race(points, "a and b");
	assert_int_equal(points_races(points)->len, 2);
	points_free(points);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(add__is_a_point__after_it_is_settled),
		cmocka_unit_test(add__what_is_a_point_already__is_nothing_new),
		cmocka_unit_test(add__beside_others__is_one_more),
		cmocka_unit_test(add__overlapping__is_one),
		cmocka_unit_test(add__to_an_object_of_several_places__leaves_it_one),
		cmocka_unit_test(parse__rubbish__is_an_error),
		cmocka_unit_test(races__told_twice__are_kept_once),
	};

	return cmocka_run_group_tests_name("points", tests, NULL, NULL);
}
