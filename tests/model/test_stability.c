// SPDX-License-Identifier: GPL-2.0
/*
 * Preserved folios that are split, moved or in scratch memory. (Freed, handed out, preserved
 * twice, unpreserved otherwise: test_checkers.c.)
 */

#include "fixture.h"

#define PFN	FAKE_PFN_FREE

static const struct violation *first(const struct fixture *f)
{
	return verdict_at(f->verdict, 0);
}

static void stability__split_while_preserved__is_p23(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_PAGE_ALLOC, PFN, 2, 0);
	call(f, FAKE_PRESERVE, PFN, 2);
	event(f, HOST_EVENT_FOLIO_SPLIT, PFN, 2, 1);
	assert_violation(f, "P-23",
			 "page 512 is preserved with order 2, but its folio of order 2 was split "
			 "to order 1");
	assert_non_null(strstr(first(f)->where, "tests/images/fake.c:"));
	assert_non_null(strstr(first(f)->other, "tests/images/fake.c:"));
	assert_string_not_equal(first(f)->where, first(f)->other);
}

/* A folio of which only the second half is preserved, and in pages. */
static void stability__split_between_preserved_pages__is_silent(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_PAGE_ALLOC, PFN, 2, 0);
	call(f, FAKE_PRESERVE, PFN + 2, 0);
	call(f, FAKE_PRESERVE, PFN + 3, 0);
	event(f, HOST_EVENT_FOLIO_SPLIT, PFN, 2, 0);
	assert_no_violation(f);
	call(f, FAKE_PRESERVE, PFN, 1);
	event(f, HOST_EVENT_FOLIO_SPLIT, PFN, 1, 0);
	assert_violation(f, "P-23", "page 512 is preserved with order 1");
}

static void stability__split_after_unpreserved__is_silent(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_PAGE_ALLOC, PFN, 2, 0);
	event(f, HOST_EVENT_FOLIO_SPLIT, PFN, 2, 1);
	call(f, FAKE_PRESERVE, PFN, 1);
	call(f, FAKE_UNPRESERVE, PFN, 1);
	event(f, HOST_EVENT_FOLIO_SPLIT, PFN, 1, 0);
	event(f, HOST_EVENT_FOLIO_MIGRATED, PFN, 0, PFN + 8);
	finish(f);
	assert_no_violation(f);
}

static void stability__migrated_while_preserved__is_p23(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_PAGE_ALLOC, PFN, 0, 0);
	call(f, FAKE_PRESERVE, PFN, 0);
	event(f, HOST_EVENT_PAGE_ALLOC, PFN + 8, 0, 0);
	event(f, HOST_EVENT_FOLIO_MIGRATED, PFN, 0, PFN + 8);
	assert_violation(f, "P-23", "page 512 is preserved, but was migrated to page 520");
	assert_non_null(first(f)->other);
}

static void stability__preserved_in_a_scratch_area__is_p23(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_KHO_SCRATCH, PFN + 4, 0, 4);
	call(f, FAKE_PRESERVE, PFN, 2);
	call(f, FAKE_PRESERVE, PFN + 8, 2);
	assert_no_violation(f);
	call(f, FAKE_PRESERVE, PFN + 7, 0);
	assert_violation(f, "P-23", "page 519 was preserved although it lies in a scratch area");
	assert_non_null(first(f)->other);
}

static void stability__preservation_refused_for_a_scratch_area__is_p23(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_KHO_SCRATCH, PFN + 4, 0, 4);
	event(f, HOST_EVENT_KHO_PRESERVE_BAD, PFN + 4, 0, 0);
	assert_violation(f, "P-23", "page 516 was to be preserved although it lies in a scratch");
}

static void stability__scratch_areas_of_the_old_kernel__are_not_the_new_ones(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_KHO_SCRATCH, PFN, 0, 4);
	do_kexec(f, 0);
	next_kernel(f);
	call(f, FAKE_PRESERVE, PFN, 0);
	assert_no_violation(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(stability__split_while_preserved__is_p23),
		TEST(stability__split_between_preserved_pages__is_silent),
		TEST(stability__split_after_unpreserved__is_silent),
		TEST(stability__migrated_while_preserved__is_p23),
		TEST(stability__preserved_in_a_scratch_area__is_p23),
		TEST(stability__preservation_refused_for_a_scratch_area__is_p23),
		TEST(stability__scratch_areas_of_the_old_kernel__are_not_the_new_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
