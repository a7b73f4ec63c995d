// SPDX-License-Identifier: GPL-2.0
/*
 * Threads: who runs when, sleeping and waking, deadlocks.
 */

#include "fixture.h"

static void append(struct path *path, unsigned int n, unsigned int taken)
{
	path_append(path, (struct path_choice){ HOST_CHOICE_SCHEDULE, n, taken });
}

static void run__ordinary_choices__follow_the_order_of_spawning(void **state)
{
	struct fixture *f = *state;
	struct script first = { 0 }, second = { 0 };

	script_add(&first, FAKE_GET, 0, 0, 0, 0);
	script_add(&first, FAKE_POINT, HOST_OP_READ, 0, 0, 0);
	script_add(&first, FAKE_SET, 8, 0, 0, 0);
	script_add(&second, FAKE_GET, 0, 0, 0, 0);
	script_spawn(f, &first, "first");
	script_spawn(f, &second, "second");
	assert_int_equal(machine_run(f->machine), MACHINE_DONE);
	assert_int_equal(first.results[0], 42);
	assert_int_equal(second.results[0], 9);
	/* Who begins, and who goes on at the point; then there is one thread. */
	assert_int_equal(path_length(f->path), 2);
	assert_no_violation(f);
}

static void run__recorded_choice__lets_the_other_go_first(void **state)
{
	struct fixture *f = *state;
	struct script first = { 0 }, second = { 0 };

	script_add(&first, FAKE_POINT, HOST_OP_READ, 0, 0, 0);
	script_add(&first, FAKE_SET, 8, 0, 0, 0);
	script_add(&second, FAKE_GET, 0, 0, 0, 0);
	append(f->path, 2, 0);
	append(f->path, 2, 1);
	script_spawn(f, &first, "first");
	script_spawn(f, &second, "second");
	assert_int_equal(machine_run(f->machine), MACHINE_DONE);
	assert_int_equal(second.results[0], 42);
	assert_false(path_diverged(f->path));
	assert_int_equal(path_length(f->path), 2);
}

static void point__single_thread__asks_nothing(void **state)
{
	struct fixture *f = *state;

	call(f, FAKE_POINT, HOST_OP_READ, 0);
	assert_int_equal(path_length(f->path), 0);
}

static void lock__held_by_another__is_waited_for(void **state)
{
	struct fixture *f = *state;
	struct script first = { 0 }, second = { 0 };

	script_add(&first, FAKE_LOCK, 0, 0, 0, 0);
	script_add(&first, FAKE_POINT, HOST_OP_READ, 0, 0, 0);
	script_add(&first, FAKE_SET, 8, 0, 0, 0);
	script_add(&first, FAKE_UNLOCK, 0, 0, 0, 0);
	script_add(&second, FAKE_LOCK, 0, 0, 0, 0);
	script_add(&second, FAKE_GET, 0, 0, 0, 0);
	script_add(&second, FAKE_UNLOCK, 0, 0, 0, 0);
	/* Begin; first locks; at its own point it yields to the second, who must wait. */
	append(f->path, 2, 0);
	append(f->path, 2, 0);
	append(f->path, 2, 1);
	append(f->path, 2, 0);
	script_spawn(f, &first, "first");
	script_spawn(f, &second, "second");
	assert_int_equal(machine_run(f->machine), MACHINE_DONE);
	assert_int_equal(second.results[1], 9);
	assert_false(path_diverged(f->path));
	assert_no_violation(f);
}

/* Both threads are told to do something; the other one sees to it that there are two. */
static void run_beside_another(struct fixture *f, struct script *script)
{
	struct script other = { 0 };

	script_add(&other, FAKE_POINT, HOST_OP_READ, 0, 0, 0);
	script_spawn(f, script, "sleeper");
	script_spawn(f, &other, "other");
	machine_run(f->machine);
}

static void block__step_on_another_object__is_a_violation(void **state)
{
	struct fixture *f = *state;
	struct script script = { 0 };

	script_add(&script, FAKE_POINT, HOST_OP_RMW, 8, 0, 0);
	script_add(&script, FAKE_SLEEP, 16, 0, 0, 0);
	run_beside_another(f, &script);
	assert_violation(f, "K-CHECK", "sleeper sleeps in a step on another object: RMW");
}

