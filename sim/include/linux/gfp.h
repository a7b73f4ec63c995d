/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_GFP_H
#define __LINUX_GFP_H

/*
 * Simulated: the page allocator's interface, as include/linux/gfp.h of Linux 7.3.
 * mm/page_alloc.c says what is modelled.
 */

#include <linux/cleanup.h>
#include <linux/gfp_types.h>
#include <linux/mmzone.h>
#include <linux/numa.h>

struct folio;
struct mempolicy;
struct page;

extern gfp_t gfp_allowed_mask;

/* Optional arguments of the *_obj() macros: GFP_KERNEL unless one is given. */
#define __default_gfp(a, ...)	a
#define default_gfp(...)	__default_gfp(__VA_ARGS__ __VA_OPT__(,) GFP_KERNEL)

static inline bool gfpflags_allow_blocking(const gfp_t gfp)
{
	return !!(gfp & __GFP_DIRECT_RECLAIM);
}

static inline bool gfp_has_flags(gfp_t gfp, gfp_t flags)
{
	return (gfp & flags) == flags;
}

struct page *alloc_pages_node(int nid, gfp_t gfp, unsigned int order);
struct page *alloc_pages(gfp_t gfp, unsigned int order);
struct folio *__folio_alloc(gfp_t gfp, unsigned int order, int nid, nodemask_t *nodemask);
struct folio *folio_alloc(gfp_t gfp, unsigned int order);
struct folio *folio_alloc_mpol(gfp_t gfp, unsigned int order, struct mempolicy *mpol,
			       pgoff_t ilx, int nid);
unsigned long __alloc_pages_bulk(gfp_t gfp, int nid, nodemask_t *nodemask, int nr_pages,
				 struct page **page_array);
unsigned long __get_free_pages(gfp_t gfp, unsigned int order);
unsigned long get_zeroed_page(gfp_t gfp);
void *alloc_pages_exact(size_t size, gfp_t gfp);
void *alloc_pages_exact_nid(int nid, size_t size, gfp_t gfp);
void free_pages_exact(void *virt, size_t size);
void __free_pages(struct page *page, unsigned int order);
void free_pages(unsigned long addr, unsigned int order);

#define alloc_page(gfp)			alloc_pages(gfp, 0)
#define __folio_alloc_node(gfp, order, nid)	__folio_alloc(gfp, order, nid, NULL)
#define __get_free_page(gfp)		__get_free_pages((gfp), 0)
#define __free_page(page)		__free_pages((page), 0)
#define free_page(addr)			free_pages((addr), 0)
#define alloc_pages_bulk(gfp, nr, array)						\
	__alloc_pages_bulk(gfp, numa_mem_id(), NULL, nr, array)
#define alloc_pages_bulk_node(gfp, nid, nr, array)					\
	__alloc_pages_bulk(gfp, nid, NULL, nr, array)

DEFINE_FREE(free_page, void *, free_page((unsigned long)_T))

#endif /* __LINUX_GFP_H */
