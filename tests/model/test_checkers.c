// SPDX-License-Identifier: GPL-2.0
/*
 * A planted violation for every referee, and the same without: silence.
 */

#include "fixture.h"
#include "model/instrument.h"

#define PFN	FAKE_PFN_FREE
#define PHYS	((uint64_t)FAKE_PFN_FREE << HOST_PAGE_SHIFT)

static const struct violation *first(const struct fixture *f)
{
	return verdict_at(f->verdict, 0);
}

/* Ledger: one kernel. */

static void ledger__orderly_life__is_silent(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_PAGE_ALLOC, PFN, 2, 0);
	call(f, FAKE_PRESERVE, PFN, 2);
	call(f, FAKE_UNPRESERVE, PFN, 2);
	event(f, HOST_EVENT_PAGE_RELEASE, PFN, 2, 0);
	event(f, HOST_EVENT_PAGE_FREE, PFN, 2, 0);
	event(f, HOST_EVENT_PAGE_ALLOC, PFN + 1, 0, 0);
	event(f, HOST_EVENT_PAGE_FREE, PFN + 1, 0, 0);
	finish(f);
	assert_no_violation(f);
}

static void ledger__preserved_twice__is_p25(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_PRESERVE, PFN, 2);
	call(f, FAKE_PRESERVE, PFN + 1, 0);
	assert_violation(f, "P-25", "preserved twice");
	assert_non_null(strstr(first(f)->where, "tests/images/fake.c:"));
	assert_non_null(strstr(first(f)->other, "tests/images/fake.c:"));
}

static void ledger__unpreserved_without_preserve__is_p25(void **state)
{
	event(*state, HOST_EVENT_KHO_UNPRESERVE, PFN, 0, 0);
	assert_violation(*state, "P-25", "not preserved");
}

static void ledger__unpreserved_with_another_order__is_p24(void **state)
{
	call(*state, FAKE_PRESERVE, PFN, 2);
	event(*state, HOST_EVENT_KHO_UNPRESERVE, PFN, 1, 0);
	assert_violation(*state, "P-24", "another order");
}

static void ledger__preserved_again_with_another_order__is_p25(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_PRESERVE, PFN, 2);
	call(f, FAKE_PRESERVE, PFN, 0);
	assert_violation(f, "P-25", "preserved twice, with order 2 and then with order 0");
	assert_non_null(first(f)->other);
}

static void ledger__middle_of_a_preservation_unpreserved__is_p24(void **state)
{
	call(*state, FAKE_PRESERVE, PFN, 2);
	event(*state, HOST_EVENT_KHO_UNPRESERVE, PFN + 1, 0, 0);
	assert_violation(*state, "P-24", "page 513 was unpreserved, but is preserved together with "
			 "page 512");
}

static void ledger__key_left_after_last_close__is_p25(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_PRESERVE, PFN, 1);
	finish(f);
	assert_violation(f, "P-25", "2 pages from page 512 still preserved");
	assert_non_null(first(f)->other);
}

static void ledger__freed_while_preserved__is_p26(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_PAGE_ALLOC, PFN, 0, 0);
	call(f, FAKE_PRESERVE, PFN, 0);
	event(f, HOST_EVENT_PAGE_FREE, PFN, 0, 0);
	assert_violation(f, "P-26", "freed while preserved");
	assert_non_null(first(f)->other);
}

static void ledger__last_reference_lost_while_preserved__is_p26(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_PAGE_ALLOC, PFN, 0, 0);
	call(f, FAKE_PRESERVE, PFN, 0);
	event(f, HOST_EVENT_PAGE_RELEASE, PFN, 0, 0);
	assert_violation(f, "P-26", "last reference");
}

static void ledger__allocated_while_preserved__is_p23(void **state)
{
	call(*state, FAKE_PRESERVE, PFN, 0);
	event(*state, HOST_EVENT_PAGE_ALLOC, PFN, 0, 0);
	assert_violation(*state, "P-23", "allocated although it is preserved");
}

static void ledger__free_page_preserved__is_p23(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_PAGE_ALLOC, PFN, 0, 0);
	event(f, HOST_EVENT_PAGE_FREE, PFN, 0, 0);
	call(f, FAKE_PRESERVE, PFN, 0);
	assert_violation(f, "P-23", "although it is free");
}

