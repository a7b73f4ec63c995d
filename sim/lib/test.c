// SPDX-License-Identifier: GPL-2.0
/*
 * How a SIM_TEST fails.
 */

#include <linux/sprintf.h>
#include <linux/stdarg.h>
#include <sim/test.h>

/**
 * sim_test_fail() - end the run: an expectation of a test did not hold.
 * @file: source file of the test
 * @line: source line
 * @fmt:  what was expected, and what was seen
 */
void sim_test_fail(const char *file, int line, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	sim_host->stop(HOST_STOP_TEST, file, line, text);
}
