/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MINMAX_H
#define _LINUX_MINMAX_H

/* Simulated: minimum and maximum, each argument evaluated once. */

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/const.h>
#include <linux/types.h>

#define __mm_pick(op, x, y)					\
({								\
	__auto_type __mm_x = (x);				\
	__auto_type __mm_y = (y);				\
	__mm_x op __mm_y ? __mm_x : __mm_y;			\
})
#define __mm_typed(type, op, x, y)				\
({								\
	type __mm_x = (x);					\
	type __mm_y = (y);					\
	__mm_x op __mm_y ? __mm_x : __mm_y;			\
})

#define min(x, y)		__mm_pick(<, x, y)
#define max(x, y)		__mm_pick(>, x, y)
#define min3(x, y, z)		min(min(x, y), z)
#define max3(x, y, z)		max(max(x, y), z)
#define min_t(type, x, y)	__mm_typed(type, <, x, y)
#define max_t(type, x, y)	__mm_typed(type, >, x, y)
#define umin(x, y)		__mm_typed(unsigned long long, <, x, y)
#define umax(x, y)		__mm_typed(unsigned long long, >, x, y)
#define min_not_zero(x, y)					\
({								\
	__auto_type __mnz_x = (x);				\
	__auto_type __mnz_y = (y);				\
	__mnz_x == 0 ? __mnz_y : __mnz_y == 0 ? __mnz_x : min(__mnz_x, __mnz_y); \
})
#define clamp(val, lo, hi)		min((typeof(val))max(val, lo), hi)
#define clamp_t(type, val, lo, hi)	min_t(type, max_t(type, val, lo), hi)
#define clamp_val(val, lo, hi)		clamp_t(typeof(val), val, lo, hi)

/* For array sizes: constant expressions. */
#define MIN(a, b)		((a) < (b) ? (a) : (b))
#define MAX(a, b)		((a) > (b) ? (a) : (b))
#define MIN_T(type, a, b)	((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define MAX_T(type, a, b)	((type)(a) > (type)(b) ? (type)(a) : (type)(b))

#define swap(a, b)	\
	do { __auto_type __sw_tmp = (a); (a) = (b); (b) = __sw_tmp; } while (0)

static inline bool in_range64(u64 val, u64 start, u64 len)
{
	return val - start < len;
}
#define in_range(val, start, len)	in_range64(val, start, len)

#endif /* _LINUX_MINMAX_H */
