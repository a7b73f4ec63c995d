// SPDX-License-Identifier: GPL-2.0
/*
 * The page cache. Semantics: mm/filemap.c of Linux 7.3.
 *
 * Protocol of a folio:
 *   alone	one reference, not locked, mapping NULL
 *   present	in &address_space.i_pages at each of its page offsets; mapping and index set;
 *		the cache holds a reference for each page. Entered by filemap_add_folio(),
 *		which returns it locked; left by filemap_remove_folio() under its lock
 * Whoever finds a folio takes a reference, which may fail while it goes away, and looks
 * again whether it is still there; whoever needs it to stay there locks it and tests
 * folio->mapping.
 */

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/memcontrol.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/swap.h>
#include <linux/xarray.h>

#include "internal.h"

/* What of a mapping's flags is of use to those who allocate its xarray's nodes. */
#define GFP_RECLAIM_MASK							\
	(__GFP_RECLAIM | __GFP_HIGH | __GFP_IO | __GFP_FS | __GFP_NOWARN |	\
	 __GFP_RETRY_MAYFAIL | __GFP_NOFAIL | __GFP_NORETRY | __GFP_MEMALLOC |	\
	 __GFP_NOMEMALLOC)

struct address_space *folio_mapping(const struct folio *folio)
{
	return folio_test_slab(folio) ? NULL : folio->mapping;
}

/* A folio with a policy comes from the nodes it says; there are no policies here. */
struct folio *filemap_alloc_folio(gfp_t gfp, unsigned int order, struct mempolicy *policy)
{
	return folio_alloc_mpol(gfp, order, policy, 0, NUMA_NO_NODE);
}

/* With the array locked: fails if any of the folio's places is taken. */
static int insert_folio(struct address_space *mapping, struct folio *folio,
			struct xa_state *xas)
{
	XA_STATE(conflict, &mapping->i_pages, folio->index);
	void *entry = xas_find(&conflict, folio_next_index(folio) - 1);

	if (entry) {
		sim_check(!xa_is_value(entry), "value entries in a page cache aren't modelled");
		return -EEXIST;
	}
	xas_store(xas, folio);
	if (xas_error(xas))
		return xas_error(xas);
	mapping->nrpages += folio_nr_pages(folio);
	return 0;
}

/** filemap_insert_folio() - __filemap_add_folio() for folios of any kind. */
int filemap_insert_folio(struct address_space *mapping, struct folio *folio, pgoff_t index,
			 gfp_t gfp)
{
	XA_STATE_ORDER(xas, &mapping->i_pages, index, folio_order(folio));
	long nr = folio_nr_pages(folio);
	int err;

	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
	VM_BUG_ON_FOLIO(folio_order(folio) < mapping_min_folio_order(mapping), folio);
	VM_BUG_ON_FOLIO(index & (nr - 1), folio);

	folio_ref_add(folio, nr);
	folio->mapping = mapping;
	folio->index = index;
	do {
		xas_lock_irq(&xas);
		err = insert_folio(mapping, folio, &xas);
		xas_unlock_irq(&xas);
	} while (xas_nomem(&xas, gfp & GFP_RECLAIM_MASK));

	if (!err)
		return 0;
	folio->mapping = NULL;
	/* folio->index stays: truncation may be looking at it. */
	folio_put_refs(folio, nr);
	return err;
}

/**
 * __filemap_add_folio() - make a locked folio present.
 * @index: page offset, a multiple of the folio's size
 *
 * Context: may sleep if @gfp says so.
 * Return: 0, -EEXIST if something is there already, -ENOMEM.
 */
int __filemap_add_folio(struct address_space *mapping, struct folio *folio, pgoff_t index,
			gfp_t gfp, void **shadowp)
{
	VM_BUG_ON_FOLIO(folio_test_swapbacked(folio), folio);
	return filemap_insert_folio(mapping, folio, index, gfp);
}

