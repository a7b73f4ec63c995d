/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_BITMAP_H
#define _MODEL_BITMAP_H

/* Bitmaps indexed by page frame number. */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define BITMAP_WORD	(8 * sizeof(unsigned long))

static inline size_t bitmap_bytes(uint64_t bits)
{
	return (bits + BITMAP_WORD - 1) / BITMAP_WORD * sizeof(unsigned long);
}

static inline bool bitmap_test(const unsigned long *map, uint64_t bit)
{
	return map[bit / BITMAP_WORD] >> bit % BITMAP_WORD & 1;
}

static inline void bitmap_set(unsigned long *map, uint64_t bit)
{
	map[bit / BITMAP_WORD] |= 1UL << bit % BITMAP_WORD;
}

static inline void bitmap_set_range(unsigned long *map, uint64_t from, uint64_t to)
{
	for (; from < to && from % BITMAP_WORD; from++)
		bitmap_set(map, from);
	for (; from + BITMAP_WORD <= to; from += BITMAP_WORD)
		map[from / BITMAP_WORD] = ~0UL;
	for (; from < to; from++)
		bitmap_set(map, from);
}

#endif /* _MODEL_BITMAP_H */
