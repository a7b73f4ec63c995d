// SPDX-License-Identifier: GPL-2.0
/*
 * Removing folios from the page cache. Semantics: mm/truncate.c of Linux 7.3.
 *
 * A large folio that lies in a truncated range only in part is split, so that the pages in
 * the range can go. If it can't be, because somebody refers to it, it stays as it is with
 * those pages zeroed if it is dirty, and goes as a whole if it is clean: what it held can be
 * had from where it came from. (The pages of files in memory are always dirty.)
 */

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/huge_mm.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/shmem_fs.h>

#include "internal.h"

/** folio_invalidate() - tell the owner of a folio that a part of its contents goes. */
void folio_invalidate(struct folio *folio, size_t offset, size_t length)
{
	void (*invalidate)(struct folio *folio, size_t offset, size_t length) =
		folio->mapping->a_ops->invalidate_folio;

	if (invalidate)
		invalidate(folio, offset, length);
}

/* The same, if the owner has tied something to the folio that has to know. */
static void folio_invalidate_private(struct folio *folio, size_t offset, size_t length)
{
	if (folio_test_private(folio) || mapping_release_always(folio->mapping))
		folio_invalidate(folio, offset, length);
}

/* What must be gone before a folio leaves the cache: mappings, private data, dirtiness. */
static void truncate_prepare_folio(struct folio *folio)
{
	if (folio_mapped(folio))
		unmap_mapping_folio(folio);
	folio_invalidate_private(folio, 0, folio_size(folio));
	folio_cancel_dirty(folio);
}

/** truncate_inode_folio() - remove a locked folio; -EIO if it isn't @mapping's any more. */
int truncate_inode_folio(struct address_space *mapping, struct folio *folio)
{
	bool ours = folio->mapping == mapping;

	if (ours) {
		truncate_prepare_folio(folio);
		filemap_remove_folio(folio);
	}
	return ours ? 0 : -EIO;
}

/*
 * Around the page at @offset. If that fails, programs that map the folio lose it, so that
 * they find out where the file ends; not so if it is a file in memory, as ever. 0 or -errno.
 */
static int split_or_unmap(struct folio *folio, size_t offset)
{
	unsigned int min_order = mapping_min_folio_order(folio->mapping);
	int err = folio_split(folio, min_order, folio_page(folio, offset >> PAGE_SHIFT), NULL);

	if (err && !shmem_mapping(folio->mapping))
		try_to_unmap(folio, TTU_SYNC | TTU_IGNORE_MLOCK);
	return err;
}

/* What is at the end of the range may still be part of a large folio: split that as well. */
static void split_end(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = __filemap_get_folio(mapping, index, FGP_LOCK | FGP_NOWAIT, 0);

	if (IS_ERR(folio))
		return;
	if (folio_test_large(folio))
		split_or_unmap(folio, (index - folio->index) << PAGE_SHIFT);
	folio_unlock(folio);
	folio_put(folio);
}

static void zero_contents(struct folio *folio, size_t offset, size_t length)
{
	while (length) {
		size_t part = min(length, PAGE_SIZE - offset_in_page(offset));

		sim_page_contents(folio_address(folio) + (offset & PAGE_MASK), true);
		folio_zero_range(folio, offset, part);
		offset += part;
		length -= part;
	}
}

/**
 * truncate_inode_partial_folio() - remove or zero what of a locked folio is in a range.
 * @start: first byte of the range
 * @end: last byte
 *
 * Return: false if the folio stays though pages of it should go. If it is split the caller's
 * lock and reference are for the first part.
 */
