/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

/*
 * Simulated: the page cache, as include/linux/pagemap.h of Linux 7.3.
 *
 * Kernel promises: at most one folio for each page offset of a mapping; a folio found has
 *	a reference; a folio whose lock is held and that is in the mapping stays there.
 * Modelled: lookup, creation, removal, batches, folios of several pages at their natural
 *	alignment, the folio lock with its owner.
 * Left out: readahead, writeback, dirty accounting, shadow entries of reclaim.
 * Scheduling points: the xarray's, page flags, reference counts, the folio lock.
 */

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/folio_batch.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/xarray.h>

struct mempolicy;

enum mapping_flags {
	AS_EIO			= 0,
	AS_ENOSPC		= 1,
	AS_MM_ALL_LOCKS		= 2,
	AS_UNEVICTABLE		= 3,
	AS_EXITING		= 4,
	AS_NO_WRITEBACK_TAGS	= 5,
	AS_RELEASE_ALWAYS	= 6,
	AS_STABLE_WRITES	= 7,
	AS_INACCESSIBLE		= 8,
	AS_KERNEL_FILE		= 10,
	AS_FOLIO_ORDER_BITS	= 5,
	AS_FOLIO_ORDER_MIN	= 16,
	AS_FOLIO_ORDER_MAX	= AS_FOLIO_ORDER_MIN + AS_FOLIO_ORDER_BITS,
};

#define AS_FOLIO_ORDER_BITS_MASK ((1u << AS_FOLIO_ORDER_BITS) - 1)
#define AS_FOLIO_ORDER_MIN_MASK	(AS_FOLIO_ORDER_BITS_MASK << AS_FOLIO_ORDER_MIN)
#define AS_FOLIO_ORDER_MAX_MASK	(AS_FOLIO_ORDER_BITS_MASK << AS_FOLIO_ORDER_MAX)
#define AS_FOLIO_ORDER_MASK	(AS_FOLIO_ORDER_MIN_MASK | AS_FOLIO_ORDER_MAX_MASK)

#define MAX_PAGECACHE_ORDER	HPAGE_PMD_ORDER

static inline bool mapping_empty(const struct address_space *mapping)
{
	return xa_empty(&mapping->i_pages);
}

/* Accessors of the bits in address_space.flags. */
#define __MAPPING_CHANGE(_func, _change, _bit)				\
static inline void _func(struct address_space *mapping)			\
{									\
	_change(_bit, &mapping->flags);					\
}
#define __MAPPING_TEST(_func, _bit)					\
static inline bool _func(const struct address_space *mapping)		\
{									\
	return test_bit(_bit, &mapping->flags);				\
}

__MAPPING_CHANGE(mapping_set_exiting, set_bit, AS_EXITING)
__MAPPING_CHANGE(mapping_set_no_writeback_tags, set_bit, AS_NO_WRITEBACK_TAGS)
__MAPPING_CHANGE(mapping_set_unevictable, set_bit, AS_UNEVICTABLE)
__MAPPING_CHANGE(mapping_clear_unevictable, clear_bit, AS_UNEVICTABLE)
__MAPPING_TEST(mapping_release_always, AS_RELEASE_ALWAYS)
__MAPPING_TEST(mapping_inaccessible, AS_INACCESSIBLE)

static inline int mapping_exiting(const struct address_space *mapping)
{
	return test_bit(AS_EXITING, &mapping->flags);
}

/** mapping_unevictable() - @mapping, which may be NULL, keeps its folios in memory. */
static inline bool mapping_unevictable(const struct address_space *mapping)
{
	return mapping && test_bit(AS_UNEVICTABLE, &mapping->flags);
}

/** mapping_set_inaccessible() - the kernel must not read or write the contents. */
static inline void mapping_set_inaccessible(struct address_space *mapping)
{
	/* Writing it out would be reading it. */
	mapping_set_unevictable(mapping);
	set_bit(AS_INACCESSIBLE, &mapping->flags);
}

static inline gfp_t mapping_gfp_mask(const struct address_space *mapping)
{
	return mapping->gfp_mask;
}