static void ledger__freed_twice__is_k_page(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_PAGE_ALLOC, PFN, 0, 0);
	event(f, HOST_EVENT_PAGE_FREE, PFN, 0, 0);
	event(f, HOST_EVENT_PAGE_FREE, PFN, 0, 0);
	assert_violation(f, "K-PAGE", "freed twice");
}

static void ledger__tree_without_what_was_preserved__is_p25(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_KHO_PRESERVE, PFN, 0, 0);
	do_kexec(f, 0);
	assert_violation(f, "P-25", "holds 0 keys, but 1");
}

/* Ledger: two kernels. */

static void hand_over(struct fixture *f, uint64_t pfn, unsigned int order)
{
	event(f, HOST_EVENT_PAGE_ALLOC, pfn, order, 0);
	call(f, FAKE_PRESERVE, pfn, order);
	do_kexec(f, 0);
	next_kernel(f);
	event(f, HOST_EVENT_PAGE_WITHHELD, pfn, order, 0);
	assert_no_violation(f);
}

static void ledger__restored_and_freed__is_silent(void **state)
{
	struct fixture *f = *state;

	hand_over(f, PFN, 1);
	event(f, HOST_EVENT_KHO_RESTORE, PFN, 1, 0);
	event(f, HOST_EVENT_PAGE_FREE, PFN, 0, 0);
	event(f, HOST_EVENT_PAGE_FREE, PFN + 1, 0, 0);
	event(f, HOST_EVENT_PAGE_ALLOC, PFN, 1, 0);
	finish(f);
	assert_no_violation(f);
}

static void ledger__allocated_before_restored__is_p43(void **state)
{
	struct fixture *f = *state;

	hand_over(f, PFN, 1);
	event(f, HOST_EVENT_PAGE_ALLOC, PFN + 1, 0, 0);
	assert_violation(f, "P-43", "not restored");
	assert_int_equal(first(f)->boot, 2);
	assert_non_null(strstr(first(f)->other, "tests/images/fake.c:"));
}

static void ledger__restored_twice__is_p44(void **state)
{
	struct fixture *f = *state;

	hand_over(f, PFN, 0);
	event(f, HOST_EVENT_KHO_RESTORE, PFN, 0, 0);
	event(f, HOST_EVENT_KHO_RESTORE, PFN, 0, 0);
	assert_violation(f, "P-44", "restored twice");
	assert_non_null(first(f)->other);
}

static void ledger__restoring_what_was_not_preserved__is_p44(void **state)
{
	struct fixture *f = *state;

	hand_over(f, PFN, 0);
	event(f, HOST_EVENT_KHO_RESTORE, PFN + 1, 0, 0);
	assert_violation(f, "P-44", "did not preserve it");
}

static void ledger__refused_restore__is_p44(void **state)
{
	struct fixture *f = *state;

	hand_over(f, PFN, 0);
	event(f, HOST_EVENT_KHO_RESTORE, PFN, 0, 0);
	event(f, HOST_EVENT_KHO_RESTORE_BAD, PFN, 0, 0);
	assert_violation(f, "P-44", "a second time");
}

static void ledger__restored_with_another_order__is_p24(void **state)
{
	struct fixture *f = *state;

	hand_over(f, PFN, 1);
	event(f, HOST_EVENT_KHO_RESTORE, PFN, 0, 0);
	assert_violation(f, "P-24", "another order");
}

static void ledger__never_restored_with_all_files_finished__is_p49(void **state)
{
	struct fixture *f = *state;
	enum machine_end end;

	call_end(f, &end, FAKE_FILE, 0, 1, PFN + 5, 4096);
	hand_over(f, PFN, 0);
	finish(f);
	assert_no_violation(f);
	f->process = machine_process(f->machine, "test");
	event(f, HOST_EVENT_FILE_FINISHED, 0, 0, 1);
	finish(f);
	assert_violation(f, "P-49", "never restored");
	assert_non_null(first(f)->other);
}

/* Stale pointers. */

static void stale(struct fixture *f, enum fake_address which, const char *what)
{
	/* There the image and the stacks lie where plain numbers are. */
	if (RUNNING_ON_VALGRIND && which > FAKE_ADDRESS_VMALLOC)
		skip();
	call(f, FAKE_POKE_ADDRESS, PHYS + 24, which);
	call(f, FAKE_PRESERVE, PFN, 0);
	do_kexec(f, 0);
	assert_violation(f, "P-42", what);
	assert_non_null(strstr(first(f)->seen, "at offset 24"));
	assert_non_null(strstr(first(f)->other, "tests/images/fake.c:"));
}

