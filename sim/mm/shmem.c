// SPDX-License-Identifier: GPL-2.0
/*
 * The contents of files in memory: memfds and files below /tmp. Semantics: mm/shmem.c of
 * Linux 7.3.
 *
 * Who may change the layout, that is the size and which folios there are:
 *	a fault or a read adds a folio below the size, at any time;
 *	everybody else holds the inode's lock, and SHMEM_F_MAPPING_FROZEN forbids it.
 * A folio that is not up to date was allocated but never used, and reads as zero.
 */

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/init.h>
#include <linux/memcontrol.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/shmem_fs.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/swap.h>

#include "internal.h"
#include "shmem.h"

/* enum huge - when a file that has no name gets large folios. */
static enum { HUGE_NEVER, HUGE_WITHIN_SIZE, HUGE_ALWAYS } shmem_huge;

static int __init setup_transparent_hugepage_shmem(char *str)
{
	if (str && !strcmp(str, "never"))
		shmem_huge = HUGE_NEVER;
	else if (str && !strcmp(str, "within_size"))
		shmem_huge = HUGE_WITHIN_SIZE;
	else if (str && !strcmp(str, "always"))
		shmem_huge = HUGE_ALWAYS;
	else
		pr_warn("transparent_hugepage_shmem= cannot parse, ignored\n");
	return 1;
}
__setup("transparent_hugepage_shmem=", setup_transparent_hugepage_shmem);

/** shmem_mapping() - whether a mapping, of any kind of file, is one of a file in memory. */
bool shmem_mapping(const struct address_space *mapping)
{
	return mapping->a_ops == &shmem_aops;
}

/** shmem_inode_acct_blocks() - account for new pages; nothing limits them here. */
int shmem_inode_acct_blocks(struct inode *inode, long pages)
{
	might_sleep();
	return 0;
}

/**
 * shmem_recalc_inode() - pages were added, or the page cache has lost some.
 *
 * Return: whether any were lost.
 */
bool shmem_recalc_inode(struct inode *inode, long alloced, long swapped)
{
	struct shmem_inode_info *info = SHMEM_I(inode);
	unsigned long present = READ_ONCE(inode->i_mapping->nrpages);
	bool freed;

	sim_check(!swapped, "swap isn't modelled");
	spin_lock(&info->lock);
	info->alloced += alloced;
	freed = info->alloced > present;
	if (freed)
		info->alloced = present;
	spin_unlock(&info->lock);
	return freed;
}

/** shmem_uncharge() - @pages pages have left the page cache behind our back. */
void shmem_uncharge(struct inode *inode, long pages)
{
	shmem_recalc_inode(inode, 0, 0);
}

/**
 * shmem_add_to_page_cache() - make a locked, swap-backed folio present.
 * @index:    page offset, a multiple of the folio's size
 * @expected: swap entry that is there, NULL for none: there is no swap
 *
 * Return: 0; -EEXIST if something is there; -ENOMEM.
 */
int shmem_add_to_page_cache(struct folio *folio, struct address_space *mapping, pgoff_t index,
			    void *expected, gfp_t gfp)
{
	VM_BUG_ON_FOLIO(!folio_test_swapbacked(folio), folio);
	sim_check(!expected, "swap isn't modelled");
	return filemap_insert_folio(mapping, folio, index, gfp);
}

static bool within_size(struct inode *inode, pgoff_t past, loff_t write_end)
{
	return past <= DIV_ROUND_UP(max(i_size_read(inode), write_end), PAGE_SIZE);
}

/* The largest order that a new folio around @index may have. */
static unsigned int shmem_highest_order(struct inode *inode, pgoff_t index, loff_t write_end)
{
	unsigned int order = 0;

	/* tmpfs has a mount option of its own, which is not given. */
	if (inode->i_nlink)
		return 0;
	if (shmem_huge == HUGE_ALWAYS)
		order = HPAGE_PMD_ORDER;
	if (shmem_huge == HUGE_WITHIN_SIZE)
		for (order = HPAGE_PMD_ORDER; order; order--)
			if (within_size(inode, round_down(index, 1UL << order) + (1UL << order),
					write_end))
				break;
	return order;
}

/* Whether nothing is in the range of a folio of that order around @index. */
static bool range_is_empty(struct address_space *mapping, pgoff_t index, unsigned int order)
{
	unsigned long start = round_down(index, 1UL << order);

	return !xa_find(&mapping->i_pages, &start, start + (1UL << order) - 1, XA_PRESENT);
}

static struct folio *shmem_alloc_folio(struct address_space *mapping, gfp_t gfp, pgoff_t index,
				       unsigned int order)
{
	struct folio *folio;

	for (; order > 1; order--) {
		if (!range_is_empty(mapping, index, order))
			continue;
		folio = folio_alloc(gfp | __GFP_NORETRY | __GFP_NOWARN, order);
		if (folio)
			return folio;
	}
	return folio_alloc(gfp, 0);
}

