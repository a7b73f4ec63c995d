/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_HIGHMEM_H
#define _LINUX_HIGHMEM_H

/*
 * Simulated: access to the contents of pages. All memory is in the direct map, so mapping
 * a page is computing its address.
 * Scheduling points: none in the kernel's own functions. Where programs, guests or other tasks may
 *	be at the same page, sim_page_contents() comes before.
 */

#include <linux/mm.h>
#include <linux/string.h>
#include <sim/sim.h>

/** sim_page_contents() - the contents of the page at @address are about to be accessed. */
static inline void sim_page_contents(const void *address, bool write)
{
	sim_point(write ? HOST_OP_WRITE : HOST_OP_READ, address);
}

static inline void *kmap_local_page(const struct page *page)
{
	return page_address(page);
}

static inline void *kmap_local_folio(const struct folio *folio, size_t offset)
{
	return folio_address(folio) + offset;
}

#define kmap(page)		page_address(page)
#define kunmap(page)		((void)(page))
#define kmap_atomic(page)	page_address(page)
#define kunmap_atomic(addr)	((void)(addr))
#define kunmap_local(addr)	((void)(addr))

void clear_page(void *page);
void copy_page(void *to, void *from);

static inline void clear_highpage(struct page *page)
{
	clear_page(page_address(page));
}

static inline void clear_user_highpage(struct page *page, unsigned long vaddr)
{
	clear_page(page_address(page));
}

static inline void copy_highpage(struct page *to, struct page *from)
{
	copy_page(page_address(to), page_address(from));
}

static inline void memcpy_from_page(char *to, struct page *page, size_t offset, size_t len)
{
	memcpy(to, page_address(page) + offset, len);
}

static inline void memcpy_to_page(struct page *page, size_t offset, const char *from, size_t len)
{
	memcpy(page_address(page) + offset, from, len);
}

static inline void memzero_page(struct page *page, size_t offset, size_t len)
{
	memset(page_address(page) + offset, 0, len);
}

static inline void folio_zero_range(struct folio *folio, size_t start, size_t length)
{
	void *at = folio_address(folio) + start;

	if (length >= SIM_ZERO_MIN && PAGE_ALIGNED(start | length))
		sim_zero(at, length);
	else
		memset(at, 0, length);
}

static inline void folio_zero_segments(struct folio *folio, size_t start1, size_t xend1,
				       size_t start2, size_t xend2)
{
	if (xend1 > start1)
		folio_zero_range(folio, start1, xend1 - start1);
	if (xend2 > start2)
		folio_zero_range(folio, start2, xend2 - start2);
}

static inline void folio_zero_segment(struct folio *folio, size_t start, size_t xend)
{
	folio_zero_range(folio, start, xend - start);
}

#endif /* _LINUX_HIGHMEM_H */