bool truncate_inode_partial_folio(struct folio *folio, loff_t start, loff_t end)
{
	struct address_space *mapping = folio->mapping;
	loff_t first = folio_pos(folio);
	size_t size = folio_size(folio);
	/* @end may be -1, for the largest there is. */
	loff_t last = min_t(u64, end, first + size - 1);
	size_t offset = start > first ? start - first : 0;
	size_t length = last + 1 - first - offset;

	if (length == size) {
		truncate_inode_folio(mapping, folio);
		return true;
	}

	if (!mapping_inaccessible(mapping))
		zero_contents(folio, offset, length);
	folio_invalidate_private(folio, offset, length);
	if (!folio_test_large(folio))
		return true;
	if (!split_or_unmap(folio, offset)) {
		if (offset + length < size)
			split_end(mapping, (first + offset + length) >> PAGE_SHIFT);
		return true;
	}
	if (folio_test_dirty(folio))
		return false;
	truncate_inode_folio(mapping, folio);
	return true;
}

/* First pass: what can be had without waiting, in batches. */
static void truncate_without_waiting(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	pgoff_t indices[FOLIO_BATCH_SIZE];
	struct folio_batch fbatch;

	folio_batch_init(&fbatch);
	while (start < end && find_lock_entries(mapping, &start, end - 1, &fbatch, indices)) {
		for (unsigned int i = 0; i < folio_batch_count(&fbatch); i++)
			truncate_prepare_folio(fbatch.folios[i]);
		delete_from_page_cache_batch(mapping, &fbatch);
		for (unsigned int i = folio_batch_count(&fbatch); i-- > 0;)
			folio_unlock(fbatch.folios[i]);
		folio_batch_release(&fbatch);
		cond_resched();
	}
}

/* Removes the folios of a batch, waiting for their locks; drops the references. */
static void truncate_batch(struct address_space *mapping, struct folio_batch *fbatch,
			   const pgoff_t *indices)
{
	for (unsigned int i = 0; i < folio_batch_count(fbatch); i++) {
		struct folio *folio = fbatch->folios[i];

		folio_lock(folio);
		VM_BUG_ON_FOLIO(!folio_contains(folio, indices[i]), folio);
		truncate_inode_folio(mapping, folio);
		folio_unlock(folio);
	}
	folio_batch_release(fbatch);
}

/* Last pass: whatever is left, until a search of the whole range finds nothing. */
static void truncate_with_waiting(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	pgoff_t indices[FOLIO_BATCH_SIZE];
	struct folio_batch fbatch;
	pgoff_t index = start;

	folio_batch_init(&fbatch);
	while (index < end) {
		cond_resched();
		if (find_get_entries(mapping, &index, end - 1, &fbatch, indices))
			truncate_batch(mapping, &fbatch, indices);
		else if (index != start)
			index = start;
		else
			break;
	}
}

/*
 * The folio at @index, if it is there, loses what is in the range. *@start and *@end, of the
 * pages that are to be removed, come to lie outside of it if it stays; *@same_folio tells
 * whether all of the range is in it.
 */
static void truncate_edge(struct address_space *mapping, pgoff_t index, loff_t lstart,
			  uoff_t lend, pgoff_t *start, pgoff_t *end, bool *same_folio)
{
	struct folio *folio = __filemap_get_folio(mapping, index, FGP_LOCK, 0);

	if (IS_ERR(folio))
		return;
	*same_folio = lend < (uoff_t)folio_next_pos(folio);
	if (!truncate_inode_partial_folio(folio, lstart, lend)) {
		if (start)
			*start = folio_next_index(folio);
		if (!start || *same_folio)
			*end = folio->index;
	}
	folio_unlock(folio);
	folio_put(folio);
}

/**
 * truncate_inode_pages_range() - remove the folios of a byte range.
 * @lend: last byte, or -1 for the end of the file
 *
 * Folios that are in the range in part are zeroed there. Folios that are locked by others
 * are waited for. Nobody may add folios to the range meanwhile, or this may not end.
 * Context: may sleep; the callers hold the mapping's invalidate lock exclusively.
 */
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, uoff_t lend)
{
	pgoff_t start = (lstart + PAGE_SIZE - 1) >> PAGE_SHIFT;
	pgoff_t end = lend == (uoff_t)-1 ? (pgoff_t)-1 : (lend + 1) >> PAGE_SHIFT;
	bool same_folio = lstart >> PAGE_SHIFT == lend >> PAGE_SHIFT;

	if (mapping_empty(mapping))
		return;
	truncate_without_waiting(mapping, start, end);

	truncate_edge(mapping, lstart >> PAGE_SHIFT, lstart, lend, &start, &end, &same_folio);
	if (!same_folio)
		truncate_edge(mapping, lend >> PAGE_SHIFT, lstart, lend, NULL, &end,
			      &same_folio);
	truncate_with_waiting(mapping, start, end);
}

