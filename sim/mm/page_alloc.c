// SPDX-License-Identifier: GPL-2.0
/*
 * The page allocator. Semantics: mm/page_alloc.c of Linux 7.3.
 *
 * Kernel promises: a block of 2^order pages, aligned to its size, is handed out once until
 *	it is freed; memory of the wished node comes first, then that of the others.
 * Modelled: buddies of order 0 to 10 per node, splitting and merging; zones that grow by
 *	4 MiB, lowest first, when their free lists have nothing that fits (deferred struct
 *	page initialisation); memory that is reserved, in a KHO scratch area or withheld for
 *	KHO is left out until it is freed by its owner; the checks of free_page_is_bad().
 * Left out: migrate types, watermarks, reclaim, compaction, OOM killer: an allocation that
 *	finds nothing fails.
 * Scheduling points: none, but reference counts of pages that are put have theirs, and there
 *	is one, on the zone, where a CPU has run out of pages of its own.
 *
 * Only while tasks run beside each other has each CPU, which is as much as each task, pages of
 * its own. It takes from these and frees to these, wherever a page is from, so what a task
 * gets doesn't depend on what the others do meanwhile. When they are done all is the zone's
 * again.
 */

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kexec_handover.h>
#include <linux/list.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "buddy.h"
#include "cpu_parts.h"
#include "internal.h"

#define BLOCK_PAGES	((unsigned long)MAX_ORDER_NR_PAGES)

pg_data_t sim_node_data[MAX_NUMNODES];
gfp_t gfp_allowed_mask = __GFP_BITS_MASK;

static struct mm_guard buddy_guard;

/* So much more than it needs is what a CPU gets that has run out of pages: 1 MiB. */
#define CPU_REFILL_ORDER	8u

static struct zone *own_zone(void)
{
	return &NODE_DATA(numa_mem_id())->node_zones[0];
}

/* Pages that are counted as in use but never come back, because they are poisoned. */
static unsigned long lost_pages;

/* Gives the allocator a range of pages that never were allocated. */
static void free_range(struct zone *zone, unsigned long pfn, unsigned long end)
{
	zone->managed_pages += end - pfn;
	while (pfn < end) {
		unsigned int order = min_t(unsigned int, MAX_PAGE_ORDER, __builtin_ctzl(pfn));

		while (pfn + (1UL << order) > end)
			order--;
		buddy_free(zone, &zone->lists, pfn, order);
		pfn += 1UL << order;
	}
}

/* Cuts the free range [pfn, *end) short where a scratch area begins, or skips the area. */
static bool clip_scratch(unsigned long *pfn, unsigned long *end)
{
	for (unsigned int i = 0; i < kho_scratch_cnt; i++) {
		unsigned long from = PHYS_PFN(kho_scratch[i].addr);
		unsigned long to = from + PHYS_PFN(kho_scratch[i].size);

		if (*end <= from || *pfn >= to)
			continue;
		if (*pfn < from) {
			*end = from;
			continue;
		}
		*pfn = to;
		return false;
	}
	return true;
}

/**
 * grow_zone() - hand the next 4 MiB of a zone to the allocator.
 *
 * What is reserved in it, because it is scratch memory or was preserved by the kernel
 * before, stays out.
 * Return: false if the whole zone has been handed over already.
 */
static bool grow_zone(struct zone *zone)
{
	unsigned long pfn = zone->grown_pfn, limit = pfn + BLOCK_PAGES;

	if (pfn >= zone->zone_end_pfn)
		return false;
	while (pfn < limit) {
		phys_addr_t start = PFN_PHYS(pfn), stop;
		unsigned long end;

		if (!memblock_sim_next_free(&start, &stop, PFN_PHYS(limit)))
			break;
		pfn = PFN_UP(start);
		end = PFN_DOWN(stop);
		if (pfn >= end) {
			pfn += pfn == end;	/* a page that is reserved in part */
			continue;
		}
		if (!clip_scratch(&pfn, &end))
			continue;
		free_range(zone, pfn, end);
		pfn = end;
	}
	zone->grown_pfn = limit;
	return true;
}

static void forbid_access(struct page *page, unsigned int order)
{
	unsigned long phys = page_to_phys(page);

	if (!sim_host->mem_state)
		return;
	sim_mem_state(page_address(page), PAGE_SIZE << order, HOST_MEM_NOACCESS);
	sim_mem_state((void *)(sim_boot.vmalloc_base + phys), PAGE_SIZE << order,
		      HOST_MEM_NOACCESS);
}

/* What the current task may use without anybody else being able to tell, or NULL. */
static struct free_lists *own_lists(const struct zone *zone)
{
	struct cpu_parts *parts = sim_own_parts();

	return unlikely(parts) && zone == own_zone() ? &parts->pages[current->cpu] : NULL;
}