static void stale__direct_map_pointer__is_p42(void **state)
{
	stale(*state, FAKE_ADDRESS_DIRECT, "the old kernel's direct map");
}

static void stale__vmalloc_pointer__is_p42(void **state)
{
	stale(*state, FAKE_ADDRESS_VMALLOC, "the old kernel's vmalloc range");
}

static void stale__pointer_to_a_variable__names_it(void **state)
{
	stale(*state, FAKE_ADDRESS_STATIC, "counter of the old kernel's image");
}

static void stale__pointer_to_a_function__names_it(void **state)
{
	stale(*state, FAKE_ADDRESS_FUNCTION, "fake_boot of the old kernel's image");
}

static void stale__pointer_to_a_stack__is_p42(void **state)
{
	stale(*state, FAKE_ADDRESS_STACK, "a stack of the old kernel");
}

static void stale__pointer_in_a_users_page__is_nobodys_business(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POKE_ADDRESS, PHYS + HOST_PAGE_SIZE, FAKE_ADDRESS_DIRECT);
	call(f, FAKE_PRESERVE, PFN + 1, 0);
	do_kexec(f, 0);
	assert_no_violation(f);
}

static void stale__pointer_in_a_page_not_preserved__is_nobodys_business(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POKE_ADDRESS, PHYS, FAKE_ADDRESS_DIRECT);
	call(f, FAKE_PRESERVE, PFN + 2, 0);
	do_kexec(f, 0);
	assert_no_violation(f);
}

/* Contents. */

static const char session[] = "s";

static void hand_over_file(struct fixture *f)
{
	enum machine_end end;

	call(f, FAKE_POKE, PHYS + HOST_PAGE_SIZE, 0x11);
	call_end(f, &end, FAKE_FILE, 0, 1, PFN + 1, 16384);
	call(f, FAKE_PRESERVE, PFN + 1, 0);
	do_kexec(f, 0);
	next_kernel(f);
}

static void retrieve(struct fixture *f, uint64_t pfn, uint64_t size)
{
	enum machine_end end;

	call(f, FAKE_NAME, (uint64_t)session, 0);
	call_end(f, &end, FAKE_FILE, 1, 1, pfn, size);
	event(f, HOST_EVENT_FILE_RETRIEVED, 0, 0, 1);
}

static void contents__same_file__is_silent(void **state)
{
	struct fixture *f = *state;

	hand_over_file(f);
	retrieve(f, PFN + 1, 16384);
	/* What happens to it later is the user's business. */
	call(f, FAKE_POKE, PHYS + HOST_PAGE_SIZE, 0x12);
	assert_no_violation(f);
}

static void contents__changed_byte__is_p22(void **state)
{
	struct fixture *f = *state;

	hand_over_file(f);
	call(f, FAKE_POKE, PHYS + HOST_PAGE_SIZE + 4088, 0x1100000000000000);
	retrieve(f, PFN + 1, 16384);
	assert_violation(f, "P-22", "file 1 of session \"s\" differs in page 3");
}

static void contents__another_page__is_p22(void **state)
{
	struct fixture *f = *state;

	hand_over_file(f);
	retrieve(f, PFN, 16384);
	assert_violation(f, "P-22", "differs in page 3");
}

static void contents__another_size__is_p22(void **state)
{
	struct fixture *f = *state;

	hand_over_file(f);
	retrieve(f, PFN + 1, 4096);
	assert_violation(f, "P-22", "4096 bytes, but 16384 at the jump");
}

/* The state of the file after its retrieval; before the jump position and seals were 0. */
static void retrieve_state(struct fixture *f, uint64_t position, uint64_t seals)
{
	enum machine_end end;

	call(f, FAKE_NAME, (uint64_t)session, 0);
	call_end(f, &end, FAKE_FILE, 1, 1, PFN + 1, 16384);
	call_end(f, &end, FAKE_FILE_STATE, 1, position, seals, 0);
	event(f, HOST_EVENT_FILE_RETRIEVED, 0, 0, 1);
}

