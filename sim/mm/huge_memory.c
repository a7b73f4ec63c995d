// SPDX-License-Identifier: GPL-2.0
/*
 * Splitting large folios. Semantics: mm/huge_memory.c of Linux 7.3.
 *
 * Kernel promises: a large folio of the page cache that nobody but the cache and the caller
 *	has a reference to becomes several smaller ones, at the same places of the file and
 *	of memory; with any other reference, a pin for example, nothing changes. What lies
 *	behind the end of the file leaves the cache.
 * Modelled: that, into equal folios or around a page; flags are inherited; mappings of user
 *	space go and are faulted in again.
 * Left out: anonymous folios, huge page table entries, putting the new folios on a list,
 *	folios with private data.
 * Scheduling points: those of locks and of references, up to the moment in which the folio
 *	is frozen. From then on there is none until it is split: who looks it up finds the
 *	one folio or the new ones.
 */

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/huge_mm.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/shmem_fs.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "internal.h"

/* What a new folio has in common with the one that it was a part of. */
#define INHERITED_FLAGS									\
	(1UL << PG_referenced | 1UL << PG_swapbacked | 1UL << PG_mlocked |		\
	 1UL << PG_uptodate | 1UL << PG_active | 1UL << PG_workingset |			\
	 1UL << PG_locked | 1UL << PG_unevictable | 1UL << PG_dirty |			\
	 1UL << PG_dropbehind | 1UL << PG_lru)

/**
 * struct split - what is being done.
 * @folio:     the folio, locked; becomes the first of the new ones
 * @new_order: what to end with
 * @at:        page around which to split: folios get smaller towards it
 * @type:      into equal folios, or around @at
 * @mapping:   its page cache
 * @xas:       the folio's place there
 * @dropped:   pages that left the cache, as they are behind the end of the file
 */
struct split {
	struct folio *folio;
	unsigned int new_order;
	struct page *at;
	enum split_type type;
	struct address_space *mapping;
	struct xa_state *xas;
	long dropped;
};

/**
 * folio_check_splittable() - whether a locked large folio is of a kind that can be split.
 *
 * Return: 0; -EBUSY it has just left the page cache, or is being written back.
 */
int folio_check_splittable(struct folio *folio, unsigned int new_order,
			   enum split_type split_type)
{
	WARN_ON(!folio_test_locked(folio));
	if (!folio->mapping || folio_test_writeback(folio))
		return -EBUSY;
	return 0;
}

/** min_order_for_split() - the smallest order that the folio's file allows. */
unsigned int min_order_for_split(struct folio *folio)
{
	return folio->mapping ? mapping_min_folio_order(folio->mapping) : 0;
}

static bool range_is_poisoned(const struct page *page, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++)
		if (page[i].flags.f & 1UL << PG_hwpoison)
			return true;
	return false;
}

static void mark_if_poisoned(struct folio *folio, unsigned int order)
{
	if (order && range_is_poisoned(&folio->page, 1UL << order))
		__folio_set_has_hwpoisoned(folio);
}

/* A tail page becomes a folio of its own, without references so far. */
static void make_folio(struct folio *from, unsigned long i, unsigned int order, bool poisoned)
{
	struct page *page = &from->page + i;
	struct folio *folio = (struct folio *)page;
	unsigned long own = ~((1UL << NR_PAGEFLAGS) - 1) | 1UL << PG_hwpoison;

	/* Read without a scheduling point, as all is here. */
	VM_BUG_ON_PAGE(page->_mapcount.counter != -1, page);
	page->flags.f = (page->flags.f & own) | (from->flags.f & INHERITED_FLAGS);
	memset(&page->compound_info, 0,
	       offsetof(struct page, page_type) - offsetof(struct page, compound_info));
	page->memcg_data = 0;
	folio->mapping = from->mapping;
	folio->index = from->index + i;
	if (order)
		prep_compound_page(page, order);
	if (poisoned)
		mark_if_poisoned(folio, order);
}

/* The folio keeps the first of its pages only. */
static void shorten_folio(struct folio *folio, unsigned int order)
{
	if (!order) {
		__ClearPageHead(&folio->page);
		return;
	}
	folio->_flags_1 = (folio->_flags_1 & ~0xffUL) | order;
	folio->_nr_pages = 1U << order;
}

