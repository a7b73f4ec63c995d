// SPDX-License-Identifier: GPL-2.0
/*
 * The ways to ask for pages and to give them back, all of which end in page_alloc.c.
 * Semantics: mm/page_alloc.c and mm/mempolicy.c of Linux 7.3.
 */

#include <linux/bug.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "internal.h"

/**
 * alloc_pages_node() - 2^@order pages with one reference, on the first of them.
 * @nid: node to prefer, or NUMA_NO_NODE
 *
 * Return: the first page, or NULL.
 */
struct page *alloc_pages_node(int nid, gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_frozen_pages(gfp, order, nid);

	if (page)
		init_page_count(page);
	return page;
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	return alloc_pages_node(NUMA_NO_NODE, gfp, order);
}

/** __folio_alloc() - a folio of 2^@order pages with one reference, or NULL. */
struct folio *__folio_alloc(gfp_t gfp, unsigned int order, int nid, nodemask_t *nodemask)
{
	struct page *page = alloc_pages_node(nid, gfp | __GFP_COMP, order);

	sim_check(!nodemask, "allocation from a set of nodes isn't modelled");
	return (struct folio *)page;
}

struct folio *folio_alloc(gfp_t gfp, unsigned int order)
{
	return __folio_alloc(gfp, order, NUMA_NO_NODE, NULL);
}

struct folio *folio_alloc_mpol(gfp_t gfp, unsigned int order, struct mempolicy *mpol,
			       pgoff_t ilx, int nid)
{
	sim_check(!mpol, "mempolicies aren't modelled");
	return __folio_alloc(gfp, order, nid, NULL);
}

/**
 * __alloc_pages_bulk() - fill the empty places of an array with pages.
 *
 * Return: how many places from the first on are filled.
 */
unsigned long __alloc_pages_bulk(gfp_t gfp, int nid, nodemask_t *nodemask, int nr_pages,
				 struct page **page_array)
{
	int i;

	for (i = 0; i < nr_pages; i++) {
		if (page_array[i])
			continue;
		page_array[i] = alloc_pages_node(nid, gfp, 0);
		if (!page_array[i])
			break;
	}
	return i;
}

/** __get_free_pages() - address of 2^@order pages in the direct map, or 0. */
unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp & ~__GFP_HIGHMEM, order);

	return page ? (unsigned long)page_address(page) : 0;
}

unsigned long get_zeroed_page(gfp_t gfp)
{
	return __get_free_pages(gfp | __GFP_ZERO, 0);
}

/**
 * __free_pages() - drop a reference to what alloc_pages() returned.
 *
 * With the last one the pages are freed. If somebody else still has a reference to the
 * first page of a block that isn't compound, the others are freed now.
 */
void __free_pages(struct page *page, unsigned int order)
{
	bool head = PageHead(page);

	if (put_page_testzero(page)) {
		free_frozen_pages(page, order);
		return;
	}
	if (head)
		return;
	while (order-- > 0)
		free_frozen_pages(page + (1 << order), order);
}

void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		__free_pages(virt_to_page((void *)addr), order);
}

/** alloc_pages_exact_nid() - contiguous pages for @size bytes, not rounded up to a power. */
void *alloc_pages_exact_nid(int nid, size_t size, gfp_t gfp)
{
	unsigned int order = get_order(size);
	unsigned long nr = PAGE_ALIGN(size) >> PAGE_SHIFT;
	struct page *page;

	if (WARN_ON_ONCE(gfp & (__GFP_COMP | __GFP_HIGHMEM)))
		gfp &= ~(__GFP_COMP | __GFP_HIGHMEM);
	page = alloc_pages_node(nid, gfp, order);
	if (!page)
		return NULL;
	split_page(page, order);
	for (unsigned long i = nr; i < 1UL << order; i++)
		__free_page(page + i);
	return page_address(page);
}

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	return alloc_pages_exact_nid(NUMA_NO_NODE, size, gfp);
}

void free_pages_exact(void *virt, size_t size)
{
	for (size_t offset = 0; offset < PAGE_ALIGN(size); offset += PAGE_SIZE)
		free_page((unsigned long)virt + offset);
}

/** free_reserved_page() - a page that was reserved at boot becomes an ordinary free one. */
void free_reserved_page(struct page *page)
{
	__ClearPageReserved(page);
	init_page_count(page);
	adjust_managed_page_count(page, 1);
	__free_page(page);
}

unsigned long free_reserved_area(void *start, void *end, int poison, const char *s)
{
	unsigned long pages = 0;

	for (void *pos = start; pos < end; pos += PAGE_SIZE, pages++) {
		if (poison >= 0)
			memset(pos, poison, PAGE_SIZE);
		free_reserved_page(virt_to_page(pos));
	}
	return pages;
}

void clear_page(void *page)
{
	memset(page, 0, PAGE_SIZE);
}

void copy_page(void *to, void *from)
{
	memcpy(to, from, PAGE_SIZE);
}