/** sim_pages_gather() - all that is free is the zone's again. */
void sim_pages_gather(struct cpu_parts *parts)
{
	struct zone *zone = own_zone();

	for (unsigned int cpu = 0; cpu < ARRAY_SIZE(parts->pages); cpu++) {
		struct free_lists *lists = &parts->pages[cpu];
		unsigned int order;
		struct page *page;

		while ((page = buddy_first(lists, &order)) != NULL) {
			buddy_remove(zone, lists, page, order);
			buddy_free(zone, &zone->lists, page_to_pfn(page), order);
		}
	}
}

/* Before an allocation fails it takes from those who could have needed it themselves. */
static struct page *take_from_zone(struct zone *zone, unsigned int order)
{
	bool gathered = false;
	struct page *page;

	while ((page = buddy_take(zone, &zone->lists, order)) == NULL) {
		if (grow_zone(zone))
			continue;
		if (gathered || !sim_cpu_parts || zone != own_zone())
			return NULL;
		sim_pages_gather(sim_cpu_parts);
		gathered = true;
	}
	return page;
}

/* A block for @lists as large as possible, and at most of the given order. */
static void refill(struct zone *zone, struct free_lists *lists, unsigned int order)
{
	struct page *page;

	do {
		page = buddy_take(zone, &zone->lists, order);
		if (!page && !grow_zone(zone))
			order--;
	} while (!page && order < NR_PAGE_ORDERS);
	if (page)
		buddy_add(zone, lists, page, order);
}

/** sim_page_cpu_prepare() - see to it that @lists, of a CPU, have about 2^@order pages. */
void sim_page_cpu_prepare(struct free_lists *lists, unsigned int order)
{
	mm_guard_lock(&buddy_guard);
	if (lists->nr_pages < 1UL << order)
		refill(own_zone(), lists, order);
	mm_guard_unlock(&buddy_guard);
}

/** sim_page_take_for_parts() - pages that nobody is told of. */
struct page *sim_page_take_for_parts(unsigned int order)
{
	struct page *page;

	mm_guard_lock(&buddy_guard);
	page = take_from_zone(own_zone(), order);
	mm_guard_unlock(&buddy_guard);
	return page;
}

/** sim_page_give_from_parts() - undo sim_page_take_for_parts(). */
void sim_page_give_from_parts(struct page *page, unsigned int order)
{
	forbid_access(page, order);
	mm_guard_lock(&buddy_guard);
	buddy_free(own_zone(), &own_zone()->lists, page_to_pfn(page), order);
	mm_guard_unlock(&buddy_guard);
}

static struct page *take_own(struct zone *zone, struct free_lists *own, unsigned int order)
{
	struct page *page;

	mm_guard_lock(&buddy_guard);
	page = buddy_take(zone, own, order);
	mm_guard_unlock(&buddy_guard);
	return page;
}

static struct page *rmqueue(struct zone *zone, unsigned int order)
{
	struct free_lists *own = own_lists(zone);
	struct page *page = own ? take_own(zone, own, order) : NULL;

	if (page)
		return page;
	/* From here on it matters who comes first. */
	sim_point(HOST_OP_RMW, zone);
	mm_guard_lock(&buddy_guard);
	if (own)
		refill(zone, own, max(order, CPU_REFILL_ORDER));
	page = own ? buddy_take(zone, own, order) : NULL;
	if (!page)
		page = take_from_zone(zone, order);
	mm_guard_unlock(&buddy_guard);
	return page;
}

static struct page *get_page_from_freelist(gfp_t gfp, unsigned int order, int nid)
{
	struct page *page = rmqueue(&NODE_DATA(nid)->node_zones[0], order);

	for (unsigned int i = 1; !page && !(gfp & __GFP_THISNODE) && i < nr_node_ids; i++)
		page = rmqueue(&NODE_DATA((nid + i) % nr_node_ids)->node_zones[0], order);
	return page;
}

static void prep_compound_head(struct page *page, unsigned int order)
{
	struct folio *folio = (struct folio *)page;

	folio->_flags_1 = (folio->_flags_1 & ~0xffUL) | order;
	folio->_nr_pages = 1U << order;
	/* Nobody sees these yet: no scheduling points. */
	folio->_large_mapcount.counter = -1;
	folio->_nr_pages_mapped.counter = 0;
	folio->_entire_mapcount.counter = -1;
	folio->_pincount.counter = 0;
}

/** prep_compound_page() - make 2^@order pages, nobody else's, one folio. */
void prep_compound_page(struct page *page, unsigned int order)
{
	sim_memmap_ready_range(page_to_pfn(page), 1UL << order);
	__SetPageHead(page);
	for (unsigned long i = 1; i < 1UL << order; i++) {
		page[i].mapping = NULL;
		set_compound_head(page + i, page, order);
		set_page_count(page + i, 0);
	}
	prep_compound_head(page, order);
}

