// SPDX-License-Identifier: GPL-2.0
/*
 * Virtually contiguous memory. Semantics: mm/vmalloc.c of Linux 7.3. See <linux/vmalloc.h>
 * for what is modelled.
 *
 * The first part of the vmalloc range maps physical memory once more. An area whose pages
 * are contiguous needs nothing but its place there, unless another area has it; all others
 * get addresses in the second part and are mapped by the machine, which costs it time.
 */

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "internal.h"
#include "vmalloc.h"

static LIST_HEAD(areas);	/* sorted by range_start, those without a range first */
static struct mm_guard areas_guard;
static unsigned long areas_nr;
/* Of each CPU: addresses below have been given out while tasks ran beside each other. */
static unsigned long cpu_next[SIM_CPUS];
static bool scatter;

/* "vmalloc=scatter" makes pages of an area non-contiguous whenever that is possible. */
static int __init parse_vmalloc(char *arg)
{
	scatter = arg && !strcmp(arg, "scatter");
	return 0;
}
early_param("vmalloc", parse_vmalloc);

static unsigned long alias_of(const struct page *page)
{
	return sim_boot.vmalloc_base + page_to_phys(page);
}

static bool area_covers(const struct vm_struct *area, unsigned long addr, unsigned long size)
{
	unsigned long start = (unsigned long)area->addr;

	return addr < start + get_vm_area_size(area) && addr + size > start;
}

static struct vm_struct *find_overlap(unsigned long addr, unsigned long size)
{
	struct vm_struct *area;

	list_for_each_entry(area, &areas, list)
		if (area_covers(area, addr, size))
			return area;
	return NULL;
}

/** find_vm_area() - the area that starts at @addr, or has it inside; NULL if none. */
struct vm_struct *find_vm_area(const void *addr)
{
	struct vm_struct *area;

	mm_guard_lock(&areas_guard);
	area = find_overlap((unsigned long)addr, 1);
	mm_guard_unlock(&areas_guard);
	return area;
}

bool is_vmalloc_addr(const void *x)
{
	return (unsigned long)x - sim_boot.vmalloc_base < sim_boot.vmalloc_size;
}

bool is_vmalloc_or_module_addr(const void *x)
{
	return is_vmalloc_addr(x);
}

unsigned int get_vm_area_page_order(struct vm_struct *vm)
{
	return vm->page_order;
}

/* The lowest free range of addresses, and the place in the list that goes with it. */
static bool take_range_from(struct vm_struct *new, unsigned long start, unsigned long align,
			    unsigned long end)
{
	struct vm_struct *area;

	start = ALIGN(start, align);

	list_for_each_entry(area, &areas, list) {
		if (!area->range_start)
			continue;
		if (start + new->size <= area->range_start)
			break;
		start = max(start, ALIGN(area->range_start + area->size, align));
	}
	if (start + new->size > end)
		return false;
	new->range_start = start;
	new->addr = (void *)start;
	list_add_tail(&new->list, &area->list);
	return true;
}

/*
 * While tasks run beside each other each CPU has its part of the addresses, and goes up in it:
 * where others free something doesn't matter.
 */
static bool take_range(struct vm_struct *new, unsigned long align, unsigned long end)
{
	unsigned long first = sim_boot.vmalloc_base + sim_boot.memory;
	unsigned long part = (end - first) / SIM_CPUS;
	unsigned int cpu = sim_cpu();
	unsigned long start = first + cpu * part;

	if (!cpu || end <= first)
		return take_range_from(new, first, align, end);
	if (!take_range_from(new, max(start, cpu_next[cpu]), align, start + part))
		return take_range_from(new, first, align, end);
	cpu_next[cpu] = new->range_start + new->size;
	return true;
}