/* One folio of @old_order becomes several of @order; the array knows it already. */
static void split_to_order(struct folio *folio, unsigned int old_order, unsigned int order)
{
	bool poisoned = folio->_flags_1 & 1UL << PG_has_hwpoisoned;

	__folio_clear_has_hwpoisoned(folio);
	for (unsigned long i = 1UL << order; i < 1UL << old_order; i += 1UL << order)
		make_folio(folio, i, order, poisoned);
	shorten_folio(folio, order);
	if (poisoned)
		mark_if_poisoned(folio, order);
}

/* With the folio frozen. -ENOMEM: it is split in part, into larger folios than asked for. */
static int split_frozen(const struct split *split)
{
	unsigned int old_order = folio_order(split->folio);
	unsigned int order = split->type == SPLIT_TYPE_UNIFORM ? split->new_order : old_order - 1;
	struct folio *folio = split->folio;

	for (;; order--) {
		xas_set_order(split->xas, folio->index, order);
		xas_try_split(split->xas, folio, old_order);
		if (xas_error(split->xas))
			return xas_error(split->xas);
		split_to_order(folio, old_order, order);
		if (order == split->new_order)
			return 0;
		folio = page_folio(split->at);
		old_order = order;
	}
}

/* Every new folio but the first gets its references and its place. No scheduling point. */
static void publish(const struct split *split, const struct folio *end)
{
	struct folio *folio = split->folio;

	for (folio = folio_next(folio); folio != end; folio = folio_next(folio)) {
		set_page_count(&folio->page, folio_nr_pages(folio) + 1);
		__xa_store(&split->mapping->i_pages, folio->index, folio, 0);
	}
	set_page_count(&split->folio->page, folio_nr_pages(split->folio) + 1);
}

/* With the array locked: folios behind the end of the file leave it. */
static void drop_beyond(struct split *split, const struct folio *end, pgoff_t size)
{
	struct folio *folio = split->folio;

	for (folio = folio_next(folio); folio != end; folio = folio_next(folio)) {
		if (folio->index < size)
			continue;
		folio_clear_dirty(folio);
		split->dropped += folio_nr_pages(folio);
		__filemap_remove_folio(folio, NULL);
		folio_put_refs(folio, folio_nr_pages(folio));
	}
}

static void at_lock(const struct page *page, enum host_op op)
{
	/* What has become a folio is unlocked as such. */
	if (op == HOST_OP_ACQUIRE || PageTail(page))
		sim_point(op, page);
}

/*
 * Announces the lock of each folio that is to be: new ones are born locked, in the middle of what
 * must have no scheduling point. Or the end of it, for those that have not come to be.
 */
static void at_new_locks(const struct split *split, unsigned int old_order, enum host_op op)
{
	struct page *page = &split->folio->page;
	unsigned long size = 1UL << split->new_order;

	if (split->type == SPLIT_TYPE_UNIFORM) {
		for (unsigned long i = size; i < 1UL << old_order; i += size)
			at_lock(page + i, op);
		return;
	}
	for (unsigned long half = 1UL << old_order >> 1; half >= size && half; half >>= 1) {
		at_lock(page + half, op);
		page += split->at - page >= (long)half ? half : 0;
	}
}

static int freeze_and_split(struct split *split, const struct folio *end, pgoff_t size)
{
	unsigned int old_order = folio_order(split->folio);
	int err;

	if (xas_load(split->xas) != split->folio)
		return -EAGAIN;
	if (!folio_ref_freeze(split->folio, folio_nr_pages(split->folio) + 1))
		return -EAGAIN;
	err = split_frozen(split);
	publish(split, end);
	if (folio_order(split->folio) != old_order)
		sim_value_event(HOST_EVENT_FOLIO_SPLIT, folio_pfn(split->folio), old_order,
				split->new_order);
	drop_beyond(split, end, size);
	return err;
}

/* All but the one that the caller keeps are unlocked, and lose their reference. */
static void release_others(const struct split *split, const struct folio *end,
			   const struct page *lock_at)
{
	struct folio *next;

	for (struct folio *folio = split->folio; folio != end; folio = next) {
		next = folio_next(folio);
		/* This task is noted as the owner only now. */
		if (folio != split->folio)
			sim_folio_born_locked(folio);
		if (folio == page_folio(lock_at))
			continue;
		folio_unlock(folio);
		folio_put(folio);
	}
}

