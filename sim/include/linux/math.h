/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MATH_H
#define _LINUX_MATH_H

/* Simulated: rounding and division. */

#include <linux/compiler.h>
#include <linux/const.h>
#include <linux/types.h>

#define __round_mask(x, y)	((typeof(x))((y) - 1))
#define round_up(x, y)		((((x) - 1) | __round_mask(x, y)) + 1)
#define round_down(x, y)	((x) & ~__round_mask(x, y))
#define DIV_ROUND_UP		__KERNEL_DIV_ROUND_UP
#define DIV_ROUND_DOWN_ULL(ll, d)	((unsigned long long)(ll) / (d))
#define DIV_ROUND_UP_ULL(ll, d)	\
	DIV_ROUND_DOWN_ULL((unsigned long long)(ll) + (d) - 1, (d))
#define DIV_ROUND_UP_SECTOR_T(ll, d)	DIV_ROUND_UP_ULL(ll, d)

#define roundup(x, y)						\
({								\
	typeof(y) __ru_y = (y);					\
	(((x) + (__ru_y - 1)) / __ru_y) * __ru_y;		\
})
#define rounddown(x, y)						\
({								\
	typeof(x) __rd_x = (x);					\
	__rd_x - (__rd_x % (y));				\
})
#define DIV_ROUND_CLOSEST(x, divisor)				\
({								\
	typeof(x) __dc_x = (x);					\
	typeof(divisor) __dc_d = (divisor);			\
	(__dc_x + __dc_d / 2) / __dc_d;				\
})
#define mult_frac(x, n, d)	((x) / (d) * (n) + (x) % (d) * (n) / (d))
#define abs(x)	\
	({ __auto_type __abs_x = (x); __abs_x < 0 ? -__abs_x : __abs_x; })

#endif /* _LINUX_MATH_H */
