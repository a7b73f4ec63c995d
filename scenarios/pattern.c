// SPDX-License-Identifier: GPL-2.0
/* The pattern of "fill" and "verify". */

#include "pattern.h"
#include "target.h"

/* One round of splitmix64: every bit of the input changes half of the output. */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

void scn_pattern(void *page, uint64_t seed, uint64_t number)
{
	uint64_t state = mix(mix(seed) ^ number);
	uint64_t *words = page;

	for (unsigned int i = 0; i < SCN_PAGE_SIZE / sizeof(*words); i++)
		words[i] = mix(state + i);
}
