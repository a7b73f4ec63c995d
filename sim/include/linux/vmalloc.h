/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

/*
 * Simulated: virtually contiguous kernel memory, as include/linux/vmalloc.h of Linux 7.3.
 *
 * Kernel promises: an area of pages that need not be contiguous, at an address outside the
 *	direct map, followed by a guard page.
 * Modelled: an area whose pages came out contiguous lies in a second mapping of physical
 *	memory; any other is mapped page by page by the machine, with a guard page.
 * Left out: lazy unmapping, page permissions, huge mappings, vmap blocks.
 * Scheduling points: none: which address a task gets doesn't depend on others.
 */

#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/overflow.h>
#include <linux/pgtable.h>
#include <linux/types.h>

struct page;

#define VM_IOREMAP		0x00000001
#define VM_ALLOC		0x00000002
#define VM_MAP			0x00000004
#define VM_USERMAP		0x00000008
#define VM_DMA_COHERENT		0x00000010
#define VM_UNINITIALIZED	0x00000020
#define VM_NO_GUARD		0x00000040
#define VM_KASAN		0x00000080
#define VM_FLUSH_RESET_PERMS	0x00000100
#define VM_MAP_PUT_PAGES	0x00000200
#define VM_ALLOW_HUGE_VMAP	0x00000400
#define VM_SPARSE		0x00001000

/**
 * struct vm_struct - one area.
 * @addr:           its first address
 * @size:           bytes, the guard page included
 * @flags:          VM_ALLOC and others
 * @pages:          its pages
 * @page_order:     order of the blocks that the pages came in
 * @nr_pages:       number of pages, 0 until it is mapped
 * @phys_addr:      0
 * @caller:         who asked for it
 * @requested_size: bytes asked for
 * @list:           all areas
 * @mapped:         number of pages that are mapped
 * @range_start:    where its address range begins; @addr is elsewhere while the pages
 *                  are contiguous
 */
struct vm_struct {
	void *addr;
	unsigned long size;
	unsigned long flags;
	struct page **pages;
	unsigned int page_order;
	unsigned int nr_pages;
	phys_addr_t phys_addr;
	const void *caller;
	unsigned long requested_size;
	struct list_head list;
	unsigned long mapped;
	unsigned long range_start;
};

void *vmalloc(unsigned long size) __attribute__((alloc_size(1)));
void *vzalloc(unsigned long size) __attribute__((alloc_size(1)));
void *vmalloc_user(unsigned long size) __attribute__((alloc_size(1)));
void *vmalloc_node(unsigned long size, int node) __attribute__((alloc_size(1)));
void *vzalloc_node(unsigned long size, int node) __attribute__((alloc_size(1)));
void *__vmalloc(unsigned long size, gfp_t gfp) __attribute__((alloc_size(1)));
void *__vmalloc_array(size_t n, size_t size, gfp_t gfp);
void *vmalloc_array(size_t n, size_t size);
void *vcalloc(size_t n, size_t size);
void vfree(const void *addr);
void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot);
void vunmap(const void *addr);

DEFINE_FREE(vfree, void *, if (_T) vfree(_T))

bool is_vmalloc_addr(const void *x);
bool is_vmalloc_or_module_addr(const void *x);
struct page *vmalloc_to_page(const void *addr);
unsigned long vmalloc_to_pfn(const void *addr);
struct vm_struct *find_vm_area(const void *addr);
struct vm_struct *get_vm_area(unsigned long size, unsigned long flags);
struct vm_struct *remove_vm_area(const void *addr);
void free_vm_area(struct vm_struct *area);
int vmap_pages_range(unsigned long addr, unsigned long end, pgprot_t prot,
		     struct page **pages, unsigned int page_shift);

static inline size_t get_vm_area_size(const struct vm_struct *area)
{
	return area->flags & VM_NO_GUARD ? area->size : area->size - PAGE_SIZE;
}

#endif /* _LINUX_VMALLOC_H */
