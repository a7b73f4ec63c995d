// SPDX-License-Identifier: GPL-2.0
/*
 * The machine: boots, kexecs, ends of kernels, errors in its configuration.
 */

#include "fixture.h"
#include "model/physmem.h"

#define FREE_PHYS	((uint64_t)FAKE_PFN_FREE << HOST_PAGE_SHIFT)
#define SPARE_PHYS	((uint64_t)FAKE_PFN_SPARE << HOST_PAGE_SHIFT)

static void boot__statics__are_as_after_loading(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(call(f, FAKE_GET, 0, 0), 42);
	call(f, FAKE_SET, 5, 0);
	assert_int_equal(call(f, FAKE_GET, 0, 0), 6);
	next_kernel(f);
	assert_int_equal(call(f, FAKE_GET, 0, 0), 42);
	assert_no_violation(f);
}

static void kexec__statics__the_other_copy_has_its_own(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_SET, 5, 0);
	do_kexec(f, 0);
	next_kernel(f);
	assert_int_equal(machine_boots(f->machine), 2);
	assert_int_equal(call(f, FAKE_GET, 0, 0), 42);
	do_kexec(f, 0);
	next_kernel(f);
	assert_int_equal(machine_boots(f->machine), 3);
	assert_int_equal(call(f, FAKE_GET, 0, 0), 42);
	assert_no_violation(f);
}

static void kexec__unpreserved_page__is_poisoned(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POKE, FREE_PHYS, 0x1234);
	do_kexec(f, 0);
	next_kernel(f);
	assert_int_equal(call(f, FAKE_PEEK, FREE_PHYS, 0), 0x9b9b9b9b9b9b9b9b);
	assert_no_violation(f);
}

static void kexec__preserved_pages__keep_their_contents(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POKE, FREE_PHYS, 0x1234);
	call(f, FAKE_POKE, FREE_PHYS + 4 * HOST_PAGE_SIZE, 0x5678);
	call(f, FAKE_POKE, FREE_PHYS + 7 * HOST_PAGE_SIZE, 0x9abc);
	call(f, FAKE_PRESERVE, FAKE_PFN_FREE, 0);
	call(f, FAKE_PRESERVE, FAKE_PFN_FREE + 4, 2);
	do_kexec(f, 0);
	next_kernel(f);
	assert_int_equal(call(f, FAKE_PEEK, FREE_PHYS, 0), 0x1234);
	assert_int_equal(call(f, FAKE_PEEK, FREE_PHYS + 4 * HOST_PAGE_SIZE, 0), 0x5678);
	assert_int_equal(call(f, FAKE_PEEK, FREE_PHYS + 7 * HOST_PAGE_SIZE, 0), 0x9abc);
	assert_no_violation(f);
}

static void kexec__scratch_page__keeps_its_contents(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POKE, SPARE_PHYS, 0x77);
	do_kexec(f, 0);
	next_kernel(f);
	assert_int_equal(call(f, FAKE_PEEK, SPARE_PHYS, 0), 0x77);
}

static void kexec__without_handover__poisons_everything(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POKE, FREE_PHYS, 0x1234);
	call(f, FAKE_POKE, SPARE_PHYS, 0x77);
	do_kexec(f, 1);
	next_kernel(f);
	assert_int_equal(call(f, FAKE_PEEK, FREE_PHYS, 0), 0x9b9b9b9b9b9b9b9b);
	assert_int_equal(call(f, FAKE_PEEK, SPARE_PHYS, 0), 0x9b9b9b9b9b9b9b9b);
}

static void kexec__broken_handover__is_reported(void **state)
{
	struct fixture *f = *state;

	do_kexec(f, 2);
	assert_violation(f, "P-56", "device tree");
}

static void cold_boot__memory__is_blank(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POKE, FREE_PHYS, 0x1234);
	next_kernel(f);
	assert_int_equal(machine_boots(f->machine), 1);
	assert_int_equal(call(f, FAKE_PEEK, FREE_PHYS, 0), 0);
	do_kexec(f, 1);
	next_kernel(f);
	next_kernel(f);
	assert_int_equal(call(f, FAKE_PEEK, FREE_PHYS, 0), 0);
}

static void cold_boot__after_much_memory_was_used__is_blank(void **state)
{
	struct fixture *f = *state;

	for (uint64_t phys = FREE_PHYS; phys < FREE_PHYS + (1UL << 20); phys += HOST_PAGE_SIZE)
		call(f, FAKE_POKE, phys * 16, 1);
	for (unsigned int i = 0; i < 3; i++) {
		call(f, FAKE_POKE, 100UL << 20, 1);
		next_kernel(f);
		assert_int_equal(call(f, FAKE_PEEK, 100UL << 20, 0), 0);
	}
}

