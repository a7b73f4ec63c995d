/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SORT_H
#define _LINUX_SORT_H

/* Simulated: sorting in place, not stable, without allocating. */

#include <linux/types.h>

void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap_func);

#endif /* _LINUX_SORT_H */
