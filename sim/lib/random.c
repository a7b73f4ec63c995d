// SPDX-License-Identifier: GPL-2.0
/*
 * Random numbers (drivers/char/random.c). Each boot begins with the same state, so that runs
 * can be repeated, and each CPU has one of its own, so that what a task gets doesn't depend on
 * others. The generator is splitmix64.
 */

#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/string.h>

#define SEED	0x6c756f73696d2e31ULL

static u64 states[SIM_CPUS];

u64 get_random_u64(void)
{
	unsigned int cpu = sim_cpu();
	u64 z = SEED + ((u64)cpu << 56) + (states[cpu] += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

void get_random_bytes(void *buf, size_t len)
{
	while (len) {
		u64 random = get_random_u64();
		size_t part = min(len, sizeof(random));

		memcpy(buf, &random, part);
		buf = (char *)buf + part;
		len -= part;
	}
}
