/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

/*
 * Simulated: folios, mappings of processes and page faults, as include/linux/mm.h of
 * Linux 7.3.
 *
 * Kernel promises: a folio is freed with its last reference; a fault calls the file's
 *	fault(), and the page it returns is mapped while it is locked; truncation unmaps.
 * Modelled: shared mappings of files, with protection, hwpoison entries and unmapping
 *	by file range.
 * Left out: anonymous memory, private mappings, fork, mlock, huge pages, per-VMA locks.
 * Scheduling points: those of reference counts, page flags and locks.
 */

#include <asm/memory.h>
#include <linux/align.h>
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm_types.h>
#include <linux/mmdebug.h>
#include <linux/mmzone.h>
#include <linux/overflow.h>
#include <linux/page-flags.h>
#include <linux/page_ref.h>
#include <linux/pfn.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/types.h>

struct folio_batch;
struct inode;
struct task_struct;

#define PAGE_ALIGN(addr)	ALIGN(addr, PAGE_SIZE)
#define PAGE_ALIGN_DOWN(addr)	ALIGN_DOWN(addr, PAGE_SIZE)
#define PAGE_ALIGNED(addr)	IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)
#define offset_in_page(p)	((unsigned long)(p) & ~PAGE_MASK)
#define offset_in_folio(folio, p) ((unsigned long)(p) & (folio_size(folio) - 1))

#define MAX_FOLIO_ORDER		MAX_PAGE_ORDER
#define TASK_SIZE_MAX		0x7ffffffff000UL
#define TASK_SIZE		TASK_SIZE_MAX

/* vm_flags */
#define VM_NONE		0x00000000UL
#define VM_READ		0x00000001UL
#define VM_WRITE	0x00000002UL
#define VM_EXEC		0x00000004UL
#define VM_SHARED	0x00000008UL
#define VM_MAYREAD	0x00000010UL
#define VM_MAYWRITE	0x00000020UL
#define VM_MAYEXEC	0x00000040UL
#define VM_MAYSHARE	0x00000080UL
#define VM_GROWSDOWN	0x00000100UL
#define VM_PFNMAP	0x00000400UL
#define VM_LOCKED	0x00002000UL
#define VM_IO		0x00004000UL
#define VM_DONTCOPY	0x00020000UL
#define VM_DONTEXPAND	0x00040000UL
#define VM_NORESERVE	0x00200000UL
#define VM_DONTDUMP	0x04000000UL
#define VM_MIXEDMAP	0x10000000UL
#define VM_HUGEPAGE	0x20000000UL
#define VM_NOHUGEPAGE	0x40000000UL

static inline void vm_flags_init(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags = flags;
}

static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags &= ~flags;
}

/**
 * struct vm_fault - one page fault.
 * @vma:          mapping it happened in
 * @gfp_mask:     how to allocate
 * @pgoff:        page offset in the file
 * @address:      address, rounded down to a page
 * @real_address: address
 * @flags:        FAULT_FLAG_*
 * @cow_page:     NULL: no private mappings
 * @page:         set by fault() unless it returns an error or VM_FAULT_NOPAGE
 */
struct vm_fault {
	struct vm_area_struct *vma;
	gfp_t gfp_mask;
	pgoff_t pgoff;
	unsigned long address;
	unsigned long real_address;
	enum fault_flag flags;
	struct page *cow_page;
	struct page *page;
};

struct vm_operations_struct {
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
	int (*may_split)(struct vm_area_struct *vma, unsigned long addr);
	int (*mremap)(struct vm_area_struct *vma);
	int (*mprotect)(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			unsigned long newflags);
	vm_fault_t (*fault)(struct vm_fault *vmf);
	vm_fault_t (*huge_fault)(struct vm_fault *vmf, unsigned int order);
	vm_fault_t (*map_pages)(struct vm_fault *vmf, pgoff_t start_pgoff, pgoff_t end_pgoff);
	unsigned long (*pagesize)(struct vm_area_struct *vma);
	vm_fault_t (*page_mkwrite)(struct vm_fault *vmf);
	vm_fault_t (*pfn_mkwrite)(struct vm_fault *vmf);
	int (*access)(struct vm_area_struct *vma, unsigned long addr, void *buf, int len,
		      int write);
	const char *(*name)(struct vm_area_struct *vma);
	int (*set_policy)(struct vm_area_struct *vma, struct mempolicy *new);
	struct mempolicy *(*get_policy)(struct vm_area_struct *vma, unsigned long addr,
					pgoff_t *ilx);
};

static inline vm_fault_t vmf_error(int err)
{
	if (err == -ENOMEM)
		return VM_FAULT_OOM;
	if (err == -EHWPOISON)
		return VM_FAULT_HWPOISON;
	return VM_FAULT_SIGBUS;
}

/* NUMA node of a page */
static inline int page_to_nid(const struct page *page)
{
	return page->flags.f >> SIM_PAGE_NODE_SHIFT;
}

static inline int folio_nid(const struct folio *folio)
{
	return page_to_nid(&folio->page);
}

int pfn_to_nid(unsigned long pfn);
int early_pfn_to_nid(unsigned long pfn);

