/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

/* Simulated: time stands still: a run must not depend on how long anything takes. */

#include <linux/types.h>

static inline ktime_t ktime_get(void)
{
	return 0;
}

static inline ktime_t ktime_get_real(void)
{
	return 0;
}

static inline u64 ktime_get_ns(void)
{
	return 0;
}

static inline s64 ktime_to_ns(ktime_t kt)
{
	return kt;
}

#define ktime_sub(a, b)		((a) - (b))
#define ktime_add(a, b)		((a) + (b))
#define ktime_to_us(kt)		((kt) / 1000)
#define ktime_to_ms(kt)		((kt) / 1000000)

#endif /* _LINUX_KTIME_H */