/** filemap_add_folio() - charge a folio, lock it and make it present. Errors as above. */
int filemap_add_folio(struct address_space *mapping, struct folio *folio, pgoff_t index,
		      gfp_t gfp)
{
	int err;

	err = mem_cgroup_charge(folio, NULL, gfp);
	if (err)
		return err;
	__folio_set_locked(folio);
	err = __filemap_add_folio(mapping, folio, index, gfp, NULL);
	if (err) {
		mem_cgroup_uncharge(folio);
		__folio_clear_locked(folio);
		return err;
	}
	folio_add_lru(folio);
	return 0;
}

/** __filemap_remove_folio() - the caller holds the folio's lock and the array's. */
void __filemap_remove_folio(struct folio *folio, void *shadow)
{
	struct address_space *mapping = folio->mapping;
	XA_STATE_ORDER(xas, &mapping->i_pages, folio->index, folio_order(folio));

	VM_BUG_ON_FOLIO(folio_mapped(folio), folio);
	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
	sim_check(!shadow, "shadow entries aren't modelled");
	xas_store(&xas, NULL);
	folio->mapping = NULL;
	mapping->nrpages -= folio_nr_pages(folio);
}

static void filemap_free_folio(const struct address_space *mapping, struct folio *folio)
{
	if (mapping->a_ops->free_folio)
		mapping->a_ops->free_folio(folio);
	folio_put_refs(folio, folio_nr_pages(folio));
}

/**
 * filemap_remove_folio() - a locked, present folio leaves the cache.
 *
 * The caller has a reference of its own.
 */
void filemap_remove_folio(struct folio *folio)
{
	struct address_space *mapping = folio->mapping;

	BUG_ON(!folio_test_locked(folio));
	spin_lock(&mapping->host->i_lock);
	xa_lock_irq(&mapping->i_pages);
	__filemap_remove_folio(folio, NULL);
	xa_unlock_irq(&mapping->i_pages);
	spin_unlock(&mapping->host->i_lock);
	filemap_free_folio(mapping, folio);
}

/** delete_from_page_cache_batch() - the same for several, all locked. */
void delete_from_page_cache_batch(struct address_space *mapping, struct folio_batch *fbatch)
{
	if (!folio_batch_count(fbatch))
		return;
	spin_lock(&mapping->host->i_lock);
	xa_lock_irq(&mapping->i_pages);
	for (unsigned int i = 0; i < folio_batch_count(fbatch); i++)
		__filemap_remove_folio(fbatch->folios[i], NULL);
	xa_unlock_irq(&mapping->i_pages);
	spin_unlock(&mapping->host->i_lock);
	for (unsigned int i = 0; i < folio_batch_count(fbatch); i++)
		filemap_free_folio(mapping, fbatch->folios[i]);
}

/** filemap_get_entry() - what is at @index: a folio with a reference, a value, or NULL. */
void *filemap_get_entry(struct address_space *mapping, pgoff_t index)
{
	XA_STATE(xas, &mapping->i_pages, index);
	struct folio *folio;

	rcu_read_lock();
	for (;;) {
		xas_reset(&xas);
		folio = xas_load(&xas);
		if (xas_retry(&xas, folio))
			continue;
		if (!folio || xa_is_value(folio))
			break;
		if (!folio_try_get(folio))
			continue;
		if (folio == xas_reload(&xas))
			break;
		folio_put(folio);
	}
	rcu_read_unlock();
	return folio;
}

/* Locks a folio that was found at @index; -ESTALE if it has been truncated meanwhile. */
static int lock_found_folio(struct address_space *mapping, struct folio *folio, pgoff_t index,
			    fgf_t fgp_flags)
{
	if (!(fgp_flags & FGP_NOWAIT)) {
		folio_lock(folio);
	} else if (!folio_trylock(folio)) {
		folio_put(folio);
		return -EAGAIN;
	}
	if (unlikely(folio->mapping != mapping)) {
		folio_unlock(folio);
		folio_put(folio);
		return -ESTALE;
	}
	VM_BUG_ON_FOLIO(!folio_contains(folio, index), folio);
	return 0;
}

static unsigned int creation_order(struct address_space *mapping, pgoff_t index,
				   fgf_t fgp_flags)
{
	unsigned int order = max(mapping_min_folio_order(mapping), FGF_GET_ORDER(fgp_flags));

	order = min(order, mapping_max_folio_order(mapping));
	/* A smaller folio where a large one wouldn't be aligned. */
	if (index & ((1UL << order) - 1))
		order = __builtin_ctzl(index);
	return order;
}

