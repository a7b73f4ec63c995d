/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_RATELIMIT_H
#define _LINUX_RATELIMIT_H

/* stub: time stands still in the simulator, so that no rate is ever exceeded. */

#include <linux/printk.h>
#include <linux/types.h>

struct ratelimit_state {
	int burst;
};

#define DEFINE_RATELIMIT_STATE(name, interval, max)	\
	struct ratelimit_state name = { .burst = (max) }

static inline bool __ratelimit(struct ratelimit_state *rs)
{
	return true;
}

#endif /* _LINUX_RATELIMIT_H */
