/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_TEST_H
#define _SIM_TEST_H

/*
 * Simulated: tests that run as kernel code, in a freshly booted machine, on the
 * fiber of a task. tests/sim/ holds them; cmocka runs each as a test of its own.
 */

#include <linux/printk.h>
#include <sim/sim.h>

/**
 * SIM_TEST() - defines a test named after a claim: subject__circumstance__what_holds.
 *
 * What follows the name are the properties that the claim is about, "P-29", ... : from
 * these the table of properties is made (cmake/announced.cmake).
 */
#define SIM_TEST(_name, ...)							\
	static void _name(void);						\
	static const struct host_test _name##_entry				\
		__attribute__((used, section("sim_tests"), aligned(8))) =	\
		{ .name = #_name, .run = _name };				\
	static void _name(void)

void sim_test_fail(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), noreturn));

#define EXPECT(cond)								\
	do {									\
		if (!(cond))							\
			sim_test_fail(__FILE__, __LINE__, "expected: %s", #cond);	\
	} while (0)

/** EXPECT_EQ() - both as long; pointers are to be compared with EXPECT(). */
#define EXPECT_EQ(_a, _b)							\
	do {									\
		long __a = (long)(_a), __b = (long)(_b);			\
		if (__a != __b)							\
			sim_test_fail(__FILE__, __LINE__, "%s is %ld, expected %s = %ld",	\
				      #_a, __a, #_b, __b);			\
	} while (0)

#endif /* _SIM_TEST_H */
