// SPDX-License-Identifier: GPL-2.0
/*
 * The allocator of early boot: two sorted lists of regions, what is memory and what of it
 * is reserved. Semantics: mm/memblock.c of Linux 7.3.
 */

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/memblock.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"

#define INIT_MEMORY_REGIONS	32
#define INIT_RESERVED_REGIONS	64
/* One operation on a list adds at most so many regions, apart from filling gaps. */
#define REGIONS_SLACK		4

static struct memblock_region memory_regions[INIT_MEMORY_REGIONS];
static struct memblock_region reserved_regions[INIT_RESERVED_REGIONS];

struct memblock memblock = {
	.memory = { .max = INIT_MEMORY_REGIONS, .regions = memory_regions, .name = "memory" },
	.reserved = { .max = INIT_RESERVED_REGIONS, .regions = reserved_regions,
		      .name = "reserved" },
};

static bool kho_scratch_only;

/* Bytes at MEMBLOCK_SIM_BASE that the memmap and early allocations have taken. */
static phys_addr_t early_end;

static phys_addr_t region_end(const struct memblock_region *rgn)
{
	return rgn->base + rgn->size;
}

/* Index of the first region that ends after @addr, or the number of regions. */
static unsigned long region_after(const struct memblock_type *type, phys_addr_t addr)
{
	unsigned long lo = 0, hi = type->cnt;

	/* Preserved memory comes in ascending order, mostly. */
	if (!hi || region_end(&type->regions[hi - 1]) <= addr)
		return hi;
	while (lo < hi) {
		unsigned long mid = (lo + hi) / 2;

		if (region_end(&type->regions[mid]) <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void type_grow(struct memblock_type *type)
{
	unsigned long max = type->max * 2;
	struct memblock_region *regions;

	if (type->cnt + REGIONS_SLACK < type->max)
		return;
	regions = memblock_alloc(max * sizeof(*regions), PAGE_SIZE);
	if (!regions)
		panic("memblock: no memory for %lu %s regions", max, type->name);
	memcpy(regions, type->regions, type->cnt * sizeof(*regions));
	type->regions = regions;
	type->max = max;
}

static void insert_region(struct memblock_type *type, unsigned long at, phys_addr_t base,
			  phys_addr_t size, int nid, enum memblock_flags flags)
{
	struct memblock_region *rgn = &type->regions[at];

	sim_check(type->cnt < type->max, "memblock: too many regions in one operation");
	memmove(rgn + 1, rgn, (type->cnt - at) * sizeof(*rgn));
	*rgn = (struct memblock_region){ base, size, flags, nid };
	type->cnt++;
}

static void remove_region(struct memblock_type *type, unsigned long at)
{
	struct memblock_region *rgn = &type->regions[at];

	type->cnt--;
	memmove(rgn, rgn + 1, (type->cnt - at) * sizeof(*rgn));
}

/* Joins neighbours of one kind among the regions from @first - 1 to @last. */
static void merge_regions(struct memblock_type *type, unsigned long first, unsigned long last)
{
	unsigned long i = first ? first - 1 : 0;

	while (i < last && i + 1 < type->cnt) {
		struct memblock_region *this = &type->regions[i], *next = this + 1;

		if (region_end(this) != next->base || this->nid != next->nid ||
		    this->flags != next->flags) {
			i++;
			continue;
		}
		this->size += next->size;
		remove_region(type, i + 1);
		last--;
	}
}

/* Adds what isn't covered of a range; parts that are covered stay as they are. */
static int add_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size, int nid,
		     enum memblock_flags flags)
{
	phys_addr_t end = base + size;
	unsigned long first, i;

	if (!size)
		return 0;
	type_grow(type);
	first = i = region_after(type, base);
	while (base < end) {
		phys_addr_t gap_end = end;

		if (i < type->cnt && type->regions[i].base < end)
			gap_end = type->regions[i].base;
		if (gap_end > base) {
			insert_region(type, i++, base, gap_end - base, nid, flags);
			type_grow(type);
		}
		if (i >= type->cnt || gap_end == end)
			break;
		base = region_end(&type->regions[i++]);
	}
	merge_regions(type, first, min(i + 1, type->cnt));
	return 0;
}

/* Splits regions so that none crosses @base or the end; their indices are [*first, *last). */
static void isolate_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size,
			  unsigned long *first, unsigned long *last)
{
	phys_addr_t edges[2] = { base, base + size };

	type_grow(type);
	for (int i = 0; i < 2; i++) {
		unsigned long at = region_after(type, edges[i]);
		struct memblock_region *rgn = &type->regions[at];
		phys_addr_t head;

		if (at == type->cnt || rgn->base >= edges[i])
			continue;
		head = edges[i] - rgn->base;
		insert_region(type, at, rgn->base, head, rgn->nid, rgn->flags);
		rgn[1].base += head;
		rgn[1].size -= head;
	}
	*first = region_after(type, base);
	*last = size ? region_after(type, base + size - 1) : *first;
	if (*last < type->cnt && type->regions[*last].base < base + size)
		++*last;
}

static int set_flag(struct memblock_type *type, phys_addr_t base, phys_addr_t size, bool set,
		    enum memblock_flags flag)
{
	unsigned long first, last;

	isolate_range(type, base, size, &first, &last);
	for (unsigned long i = first; i < last; i++) {
		if (set)
			type->regions[i].flags |= flag;
		else
			type->regions[i].flags &= ~flag;
	}
	merge_regions(type, first, min(last + 1, type->cnt));
	return 0;
}

int memblock_add_node(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags)
{
	return add_range(&memblock.memory, base, size, nid, flags);
}

int memblock_add(phys_addr_t base, phys_addr_t size)
{
	return add_range(&memblock.memory, base, size, NUMA_NO_NODE, MEMBLOCK_NONE);
}

int __memblock_reserve(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags)
{
	return add_range(&memblock.reserved, base, size, nid, flags);
}

/** memblock_phys_free() - undo a reservation; during boot only. */
int memblock_phys_free(phys_addr_t base, phys_addr_t size)
{
	unsigned long first, last;

	isolate_range(&memblock.reserved, base, size, &first, &last);
	while (last > first)
		remove_region(&memblock.reserved, --last);
	return 0;
}

/** memblock_free() - memory from memblock_alloc(); the latest piece can be used again. */
void memblock_free(void *ptr, size_t size)
{
	phys_addr_t phys = virt_to_phys(ptr);

	sim_check(!slab_is_available(), "memblock_free() after early boot");
	if (phys + ALIGN(size, PAGE_SIZE) == early_end)
		early_end = phys;
}

int memblock_reserved_mark_noinit(phys_addr_t base, phys_addr_t size)
{
	return set_flag(&memblock.reserved, base, size, true, MEMBLOCK_RSRV_NOINIT);
}

int memblock_mark_kho_scratch(phys_addr_t base, phys_addr_t size)
{
	return set_flag(&memblock.memory, base, size, true, MEMBLOCK_KHO_SCRATCH);
}

int memblock_clear_kho_scratch(phys_addr_t base, phys_addr_t size)
{
	return set_flag(&memblock.memory, base, size, false, MEMBLOCK_KHO_SCRATCH);
}

/** memblock_set_kho_scratch_only() - allocate from KHO scratch from now on. */
void memblock_set_kho_scratch_only(void)
{
	kho_scratch_only = true;
}

void memblock_clear_kho_scratch_only(void)
{
	kho_scratch_only = false;
}

/* Lowest free place in [start, end), or 0. */
static phys_addr_t find_in_range(phys_addr_t start, phys_addr_t end, phys_addr_t size,
				 phys_addr_t align)
{
	phys_addr_t base = ALIGN(start, align);

	for (unsigned long i = region_after(&memblock.reserved, base);; i++) {
		if (base + size > end || base + size < base)
			return 0;
		if (i == memblock.reserved.cnt ||
		    memblock.reserved.regions[i].base >= base + size)
			return base;
		base = ALIGN(region_end(&memblock.reserved.regions[i]), align);
	}
}

static phys_addr_t find_free(phys_addr_t size, phys_addr_t align, phys_addr_t start,
			     phys_addr_t end, int nid)
{
	for (unsigned long i = 0; i < memblock.memory.cnt; i++) {
		struct memblock_region *rgn = &memblock.memory.regions[i];
		phys_addr_t found;

		if (nid != NUMA_NO_NODE && rgn->nid != nid)
			continue;
		if (kho_scratch_only && !(rgn->flags & MEMBLOCK_KHO_SCRATCH))
			continue;
		found = find_in_range(max(start, rgn->base), min(end, region_end(rgn)), size,
				      align);
		if (found)
			return found;
	}
	return 0;
}

/**
 * memblock_alloc_range_nid() - reserve free memory; its contents are not touched.
 * @start: lowest address, never below MEMBLOCK_SIM_BASE
 * @end: address after the last, or MEMBLOCK_ALLOC_ACCESSIBLE or _ANYWHERE
 * @exact_nid: fail rather than take another node's memory
 *
 * Return: the lowest free address, or 0.
 */
phys_addr_t memblock_alloc_range_nid(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				     phys_addr_t end, int nid, bool exact_nid)
{
	phys_addr_t found;

	sim_check(!slab_is_available(), "memblock allocation after early boot");
	if (!align)
		align = sizeof(long);
	if (end == MEMBLOCK_ALLOC_ACCESSIBLE)
		end = MEMBLOCK_ALLOC_ANYWHERE;
	start = max_t(phys_addr_t, start, MEMBLOCK_SIM_BASE);
	found = find_free(size, align, start, end, nid);
	if (!found && nid != NUMA_NO_NODE && !exact_nid)
		found = find_free(size, align, start, end, NUMA_NO_NODE);
	if (found && __memblock_reserve(found, size, nid, MEMBLOCK_RSRV_KERN))
		return 0;
	return found;
}

phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				      phys_addr_t end)
{
	return memblock_alloc_range_nid(size, align, start, end, NUMA_NO_NODE, false);
}