/** split_page() - let each page of a block that isn't compound have its own reference. */
void split_page(struct page *page, unsigned int order)
{
	VM_BUG_ON_PAGE(PageCompound(page), page);
	VM_BUG_ON_PAGE(!page_count(page), page);
	for (unsigned long i = 1; i < 1UL << order; i++)
		set_page_count(page + i, 1);
}

static void prep_new_page(struct page *page, unsigned int order, gfp_t gfp)
{
	unsigned long pfn = page_to_pfn(page);
	size_t size = PAGE_SIZE << order;
	void *address = page_address(page);

	if (order > SIM_MEMMAP_CHUNK_SHIFT)
		sim_memmap_ready_range(pfn, 1UL << order);
	sim_mem_new(page, sizeof(*page) << order);
	sim_mem_new(address, size);
	sim_mem_state(address, size, HOST_MEM_UNDEFINED);
	if (gfp & __GFP_ZERO)
		memset(address, 0, size);
	if (order && (gfp & __GFP_COMP))
		prep_compound_page(page, order);
}

static void warn_alloc(gfp_t gfp, unsigned int order)
{
	sim_check(!(gfp & __GFP_NOFAIL), "out of memory for an allocation that must not fail");
	if (!(gfp & __GFP_NOWARN))
		pr_warn("%s: page allocation failure: order:%u, mode:%#x\n", current->comm,
			order, gfp);
}

/**
 * alloc_frozen_pages() - 2^@order pages with a reference count of zero.
 *
 * Every page of the kernel comes from here.
 * @nid: node to prefer, or NUMA_NO_NODE for the task's
 *
 * Context: may sleep if @gfp says so.
 * Return: the first page; NULL if memory has run out or @order is above MAX_PAGE_ORDER.
 */
noinline
struct page *alloc_frozen_pages(gfp_t gfp, unsigned int order, int nid)
{
	struct page *page;

	might_alloc(gfp);
	if (WARN_ON_ONCE(order > MAX_PAGE_ORDER && !(gfp & __GFP_NOWARN)) ||
	    order > MAX_PAGE_ORDER)
		return NULL;
	if (nid == NUMA_NO_NODE)
		nid = numa_mem_id();
	page = get_page_from_freelist(gfp, order, nid);
	if (!page) {
		warn_alloc(gfp, order);
		return NULL;
	}
	prep_new_page(page, order, gfp);
	sim_page_event(HOST_EVENT_PAGE_ALLOC, page_to_pfn(page), order);
	return page;
}

/* What makes a page unfit to be freed, or NULL. */
static const char *page_bad_reason(const struct page *page, const struct page *head)
{
	const char *bad = NULL;

	if (page != head)
		return compound_head(page) == head ? NULL : "corrupted compound page";
	if (atomic_read(&page->_mapcount) != -1)
		bad = PageBuddy(page) ? "already free" : "nonzero mapcount";
	if (page->mapping)
		bad = "non-NULL mapping";
	if (page_ref_count(page))
		bad = "nonzero _refcount";
	if (page->flags.f & PAGE_FLAGS_CHECK_AT_FREE)
		bad = page->flags.f & 1UL << PG_locked ? "locked" :
						"PAGE_FLAGS_CHECK_AT_FREE flag(s) set";
	return bad;
}

static bool bad_page(const struct page *page, const char *reason)
{
	WARN(1, "BUG: Bad page state: pfn %#lx: %s (count %d, mapcount %d, flags %#lx)",
	     page_to_pfn(page), reason, page_ref_count(page),
	     atomic_read(&page->_mapcount) + 1,
	     page->flags.f & ((1UL << NR_PAGEFLAGS) - 1));
	return false;
}

static void reset_freed_page(struct page *page)
{
	page->flags.f &= ~((1UL << NR_PAGEFLAGS) - 1) | 1UL << PG_hwpoison;
	page->lru.next = NULL;
	page->lru.prev = NULL;
	page->private = 0;
	page->memcg_data = 0;
	atomic_set(&page->_mapcount, -1);
}

/* False if the block can't be freed; *@poisoned: not all of it can be used again. */
static bool free_pages_prepare(struct page *page, unsigned int order, bool *poisoned)
{
	bool compound = PageHead(page);
	const char *bad;

	if (compound && folio_order((struct folio *)page) != order)
		return bad_page(page, "freed with another order than it has");
	for (unsigned long i = 0; i < 1UL << order; i++) {
		bad = page_bad_reason(page + i, compound ? page : page + i);
		if (bad)
			return bad_page(page + i, bad);
		*poisoned |= !!(page[i].flags.f & 1UL << PG_hwpoison);
	}
	for (unsigned long i = 0; i < 1UL << order; i++)
		reset_freed_page(page + i);
	if (compound)
		memset(&page[1].compound_info, 0,
		       offsetof(struct page, page_type) - offsetof(struct page, compound_info));
	return true;
}

