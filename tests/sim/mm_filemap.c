// SPDX-License-Identifier: GPL-2.0

/* The page cache: lookup, creation, batches, truncation, memory failure. */

#include "mm_test.h"

SIM_TEST(filemap__absent_folio__is_enoent_unless_it_is_to_be_created)
{
	struct inode *inode = mt_inode();
	struct address_space *mapping = inode->i_mapping;
	struct folio *folio;

	EXPECT(filemap_get_folio(mapping, 3) == ERR_PTR(-ENOENT));
	EXPECT(filemap_lock_folio(mapping, 3) == ERR_PTR(-ENOENT));
	folio = filemap_grab_folio(mapping, 3);
	EXPECT(!IS_ERR(folio));
	EXPECT(folio_test_locked(folio));
	EXPECT(!folio_test_uptodate(folio));
	EXPECT(folio_test_lru(folio));
	EXPECT(folio->mapping == mapping);
	EXPECT_EQ(folio->index, 3);
	EXPECT_EQ(folio_ref_count(folio), 2);
	EXPECT_EQ(mapping->nrpages, 1);
	folio_unlock(folio);
	folio_put(folio);

	EXPECT(filemap_get_folio(mapping, 3) == folio);
	folio_put(folio);
	mt_inode_free(inode);
}

SIM_TEST(filemap__folio_locked_by_others__is_eagain_without_waiting)
{
	struct inode *inode = mt_inode();
	struct folio *folio = filemap_grab_folio(inode->i_mapping, 0);

	EXPECT(__filemap_get_folio(inode->i_mapping, 0, FGP_LOCK | FGP_NOWAIT, 0) ==
	       ERR_PTR(-EAGAIN));
	EXPECT_EQ(folio_ref_count(folio), 2);
	folio_unlock(folio);
	folio_put(folio);
	mt_inode_free(inode);
}

SIM_TEST(filemap__place_that_is_taken__is_eexist_and_changes_nothing)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill(inode, 5), *other = folio_alloc(GFP_KERNEL, 0);

	EXPECT_EQ(filemap_add_folio(inode->i_mapping, other, 5, GFP_KERNEL), -EEXIST);
	EXPECT(!folio_test_locked(other));
	EXPECT(other->mapping == NULL);
	EXPECT_EQ(folio_ref_count(other), 1);
	folio_put(other);
	EXPECT_EQ(inode->i_mapping->nrpages, 1);
	EXPECT(filemap_get_folio(inode->i_mapping, 5) == folio);
	folio_put(folio);
	mt_inode_free(inode);
}

SIM_TEST(filemap__removed_folio__lives_as_long_as_its_references)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill(inode, 1);

	folio_get(folio);
	folio_lock(folio);
	filemap_remove_folio(folio);
	folio_unlock(folio);
	EXPECT(folio->mapping == NULL);
	EXPECT_EQ(folio_ref_count(folio), 1);
	EXPECT(mapping_empty(inode->i_mapping));
	folio_put(folio);
	mt_inode_free(inode);
}

SIM_TEST(filemap__large_folio__is_found_at_each_of_its_places)
{
	struct inode *inode = mt_inode();
	struct address_space *mapping = inode->i_mapping;
	struct folio *folio, *small;

	mapping_set_large_folios(mapping);
	folio = __filemap_get_folio(mapping, 8, FGP_LOCK | FGP_CREAT | fgf_set_order(4 * PAGE_SIZE),
				    GFP_KERNEL);
	EXPECT(!IS_ERR(folio));
	EXPECT_EQ(folio_order(folio), 2);
	EXPECT_EQ(folio_ref_count(folio), 5);
	EXPECT_EQ(mapping->nrpages, 4);
	folio_unlock(folio);
	for (pgoff_t index = 8; index < 12; index++) {
		EXPECT(filemap_get_folio(mapping, index) == folio);
		EXPECT(page_folio(folio_file_page(folio, index)) == folio);
		folio_put(folio);
	}
	EXPECT(filemap_get_folio(mapping, 7) == ERR_PTR(-ENOENT));
	EXPECT(filemap_get_folio(mapping, 12) == ERR_PTR(-ENOENT));
	small = folio_alloc(GFP_KERNEL, 0);
	EXPECT_EQ(filemap_add_folio(mapping, small, 10, GFP_KERNEL), -EEXIST);
	folio_put(small);
	folio_put(folio);
	mt_inode_free(inode);
}

SIM_TEST(filemap__batches__visit_each_folio_once_in_order)
{
	struct inode *inode = mt_inode();
	pgoff_t start = 0, expected = 0;
	struct folio_batch fbatch;

	for (pgoff_t index = 0; index < 100; index += 2)
		mt_fill(inode, index);
	folio_batch_init(&fbatch);
	EXPECT_EQ(filemap_get_folios(inode->i_mapping, &start, 98, &fbatch), PAGEVEC_SIZE);
	EXPECT_EQ(start, 61);
	do {
		for (unsigned int i = 0; i < folio_batch_count(&fbatch); i++, expected += 2)
			EXPECT_EQ(fbatch.folios[i]->index, expected);
		folio_batch_release(&fbatch);
	} while (filemap_get_folios(inode->i_mapping, &start, 98, &fbatch));
	EXPECT_EQ(expected, 100);
	EXPECT_EQ(start, 99);
	mt_inode_free(inode);
}