static void vmap__pages__are_seen_through_the_mapping(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POKE, FREE_PHYS, 0x4242);
	assert_int_equal(call(f, FAKE_VMAP, FREE_PHYS, 0), 0x4242);
	assert_int_equal(call(f, FAKE_VMAP, 1UL << 40, 0), -1);
}

static void zero__pages_in_use__are_zero_and_can_be_used_again(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POKE, FREE_PHYS, 0x4242);
	call(f, FAKE_POKE, FREE_PHYS + 16 * HOST_PAGE_SIZE, 0x4343);
	call(f, FAKE_ZERO, FREE_PHYS, 16 * HOST_PAGE_SIZE);
	assert_int_equal(call(f, FAKE_PEEK, FREE_PHYS, 0), 0);
	assert_int_equal(call(f, FAKE_PEEK, FREE_PHYS + 16 * HOST_PAGE_SIZE, 0), 0x4343);
	call(f, FAKE_POKE, FREE_PHYS, 0x4444);
	assert_int_equal(call(f, FAKE_PEEK, FREE_PHYS, 0), 0x4444);
}

/* As many pages come as have gone: that must not look as if nothing had changed. */
static void zero__then_others_are_used__they_are_poisoned_at_the_jump(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POKE, FREE_PHYS, 1);
	do_kexec(f, 0);
	next_kernel(f);
	call(f, FAKE_ZERO, FREE_PHYS, HOST_PAGE_SIZE);
	call(f, FAKE_POKE, FREE_PHYS + 64 * HOST_PAGE_SIZE, 1);
	do_kexec(f, 0);
	next_kernel(f);
	assert_int_equal(call(f, FAKE_PEEK, FREE_PHYS + 64 * HOST_PAGE_SIZE, 0),
			 (long)PHYSMEM_POISON_WORD);
}

/* Pointers of the old kernel. */

static void stale_pointer(struct fixture *f, enum fake_address which, const char *what)
{
	/* In a page of user data, so that only following it is found. */
	call(f, FAKE_POKE_ADDRESS, FREE_PHYS + HOST_PAGE_SIZE, which);
	call(f, FAKE_PRESERVE, FAKE_PFN_FREE + 1, 0);
	do_kexec(f, 0);
	next_kernel(f);
	assert_no_violation(f);
	{
		enum machine_end end;

		call_end(f, &end, FAKE_FOLLOW, FREE_PHYS + HOST_PAGE_SIZE, 0, 0, 0);
		assert_int_equal(end, MACHINE_STOPPED);
	}
	assert_violation(f, "P-42", what);
	assert_non_null(strstr(verdict_at(f->verdict, 0)->where, "tests/images/fake.c:"));
	assert_non_null(strstr(verdict_at(f->verdict, 0)->where, " in fake_syscall()"));
}

static void stale_pointer__direct_map__faults(void **state)
{
	stale_pointer(*state, FAKE_ADDRESS_DIRECT, "direct map");
}

static void stale_pointer__vmalloc__faults(void **state)
{
	stale_pointer(*state, FAKE_ADDRESS_VMALLOC, "vmalloc range");
}

static void stale_pointer__statics__faults(void **state)
{
	stale_pointer(*state, FAKE_ADDRESS_STATIC, "statics");
}

/* Ends of kernels. */

static void crash(struct fixture *f, enum fake_crash how, const char *what)
{
	enum machine_end end;

	call_end(f, &end, FAKE_CRASH, how, 0, 0, 0);
	assert_int_equal(end, MACHINE_STOPPED);
	assert_violation(f, "K-CRASH", what);
	assert_non_null(strstr(verdict_at(f->verdict, 0)->where, "tests/images/fake.c:"));
	/* And the machine goes on to be of use. */
	verdict_clear(f->verdict);
	next_kernel(f);
	assert_int_equal(call(f, FAKE_GET, 0, 0), 42);
}

static void crash__null_pointer__is_a_violation(void **state)
{
	crash(*state, FAKE_CRASH_NULL, "NULL pointer");
}

static void crash__beyond_memory__is_a_violation(void **state)
{
	crash(*state, FAKE_CRASH_BEYOND, "beyond the end of physical memory");
}

static void crash__stack_overflow__is_a_violation(void **state)
{
	crash(*state, FAKE_CRASH_OVERFLOW, "stack overflowed");
}

static void crash__division_by_zero__is_a_violation(void **state)
{
	crash(*state, FAKE_CRASH_DIVIDE, "arithmetic");
}

