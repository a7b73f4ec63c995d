// SPDX-License-Identifier: GPL-2.0
/*
 * A planted violation for the checkers that follow the protocol, and the same without:
 * silence. And: each judgement is counted.
 */

#include "fixture.h"

#include "model/check.h"

#define PFN	FAKE_PFN_FREE
#define PHYS	((uint64_t)FAKE_PFN_FREE << HOST_PAGE_SHIFT)

static const char session[] = "s";

static void file_event(struct fixture *f, enum host_event_type type, uint64_t token)
{
	call(f, FAKE_NAME, (uint64_t)session, 0);
	event(f, type, 0, 0, token);
}

static uint64_t judged(const struct fixture *f, const char *id)
{
	return verdict_judgements(f->verdict, JUDGE_CHECKER, property_index(id));
}

/* Every checker says what it judges, and where it is. */

static void checkers__all__name_their_properties(void **state)
{
	const struct checker *checker;

	(void)state;
	for (unsigned int i = 0; (checker = checker_at(i)); i++) {
		assert_non_null(checker->name);
		assert_non_null(checker->judges);
		assert_non_null(strstr(checker->file, "model/"));
		for (unsigned int j = 0; checker->judges[j]; j++)
			assert_non_null(property_find(checker->judges[j]));
	}
}

/* Life of a file. */

static void files__orderly_life__is_silent(void **state)
{
	struct fixture *f = *state;

	for (uint64_t token = 1; token <= 3; token++)
		file_event(f, HOST_EVENT_FILE_PRESERVED, token);
	event(f, HOST_EVENT_SERIALIZING, 0, 0, 0);
	file_event(f, HOST_EVENT_FILE_FROZEN, 1);
	file_event(f, HOST_EVENT_FILE_FROZEN, 2);
	file_event(f, HOST_EVENT_FILE_UNFROZEN, 2);
	file_event(f, HOST_EVENT_FILE_UNFROZEN, 1);
	event(f, HOST_EVENT_SERIALIZED, 0, 0, 5);
	for (uint64_t token = 3; token >= 1; token--)
		file_event(f, HOST_EVENT_FILE_UNPRESERVED, token);
	finish(f);
	assert_no_violation(f);
	assert_int_equal(judged(f, "P-18"), 3);
	assert_int_equal(judged(f, "P-15"), 3);
	assert_int_equal(judged(f, "P-29"), 7);
}

static void files__same_token_again__is_p15(void **state)
{
	file_event(*state, HOST_EVENT_FILE_PRESERVED, 1);
	file_event(*state, HOST_EVENT_FILE_PRESERVED, 1);
	assert_violation(*state, "P-15", "file 1 of session \"s\" was preserved twice");
}

static void files__refused_with_a_page_left__is_p17(void **state)
{
	struct fixture *f = *state;
	static struct script script;

	memset(&script, 0, sizeof(script));
	call(f, FAKE_NAME, (uint64_t)session, 0);
	script_add(&script, FAKE_EVENT, HOST_EVENT_FILE_PRESERVING, 0, 0, 1);
	script_add(&script, FAKE_PRESERVE, PFN, 1, 0, 0);
	script_add(&script, FAKE_PRESERVE, PFN + 2, 0, 0, 0);
	script_add(&script, FAKE_UNPRESERVE, PFN + 2, 0, 0, 0);
	script_add(&script, FAKE_EVENT, HOST_EVENT_FILE_REFUSED, 0, 0, 1);
	script_spawn(f, &script, "main");
	assert_int_equal(machine_run(f->machine), MACHINE_DONE);
	assert_violation(f, "P-17", "the pages preserved grew by 2");
}

static void files__oldest_first__is_p18(void **state)
{
	file_event(*state, HOST_EVENT_FILE_PRESERVED, 1);
	file_event(*state, HOST_EVENT_FILE_PRESERVED, 2);
	file_event(*state, HOST_EVENT_FILE_UNPRESERVED, 1);
	assert_violation(*state, "P-18", "before those preserved later");
}

static void files__unpreserved_twice__is_p18(void **state)
{
	file_event(*state, HOST_EVENT_FILE_PRESERVED, 1);
	file_event(*state, HOST_EVENT_FILE_UNPRESERVED, 1);
	file_event(*state, HOST_EVENT_FILE_UNPRESERVED, 1);
	assert_violation(*state, "P-18", "is not preserved");
}

