/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __MM_INTERNAL_H
#define __MM_INTERNAL_H

/* Simulated: what the files of mm/ share with each other, as mm/internal.h of Linux 7.3. */

#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/pagemap.h>

/*
 * An allocator's own lock. Which page, object or address a task gets doesn't depend on others
 * (cpu_parts.h), so taking it isn't a scheduling point and nothing is while it is held: tasks as
 * fibers never find it taken. It is there for kernels whose tasks are threads.
 */
struct mm_guard {
	int taken;
};

static inline void mm_guard_lock(struct mm_guard *guard)
{
	/* First, so that nobody sees how it is taken. */
	__atomic_fetch_add(&sim_points_off, 1, __ATOMIC_RELAXED);
	while (__builtin_expect(__atomic_exchange_n(&guard->taken, 1, __ATOMIC_ACQUIRE), 0))
		__builtin_ia32_pause();
}

static inline void mm_guard_unlock(struct mm_guard *guard)
{
	__atomic_store_n(&guard->taken, 0, __ATOMIC_RELEASE);
	__atomic_fetch_sub(&sim_points_off, 1, __ATOMIC_RELAXED);
}

static inline void might_alloc(gfp_t gfp)
{
	if (gfpflags_allow_blocking(gfp))
		might_sleep();
}

/* page_alloc.c */
void page_alloc_init(void);
struct page *alloc_frozen_pages(gfp_t gfp, unsigned int order, int nid);
void free_frozen_pages(struct page *page, unsigned int order);
bool take_page_off_buddy(struct page *page);
bool is_free_buddy_page(const struct page *page);
unsigned long sim_pages_in_use(void);
void sim_page_lost(void);
unsigned long sim_lost_pages(void);

/* mm_init.c */
void sim_memmap_ready_range(unsigned long pfn, unsigned long nr);

/* memblock.c */
void memblock_sim_init(void);
void memblock_sim_done(void);
bool memblock_sim_next_free(phys_addr_t *start, phys_addr_t *end, phys_addr_t limit);

/* slub.c */
unsigned long sim_slab_pages(void);
void sim_slab_census(void (*item)(void *ctx, const char *name, host_u64 value,
				  enum host_census rule), void *ctx);

struct sim_state;
void sim_slab_state(struct sim_state *s);

/* vmalloc.c */
unsigned long sim_vmalloc_areas(void);

/* filemap.c */
int filemap_insert_folio(struct address_space *mapping, struct folio *folio, pgoff_t index,
			 gfp_t gfp);

/* shmem.c */
int shmem_add_to_page_cache(struct folio *folio, struct address_space *mapping, pgoff_t index,
			    void *expected, gfp_t gfp);
int shmem_inode_acct_blocks(struct inode *inode, long pages);
bool shmem_recalc_inode(struct inode *inode, long alloced, long swapped);

/* folio_lock.c */
void sim_folio_born_locked(struct folio *folio);

/* swap.c */
void folio_lru_release(struct folio *folio);
bool folio_isolate_lru(struct folio *folio);
void folio_putback_lru(struct folio *folio);

/* migrate.c */

/**
 * struct migration_target_control - where alloc_migration_target() allocates.
 * @nid:      node to prefer, or NUMA_NO_NODE for that of the folio
 * @nmask:    NULL
 * @gfp_mask: how
 * @reason:   why
 */
struct migration_target_control {
	int nid;
	nodemask_t *nmask;
	gfp_t gfp_mask;
	enum migrate_reason reason;
};

/* truncate.c */
int truncate_inode_folio(struct address_space *mapping, struct folio *folio);
bool truncate_inode_partial_folio(struct folio *folio, loff_t start, loff_t end);
long mapping_evict_folio(struct address_space *mapping, struct folio *folio);

/* memory.c */
void sim_zap_range(struct vm_area_struct *vma, unsigned long start, unsigned long end);
int sim_fault_in(unsigned long addr, bool write, bool user);
struct page *sim_present_page(struct mm_struct *mm, unsigned long addr, bool write);
void sim_present_page_done(struct mm_struct *mm);

/* mmap.c */
/*
 * Where no host maps anything by itself: what lies in sim_boot's user memory is taken for
 * system call arguments, and that is wherever mmap() put it in this process.
 */
#define SIM_MMAP_BASE	0x300000000000UL
unsigned long sim_vmas(void);

#endif /* __MM_INTERNAL_H */
