/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LINUX_KEXEC_HANDOVER_H
#define LINUX_KEXEC_HANDOVER_H

/*
 * Simulated: Kexec Handover (include/linux/kexec_handover.h of Linux 7.3).
 *
 * Kernel promises: memory that is preserved when the kernel jumps is found unchanged by
 *	the next kernel, which does not use it for anything else until it is restored.
 * Modelled: the tree of preserved memory, the root tree, blobs, folios, pages, vmalloc
 *	areas, scratch areas, kexec metadata. An error leaves nothing preserved or
 *	restored (7.3 breaks that in places, see docs/findings.md).
 * Left out: debugfs, sizes of scratch areas from the command line, giving scratch
 *	memory to movable allocations.
 * Scheduling points: the mutexes of the tree and of the root.
 */

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/types.h>

struct folio;
struct kho_vmalloc;
struct page;

/** struct kho_scratch - memory that no kernel preserves, for the next one to boot in. */
struct kho_scratch {
	phys_addr_t addr;
	phys_addr_t size;
};

extern struct kho_scratch *kho_scratch;
extern unsigned int kho_scratch_cnt;

bool kho_is_enabled(void);
bool is_kho_boot(void);

int kho_preserve_folio(struct folio *folio);
void kho_unpreserve_folio(struct folio *folio);
int kho_preserve_pages(struct page *page, unsigned long nr_pages);
void kho_unpreserve_pages(struct page *page, unsigned long nr_pages);
int kho_preserve_vmalloc(void *ptr, struct kho_vmalloc *preservation);
void kho_unpreserve_vmalloc(struct kho_vmalloc *preservation);
void *kho_alloc_preserve(size_t size);
void kho_unpreserve_free(void *mem);
void kho_restore_free(void *mem);
struct folio *kho_restore_folio(phys_addr_t phys);
struct page *kho_restore_pages(phys_addr_t phys, unsigned long nr_pages);
void *kho_restore_vmalloc(const struct kho_vmalloc *preservation);
int kho_add_subtree(const char *name, void *blob, size_t size);
void kho_remove_subtree(void *blob);
int kho_retrieve_subtree(const char *name, phys_addr_t *phys, size_t *size);

void kho_memory_init(void);
void kho_memory_init_early(void);
void kho_populate(phys_addr_t fdt_phys, u64 fdt_len, phys_addr_t scratch_phys,
		  u64 scratch_len);

bool kho_scratch_overlap(phys_addr_t phys, size_t size);

/** kho_tree_pages() - pages of the outgoing tree, which grows but doesn't shrink. */
unsigned long kho_tree_pages(void);

#endif /* LINUX_KEXEC_HANDOVER_H */
