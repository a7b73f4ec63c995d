// SPDX-License-Identifier: GPL-2.0
/*
 * The start of memory: the memmap, filled in as it is needed, and the order in which
 * memblock, KHO and the page allocator come up. Semantics: mm/mm_init.c and
 * arch/x86/kernel/setup.c of Linux 7.3.
 *
 * The memmap is at the same physical place at every boot and holds whatever the kernel
 * before left there. A bitmap says which pieces of it this kernel has initialised, so that
 * booting doesn't depend on the size of memory.
 */

#include <linux/bug.h>
#include <linux/kexec_handover.h>
#include <linux/memblock.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "internal.h"
#include "mm_init.h"

#define CHUNK_PAGES	(1UL << SIM_MEMMAP_CHUNK_SHIFT)
#define SMALL_CHUNKS	4096	/* 1 GiB of memory */

char *sim_memmap;
unsigned long *sim_memmap_ready;
unsigned long max_pfn;

/* End of the memory in which early boot allocates. */
phys_addr_t sim_early_limit;

static unsigned long small_ready[SMALL_CHUNKS / BITS_PER_LONG];
static unsigned long node_pages;

nodemask_t node_states[NR_NODE_STATES];
unsigned int nr_node_ids;

int pfn_to_nid(unsigned long pfn)
{
	return pfn / node_pages;
}

int early_pfn_to_nid(unsigned long pfn)
{
	return pfn_to_nid(pfn);
}

/* Free, on no list, of no type: what each page is before the allocator or KHO gets it. */
static void init_single_page(struct page *page, unsigned long flags)
{
	*page = (struct page){ .flags.f = flags, ._mapcount.counter = -1 };
}

/** sim_memmap_init_chunk() - initialise the piece of the memmap that has @pfn in it. */
void sim_memmap_init_chunk(unsigned long pfn)
{
	unsigned long chunk = pfn >> SIM_MEMMAP_CHUNK_SHIFT;
	struct page *page = sim_memmap_page(chunk << SIM_MEMMAP_CHUNK_SHIFT);
	unsigned long flags = (unsigned long)pfn_to_nid(pfn) << SIM_PAGE_NODE_SHIFT;

	for (unsigned long i = 0; i < CHUNK_PAGES; i++)
		init_single_page(page + i, flags);
	__atomic_fetch_or(&sim_memmap_ready[chunk / BITS_PER_LONG],
			  1UL << (chunk % BITS_PER_LONG), __ATOMIC_RELEASE);
}

void sim_memmap_ready_range(unsigned long pfn, unsigned long nr)
{
	for (unsigned long i = ALIGN_DOWN(pfn, CHUNK_PAGES); i < pfn + nr; i += CHUNK_PAGES)
		if (!sim_memmap_is_ready(i))
			sim_memmap_init_chunk(i);
}

/**
 * init_deferred_page() - make sure that the struct page of @pfn is initialised.
 *
 * KHO marks preserved pages there before the allocator comes up.
 */
void init_deferred_page(unsigned long pfn, int nid)
{
	sim_check(pfn_valid(pfn), "KHO: preserved memory is outside of memory");
	pfn_to_page(pfn);
}

phys_addr_t sim_bad_virt_to_phys(const volatile void *address)
{
	unsigned long addr = (unsigned long)address;

	if (addr - sim_boot.vmalloc_base < sim_boot.vmalloc_size)
		sim_check(false, "virt_to_phys() of a vmalloc address");
	if (addr - sim_boot.user_base < sim_boot.user_size)
		sim_check(false, "virt_to_phys() of a user address");
	if (addr < PAGE_SIZE)
		sim_check(false, "virt_to_phys() of NULL");
	sim_check(false, "virt_to_phys() of an address that isn't in the direct map");
	return 0;
}

void sim_bad_pfn(unsigned long pfn)
{
	sim_check(false, "pfn_to_page() of a page frame that isn't memory");
}

void sim_bad_page(const struct page *page)
{
	sim_check(false, "page_to_pfn() of something that isn't a struct page");
}

static void memmap_init(void)
{
	max_pfn = sim_boot.memory >> PAGE_SHIFT;
	node_pages = max_pfn / sim_boot.nodes;
	nr_node_ids = sim_boot.nodes;
	sim_check(sim_boot.nodes && sim_boot.nodes <= MAX_NUMNODES, "unsupported number of nodes");
	sim_check(node_pages % MAX_ORDER_NR_PAGES == 0, "a node isn't a multiple of 4 MiB");
	sim_early_limit = max_t(phys_addr_t, 18UL << 20, (6UL << 20) + sim_boot.memory / 64);
	sim_check(node_pages << PAGE_SHIFT >= sim_early_limit, "less memory than a kernel needs");
	for (int state = 0; state < NR_NODE_STATES; state++)
		node_states[state].bits[0] = (1UL << sim_boot.nodes) - 1;

	sim_memmap = phys_to_virt(SIM_EARLY_BASE);
}

static void memmap_bitmap_init(void)
{
	unsigned long chunks = max_pfn >> SIM_MEMMAP_CHUNK_SHIFT;

	sim_memmap_ready = small_ready;
	if (chunks > SMALL_CHUNKS)
		sim_memmap_ready = memblock_alloc(BITS_TO_LONGS(chunks) * sizeof(long), PAGE_SIZE);
	sim_check(sim_memmap_ready, "no early memory for the memmap's bitmap");
}

/* What early boot wrote must be where the next kernel expects nothing. */
static void check_scratch(void)
{
	struct kho_scratch *first = kho_scratch;

	if (!kho_scratch_cnt)
		return;
	sim_check(first->addr <= SIM_EARLY_BASE &&
		  first->addr + first->size >= sim_early_limit,
		  "the first KHO scratch area doesn't contain the early memory");
}

/**
 * mm_early_init() - from nothing to a working page allocator.
 *
 * Memory that the kernel before preserved is withheld before any other memory is given
 * out: the order of setup_arch() and mm_core_init() in Linux 7.3.
 */
void mm_early_init(void)
{
	memmap_init();
	memblock_sim_init();
	/* What describes the scratch areas lies in one, where we allocate. */
	if (sim_boot.kho_fdt)
		memblock_reserve(sim_boot.kho_scratch, sim_boot.kho_scratch_len);
	memmap_bitmap_init();
	if (sim_boot.kho_fdt)
		kho_populate(sim_boot.kho_fdt, sim_boot.kho_fdt_len, sim_boot.kho_scratch,
			     sim_boot.kho_scratch_len);
	/* A handover that is refused must not be in the way of new scratch areas. */
	if (sim_boot.kho_fdt && !is_kho_boot())
		memblock_phys_free(sim_boot.kho_scratch, sim_boot.kho_scratch_len);
	kho_memory_init_early();
	kho_memory_init();
	check_scratch();
	memblock_sim_done();
	memblock_clear_kho_scratch_only();
	page_alloc_init();
}