static inline gfp_t mapping_gfp_constraint(const struct address_space *mapping, gfp_t gfp)
{
	return mapping_gfp_mask(mapping) & gfp;
}

static inline void mapping_set_gfp_mask(struct address_space *mapping, gfp_t mask)
{
	mapping->gfp_mask = mask;
}

static inline void mapping_set_folio_order_range(struct address_space *mapping,
						 unsigned int min, unsigned int max)
{
	unsigned long lowest = min_t(unsigned int, min, MAX_PAGECACHE_ORDER);
	unsigned long highest = clamp_t(unsigned int, max, lowest, MAX_PAGECACHE_ORDER);
	unsigned long others = mapping->flags & ~(unsigned long)AS_FOLIO_ORDER_MASK;

	mapping->flags = others | lowest << AS_FOLIO_ORDER_MIN | highest << AS_FOLIO_ORDER_MAX;
}

static inline void mapping_set_large_folios(struct address_space *mapping)
{
	mapping_set_folio_order_range(mapping, 0, MAX_PAGECACHE_ORDER);
}

static inline unsigned int mapping_max_folio_order(const struct address_space *mapping)
{
	return (mapping->flags & AS_FOLIO_ORDER_MAX_MASK) >> AS_FOLIO_ORDER_MAX;
}

static inline unsigned int mapping_min_folio_order(const struct address_space *mapping)
{
	return (mapping->flags & AS_FOLIO_ORDER_MIN_MASK) >> AS_FOLIO_ORDER_MIN;
}

static inline unsigned long mapping_min_folio_nrpages(const struct address_space *mapping)
{
	return 1UL << mapping_min_folio_order(mapping);
}

static inline bool mapping_large_folio_support(const struct address_space *mapping)
{
	return mapping_max_folio_order(mapping) > 0;
}

struct address_space *folio_mapping(const struct folio *folio);

static inline struct inode *folio_inode(struct folio *folio)
{
	return folio->mapping->host;
}

/* Lookup and creation */
typedef unsigned int fgf_t;

#define FGP_ACCESSED		((fgf_t)0x00000001)
#define FGP_LOCK		((fgf_t)0x00000002)
#define FGP_CREAT		((fgf_t)0x00000004)
#define FGP_WRITE		((fgf_t)0x00000008)
#define FGP_NOFS		((fgf_t)0x00000010)
#define FGP_NOWAIT		((fgf_t)0x00000020)
#define FGP_FOR_MMAP		((fgf_t)0x00000040)
#define FGP_STABLE		((fgf_t)0x00000080)
#define FGP_DONTCACHE		((fgf_t)0x00000100)
#define FGF_GET_ORDER(fgf)	(((unsigned int)(fgf)) >> 26)
#define FGP_WRITEBEGIN		(FGP_LOCK | FGP_WRITE | FGP_CREAT | FGP_STABLE)

/** fgf_set_order() - flags that ask for a folio of @size bytes. */
static inline fgf_t fgf_set_order(size_t size)
{
	if (size <= PAGE_SIZE)
		return 0;
	return (fgf_t)(BITS_PER_LONG - 1 - __builtin_clzl(size) - PAGE_SHIFT) << 26;
}

struct folio *filemap_alloc_folio(gfp_t gfp, unsigned int order, struct mempolicy *policy);
void *filemap_get_entry(struct address_space *mapping, pgoff_t index);
struct folio *__filemap_get_folio_mpol(struct address_space *mapping, pgoff_t index,
				       fgf_t fgp_flags, gfp_t gfp, struct mempolicy *policy);

static inline struct folio *__filemap_get_folio(struct address_space *mapping, pgoff_t index,
						fgf_t fgp_flags, gfp_t gfp)
{
	return __filemap_get_folio_mpol(mapping, index, fgp_flags, gfp, NULL);
}

/** filemap_get_folio() - a present folio with a reference, or ERR_PTR(-ENOENT). */
static inline struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index)
{
	return __filemap_get_folio(mapping, index, 0, 0);
}

