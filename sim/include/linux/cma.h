/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __CMA_H__
#define __CMA_H__

/*
 * Stub: there are no CMA areas. KHO's scratch areas, which the kernel lends to movable
 * allocations through CMA, are simply not used by the running kernel here; a folio is thus
 * never found there, and never has to be migrated away before it is preserved.
 */

#include <linux/mmzone.h>
#include <linux/types.h>

#define CMA_MIN_ALIGNMENT_PAGES	pageblock_nr_pages
#define CMA_MIN_ALIGNMENT_BYTES	(PAGE_SIZE * CMA_MIN_ALIGNMENT_PAGES)

struct cma;

#endif /* __CMA_H__ */