/* A new folio around @index, locked and present, not up to date; -EEXIST, -ENOMEM. */
static struct folio *shmem_alloc_and_add_folio(struct inode *inode, gfp_t gfp, pgoff_t index,
					       unsigned int order)
{
	struct address_space *mapping = inode->i_mapping;
	struct folio *folio = shmem_alloc_folio(mapping, gfp, index, order);
	long pages;
	int err;

	if (!folio)
		return ERR_PTR(-ENOMEM);
	pages = folio_nr_pages(folio);
	__folio_set_locked(folio);
	__folio_set_swapbacked(folio);
	err = mem_cgroup_charge(folio, NULL, gfp);
	if (err)
		goto err_unlock;
	err = shmem_add_to_page_cache(folio, mapping, round_down(index, pages), NULL, gfp);
	if (err)
		goto err_unlock;
	err = shmem_inode_acct_blocks(inode, pages);
	if (err)
		goto err_remove;
	shmem_recalc_inode(inode, pages, 0);
	folio_add_lru(folio);
	return folio;

err_remove:
	filemap_remove_folio(folio);
err_unlock:
	folio_unlock(folio);
	folio_put(folio);
	return ERR_PTR(err);
}

static bool beyond_size(struct inode *inode, pgoff_t index, enum sgp_type sgp)
{
	return sgp <= SGP_CACHE && ((loff_t)index << PAGE_SHIFT) >= i_size_read(inode);
}

static void shmem_clear_folio(struct folio *folio)
{
	if (folio_test_uptodate(folio))
		return;
	folio_zero_range(folio, 0, folio_size(folio));
	folio_mark_uptodate(folio);
}

/* The locked folio at @index if it can be used as it is; NULL, or one still to be cleared. */
static struct folio *shmem_find_folio(struct inode *inode, pgoff_t index, enum sgp_type sgp)
{
	struct folio *folio = filemap_lock_folio(inode->i_mapping, index);

	if (IS_ERR(folio))
		return NULL;
	if (sgp == SGP_WRITE)
		folio_mark_accessed(folio);
	/* To who only looks it is a hole. */
	if (folio_test_uptodate(folio) || sgp != SGP_READ)
		return folio;
	folio_unlock(folio);
	folio_put(folio);
	return NULL;
}

/* As shmem_get_folio(). *@alloced: the folio is new. */
static int find_or_add_folio(struct inode *inode, pgoff_t index, loff_t write_end,
			     struct folio **foliop, enum sgp_type sgp, bool *alloced)
{
	gfp_t gfp = mapping_gfp_mask(inode->i_mapping);
	unsigned int order;

	for (;;) {
		if (beyond_size(inode, index, sgp))
			return -EINVAL;
		*foliop = shmem_find_folio(inode, index, sgp);
		if (*foliop || sgp == SGP_READ)
			return 0;
		if (sgp == SGP_NOALLOC)
			return -ENOENT;
		order = shmem_highest_order(inode, index, write_end);
		*foliop = shmem_alloc_and_add_folio(inode, gfp, index, order);
		*alloced = !IS_ERR(*foliop);
		if (*alloced)
			return 0;
		if (PTR_ERR(*foliop) != -EEXIST)
			return PTR_ERR(*foliop);
	}
}

/**
 * shmem_get_folio() - the folio at @index.
 * @write_end: where the write that asks for it ends, bytes; 0 if none does
 * @foliop:    gets the folio, locked and with a reference, or NULL for a hole
 * @sgp:       see there
 *
 * Context: may sleep.
 * Return: 0; -EINVAL beyond the size, -ENOENT, -EFBIG, -ENOMEM; *@foliop is NULL then.
 */
int shmem_get_folio(struct inode *inode, pgoff_t index, loff_t write_end,
		    struct folio **foliop, enum sgp_type sgp)
{
	struct folio *folio = NULL;
	bool alloced = false;
	int err;

	*foliop = NULL;
	if (index > MAX_LFS_FILESIZE >> PAGE_SHIFT)
		return -EFBIG;
	err = find_or_add_folio(inode, index, write_end, &folio, sgp, &alloced);
	if (err || !folio)
		return err;
	/* Who writes to a folio, or allocates it for later, leaves or does the rest. */
	if (sgp != SGP_WRITE && !(sgp == SGP_FALLOC && alloced))
		shmem_clear_folio(folio);
	/* The size may have become smaller meanwhile. */
	if (!beyond_size(inode, index, sgp)) {
		*foliop = folio;
		return 0;
	}
	if (alloced)
		filemap_remove_folio(folio);
	shmem_recalc_inode(inode, 0, 0);
	folio_unlock(folio);
	folio_put(folio);
	return -EINVAL;
}

/** shmem_read_folio_gfp() - the folio at @index, made if need be, up to date, unlocked. */
struct folio *shmem_read_folio_gfp(struct address_space *mapping, pgoff_t index, gfp_t gfp)
{
	struct inode *inode = mapping->host;
	struct folio *folio;
	int err = shmem_get_folio(inode, index, i_size_read(inode), &folio, SGP_CACHE);

