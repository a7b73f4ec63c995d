// SPDX-License-Identifier: GPL-2.0
/*
 * Hardware errors in memory. Semantics: mm/memory-failure.c of Linux 7.3.
 *
 * Kernel promises: nobody gets a poisoned page any more. A free one is taken out of the
 *	allocator; one of the page cache is unmapped and its owner told; nothing can be done
 *	about the kernel's own.
 *	Soft offlining is for a page that may break soon: it is taken out of use, but what
 *	it holds lives on elsewhere.
 * Modelled: these, with the results of the kernel. A reference is kept, so that the page is
 *	never used again.
 * Left out: signals to processes.
 * Scheduling points: those of locks, flags and references.
 */

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/huge_mm.h>
#include <linux/list.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/printk.h>
#include <linux/rmap.h>
#include <linux/shmem_fs.h>

#include "internal.h"

static DEFINE_MUTEX(mf_mutex);

static const char *const action_name[] = {
	[MF_IGNORED] = "Ignored", [MF_FAILED] = "Failed", [MF_DELAYED] = "Delayed",
	[MF_RECOVERED] = "Recovered",
};

static int action_result(unsigned long pfn, const char *type, enum mf_result result)
{
	pr_err("Memory failure: %#lx: recovery action for %s: %s\n", pfn, type,
	       action_name[result]);
	return result == MF_RECOVERED || result == MF_DELAYED ? 0 : -EBUSY;
}

/* What only a page cache folio can be: on the LRU lists. */
static bool handlable(const struct page *page)
{
	const struct folio *folio = page_folio(page);

	return !folio_test_slab(folio) && folio_test_lru(folio);
}

/*
 * With a page cache folio's lock held: its owner does what it can. The kernel counts as
 * handled only what has left the page cache.
 */
static enum mf_result truncate_error_folio(struct folio *folio, struct address_space *mapping)
{
	int err;

	if (!mapping->a_ops->error_remove_folio)
		return mapping_evict_folio(mapping, folio) ? MF_RECOVERED : MF_FAILED;
	err = mapping->a_ops->error_remove_folio(mapping, folio);
	if (err) {
		pr_info("Memory failure: %#lx: Failed to punch page: %d\n", folio_pfn(folio), err);
		return MF_FAILED;
	}
	return filemap_release_folio(folio, GFP_NOIO) ? MF_RECOVERED : MF_FAILED;
}

static int handle_pagecache(unsigned long pfn, struct folio *folio)
{
	struct address_space *mapping;
	enum mf_result result = MF_FAILED;
	bool dirty;

	/* Our reference is kept for ever, whatever comes of it. */
	sim_page_lost();
	folio_lock(folio);
	dirty = folio_test_dirty(folio);
	if (folio_mapped(folio))
		try_to_unmap(folio, TTU_IGNORE_MLOCK | TTU_SYNC | TTU_HWPOISON);
	mapping = folio_mapping(folio);
	if (!mapping) {
		folio_unlock(folio);
		return action_result(pfn, "already truncated LRU page", MF_IGNORED);
	}
	/* Off the lists, so that nobody finds it there. */
	folio_clear_lru(folio);
	folio_clear_unevictable(folio);
	result = truncate_error_folio(folio, mapping);
	/*
	 * More than our own reference: somebody can still get at it. A file in memory keeps the
	 * folio, and tells whoever comes for it.
	 */
	if (folio_ref_count(folio) > 1 + shmem_mapping(mapping))
		result = MF_FAILED;
	folio_unlock(folio);
	return action_result(pfn, dirty ? "dirty LRU page" : "clean LRU page", result);
}

static int handle_free(unsigned long pfn, struct page *page)
{
	if (!take_page_off_buddy(page))
		return action_result(pfn, "high-order kernel page", MF_IGNORED);
	page_ref_inc(page);
	sim_page_lost();
	return action_result(pfn, "free buddy page", MF_RECOVERED);
}

static bool split_large(struct page *page, unsigned int new_order)
{
	int err;

	lock_page(page);
	err = split_huge_page_to_order(page, new_order);
	unlock_page(page);
	return !err;
}

/*
 * A large folio is split, so that only the broken page of it is given up. Our reference is
 * for that page then. False if it can't be: it stays in use.
 */
static bool split_poisoned(struct page *page, struct folio *folio)
{
	const unsigned int new_order = min_order_for_split(folio);

	folio_set_has_hwpoisoned(folio);
	return split_large(page, new_order) && !new_order;
}

/* Nobody uses it any more but the caller, who lets go of it: it is never used again. */
static void retire_page(struct page *page)
{
	SetPageHWPoison(page);
	put_page(page);
	page_ref_inc(page);
}

static int soft_offline_free(struct page *page)
{
	if (!take_page_off_buddy(page))
		return -EBUSY;
	SetPageHWPoison(page);
	page_ref_inc(page);
	sim_page_lost();
	return 0;
}

