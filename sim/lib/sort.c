// SPDX-License-Identifier: GPL-2.0
/*
 * Sorting (lib/sort.c) as a heap sort, and searching what is sorted (lib/bsearch.c).
 */

#include <linux/bsearch.h>
#include <linux/sort.h>

static void swap_bytes(char *a, char *b, size_t size)
{
	while (size--) {
		char tmp = *a;

		*a++ = *b;
		*b++ = tmp;
	}
}

static void exchange(void *a, void *b, size_t size, swap_func_t swap_func)
{
	if (swap_func)
		swap_func(a, b, size);
	else
		swap_bytes(a, b, size);
}

/* The element at @root sinks until it is not smaller than its children. */
static void sift_down(char *base, size_t root, size_t num, size_t size, cmp_func_t cmp,
		      swap_func_t swap_func)
{
	for (;;) {
		size_t child = 2 * root + 1;

		if (child >= num)
			return;
		if (child + 1 < num && cmp(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (cmp(base + root * size, base + child * size) >= 0)
			return;
		exchange(base + root * size, base + child * size, size, swap_func);
		root = child;
	}
}

/**
 * sort() - sort in place, in ascending order; not stable.
 * @base:      the array
 * @num:       number of elements
 * @size:      of an element
 * @cmp:       negative, zero or positive
 * @swap_func: exchanges two elements; NULL for byte by byte
 */
void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap_func)
{
	for (size_t root = num / 2; root-- > 0;)
		sift_down(base, root, num, size, cmp, swap_func);
	while (num > 1) {
		num--;
		exchange(base, (char *)base + num * size, size, swap_func);
		sift_down(base, 0, num, size, cmp, swap_func);
	}
}

/** bsearch() - an element equal to @key in the sorted array @base; NULL if there is none. */
void *bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp)
{
	const char *low = base;

	while (num) {
		const char *middle = low + num / 2 * size;
		int order = cmp(key, middle);

		if (!order)
			return (void *)middle;
		if (order > 0) {
			low = middle + size;
			num--;
		}
		num /= 2;
	}
	return NULL;
}
