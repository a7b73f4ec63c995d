/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PAGE_FLAGS_H
#define PAGE_FLAGS_H

/*
 * Simulated: page flags, as include/linux/page-flags.h of Linux 7.3.
 *
 * Kernel promises: flags change atomically unless the function's name begins with __.
 * Modelled: all flags that a page cache folio, a slab page or a reserved page can have, and
 *	page types for free and slab pages. A flag of a tail page is that of its head, except
 *	hwpoison, which each page has for itself.
 * Left out: flags of writeback, LRU ageing and file systems with private data, unless a
 *	file of the kernel names them.
 * Scheduling points: each test and each change, except changes whose name begins with __.
 */

#include <linux/bug.h>
#include <linux/mm_types.h>
#include <linux/mmdebug.h>
#include <sim/sim.h>

enum pageflags {
	PG_locked,
	PG_writeback,
	PG_referenced,
	PG_uptodate,
	PG_dirty,
	PG_lru,
	PG_head,
	PG_waiters,
	PG_active,
	PG_workingset,
	PG_owner_priv_1,
	PG_owner_2,
	PG_arch_1,
	PG_reserved,
	PG_private,
	PG_private_2,
	PG_reclaim,
	PG_swapbacked,
	PG_unevictable,
	PG_dropbehind,
	PG_mlocked,
	PG_hwpoison,
	__NR_PAGEFLAGS,

	PG_swapcache = PG_owner_priv_1,
	PG_checked = PG_owner_priv_1,
	PG_mappedtodisk = PG_owner_2,
	PG_has_hwpoisoned = PG_active,
	PG_large_rmappable = PG_workingset,
};

#define NR_PAGEFLAGS	__NR_PAGEFLAGS

/* Flags that must be clear when a page is freed: somebody still uses it otherwise. */
#define PAGE_FLAGS_CHECK_AT_FREE							\
	(1UL << PG_locked | 1UL << PG_writeback | 1UL << PG_lru | 1UL << PG_private |	\
	 1UL << PG_private_2 | 1UL << PG_reserved | 1UL << PG_active |			\
	 1UL << PG_unevictable | 1UL << PG_mlocked)

#define SIM_PAGE_NODE_SHIFT	56

/*
 * The memory model finds a page's head by the pointer in its tail pages. In others a list may
 * be there, and change meanwhile: its pointers are even, whichever of them is seen.
 */
static inline unsigned long _compound_head(const struct page *page)
{
	unsigned long info = data_race(__atomic_load_n(&page->compound_info, __ATOMIC_RELAXED));

	return info & 1 ? info - 1 : (unsigned long)page;
}

#define compound_head(page)	((typeof(page))_compound_head(page))

#define page_folio(p)		(_Generic((p),						\
	const struct page *:	(const struct folio *)_compound_head(p),		\
	struct page *:		(struct folio *)_compound_head(p)))

#define folio_page(folio, n)	(&(folio)->page + (n))

static inline void set_compound_head(struct page *tail, const struct page *head,
				     unsigned int order)
{
	tail->compound_info = (unsigned long)head | 1;
}

static inline void clear_compound_head(struct page *page)
{
	page->compound_info = 0;
}

static inline int PageTail(const struct page *page)
{
	return data_race(__READ_ONCE(page->compound_info)) & 1;
}

static inline bool sim_flag_test(int bit, const unsigned long *flags)
{
	sim_point(HOST_OP_READ, flags);
	return (__atomic_load_n(flags, __ATOMIC_RELAXED) >> bit) & 1;
}

static inline void sim_flag_set(int bit, unsigned long *flags)
{
	sim_point(HOST_OP_RMW, flags);
	__atomic_fetch_or(flags, 1UL << bit, __ATOMIC_RELAXED);
}

static inline void sim_flag_clear(int bit, unsigned long *flags)
{
	sim_point(HOST_OP_RMW, flags);
	__atomic_fetch_and(flags, ~(1UL << bit), __ATOMIC_RELAXED);
}

static inline bool sim_flag_test_set(int bit, unsigned long *flags)
{
	sim_point(HOST_OP_RMW, flags);
	return (__atomic_fetch_or(flags, 1UL << bit, __ATOMIC_SEQ_CST) >> bit) & 1;
}