/** filemap_lock_folio() - the same, locked. */
static inline struct folio *filemap_lock_folio(struct address_space *mapping, pgoff_t index)
{
	return __filemap_get_folio(mapping, index, FGP_LOCK, 0);
}

/** filemap_grab_folio() - the same, created if absent. */
static inline struct folio *filemap_grab_folio(struct address_space *mapping, pgoff_t index)
{
	return __filemap_get_folio(mapping, index, FGP_LOCK | FGP_ACCESSED | FGP_CREAT,
				   mapping_gfp_mask(mapping));
}

static inline pgoff_t folio_next_index(const struct folio *folio)
{
	return folio->index + folio_nr_pages(folio);
}

static inline struct page *folio_file_page(struct folio *folio, pgoff_t index)
{
	return folio_page(folio, index & (folio_nr_pages(folio) - 1));
}

static inline bool folio_contains(const struct folio *folio, pgoff_t index)
{
	return index - folio->index < folio_nr_pages(folio);
}

static inline pgoff_t folio_pgoff(const struct folio *folio)
{
	return folio->index;
}

static inline loff_t folio_pos(const struct folio *folio)
{
	return (loff_t)folio->index * PAGE_SIZE;
}

static inline loff_t folio_next_pos(const struct folio *folio)
{
	return (loff_t)folio_next_index(folio) << PAGE_SHIFT;
}

static inline pgoff_t linear_page_index(const struct vm_area_struct *vma, unsigned long address)
{
	return ((address - vma->vm_start) >> PAGE_SHIFT) + vma_start_pgoff(vma);
}

unsigned int filemap_get_folios(struct address_space *mapping, pgoff_t *start, pgoff_t end,
				struct folio_batch *fbatch);
unsigned int find_lock_entries(struct address_space *mapping, pgoff_t *start, pgoff_t end,
			       struct folio_batch *fbatch, pgoff_t *indices);
unsigned int find_get_entries(struct address_space *mapping, pgoff_t *start, pgoff_t end,
			      struct folio_batch *fbatch, pgoff_t *indices);
bool filemap_range_has_page(struct address_space *mapping, loff_t lstart, loff_t lend);

int __filemap_add_folio(struct address_space *mapping, struct folio *folio, pgoff_t index,
			gfp_t gfp, void **shadowp);
int filemap_add_folio(struct address_space *mapping, struct folio *folio, pgoff_t index,
		      gfp_t gfp);
void filemap_remove_folio(struct folio *folio);
void __filemap_remove_folio(struct folio *folio, void *shadow);
void delete_from_page_cache_batch(struct address_space *mapping, struct folio_batch *fbatch);
bool filemap_release_folio(struct folio *folio, gfp_t gfp);
void folio_invalidate(struct folio *folio, size_t offset, size_t length);
unsigned long invalidate_mapping_pages(struct address_space *mapping, pgoff_t start,
				       pgoff_t end);

/* The folio lock */
void folio_lock(struct folio *folio);
int __must_check folio_lock_killable(struct folio *folio);
void folio_unlock(struct folio *folio);
void unlock_page(struct page *page);
bool folio_trylock(struct folio *folio);
void folio_wait_bit(struct folio *folio, int bit_nr);
void folio_end_read(struct folio *folio, bool success);

static inline void lock_page(struct page *page)
{
	folio_lock(page_folio(page));
}

static inline bool trylock_page(struct page *page)
{
	return folio_trylock(page_folio(page));
}

static inline void folio_wait_locked(struct folio *folio)
{
	folio_wait_bit(folio, PG_locked);
}

/* Nothing is ever written back. */
static inline void folio_wait_writeback(struct folio *folio) {}
static inline void folio_wait_stable(struct folio *folio) {}

void folio_cancel_dirty(struct folio *folio);
bool noop_dirty_folio(struct address_space *mapping, struct folio *folio);
bool filemap_dirty_folio(struct address_space *mapping, struct folio *folio);

#endif /* _LINUX_PAGEMAP_H */