/** pfn_to_online_page() - NULL if @pfn isn't memory. */
static inline struct page *pfn_to_online_page(unsigned long pfn)
{
	return pfn_valid(pfn) ? pfn_to_page(pfn) : NULL;
}

static inline struct zone *page_zone(const struct page *page)
{
	return &NODE_DATA(page_to_nid(page))->node_zones[0];
}

static inline struct zone *folio_zone(const struct folio *folio)
{
	return page_zone(&folio->page);
}

static inline struct folio *pfn_folio(unsigned long pfn)
{
	return page_folio(pfn_to_page(pfn));
}

static inline unsigned long folio_pfn(const struct folio *folio)
{
	return page_to_pfn(&folio->page);
}

static inline void *page_address(const struct page *page)
{
	return __va(page_to_phys(page));
}

#define lowmem_page_address(page)	page_address(page)

static inline void *folio_address(const struct folio *folio)
{
	return page_address(&folio->page);
}

static inline struct page *virt_to_head_page(const void *x)
{
	return compound_head(virt_to_page(x));
}

static inline struct folio *virt_to_folio(const void *x)
{
	return page_folio(virt_to_page(x));
}

static inline unsigned int folio_large_order(const struct folio *folio)
{
	return folio->_flags_1 & 0xff;
}

static inline unsigned int folio_order(const struct folio *folio)
{
	return folio_test_large(folio) ? folio_large_order(folio) : 0;
}

static inline unsigned int compound_order(const struct page *page)
{
	return folio_order((const struct folio *)page);
}

static inline unsigned long folio_nr_pages(const struct folio *folio)
{
	return folio_test_large(folio) ? folio->_nr_pages : 1;
}

static inline unsigned long compound_nr(const struct page *page)
{
	return folio_nr_pages((const struct folio *)page);
}

static inline unsigned int folio_shift(const struct folio *folio)
{
	return PAGE_SHIFT + folio_order(folio);
}

static inline size_t folio_size(const struct folio *folio)
{
	return PAGE_SIZE << folio_order(folio);
}

static inline size_t page_size(const struct page *page)
{
	return PAGE_SIZE << compound_order(page);
}

static inline unsigned long folio_page_idx(const struct folio *folio, const struct page *page)
{
	return page - &folio->page;
}

static inline struct folio *folio_next(struct folio *folio)
{
	return (struct folio *)folio_page(folio, folio_nr_pages(folio));
}

static inline void *folio_get_private(const struct folio *folio)
{
	return folio->private;
}

static inline void set_page_private(struct page *page, unsigned long private)
{
	page->private = private;
}

static inline unsigned long page_private(const struct page *page)
{
	return page->private;
}

/* User mappings */
static inline int folio_mapcount(const struct folio *folio)
{
	if (folio_test_large(folio))
		return atomic_read(&folio->_large_mapcount) + 1;
	return atomic_read(&folio->_mapcount) + 1;
}

static inline bool folio_mapped(const struct folio *folio)
{
	return folio_mapcount(folio) >= 1;
}

/**
 * folio_expected_ref_count() - references that the page cache and page tables explain.
 *
 * The caller's own are not among them; anything above that is a user that can't be told to
 * let go: a pin, for example.
 */
static inline int folio_expected_ref_count(const struct folio *folio)
{
	int cache = folio->mapping ? 1 << folio_order(folio) : 0;

	return cache + folio_test_private(folio) + folio_mapcount(folio);
}

/* References */
void __folio_put(struct folio *folio);

/** sim_ref_peek() - the count, without letting others run; for checks only. */
static inline int sim_ref_peek(const struct page *page)
{
	return __atomic_load_n(&page->_refcount.counter, __ATOMIC_RELAXED);
}

static inline void folio_get(struct folio *folio)
{
	WARN_ON((unsigned int)sim_ref_peek(&folio->page) + 127u <= 127u);
	folio_ref_inc(folio);
}

static inline void get_page(struct page *page)
{
	folio_get(page_folio(page));
}

/* Putting what nobody has is a BUG in the kernel's debug builds; here it is reported. */
static inline int put_page_testzero(struct page *page)
{
	if (WARN_ON(sim_ref_peek(page) == 0))
		return 0;
	return page_ref_dec_and_test(page);
}

static inline int folio_put_testzero(struct folio *folio)
{
	return put_page_testzero(&folio->page);
}

/** folio_put() - drops a reference; frees the folio with the last one. */
static inline void folio_put(struct folio *folio)
{
	if (folio_put_testzero(folio))
		__folio_put(folio);
}

static inline void folio_put_refs(struct folio *folio, int refs)
{
	if (folio_ref_sub_and_test(folio, refs))
		__folio_put(folio);
}

static inline void put_page(struct page *page)
{
	folio_put(page_folio(page));
}

void folios_put(struct folio_batch *folios);
void release_pages(struct page **pages, int nr);

#define GUP_PIN_COUNTING_BIAS	(1U << 10)

void unpin_folio(struct folio *folio);
void unpin_folios(struct folio **folios, unsigned long nfolios);
long memfd_pin_folios(struct file *memfd, loff_t start, loff_t end, struct folio **folios,
		      unsigned int max_folios, pgoff_t *offset);

