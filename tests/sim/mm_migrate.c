// SPDX-License-Identifier: GPL-2.0

/* Moving folios of the page cache to other memory. */

#include <linux/migrate.h>

#include "../../sim/mm/internal.h"
#include "mm_test.h"

static const struct address_space_operations movable_aops = {
	.dirty_folio = noop_dirty_folio,
	.migrate_folio = migrate_folio,
};

static struct inode *movable_inode(void)
{
	struct inode *inode = mt_inode();

	inode->i_data.a_ops = &movable_aops;
	return inode;
}

static int migrate(struct list_head *list, new_folio_t *target, unsigned int *moved)
{
	struct migration_target_control mtc = {
		.nid = NUMA_NO_NODE, .gfp_mask = GFP_KERNEL, .reason = MR_COMPACTION,
	};

	return migrate_pages(list, target, NULL, (unsigned long)&mtc, MIGRATE_SYNC,
			     MR_COMPACTION, moved);
}

/* What migrate_pages() says to one folio, which is put back if it stays. */
static int move(struct folio *folio)
{
	LIST_HEAD(list);
	unsigned int moved;
	int err;

	EXPECT(isolate_folio_to_list(folio, &list));
	EXPECT(!isolate_folio_to_list(folio, &list));
	err = migrate(&list, alloc_migration_target, &moved);
	EXPECT_EQ(!moved, !!err);
	EXPECT_EQ(list_empty(&list), !err);
	putback_movable_pages(&list);
	return err;
}

static struct folio *at(struct inode *inode, pgoff_t index)
{
	struct folio *folio = filemap_get_folio(inode->i_mapping, index);

	EXPECT(!IS_ERR(folio));
	folio_put(folio);
	return folio;
}

SIM_TEST(migrate__folio__its_copy_takes_its_place)
{
	struct inode *inode = movable_inode();
	struct folio *folio = mt_fill(inode, 3), *copy;

	memset(folio_address(folio), 'x', PAGE_SIZE);
	folio_mark_dirty(folio);
	EXPECT_EQ(move(folio), 0);
	copy = at(inode, 3);
	EXPECT(copy != folio);
	EXPECT(copy->mapping == inode->i_mapping && copy->index == 3);
	EXPECT(folio_test_uptodate(copy) && folio_test_dirty(copy) && folio_test_lru(copy));
	EXPECT(!folio_test_locked(copy));
	EXPECT(!memchr_inv(folio_address(copy), 'x', PAGE_SIZE));
	EXPECT_EQ(folio_ref_count(copy), 1);
	EXPECT_EQ(folio_ref_count(folio), 0);
	EXPECT(folio->mapping == NULL);
	EXPECT_EQ(inode->i_mapping->nrpages, 1);
	mt_inode_free(inode);
}

SIM_TEST(migrate__large_folio__stays_large)
{
	struct inode *inode = movable_inode();
	struct folio *folio = mt_fill_large(inode, 8, 2), *copy;

	EXPECT_EQ(move(folio), 0);
	copy = at(inode, 11);
	EXPECT(copy != folio);
	EXPECT_EQ(folio_order(copy), 2);
	EXPECT_EQ(folio_ref_count(copy), 4);
	for (int i = 0; i < 4; i++)
		EXPECT_EQ(*(char *)page_address(folio_page(copy, i)), 'a' + i);
	mt_inode_free(inode);
}

SIM_TEST(migrate__somebody_has_a_reference__stays)
{
	struct inode *inode = movable_inode();
	struct folio *folio = mt_fill(inode, 3);

	folio_get(folio);
	EXPECT_EQ(move(folio), 1);
	EXPECT(at(inode, 3) == folio);
	EXPECT(folio_test_lru(folio));
	EXPECT_EQ(folio_ref_count(folio), 2);
	folio_put(folio);
	EXPECT_EQ(move(folio), 0);
	mt_inode_free(inode);
}

SIM_TEST(migrate__file_that_is_inaccessible__stays)
{
	struct inode *inode = movable_inode();
	struct folio *folio = mt_fill(inode, 3);

	mapping_set_inaccessible(inode->i_mapping);
	EXPECT_EQ(move(folio), 1);
	EXPECT(at(inode, 3) == folio);
	mt_inode_free(inode);
}

SIM_TEST(migrate__file_that_does_not_say_how__clean_folios_only)
{
	struct inode *inode = mt_inode();
	struct folio *clean = mt_fill(inode, 3), *dirty = mt_fill(inode, 4);

	folio_mark_dirty(dirty);
	EXPECT_EQ(move(clean), 0);
	EXPECT_EQ(move(dirty), 1);
	EXPECT(at(inode, 3) != clean);
	EXPECT(at(inode, 4) == dirty);
	mt_inode_free(inode);
}

