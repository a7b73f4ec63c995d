// SPDX-License-Identifier: GPL-2.0

/* The page allocator: blocks, nodes, exhaustion, and what it says of misuse. */

#include <linux/highmem.h>
#include <linux/memblock.h>
#include <linux/spinlock.h>

#include "mm_test.h"

static bool in_scratch(const struct page *page)
{
	return kho_scratch_overlap(page_to_phys(page), PAGE_SIZE);
}

SIM_TEST(page_alloc__each_order__is_aligned_and_comes_back)
{
	for (unsigned int order = 0; order <= MAX_PAGE_ORDER; order++) {
		struct page *page = alloc_pages(GFP_KERNEL, order);
		unsigned long free = nr_free_pages();

		EXPECT(page);
		EXPECT(page_to_pfn(page) != 0);
		EXPECT_EQ(page_to_pfn(page) & ((1UL << order) - 1), 0);
		EXPECT_EQ(page_ref_count(page), 1);
		__free_pages(page, order);
		EXPECT_EQ(nr_free_pages(), free + (1UL << order));
	}
}

SIM_TEST(page_alloc__addresses_of_a_page__convert_into_each_other)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *address = page_address(page);

	EXPECT(virt_to_page(address) == page);
	EXPECT(virt_to_page(address + PAGE_SIZE - 1) == page);
	EXPECT(pfn_to_page(page_to_pfn(page)) == page);
	EXPECT(phys_to_virt(virt_to_phys(address)) == address);
	EXPECT_EQ(virt_to_phys(address), page_to_pfn(page) << PAGE_SHIFT);
	EXPECT_EQ(page_to_nid(page), pfn_to_nid(page_to_pfn(page)));
	EXPECT(pfn_to_online_page(max_pfn) == NULL);
	__free_page(page);
}

SIM_TEST(page_alloc__pages_of_a_split_block__merge_when_the_last_is_freed)
{
	struct page *page = alloc_pages(GFP_KERNEL, 3);
	static const int order_of_free[8] = { 5, 0, 7, 2, 1, 6, 3, 4 };

	split_page(page, 3);
	for (int i = 0; i < 8; i++)
		EXPECT_EQ(page_ref_count(page + i), 1);
	for (int i = 0; i < 8; i++)
		__free_page(page + order_of_free[i]);
	EXPECT(alloc_pages(GFP_KERNEL, 3) == page);
	__free_pages(page, 3);
}

SIM_TEST(page_alloc__order_above_the_highest__is_null_and__warns)
{
	EXPECT(alloc_pages(GFP_KERNEL | __GFP_NOWARN, MAX_PAGE_ORDER + 1) == NULL);
	EXPECT(alloc_pages(GFP_KERNEL, MAX_PAGE_ORDER + 1) == NULL);
}

SIM_TEST(page_alloc__while_a_spinlock_is_held__warns)
{
	DEFINE_SPINLOCK(lock);
	struct page *page;

	spin_lock(&lock);
	page = alloc_page(GFP_KERNEL);
	spin_unlock(&lock);
	__free_page(page);
}

SIM_TEST(page_alloc__that_may_not_sleep_while_a_spinlock_is_held__is_silent)
{
	DEFINE_SPINLOCK(lock);
	struct page *page;

	spin_lock(&lock);
	page = alloc_page(GFP_ATOMIC);
	spin_unlock(&lock);
	__free_page(page);
}

SIM_TEST(page_alloc__zeroed_page__has_nothing_of_its_last_owner)
{
	unsigned long *dirty = (unsigned long *)__get_free_page(GFP_KERNEL), *clean;

	memset(dirty, 0xff, PAGE_SIZE);
	free_page((unsigned long)dirty);
	clean = (unsigned long *)get_zeroed_page(GFP_KERNEL);
	EXPECT(clean == dirty);
	for (unsigned int i = 0; i < PAGE_SIZE / sizeof(long); i++)
		EXPECT_EQ(clean[i], 0);
	free_page((unsigned long)clean);
}

/* Takes blocks of the highest order until there are none; returns the chain of them. */
static struct page *take_all(int nid, gfp_t gfp, unsigned long *count)
{
	struct page *page, *chain = NULL;

	for (*count = 0; (page = alloc_pages_node(nid, gfp | __GFP_NOWARN, MAX_PAGE_ORDER));
	     ++*count) {
		EXPECT(!in_scratch(page));
		page->private = (unsigned long)chain;
		chain = page;
	}
	return chain;
}

static void give_back(struct page *chain)
{
	while (chain) {
		struct page *next = (struct page *)chain->private;

		__free_pages(chain, MAX_PAGE_ORDER);
		chain = next;
	}
}

SIM_TEST(page_alloc__of_one_node_only__does_not_take_another_nodes_memory)
{
	unsigned long count;
	struct page *chain = take_all(1, GFP_KERNEL | __GFP_THISNODE, &count);
	struct page *page = alloc_pages_node(1, GFP_KERNEL, MAX_PAGE_ORDER);

	EXPECT(count > 0 && count < max_pfn / 2 / MAX_ORDER_NR_PAGES);
	for (struct page *p = chain; p; p = (struct page *)p->private)
		EXPECT_EQ(page_to_nid(p), 1);
	EXPECT(page);
	EXPECT_EQ(page_to_nid(page), 0);
	__free_pages(page, MAX_PAGE_ORDER);
	give_back(chain);
}

SIM_TEST(page_alloc__all_memory_taken__fails_until_some_is_freed)
{
	unsigned long count, again;
	struct page *chain = take_all(NUMA_NO_NODE, GFP_KERNEL, &count);

	EXPECT(count > 32);
	give_back(chain);
	chain = take_all(NUMA_NO_NODE, GFP_KERNEL, &again);
	EXPECT_EQ(again, count);
	give_back(chain);
}

