/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MEMBLOCK_H
#define _LINUX_MEMBLOCK_H

/*
 * Simulated: the allocator of early boot, as include/linux/memblock.h of Linux 7.3.
 *
 * Kernel promises: memory minus what is reserved can be allocated; with
 *	memblock_set_kho_scratch_only() only memory marked as KHO scratch.
 * Modelled: both lists of regions with nodes and the flags of KHO; allocations go upwards.
 *	The reserved list is what the page allocator leaves out while it grows.
 * Left out: mirrors, hotplug, memory without a mapping, limits.
 * Scheduling points: none, one task runs during boot.
 *
 * The memmap lies at SIM_EARLY_BASE at every boot, followed by what memblock_alloc() gave
 * out. The first KHO scratch area must contain [SIM_EARLY_BASE, sim_early_limit), so that it
 * is found unused after a kexec; mm_early_init() checks that. Ranges that
 * memblock_phys_alloc_range() returns may therefore cover it, and the first one does.
 */

#include <linux/init.h>
#include <linux/mm.h>
#include <linux/numa.h>
#include <linux/types.h>

/* Lowest address that memblock_phys_alloc_range() returns. */
#define MEMBLOCK_SIM_BASE	(2UL << 20)

#define SIM_EARLY_BASE		(4UL << 20)
extern phys_addr_t sim_early_limit;

enum memblock_flags {
	MEMBLOCK_NONE		= 0x0,
	MEMBLOCK_RSRV_NOINIT	= 0x10,
	MEMBLOCK_RSRV_KERN	= 0x20,
	MEMBLOCK_KHO_SCRATCH	= 0x40,
};

struct memblock_region {
	phys_addr_t base;
	phys_addr_t size;
	enum memblock_flags flags;
	int nid;
};

struct memblock_type {
	unsigned long cnt;
	unsigned long max;
	struct memblock_region *regions;
	const char *name;
};

struct memblock {
	struct memblock_type memory;
	struct memblock_type reserved;
};

extern struct memblock memblock;

#define MEMBLOCK_ALLOC_ANYWHERE		(~(phys_addr_t)0)
#define MEMBLOCK_ALLOC_ACCESSIBLE	0
#define MEMBLOCK_LOW_LIMIT		0
#define ARCH_LOW_ADDRESS_LIMIT		0xffffffffUL

int memblock_add_node(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags);
int memblock_add(phys_addr_t base, phys_addr_t size);
int __memblock_reserve(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags);
int memblock_phys_free(phys_addr_t base, phys_addr_t size);
void memblock_free(void *ptr, size_t size);
int memblock_reserved_mark_noinit(phys_addr_t base, phys_addr_t size);
int memblock_mark_kho_scratch(phys_addr_t base, phys_addr_t size);
int memblock_clear_kho_scratch(phys_addr_t base, phys_addr_t size);
void memblock_set_kho_scratch_only(void);
void memblock_clear_kho_scratch_only(void);

phys_addr_t memblock_alloc_range_nid(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				     phys_addr_t end, int nid, bool exact_nid);
phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				      phys_addr_t end);
void *memblock_alloc(phys_addr_t size, phys_addr_t align);

phys_addr_t memblock_reserved_kern_size(phys_addr_t limit, int nid);
phys_addr_t memblock_reserved_hugetlb_size(phys_addr_t limit, int nid);
phys_addr_t memblock_phys_mem_size(void);
phys_addr_t memblock_reserved_size(void);
phys_addr_t memblock_start_of_DRAM(void);
phys_addr_t memblock_end_of_DRAM(void);
bool memblock_is_memory(phys_addr_t addr);
bool memblock_is_reserved(phys_addr_t addr);
bool memblock_is_region_reserved(phys_addr_t base, phys_addr_t size);

static inline int memblock_reserve(phys_addr_t base, phys_addr_t size)
{
	return __memblock_reserve(base, size, NUMA_NO_NODE, MEMBLOCK_NONE);
}

static inline int memblock_reserve_kern(phys_addr_t base, phys_addr_t size)
{
	return __memblock_reserve(base, size, NUMA_NO_NODE, MEMBLOCK_RSRV_KERN);
}

static inline phys_addr_t memblock_phys_alloc(phys_addr_t size, phys_addr_t align)
{
	return memblock_phys_alloc_range(size, align, 0, MEMBLOCK_ALLOC_ACCESSIBLE);
}

#endif /* _LINUX_MEMBLOCK_H */
