// SPDX-License-Identifier: GPL-2.0
/* What the machine may count and look at in our memory. */

#include <linux/kexec_handover.h>
#include <linux/mm.h>
#include <linux/pagemap.h>

#include "internal.h"

/**
 * mm_census() - allocations that exist.
 *
 * Pages in use are those of page cache and kernel, without the slabs, whose objects are
 * counted one by one, without poisoned pages, which never come back, and without the
 * nodes of KHO's tree, which stay for the next preservation.
 */
void mm_census(void (*item)(void *ctx, const char *name, host_u64 value,
			    enum host_census rule), void *ctx)
{
	unsigned long in_use = sim_pages_in_use() - sim_slab_pages() - kho_tree_pages();

	item(ctx, "pages in use", in_use - sim_lost_pages(), HOST_CENSUS_EQUAL);
	item(ctx, "poisoned pages", sim_lost_pages(), HOST_CENSUS_INFO);
	item(ctx, "slab pages", sim_slab_pages(), HOST_CENSUS_INFO);
	item(ctx, "vmalloc areas", sim_vmalloc_areas(), HOST_CENSUS_EQUAL);
	item(ctx, "user mappings", sim_vmas(), HOST_CENSUS_ZERO);
	sim_slab_census(item, ctx);
}

/** sim_file_page() - non-zero if what is at @pfn is in a file. */
int sim_file_page(host_u64 pfn)
{
	const struct folio *folio;

	if (!pfn_valid(pfn) || !sim_memmap_is_ready(pfn))
		return 0;
	folio = page_folio(sim_memmap_page(pfn));
	return !folio_test_slab(folio) && folio->mapping;
}

/** sim_kernel_page() - non-zero if the kernel keeps data of its own at @pfn. */
int sim_kernel_page(host_u64 pfn)
{
	struct page *page;
	struct folio *folio;

	if (!pfn_valid(pfn) || !sim_memmap_is_ready(pfn))
		return 0;
	page = sim_memmap_page(pfn);
	folio = page_folio(page);
	if (folio_test_slab(folio))
		return 1;
	return folio->page._refcount.counter > 0 && !folio->mapping;
}