void sim_page_lost(void)
{
	__atomic_fetch_add(&lost_pages, 1, __ATOMIC_RELAXED);
}

unsigned long sim_lost_pages(void)
{
	return lost_pages;
}

/* Frees the healthy pages of a block; nobody ever gets the others. */
static void free_healthy(struct zone *zone, struct free_lists *lists, struct page *page,
			 unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++) {
		if (page[i].flags.f & 1UL << PG_hwpoison)
			sim_page_lost();
		else
			buddy_free(zone, lists, page_to_pfn(page + i), 0);
	}
}

static void free_block(struct zone *zone, struct page *page, unsigned int order, bool poisoned)
{
	struct free_lists *lists = own_lists(zone);

	if (!lists) {
		sim_point(HOST_OP_RMW, zone);
		lists = &zone->lists;
	}
	mm_guard_lock(&buddy_guard);
	if (poisoned)
		free_healthy(zone, lists, page, order);
	else
		buddy_free(zone, lists, page_to_pfn(page), order);
	mm_guard_unlock(&buddy_guard);
}

/**
 * free_frozen_pages() - give back 2^@order pages without references.
 *
 * A page that is still in use in some way is reported and, like in the kernel, lost. A
 * poisoned page is kept away from everybody.
 */
noinline
void free_frozen_pages(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);
	struct zone *zone = page_zone(page);
	bool poisoned = false;

	sim_page_event(HOST_EVENT_PAGE_RELEASE, pfn, order);
	if (!free_pages_prepare(page, order, &poisoned))
		return;
	sim_mem_freeing(page_address(page), PAGE_SIZE << order);
	sim_mem_free(page_address(page), PAGE_SIZE << order);
	forbid_access(page, order);
	free_block(zone, page, order, poisoned);
	sim_page_event(HOST_EVENT_PAGE_FREE, pfn, order);
}

/** is_free_buddy_page() - is the page part of a free block? */
bool is_free_buddy_page(const struct page *page)
{
	return buddy_find(page_to_pfn(page));
}

/** take_page_off_buddy() - take one free page out of its block; false if it isn't free. */
bool take_page_off_buddy(struct page *page)
{
	struct zone *zone = page_zone(page);
	unsigned long pfn = page_to_pfn(page), head;
	struct free_lists *lists;
	struct page *block;
	unsigned int order;

	sim_point(HOST_OP_RMW, zone);
	mm_guard_lock(&buddy_guard);
	block = buddy_find(pfn);
	if (block) {
		order = buddy_order(block);
		lists = buddy_number(block) ? &sim_cpu_parts->pages[buddy_number(block)] :
						&zone->lists;
		head = page_to_pfn(block);
		buddy_remove(zone, lists, block, order);
		while (order--) {
			unsigned long half = head + (1UL << order);

			buddy_add(zone, lists, pfn_to_page(pfn < half ? half : head), order);
			head = pfn < half ? head : half;
		}
	}
	mm_guard_unlock(&buddy_guard);
	return block;
}

/** adjust_managed_page_count() - pages the allocator didn't know become its, allocated. */
void adjust_managed_page_count(struct page *page, long count)
{
	page_zone(page)->managed_pages += count;
}

unsigned long totalram_pages(void)
{
	return max_pfn;
}

unsigned long nr_free_pages(void)
{
	unsigned long total = 0;

	for (unsigned int nid = 0; nid < nr_node_ids; nid++)
		total += NODE_DATA(nid)->node_zones[0].nr_free;
	return total;
}

/* Pages that the allocator has given out or was told about and not got back. */
unsigned long sim_pages_in_use(void)
{
	unsigned long total = 0;

	for (unsigned int nid = 0; nid < nr_node_ids; nid++) {
		struct zone *zone = &NODE_DATA(nid)->node_zones[0];

		total += zone->managed_pages - zone->nr_free;
	}
	return total;
}

/** page_alloc_init() - empty zones; they grow when something is allocated. */
void page_alloc_init(void)
{
	unsigned long pages = max_pfn / nr_node_ids;

	for (unsigned int nid = 0; nid < nr_node_ids; nid++) {
		struct zone *zone = &NODE_DATA(nid)->node_zones[0];

		NODE_DATA(nid)->node_id = nid;
		zone->node = nid;
		zone->zone_start_pfn = nid * pages;
		zone->zone_end_pfn = (nid + 1) * pages;
		zone->grown_pfn = zone->zone_start_pfn;
		buddy_init(&zone->lists, 0);
	}
}
