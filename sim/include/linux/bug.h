/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

/*
 * Simulated: what the kernel does about conditions that must not be.
 *
 * Kernel promises: WARN() prints a report and goes on, BUG() ends the task or machine.
 * Modelled: a warning is an event for the checkers and a line in the log; _ONCE
 *	variants warn once in each boot. BUG() ends the kernel.
 * Left out: taint, panic_on_warn, register dumps.
 * Scheduling points: none.
 */

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/printk.h>
#include <linux/stringify.h>

#define BUG()								\
	do {								\
		sim_bug(__FILE__, __LINE__, "BUG()");			\
		unreachable();						\
	} while (0)
#define BUG_ON(cond)							\
	do {								\
		if (unlikely(cond))					\
			sim_bug(__FILE__, __LINE__, #cond);		\
	} while (0)

/**
 * sim_bug() - the kernel's own assertion failed; this kernel ends here.
 * @file: source file
 * @line: source line
 * @text: the condition
 */
void sim_bug(const char *file, int line, const char *text) __noreturn __cold;

/**
 * sim_warn() - report a warning: an event, and a line in the log.
 * @file: source file
 * @line: source line
 * @cond: text of the condition
 * @fmt:  message to print instead of the condition, or NULL
 */
void sim_warn(const char *file, int line, const char *cond, const char *fmt, ...)
	__printf(4, 5) __cold;

#define WARN(cond, format...)						\
({									\
	bool __warn_hit = !!(cond);					\
	if (unlikely(__warn_hit))					\
		sim_warn(__FILE__, __LINE__, #cond, format);		\
	unlikely(__warn_hit);						\
})
#define WARN_ON(cond)							\
({									\
	bool __warn_hit = !!(cond);					\
	if (unlikely(__warn_hit))					\
		sim_warn(__FILE__, __LINE__, #cond, NULL);		\
	unlikely(__warn_hit);						\
})
#define __WARN_ONCE_IF(cond, text, format...)				\
({									\
	static bool __warn_done;					\
	bool __warn_hit = !!(cond);					\
	if (unlikely(__warn_hit && !__warn_done)) {			\
		__warn_done = true;					\
		sim_warn(__FILE__, __LINE__, text, format);		\
	}								\
	unlikely(__warn_hit);						\
})
#define WARN_ON_ONCE(cond)		__WARN_ONCE_IF(cond, #cond, NULL)
#define WARN_ONCE(cond, format...)	__WARN_ONCE_IF(cond, #cond, format)
#define WARN_ON_SMP(cond)		WARN_ON(cond)
#define WARN_TAINT(cond, taint, format...)	WARN(cond, format)
#define WARN_TAINT_ONCE(cond, taint, format...)	WARN_ONCE(cond, format)

#define CHECK_DATA_CORRUPTION(cond, addr, format...)	WARN(cond, format)

#endif /* _LINUX_BUG_H */