static void files__never_unpreserved__is_p18(void **state)
{
	struct fixture *f = *state;

	file_event(f, HOST_EVENT_FILE_PRESERVED, 1);
	finish(f);
	assert_violation(f, "P-18", "1 files of session \"s\" were never unpreserved");
}

static void files__preserved_during_serialization__is_p11(void **state)
{
	event(*state, HOST_EVENT_SERIALIZING, 0, 0, 0);
	file_event(*state, HOST_EVENT_FILE_PRESERVED, 1);
	assert_violation(*state, "P-11", "after serialization began");
}

static void files__frozen_out_of_order__is_p29(void **state)
{
	file_event(*state, HOST_EVENT_FILE_PRESERVED, 1);
	file_event(*state, HOST_EVENT_FILE_PRESERVED, 2);
	file_event(*state, HOST_EVENT_FILE_FROZEN, 2);
	assert_violation(*state, "P-29", "not frozen in the order");
}

static void files__unfrozen_without_being_frozen__is_p29(void **state)
{
	file_event(*state, HOST_EVENT_FILE_PRESERVED, 1);
	file_event(*state, HOST_EVENT_FILE_UNFROZEN, 1);
	assert_violation(*state, "P-29", "is not frozen");
}

static void files__frozen_after_a_refusal__is_p29(void **state)
{
	file_event(*state, HOST_EVENT_FILE_PRESERVED, 1);
	file_event(*state, HOST_EVENT_FILE_FROZEN, 1);
	event(*state, HOST_EVENT_SERIALIZED, 0, 0, 5);
	assert_violation(*state, "P-29", "stays frozen although the reboot was refused");
}

static void files__not_frozen_but_serialized__is_p29(void **state)
{
	file_event(*state, HOST_EVENT_FILE_PRESERVED, 1);
	event(*state, HOST_EVENT_SERIALIZED, 0, 0, 0);
	assert_violation(*state, "P-29", "without having been frozen");
}

static void files__rebuilt_twice__is_p46(void **state)
{
	file_event(*state, HOST_EVENT_FILE_RETRIEVED, 1);
	file_event(*state, HOST_EVENT_FILE_RETRIEVED, 2);
	assert_no_violation((struct fixture *)*state);
	file_event(*state, HOST_EVENT_FILE_RETRIEVED, 1);
	assert_violation(*state, "P-46", "rebuilt a second time");
}

/* Order of locks. */

static void lock_order(struct fixture *f, const char *held, const char *wanted)
{
	call(f, FAKE_NAME, (uint64_t)held, 0);
	call(f, FAKE_OTHER, (uint64_t)wanted, 0);
	event(f, HOST_EVENT_LOCK_ORDER, 0, 0, 0);
}

static void order__no_circle__is_silent(void **state)
{
	struct fixture *f = *state;

	lock_order(f, "A", "B");
	lock_order(f, "B", "C");
	lock_order(f, "A", "C");
	lock_order(f, "A", "B");
	lock_order(f, "C", "C");
	assert_no_violation(f);
	assert_int_equal(judged(f, "P-10"), 3);
}

static void order__two_ways_round__is_p10(void **state)
{
	struct fixture *f = *state;

	lock_order(f, "A", "B");
	lock_order(f, "B", "A");
	assert_violation(f, "P-10", "A is taken with B held, elsewhere it is the other way");
	assert_non_null(verdict_at(f->verdict, 0)->other);
}

static void order__circle_of_three__is_p10(void **state)
{
	lock_order(*state, "A", "B");
	lock_order(*state, "B", "C");
	lock_order(*state, "C", "A");
	assert_violation(*state, "P-10", "A is taken with C held, elsewhere it is, by way of");
}

static void order__next_kernel_the_other_way__is_p10(void **state)
{
	struct fixture *f = *state;

	lock_order(f, "A", "B");
	do_kexec(f, 0);
	next_kernel(f);
	lock_order(f, "B", "A");
	assert_violation(f, "P-10", "the other way round");
}

