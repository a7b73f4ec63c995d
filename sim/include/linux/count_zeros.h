/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_BITOPS_COUNT_ZEROS_H_
#define _LINUX_BITOPS_COUNT_ZEROS_H_

/* Simulated: zeros before and after the set bits of a word; 64 for none at all. */

static inline int count_leading_zeros(unsigned long x)
{
	return x ? __builtin_clzl(x) : 64;
}

#define COUNT_TRAILING_ZEROS_0	(-1)

static inline int count_trailing_zeros(unsigned long x)
{
	return x ? __builtin_ctzl(x) : 64;
}

#endif /* _LINUX_BITOPS_COUNT_ZEROS_H_ */
