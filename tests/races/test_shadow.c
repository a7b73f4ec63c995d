// SPDX-License-Identifier: GPL-2.0
/*
 * The shadow by itself: which accesses race, down to the byte, and what a new life of memory
 * forgets.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/race/shadow.h"

#define PAGE	4096u

/**
 * struct fixture - two threads that know nothing of each other.
 * @found: races so far
 */
struct fixture {
	struct shadow *shadow;
	struct clock clock[2];
	unsigned int found;
};

static void note_race(void *ctx, const struct touch *old, const struct touch *now,
		      uint64_t address)
{
	(void)old;
	(void)now;
	(void)address;
	((struct fixture *)ctx)->found++;
}

static void set_up(struct fixture *f)
{
	*f = (struct fixture){ .clock = { { .at = { 1, 0 } }, { .at = { 0, 1 } } } };
	f->shadow = shadow_new(note_race, f);
}

static void writes(struct fixture *f, unsigned int thread, uint64_t address, uint64_t size)
{
	const struct touch touch = {
		.thread = thread, .clock = f->clock[thread].at[thread], .write = true,
	};

	shadow_access(f->shadow, address, size, &touch, &f->clock[thread]);
}

static void expect_races(struct fixture *f, unsigned int races)
{
	assert_int_equal(f->found, races);
	shadow_free(f->shadow);
}

static void writes__of_neighbouring_bytes__do_not_race(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	writes(&f, 0, PAGE + 3, 1);
	writes(&f, 1, PAGE + 2, 1);
	writes(&f, 1, PAGE + 4, 12);
	expect_races(&f, 0);
}

static void writes__that_overlap_in_the_second_word__race(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	writes(&f, 0, PAGE + 4, 5);
	writes(&f, 1, PAGE + 8, 1);
	expect_races(&f, 1);
}

static void writes__known_to_the_other__do_not_race(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	writes(&f, 0, PAGE, 8);
	clock_join(&f.clock[1], &f.clock[0], 2);
	writes(&f, 1, PAGE, 8);
	expect_races(&f, 0);
}

static void memory__of_a_new_life__has_no_past(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	writes(&f, 0, PAGE + 8, 16);
	shadow_forget(f.shadow, PAGE + 8, 8);
	writes(&f, 1, PAGE + 8, 8);
	assert_int_equal(f.found, 0);
	writes(&f, 1, PAGE + 16, 8);
	expect_races(&f, 1);
}

static void page__of_which_a_word_has_a_new_life__keeps_the_past_of_others(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	writes(&f, 0, PAGE, PAGE);
	shadow_forget(f.shadow, PAGE + 8, 8);
	writes(&f, 1, PAGE + 8, 8);
	assert_int_equal(f.found, 0);
	writes(&f, 1, PAGE + 16, 8);
	expect_races(&f, 1);
}

static void pages__of_a_new_life__have_no_past(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	writes(&f, 0, PAGE + 8, 2 * PAGE);
	shadow_forget(f.shadow, PAGE, 3 * PAGE);
	writes(&f, 1, PAGE, 3 * PAGE);
	expect_races(&f, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes__of_neighbouring_bytes__do_not_race),
		cmocka_unit_test(writes__that_overlap_in_the_second_word__race),
		cmocka_unit_test(writes__known_to_the_other__do_not_race),
		cmocka_unit_test(memory__of_a_new_life__has_no_past),
		cmocka_unit_test(page__of_which_a_word_has_a_new_life__keeps_the_past_of_others),
		cmocka_unit_test(pages__of_a_new_life__have_no_past),
	};

	return cmocka_run_group_tests_name("shadow", tests, NULL, NULL);
}