/*
 * Moves *base up past what others reserved. An area that begins below the early memory is
 * the scratch area that contains it.
 */
static void skip_reserved(phys_addr_t *base, phys_addr_t size)
{
	unsigned long i;

	for (i = region_after(&memblock.reserved, *base); i < memblock.reserved.cnt; i++) {
		struct memblock_region *rgn = &memblock.reserved.regions[i];

		if (rgn->base >= *base + size)
			return;
		if (rgn->base > SIM_EARLY_BASE)
			*base = ALIGN(region_end(rgn), PAGE_SIZE);
	}
}

/**
 * memblock_alloc() - zeroed memory for the kernel itself.
 *
 * It comes from the early memory that begins with the memmap and is part of the first
 * scratch area, on a cold boot as well: what is there survives a kexec, and nobody
 * preserves anything there.
 */
void *memblock_alloc(phys_addr_t size, phys_addr_t align)
{
	phys_addr_t base = ALIGN(early_end, max_t(phys_addr_t, align, PAGE_SIZE));
	void *ptr;

	sim_check(!slab_is_available(), "memblock allocation after early boot");
	size = ALIGN(size, PAGE_SIZE);
	skip_reserved(&base, size);
	if (base + size > sim_early_limit)
		return NULL;
	early_end = base + size;
	ptr = phys_to_virt(base);
	memset(ptr, 0, size);
	return ptr;
}