static void order__user_memory_under_a_lock_of_sessions__is_p10(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_NAME, (uint64_t)"mutex &inode", 0);
	event(f, HOST_EVENT_USER_ACCESS, 0, 0, 0);
	assert_no_violation(f);
	call(f, FAKE_NAME, (uint64_t)"mutex &session->mutex", 0);
	event(f, HOST_EVENT_USER_ACCESS, 0, 0, 0);
	assert_violation(f, "P-10", "user memory is accessed with mutex &session->mutex held");
}

/* Settled memory. */

static void settled__untouched__is_silent(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_PRESERVE, PFN, 0);
	call(f, FAKE_PRESERVE, PFN + 1, 0);
	event(f, HOST_EVENT_SERIALIZING, 0, 0, 0);
	event(f, HOST_EVENT_SERIALIZED, 0, 0, 5);
	event(f, HOST_EVENT_SERIALIZING, 0, 0, 0);
	call(f, FAKE_POKE, PHYS, 1);
	event(f, HOST_EVENT_SERIALIZED, 0, 0, 0);
	/* What users keep may change. */
	call(f, FAKE_POKE, PHYS + HOST_PAGE_SIZE, 1);
	do_kexec(f, 0);
	assert_no_violation(f);
	assert_int_equal(judged(f, "P-30"), 1);
	assert_int_equal(judged(f, "P-12"), 1);
}

static void settled__refusal_leaves_something__is_p30(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_PRESERVE, PFN, 0);
	event(f, HOST_EVENT_SERIALIZING, 0, 0, 0);
	call(f, FAKE_POKE, PHYS + 8, 1);
	event(f, HOST_EVENT_SERIALIZED, 0, 0, 5);
	assert_violation(f, "P-30", "preserved page 512, kernel data, changed");
	assert_non_null(verdict_at(f->verdict, 0)->other);
}

static void settled__changed_before_the_jump__is_p12(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_PRESERVE, PFN, 0);
	event(f, HOST_EVENT_SERIALIZING, 0, 0, 0);
	event(f, HOST_EVENT_SERIALIZED, 0, 0, 0);
	call(f, FAKE_POKE, PHYS + 8, 1);
	do_kexec(f, 0);
	assert_violation(f, "P-12", "preserved page 512, kernel data, changed after");
}

static void settled__preserved_before_the_jump__is_p12(void **state)
{
	struct fixture *f = *state;

	event(f, HOST_EVENT_SERIALIZING, 0, 0, 0);
	event(f, HOST_EVENT_SERIALIZED, 0, 0, 0);
	call(f, FAKE_PRESERVE, PFN, 0);
	do_kexec(f, 0);
	assert_violation(f, "P-12", "was preserved or unpreserved after");
}

/* What LUO wrote down: its record, a block of sessions, one of files. */

#define LUO		PHYS
#define NUMBER		(LUO + 8)
#define SESSIONS	(PHYS + HOST_PAGE_SIZE * 2)
#define FILES		(PHYS + HOST_PAGE_SIZE * 4)
#define ENTRIES(block)	((block) + 8)

static void write_down(struct fixture *f, uint64_t number)
{
	for (unsigned int i = 0; i < 3; i++)
		call(f, FAKE_PRESERVE, PFN + 2 * i, 0);
	call(f, FAKE_LUO, LUO, 0);
	call(f, FAKE_POKE, NUMBER, number);
	call(f, FAKE_POKE, LUO + 16, SESSIONS);
	call(f, FAKE_POKE, ENTRIES(SESSIONS), 1);
	call(f, FAKE_POKE, SESSIONS + 16, 's');
	call(f, FAKE_POKE, SESSIONS + 16 + 64, FILES);
	call(f, FAKE_POKE, SESSIONS + 16 + 72, 2);
	call(f, FAKE_POKE, ENTRIES(FILES), 2);
}

static void written__well__is_silent(void **state)
{
	struct fixture *f = *state;

	write_down(f, 1);
	do_kexec(f, 0);
	next_kernel(f);
	write_down(f, 2);
	do_kexec(f, 0);
	assert_no_violation(f);
	assert_int_equal(judged(f, "P-58"), 2);
}

