// SPDX-License-Identifier: GPL-2.0

/*
 * What must not happen to a preserved folio. Each mistake is made here once, and the checkers
 * have to tell; the last test makes none.
 */

#include <linux/huge_mm.h>
#include <linux/migrate.h>

#include "../../sim/liveupdate/kexec_handover_internal.h"
#include "../../sim/mm/internal.h"
#include "mm_test.h"

static const struct address_space_operations movable_aops = {
	.dirty_folio = noop_dirty_folio,
	.migrate_folio = migrate_folio,
};

static int move(struct folio *folio)
{
	struct migration_target_control mtc = {
		.nid = NUMA_NO_NODE, .gfp_mask = GFP_KERNEL, .reason = MR_COMPACTION,
	};
	LIST_HEAD(list);
	int err;

	EXPECT(isolate_folio_to_list(folio, &list));
	err = migrate_pages(&list, alloc_migration_target, NULL, (unsigned long)&mtc,
			    MIGRATE_SYNC, MR_COMPACTION, NULL);
	putback_movable_pages(&list);
	return err;
}

static int split(struct folio *folio)
{
	int err;

	folio_get(folio);
	folio_lock(folio);
	err = split_folio(folio);
	folio_unlock(folio);
	folio_put(folio);
	return err;
}

SIM_TEST(kho_assertions__freed_before_unpreserved__is_p26)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 0);

	EXPECT_EQ(kho_preserve_folio(folio), 0);
	folio_put(folio);
	kho_unpreserve_folio(folio);
}

SIM_TEST(kho_assertions__handed_out_again__is_p26_p23)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 0), *other;

	EXPECT_EQ(kho_preserve_folio(folio), 0);
	folio_put(folio);
	other = folio_alloc(GFP_KERNEL, 0);
	EXPECT(other == folio);
	kho_unpreserve_folio(folio);
	folio_put(other);
}

SIM_TEST(kho_assertions__split_while_preserved__is_p23)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 4, 2);
	struct page *page = &folio->page;

	EXPECT_EQ(kho_preserve_folio(folio), 0);
	EXPECT_EQ(split(folio), 0);
	kho_unpreserve_pages(page, 4);
	mt_inode_free(inode);
}

/* What user space does with a file that its handler has not frozen. */
SIM_TEST(kho_assertions__hole_cuts_what_is_preserved__is_p26_p23)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 4, 2);
	struct page *page = &folio->page;

	EXPECT_EQ(kho_preserve_folio(folio), 0);
	truncate_inode_pages_range(inode->i_mapping, 6 * PAGE_SIZE, 8 * PAGE_SIZE - 1);
	kho_unpreserve_pages(page, 4);
	mt_inode_free(inode);
}

/* What the machine does to a folio that its handler has not pinned. */
SIM_TEST(kho_assertions__memory_failure_in_what_is_preserved__is_p23)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 4, 2);
	struct page *page = &folio->page;

	EXPECT_EQ(kho_preserve_folio(folio), 0);
	sim_memory_failure(folio_pfn(folio) + 1);
	kho_unpreserve_pages(page, 4);
	mt_inode_free(inode);
}

SIM_TEST(kho_assertions__migrated_while_preserved__is_p26_p23)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill(inode, 4);

	inode->i_data.a_ops = &movable_aops;
	EXPECT_EQ(kho_preserve_folio(folio), 0);
	EXPECT_EQ(move(folio), 0);
	kho_unpreserve_folio(folio);
	mt_inode_free(inode);
}

SIM_TEST(kho_assertions__preserved_twice__is_p25)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 1);

	EXPECT_EQ(kho_preserve_folio(folio), 0);
	EXPECT_EQ(kho_preserve_folio(folio), 0);
	kho_unpreserve_folio(folio);
	folio_put(folio);
}

SIM_TEST(kho_assertions__preserved_again_with_another_order__is_p24_p25)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);

	EXPECT_EQ(kho_preserve_folio(folio), 0);
	EXPECT_EQ(kho_preserve_pages(folio_page(folio, 2), 1), 0);
	kho_unpreserve_pages(folio_page(folio, 2), 1);
	kho_unpreserve_folio(folio);
	folio_put(folio);
}

SIM_TEST(kho_assertions__unpreserved_with_another_order__is_p24_and_warns)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);

	EXPECT_EQ(kho_preserve_pages(&folio->page, 2), 0);
	kho_unpreserve_folio(folio);
	kho_unpreserve_pages(&folio->page, 2);
	folio_put(folio);
}

SIM_TEST(kho_assertions__lies_in_a_scratch_area__is_p23_and_warns)
{
	struct page *page = pfn_to_page(PHYS_PFN(kho_scratch[0].addr));

	EXPECT_EQ(kho_preserve_pages(page, 1), -EINVAL);
}

/* Pinned, frozen, unpreserved before it is let go: nothing is wrong with that. */
SIM_TEST(kho_assertions__what_is_pinned__stays_until_it_is_unpreserved)
{
	struct inode *inode = mt_inode();
	struct folio *folio = mt_fill_large(inode, 4, 2);

	inode->i_data.a_ops = &movable_aops;
	folio_get(folio);
	EXPECT_EQ(kho_preserve_folio(folio), 0);
	EXPECT_EQ(split(folio), -EAGAIN);
	EXPECT_EQ(move(folio), 1);
	EXPECT_EQ(sim_memory_failure(folio_pfn(folio) + 1), -EHWPOISON);
	truncate_inode_pages_range(inode->i_mapping, 6 * PAGE_SIZE, 8 * PAGE_SIZE - 1);
	kho_unpreserve_folio(folio);
	folio_put(folio);
	EXPECT_EQ(move(folio), 0);
	mt_inode_free(inode);
}