static inline bool sim_flag_test_clear(int bit, unsigned long *flags)
{
	sim_point(HOST_OP_RMW, flags);
	return (__atomic_fetch_and(flags, ~(1UL << bit), __ATOMIC_SEQ_CST) >> bit) & 1;
}

/* @off is the page of the folio that holds the flag: 0 is the head. */
#define SIM_FOLIO_FLAG(name, bit, off)							\
static inline bool folio_test_##name(const struct folio *folio)				\
{ return sim_flag_test(bit, &(&folio->page)[off].flags.f); }				\
static inline void folio_set_##name(struct folio *folio)				\
{ sim_flag_set(bit, &(&folio->page)[off].flags.f); }					\
static inline void folio_clear_##name(struct folio *folio)				\
{ sim_flag_clear(bit, &(&folio->page)[off].flags.f); }					\
static inline void __folio_set_##name(struct folio *folio)				\
{ (&folio->page)[off].flags.f |= 1UL << (bit); }					\
static inline void __folio_clear_##name(struct folio *folio)				\
{ (&folio->page)[off].flags.f &= ~(1UL << (bit)); }

#define SIM_FOLIO_TESTSET(name, bit)							\
static inline bool folio_test_set_##name(struct folio *folio)				\
{ return sim_flag_test_set(bit, &folio->flags.f); }						\
static inline bool folio_test_clear_##name(struct folio *folio)				\
{ return sim_flag_test_clear(bit, &folio->flags.f); }

