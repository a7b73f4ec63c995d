// SPDX-License-Identifier: GPL-2.0
/*
 * Page tables of processes, page faults, and unmapping. Semantics: mm/memory.c, mm/rmap.c
 * and arch/x86/mm/fault.c of Linux 7.3.
 *
 * Kernel promises: a page is mapped while its folio is locked and after it was seen to be in
 *	the file; what truncates a folio unmaps it under the same lock. A mapped page has a
 *	reference from each page table that maps it.
 * Modelled: shared mappings of files. An entry of &mm_struct.page_table is a page with
 *	these bits, or the marker of a page that was poisoned while mapped.
 * Left out: private mappings, read-only entries for later page_mkwrite(), the TLB.
 * Scheduling points: the xarray's, those of what fault() does. A load or store of present
 *	memory is none.
 */

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/xarray.h>

#include "internal.h"

#define PTE_WRITE	1UL
#define PTE_DIRTY	2UL	/* only together with PTE_WRITE: the array needs 10 itself */
#define PTE_BITS	3UL

/* So often a fault that found no memory is tried again before the process is killed. */
#define OOM_RETRIES	4

static unsigned long hwpoison_marker;
#define PTE_HWPOISON	((void *)&hwpoison_marker)

static struct page *pte_page(void *pte)
{
	return pte == PTE_HWPOISON ? NULL : (struct page *)((unsigned long)pte & ~PTE_BITS);
}

static bool pte_allows(void *pte, bool write)
{
	return pte && pte != PTE_HWPOISON && (!write || ((unsigned long)pte & PTE_WRITE));
}

/* Reverse mapping: how often a folio, and each page of it, is mapped. */
void folio_add_file_rmap_pte(struct folio *folio, struct page *page,
			     struct vm_area_struct *vma)
{
	if (folio_test_large(folio))
		atomic_inc(&folio->_large_mapcount);
	atomic_inc(&page->_mapcount);
}

void folio_remove_rmap_pte(struct folio *folio, struct page *page, struct vm_area_struct *vma)
{
	if (folio_test_large(folio))
		atomic_dec(&folio->_large_mapcount);
	atomic_dec(&page->_mapcount);
}

/* Drops what an entry that has left the page table stood for. */
static void release_pte(struct vm_area_struct *vma, void *pte)
{
	struct page *page = pte_page(pte);
	struct folio *folio;

	if (!page)
		return;
	folio = page_folio(page);
	if ((unsigned long)pte & PTE_DIRTY)
		folio_mark_dirty(folio);
	folio_remove_rmap_pte(folio, page, vma);
	folio_put(folio);
}

/* Unmaps [start, end) of a VMA; only pages of @only if that isn't NULL, leaving @marker. */
static void zap_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		      struct folio *only, void *marker)
{
	struct xarray *table = &vma->vm_mm->page_table;
	unsigned long index, last = (end - 1) >> PAGE_SHIFT;
	void *pte;

	if (start >= end)
		return;
	xa_for_each_range(table, index, pte, start >> PAGE_SHIFT, last) {
		if (only && (!pte_page(pte) || page_folio(pte_page(pte)) != only))
			continue;
		if (marker) {
			if (xa_cmpxchg(table, index, pte, marker, GFP_KERNEL) == pte)
				release_pte(vma, pte);
			continue;
		}
		release_pte(vma, xa_erase(table, index));
	}
}

void sim_zap_range(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	zap_range(vma, start, end, NULL, NULL);
}

void zap_vma_range(struct vm_area_struct *vma, unsigned long address, unsigned long size)
{
	zap_range(vma, address, address + size, NULL, NULL);
}

/* Unmaps page offsets [first, last] of a file from all processes. */
static void unmap_mapping(struct address_space *mapping, pgoff_t first, pgoff_t last,
			  struct folio *only, void *marker)
{
	struct vm_area_struct *vma;

	i_mmap_lock_read(mapping);
	list_for_each_entry(vma, &mapping->i_mmap, i_mmap_node) {
		pgoff_t from = max(first, vma->vm_pgoff);
		pgoff_t to = min(last, vma_end_pgoff(vma) - 1);

		if (from > to)
			continue;
		zap_range(vma, vma->vm_start + ((from - vma->vm_pgoff) << PAGE_SHIFT),
			  vma->vm_start + ((to - vma->vm_pgoff + 1) << PAGE_SHIFT), only, marker);
	}
	i_mmap_unlock_read(mapping);
}

