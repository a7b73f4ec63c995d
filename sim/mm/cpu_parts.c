// SPDX-License-Identifier: GPL-2.0
/*
 * When CPUs get parts of the allocators' memory, and when all is put together again.
 */

#include <linux/align.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "buddy.h"
#include "cpu_parts.h"
#include "internal.h"

/* No CPU needs more than that, or gets more than its share of a quarter of the memory. */
#define PAGES_ORDER_MAX	MAX_PAGE_ORDER

struct cpu_parts *sim_cpu_parts;

static unsigned int parts_order(void)
{
	return get_order(sizeof(struct cpu_parts));
}

static bool make_parts(void)
{
	struct page *page = sim_page_take_for_parts(parts_order());
	struct cpu_parts *parts;

	if (!page)
		return false;
	parts = page_address(page);
	sim_mem_state(parts, PAGE_SIZE << parts_order(), HOST_MEM_UNDEFINED);
	memset(parts, 0, sizeof(*parts));
	for (unsigned int cpu = 0; cpu < ARRAY_SIZE(parts->pages); cpu++)
		buddy_init(&parts->pages[cpu], cpu);
	sim_slab_pages_add(1L << parts_order());
	sim_cpu_parts = parts;
	return true;
}

static unsigned int share_order(unsigned int cpus)
{
	unsigned long pages = max_pfn / nr_node_ids / 4 / cpus;

	return min_t(unsigned int, PAGES_ORDER_MAX, ilog2(max(pages, 1UL)));
}

void sim_cpu_parts_begin(unsigned int cpus)
{
	unsigned int order = share_order(__builtin_popcount(cpus) + 1);

	if (!sim_cpu_parts && !make_parts())
		return;
	for (; cpus; cpus &= cpus - 1)
		sim_page_cpu_prepare(&sim_cpu_parts->pages[__builtin_ctz(cpus)], order);
	sim_page_cpu_prepare(&sim_cpu_parts->pages[SIM_CPU_KHO], order);
}

static void put_together(void)
{
	struct cpu_parts *parts = sim_cpu_parts;

	/* What follows frees pages, and so comes here. */
	sim_cpu_parts = NULL;
	sim_slabs_gather(parts);
	sim_pages_gather(parts);
	sim_page_give_from_parts(virt_to_page(parts), parts_order());
	sim_slab_pages_add(-(1L << parts_order()));
}

noinline
struct cpu_parts *sim_cpu_parts_look(void)
{
	if (!*sim_boot.concurrent) {
		put_together();
		return NULL;
	}
	return current->cpu ? sim_cpu_parts : NULL;
}