SIM_TEST(migrate__mapped_folio__programs_find_the_copy)
{
	struct inode *inode = movable_inode();
	struct folio *folio = mt_fill(inode, 1);
	struct file *file = mt_file(inode);
	unsigned long addr = mt_map(file, 2, PROT_READ | PROT_WRITE);
	char c = 'y';

	EXPECT_EQ(sim_user_access(addr + PAGE_SIZE, &c, 1, 1), 0);
	EXPECT_EQ(move(folio), 0);
	EXPECT_EQ(*(char *)folio_address(at(inode, 1)), 'y');
	c = 0;
	EXPECT_EQ(sim_user_access(addr + PAGE_SIZE, &c, 1, 0), 0);
	EXPECT_EQ(c, 'y');
	EXPECT_EQ(folio_mapcount(at(inode, 1)), 1);
	vm_munmap(addr, 2 * PAGE_SIZE);
	fput(file);
	mt_inode_free(inode);
}

SIM_TEST(migrate__folio_that_was_truncated_meanwhile__is_gone)
{
	struct inode *inode = movable_inode();
	struct folio *folio = mt_fill(inode, 3);
	unsigned int moved;
	LIST_HEAD(list);

	EXPECT(isolate_folio_to_list(folio, &list));
	truncate_inode_pages(inode->i_mapping, 0);
	EXPECT_EQ(migrate(&list, alloc_migration_target, &moved), 0);
	EXPECT_EQ(moved, 1);
	EXPECT(list_empty(&list));
	mt_inode_free(inode);
}

static struct folio *no_memory(struct folio *folio, unsigned long private)
{
	return NULL;
}

SIM_TEST(migrate__no_memory__is_enomem_and_all_stay)
{
	struct inode *inode = movable_inode();
	struct folio *folio = mt_fill(inode, 3);
	LIST_HEAD(list);

	EXPECT(isolate_folio_to_list(folio, &list));
	EXPECT_EQ(migrate(&list, no_memory, NULL), -ENOMEM);
	EXPECT(!list_empty(&list));
	putback_movable_pages(&list);
	EXPECT(at(inode, 3) == folio);
	mt_inode_free(inode);
}

SIM_TEST(soft_offline__page_of_a_file__its_contents_live_on_elsewhere)
{
	struct inode *inode = movable_inode();
	struct folio *folio = mt_fill(inode, 3);
	unsigned long pfn = folio_pfn(folio);

	memset(folio_address(folio), 'x', PAGE_SIZE);
	folio_mark_dirty(folio);
	EXPECT_EQ(soft_offline_page(pfn, 0), 0);
	EXPECT(PageHWPoison(pfn_to_page(pfn)));
	EXPECT(folio_pfn(at(inode, 3)) != pfn);
	EXPECT_EQ(*(char *)folio_address(at(inode, 3)), 'x');
	EXPECT_EQ(soft_offline_page(pfn, 0), 0);
	mt_inode_free(inode);
}

SIM_TEST(soft_offline__clean_page_that_nobody_maps__is_dropped)
{
	struct inode *inode = movable_inode();
	struct folio *folio = mt_fill(inode, 3);

	EXPECT_EQ(soft_offline_page(folio_pfn(folio), 0), 0);
	EXPECT_EQ(inode->i_mapping->nrpages, 0);
	EXPECT(PageHWPoison(&folio->page));
	mt_inode_free(inode);
}

SIM_TEST(soft_offline__page_of_a_large_folio__moves_alone)
{
	struct inode *inode = movable_inode();
	struct folio *folio = mt_fill_large(inode, 8, 2);
	unsigned long pfn = folio_pfn(folio);

	EXPECT_EQ(soft_offline_page(pfn + 1, 0), 0);
	EXPECT(folio_pfn(at(inode, 9)) != pfn + 1);
	EXPECT_EQ(*(char *)folio_address(at(inode, 9)), 'b');
	EXPECT_EQ(folio_pfn(at(inode, 10)), pfn + 2);
	EXPECT_EQ(inode->i_mapping->nrpages, 4);
	mt_inode_free(inode);
}

SIM_TEST(soft_offline__page_in_use__is_ebusy_and_stays)
{
	struct inode *inode = movable_inode();
	struct folio *folio = mt_fill(inode, 3), *large = mt_fill_large(inode, 8, 2);

	folio_get(folio);
	folio_get(large);
	folio_mark_dirty(folio);
	EXPECT_EQ(soft_offline_page(folio_pfn(folio), 0), -EBUSY);
	EXPECT_EQ(soft_offline_page(folio_pfn(large) + 2, 0), -EBUSY);
	EXPECT(at(inode, 3) == folio && at(inode, 10) == large);
	EXPECT(!folio_test_hwpoison(folio) && folio_test_lru(folio));
	EXPECT_EQ(folio_ref_count(folio), 2);
	EXPECT_EQ(folio_ref_count(large), 5);
	folio_put(folio);
	folio_put(large);
	mt_inode_free(inode);
}

SIM_TEST(soft_offline__free_page_or_the_kernels_own__is_taken_or_refused)
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned long pfn = page_to_pfn(page);

	EXPECT_EQ(soft_offline_page(pfn, 0), -EIO);
	EXPECT_EQ(soft_offline_page(max_pfn, 0), -ENXIO);
	__free_page(page);
	EXPECT_EQ(soft_offline_page(pfn, 0), 0);
	EXPECT(PageHWPoison(pfn_to_page(pfn)));
	EXPECT(!is_free_buddy_page(pfn_to_page(pfn)));
}