static struct vm_struct *new_area(unsigned long size, unsigned long flags, gfp_t gfp,
				  const void *caller)
{
	struct vm_struct *area;

	if (!size)
		return NULL;
	area = kzalloc_obj(*area, gfp & ~(__GFP_ZERO | __GFP_HIGHMEM));
	if (!area)
		return NULL;
	area->requested_size = size;
	area->size = PAGE_ALIGN(size);
	if (!(flags & VM_NO_GUARD))
		area->size += PAGE_SIZE;
	area->flags = flags;
	area->caller = caller;
	return area;
}

/**
 * __get_vm_area_node() - a range of addresses without memory.
 *
 * vmap_pages_range() maps it; it may move the area then, so look at &vm_struct.addr
 * afterwards.
 */
struct vm_struct *__get_vm_area_node(unsigned long size, unsigned long align,
				     unsigned long shift, unsigned long vm_flags,
				     unsigned long start, unsigned long end, int node,
				     gfp_t gfp, const void *caller)
{
	struct vm_struct *area = new_area(size, vm_flags, gfp, caller);
	bool found;

	if (!area)
		return NULL;
	mm_guard_lock(&areas_guard);
	found = take_range(area, max(align, PAGE_SIZE), end);
	areas_nr += found;
	mm_guard_unlock(&areas_guard);
	if (!found) {
		pr_warn("vmalloc: no address range for %lu bytes\n", size);
		kfree(area);
		return NULL;
	}
	return area;
}

struct vm_struct *get_vm_area(unsigned long size, unsigned long flags)
{
	return __get_vm_area_node(size, PAGE_SIZE, PAGE_SHIFT, flags, VMALLOC_START,
				  VMALLOC_END, NUMA_NO_NODE, GFP_KERNEL,
				  __builtin_return_address(0));
}

void clear_vm_uninitialized_flag(struct vm_struct *vm)
{
	vm->flags &= ~VM_UNINITIALIZED;
}

static bool contiguous(struct page **pages, unsigned long nr)
{
	for (unsigned long i = 1; i < nr; i++)
		if (pages[i] != pages[0] + i)
			return false;
	return true;
}

/* Maps pages one contiguous run after the other; undoes what it did if that fails. */
static int map_runs(unsigned long addr, struct page **pages, unsigned long nr)
{
	unsigned long done = 0;

	while (done < nr) {
		unsigned long run = 1;
		int err;

		while (done + run < nr && pages[done + run] == pages[done] + run)
			run++;
		err = sim_host->vmap(addr + done * PAGE_SIZE, page_to_phys(pages[done]),
				     run * PAGE_SIZE);
		if (err) {
			if (done)
				sim_host->vunmap(addr, done * PAGE_SIZE);
			return err;
		}
		done += run;
	}
	return 0;
}

/* An area of contiguous pages needs no range if nobody is at their alias. */
static bool use_alias(struct vm_struct *area, struct page **pages, unsigned long nr)
{
	unsigned long alias = alias_of(pages[0]);

	if (!contiguous(pages, nr) || find_overlap(alias, nr * PAGE_SIZE))
		return false;
	area->addr = (void *)alias;
	return true;
}

static void set_mapped(struct vm_struct *area, enum host_mem state)
{
	sim_mem_state(area->addr, area->mapped * PAGE_SIZE, state);
}

/**
 * vmap_pages_range() - map pages in the range of an area.
 *
 * Return: 0 or a negative errno; nothing is mapped then.
 */
int vmap_pages_range(unsigned long addr, unsigned long end, pgprot_t prot,
		     struct page **pages, unsigned int page_shift)
{
	unsigned long nr = (end - addr) >> PAGE_SHIFT;
	struct vm_struct *area = find_vm_area((void *)addr);
	int err = 0;

	if (WARN_ON(!area || area->range_start != addr))
		return -EINVAL;
	area->page_order = page_shift - PAGE_SHIFT;
	mm_guard_lock(&areas_guard);
	if (!use_alias(area, pages, nr))
		err = map_runs(addr, pages, nr);
	mm_guard_unlock(&areas_guard);
	if (err)
		return err;
	area->mapped = nr;
	set_mapped(area, HOST_MEM_DEFINED);
	return 0;
}

