/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __ASM_MEMORY_H
#define __ASM_MEMORY_H

/*
 * Simulated: the direct map and the memmap, as arch/arm64/include/asm/memory.h and
 * include/asm-generic/memory_model.h have them.
 *
 * Kernel promises: an address of the direct map and its physical address convert into
 *	each other by an addition; each page frame has one struct page.
 * Modelled: the direct map lies elsewhere at each boot. phys_to_virt() only computes, so
 *	an address beyond memory faults when it is used. virt_to_phys() of an address that
 *	isn't in the direct map (vmalloc, statics, user) ends the run: in a kernel with
 *	CONFIG_DEBUG_VIRTUAL it is a BUG. The memmap is initialised in pieces of 64 pages
 *	when one of them is first asked for by number.
 * Left out: highmem, memory holes, hotplug, the kernel image's own mapping.
 * Scheduling points: none.
 */

#include <asm/page.h>
#include <linux/pfn.h>
#include <linux/types.h>
#include <sim/sim.h>

struct page;

#define SIM_STRUCT_PAGE_SHIFT	6	/* sizeof(struct page) == 64 */
#define SIM_MEMMAP_CHUNK_SHIFT	6	/* pages whose struct page is initialised at once */

/* Both set by mm_early_init(), constant afterwards. */
extern char *sim_memmap;		/* struct page of pfn 0 */
extern unsigned long *sim_memmap_ready;	/* one bit for each piece of the memmap */
extern unsigned long max_pfn;

void sim_memmap_init_chunk(unsigned long pfn);
phys_addr_t sim_bad_virt_to_phys(const volatile void *address);
void sim_bad_pfn(unsigned long pfn);
void sim_bad_page(const struct page *page);

#define PAGE_OFFSET	((unsigned long)sim_boot.direct_map)

static inline phys_addr_t virt_to_phys(const volatile void *address)
{
	phys_addr_t phys = (unsigned long)address - PAGE_OFFSET;

	if (__builtin_expect(phys >= sim_boot.memory, 0))
		return sim_bad_virt_to_phys(address);
	return phys;
}

static inline void *phys_to_virt(phys_addr_t phys)
{
	return (void *)(PAGE_OFFSET + phys);
}

static inline bool virt_addr_valid_(const volatile void *address)
{
	return (unsigned long)address - PAGE_OFFSET < sim_boot.memory;
}

#define __pa(x)			virt_to_phys((const void *)(x))
#define __va(x)			phys_to_virt((phys_addr_t)(x))
#define virt_addr_valid(x)	virt_addr_valid_((const void *)(x))
#define virt_to_pfn(x)		((unsigned long)(__pa(x) >> PAGE_SHIFT))
#define pfn_to_virt(pfn)	__va(PFN_PHYS(pfn))
#define pfn_to_kaddr(pfn)	__va(PFN_PHYS(pfn))

static inline int pfn_valid(unsigned long pfn)
{
	return pfn < max_pfn;
}

static inline struct page *sim_memmap_page(unsigned long pfn)
{
	return (struct page *)(sim_memmap + (pfn << SIM_STRUCT_PAGE_SHIFT));
}

static inline bool sim_memmap_is_ready(unsigned long pfn)
{
	unsigned long chunk = pfn >> SIM_MEMMAP_CHUNK_SHIFT;

	return (sim_memmap_ready[chunk / 64] >> (chunk % 64)) & 1;
}

/** pfn_to_page() - @pfn must be memory; the kernel would compute nonsense otherwise. */
static inline struct page *pfn_to_page(unsigned long pfn)
{
	if (__builtin_expect(!pfn_valid(pfn), 0))
		sim_bad_pfn(pfn);
	if (__builtin_expect(!sim_memmap_is_ready(pfn), 0))
		sim_memmap_init_chunk(pfn);
	return sim_memmap_page(pfn);
}

static inline unsigned long sim_page_to_pfn(const struct page *page)
{
	unsigned long pfn = ((unsigned long)page - (unsigned long)sim_memmap)
				>> SIM_STRUCT_PAGE_SHIFT;

	if (__builtin_expect(!pfn_valid(pfn), 0))
		sim_bad_page(page);
	return pfn;
}

#define page_to_pfn(_page)	sim_page_to_pfn((const struct page *)(_page))
#define page_to_phys(page)	PFN_PHYS(page_to_pfn(page))
#define phys_to_page(phys)	pfn_to_page(PHYS_PFN(phys))
#define virt_to_page(x)		pfn_to_page(virt_to_pfn(x))
#define page_to_virt(page)	__va(page_to_phys(page))

#endif /* __ASM_MEMORY_H */
