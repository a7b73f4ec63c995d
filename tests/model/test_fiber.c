// SPDX-License-Identifier: GPL-2.0
/*
 * Fibers: switching, registers that survive it, the pool.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/fiber.h"

static struct fiber host;
static struct fiber_pool pool;

struct pinger {
	struct fiber *fiber;
	unsigned long rounds;
	unsigned long sum;
};

/* Values that live across a switch have to be in saved registers or on the stack. */
static void ping(void *arg)
{
	struct pinger *pinger = arg;
	unsigned long a = 1, b = 2, c = 3, d = 4, e = 5, f = 6;

	for (;;) {
		a += b;
		b += c;
		c += d;
		d += e;
		e += f;
		f += 1;
		pinger->sum = a + b + c + d + e + f;
		pinger->rounds++;
		fiber_switch(pinger->fiber, &host);
	}
}

static int setup(void **state)
{
	(void)state;
	fiber_init_host(&host);
	fiber_pool_init(&pool);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fiber_pool_destroy(&pool);
	return 0;
}

static void switch__two_fibers__each_keeps_its_own_registers(void **state)
{
	struct pinger pingers[2] = { 0 };

	(void)state;
	for (unsigned int i = 0; i < 2; i++)
		pingers[i].fiber = fiber_new(&pool, ping, &pingers[i]);
	for (unsigned int i = 0; i < 100; i++) {
		fiber_switch(&host, pingers[0].fiber);
		fiber_switch(&host, pingers[1].fiber);
		assert_int_equal(pingers[0].rounds, i + 1);
		assert_int_equal(pingers[1].rounds, i + 1);
		assert_int_equal(pingers[0].sum, pingers[1].sum);
	}
}

static uintptr_t seen_stack;

static void note_stack(void *arg)
{
	volatile char local;

	seen_stack = (uintptr_t)&local;
	fiber_switch(arg, &host);
}

static void note_itself(void *arg)
{
	note_stack(*(struct fiber **)arg);
}

static void fiber__locals__lie_on_its_own_stack(void **state)
{
	struct fiber *fiber;

	(void)state;
	fiber = fiber_new(&pool, note_itself, &fiber);
	fiber_switch(&host, fiber);
	assert_true(fiber_holds(fiber, (void *)seen_stack));
	assert_false(fiber_holds(&host, (void *)seen_stack));
	assert_true(fiber_holds(&host, &state));
}

static void pool__released_fiber__is_used_again(void **state)
{
	struct fiber *first, *second;

	(void)state;
	first = fiber_new(&pool, note_itself, &first);
	second = fiber_new(&pool, note_itself, &second);
	assert_ptr_not_equal(first, second);
	fiber_release(first);
	assert_ptr_equal(fiber_new(&pool, note_itself, &first), first);
	fiber_pool_reset(&pool);
	assert_ptr_equal(fiber_new(&pool, note_itself, &first), first);
	assert_ptr_equal(fiber_new(&pool, note_itself, &second), second);
}

/* The frame pointer of main() would be followed out of the stack. */
static void fiber__frames__end_at_its_start(void **state)
{
	struct fiber *fiber;
	const void *const *frame;
	unsigned int frames = 0;

	(void)state;
	fiber = fiber_new(&pool, note_itself, &fiber);
	fiber_switch(&host, fiber);
	for (frame = fiber_frame(fiber); frame; frame = frame[0]) {
		assert_true(fiber_holds(fiber, frame));
		assert_true(frames++ < 10);
	}
	assert_true(frames);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(switch__two_fibers__each_keeps_its_own_registers),
		TEST(fiber__locals__lie_on_its_own_stack),
		TEST(pool__released_fiber__is_used_again),
		TEST(fiber__frames__end_at_its_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
