/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MATH64_H
#define _LINUX_MATH64_H

/* Simulated: 64-bit division, which the machine just does. */

#include <linux/math.h>
#include <linux/types.h>

#define div64_u64(x, y)	((u64)(x) / (u64)(y))
#define div64_s64(x, y)	((s64)(x) / (s64)(y))
#define div_u64(x, y)	((u64)(x) / (u32)(y))
#define div_s64(x, y)	((s64)(x) / (s32)(y))
#define do_div(n, base)	\
	({ u32 __dd_b = (base), __dd_r = (u64)(n) % __dd_b; (n) = (u64)(n) / __dd_b; __dd_r; })

static inline u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

#endif /* _LINUX_MATH64_H */