static void block__step_that_only_looks__is_a_violation(void **state)
{
	struct fixture *f = *state;
	struct script script = { 0 };

	script_add(&script, FAKE_POINT, HOST_OP_READ, 16, 0, 0);
	script_add(&script, FAKE_SLEEP, 16, 0, 0, 0);
	run_beside_another(f, &script);
	assert_violation(f, "K-CHECK", "sleeper sleeps in a step on that object: READ");
}

static void wake__step_that_only_looks__is_a_violation(void **state)
{
	struct fixture *f = *state;
	struct script script = { 0 };

	script_add(&script, FAKE_POINT, HOST_OP_WAIT, 16, 0, 0);
	script_add(&script, FAKE_WAKE, 16, 0, 0, 0);
	run_beside_another(f, &script);
	assert_violation(f, "K-CHECK", "sleeper wakes others in a step on that object: WAIT");
}

static void wake__between_expecting_and_sleeping__is_not_lost(void **state)
{
	struct fixture *f = *state;
	struct script sleeper = { 0 }, waker = { 0 };

	script_add(&sleeper, FAKE_POINT, HOST_OP_WAIT, 16, 0, 0);
	script_add(&sleeper, FAKE_POINT, HOST_OP_READ, 8, 0, 0);
	script_add(&sleeper, FAKE_SLEEP, 16, 0, 0, 0);
	script_add(&waker, FAKE_POINT, HOST_OP_WAKE, 16, 0, 0);
	script_add(&waker, FAKE_WAKE, 16, 0, 0, 0);
	/* Begin; the sleeper expects, and gives way where it looks at something else. */
	append(f->path, 2, 0);
	append(f->path, 2, 0);
	append(f->path, 2, 1);
	script_spawn(f, &sleeper, "sleeper");
	script_spawn(f, &waker, "waker");
	assert_int_equal(machine_run(f->machine), MACHINE_DONE);
	assert_false(path_diverged(f->path));
	assert_no_violation(f);
}

static void crossed_locks(struct fixture *f, struct script *first, struct script *second)
{
	script_add(first, FAKE_LOCK, 0, 0, 0, 0);
	script_add(first, FAKE_POINT, HOST_OP_READ, 0, 0, 0);
	script_add(first, FAKE_LOCK, 1, 0, 0, 0);
	script_add(second, FAKE_LOCK, 1, 0, 0, 0);
	script_add(second, FAKE_LOCK, 0, 0, 0, 0);
	append(f->path, 2, 0);
	append(f->path, 2, 0);
	append(f->path, 2, 1);
	script_spawn(f, first, "vmm");
	script_spawn(f, second, "vcpu");
}

static void deadlock__crossed_locks__names_waiters_holders_and_lines(void **state)
{
	struct fixture *f = *state;
	struct script first = { 0 }, second = { 0 };
	const struct violation *violation;

	crossed_locks(f, &first, &second);
	assert_int_equal(machine_run(f->machine), MACHINE_STOPPED);
	assert_violation(f, "K-DEADLOCK", "vmm waits for lock B, which vcpu holds; "
			 "vcpu waits for lock A, which vmm holds");
	violation = verdict_at(f->verdict, 0);
	assert_non_null(strstr(violation->where, " in take()"));
	assert_non_null(strstr(violation->where, " in fake_syscall()"));
	assert_non_null(strstr(violation->other, " in take()"));
}

static void deadlock__own_lock__is_called_that(void **state)
{
	struct fixture *f = *state;
	struct script first = { 0 }, second = { 0 };

	script_add(&first, FAKE_LOCK, 2, 0, 0, 0);
	script_add(&first, FAKE_LOCK, 2, 0, 0, 0);
	script_add(&second, FAKE_GET, 0, 0, 0, 0);
	script_spawn(f, &first, "main");
	script_spawn(f, &second, "other");
	assert_int_equal(machine_run(f->machine), MACHINE_STOPPED);
	assert_violation(f, "K-DEADLOCK", "main waits for lock C, which it holds itself");
}

