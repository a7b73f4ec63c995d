/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_BITS_H
#define __LINUX_BITS_H

/* Simulated: single bits and contiguous masks. */

#include <linux/const.h>

#define BITS_PER_BYTE		8
#define BITS_PER_TYPE(type)	(sizeof(type) * BITS_PER_BYTE)
#define BITS_PER_LONG		64
#define BITS_PER_LONG_LONG	64
#define BITS_TO_LONGS(n)	(((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define BITS_TO_U64(n)		(((n) + 63) / 64)
#define BITS_TO_U32(n)		(((n) + 31) / 32)
#define BITS_TO_BYTES(n)	(((n) + BITS_PER_BYTE - 1) / BITS_PER_BYTE)

#define BIT(nr)			(1UL << (nr))
#define BIT_ULL(nr)		(1ULL << (nr))
#define BIT_MASK(nr)		(1UL << ((nr) % BITS_PER_LONG))
#define BIT_WORD(nr)		((nr) / BITS_PER_LONG)
#define BIT_ULL_MASK(nr)	(1ULL << ((nr) % 64))
#define BIT_ULL_WORD(nr)	((nr) / 64)

#define GENMASK(h, l)		((~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h))))
#define GENMASK_ULL(h, l)	((~0ULL << (l)) & (~0ULL >> (63 - (h))))
#define GENMASK_U64(h, l)	GENMASK_ULL(h, l)
#define GENMASK_U32(h, l)	((u32)GENMASK(h, l))
#define BIT_U64(nr)		((u64)BIT_ULL(nr))
#define BIT_U32(nr)		((u32)BIT(nr))
#define BIT_U8(nr)		((u8)BIT(nr))

#endif /* __LINUX_BITS_H */
