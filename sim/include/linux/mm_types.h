/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

/*
 * Simulated: what memory is made of, as include/linux/mm_types.h of Linux 7.3 has it.
 *
 * Kernel promises: one struct page of 64 bytes for each page frame; a folio is the struct
 *	page of its first page, seen with the second and third at hand.
 * Modelled: the fields that page cache, buddy allocator, slab, KHO and memory failure use,
 *	where the kernel has them. A process's page table is an array of pages by address.
 * Left out: LRU lists, rmap of anonymous memory, memory cgroups, page table levels,
 *	per-VMA locks, the interval tree of a mapping's VMAs (a list instead).
 * Scheduling points: none here; see <linux/page-flags.h> and <linux/mm.h>.
 */

#include <asm/page.h>
#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/list.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct address_space;
struct file;
struct kmem_cache;
struct mempolicy;
struct mm_struct;
struct vm_operations_struct;

typedef struct {
	unsigned long f;
} memdesc_flags_t;

/**
 * struct page - one page frame.
 * @flags:         PG_*, atomic; the NUMA node in the top bits
 * @lru:           free list of the buddy allocator, or the owner's
 * @mapping:       page cache it belongs to
 * @__folio_index: page offset in @mapping
 * @private:       the owner's; order of a free block; KHO's mark of withheld memory
 * @slab_cache:    cache that a slab page belongs to
 * @slab_list:     list of that cache's slabs with free objects
 * @free_objects:  one bit for each object of a slab that is free
 * @objects_used:  objects of a slab from here on were never allocated
 * @objects:       objects of a slab
 * @slab_cpu:      whose the slab is while tasks run beside each other
 * @compound_info: tail pages: the head page, with bit 0 set
 * @page_type:     ~PGTY_* while the page has a type, else -1
 * @_mapcount:     user mappings of this page, minus one
 * @_refcount:     references; 0 while free, withheld or frozen
 */
struct page {
	memdesc_flags_t flags;
	union {
		struct {
			union {
				struct list_head lru;
				struct list_head buddy_list;
			};
			struct address_space *mapping;
			union {
				pgoff_t __folio_index;
				unsigned long share;
			};
			unsigned long private;
		};
		struct {
			struct kmem_cache *slab_cache;
			struct list_head slab_list;
			unsigned long free_objects;
			struct {
				unsigned int objects_used;
				unsigned short objects;
				unsigned short slab_cpu;
			};
		};
		struct {
			unsigned long compound_info;
		};
		struct rcu_head rcu_head;
	};
	union {
		unsigned int page_type;
		atomic_t _mapcount;
	};
	atomic_t _refcount;
	unsigned long memcg_data;
};

static_assert(sizeof(struct page) == 64, "struct page has the kernel's size");

/**
 * struct folio - a naturally aligned power of two of pages, used as one.
 * @index:            page offset in @mapping
 * @_flags_1:         its lowest 8 bits are the order, of a large folio only
 * @_large_mapcount:  user mappings of all pages of a large folio, minus one
 * @_nr_pages_mapped: unused; rmap statistics in the kernel
 * @_pincount:        pins of a large folio
 * @_nr_pages:        number of pages, of a large folio only
 */
struct folio {
	union {
		struct {
			memdesc_flags_t flags;
			struct list_head lru;
			struct address_space *mapping;
			union {
				pgoff_t index;
				unsigned long share;
			};
			void *private;
			atomic_t _mapcount;
			atomic_t _refcount;
			unsigned long memcg_data;
		};
		struct page page;
	};
	union {
		struct {
			unsigned long _flags_1;
			unsigned long _head_1;
			union {
				struct {
					atomic_t _large_mapcount;
					atomic_t _nr_pages_mapped;
					atomic_t _entire_mapcount;
					atomic_t _pincount;
				};
				unsigned long _usable_1[4];
			};
			atomic_t _mapcount_1;
			atomic_t _refcount_1;
			unsigned int _nr_pages;
		};
		struct page __page_1;
	};
	union {
		struct {
			unsigned long _flags_2;
			unsigned long _head_2;
			struct list_head _deferred_list;
		};
		struct page __page_2;
	};
};

