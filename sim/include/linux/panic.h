/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PANIC_H
#define _LINUX_PANIC_H

/* Simulated: panic() ends this kernel; the machine says why. */

#include <linux/compiler.h>

void panic(const char *fmt, ...) __printf(1, 2) __noreturn __cold;

#define TAINT_USER			6
#define LOCKDEP_STILL_OK		1

static inline void add_taint(unsigned int flag, int lockdep_ok)
{
	/* Nobody reads the taint flags of a simulated kernel. */
}

#endif /* _LINUX_PANIC_H */