/* A new folio at @index, locked; ERR_PTR(-EEXIST) if somebody else was faster. */
static struct folio *create_folio(struct address_space *mapping, pgoff_t index,
				  fgf_t fgp_flags, gfp_t gfp, struct mempolicy *policy)
{
	unsigned int min_order = mapping_min_folio_order(mapping);
	unsigned int order;
	int err;

	index &= ~((1UL << min_order) - 1);
	order = creation_order(mapping, index, fgp_flags);
	do {
		gfp_t alloc_gfp = gfp;
		struct folio *folio;

		if (order > min_order)
			alloc_gfp |= __GFP_NORETRY | __GFP_NOWARN;
		err = -ENOMEM;
		folio = filemap_alloc_folio(alloc_gfp, order, policy);
		if (!folio)
			continue;
		if (fgp_flags & FGP_ACCESSED)
			__folio_set_referenced(folio);
		err = filemap_add_folio(mapping, folio, index, gfp);
		if (!err)
			return folio;
		folio_put(folio);
	} while (order-- > min_order);
	return ERR_PTR(err);
}

static gfp_t creation_gfp(fgf_t fgp_flags, gfp_t gfp)
{
	if (fgp_flags & FGP_NOFS)
		gfp &= ~__GFP_FS;
	if (fgp_flags & FGP_NOWAIT)
		gfp = (gfp & ~GFP_KERNEL) | GFP_NOWAIT;
	return gfp;
}

/**
 * __filemap_get_folio_mpol() - find a folio, or create it.
 * @fgp_flags: FGP_LOCK: return it locked; FGP_CREAT: create it if it isn't present;
 *	       FGP_NOWAIT: don't wait for its lock
 * @gfp: how to allocate
 *
 * Context: may sleep with FGP_LOCK or FGP_CREAT.
 * Return: the folio with a reference; -ENOENT, -EAGAIN it would have had to wait, -ENOMEM.
 */
struct folio *__filemap_get_folio_mpol(struct address_space *mapping, pgoff_t index,
				       fgf_t fgp_flags, gfp_t gfp, struct mempolicy *policy)
{
	struct folio *folio;
	int err;

	for (;;) {
		folio = filemap_get_entry(mapping, index);
		if (folio && !xa_is_value(folio)) {
			err = 0;
			if (fgp_flags & FGP_LOCK)
				err = lock_found_folio(mapping, folio, index, fgp_flags);
			if (err == -ESTALE)
				continue;
			if (err)
				return ERR_PTR(err);
			if (fgp_flags & FGP_ACCESSED)
				folio_mark_accessed(folio);
			return folio;
		}
		if (!(fgp_flags & FGP_CREAT))
			return ERR_PTR(-ENOENT);
		if (WARN_ON_ONCE(!(fgp_flags & (FGP_LOCK | FGP_FOR_MMAP))))
			fgp_flags |= FGP_LOCK;
		folio = create_folio(mapping, index, fgp_flags, creation_gfp(fgp_flags, gfp),
				     policy);
		if (folio == ERR_PTR(-EEXIST))
			continue;
		if (folio == ERR_PTR(-ENOMEM) && (fgp_flags & FGP_NOWAIT))
			return ERR_PTR(-EAGAIN);
		if (!IS_ERR(folio) && (fgp_flags & FGP_FOR_MMAP))
			folio_unlock(folio);
		return folio;
	}
}

/* The next entry up to @max, a folio with a reference; under RCU. */
static struct folio *find_get_entry(struct xa_state *xas, pgoff_t max)
{
	struct folio *folio;

	for (;;) {
		folio = xas_find(xas, max);
		if (xas_retry(xas, folio))
			continue;
		if (!folio || xa_is_value(folio))
			return folio;
		if (folio_try_get(folio)) {
			if (folio == xas_reload(xas))
				return folio;
			folio_put(folio);
		}
		xas_reset(xas);
	}
}

/**
 * filemap_get_folios() - the next folios of a range.
 * @start: first page offset; moved behind what was found
 * @end: last page offset
 * @fbatch: gets the folios, each with a reference, in ascending order
 *
 * Return: their number; 0 at the end.
 */
