// SPDX-License-Identifier: GPL-2.0
/*
 * Preserving vmalloc areas: the pages, and chunks that list them. Layout and semantics of
 * kernel/liveupdate/kexec_handover.c of Linux 7.3; restoring is all or nothing (F-07).
 */

#include <linux/array_size.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kho/abi/kexec_handover.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "../mm/vmalloc.h"
#include "kexec_handover_internal.h"

#define KHO_VMALLOC_SUPPORTED_FLAGS	(VM_ALLOC | VM_ALLOW_HUGE_VMAP)

/* kho_vmalloc.flags */
#define KHO_VMALLOC_ALLOC		0x0001
#define KHO_VMALLOC_HUGE_VMAP		0x0002

static unsigned short vmalloc_flags_to_kho(unsigned long vm_flags)
{
	return (vm_flags & VM_ALLOC ? KHO_VMALLOC_ALLOC : 0) |
	       (vm_flags & VM_ALLOW_HUGE_VMAP ? KHO_VMALLOC_HUGE_VMAP : 0);
}

static unsigned long kho_flags_to_vmalloc(unsigned short kho_flags)
{
	return (kho_flags & KHO_VMALLOC_ALLOC ? VM_ALLOC : 0) |
	       (kho_flags & KHO_VMALLOC_HUGE_VMAP ? VM_ALLOW_HUGE_VMAP : 0);
}

/* An empty, preserved chunk, to which @last, if there is one, refers. */
static struct kho_vmalloc_chunk *new_vmalloc_chunk(struct kho_vmalloc_chunk *last)
{
	void *page __free(free_page) = (void *)get_zeroed_page(GFP_KERNEL);
	struct kho_vmalloc_chunk *chunk;

	if (!page || kho_preserve_pages(virt_to_page(page), 1))
		return NULL;
	chunk = no_free_ptr(page);
	if (last)
		KHOSER_STORE_PTR(last->hdr.next, chunk);
	return chunk;
}

/* Preserves the pages and lists them in @chunk and those it adds. */
static int preserve_area_pages(struct vm_struct *vm, struct kho_vmalloc_chunk *chunk,
			       unsigned int order)
{
	unsigned int idx = 0;

	for (unsigned int i = 0; i < vm->nr_pages; i += 1U << order) {
		int err = kho_preserve_pages(vm->pages[i], 1UL << order);

		if (err)
			return err;
		chunk->phys[idx++] = page_to_phys(vm->pages[i]);
		/* A full chunk is always followed by another, even an empty one. */
		if (idx == ARRAY_SIZE(chunk->phys)) {
			chunk = new_vmalloc_chunk(chunk);
			if (!chunk)
				return -ENOMEM;
			idx = 0;
		}
	}
	return 0;
}

static int check_area(const struct vm_struct *vm)
{
	if (!vm)
		return -EINVAL;
	return vm->flags & ~KHO_VMALLOC_SUPPORTED_FLAGS ? -EOPNOTSUPP : 0;
}

/**
 * kho_preserve_vmalloc() - hand the vmalloc area at @ptr over to the next kernel.
 * @preservation: what the next kernel needs to restore it; to be handed over by the caller
 *
 * Return: 0; on error nothing stays preserved: -EINVAL no such area, -EOPNOTSUPP an area
 * of another kind, -ENOMEM.
 */
int kho_preserve_vmalloc(void *ptr, struct kho_vmalloc *preservation)
{
	struct vm_struct *vm = find_vm_area(ptr);
	struct kho_vmalloc_chunk *chunk;
	int err = check_area(vm);

	if (err)
		return err;
	chunk = new_vmalloc_chunk(NULL);
	if (!chunk)
		return -ENOMEM;

	/* Everything first that undoing needs (F-06). */
	*preservation = (struct kho_vmalloc){
		.total_pages = vm->nr_pages,
		.flags = vmalloc_flags_to_kho(vm->flags),
		.order = get_vm_area_page_order(vm),
	};
	KHOSER_STORE_PTR(preservation->first, chunk);

	err = preserve_area_pages(vm, chunk, preservation->order);
	if (err)
		kho_unpreserve_vmalloc(preservation);
	return err;
}
EXPORT_SYMBOL_GPL(kho_preserve_vmalloc);

/* Undoes the preservation of a chunk and of the pages it lists. */
static void drop_vmalloc_chunk(struct kho_vmalloc_chunk *chunk, unsigned int order)
{
	kho_unpreserve_pages(virt_to_page(chunk), 1);
	for (unsigned int i = 0; i < ARRAY_SIZE(chunk->phys) && chunk->phys[i]; i++)
		kho_unpreserve_pages(phys_to_page(chunk->phys[i]), 1UL << order);
	free_page((unsigned long)chunk);
}

