/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __MM_MM_INIT_H
#define __MM_MM_INIT_H

/* Simulated: what KHO uses of the start of memory, as mm/mm_init.h of Linux 7.3. */

#include <linux/init.h>
#include <linux/mm.h>

void init_deferred_page(unsigned long pfn, int nid);

/*
 * Does nothing: the kernel gives the block to movable allocations (CMA); here scratch
 * memory is left alone by the running kernel, which KHO's rules allow.
 */
static inline void init_cma_reserved_pageblock(struct page *page) {}

#endif /* __MM_MM_INIT_H */
