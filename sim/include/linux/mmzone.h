/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MMZONE_H
#define _LINUX_MMZONE_H

/*
 * Simulated: zones of the page allocator; one, ZONE_NORMAL, for each NUMA node.
 * See mm/page_alloc.c for what is modelled.
 */

#include <linux/mm_types.h>
#include <linux/nodemask.h>
#include <linux/numa.h>

#define MAX_PAGE_ORDER		10
#define MAX_ORDER_NR_PAGES	(1 << MAX_PAGE_ORDER)
#define NR_PAGE_ORDERS		(MAX_PAGE_ORDER + 1)
#define PAGE_ALLOC_COSTLY_ORDER	3

#define pageblock_order		9
#define pageblock_nr_pages	(1UL << pageblock_order)

enum zone_type {
	ZONE_NORMAL,
	ZONE_MOVABLE,
	__MAX_NR_ZONES
};

enum meminit_context {
	MEMINIT_EARLY,
	MEMINIT_HOTPLUG,
};

struct free_area {
	struct list_head free_list;
	unsigned long nr_free;
};

/**
 * struct free_lists - free blocks, see mm/buddy.h.
 * @number:   of the lists
 * @orders:   bit n is set while @area[n] isn't empty
 * @nr_pages: page frames on the lists
 * @area:     free blocks by order
 */
struct free_lists {
	unsigned int number;
	unsigned int orders;
	unsigned long nr_pages;
	struct free_area area[NR_PAGE_ORDERS];
};

/**
 * struct zone - the memory of one node.
 * @zone_start_pfn: first page frame
 * @zone_end_pfn:   page frame after the last
 * @grown_pfn:      page frames from here on have not been given to the allocator yet
 * @managed_pages:  page frames that have been given to it
 * @nr_free:        page frames that are free, on whatever lists
 * @contiguous:     never set: nothing looks for blocks to compact
 * @lists:          free blocks that aren't any CPU's
 */
struct zone {
	int node;
	unsigned long zone_start_pfn;
	unsigned long zone_end_pfn;
	unsigned long grown_pfn;
	unsigned long managed_pages;
	unsigned long nr_free;
	bool contiguous;
	struct free_lists lists;
};

typedef struct pglist_data {
	int node_id;
	struct zone node_zones[1];
} pg_data_t;

extern pg_data_t sim_node_data[MAX_NUMNODES];

#define NODE_DATA(nid)	(&sim_node_data[nid])

#endif /* _LINUX_MMZONE_H */
