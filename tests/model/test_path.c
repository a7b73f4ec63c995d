// SPDX-License-Identifier: GPL-2.0
/*
 * The path: recording answers, and following them.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/path.h"

static void record__new_path__answers_zero_and_keeps_it(void **state)
{
	struct path *path = path_new();
	struct path_choice choice;

	(void)state;
	assert_int_equal(path_choose(path, HOST_CHOICE_SCHEDULE, 3), 0);
	assert_int_equal(path_choose(path, HOST_CHOICE_FAULT, 2), 0);
	assert_int_equal(path_length(path), 2);
	choice = path_at(path, 0);
	assert_int_equal(choice.kind, HOST_CHOICE_SCHEDULE);
	assert_int_equal(choice.alternatives, 3);
	assert_int_equal(choice.taken, 0);
	path_free(path);
}

static void record__single_alternative__is_no_choice(void **state)
{
	struct path *path = path_new();

	(void)state;
	assert_int_equal(path_choose(path, HOST_CHOICE_SCHEDULE, 1), 0);
	assert_int_equal(path_length(path), 0);
	path_free(path);
}

static void follow__appended_answers__are_given_in_order(void **state)
{
	struct path *path = path_new();

	(void)state;
	path_append(path, (struct path_choice){ HOST_CHOICE_SCHEDULE, 3, 2 });
	path_append(path, (struct path_choice){ HOST_CHOICE_FAULT, 2, 1 });
	for (unsigned int i = 0; i < 2; i++) {
		path_restart(path);
		assert_int_equal(path_choose(path, HOST_CHOICE_SCHEDULE, 3), 2);
		assert_int_equal(path_choose(path, HOST_CHOICE_FAULT, 2), 1);
		assert_int_equal(path_choose(path, HOST_CHOICE_GRACE, 4), 0);
		assert_false(path_diverged(path));
	}
	assert_int_equal(path_length(path), 3);
	path_free(path);
}

static void truncate__answers_beyond__are_asked_for_again(void **state)
{
	struct path *path = path_new();

	(void)state;
	path_append(path, (struct path_choice){ HOST_CHOICE_SCHEDULE, 3, 2 });
	path_append(path, (struct path_choice){ HOST_CHOICE_FAULT, 2, 1 });
	path_truncate(path, 1);
	path_restart(path);
	assert_int_equal(path_choose(path, HOST_CHOICE_SCHEDULE, 3), 2);
	assert_int_equal(path_choose(path, HOST_CHOICE_SIGNAL, 2), 0);
	assert_false(path_diverged(path));
	assert_int_equal(path_length(path), 2);
	path_free(path);
}

static void diverge(struct path_choice recorded, enum host_choice kind, unsigned int n)
{
	struct path *path = path_new();

	path_append(path, recorded);
	assert_int_equal(path_choose(path, kind, n), 0);
	assert_true(path_diverged(path));
	assert_int_equal(path_choose(path, HOST_CHOICE_FAULT, 2), 0);
	assert_int_equal(path_length(path), 1);
	path_restart(path);
	assert_false(path_diverged(path));
	path_free(path);
}

static void follow__another_question__diverges(void **state)
{
	(void)state;
	diverge((struct path_choice){ HOST_CHOICE_SCHEDULE, 3, 2 }, HOST_CHOICE_FAULT, 3);
	diverge((struct path_choice){ HOST_CHOICE_SCHEDULE, 3, 2 }, HOST_CHOICE_SCHEDULE, 4);
	diverge((struct path_choice){ HOST_CHOICE_SCHEDULE, 3, 3 }, HOST_CHOICE_SCHEDULE, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(record__new_path__answers_zero_and_keeps_it),
		cmocka_unit_test(record__single_alternative__is_no_choice),
		cmocka_unit_test(follow__appended_answers__are_given_in_order),
		cmocka_unit_test(truncate__answers_beyond__are_asked_for_again),
		cmocka_unit_test(follow__another_question__diverges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