static bool area_has_own_mapping(const struct vm_struct *area)
{
	return area->range_start && area->addr == (void *)area->range_start;
}

/** remove_vm_area() - unmap an area and forget it; its pages and itself stay. */
struct vm_struct *remove_vm_area(const void *addr)
{
	struct vm_struct *area;

	mm_guard_lock(&areas_guard);
	area = find_overlap((unsigned long)addr, 1);
	if (area && area->addr == addr) {
		if (area->mapped)
			set_mapped(area, HOST_MEM_NOACCESS);
		if (area->mapped && area_has_own_mapping(area))
			sim_host->vunmap(area->range_start, area->mapped * PAGE_SIZE);
		list_del(&area->list);
		areas_nr--;
	} else {
		area = NULL;
	}
	mm_guard_unlock(&areas_guard);
	return area;
}

/** free_vm_area() - undo get_vm_area(). */
void free_vm_area(struct vm_struct *area)
{
	struct vm_struct *removed = remove_vm_area(area->addr);

	BUG_ON(removed != area);
	kfree(area);
}

static void swap_pages(struct page **pages, unsigned long nr)
{
	for (unsigned long i = 0; i < nr / 2; i++) {
		struct page *page = pages[i];

		pages[i] = pages[nr - 1 - i];
		pages[nr - 1 - i] = page;
	}
}

static bool alloc_area_pages(struct vm_struct *area, unsigned long nr, gfp_t gfp, int node)
{
	area->pages = kvmalloc_objs(*area->pages, nr, (gfp & ~__GFP_HIGHMEM) | __GFP_ZERO);
	if (!area->pages)
		return false;
	while (area->nr_pages < nr) {
		struct page *page = alloc_pages_node(node, gfp, 0);

		if (!page)
			return false;
		area->pages[area->nr_pages++] = page;
	}
	if (scatter)
		swap_pages(area->pages, nr);
	return true;
}

static void free_area_pages(struct vm_struct *area)
{
	for (unsigned long i = 0; i < area->nr_pages; i++)
		__free_page(area->pages[i]);
	kvfree(area->pages);
	kfree(area);
}

/* The area isn't on the list yet, and gets there with an address. */
static bool place_area(struct vm_struct *area)
{
	bool placed = true;

	mm_guard_lock(&areas_guard);
	if (use_alias(area, area->pages, area->nr_pages)) {
		list_add(&area->list, &areas);
	} else if (!take_range(area, PAGE_SIZE, VMALLOC_END)) {
		placed = false;
	} else if (map_runs(area->range_start, area->pages, area->nr_pages)) {
		list_del(&area->list);
		placed = false;
	}
	areas_nr += placed;
	mm_guard_unlock(&areas_guard);
	if (placed)
		area->mapped = area->nr_pages;
	return placed;
}

/* Valgrind can't know that what is written here can be read in the direct map. */
static void share_contents(struct vm_struct *area)
{
	if (!sim_host->mem_state)
		return;
	for (unsigned int i = 0; i < area->nr_pages; i++)
		sim_mem_state(page_address(area->pages[i]), PAGE_SIZE, HOST_MEM_DEFINED);
}

/* Every vmalloc() ends here. */
static void *vmalloc_node_caller(unsigned long size, gfp_t gfp, int node, const void *caller)
{
	unsigned long nr = PAGE_ALIGN(size) >> PAGE_SHIFT;
	struct vm_struct *area;

	if (WARN_ON_ONCE(!size))
		return NULL;
	if (size > PFN_PHYS(totalram_pages())) {
		if (!(gfp & __GFP_NOWARN))
			pr_warn("vmalloc error: size %lu, exceeds total pages\n", size);
		return NULL;
	}
	area = new_area(size, VM_ALLOC, gfp, caller);
	if (!area)
		return NULL;
	if (!alloc_area_pages(area, nr, gfp, node) || !place_area(area)) {
		if (!(gfp & __GFP_NOWARN))
			pr_warn("vmalloc error: size %lu\n", size);
		free_area_pages(area);
		return NULL;
	}
	share_contents(area);
	set_mapped(area, gfp & __GFP_ZERO ? HOST_MEM_DEFINED : HOST_MEM_UNDEFINED);
	return area->addr;
}