/* What is clean and not mapped can be had again from where it came from: no copy is made. */
static bool evict_folio(struct folio *folio)
{
	bool gone;

	folio_lock(folio);
	gone = mapping_evict_folio(folio_mapping(folio), folio);
	folio_unlock(folio);
	return gone;
}

/* The caller's reference is dropped. */
static int soft_offline_in_use(struct page *page)
{
	struct migration_target_control mtc = {
		.nid = NUMA_NO_NODE, .gfp_mask = GFP_USER | __GFP_RETRY_MAYFAIL,
		.reason = MR_MEMORY_FAILURE,
	};
	struct folio *folio = page_folio(page);
	LIST_HEAD(list);
	bool isolated;
	int err;

	if (folio_test_large(folio)) {
		if (min_order_for_split(folio) || !split_large(page, 0)) {
			put_page(page);
			return -EBUSY;
		}
		folio = page_folio(page);
	}
	if (evict_folio(folio)) {
		retire_page(page);
		return 0;
	}
	isolated = isolate_folio_to_list(folio, &list);
	folio_put(folio);
	if (!isolated)
		return -EBUSY;
	err = migrate_pages(&list, alloc_migration_target, NULL, (unsigned long)&mtc, MIGRATE_SYNC,
			    MR_MEMORY_FAILURE, NULL);
	if (!err)
		retire_page(page);
	else
		putback_movable_pages(&list);
	return err > 0 ? -EBUSY : err;
}

static int soft_offline(struct page *page, int flags)
{
	bool counted = flags & MF_COUNT_INCREASED;

	if (PageHWPoison(page)) {
		if (counted)
			put_page(page);
		return 0;
	}
	if (!counted && is_free_buddy_page(page))
		return soft_offline_free(page);
	if (!handlable(page) || (!counted && !folio_try_get(page_folio(page)))) {
		if (counted)
			put_page(page);
		return -EIO;
	}
	return soft_offline_in_use(page);
}

/**
 * soft_offline_page() - take a page out of use that still works.
 * @flags: MF_COUNT_INCREASED if the caller has a reference, which is dropped
 *
 * Context: may sleep; takes folio locks.
 * Return: 0; -EBUSY somebody uses it and can't be made to use another; -EIO the kernel does;
 * -ENOMEM; -ENXIO it isn't memory.
 */
int soft_offline_page(unsigned long pfn, int flags)
{
	struct page *page;
	int err = -ENXIO;

	mutex_lock(&mf_mutex);
	page = pfn_to_online_page(pfn);
	if (page)
		err = soft_offline(page, flags);
	mutex_unlock(&mf_mutex);
	return err;
}

static int handle_page(unsigned long pfn, struct page *page, int flags)
{
	struct folio *folio;

	if (TestSetPageHWPoison(page)) {
		if (flags & MF_COUNT_INCREASED)
			put_page(page);
		pr_err("Memory failure: %#lx: already hardware poisoned page\n", pfn);
		return -EHWPOISON;
	}
	if (!(flags & MF_COUNT_INCREASED)) {
		if (is_free_buddy_page(page))
			return handle_free(pfn, page);
		if (!page_count(page) && !PageSlab(page))
			return action_result(pfn, "high-order kernel page", MF_IGNORED);
		if (!handlable(page) || !folio_try_get(page_folio(page)))
			return action_result(pfn, "reserved kernel page", MF_IGNORED);
	} else if (!handlable(page)) {
		put_page(page);
		return action_result(pfn, "get hwpoison page", MF_IGNORED);
	}
	folio = page_folio(page);
	if (folio_test_large(folio) && !split_poisoned(page, folio)) {
		put_page(page);
		action_result(pfn, "unsplit thp", MF_FAILED);
		return -EHWPOISON;
	}
	return handle_pagecache(pfn, page_folio(page));
}

/**
 * memory_failure() - the page at @pfn is broken.
 * @flags: MF_*
 *
 * Context: may sleep; takes folio locks and whatever the mapping's owner takes.
 * Return: 0 if the page can't be used any more; -EBUSY if it still can, as for a folio that
 * stays in the page cache; -EHWPOISON if it was known, or is part of a large folio that
 * can't be split; -ENXIO if it isn't memory.
 */
int memory_failure(unsigned long pfn, int flags)
{
	struct page *page;
	int err = -ENXIO;

	mutex_lock(&mf_mutex);
	page = pfn_to_online_page(pfn);
	if (page)
		err = handle_page(pfn, page, flags);
	else
		pr_err("Memory failure: %#lx: memory outside kernel control\n", pfn);
	mutex_unlock(&mf_mutex);
	return err;
}

/** sim_memory_failure() - the machine found an error; see struct host_image. */
int sim_memory_failure(host_u64 pfn)
{
	return memory_failure(pfn, 0);
}