SIM_TEST(page_alloc__single_pages_of_all_memory__are_each_handed_out_once)
{
	struct page *page, *chain = NULL;
	unsigned long total = 0;

	while ((page = alloc_page(GFP_KERNEL | __GFP_NOWARN))) {
		EXPECT(!in_scratch(page));
		EXPECT_EQ(page->private, 0);
		page->private = (unsigned long)chain | 1;
		chain = page;
		total++;
	}
	EXPECT(total > max_pfn / 2);
	EXPECT_EQ(nr_free_pages(), 0);
	while (chain) {
		page = chain;
		chain = (struct page *)(page->private & ~1UL);
		page->private = 0;
		__free_page(page);
	}
	EXPECT_EQ(nr_free_pages(), total);
}

SIM_TEST(page_alloc__exact_size__keeps_no_more_pages_than_needed)
{
	unsigned long free, before = (unsigned long)alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);

	EXPECT(before);
	free = nr_free_pages();
	free_pages_exact((void *)before, 3 * PAGE_SIZE);
	EXPECT_EQ(nr_free_pages(), free + 3);
}

SIM_TEST(page_alloc__block_with_a_second_reference__loses_only_its_other_pages)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);
	unsigned long free = nr_free_pages();

	get_page(page);
	__free_pages(page, 2);
	EXPECT_EQ(nr_free_pages(), free + 3);
	put_page(page);
	EXPECT_EQ(nr_free_pages(), free + 4);
}

SIM_TEST(page__freed_twice__warns)
{
	struct page *page = alloc_page(GFP_KERNEL);

	__free_page(page);
	__free_page(page);
}

void free_frozen_pages(struct page *page, unsigned int order);

SIM_TEST(page__freed_while_referenced__warns)
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned long free = nr_free_pages();

	free_frozen_pages(page, 0);
	EXPECT_EQ(nr_free_pages(), free);
	__free_page(page);
}

SIM_TEST(folio__freed_while_locked__warns)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 0);

	folio_lock(folio);
	folio_put(folio);
	folio_set_count(folio, 1);
	folio_unlock(folio);
	folio_put(folio);
}

SIM_TEST(folio__freed_while_in_the_page_cache__warns)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill(inode, 0);

	folio_put(folio);
	EXPECT(filemap_get_entry(inode->i_mapping, 1) == NULL);
	folio_set_count(folio, 1);
	mt_inode_free(inode);
}

SIM_TEST(folio__large__is_one_thing_until_it_is_freed)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 4);
	struct page *page = folio_page(folio, 0);

	EXPECT_EQ(folio_order(folio), 4);
	EXPECT_EQ(folio_nr_pages(folio), 16);
	EXPECT_EQ(folio_size(folio), 16 * PAGE_SIZE);
	EXPECT(folio_test_large(folio));
	for (int i = 0; i < 16; i++)
		EXPECT(page_folio(page + i) == folio);
	get_page(page + 7);
	EXPECT_EQ(folio_ref_count(folio), 2);
	put_page(page + 3);
	folio_put(folio);
	for (int i = 1; i < 16; i++)
		EXPECT(!PageTail(page + i));
	EXPECT(!PageHead(page));
}

SIM_TEST(folio__without_references__cannot_be_got)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 0);

	EXPECT(folio_try_get(folio));
	EXPECT(!folio_ref_freeze(folio, 1));
	EXPECT(folio_ref_freeze(folio, 2));
	EXPECT(!folio_try_get(folio));
	folio_ref_unfreeze(folio, 1);
	folio_put(folio);
	EXPECT(!folio_try_get(folio));
}

SIM_TEST(folio__unlocked_by_nobody__is_checked)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 0);

	folio->flags.f |= 1UL << PG_locked;
	folio_unlock(folio);
}

SIM_TEST(virt_to_phys__of_a_variable_on_the_stack__is_checked)
{
	int variable = 0;

	virt_to_phys(&variable);
}

SIM_TEST(pfn_to_page__beyond_memory__is_checked)
{
	pfn_to_page(max_pfn);
}

/* What KHO does with memory that the kernel before has preserved, in memory not used yet. */
SIM_TEST(page_alloc__withheld_block__is_left_out_until_it_is_restored)
{
	unsigned long pfn = max_pfn - 5 * MAX_ORDER_NR_PAGES + 8, total = 0;
	struct page *page, *chain = NULL, *withheld = pfn_to_page(pfn);

	__memblock_reserve(PFN_PHYS(pfn), 4 * PAGE_SIZE, NUMA_NO_NODE, MEMBLOCK_RSRV_NOINIT);
	while ((page = alloc_page(GFP_KERNEL | __GFP_NOWARN))) {
		EXPECT(page_to_pfn(page) < pfn || page_to_pfn(page) >= pfn + 4);
		page->private = (unsigned long)chain;
		chain = page;
		total++;
	}
	for (int i = 0; i < 4; i++) {
		EXPECT_EQ(page_ref_count(withheld + i), 0);
		set_page_count(withheld + i, !i);
	}
	prep_compound_page(withheld, 2);
	adjust_managed_page_count(withheld, 4);
	folio_put(page_folio(withheld));
	EXPECT_EQ(nr_free_pages(), 4);
	EXPECT(alloc_pages(GFP_KERNEL, 2) == withheld);
	__free_pages(withheld, 2);
	while (chain) {
		page = chain;
		chain = (struct page *)page->private;
		page->private = 0;
		__free_page(page);
	}
	EXPECT_EQ(nr_free_pages(), total + 4);
}