/** kho_unpreserve_vmalloc() - undo kho_preserve_vmalloc(), before the area is freed. */
void kho_unpreserve_vmalloc(struct kho_vmalloc *preservation)
{
	struct kho_vmalloc_chunk *chunk, *next;

	for (chunk = KHOSER_LOAD_PTR(preservation->first); chunk; chunk = next) {
		next = KHOSER_LOAD_PTR(chunk->hdr.next);
		drop_vmalloc_chunk(chunk, preservation->order);
	}
}
EXPORT_SYMBOL_GPL(kho_unpreserve_vmalloc);

/*
 * Fills @pages, if not NULL, from the chunks. Return: their number, or -EINVAL if the
 * previous kernel can't have handed over what is described here.
 */
static long read_chunks(const struct kho_vmalloc *kv, struct page **pages)
{
	unsigned long contig = 1UL << kv->order, total = kv->total_pages, n = 0;
	unsigned long chunks = total / contig / KHO_VMALLOC_SIZE + 1;
	u64 phys = kv->first.phys;

	for (struct kho_vmalloc_chunk *chunk; phys; phys = chunk->hdr.next.phys) {
		if (!chunks-- || !kho_block_ok(phys))
			return -EINVAL;
		chunk = phys_to_virt(phys);
		for (unsigned int i = 0; i < KHO_VMALLOC_SIZE && chunk->phys[i]; i++) {
			if (n + contig > total ||
			    !kho_pages_restorable(chunk->phys[i], contig))
				return -EINVAL;
			for (unsigned long j = 0; j < contig; j++, n++)
				if (pages)
					pages[n] = phys_to_page(chunk->phys[i]) + j;
		}
	}
	return n == total ? (long)n : -EINVAL;
}

static bool preservation_ok(const struct kho_vmalloc *kv)
{
	if (kv->flags & ~(KHO_VMALLOC_ALLOC | KHO_VMALLOC_HUGE_VMAP))
		return false;
	if (kv->order > MAX_PAGE_ORDER || !kv->total_pages || kv->total_pages > max_pfn)
		return false;
	return read_chunks(kv, NULL) > 0;
}

/*
 * Takes over the pages, which read_chunks() has found restorable one by one: that fails
 * only if a page is listed twice. Then what was restored is freed and lost.
 */
static int restore_area_pages(const struct kho_vmalloc *kv, struct page **pages)
{
	unsigned long contig = 1UL << kv->order, n;
	u64 phys = kv->first.phys;

	for (n = 0; n < kv->total_pages; n += contig)
		if (!kho_pages_restorable(page_to_phys(pages[n]), contig) ||
		    !kho_restore_pages(page_to_phys(pages[n]), contig))
			goto err_free;

	while (phys) {
		struct kho_vmalloc_chunk *chunk = phys_to_virt(phys);
		struct page *page;

		if (!kho_block_ok(phys))
			goto err_free;
		page = kho_restore_pages(phys, 1);
		phys = chunk->hdr.next.phys;
		__free_page(page);
	}
	return 0;

err_free:
	while (n--)
		__free_page(pages[n]);
	return -EINVAL;
}

/**
 * kho_restore_vmalloc() - take over an area that kho_preserve_vmalloc() handed over.
 *
 * Return: its new address; NULL if it can't be restored, and then nothing has been: what
 * can fail comes before the first page is taken over.
 */
void *kho_restore_vmalloc(const struct kho_vmalloc *preservation)
{
	/* It may lie in memory that is being restored. */
	const struct kho_vmalloc kv = *preservation;
	unsigned int shift = PAGE_SHIFT + kv.order;
	struct vm_struct *area;
	struct page **pages;
	unsigned long addr;

	if (!preservation_ok(&kv))
		return NULL;

	pages = kvmalloc_objs(*pages, kv.total_pages);
	if (!pages)
		return NULL;
	read_chunks(&kv, pages);

	area = __get_vm_area_node((unsigned long)kv.total_pages << PAGE_SHIFT, 1UL << shift,
				  shift, kho_flags_to_vmalloc(kv.flags) | VM_UNINITIALIZED,
				  VMALLOC_START, VMALLOC_END, NUMA_NO_NODE, GFP_KERNEL,
				  __builtin_return_address(0));
	if (!area)
		goto err_pages;

	addr = (unsigned long)area->addr;
	if (vmap_pages_range(addr, addr + get_vm_area_size(area), PAGE_KERNEL, pages, shift))
		goto err_area;
	if (restore_area_pages(&kv, pages))
		goto err_area;

	area->nr_pages = kv.total_pages;
	area->pages = pages;
	clear_vm_uninitialized_flag(area);
	return area->addr;

err_area:
	free_vm_area(area);
err_pages:
	kvfree(pages);
	return NULL;
}
EXPORT_SYMBOL_GPL(kho_restore_vmalloc);