void truncate_inode_pages(struct address_space *mapping, loff_t lstart)
{
	truncate_inode_pages_range(mapping, lstart, -1);
}

/* Whoever is adding or removing a folio right now has finished when this returns. */
static void wait_for_page_cache(struct address_space *mapping)
{
	xa_lock_irq(&mapping->i_pages);
	xa_unlock_irq(&mapping->i_pages);
}

/** truncate_inode_pages_final() - the inode goes away: all folios do. */
void truncate_inode_pages_final(struct address_space *mapping)
{
	mapping_set_exiting(mapping);
	if (!mapping_empty(mapping))
		wait_for_page_cache(mapping);
	truncate_inode_pages(mapping, 0);
}

/* Unmaps the pages that lie behind @size wholly, private copies of them too. */
static void unmap_beyond(struct address_space *mapping, loff_t size)
{
	unmap_mapping_range(mapping, round_up(size, PAGE_SIZE), 0, 1);
}

/** truncate_pagecache() - unmap and remove what lies behind a file's new size. */
void truncate_pagecache(struct inode *inode, loff_t newsize)
{
	unmap_beyond(inode->i_mapping, newsize);
	truncate_inode_pages(inode->i_mapping, newsize);
	/* A fault may have made a private copy of a page before it was removed. */
	unmap_beyond(inode->i_mapping, newsize);
}

void truncate_setsize(struct inode *inode, loff_t newsize)
{
	i_size_write(inode, newsize);
	truncate_pagecache(inode, newsize);
}

/** truncate_pagecache_range() - punch a hole; @lend is its last byte. */
void truncate_pagecache_range(struct inode *inode, loff_t lstart, loff_t lend)
{
	loff_t first = round_up(lstart, PAGE_SIZE);
	loff_t past = round_down(lend + 1, PAGE_SIZE);

	/* Private copies stay: only a smaller size takes them away. */
	if ((u64)past - 1 > (u64)first)
		unmap_mapping_range(inode->i_mapping, first, past - first, 0);
	truncate_inode_pages_range(inode->i_mapping, lstart, lend);
}

/** mapping_evict_folio() - remove a locked folio if nobody uses it; number of pages gone. */
long mapping_evict_folio(struct address_space *mapping, struct folio *folio)
{
	long nr = folio_nr_pages(folio);

	if (!mapping || folio_test_dirty(folio) || folio_ref_count(folio) > nr + 1 ||
	    folio_mapped(folio) || !filemap_release_folio(folio, 0))
		return 0;
	filemap_remove_folio(folio);
	return nr;
}

/** invalidate_mapping_pages() - remove what can be without waiting; number of pages. */
unsigned long invalidate_mapping_pages(struct address_space *mapping, pgoff_t start,
				       pgoff_t end)
{
	pgoff_t indices[FOLIO_BATCH_SIZE];
	struct folio_batch fbatch;
	unsigned long count = 0;

	folio_batch_init(&fbatch);
	while (find_lock_entries(mapping, &start, end, &fbatch, indices)) {
		for (unsigned int i = folio_batch_count(&fbatch); i-- > 0;) {
			count += mapping_evict_folio(mapping, fbatch.folios[i]);
			folio_unlock(fbatch.folios[i]);
		}
		folio_batch_release(&fbatch);
	}
	return count;
}

/** generic_error_remove_folio() - an error_remove_folio() that removes. */
int generic_error_remove_folio(struct address_space *mapping, struct folio *folio)
{
	if (!mapping)
		return -EINVAL;
	if (!S_ISREG(mapping->host->i_mode))
		return -EIO;
	return truncate_inode_folio(mapping, folio);
}
