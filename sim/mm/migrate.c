// SPDX-License-Identifier: GPL-2.0
/*
 * Moving folios to other memory. Semantics: mm/migrate.c of Linux 7.3.
 *
 * Kernel promises: an isolated folio that only its page cache, page tables and the caller
 *	refer to is copied, and the copy takes its place in the page cache; with any other
 *	reference, a pin for example, it stays (-EAGAIN), and so do folios of files that say
 *	so (-EOPNOTSUPP for inaccessible ones, or what their migrate_folio() returns).
 * Modelled: that, with the retries, for the page cache. Nobody migrates by himself here:
 *	there is no compaction, and no memory policy that changes.
 * Left out: anonymous folios and migration entries: who faults meanwhile finds the copy,
 *	locked. Large folios are not split when there is no memory for a copy as large.
 * Scheduling points: those of locks, references and allocation; none while the folio is
 *	frozen, see mm/huge_memory.c.
 */

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/memcontrol.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/swap.h>
#include <linux/xarray.h>

#include "internal.h"

#define NR_MAX_MIGRATE_PAGES_RETRY	10

/**
 * struct migration - what is being done, as asked of migrate_pages().
 * @failed: folios that can't be migrated, to be given back to the caller
 */
struct migration {
	new_folio_t *get_new_folio;
	free_folio_t *put_new_folio;
	unsigned long private;
	enum migrate_mode mode;
	enum migrate_reason reason;
	struct list_head failed;
	unsigned int succeeded;
};

/** isolate_folio_to_list() - take a folio off the LRU lists, with a reference; or false. */
bool isolate_folio_to_list(struct folio *folio, struct list_head *list)
{
	if (!folio_isolate_lru(folio))
		return false;
	list_add(&folio->lru, list);
	return true;
}

/** putback_movable_pages() - undo isolate_folio_to_list() of all that is on the list. */
void putback_movable_pages(struct list_head *list)
{
	struct folio *folio, *next;

	list_for_each_entry_safe(folio, next, list, lru) {
		list_del(&folio->lru);
		folio_putback_lru(folio);
	}
}

/** alloc_migration_target() - a new_folio_t; @private is a struct migration_target_control. */
struct folio *alloc_migration_target(struct folio *src, unsigned long private)
{
	const struct migration_target_control *mtc =
		(const struct migration_target_control *)private;
	int nid = mtc->nid == NUMA_NO_NODE ? folio_nid(src) : mtc->nid;

	return __folio_alloc(mtc->gfp_mask, folio_order(src), nid, mtc->nmask);
}

/** folio_migrate_flags() - the copy gets what is known about the contents. */
void folio_migrate_flags(struct folio *newfolio, struct folio *folio)
{
	if (folio_test_referenced(folio))
		folio_set_referenced(newfolio);
	if (folio_test_uptodate(folio))
		folio_mark_uptodate(newfolio);
	if (folio_test_unevictable(folio)) {
		folio_clear_unevictable(folio);
		folio_set_unevictable(newfolio);
	}
	if (folio_test_workingset(folio))
		folio_set_workingset(newfolio);
	if (folio_test_dirty(folio))
		folio_set_dirty(newfolio);
	folio->private = NULL;
}

/* With the array locked and the old folio frozen. */
static void replace(struct address_space *mapping, struct folio *newfolio, struct folio *folio,
		    int expected_count)
{
	unsigned long carried = folio->flags.f & (1UL << PG_swapbacked | 1UL << PG_dirty);
	long nr = folio_nr_pages(folio);

	newfolio->index = folio->index;
	newfolio->mapping = mapping;
	set_page_count(&newfolio->page, sim_ref_peek(&newfolio->page) + nr);
	newfolio->flags.f |= carried;
	folio->flags.f &= ~(1UL << PG_dirty);
	__xa_store(&mapping->i_pages, folio->index, newfolio, 0);
	/* The caller's own reference is left. */
	set_page_count(&folio->page, expected_count - nr);
}

/**
 * folio_migrate_mapping() - put a locked folio in the place of another in the page cache.
 * @extra_count: references of the caller besides the one
 *
 * Context: both are locked, the old one is not mapped.
 * Return: 0, -EAGAIN somebody has a reference to the old folio.
 */
int folio_migrate_mapping(struct address_space *mapping, struct folio *newfolio,
			  struct folio *folio, int extra_count)
{
	int expected_count = folio_expected_ref_count(folio) + extra_count + 1;
	bool frozen;

	if (folio_ref_count(folio) != expected_count)
		return -EAGAIN;
	sim_check(mapping, "migrating what is in no page cache isn't modelled");
	xa_lock_irq(&mapping->i_pages);
	frozen = folio_ref_freeze(folio, expected_count);
	if (frozen) {
		replace(mapping, newfolio, folio, expected_count);
		sim_value_event(HOST_EVENT_FOLIO_MIGRATED, folio_pfn(folio), folio_order(folio),
				folio_pfn(newfolio));
	}
	xa_unlock_irq(&mapping->i_pages);
	return frozen ? 0 : -EAGAIN;
}

static void copy_folio(struct folio *dst, struct folio *src)
{
	for (long i = 0; i < folio_nr_pages(src); i++)
		copy_page(page_address(folio_page(dst, i)), page_address(folio_page(src, i)));
}

/**
 * migrate_folio() - the &address_space_operations.migrate_folio of files whose folios are
 * nothing but their contents.
 *
 * Return: as folio_migrate_mapping().
 */
int migrate_folio(struct address_space *mapping, struct folio *dst, struct folio *src,
		  enum migrate_mode mode)
{
	int err;