#define SIM_PAGE_FLAG(uname, lname)							\
static inline int Page##uname(const struct page *page)					\
{ return folio_test_##lname(page_folio(page)); }					\
static inline void SetPage##uname(struct page *page)					\
{ folio_set_##lname(page_folio(page)); }						\
static inline void ClearPage##uname(struct page *page)					\
{ folio_clear_##lname(page_folio(page)); }

SIM_FOLIO_FLAG(waiters, PG_waiters, 0)
SIM_FOLIO_FLAG(referenced, PG_referenced, 0)
SIM_FOLIO_TESTSET(referenced, PG_referenced)
SIM_FOLIO_FLAG(dirty, PG_dirty, 0)
SIM_FOLIO_TESTSET(dirty, PG_dirty)
SIM_FOLIO_FLAG(lru, PG_lru, 0)
SIM_FOLIO_TESTSET(lru, PG_lru)
SIM_FOLIO_FLAG(active, PG_active, 0)
SIM_FOLIO_FLAG(workingset, PG_workingset, 0)
SIM_FOLIO_FLAG(reserved, PG_reserved, 0)
SIM_FOLIO_FLAG(private, PG_private, 0)
SIM_FOLIO_FLAG(swapbacked, PG_swapbacked, 0)
SIM_FOLIO_FLAG(unevictable, PG_unevictable, 0)
SIM_FOLIO_FLAG(writeback, PG_writeback, 0)
SIM_FOLIO_FLAG(mlocked, PG_mlocked, 0)
SIM_FOLIO_FLAG(hwpoison, PG_hwpoison, 0)
SIM_FOLIO_FLAG(has_hwpoisoned, PG_has_hwpoisoned, 1)

SIM_PAGE_FLAG(Dirty, dirty)
SIM_PAGE_FLAG(Referenced, referenced)
SIM_PAGE_FLAG(LRU, lru)
SIM_PAGE_FLAG(Private, private)
SIM_PAGE_FLAG(SwapBacked, swapbacked)

/* There is no swap. */
static inline bool folio_test_swapcache(const struct folio *folio)
{
	return false;
}

static inline bool folio_test_anon(const struct folio *folio)
{
	return false;
}

static inline bool folio_test_ksm(const struct folio *folio)
{
	return false;
}

/* The lock knows its owner: see mm/folio_lock.c for taking and releasing it. */
static inline bool folio_test_locked(const struct folio *folio)
{
	return sim_flag_test(PG_locked, &folio->flags.f);
}

static inline int PageLocked(const struct page *page)
{
	return folio_test_locked(page_folio(page));
}

/** __folio_set_locked() - take the lock of a folio that nobody else can see. */
void __folio_set_locked(struct folio *folio);
void __folio_clear_locked(struct folio *folio);

/* Uptodate orders the contents before the flag, so it has functions of its own. */
static inline bool folio_test_uptodate(const struct folio *folio)
{
	bool uptodate = sim_flag_test(PG_uptodate, &folio->flags.f);

	if (uptodate)
		smp_rmb();
	return uptodate;
}

static inline void __folio_mark_uptodate(struct folio *folio)
{
	smp_wmb();
	folio->flags.f |= 1UL << PG_uptodate;
}

static inline void folio_mark_uptodate(struct folio *folio)
{
	smp_wmb();
	sim_flag_set(PG_uptodate, &folio->flags.f);
}

static inline void folio_clear_uptodate(struct folio *folio)
{
	sim_flag_clear(PG_uptodate, &folio->flags.f);
}

static inline int PageUptodate(const struct page *page)
{
	return folio_test_uptodate(page_folio(page));
}

static inline void SetPageUptodate(struct page *page)
{
	folio_mark_uptodate(page_folio(page));
}

/* Flags that belong to the page itself. */
static inline int PageHWPoison(const struct page *page)
{
	return sim_flag_test(PG_hwpoison, &page->flags.f);
}

static inline void SetPageHWPoison(struct page *page)
{
	sim_flag_set(PG_hwpoison, &page->flags.f);
}

static inline void ClearPageHWPoison(struct page *page)
{
	sim_flag_clear(PG_hwpoison, &page->flags.f);
}

static inline bool TestSetPageHWPoison(struct page *page)
{
	return sim_flag_test_set(PG_hwpoison, &page->flags.f);
}

static inline bool TestClearPageHWPoison(struct page *page)
{
	return sim_flag_test_clear(PG_hwpoison, &page->flags.f);
}

/* For bits that nobody changes while others look. */
static inline unsigned long sim_flags_peek(const struct page *page)
{
	return __atomic_load_n(&page->flags.f, __ATOMIC_RELAXED);
}

static inline int PageReserved(const struct page *page)
{
	return (sim_flags_peek(page) >> PG_reserved) & 1;
}

static inline void __SetPageReserved(struct page *page)
{
	page->flags.f |= 1UL << PG_reserved;
}

static inline void __ClearPageReserved(struct page *page)
{
	page->flags.f &= ~(1UL << PG_reserved);
}

static inline int PageHead(const struct page *page)
{
	return (sim_flags_peek(page) >> PG_head) & 1;
}

static inline void __SetPageHead(struct page *page)
{
	page->flags.f |= 1UL << PG_head;
}

static inline void __ClearPageHead(struct page *page)
{
	page->flags.f &= ~(1UL << PG_head);
}

static inline int PageCompound(const struct page *page)
{
	return PageHead(page) || PageTail(page);
}

static inline bool folio_test_head(const struct folio *folio)
{
	return PageHead(&folio->page);
}

static inline bool folio_test_large(const struct folio *folio)
{
	return folio_test_head(folio);
}

static inline bool folio_contain_hwpoisoned_page(struct folio *folio)
{
	return folio_test_hwpoison(folio) ||
	       (folio_test_large(folio) && folio_test_has_hwpoisoned(folio));
}

/* Page types: what a page that isn't part of a folio of a user is. Linux's values. */
enum pagetype {
	PGTY_buddy	= 0xf0,
	PGTY_slab	= 0xf5,
	PGTY_large_kmalloc = 0xf8,
};

static inline bool page_has_type(const struct page *page)
{
	return page->page_type != -1U && (page->page_type >> 24) >= PGTY_buddy;
}

#define SIM_PAGE_TYPE(uname, lname)							\
static inline int Page##uname(const struct page *page)					\
{ return data_race(page->page_type >> 24) == PGTY_##lname; }	\
static inline void __SetPage##uname(struct page *page)					\
{ page->page_type = (unsigned int)PGTY_##lname << 24; }					\
static inline void __ClearPage##uname(struct page *page)				\
{ page->page_type = -1U; }

SIM_PAGE_TYPE(Buddy, buddy)
SIM_PAGE_TYPE(Slab, slab)
SIM_PAGE_TYPE(LargeKmalloc, large_kmalloc)

static inline bool folio_test_slab(const struct folio *folio)
{
	return PageSlab(&folio->page);
}

static inline bool folio_test_buddy(const struct folio *folio)
{
	return PageBuddy(&folio->page);
}

#endif /* PAGE_FLAGS_H */
