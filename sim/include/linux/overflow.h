/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_OVERFLOW_H
#define __LINUX_OVERFLOW_H

/* Simulated: arithmetic that tells about overflow, and sizes that saturate. */

#include <linux/compiler.h>
#include <linux/const.h>
#include <linux/limits.h>
#include <linux/types.h>

static inline bool __must_check __must_check_overflow(bool overflow)
{
	return unlikely(overflow);
}

/* Not ">= 0", of which compilers say that it is always true for unsigned types. */
#define __is_non_negative(a)	((a) > 0 || (a) == 0)

#define check_add_overflow(a, b, d)	\
	__must_check_overflow(__builtin_add_overflow(a, b, d))
#define check_sub_overflow(a, b, d)	\
	__must_check_overflow(__builtin_sub_overflow(a, b, d))
#define check_mul_overflow(a, b, d)	\
	__must_check_overflow(__builtin_mul_overflow(a, b, d))
#define check_shl_overflow(a, s, d)	__must_check_overflow(({	\
	typeof(a) __so_a = (a);						\
	unsigned int __so_s = (s);					\
	bool __so_bad = __so_s >= 8 * sizeof(*(d)) ||			\
			!__is_non_negative(__so_a);			\
	*(d) = __so_bad ? 0 : (typeof(*(d)))((u64)__so_a << __so_s);	\
	__so_bad || !__is_non_negative(*(d)) ||				\
		(u64)*(d) >> __so_s != (u64)__so_a;			\
}))

#define wrapping_add(type, a, b)	\
	({ type __wa; (void)__builtin_add_overflow(a, b, &__wa); __wa; })
#define wrapping_sub(type, a, b)	\
	({ type __ws; (void)__builtin_sub_overflow(a, b, &__ws); __ws; })
#define wrapping_mul(type, a, b)	\
	({ type __wm; (void)__builtin_mul_overflow(a, b, &__wm); __wm; })

#define overflows_type(n, T)	\
	({ typeof_overflow(T) __ot; __builtin_add_overflow((n), 0, &__ot); })
#define typeof_overflow(T)	typeof(({ typeof(T) __to_v = 0; __to_v; }))

static inline size_t __must_check size_add(size_t a, size_t b)
{
	size_t sum;

	return check_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

static inline size_t __must_check size_sub(size_t a, size_t b)
{
	size_t diff;

	if (a == SIZE_MAX || b == SIZE_MAX || check_sub_overflow(a, b, &diff))
		return SIZE_MAX;
	return diff;
}

static inline size_t __must_check size_mul(size_t a, size_t b)
{
	size_t product;

	return check_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

#define array_size(a, b)		size_mul(a, b)
#define array3_size(a, b, c)		size_mul(size_mul(a, b), c)
#define flex_array_size(p, member, count)	\
	size_mul(count, sizeof(*(p)->member))
#define struct_size(p, member, count)	\
	size_add(sizeof(*(p)), flex_array_size(p, member, count))
#define struct_size_t(type, member, count)	struct_size((type *)NULL, member, count)

#endif /* __LINUX_OVERFLOW_H */