void *__vmalloc(unsigned long size, gfp_t gfp)
{
	return vmalloc_node_caller(size, gfp, NUMA_NO_NODE, __builtin_return_address(0));
}

void *vmalloc(unsigned long size)
{
	return vmalloc_node_caller(size, GFP_KERNEL, NUMA_NO_NODE, __builtin_return_address(0));
}

void *vzalloc(unsigned long size)
{
	return vmalloc_node_caller(size, GFP_KERNEL | __GFP_ZERO, NUMA_NO_NODE,
				   __builtin_return_address(0));
}

void *vmalloc_node(unsigned long size, int node)
{
	return vmalloc_node_caller(size, GFP_KERNEL, node, __builtin_return_address(0));
}

void *vzalloc_node(unsigned long size, int node)
{
	return vmalloc_node_caller(size, GFP_KERNEL | __GFP_ZERO, node,
				   __builtin_return_address(0));
}

/** vmalloc_user() - zeroed memory that may be mapped to user space. */
void *vmalloc_user(unsigned long size)
{
	void *addr = vzalloc(size);

	if (addr)
		find_vm_area(addr)->flags |= VM_USERMAP;
	return addr;
}

void *__vmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes = size_mul(n, size);

	return bytes == SIZE_MAX ? NULL : __vmalloc(bytes, gfp);
}

void *vmalloc_array(size_t n, size_t size)
{
	return __vmalloc_array(n, size, GFP_KERNEL);
}

void *vcalloc(size_t n, size_t size)
{
	return __vmalloc_array(n, size, GFP_KERNEL | __GFP_ZERO);
}

/** vfree() - memory from vmalloc(), with its pages. Context: may sleep. */
void vfree(const void *addr)
{
	struct vm_struct *area;

	if (!addr)
		return;
	might_sleep();
	area = remove_vm_area(addr);
	if (WARN(!area, "Trying to vfree() nonexistent vm area"))
		return;
	free_area_pages(area);
}

/** vmap() - map pages that stay the caller's; NULL if that isn't possible. */
void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot)
{
	unsigned long size = (unsigned long)count << PAGE_SHIFT;
	struct vm_struct *area;

	might_sleep();
	if (count > totalram_pages())
		return NULL;
	area = __get_vm_area_node(size, PAGE_SIZE, PAGE_SHIFT, flags, VMALLOC_START, VMALLOC_END,
				  NUMA_NO_NODE, GFP_KERNEL, __builtin_return_address(0));
	if (!area)
		return NULL;
	if (vmap_pages_range(area->range_start, area->range_start + size, prot, pages,
			     PAGE_SHIFT)) {
		free_vm_area(area);
		return NULL;
	}
	if (flags & VM_MAP_PUT_PAGES) {
		area->pages = pages;
		area->nr_pages = count;
	}
	return area->addr;
}

/** vunmap() - undo vmap(). */
void vunmap(const void *addr)
{
	struct vm_struct *area;

	if (!addr)
		return;
	area = remove_vm_area(addr);
	if (WARN(!area, "Trying to vunmap() nonexistent vm area"))
		return;
	kfree(area);
}

/** vmalloc_to_page() - the page at @addr; NULL, with a warning, if there is none. */
struct page *vmalloc_to_page(const void *addr)
{
	struct vm_struct *area = find_vm_area(addr);

	if (WARN_ON_ONCE(!area || !area->pages))
		return NULL;
	return area->pages[(addr - area->addr) >> PAGE_SHIFT];
}

unsigned long vmalloc_to_pfn(const void *addr)
{
	return page_to_pfn(vmalloc_to_page(addr));
}

unsigned long sim_vmalloc_areas(void)
{
	return areas_nr;
}

/** vmalloc_init() - nothing is mapped at boot. */
void vmalloc_init(void)
{
}
