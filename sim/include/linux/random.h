/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_RANDOM_H
#define _LINUX_RANDOM_H

/*
 * Simulated: random numbers, the same in each run: a generator that starts from a fixed
 * state at boot (sim/lib/random.c).
 */

#include <linux/types.h>

u64 get_random_u64(void);
void get_random_bytes(void *buf, size_t len);

static inline u32 get_random_u32(void)
{
	return get_random_u64() >> 32;
}

static inline unsigned long get_random_long(void)
{
	return get_random_u64();
}

#endif /* _LINUX_RANDOM_H */
