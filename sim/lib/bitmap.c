// SPDX-License-Identifier: GPL-2.0
/*
 * Bitmaps and searches in them (lib/bitmap.c, lib/find_bit.c).
 */

#include <linux/bitmap.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/slab.h>

static unsigned long find_from(const unsigned long *addr, unsigned long size,
			       unsigned long offset, unsigned long invert)
{
	unsigned long word;

	if (offset >= size)
		return size;
	word = (addr[BIT_WORD(offset)] ^ invert) & BITMAP_FIRST_WORD_MASK(offset);
	for (offset = round_down(offset, BITS_PER_LONG); !word;
	     word = addr[BIT_WORD(offset)] ^ invert) {
		offset += BITS_PER_LONG;
		if (offset >= size)
			return size;
	}
	return min(offset + __ffs(word), size);
}

/** find_next_bit() - the first set bit from @offset on; @size if there is none. */
unsigned long find_next_bit(const unsigned long *addr, unsigned long size, unsigned long offset)
{
	return find_from(addr, size, offset, 0);
}

/** find_next_zero_bit() - the first clear bit from @offset on; @size if there is none. */
unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
				 unsigned long offset)
{
	return find_from(addr, size, offset, ~0UL);
}

/** find_last_bit() - the last set bit; @size if there is none. */
unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long words = BITS_TO_LONGS(size);

	while (words--) {
		unsigned long word = addr[words];

		if (words == BITS_TO_LONGS(size) - 1)
			word &= BITMAP_LAST_WORD_MASK(size);
		if (word)
			return words * BITS_PER_LONG + __fls(word);
	}
	return size;
}

void bitmap_set(unsigned long *map, unsigned int start, unsigned int nbits)
{
	while (nbits--)
		__set_bit(start++, map);
}

void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nbits)
{
	while (nbits--)
		__clear_bit(start++, map);
}

static unsigned long valid_bits(unsigned int word, unsigned int nbits)
{
	return word == BITS_TO_LONGS(nbits) - 1 ? BITMAP_LAST_WORD_MASK(nbits) : ~0UL;
}

/** bitmap_and() - the bits in both; whether there is any. */
bool bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		unsigned int nbits)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		any |= dst[i] = a[i] & b[i] & valid_bits(i, nbits);
	return any;
}

void bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b,
	       unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = a[i] | b[i];
}

bool bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		if ((a[i] ^ b[i]) & valid_bits(i, nbits))
			return false;
	return true;
}

unsigned int bitmap_weight(const unsigned long *map, unsigned int nbits)
{
	unsigned int weight = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		weight += hweight_long(map[i] & valid_bits(i, nbits));
	return weight;
}

unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t flags)
{
	return kcalloc(BITS_TO_LONGS(nbits), sizeof(unsigned long), flags);
}

void bitmap_free(const unsigned long *bitmap)
{
	kfree(bitmap);
}