#define FOLL_WRITE	(1 << 0)
#define FOLL_GET	(1 << 1)
#define FOLL_PIN	(1 << 18)
#define FOLL_LONGTERM	(1 << 8)

int get_user_pages_fast(unsigned long start, int nr_pages, unsigned int gup_flags,
			struct page **pages);

/* Compound pages and boot */
void prep_compound_page(struct page *page, unsigned int order);
void split_page(struct page *page, unsigned int order);
void adjust_managed_page_count(struct page *page, long count);
void free_reserved_page(struct page *page);
unsigned long free_reserved_area(void *start, void *end, int poison, const char *s);
unsigned long totalram_pages(void);
unsigned long nr_free_pages(void);

static inline void clear_page_tag_ref(struct page *page) {}
static inline void flush_dcache_folio(struct folio *folio) {}
static inline void flush_dcache_page(struct page *page) {}

static inline int get_order(unsigned long size)
{
	if (!size)
		return BITS_PER_LONG - PAGE_SHIFT;
	size = (size - 1) >> PAGE_SHIFT;
	return size ? BITS_PER_LONG - __builtin_clzl(size) : 0;
}

/* Contents */
bool folio_mark_dirty(struct folio *folio);
bool set_page_dirty(struct page *page);

/* Memory of processes */
struct mm_struct *mm_create(void);
void mm_exit(struct mm_struct *mm);
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr);
unsigned long vm_mmap_pgoff(struct file *file, unsigned long addr, unsigned long len,
			    unsigned long prot, unsigned long flag, unsigned long pgoff);
unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len,
		      unsigned long prot, unsigned long flag, unsigned long offset);
unsigned long ksys_mmap_pgoff(unsigned long addr, unsigned long len, unsigned long prot,
			      unsigned long flags, unsigned long fd, unsigned long pgoff);
int vm_munmap(unsigned long start, size_t len);
int do_madvise(struct mm_struct *mm, unsigned long start, size_t len, int behavior);
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address,
			   unsigned int flags);

void unmap_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t nr,
			 bool even_cows);
void unmap_mapping_range(struct address_space *mapping, loff_t holebegin, loff_t holelen,
			 int even_cows);
void unmap_mapping_folio(struct folio *folio);
void zap_vma_range(struct vm_area_struct *vma, unsigned long address, unsigned long size);

static inline void unmap_shared_mapping_range(struct address_space *mapping,
					      loff_t holebegin, loff_t holelen)
{
	unmap_mapping_range(mapping, holebegin, holelen, 0);
}

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

static inline pgoff_t vma_start_pgoff(const struct vm_area_struct *vma)
{
	return vma->vm_pgoff;
}

static inline pgoff_t vma_end_pgoff(const struct vm_area_struct *vma)
{
	return vma_start_pgoff(vma) + vma_pages(vma);
}

static inline void mmap_read_lock(struct mm_struct *mm)
{
	down_read(&mm->mmap_lock);
}

static inline void mmap_read_unlock(struct mm_struct *mm)
{
	up_read(&mm->mmap_lock);
}

static inline void mmap_write_lock(struct mm_struct *mm)
{
	down_write(&mm->mmap_lock);
}

static inline void mmap_write_unlock(struct mm_struct *mm)
{
	up_write(&mm->mmap_lock);
}

/* Truncation */
void truncate_pagecache(struct inode *inode, loff_t newsize);
void truncate_setsize(struct inode *inode, loff_t newsize);
void truncate_pagecache_range(struct inode *inode, loff_t offset, loff_t end);
void truncate_inode_pages(struct address_space *mapping, loff_t lstart);
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, uoff_t lend);
void truncate_inode_pages_final(struct address_space *mapping);
int generic_error_remove_folio(struct address_space *mapping, struct folio *folio);

/* Memory failure */
enum mf_flags {
	MF_COUNT_INCREASED	= 1 << 0,
	MF_ACTION_REQUIRED	= 1 << 1,
	MF_MUST_KILL		= 1 << 2,
	MF_SOFT_OFFLINE		= 1 << 3,
	MF_UNPOISON		= 1 << 4,
	MF_SW_SIMULATED		= 1 << 5,
	MF_NO_RETRY		= 1 << 6,
	MF_MEM_PRE_REMOVE	= 1 << 7,
};

enum mf_result {
	MF_IGNORED,
	MF_FAILED,
	MF_DELAYED,
	MF_RECOVERED,
};

int memory_failure(unsigned long pfn, int flags);
int soft_offline_page(unsigned long pfn, int flags);

/* Entry points of the image and of main.c */
void mm_early_init(void);
void kmem_cache_init(void);
void vmalloc_init(void);
void pagecache_init(void);
void mm_census(void (*item)(void *ctx, const char *name, host_u64 value,
			    enum host_census rule), void *ctx);
int sim_user_access(unsigned long addr, void *buf, host_size len, int write);
int sim_memory_failure(host_u64 pfn);
int sim_kernel_page(host_u64 pfn);
int sim_file_page(host_u64 pfn);

#endif /* _LINUX_MM_H */