#define FOLIO_MATCH(pg, fl)								\
	static_assert(offsetof(struct page, pg) == offsetof(struct folio, fl), #fl)
FOLIO_MATCH(flags, flags);
FOLIO_MATCH(lru, lru);
FOLIO_MATCH(mapping, mapping);
FOLIO_MATCH(compound_info, lru);
FOLIO_MATCH(__folio_index, index);
FOLIO_MATCH(private, private);
FOLIO_MATCH(_mapcount, _mapcount);
FOLIO_MATCH(_refcount, _refcount);
FOLIO_MATCH(memcg_data, memcg_data);
#undef FOLIO_MATCH
static_assert(offsetof(struct folio, _head_1) ==
	      sizeof(struct page) + offsetof(struct page, compound_info), "_head_1");
static_assert(offsetof(struct folio, _refcount_1) ==
	      sizeof(struct page) + offsetof(struct page, _refcount), "_refcount_1");

typedef unsigned long vm_flags_t;
typedef unsigned int vm_fault_t;

typedef struct {
	unsigned long pgprot;
} pgprot_t;

/**
 * struct vm_area_struct - one mapping of a process.
 * @vm_start:    first address
 * @vm_end:      address after the last
 * @vm_mm:       the process's memory it is part of
 * @vm_page_prot: not used: the flags say all
 * @vm_flags:    VM_*
 * @vm_ops:      methods, set by the file's mmap()
 * @vm_pgoff:    page offset in the file of @vm_start
 * @vm_file:     the file mapped; holds a reference
 * @vm_private_data: the file's
 * @vm_policy:   NUMA policy, NULL for the default
 * @vm_list:     in &mm_struct.vmas, sorted by address
 * @i_mmap_node: in &address_space.i_mmap
 */
struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	vm_flags_t vm_flags;
	const struct vm_operations_struct *vm_ops;
	unsigned long vm_pgoff;
	struct file *vm_file;
	void *vm_private_data;
	struct mempolicy *vm_policy;
	struct list_head vm_list;
	struct list_head i_mmap_node;
};

/**
 * struct mm_struct - a process's memory.
 * @mm_count:        references to this struct; those of a process with memory are one
 * @mmap_lock:  protects the list of VMAs
 * @vmas:       VMAs by address
 * @map_count:  their number
 * @page_table: present pages by address >> PAGE_SHIFT; mm/memory.c says how
 */
struct mm_struct {
	atomic_t mm_count;
	struct rw_semaphore mmap_lock;
	struct list_head vmas;
	int map_count;
	struct xarray page_table;
};

/* Results of &vm_operations_struct.fault; the kernel's values. */
enum vm_fault_reason {
	VM_FAULT_OOM		= 0x000001,
	VM_FAULT_SIGBUS		= 0x000002,
	VM_FAULT_MAJOR		= 0x000004,
	VM_FAULT_HWPOISON	= 0x000010,
	VM_FAULT_HWPOISON_LARGE	= 0x000020,
	VM_FAULT_SIGSEGV	= 0x000040,
	VM_FAULT_NOPAGE		= 0x000100,
	VM_FAULT_LOCKED		= 0x000200,
	VM_FAULT_RETRY		= 0x000400,
	VM_FAULT_FALLBACK	= 0x000800,
	VM_FAULT_DONE_COW	= 0x001000,
	VM_FAULT_NEEDDSYNC	= 0x002000,
	VM_FAULT_COMPLETED	= 0x004000,
	VM_FAULT_HINDEX_MASK	= 0x0f0000,
};

#define VM_FAULT_ERROR									\
	(VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV | VM_FAULT_HWPOISON |	\
	 VM_FAULT_HWPOISON_LARGE | VM_FAULT_FALLBACK)

enum fault_flag {
	FAULT_FLAG_WRITE		= 1 << 0,
	FAULT_FLAG_MKWRITE		= 1 << 1,
	FAULT_FLAG_ALLOW_RETRY		= 1 << 2,
	FAULT_FLAG_RETRY_NOWAIT		= 1 << 3,
	FAULT_FLAG_KILLABLE		= 1 << 4,
	FAULT_FLAG_TRIED		= 1 << 5,
	FAULT_FLAG_USER			= 1 << 6,
	FAULT_FLAG_REMOTE		= 1 << 7,
	FAULT_FLAG_INSTRUCTION		= 1 << 8,
	FAULT_FLAG_INTERRUPTIBLE	= 1 << 9,
	FAULT_FLAG_UNSHARE		= 1 << 10,
	FAULT_FLAG_ORIG_PTE_VALID	= 1 << 11,
	FAULT_FLAG_VMA_LOCK		= 1 << 12,
};

#endif /* _LINUX_MM_TYPES_H */