unsigned int filemap_get_folios(struct address_space *mapping, pgoff_t *start, pgoff_t end,
				struct folio_batch *fbatch)
{
	XA_STATE(xas, &mapping->i_pages, *start);
	struct folio *folio;

	rcu_read_lock();
	while ((folio = find_get_entry(&xas, end)) != NULL) {
		if (xa_is_value(folio))
			continue;
		if (!folio_batch_add(fbatch, folio)) {
			*start = folio_next_index(folio);
			goto out;
		}
	}
	/* Avoid starting over when the range ends at the highest offset there is. */
	*start = end == (pgoff_t)-1 ? (pgoff_t)-1 : end + 1;
out:
	rcu_read_unlock();
	return folio_batch_count(fbatch);
}

/** find_get_entries() - the same; @indices gets where each was found. */
unsigned int find_get_entries(struct address_space *mapping, pgoff_t *start, pgoff_t end,
			      struct folio_batch *fbatch, pgoff_t *indices)
{
	XA_STATE(xas, &mapping->i_pages, *start);
	struct folio *folio;

	rcu_read_lock();
	while ((folio = find_get_entry(&xas, end)) != NULL) {
		sim_check(!xa_is_value(folio), "value entries in a page cache aren't modelled");
		indices[fbatch->nr] = xas.xa_index;
		*start = folio_next_index(folio);
		if (!folio_batch_add(fbatch, folio))
			break;
	}
	rcu_read_unlock();
	return folio_batch_count(fbatch);
}

/**
 * find_lock_entries() - the same, but only folios that are entirely inside of the range
 * and whose locks could be had without waiting.
 */
unsigned int find_lock_entries(struct address_space *mapping, pgoff_t *start, pgoff_t end,
			       struct folio_batch *fbatch, pgoff_t *indices)
{
	XA_STATE(xas, &mapping->i_pages, *start);
	struct folio *folio;

	rcu_read_lock();
	while ((folio = find_get_entry(&xas, end)) != NULL) {
		sim_check(!xa_is_value(folio), "value entries in a page cache aren't modelled");
		if (folio->index < *start || folio_next_index(folio) - 1 > end ||
		    !folio_trylock(folio)) {
			folio_put(folio);
			continue;
		}
		if (folio->mapping != mapping) {
			folio_unlock(folio);
			folio_put(folio);
			continue;
		}
		*start = folio_next_index(folio);
		indices[fbatch->nr] = xas.xa_index;
		if (!folio_batch_add(fbatch, folio))
			break;
	}
	rcu_read_unlock();
	return folio_batch_count(fbatch);
}

bool filemap_range_has_page(struct address_space *mapping, loff_t lstart, loff_t lend)
{
	unsigned long index = lstart >> PAGE_SHIFT;

	return lend >= lstart &&
	       xa_find(&mapping->i_pages, &index, lend >> PAGE_SHIFT, XA_PRESENT);
}

/** filemap_release_folio() - no folio has private data, so there is nothing to release. */
bool filemap_release_folio(struct folio *folio, gfp_t gfp)
{
	BUG_ON(!folio_test_locked(folio));
	return !folio_test_private(folio);
}

/* Dirty folios: a flag without consequences, as nothing is written back. */
bool noop_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	return !folio_test_dirty(folio) && !folio_test_set_dirty(folio);
}

bool filemap_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	return !folio_test_set_dirty(folio);
}

/** folio_mark_dirty() - true if it wasn't dirty before. */
bool folio_mark_dirty(struct folio *folio)
{
	struct address_space *mapping = folio_mapping(folio);

	if (mapping && mapping->a_ops->dirty_folio)
		return mapping->a_ops->dirty_folio(mapping, folio);
	return noop_dirty_folio(mapping, folio);
}

bool set_page_dirty(struct page *page)
{
	return folio_mark_dirty(page_folio(page));
}

void folio_cancel_dirty(struct folio *folio)
{
	if (folio_test_dirty(folio))
		folio_clear_dirty(folio);
}

/** pagecache_init() - nothing to do: all state is in the mappings. */
void pagecache_init(void)
{
}