/** unmap_mapping_pages() - unmap @nr pages of a file; 0 means up to the end. */
void unmap_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t nr,
			 bool even_cows)
{
	pgoff_t last = start + nr - 1;

	if (last < start || !nr)
		last = ULONG_MAX;
	unmap_mapping(mapping, start, last, NULL, NULL);
}

/** unmap_mapping_range() - the same in bytes. */
void unmap_mapping_range(struct address_space *mapping, loff_t holebegin, loff_t holelen,
			 int even_cows)
{
	pgoff_t start = (pgoff_t)holebegin >> PAGE_SHIFT;
	pgoff_t nr = ((pgoff_t)holelen + PAGE_SIZE - 1) >> PAGE_SHIFT;

	unmap_mapping_pages(mapping, start, nr, even_cows);
}

/** unmap_mapping_folio() - unmap a locked folio wherever it is mapped. */
void unmap_mapping_folio(struct folio *folio)
{
	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
	unmap_mapping(folio->mapping, folio->index, folio_next_index(folio) - 1, folio, NULL);
}

/** try_to_unmap() - the same, leaving a marker that faults with TTU_HWPOISON. */
void try_to_unmap(struct folio *folio, enum ttu_flags flags)
{
	if (!folio->mapping)
		return;
	unmap_mapping(folio->mapping, folio->index, folio_next_index(folio) - 1, folio,
		      flags & TTU_HWPOISON ? PTE_HWPOISON : NULL);
}

/* What the file says is at the fault: a locked page with a reference. */
static vm_fault_t __do_fault(struct vm_fault *vmf)
{
	vm_fault_t ret = vmf->vma->vm_ops->fault(vmf);
	vm_fault_t poisonret = VM_FAULT_HWPOISON;
	struct folio *folio;

	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY | VM_FAULT_DONE_COW))
		return ret;
	folio = page_folio(vmf->page);
	if (!PageHWPoison(vmf->page)) {
		if (!(ret & VM_FAULT_LOCKED))
			folio_lock(folio);
		VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
		return ret | VM_FAULT_LOCKED;
	}
	if (ret & VM_FAULT_LOCKED) {
		if (folio_mapped(folio))
			unmap_mapping_folio(folio);
		/* A clean one that nobody uses is dropped, and the access tried again. */
		if (mapping_evict_folio(folio->mapping, folio))
			poisonret = VM_FAULT_NOPAGE;
		folio_unlock(folio);
	}
	folio_put(folio);
	vmf->page = NULL;
	return poisonret;
}

/* Maps vmf->page, whose folio is locked; takes over its reference unless it fails. */
static vm_fault_t finish_fault(struct vm_fault *vmf)
{
	struct xarray *table = &vmf->vma->vm_mm->page_table;
	struct folio *folio = page_folio(vmf->page);
	unsigned long pte = (unsigned long)vmf->page;
	void *old;

	if (vmf->vma->vm_flags & VM_WRITE)
		pte |= PTE_WRITE;
	if (vmf->flags & FAULT_FLAG_WRITE)
		pte |= PTE_DIRTY;
	/* Counted before it can be seen, so that nobody takes it for unmapped. */
	folio_add_file_rmap_pte(folio, vmf->page, vmf->vma);
	old = xa_cmpxchg(table, vmf->address >> PAGE_SHIFT, NULL, (void *)pte, GFP_KERNEL);
	if (!old)
		return 0;
	folio_remove_rmap_pte(folio, vmf->page, vmf->vma);
	return xa_is_err(old) ? VM_FAULT_OOM : VM_FAULT_NOPAGE;
}

static vm_fault_t do_shared_fault(struct vm_fault *vmf)
{
	vm_fault_t ret = __do_fault(vmf);
	struct folio *folio;

	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY))
		return ret;
	folio = page_folio(vmf->page);
	sim_check(!vmf->vma->vm_ops->page_mkwrite, "page_mkwrite() isn't modelled");
	ret |= finish_fault(vmf);
	if (!(ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) && vmf->flags & FAULT_FLAG_WRITE)
		folio_mark_dirty(folio);
	folio_unlock(folio);
	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE))
		folio_put(folio);
	return ret & ~VM_FAULT_LOCKED;
}

