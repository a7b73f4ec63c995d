// SPDX-License-Identifier: GPL-2.0

/* Splitting large folios, and what does it: truncation and memory failure. */

#include <linux/huge_mm.h>

#include "mm_test.h"

/* The folio of the page cache at @index: checked, and without a reference. */
static struct folio *at(struct inode *inode, pgoff_t index, unsigned int order)
{
	struct folio *folio = filemap_get_folio(inode->i_mapping, index);

	EXPECT(!IS_ERR(folio));
	EXPECT(folio->mapping == inode->i_mapping);
	EXPECT_EQ(folio_order(folio), order);
	EXPECT_EQ(folio->index, index >> order << order);
	folio_put(folio);
	EXPECT_EQ(folio_ref_count(folio), 1 << order);
	return folio;
}

static bool absent(struct inode *inode, pgoff_t index)
{
	return !filemap_range_has_page(inode->i_mapping, index << PAGE_SHIFT,
				       index << PAGE_SHIFT);
}

static char byte(struct inode *inode, pgoff_t index, unsigned int order)
{
	struct folio *folio = at(inode, index, order);

	return *(char *)page_address(folio_file_page(folio, index));
}

/* As the caller of folio_split() and the others has to be. */
static void hold(struct folio *folio)
{
	folio_get(folio);
	folio_lock(folio);
}

static void release(struct folio *folio)
{
	folio_unlock(folio);
	folio_put(folio);
}

SIM_TEST(split__into_pages__each_keeps_place_contents_and_flags)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 8, 3);
	unsigned long pfn = folio_pfn(folio);

	hold(folio);
	EXPECT_EQ(split_folio(folio), 0);
	EXPECT(folio_test_locked(folio));
	EXPECT_EQ(folio_ref_count(folio), 2);
	release(folio);
	for (unsigned long i = 0; i < 8; i++) {
		struct folio *part = at(inode, 8 + i, 0);

		EXPECT_EQ(folio_pfn(part), pfn + i);
		EXPECT(!folio_test_large(part) && !folio_test_locked(part));
		EXPECT(folio_test_uptodate(part) && folio_test_dirty(part));
		EXPECT(folio_test_lru(part));
		EXPECT_EQ(byte(inode, 8 + i, 0), 'a' + i);
	}
	EXPECT_EQ(inode->i_mapping->nrpages, 8);
	mt_inode_free(inode);
}

SIM_TEST(split__page_in_the_middle__stays_locked_and_referred_to)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 4, 2), *part;
	struct page *page = folio_page(folio, 3);

	hold(folio);
	EXPECT_EQ(split_huge_page(page), 0);
	part = page_folio(page);
	EXPECT(part != folio);
	EXPECT(folio_test_locked(part) && !folio_test_locked(folio));
	EXPECT_EQ(folio_ref_count(part), 2);
	release(part);
	for (pgoff_t index = 4; index < 8; index++)
		at(inode, index, 0);
	mt_inode_free(inode);
}

SIM_TEST(split__around_a_page__folios_get_smaller_towards_it)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 0, 4);

	hold(folio);
	EXPECT_EQ(folio_split(folio, 0, folio_page(folio, 5), NULL), 0);
	release(folio);
	EXPECT_EQ(byte(inode, 0, 2), 'a');
	EXPECT_EQ(byte(inode, 4, 0), 'e');
	EXPECT_EQ(byte(inode, 5, 0), 'f');
	EXPECT_EQ(byte(inode, 7, 1), 'h');
	EXPECT_EQ(byte(inode, 15, 3), 'p');
	mt_inode_free(inode);
}

SIM_TEST(split__any_order_into_any__all_pages_are_there_and_freed)
{
	for (unsigned int order = 1; order <= 9; order++)
		for (unsigned int small = 0; small < order; small++) {
			struct inode *inode = mt_inode();
			struct folio *folio;

			i_size_write(inode, PAGE_SIZE << 10);
			folio = mt_fill_large(inode, 1UL << order, order);
			hold(folio);
			EXPECT_EQ(split_folio_to_order(folio, small), 0);
			release(folio);
			for (pgoff_t i = 0; i < 1UL << order; i++)
				EXPECT_EQ(byte(inode, (1UL << order) + i, small), (char)('a' + i));
			mt_inode_free(inode);
		}
}

SIM_TEST(split__somebody_else_has_a_reference__is_eagain_and_changes_nothing)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 8, 2);

	hold(folio);
	folio_get(folio);
	EXPECT_EQ(split_folio(folio), -EAGAIN);
	EXPECT_EQ(folio_split(folio, 0, &folio->page, NULL), -EAGAIN);
	folio_put(folio);
	release(folio);
	at(inode, 9, 2);
	mt_inode_free(inode);
}

SIM_TEST(split__wrong_order__is_einval)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 8, 2);

	hold(folio);
	EXPECT_EQ(split_folio_to_order(folio, 2), -EINVAL);
	EXPECT_EQ(split_folio_to_order(folio, 3), -EINVAL);
	EXPECT_EQ(folio_split(folio, 0, folio_page(folio, 4), NULL), -EINVAL);
	mapping_set_folio_order_range(inode->i_mapping, 1, 2);
	EXPECT_EQ(min_order_for_split(folio), 1);
	EXPECT_EQ(split_folio(folio), -EINVAL);
	EXPECT_EQ(split_folio_to_order(folio, 1), 0);
	release(folio);
	at(inode, 8, 1);
	at(inode, 10, 1);
	mt_inode_free(inode);
}