static void deadlock__machine__can_be_booted_again(void **state)
{
	struct fixture *f = *state;
	struct script first = { 0 }, second = { 0 };

	crossed_locks(f, &first, &second);
	assert_int_equal(machine_run(f->machine), MACHINE_STOPPED);
	verdict_clear(f->verdict);
	next_kernel(f);
	assert_int_equal(call(f, FAKE_GET, 0, 0), 42);
	finish(f);
	assert_no_violation(f);
}

static void exit_all__two_processes__runs_each(void **state)
{
	struct fixture *f = *state;

	assert_non_null(machine_process(f->machine, "second"));
	call(f, FAKE_SET, 8, 0);
	finish(f);
	assert_no_violation(f);
	assert_int_equal(machine_exit_all(f->machine), MACHINE_DONE);
}

struct user_probe {
	struct fixture *fixture;
	char *memory;
	unsigned char first;
	char name[16];
};

static void probe_user(void *arg)
{
	struct user_probe *probe = arg;

	probe->memory = machine_user(probe->fixture->machine);
	probe->first = probe->memory[MACHINE_USER_SIZE - 1];
	memset(probe->memory, 0xff, MACHINE_USER_SIZE);
	g_strlcpy(probe->name, machine_current_name(probe->fixture->machine),
		  sizeof(probe->name));
	machine_syscall(probe->fixture->machine, FAKE_POINT, HOST_OP_READ, 0, 0, 0, 0, 0);
}

static void user_memory__threads__have_their_own(void **state)
{
	struct fixture *f = *state;
	struct user_probe a = { .fixture = f, .first = 1 }, b = { .fixture = f, .first = 1 };

	append(f->path, 2, 0);
	append(f->path, 2, 1);
	assert_non_null(machine_spawn(f->machine, f->process, "a", probe_user, &a));
	assert_non_null(machine_spawn(f->machine, f->process, "b", probe_user, &b));
	assert_int_equal(machine_run(f->machine), MACHINE_DONE);
	assert_true(a.memory >= b.memory + MACHINE_USER_SIZE ||
		    b.memory >= a.memory + MACHINE_USER_SIZE);
	assert_string_equal(a.name, "a");
	assert_string_equal(b.name, "b");
}

static void user_memory__new_thread__finds_it_blank(void **state)
{
	struct fixture *f = *state;
	struct user_probe probe = { .fixture = f };

	for (unsigned int i = 0; i < 3; i++) {
		probe.first = 1;
		assert_non_null(machine_spawn(f->machine, f->process, "a", probe_user, &probe));
		assert_int_equal(machine_run(f->machine), MACHINE_DONE);
		assert_int_equal(probe.first, 0);
	}
}

static void choose__fault__is_answered_by_the_path(void **state)
{
	struct fixture *f = *state;

	path_append(f->path, (struct path_choice){ HOST_CHOICE_FAULT, 2, 1 });
	assert_int_equal(call(f, FAKE_CHOOSE, 2, 0), 1);
	assert_int_equal(call(f, FAKE_CHOOSE, 2, 0), 0);
	assert_int_equal(path_length(f->path), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(run__ordinary_choices__follow_the_order_of_spawning),
		TEST(run__recorded_choice__lets_the_other_go_first),
		TEST(point__single_thread__asks_nothing),
		TEST(lock__held_by_another__is_waited_for),
		TEST(block__step_on_another_object__is_a_violation),
		TEST(block__step_that_only_looks__is_a_violation),
		TEST(wake__step_that_only_looks__is_a_violation),
		TEST(wake__between_expecting_and_sleeping__is_not_lost),
		TEST(deadlock__crossed_locks__names_waiters_holders_and_lines),
		TEST(deadlock__own_lock__is_called_that),
		TEST(deadlock__machine__can_be_booted_again),
		TEST(exit_all__two_processes__runs_each),
		TEST(user_memory__threads__have_their_own),
		TEST(user_memory__new_thread__finds_it_blank),
		TEST(choose__fault__is_answered_by_the_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