	if (err)
		return ERR_PTR(err);
	folio_unlock(folio);
	return folio;
}

/** shmem_truncate_range() - remove the contents of a byte range; @end is its last byte, or -1. */
void shmem_truncate_range(struct inode *inode, loff_t start, uoff_t end)
{
	struct shmem_inode_info *info = SHMEM_I(inode);
	pgoff_t first = DIV_ROUND_UP(start, PAGE_SIZE);
	pgoff_t past = end == (uoff_t)-1 ? ULONG_MAX : (end + 1) >> PAGE_SHIFT;

	if (info->fallocend > first && info->fallocend <= past)
		info->fallocend = first;
	truncate_inode_pages_range(inode->i_mapping, start, end);
	shmem_recalc_inode(inode, 0, 0);
}

static vm_fault_t shmem_fault(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	struct folio *folio;
	int err = shmem_get_folio(inode, vmf->pgoff, 0, &folio, SGP_CACHE);

	if (err)
		return vmf_error(err);
	vmf->page = folio_file_page(folio, vmf->pgoff);
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct shmem_vm_ops = {
	.fault = shmem_fault,
};

/* With the inode locked. */
static long shmem_punch_hole(struct inode *inode, loff_t offset, loff_t len)
{
	loff_t first = round_up(offset, PAGE_SIZE);
	loff_t past = round_down(offset + len, PAGE_SIZE);

	if (SHMEM_I(inode)->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	if (past > first)
		unmap_mapping_range(inode->i_mapping, first, past - first, 0);
	shmem_truncate_range(inode, offset, offset + len - 1);
	return 0;
}

/* An allocation failed: what it added, and nobody has used since, goes. */
static void shmem_undo_fallocate(struct inode *inode, pgoff_t start, pgoff_t end)
{
	while (start < end) {
		struct folio *folio = filemap_lock_folio(inode->i_mapping, start);

		if (IS_ERR(folio)) {
			start++;
			continue;
		}
		start = folio_next_index(folio);
		if (!folio_test_uptodate(folio))
			truncate_inode_folio(inode->i_mapping, folio);
		folio_unlock(folio);
		folio_put(folio);
	}
	shmem_recalc_inode(inode, 0, 0);
}

static long shmem_allocate_range(struct inode *inode, pgoff_t start, pgoff_t end,
				 loff_t write_end)
{
	struct shmem_inode_info *info = SHMEM_I(inode);
	pgoff_t before = info->fallocend;
	struct folio *folio;
	int err;

	/* Only for large folios: those that are split lose no page that was asked for. */
	info->fallocend = max(info->fallocend, end);
	for (pgoff_t index = start; index < end; ) {
		err = fatal_signal_pending(current) ? -EINTR :
			shmem_get_folio(inode, index, write_end, &folio, SGP_FALLOC);
		if (err) {
			info->fallocend = before;
			shmem_undo_fallocate(inode, start, index);
			return err;
		}
		index = folio_next_index(folio);
		folio_mark_dirty(folio);
		folio_unlock(folio);
		folio_put(folio);
		cond_resched();
	}
	return 0;
}

/* With the inode locked. */
static long shmem_allocate(struct inode *inode, int mode, loff_t offset, loff_t len)
{
	loff_t end = offset + len;
	long err;

	if ((SHMEM_I(inode)->seals & F_SEAL_GROW) && end > inode->i_size)
		return -EPERM;
	if (end > MAX_LFS_FILESIZE - (loff_t)PAGE_SIZE + 1)
		return -EFBIG;
	err = shmem_allocate_range(inode, offset >> PAGE_SHIFT, DIV_ROUND_UP(end, PAGE_SIZE), end);
	if (!err && !(mode & FALLOC_FL_KEEP_SIZE) && end > inode->i_size)
		i_size_write(inode, end);
	return err;
}

/**
 * shmem_fallocate() - allocate folios, or punch a hole.
 *
 * Return: 0; -EOPNOTSUPP another mode; -EPERM forbidden by a seal, or frozen; -EFBIG;
 * -EINTR; -ENOMEM.
 */
long shmem_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	long err;

	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;

	inode_lock(inode);
	if (SHMEM_I(inode)->flags & SHMEM_F_MAPPING_FROZEN)
		err = -EPERM;
	else if (mode & FALLOC_FL_PUNCH_HOLE)
		err = shmem_punch_hole(inode, offset, len);
	else
		err = shmem_allocate(inode, mode, offset, len);
	if (!err)
		file_modified(file);
	inode_unlock(inode);
	return err;
}

/* A bad page stays, so that who comes next is told and does not find zeroes. */
static int shmem_error_remove_folio(struct address_space *mapping, struct folio *folio)
{
	return 0;
}

const struct address_space_operations shmem_aops = {
	.dirty_folio = noop_dirty_folio,
	.migrate_folio = migrate_folio,
	.error_remove_folio = shmem_error_remove_folio,
};