static void contents__another_position__is_p32(void **state)
{
	struct fixture *f = *state;

	hand_over_file(f);
	retrieve_state(f, 7, 0);
	assert_violation(f, "P-32", "file 1 of session \"s\" is at position 7, but was at 0");
}

static void contents__other_seals__are_p32(void **state)
{
	struct fixture *f = *state;

	hand_over_file(f);
	retrieve_state(f, 0, 5);
	assert_violation(f, "P-32", "file 1 of session \"s\" has seals 0x5, but 0 at the jump");
}

static void contents__page_nobody_used__is_a_page_of_zeroes(void **state)
{
	struct fixture *f = *state;
	enum machine_end end;

	call_end(f, &end, FAKE_FILE, 0, 1, PFN + 1, 16384);
	call(f, FAKE_PRESERVE, PFN + 1, 0);
	do_kexec(f, 0);
	next_kernel(f);
	call(f, FAKE_POKE, PHYS + HOST_PAGE_SIZE, 0);
	retrieve(f, PFN + 1, 16384);
	assert_no_violation(f);
}

/* Attributes. */

static void preserve_file(struct fixture *f, uint64_t private)
{
	enum machine_end end;

	call(f, FAKE_PRIVATE, private, 0);
	call_end(f, &end, FAKE_FILE, 0, 1, PFN + 1, 16384);
	call(f, FAKE_NAME, (uint64_t)session, 0);
	event(f, HOST_EVENT_FILE_PRESERVED, 0, 0, 1);
	call(f, FAKE_PRESERVE, PFN + 1, 0);
}

static void hop_with_private(struct fixture *f, uint64_t private)
{
	do_kexec(f, 0);
	next_kernel(f);
	call(f, FAKE_PRIVATE, private, 0);
	retrieve(f, PFN + 1, 16384);
}

static void attributes__same_pages_private__is_silent(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_CONVERTED, 0, 0, 0);
	preserve_file(f, 6);
	event(f, HOST_EVENT_CONVERTED, 0, 0, 0x1000);
	hop_with_private(f, 6);
	/* What is converted later is the user's business. */
	event(f, HOST_EVENT_CONVERTED, 0, 0, 0);
	call(f, FAKE_PRIVATE, 0, 0);
	assert_no_violation(f);
}

static void attributes__converted_before_the_jump__is_p39(void **state)
{
	struct fixture *f = *state;

	preserve_file(f, 1);
	event(f, HOST_EVENT_CONVERTED, 0, 0, 0);
	do_kexec(f, 0);
	assert_violation(f, "P-39", "file 1 of session \"s\" was converted while it was preserved");
	assert_non_null(strstr(first(f)->where, "tests/images/fake.c:"));
}

static void attributes__changed_on_the_way__is_p39(void **state)
{
	struct fixture *f = *state;

	preserve_file(f, 6);
	hop_with_private(f, 2);
	assert_violation(f, "P-39", "page 2 of file 1 of session \"s\" is shared after the "
			 "update, but was private");
}

static void attributes__more_private_than_before__is_p39(void **state)
{
	struct fixture *f = *state;

	preserve_file(f, 4);
	hop_with_private(f, 5);
	assert_violation(f, "P-39", "page 0 of file 1 of session \"s\" is private after the "
			 "update, but was shared");
}

static void attributes__converted_after_unpreserving__is_nobodys_business(void **state)
{
	struct fixture *f = *state;

	preserve_file(f, 0);
	event(f, HOST_EVENT_FILE_UNPRESERVED, 0, 0, 1);
	event(f, HOST_EVENT_CONVERTED, 0, 0, 0);
	event(f, HOST_EVENT_FILE_PRESERVED, 0, 0, 1);
	do_kexec(f, 0);
	assert_no_violation(f);
}

/* Leaks and the rest. */

static void leaks__counter_back_at_its_start__is_silent(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_CENSUS, 8, 0);
	call(f, FAKE_CENSUS, 7, 0);
	finish(f);
	assert_no_violation(f);
}

static void leaks__counter_above_its_start__is_k_leak(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_CENSUS, 8, 0);
	finish(f);
	assert_violation(f, "K-LEAK", "things: 8 after the last close, 7 after boot");
}