static void hang__loop_in_the_kernel__names_who_called_it(void **state)
{
	struct fixture *f = *state;
	enum machine_end end;

	call_end(f, &end, FAKE_CRASH, FAKE_CRASH_LOOP, 0, 0, 0);
	assert_int_equal(end, MACHINE_STOPPED);
	assert_violation(f, "K-HANG", "loops");
	assert_true(g_str_has_prefix(verdict_at(f->verdict, 0)->where, "tests/images/fake.c:"));
	assert_non_null(strstr(verdict_at(f->verdict, 0)->where, " in fake_syscall()"));
	verdict_clear(f->verdict);
	next_kernel(f);
	assert_int_equal(call(f, FAKE_GET, 0, 0), 42);
}

static void crash__pointer_from_unpreserved_memory__is_named(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POKE, FREE_PHYS, 0x1234);
	do_kexec(f, 0);
	next_kernel(f);
	crash(f, FAKE_CRASH_POISON, "not preserved");
}

static void stop(struct fixture *f, enum host_stop why, const char *property)
{
	enum machine_end end;

	call_end(f, &end, FAKE_STOP, why, 0, 0, 0);
	assert_int_equal(end, MACHINE_STOPPED);
	assert_violation(f, property, "told to");
	assert_true(g_str_has_prefix(verdict_at(f->verdict, 0)->where, "tests/images/fake.c:"));
	verdict_clear(f->verdict);
	next_kernel(f);
}

static void stop__each_reason__has_its_property(void **state)
{
	stop(*state, HOST_STOP_BUG, "K-BUG");
	stop(*state, HOST_STOP_PANIC, "K-PANIC");
	stop(*state, HOST_STOP_CHECK, "K-CHECK");
	stop(*state, HOST_STOP_TEST, "K-TEST");
	stop(*state, HOST_STOP_LIMIT, "K-LIMIT");
}

static void boot__that_panics__stops_the_machine(void **state)
{
	struct fixture *f = fixture_new("p");

	(void)state;
	assert_false(machine_boot(f->machine));
	assert_violation(f, "K-PANIC", "told to");
	fixture_free(f);
}

static void boot__that_may_panic__says_why_and_violates_nothing(void **state)
{
	struct fixture *f = fixture_new("p");

	(void)state;
	machine_may_panic(f->machine, true);
	assert_false(machine_boot(f->machine));
	assert_string_equal(machine_panic(f->machine), "told to");
	assert_int_equal(verdict_count(f->verdict), 0);
	machine_may_panic(f->machine, false);
	assert_false(machine_boot(f->machine));
	assert_null(machine_panic(f->machine));
	assert_violation(f, "K-PANIC", "told to");
	fixture_free(f);
}

static void boot__that_fails__stops_the_machine(void **state)
{
	struct fixture *f = fixture_new("b");

	(void)state;
	assert_false(machine_boot(f->machine));
	assert_violation(f, "K-PANIC", "did not boot");
	assert_null(machine_process(f->machine, "late"));
	fixture_free(f);
}

static void console__lines__arrive_one_by_one(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_CONSOLE, 0, 0);
	assert_string_equal(f->log->str, "<4>one;<4>two;");
}

/* Errors in the configuration. */

static void refuse(const struct machine_config *config, const char *text)
{
	GError *error = NULL;

	assert_null(machine_new(config, &error));
	if (!strstr(error->message, text))
		fail_msg("'%s' is not in '%s'", text, error->message);
	g_error_free(error);
}

static void config__missing_image__is_named(void **state)
{
	(void)state;
	refuse(&(struct machine_config){ .image = "no-such-image.so" }, "no-such-image.so");
}

static void config__no_shared_object__is_named(void **state)
{
	g_autofree char *path = image_path("../CTestTestfile.cmake");

	(void)state;
	refuse(&(struct machine_config){ .image = path },
	       "CTestTestfile.cmake: not a kernel image");
}

static void config__no_kernel__is_named(void **state)
{
	g_autofree char *path = image_path("no_entry.so");

	(void)state;
	refuse(&(struct machine_config){ .image = path }, "no_entry.so: not a kernel image");
}

static void config__other_abi__is_named(void **state)
{
	g_autofree char *path = image_path("wrong_abi.so");

	(void)state;
	refuse(&(struct machine_config){ .image = path }, "rebuild it");
}

static void config__missing_next_image__is_named(void **state)
{
	g_autofree char *path = image_path("fake.so");

	(void)state;
	refuse(&(struct machine_config){ .image = path, .next = "later.so" }, "later.so");
}

static void config__odd_memory__is_refused(void **state)
{
	g_autofree char *path = image_path("fake.so");

	(void)state;
	refuse(&(struct machine_config){ .image = path, .memory = 12UL << 20 }, "4 MiB");
}

