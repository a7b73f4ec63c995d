/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_LOG2_H
#define _LINUX_LOG2_H

/* Simulated: logarithms to base 2, usable in constant expressions. */

#include <linux/bitops.h>
#include <linux/types.h>

#define ilog2(n)		(63 - __builtin_clzll((unsigned long long)(n)))
#define const_ilog2(n)		ilog2(n)
#define is_power_of_2(n)	((n) != 0 && (((n) & ((n) - 1)) == 0))
#define __order_of(n)		((n) <= 1 ? 0 : ilog2((unsigned long)(n) - 1) + 1)
#define order_base_2(n)		__order_of(n)
#define roundup_pow_of_two(n)	(1UL << __order_of(n))
#define rounddown_pow_of_two(n)	(1UL << ilog2(n))

static inline unsigned int bits_per(unsigned long n)
{
	return n < 2 ? 1 : ilog2(n) + 1;
}

#endif /* _LINUX_LOG2_H */