static void leaks__frozen_counter_not_zero__is_p28(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_CENSUS, 9, 0);
	finish(f);
	assert_int_equal(verdict_count(f->verdict), 2);
	assert_string_equal(verdict_at(f->verdict, 1)->property->id, "P-28");
}

static void warn__event__is_k_warn_with_its_line(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_NAME, (uint64_t)"x != y", 0);
	event(f, HOST_EVENT_WARN, 0, 0, 0);
	assert_violation(f, "K-WARN", "x != y");
	assert_true(g_str_has_prefix(first(f)->where, "tests/images/fake.c:"));
	assert_non_null(strstr(first(f)->where, " in fake_syscall()"));
}

static void lock_held__event__is_k_lock_held(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_NAME, (uint64_t)"mutex big", 0);
	event(f, HOST_EVENT_LOCK_HELD, 0, 0, 0);
	assert_violation(f, "K-LOCK-HELD", "main returns to user space with mutex big held");
}

static void reports__never__show_an_address(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POKE_ADDRESS, PHYS, FAKE_ADDRESS_DIRECT);
	call(f, FAKE_PRESERVE, PFN, 0);
	call(f, FAKE_PRESERVE, PFN, 0);
	do_kexec(f, 0);
	for (unsigned int i = 0; i < verdict_count(f->verdict); i++) {
		const struct violation *violation = verdict_at(f->verdict, i);

		assert_null(strstr(violation->seen, "0x"));
		assert_null(violation->where ? strstr(violation->where, "0x") : NULL);
		assert_null(violation->other ? strstr(violation->other, "0x") : NULL);
	}
	assert_true(verdict_count(f->verdict) >= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(ledger__orderly_life__is_silent),
		TEST(ledger__preserved_twice__is_p25),
		TEST(ledger__unpreserved_without_preserve__is_p25),
		TEST(ledger__unpreserved_with_another_order__is_p24),
		TEST(ledger__preserved_again_with_another_order__is_p25),
		TEST(ledger__middle_of_a_preservation_unpreserved__is_p24),
		TEST(ledger__key_left_after_last_close__is_p25),
		TEST(ledger__freed_while_preserved__is_p26),
		TEST(ledger__last_reference_lost_while_preserved__is_p26),
		TEST(ledger__allocated_while_preserved__is_p23),
		TEST(ledger__free_page_preserved__is_p23),
		TEST(ledger__freed_twice__is_k_page),
		TEST(ledger__tree_without_what_was_preserved__is_p25),
		TEST(ledger__restored_and_freed__is_silent),
		TEST(ledger__allocated_before_restored__is_p43),
		TEST(ledger__restored_twice__is_p44),
		TEST(ledger__restoring_what_was_not_preserved__is_p44),
		TEST(ledger__refused_restore__is_p44),
		TEST(ledger__restored_with_another_order__is_p24),
		TEST(ledger__never_restored_with_all_files_finished__is_p49),
		TEST(stale__direct_map_pointer__is_p42),
		TEST(stale__vmalloc_pointer__is_p42),
		TEST(stale__pointer_to_a_variable__names_it),
		TEST(stale__pointer_to_a_function__names_it),
		TEST(stale__pointer_to_a_stack__is_p42),
		TEST(stale__pointer_in_a_users_page__is_nobodys_business),
		TEST(stale__pointer_in_a_page_not_preserved__is_nobodys_business),
		TEST(contents__same_file__is_silent),
		TEST(contents__changed_byte__is_p22),
		TEST(contents__another_page__is_p22),
		TEST(contents__another_size__is_p22),
		TEST(contents__another_position__is_p32),
		TEST(contents__other_seals__are_p32),
		TEST(contents__page_nobody_used__is_a_page_of_zeroes),
		TEST(attributes__same_pages_private__is_silent),
		TEST(attributes__converted_before_the_jump__is_p39),
		TEST(attributes__changed_on_the_way__is_p39),
		TEST(attributes__more_private_than_before__is_p39),
		TEST(attributes__converted_after_unpreserving__is_nobodys_business),
		TEST(leaks__counter_back_at_its_start__is_silent),
		TEST(leaks__counter_above_its_start__is_k_leak),
		TEST(leaks__frozen_counter_not_zero__is_p28),
		TEST(warn__event__is_k_warn_with_its_line),
		TEST(lock_held__event__is_k_lock_held),
		TEST(reports__never__show_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