	BUG_ON(folio_test_writeback(src));
	if (folio_ref_count(src) != folio_expected_ref_count(src) + 1)
		return -EAGAIN;
	copy_folio(dst, src);
	err = folio_migrate_mapping(mapping, dst, src, 0);
	if (!err)
		folio_migrate_flags(dst, src);
	return err;
}

/** filemap_migrate_folio() - the same where folios may have private data: none have. */
int filemap_migrate_folio(struct address_space *mapping, struct folio *dst, struct folio *src,
			  enum migrate_mode mode)
{
	return migrate_folio(mapping, dst, src, mode);
}

/* What files do that don't say how: a dirty folio would have to be written first. */
static int fallback_migrate_folio(struct address_space *mapping, struct folio *dst,
				  struct folio *src, enum migrate_mode mode)
{
	if (folio_test_dirty(src))
		return -EBUSY;
	if (!filemap_release_folio(src, GFP_KERNEL))
		return mode == MIGRATE_SYNC ? -EAGAIN : -EBUSY;
	return migrate_folio(mapping, dst, src, mode);
}

static int move_to_new_folio(struct folio *dst, struct folio *src, enum migrate_mode mode)
{
	struct address_space *mapping = folio_mapping(src);
	int err;

	if (!mapping)
		return -EAGAIN;
	if (mapping_inaccessible(mapping))
		return -EOPNOTSUPP;
	if (mapping->a_ops->migrate_folio)
		err = mapping->a_ops->migrate_folio(mapping, dst, src, mode);
	else
		err = fallback_migrate_folio(mapping, dst, src, mode);
	if (!err)
		src->mapping = NULL;
	return err;
}

/* Both locked. Programs lose their mappings, whether or not it comes to a move. */
static int unmap_and_move(struct folio *dst, struct folio *src, enum migrate_mode mode)
{
	if (src->mapping && folio_mapped(src))
		try_to_unmap(src, 0);
	if (folio_mapped(src))
		return -EAGAIN;
	return move_to_new_folio(dst, src, mode);
}

static void drop_target(const struct migration *migration, struct folio *dst)
{
	if (migration->put_new_folio)
		migration->put_new_folio(dst, migration->private);
	else
		folio_put(dst);
}

static int move_to(struct migration *migration, struct folio *dst, struct folio *src)
{
	int err;

	if (!folio_trylock(src)) {
		if (migration->mode == MIGRATE_ASYNC)
			return -EAGAIN;
		folio_lock(src);
	}
	/* Nobody else knows it. */
	__folio_set_locked(dst);
	err = unmap_and_move(dst, src, migration->mode);
	if (!err)
		folio_add_lru(dst);
	folio_unlock(dst);
	folio_unlock(src);
	return err;
}

static void migrated(struct migration *migration, struct folio *src)
{
	migration->succeeded += folio_nr_pages(src);
	list_del(&src->lru);
	/* What is broken is kept by who found that out. */
	if (migration->reason != MR_MEMORY_FAILURE)
		folio_put(src);
}

static int migrate_one(struct migration *migration, struct folio *src)
{
	struct folio *dst;
	int err;

	/* All others have let go of it: nothing is left to be moved. */
	if (folio_ref_count(src) == 1) {
		folio_clear_unevictable(src);
		migrated(migration, src);
		return 0;
	}
	dst = migration->get_new_folio(src, migration->private);
	if (!dst)
		return -ENOMEM;
	err = move_to(migration, dst, src);
	if (err) {
		drop_target(migration, dst);
		return err;
	}
	/* The page cache has it. */
	folio_put(dst);
	migrated(migration, src);
	return 0;
}

/* Once through the list. The number of folios that may be tried again, or -ENOMEM. */
static int migrate_pass(struct migration *migration, struct list_head *from, int *nr_failed)
{
	struct folio *folio, *next;
	int retry = 0;

	list_for_each_entry_safe(folio, next, from, lru) {
		int err = migrate_one(migration, folio);

		if (err == -ENOMEM)
			return err;
		if (err == -EAGAIN) {
			retry++;
		} else if (err) {
			list_move_tail(&folio->lru, &migration->failed);
			++*nr_failed;
		}
		cond_resched();
	}
	return retry;
}

/**
 * migrate_pages() - move isolated folios elsewhere.
 * @from: the folios; those that could not be moved are left on it, for
 *	  putback_movable_pages()
 * @get_new_folio: allocates the place for one
 * @put_new_folio: takes it back if it isn't needed; NULL for folio_put()
 * @private: for both
 * @mode: MIGRATE_ASYNC doesn't wait for locks
 * @reason: with MR_MEMORY_FAILURE the caller keeps the reference to what was moved
 * @ret_succeeded: number of pages moved; may be NULL
 *
 * Context: may sleep.
 * Return: the number of folios that could not be moved, or -ENOMEM.
 */
int migrate_pages(struct list_head *from, new_folio_t get_new_folio, free_folio_t put_new_folio,
		  unsigned long private, enum migrate_mode mode, enum migrate_reason reason,
		  unsigned int *ret_succeeded)
{
	struct migration migration = {
		.get_new_folio = get_new_folio, .put_new_folio = put_new_folio,
		.private = private, .mode = mode, .reason = reason,
		.failed = LIST_HEAD_INIT(migration.failed),
	};
	int nr_failed = 0, retry = 1;

	for (int pass = 0; pass < NR_MAX_MIGRATE_PAGES_RETRY && retry > 0; pass++)
		retry = migrate_pass(&migration, from, &nr_failed);
	list_splice(&migration.failed, from);
	if (ret_succeeded)
		*ret_succeeded = migration.succeeded;
	return retry < 0 ? retry : nr_failed + retry;
}