static int prepare(struct split *split)
{
	struct folio *folio = split->folio;
	int err;

	if (split->new_order >= folio_order(folio))
		return -EINVAL;
	err = folio_check_splittable(folio, split->new_order, split->type);
	if (err)
		return err;
	if (split->new_order < min_order_for_split(folio))
		return -EINVAL;
	if (!filemap_release_folio(folio, 0))
		return -EBUSY;
	/* What is not equal in the end may lack memory halfway, and stays larger then. */
	if (split->type != SPLIT_TYPE_UNIFORM)
		return 0;
	xas_set_order(split->xas, folio->index, split->new_order);
	xas_split_alloc(split->xas, folio, folio_order(folio),
			mapping_gfp_mask(split->mapping) & GFP_KERNEL);
	return xas_error(split->xas);
}

static int split_locked(struct split *split, const struct page *lock_at)
{
	struct folio *folio = split->folio;
	struct folio *end = folio_next(folio);
	struct inode *inode = split->mapping->host;
	pgoff_t size = DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE);
	unsigned int old_order = folio_order(folio);
	int err;

	if (shmem_mapping(split->mapping))
		size = shmem_fallocend(inode, size);

	/* It may change, but looking now spares the programs a fault if it is in vain. */
	if (folio_expected_ref_count(folio) != folio_ref_count(folio) - 1)
		return -EAGAIN;
	try_to_unmap(folio, TTU_SYNC);
	at_new_locks(split, old_order, HOST_OP_ACQUIRE);
	xas_lock(split->xas);
	xas_reset(split->xas);
	err = freeze_and_split(split, end, size);
	xas_unlock(split->xas);
	if (err)
		at_new_locks(split, old_order, HOST_OP_RELEASE);
	if (split->dropped && shmem_mapping(split->mapping))
		shmem_uncharge(inode, split->dropped);
	release_others(split, end, lock_at);
	return err;
}

/* @lock_at: the caller keeps the lock of, and the reference to, the folio of this page. */
static int __folio_split(struct folio *folio, unsigned int new_order, struct page *split_at,
			 struct page *lock_at, struct list_head *list, enum split_type type)
{
	XA_STATE(xas, NULL, 0);
	struct split split = {
		.folio = folio, .new_order = new_order, .at = split_at, .type = type,
		.mapping = folio->mapping, .xas = &xas,
	};
	int err;

	WARN_ON(!folio_test_locked(folio));
	sim_check(!list, "putting the parts of a split folio on a list isn't modelled");
	if (!folio_test_large(folio) || folio != page_folio(split_at))
		return -EINVAL;
	if (split.mapping)
		xas = (struct xa_state)__XA_STATE(&split.mapping->i_pages, folio->index, 0);
	err = prepare(&split);
	if (!err)
		err = split_locked(&split, lock_at);
	if (split.mapping)
		xas_destroy(&xas);
	return err;
}

/**
 * folio_split() - split a locked large folio of the page cache around a page.
 * @new_order: order of the folio that has @split_at; the others are as large as they can be
 *
 * The caller has one reference. It keeps that, and the lock, for the first of the folios.
 * Context: may sleep.
 * Return: 0; -EAGAIN somebody else has a reference; -EBUSY it isn't in a page cache any
 * more; -EINVAL the file doesn't allow that order; -ENOMEM, and it may be split in part.
 */
int folio_split(struct folio *folio, unsigned int new_order, struct page *split_at,
		struct list_head *list)
{
	return __folio_split(folio, new_order, split_at, &folio->page, list,
			     SPLIT_TYPE_NON_UNIFORM);
}

/** __split_huge_page_to_list_to_order() - the same into equal folios; @page stays locked. */
int __split_huge_page_to_list_to_order(struct page *page, struct list_head *list,
				       unsigned int new_order)
{
	struct folio *folio = page_folio(page);

	return __folio_split(folio, new_order, &folio->page, page, list, SPLIT_TYPE_UNIFORM);
}

/** split_folio_to_list() - the same into single pages. */
int split_folio_to_list(struct folio *folio, struct list_head *list)
{
	return __split_huge_page_to_list_to_order(&folio->page, list, 0);
}