/** memblock_reserved_kern_size() - bytes the kernel took for itself, below @limit. */
phys_addr_t memblock_reserved_kern_size(phys_addr_t limit, int nid)
{
	phys_addr_t total = nid == NUMA_NO_NODE || nid == 0 ? early_end - SIM_EARLY_BASE : 0;

	for (unsigned long i = 0; i < memblock.reserved.cnt; i++) {
		struct memblock_region *rgn = &memblock.reserved.regions[i];

		if (nid != NUMA_NO_NODE && rgn->nid != nid)
			continue;
		if ((rgn->flags & MEMBLOCK_RSRV_KERN) && rgn->base < limit)
			total += min(region_end(rgn), limit) - rgn->base;
	}
	return total;
}

phys_addr_t memblock_reserved_hugetlb_size(phys_addr_t limit, int nid)
{
	return 0;
}

phys_addr_t memblock_phys_mem_size(void)
{
	return sim_boot.memory;
}

phys_addr_t memblock_reserved_size(void)
{
	phys_addr_t total = 0;

	for (unsigned long i = 0; i < memblock.reserved.cnt; i++)
		total += memblock.reserved.regions[i].size;
	return total;
}

phys_addr_t memblock_start_of_DRAM(void)
{
	return 0;
}

phys_addr_t memblock_end_of_DRAM(void)
{
	return sim_boot.memory;
}

bool memblock_is_memory(phys_addr_t addr)
{
	return addr < sim_boot.memory;
}

bool memblock_is_region_reserved(phys_addr_t base, phys_addr_t size)
{
	unsigned long i = region_after(&memblock.reserved, base);

	return i < memblock.reserved.cnt && memblock.reserved.regions[i].base < base + size;
}

bool memblock_is_reserved(phys_addr_t addr)
{
	return memblock_is_region_reserved(addr, 1);
}

/*
 * The next free range at or after *start, cut off at @limit; false if there is none. KHO
 * scratch areas that aren't reserved, because this kernel booted in them, are up to the
 * caller.
 */
bool memblock_sim_next_free(phys_addr_t *start, phys_addr_t *end, phys_addr_t limit)
{
	phys_addr_t base = *start;
	unsigned long i = region_after(&memblock.reserved, base);

	for (; i < memblock.reserved.cnt && memblock.reserved.regions[i].base <= base; i++)
		base = region_end(&memblock.reserved.regions[i]);
	if (base >= limit)
		return false;
	*start = base;
	*end = limit;
	if (i < memblock.reserved.cnt)
		*end = min(limit, memblock.reserved.regions[i].base);
	return true;
}

/* Called first: all memory of the machine, and the early memory after the memmap. */
void memblock_sim_init(void)
{
	phys_addr_t share = sim_boot.memory / sim_boot.nodes;

	for (unsigned int nid = 0; nid < sim_boot.nodes; nid++)
		insert_region(&memblock.memory, nid, nid * share, share, nid, MEMBLOCK_NONE);
	/* Page 0 is never used, so that physical address 0 means none. */
	__memblock_reserve(0, PAGE_SIZE, 0, MEMBLOCK_NONE);
	early_end = SIM_EARLY_BASE + ALIGN(max_pfn << SIM_STRUCT_PAGE_SHIFT, PAGE_SIZE);
}

/* Called last: what early boot used stays used, wherever the scratch areas are. */
void memblock_sim_done(void)
{
	__memblock_reserve(SIM_EARLY_BASE, early_end - SIM_EARLY_BASE, 0, MEMBLOCK_RSRV_KERN);
}
