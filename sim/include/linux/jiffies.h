/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_JIFFIES_H
#define _LINUX_JIFFIES_H

/* Simulated: time stands still; see linux/ktime.h. */

#include <linux/types.h>

#define HZ			250
#define jiffies			0UL
#define msecs_to_jiffies(m)	((unsigned long)(m) * HZ / 1000)
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)

#endif /* _LINUX_JIFFIES_H */