/**
 * handle_mm_fault() - make @address accessible.
 * @flags: FAULT_FLAG_*
 *
 * Context: mmap_lock is held for reading; it isn't any more if VM_FAULT_RETRY or
 * VM_FAULT_COMPLETED is returned.
 * Return: VM_FAULT_*; with none of VM_FAULT_ERROR the access can be tried again.
 */
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address,
			   unsigned int flags)
{
	struct vm_fault vmf = {
		.vma = vma,
		.address = address & PAGE_MASK,
		.real_address = address,
		.flags = flags,
		.pgoff = linear_page_index(vma, address),
		.gfp_mask = mapping_gfp_mask(vma->vm_file->f_mapping) | __GFP_FS | __GFP_IO,
	};
	void *pte = xa_load(&vma->vm_mm->page_table, address >> PAGE_SHIFT);

	if (pte == PTE_HWPOISON)
		return VM_FAULT_HWPOISON;
	if (pte_allows(pte, flags & FAULT_FLAG_WRITE))
		return 0;
	if (!vma->vm_ops || !vma->vm_ops->fault)
		return VM_FAULT_SIGBUS;
	sim_check(vma->vm_flags & VM_MAYSHARE || !(flags & FAULT_FLAG_WRITE),
		  "writing to a private mapping isn't modelled");
	return do_shared_fault(&vmf);
}

static int fault_signal(vm_fault_t fault)
{
	if (fault & VM_FAULT_OOM)
		return 9;	/* SIGKILL */
	if (fault & (VM_FAULT_SIGBUS | VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE))
		return 7;	/* SIGBUS */
	return 11;		/* SIGSEGV */
}

static bool access_allowed(const struct vm_area_struct *vma, bool write)
{
	if (write)
		return vma->vm_flags & VM_WRITE;
	return vma->vm_flags & (VM_READ | VM_WRITE | VM_EXEC);
}

/* One attempt. *@fault is 0 if there is no mapping that allows the access. */
static bool try_fault(struct mm_struct *mm, unsigned long addr, bool write,
		      unsigned int flags, vm_fault_t *fault)
{
	struct vm_area_struct *vma;

	mmap_read_lock(mm);
	vma = vma_lookup(mm, addr);
	if (!vma || !access_allowed(vma, write)) {
		mmap_read_unlock(mm);
		return false;
	}
	*fault = handle_mm_fault(vma, addr, flags);
	if (!(*fault & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)))
		mmap_read_unlock(mm);
	return true;
}

/**
 * sim_fault_in() - an access by the current task has found nothing at @addr.
 * @user: it was the program's own; the kernel's gives up at once without memory
 *
 * Context: may sleep. Return: 0 to try the access again, or a signal number.
 */
int sim_fault_in(unsigned long addr, bool write, bool user)
{
	unsigned int flags = FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE |
			     FAULT_FLAG_INTERRUPTIBLE;
	int oom_retries = user ? OOM_RETRIES : 0;
	vm_fault_t fault = 0;

	if (!current->mm)
		return 11;
	if (write)
		flags |= FAULT_FLAG_WRITE;
	if (user)
		flags |= FAULT_FLAG_USER;
	for (;;) {
		if (!try_fault(current->mm, addr, write, flags, &fault))
			return 11;
		if (fault & VM_FAULT_RETRY) {
			flags |= FAULT_FLAG_TRIED;
			continue;
		}
		if (!(fault & VM_FAULT_ERROR))
			return 0;
		/* The access is repeated until there is memory, or an end of the process. */
		if (fault & VM_FAULT_OOM && oom_retries-- > 0)
			continue;
		return fault_signal(fault);
	}
}

/**
 * sim_present_page() - what the page table says is at @addr, NULL if it doesn't allow.
 *
 * The entry stays, as if a CPU had begun its access, until sim_present_page_done().
 */
struct page *sim_present_page(struct mm_struct *mm, unsigned long addr, bool write)
{
	struct xarray *table = &mm->page_table;
	unsigned long index = addr >> PAGE_SHIFT;
	void *pte;

	for (;;) {
		sim_xa_walk_begin(table);
		pte = sim_xa_walk(table, index);
		if (pte_allows(pte, write) && (!write || (unsigned long)pte & PTE_DIRTY))
			return pte_page(pte);
		sim_xa_walk_end(table);
		if (!pte_allows(pte, write))
			return NULL;
		xa_cmpxchg(table, index, pte, (void *)((unsigned long)pte | PTE_DIRTY),
			   GFP_KERNEL);
	}
}

void sim_present_page_done(struct mm_struct *mm)
{
	sim_xa_walk_end(&mm->page_table);
}
