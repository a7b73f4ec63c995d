/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TESTS_SIM_LITMUS_H
#define _TESTS_SIM_LITMUS_H

/*
 * Small programs for tests/explore/test_litmus.c, whose table says which parts of a program run at
 * once and what can come of it. Before them runs the part "first", if there is one; after them, if
 * all have come to their end, the part "then", which prints the outcome.
 *
 * Each execution begins with a boot: all static variables are as they were initialised.
 */

#include <linux/compiler.h>
#include <linux/printk.h>
#include <sim/test.h>

/**
 * LITMUS() - a part of a program. It is no SIM_TEST, though it looks like one to the machine:
 * the colon in its name tells them apart.
 */
#define LITMUS(_program, _part)							\
	static void _program##_##_part(void);					\
	static const struct host_test _program##_##_part##_entry		\
		__attribute__((used, section("sim_tests"), aligned(8))) =	\
		{ .name = #_program ":" #_part, .run = _program##_##_part };	\
	static void _program##_##_part(void)

/** LITMUS_OUTCOME() - the part "then" of a program that only prints variables. */
#define LITMUS_OUTCOME(_program, _fmt, ...)					\
	LITMUS(_program, then)							\
	{									\
		printk(KERN_INFO "outcome " _fmt "\n", ##__VA_ARGS__);		\
	}

#endif /* _TESTS_SIM_LITMUS_H */
