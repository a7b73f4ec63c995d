// SPDX-License-Identifier: GPL-2.0
/*
 * What the machine itself sees of a kernel: that it stopped, crashed, hangs or sleeps for
 * good (execution.c, crash.c, hang.c, scheduler.c). They report; this counts the kernels
 * that they watched, from boot to jump or end.
 *
 * Judges K-BUG, K-PANIC, K-CRASH, K-DEADLOCK, K-HANG, K-CHECK, K-TEST and K-LIMIT.
 */

#include "../check.h"

static void kernel_over(struct machine *machine, void *state)
{
	(void)state;
	verdict_checked(machine->verdict, "K-BUG");
	verdict_checked(machine->verdict, "K-PANIC");
	verdict_checked(machine->verdict, "K-CRASH");
	verdict_checked(machine->verdict, "K-DEADLOCK");
	verdict_checked(machine->verdict, "K-HANG");
	verdict_checked(machine->verdict, "K-CHECK");
	verdict_checked(machine->verdict, "K-TEST");
	verdict_checked(machine->verdict, "K-LIMIT");
}

const struct checker kernel_checker = {
	.name = "the machine itself",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("K-BUG", "K-PANIC", "K-CRASH", "K-DEADLOCK", "K-HANG",
				 "K-CHECK", "K-TEST", "K-LIMIT"),
	.jump = kernel_over,
	.end = kernel_over,
};