static void written__number_stays__is_p58(void **state)
{
	struct fixture *f = *state;

	write_down(f, 1);
	do_kexec(f, 0);
	next_kernel(f);
	write_down(f, 1);
	do_kexec(f, 0);
	assert_violation(f, "P-58", "live update 1 comes after number 1");
}

static void written__fewer_files_than_said__is_p64(void **state)
{
	struct fixture *f = *state;

	write_down(f, 1);
	call(f, FAKE_POKE, SESSIONS + 16 + 72, 3);
	do_kexec(f, 0);
	assert_violation(f, "P-64", "2 files were written down, not 3");
}

static void written__empty_block__is_p64(void **state)
{
	struct fixture *f = *state;

	write_down(f, 1);
	call(f, FAKE_POKE, ENTRIES(FILES), 0);
	do_kexec(f, 0);
	assert_violation(f, "P-64", "the chain of files has a broken block");
}

static void written__chain_without_an_end__is_p64(void **state)
{
	struct fixture *f = *state;

	write_down(f, 1);
	call(f, FAKE_POKE, SESSIONS, SESSIONS);
	do_kexec(f, 0);
	assert_violation(f, "P-64", "the chain of sessions has a broken block");
}

static void written__a_block_too_many__is_p65(void **state)
{
	struct fixture *f = *state;

	write_down(f, 1);
	call(f, FAKE_PRESERVE, PFN + 6, 0);
	call(f, FAKE_POKE, FILES, PHYS + HOST_PAGE_SIZE * 6);
	call(f, FAKE_POKE, ENTRIES(PHYS + HOST_PAGE_SIZE * 6), 1);
	call(f, FAKE_POKE, SESSIONS + 16 + 72, 3);
	do_kexec(f, 0);
	assert_violation(f, "P-65", "3 files take 2 blocks");
}

static void written__session_with_files_left_out__is_p13(void **state)
{
	struct fixture *f = *state;
	enum machine_end end;

	write_down(f, 1);
	call(f, FAKE_POKE, LUO + 16, 0);
	call_end(f, &end, FAKE_FILE, 0, 1, PFN + 9, 4096);
	do_kexec(f, 0);
	assert_violation(f, "P-13", "0 sessions were written down, but 1 have files");
}

static void ledger__image_that_is_not_told__is_p34(void **state)
{
	struct fixture *f = *state;
	enum machine_end end;

	call_end(f, &end, FAKE_FILE, 0, 1, PFN + 9, 4096);
	do_kexec(f, 1);
	assert_violation(f, "P-34", "1 preserved files are lost");
}

#define TEST(_name) cmocka_unit_test_setup_teardown(_name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(checkers__all__name_their_properties),
		TEST(files__orderly_life__is_silent),
		TEST(files__same_token_again__is_p15),
		TEST(files__refused_with_a_page_left__is_p17),
		TEST(files__oldest_first__is_p18),
		TEST(files__unpreserved_twice__is_p18),
		TEST(files__never_unpreserved__is_p18),
		TEST(files__preserved_during_serialization__is_p11),
		TEST(files__frozen_out_of_order__is_p29),
		TEST(files__unfrozen_without_being_frozen__is_p29),
		TEST(files__frozen_after_a_refusal__is_p29),
		TEST(files__not_frozen_but_serialized__is_p29),
		TEST(files__rebuilt_twice__is_p46),
		TEST(order__no_circle__is_silent),
		TEST(order__two_ways_round__is_p10),
		TEST(order__circle_of_three__is_p10),
		TEST(order__next_kernel_the_other_way__is_p10),
		TEST(order__user_memory_under_a_lock_of_sessions__is_p10),
		TEST(settled__untouched__is_silent),
		TEST(settled__refusal_leaves_something__is_p30),
		TEST(settled__changed_before_the_jump__is_p12),
		TEST(settled__preserved_before_the_jump__is_p12),
		TEST(written__well__is_silent),
		TEST(written__number_stays__is_p58),
		TEST(written__fewer_files_than_said__is_p64),
		TEST(written__empty_block__is_p64),
		TEST(written__chain_without_an_end__is_p64),
		TEST(written__a_block_too_many__is_p65),
		TEST(written__session_with_files_left_out__is_p13),
		TEST(ledger__image_that_is_not_told__is_p34),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
