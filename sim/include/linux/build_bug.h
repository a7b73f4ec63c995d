/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_BUILD_BUG_H
#define _LINUX_BUILD_BUG_H

/* Simulated: assertions at compile time. */

#include <linux/compiler.h>

#define BUILD_BUG_ON_ZERO(e, ...)	((int)(sizeof(struct { int : (-!!(e)); })))
#define BUILD_BUG_ON_INVALID(e)		((void)(sizeof((long)(e))))
#define BUILD_BUG_ON_NOT_POWER_OF_2(n)	\
	BUILD_BUG_ON((n) == 0 || (((n) & ((n) - 1)) != 0))

/* Conditions that are constant only after optimisation are allowed, as in the kernel. */
#define BUILD_BUG_ON_MSG(cond, msg)	__BUILD_BUG_ON(cond, msg, __COUNTER__)
#define __BUILD_BUG_ON(cond, msg, nr)	___BUILD_BUG_ON(cond, msg, nr)
#define ___BUILD_BUG_ON(cond, msg, nr)						\
	do {									\
		extern void __build_bug_##nr(void) __attribute__((error(msg)));	\
		if (cond)							\
			__build_bug_##nr();					\
	} while (0)
#define BUILD_BUG_ON(cond)		BUILD_BUG_ON_MSG(cond, "BUILD_BUG_ON failed: " #cond)
#define BUILD_BUG()			BUILD_BUG_ON_MSG(1, "BUILD_BUG failed")

#define static_assert(expr, ...)	__static_assert(expr, ##__VA_ARGS__, #expr)
#define __static_assert(expr, msg, ...)	_Static_assert(expr, msg)

#endif /* _LINUX_BUILD_BUG_H */