static bool present(struct inode *inode, pgoff_t index)
{
	struct folio *folio = filemap_get_folio(inode->i_mapping, index);

	if (IS_ERR(folio))
		return false;
	folio_put(folio);
	return true;
}

SIM_TEST(truncate__range_of_whole_pages__removes_exactly_these)
{
	struct inode *inode = mt_inode();

	for (pgoff_t index = 0; index < 80; index++)
		mt_fill(inode, index);
	truncate_inode_pages_range(inode->i_mapping, 3 * PAGE_SIZE, 70 * PAGE_SIZE - 1);
	for (pgoff_t index = 0; index < 80; index++)
		EXPECT_EQ(present(inode, index), index < 3 || index >= 70);
	EXPECT_EQ(inode->i_mapping->nrpages, 13);
	mt_inode_free(inode);
}

SIM_TEST(truncate__parts_of_pages__are_zeroed)
{
	struct inode *inode = mt_inode();
	char *first, *last;

	for (pgoff_t index = 0; index < 4; index++)
		memset(folio_address(mt_fill(inode, index)), 'x', PAGE_SIZE);
	first = folio_address(mt_fill(inode, 0));
	last = folio_address(mt_fill(inode, 3));
	truncate_inode_pages_range(inode->i_mapping, 100, 3 * PAGE_SIZE + 49);
	EXPECT(present(inode, 0) && present(inode, 3));
	EXPECT(!present(inode, 1) && !present(inode, 2));
	EXPECT(first[99] == 'x' && first[100] == 0 && first[PAGE_SIZE - 1] == 0);
	EXPECT(last[0] == 0 && last[49] == 0 && last[50] == 'x');
	mt_inode_free(inode);
}

SIM_TEST(truncate__parts_of_inaccessible_pages__are_left_alone)
{
	struct inode *inode = mt_inode();
	char *page;

	mapping_set_inaccessible(inode->i_mapping);
	EXPECT(mapping_unevictable(inode->i_mapping));
	page = folio_address(mt_fill(inode, 0));
	page[200] = 'x';
	truncate_inode_pages_range(inode->i_mapping, 100, 300);
	EXPECT_EQ(page[200], 'x');
	mt_inode_free(inode);
}

SIM_TEST(memory_failure__free_page__is_never_handed_out)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct page *chain = NULL, *next;
	unsigned long pfn = page_to_pfn(page);

	__free_page(page);
	EXPECT_EQ(sim_memory_failure(pfn), 0);
	EXPECT_EQ(sim_memory_failure(pfn), -EHWPOISON);
	for (int i = 0; i < 2048; i++) {
		page = alloc_page(GFP_KERNEL);
		EXPECT(page_to_pfn(page) != pfn);
		page->private = (unsigned long)chain;
		chain = page;
	}
	for (; chain; chain = next) {
		next = (struct page *)chain->private;
		__free_page(chain);
	}
}

SIM_TEST(memory_failure__what_is_not_a_folio_of_a_file__is_refused)
{
	void *object = kmalloc(64, GFP_KERNEL);

	EXPECT_EQ(sim_memory_failure(max_pfn), -ENXIO);
	EXPECT_EQ(sim_memory_failure(page_to_pfn(virt_to_page(object))), -EBUSY);
	kfree(object);
}

static int error_folio(struct address_space *mapping, struct folio *folio)
{
	EXPECT(folio_test_locked(folio));
	return MF_DELAYED;
}

static const struct address_space_operations keeping_aops = {
	.dirty_folio = noop_dirty_folio,
	.error_remove_folio = error_folio,
};

static const struct address_space_operations removing_aops = {
	.dirty_folio = noop_dirty_folio,
	.error_remove_folio = generic_error_remove_folio,
};

SIM_TEST(memory_failure__folio_that_its_owner_keeps__is_poisoned_and_ebusy)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill(inode, 0);

	inode->i_data.a_ops = &keeping_aops;
	EXPECT_EQ(sim_memory_failure(folio_pfn(folio)), -EBUSY);
	EXPECT(folio_test_hwpoison(folio));
	EXPECT(present(inode, 0));
	mt_inode_free(inode);
	EXPECT_EQ(folio_ref_count(folio), 1);
}

SIM_TEST(memory_failure__folio_that_its_owner_removes__is_gone)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill(inode, 0);

	inode->i_data.a_ops = &removing_aops;
	EXPECT_EQ(sim_memory_failure(folio_pfn(folio)), 0);
	EXPECT(!present(inode, 0));
	EXPECT_EQ(folio_ref_count(folio), 1);
	mt_inode_free(inode);
}

SIM_TEST(kernel_page__tells_the_kernels_own_from_those_of_files)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill(inode, 0);
	struct page *page = alloc_page(GFP_KERNEL);

	EXPECT(sim_kernel_page(page_to_pfn(page)));
	EXPECT(sim_kernel_page(page_to_pfn(virt_to_page(inode))));
	EXPECT(!sim_kernel_page(folio_pfn(folio)));
	__free_page(page);
	EXPECT(!sim_kernel_page(page_to_pfn(page)));
	mt_inode_free(inode);
}