static void two_images__later_kernels__run_the_second(void **state)
{
	struct path *path = path_new();
	struct verdict *verdict = verdict_new();
	g_autofree char *fake = image_path("fake.so");
	g_autofree char *link = image_path("../images/fake.so");
	struct machine_config config = { .image = fake, .next = link, .path = path,
					 .verdict = verdict };
	struct fixture f = { .path = path, .verdict = verdict };

	(void)state;
	f.machine = machine_new(&config, NULL);
	assert_non_null(f.machine);
	for (unsigned int i = 0; i < 4; i++) {
		next_kernel(&f);
		assert_int_equal(machine_boots(f.machine), i + 1);
		assert_int_equal(call(&f, FAKE_GET, 0, 0), 42);
		call(&f, FAKE_SET, 3, 0);
		do_kexec(&f, 0);
	}
	next_kernel(&f);
	machine_free(f.machine);
	path_free(path);
	verdict_free(verdict);
}

/* Addresses of the direct map show where it lies. */
static uint64_t address_of_a_page(struct fixture *f)
{
	call(f, FAKE_POKE_ADDRESS, FREE_PHYS, FAKE_ADDRESS_DIRECT);
	return call(f, FAKE_PEEK, FREE_PHYS, 0);
}

static void renewed__after_a_kexec__begins_as_the_first_time(void **state)
{
	struct verdict *other = verdict_new();
	g_autofree char *fake = image_path("fake.so");
	struct machine_config config = { .image = fake, .cmdline = "x", .verdict = other };
	struct fixture *f = *state;
	struct verdict *first = f->verdict;
	uint64_t address = address_of_a_page(f);

	do_kexec(f, 0);
	next_kernel(f);
	do_kexec(f, 0);
	config.path = f->path;
	assert_true(machine_renew(f->machine, &config));
	f->verdict = other;
	next_kernel(f);
	assert_int_equal(machine_boots(f->machine), 1);
	assert_int_equal(call(f, FAKE_PEEK, FREE_PHYS, 0), 0);
	assert_true(address_of_a_page(f) == address);
	crash(f, FAKE_CRASH_NULL, "");
	assert_int_equal(verdict_count(other), 0);
	f->verdict = first;
	verdict_free(other);
}

static void renewed__as_another_machine__is_refused(void **state)
{
	g_autofree char *fake = image_path("fake.so");
	struct machine_config config = { .image = fake, .cmdline = "x" };
	struct fixture *f = *state;

	config.memory = 512 << 20;
	assert_false(machine_renew(f->machine, &config));
	config.memory = 0;
	config.nodes = 1;
	assert_false(machine_renew(f->machine, &config));
	config.nodes = 0;
	config.cmdline = "y";
	assert_false(machine_renew(f->machine, &config));
	config.cmdline = "x";
	config.next = "another.so";
	assert_false(machine_renew(f->machine, &config));
	/* It was left alone. */
	assert_int_equal(call(f, FAKE_GET, 0, 0), 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(boot__statics__are_as_after_loading),
		TEST(kexec__statics__the_other_copy_has_its_own),
		TEST(kexec__unpreserved_page__is_poisoned),
		TEST(kexec__preserved_pages__keep_their_contents),
		TEST(kexec__scratch_page__keeps_its_contents),
		TEST(kexec__without_handover__poisons_everything),
		TEST(kexec__broken_handover__is_reported),
		TEST(cold_boot__memory__is_blank),
		TEST(cold_boot__after_much_memory_was_used__is_blank),
		TEST(vmap__pages__are_seen_through_the_mapping),
		TEST(zero__pages_in_use__are_zero_and_can_be_used_again),
		TEST(zero__then_others_are_used__they_are_poisoned_at_the_jump),
		TEST(stale_pointer__direct_map__faults),
		TEST(stale_pointer__vmalloc__faults),
		TEST(stale_pointer__statics__faults),
		TEST(crash__null_pointer__is_a_violation),
		TEST(crash__beyond_memory__is_a_violation),
		TEST(crash__stack_overflow__is_a_violation),
		TEST(crash__division_by_zero__is_a_violation),
		TEST(hang__loop_in_the_kernel__names_who_called_it),
		TEST(crash__pointer_from_unpreserved_memory__is_named),
		TEST(stop__each_reason__has_its_property),
		TEST(console__lines__arrive_one_by_one),
		cmocka_unit_test(boot__that_panics__stops_the_machine),
		cmocka_unit_test(boot__that_may_panic__says_why_and_violates_nothing),
		cmocka_unit_test(boot__that_fails__stops_the_machine),
		cmocka_unit_test(config__missing_image__is_named),
		cmocka_unit_test(config__no_shared_object__is_named),
		cmocka_unit_test(config__no_kernel__is_named),
		cmocka_unit_test(config__other_abi__is_named),
		cmocka_unit_test(config__missing_next_image__is_named),
		cmocka_unit_test(config__odd_memory__is_refused),
		cmocka_unit_test(two_images__later_kernels__run_the_second),
		TEST(renewed__after_a_kexec__begins_as_the_first_time),
		TEST(renewed__as_another_machine__is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