SIM_TEST(split__folio_that_was_truncated__is_ebusy)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 8, 2);

	hold(folio);
	filemap_remove_folio(folio);
	EXPECT_EQ(split_folio(folio), -EBUSY);
	release(folio);
	mt_inode_free(inode);
}

SIM_TEST(split__pages_behind_the_end_of_the_file__leave_it)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 8, 2);

	i_size_write(inode, 9 * PAGE_SIZE + 1);
	hold(folio);
	EXPECT_EQ(split_folio(folio), 0);
	release(folio);
	at(inode, 8, 0);
	at(inode, 9, 0);
	EXPECT(absent(inode, 10) && absent(inode, 11));
	EXPECT_EQ(inode->i_mapping->nrpages, 2);
	mt_inode_free(inode);
}

SIM_TEST(split__mapped_folio__programs_find_the_parts)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 0, 2);
	struct file *file = mt_file(inode);
	unsigned long addr = mt_map(file, 4, PROT_READ | PROT_WRITE);
	char c;

	EXPECT_EQ(sim_user_access(addr + 2 * PAGE_SIZE, &c, 1, 0), 0);
	EXPECT_EQ(folio_mapcount(folio), 1);
	hold(folio);
	EXPECT_EQ(split_folio(folio), 0);
	release(folio);
	at(inode, 2, 0);
	EXPECT_EQ(sim_user_access(addr + 2 * PAGE_SIZE, &c, 1, 0), 0);
	EXPECT_EQ(c, 'c');
	EXPECT_EQ(folio_mapcount(page_folio(folio_page(folio, 2))), 1);
	vm_munmap(addr, 4 * PAGE_SIZE);
	fput(file);
	mt_inode_free(inode);
}

SIM_TEST(truncate__hole_cuts_a_large_folio__its_pages_go_and_the_others_stay)
{
	struct inode *inode = mt_inode();

	mt_fill_large(inode, 0, 4);
	truncate_inode_pages_range(inode->i_mapping, 5 * PAGE_SIZE + 8, 11 * PAGE_SIZE - 1);
	for (pgoff_t index = 0; index < 16; index++)
		EXPECT_EQ(absent(inode, index), index > 5 && index < 11);
	EXPECT_EQ(byte(inode, 0, 2), 'a');
	EXPECT_EQ(byte(inode, 5, 0), 'f');
	EXPECT_EQ(((char *)folio_address(at(inode, 5, 0)))[8], 0);
	EXPECT_EQ(byte(inode, 11, 0), 'l');
	EXPECT_EQ(byte(inode, 15, 2), 'p');
	EXPECT_EQ(inode->i_mapping->nrpages, 11);
	mt_inode_free(inode);
}

SIM_TEST(truncate__hole_cuts_a_large_folio_that_is_in_use__it_stays_zeroed)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 4, 2);

	folio_get(folio);
	truncate_inode_pages_range(inode->i_mapping, 6 * PAGE_SIZE, 20 * PAGE_SIZE - 1);
	folio_put(folio);
	EXPECT_EQ(byte(inode, 5, 2), 'b');
	EXPECT_EQ(byte(inode, 6, 2), 0);
	EXPECT_EQ(byte(inode, 7, 2), 0);
	EXPECT_EQ(inode->i_mapping->nrpages, 4);
	mt_inode_free(inode);
}

SIM_TEST(truncate__clean_large_folio_that_is_in_use__goes_as_a_whole)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 4, 2);

	folio_get(folio);
	folio_clear_dirty(folio);
	truncate_inode_pages_range(inode->i_mapping, 6 * PAGE_SIZE, 8 * PAGE_SIZE - 1);
	folio_put(folio);
	EXPECT_EQ(inode->i_mapping->nrpages, 0);
	mt_inode_free(inode);
}

static int remove_folio(struct address_space *mapping, struct folio *folio)
{
	return generic_error_remove_folio(mapping, folio);
}

static const struct address_space_operations removing_aops = {
	.dirty_folio = noop_dirty_folio,
	.error_remove_folio = remove_folio,
};

SIM_TEST(memory_failure__page_of_a_large_folio__only_that_page_goes)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 8, 2);
	unsigned long pfn = folio_pfn(folio) + 2;

	inode->i_data.a_ops = &removing_aops;
	EXPECT_EQ(sim_memory_failure(pfn), 0);
	EXPECT(absent(inode, 10));
	EXPECT_EQ(byte(inode, 9, 0), 'b');
	EXPECT_EQ(byte(inode, 11, 0), 'd');
	EXPECT(PageHWPoison(pfn_to_page(pfn)));
	EXPECT(!folio_test_hwpoison(folio));
	mt_inode_free(inode);
}

SIM_TEST(memory_failure__page_of_a_large_folio_that_is_in_use__stays)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 8, 2);

	folio_get(folio);
	EXPECT_EQ(sim_memory_failure(folio_pfn(folio) + 2), -EHWPOISON);
	EXPECT(folio_contain_hwpoisoned_page(folio));
	EXPECT_EQ(folio_order(folio), 2);
	EXPECT_EQ(inode->i_mapping->nrpages, 4);
	folio_put(folio);
	mt_inode_free(inode);
}
