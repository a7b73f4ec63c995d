// SPDX-License-Identifier: GPL-2.0
/* The tree of preserved memory, preserving and restoring, subtrees of the root. */

#include <linux/gfp.h>
#include <linux/kexec_handover.h>
#include <linux/kho/abi/kexec_handover.h>
#include <linux/kho/abi/kexec_metadata.h>
#include <linux/kho_radix_tree.h>
#include <linux/log2.h>
#include <linux/memblock.h>
#include <linux/utsname.h>

#include "../../sim/liveupdate/kexec_handover_internal.h"
#include "luo_test.h"

SIM_TEST(kho_key__each_order__encodes_and_decodes)
{
	for (unsigned int order = 0; order <= 20; order++) {
		phys_addr_t phys = 1ULL << 40, found;
		unsigned long key = kho_encode_radix_key(phys, order);
		unsigned int found_order;

		EXPECT_EQ(key, (1UL << (52 - order)) | (phys >> (12 + order)));
		found = kho_decode_radix_key(key, &found_order);
		EXPECT_EQ(found, phys);
		EXPECT_EQ(found_order, order);
	}
}

SIM_TEST(kho_tree__layout__has_five_levels_of_tables)
{
	EXPECT_EQ(KHO_RADIX_KEY_WIDTH, 53);
	EXPECT_EQ(KHO_TABLE_SIZE_LOG2, 9);
	EXPECT_EQ(KHO_BITMAP_SIZE_LOG2, 15);
	EXPECT_EQ(KHO_TREE_MAX_DEPTH, 6);
	EXPECT_EQ(KHO_VMALLOC_SIZE, 511);
}

/* Keys as they are visited. */
struct seen {
	unsigned long keys[8];
	unsigned int nr;
};

static int see(unsigned long key, void *data)
{
	struct seen *seen = data;

	if (seen->nr < ARRAY_SIZE(seen->keys))
		seen->keys[seen->nr] = key;
	seen->nr++;
	return 0;
}

static const struct kho_radix_walk_cb see_cb = { .leaf = see };

SIM_TEST(kho_tree__walk__visits_keys_in_ascending_order)
{
	static const unsigned long keys[] = { 0, 63, 64, 32767, 32768, 1UL << 24, 1UL << 52 };
	struct kho_radix_tree tree;
	struct seen seen = {};

	EXPECT_EQ(kho_radix_init_tree(&tree, NULL), 0);
	for (int i = ARRAY_SIZE(keys) - 1; i >= 0; i--)
		EXPECT_EQ(kho_radix_add_key(&tree, keys[i]), 0);
	EXPECT_EQ(kho_radix_add_key(&tree, keys[2]), 0);
	EXPECT_EQ(kho_radix_walk_tree(&tree, &see_cb, &seen), 0);
	EXPECT_EQ(seen.nr, ARRAY_SIZE(keys));
	for (int i = 0; i < ARRAY_SIZE(keys); i++)
		EXPECT_EQ(seen.keys[i], keys[i]);

	kho_radix_del_key(&tree, 64);
	seen.nr = 0;
	EXPECT_EQ(kho_radix_walk_tree(&tree, &see_cb, &seen), 0);
	EXPECT_EQ(seen.nr, ARRAY_SIZE(keys) - 1);
	EXPECT_EQ(kho_radix_add_key(&tree, 1UL << 53), -ERANGE);
	kho_radix_destroy_tree(&tree);
	EXPECT(!tree.root);
}

SIM_TEST(kho_tree__node_that_points_to_itself__walk_ends_with_einval, "P-56")
{
	struct kho_radix_tree tree;
	struct seen seen = {};

	EXPECT_EQ(kho_radix_init_tree(&tree, NULL), 0);
	for (int i = 0; i < 512; i++)
		tree.root->table[i] = virt_to_phys(tree.root);
	EXPECT_EQ(kho_radix_walk_tree(&tree, &see_cb, &seen), -EINVAL);
}

SIM_TEST(kho_tree__wild_addresses__walk_ends_with_einval, "P-56")
{
	static const u64 wild[] = { 1, 0xfff, 1ULL << 60, ~0ULL, ~0xfffULL };
	struct kho_radix_tree tree;
	struct seen seen = {};

	EXPECT_EQ(kho_radix_init_tree(&tree, NULL), 0);
	for (int i = 0; i < ARRAY_SIZE(wild); i++) {
		tree.root->table[7] = wild[i];
		EXPECT_EQ(kho_radix_walk_tree(&tree, &see_cb, &seen), -EINVAL);
	}
	tree.root->table[7] = sim_boot.memory;
	EXPECT_EQ(kho_radix_walk_tree(&tree, &see_cb, &seen), -EINVAL);
	EXPECT_EQ(seen.nr, 0);
}

static int find_key(unsigned long key, void *data)
{
	return key == *(unsigned long *)data;
}

static bool tree_has(phys_addr_t phys, unsigned int order)
{
	static const struct kho_radix_walk_cb cb = { .leaf = find_key };
	unsigned long key = kho_encode_radix_key(phys, order);

	return kho_radix_walk_tree(&kho_out_tree, &cb, &key);
}

SIM_TEST(kho_preserve_folio__and_back__leaves_no_key, "P-25")
{
	long keys = lt_keys();

	for (unsigned int order = 0; order <= 4; order++) {
		struct folio *folio = folio_alloc(GFP_KERNEL, order);
		phys_addr_t phys = PFN_PHYS(folio_pfn(folio));

		EXPECT_EQ(kho_preserve_folio(folio), 0);
		EXPECT(tree_has(phys, order));
		EXPECT_EQ(lt_keys(), keys + 1);
		kho_unpreserve_folio(folio);
		EXPECT(!tree_has(phys, order));
		EXPECT_EQ(lt_keys(), keys);
		folio_put(folio);
	}
}

/* Where a range that crosses everything can be: not allocated, but the tree doesn't mind. */
#define ODD_PFN	((sim_boot.memory / 2) >> PAGE_SHIFT)

SIM_TEST(kho_preserve_pages__odd_range__is_split_into_aligned_blocks)
{
	struct page *page = pfn_to_page(ODD_PFN + 2048 + 3);
	phys_addr_t base = PFN_PHYS(ODD_PFN + 2048);
	long keys = lt_keys();

	/* 3 | 4-7 | 8-11 | 12-13: what is left shrinks the blocks, too. */
	EXPECT_EQ(kho_preserve_pages(page, 11), 0);
	EXPECT(tree_has(base + PFN_PHYS(3), 0));
	EXPECT(tree_has(base + PFN_PHYS(4), 2));
	EXPECT(tree_has(base + PFN_PHYS(8), 2));
	EXPECT(tree_has(base + PFN_PHYS(12), 1));
	EXPECT_EQ(lt_keys(), keys + 4);
	kho_unpreserve_pages(page, 11);
	EXPECT_EQ(lt_keys(), keys);
}

SIM_TEST(kho_preserve_pages__all_of_memory__no_block_lies_in_two_nodes)
{
	if (sim_boot.nodes != 2)
		return;
	EXPECT_EQ(kho_pages_order(0, max_pfn), ilog2(max_pfn / 2));
	EXPECT_EQ(kho_pages_order(ODD_PFN, max_pfn), ilog2(max_pfn / 2));
	EXPECT_EQ(kho_pages_order(ODD_PFN - 4, max_pfn), 2);
}

SIM_TEST(kho_alloc_preserve__sizes__are_checked)
{
	long keys = lt_keys();
	void *mem;

	EXPECT_EQ(PTR_ERR(kho_alloc_preserve(0)), -EINVAL);
	EXPECT_EQ(PTR_ERR(kho_alloc_preserve((PAGE_SIZE << MAX_PAGE_ORDER) + 1)), -E2BIG);
	mem = kho_alloc_preserve(3 * PAGE_SIZE);
	EXPECT(!IS_ERR(mem));
	EXPECT(!memchr_inv(mem, 0, 4 * PAGE_SIZE));
	EXPECT(tree_has(virt_to_phys(mem), 2));
	kho_unpreserve_free(mem);
	kho_unpreserve_free(NULL);
	EXPECT_EQ(lt_keys(), keys);
}

SIM_TEST(kho_restore_folio__handed_over__has_the_contents_and_works_once, "P-44")
{
	struct folio *folio;
	u64 *phys;

	if (!is_kho_boot()) {
		phys = lt_leave();
		folio = folio_alloc(GFP_KERNEL, 3);
		EXPECT_EQ(kho_preserve_folio(folio), 0);
		*phys = PFN_PHYS(folio_pfn(folio));
		strscpy((char *)folio_address(folio) + 7 * PAGE_SIZE, "hello", 6);
		lt_kexec();
	}

	phys = lt_found();
	EXPECT(!kho_block_ok(*phys));
	folio = kho_restore_folio(*phys);
	EXPECT(folio);
	EXPECT_EQ(folio_order(folio), 3);
	EXPECT_EQ(folio_ref_count(folio), 1);
	EXPECT(!strcmp((char *)folio_address(folio) + 7 * PAGE_SIZE, "hello"));
	EXPECT(!kho_pages_restorable(*phys, 8));
	folio_put(folio);
}

SIM_TEST(kho_restore_folio__second_time__is_nothing_to_restore, "P-44")
{
	struct folio *folio;
	u64 *phys;

	if (!is_kho_boot()) {
		phys = lt_leave();
		folio = folio_alloc(GFP_KERNEL, 0);
		EXPECT_EQ(kho_preserve_folio(folio), 0);
		*phys = PFN_PHYS(folio_pfn(folio));
		lt_kexec();
	}

	phys = lt_found();
	folio = kho_restore_folio(*phys);
	EXPECT(folio);
	EXPECT(!kho_restore_folio(*phys));
	EXPECT_EQ(folio_ref_count(folio), 1);
	folio_put(folio);
}

SIM_TEST(kho_restore_folio__never_preserved_or_out_of_memory__is_nothing_to_restore, "P-44")
{
	EXPECT(!kho_restore_folio(PFN_PHYS(ODD_PFN)));
	EXPECT(!kho_restore_folio(sim_boot.memory));
	EXPECT(!kho_restore_folio(~0ULL));
}

/* 11 contiguous pages, the first one odd. */
static struct page *odd_pages(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 4);

	EXPECT(page);
	split_page(page, 4);
	return page + 3;
}

SIM_TEST(kho_restore_pages__handed_over__each_has_one_reference, "P-45")
{
	struct page *page;
	u64 *phys;

	if (!is_kho_boot()) {
		phys = lt_leave();
		page = odd_pages();
		*phys = page_to_phys(page);
		EXPECT_EQ(kho_preserve_pages(page, 11), 0);
		lt_kexec();
	}

	phys = lt_found();
	EXPECT(!kho_pages_restorable(*phys, 10));
	EXPECT(!kho_pages_restorable(*phys, 12));
	EXPECT(!kho_pages_restorable(*phys + 1, 11));
	EXPECT(!kho_pages_restorable(*phys - PAGE_SIZE, 1));
	EXPECT(!kho_pages_restorable(*phys, 0));
	EXPECT(!kho_pages_restorable(*phys, ~0UL));
	EXPECT(!kho_pages_restorable(sim_boot.memory, 1));
	EXPECT(!kho_pages_restorable(0, 1));
	EXPECT(kho_pages_restorable(*phys, 11));
	page = kho_restore_pages(*phys, 11);
	EXPECT(page == phys_to_page(*phys));
	EXPECT(!kho_pages_restorable(*phys, 11));
	for (int i = 0; i < 11; i++) {
		EXPECT_EQ(page_count(page + i), 1);
		__free_page(page + i);
	}
}

SIM_TEST(kho_boot__keys_that_no_kernel_writes__are_refused, "P-56")
{
	unsigned int max_order = 10;
	struct folio *folio;
	u64 *phys;

	if (!is_kho_boot()) {
		phys = lt_leave();
		folio = folio_alloc(GFP_KERNEL, 2);
		EXPECT_EQ(kho_preserve_folio(folio), 0);
		*phys = PFN_PHYS(folio_pfn(folio));
		lt_kexec();
	}

	/* The block again, a part of it; beyond memory; too large; no key at all. */
	phys = lt_found();
	EXPECT_EQ(kho_preserved_memory_mark(kho_encode_radix_key(*phys, 2), &max_order),
		  -EINVAL);
	EXPECT_EQ(kho_preserved_memory_mark(kho_encode_radix_key(*phys + 2 * PAGE_SIZE, 0),
					    &max_order), -EINVAL);
	EXPECT_EQ(kho_preserved_memory_mark(kho_encode_radix_key(sim_boot.memory, 0),
					    &max_order), -EINVAL);
	EXPECT_EQ(kho_preserved_memory_mark(kho_encode_radix_key(PAGE_SIZE, 40), &max_order),
		  -EINVAL);
	EXPECT_EQ(kho_preserved_memory_mark(0, &max_order), -EINVAL);
	EXPECT_EQ(kho_preserved_memory_mark(1, &max_order), -EINVAL);
	folio_put(kho_restore_folio(*phys));
}

SIM_TEST(kho_boot__metadata__counts_kexecs)
{
	struct kho_kexec_metadata *metadata;
	phys_addr_t phys;
	size_t size;

	if (!is_kho_boot())
		lt_kexec();
	EXPECT_EQ(kho_retrieve_subtree("kexec-metadata", &phys, &size), 0);
	EXPECT_EQ(size, sizeof(*metadata));
	metadata = phys_to_virt(phys);
	EXPECT_EQ(metadata->version, 1);
	EXPECT(!strcmp(metadata->previous_release, init_uts_ns.name.release));
	if (metadata->kexec_count == 1)
		lt_kexec();
	EXPECT_EQ(metadata->kexec_count, 2);
}

SIM_TEST(kho_scratch__areas__one_to_boot_in_and_one_for_each_node)
{
	EXPECT_EQ(kho_scratch_cnt, sim_boot.nodes + 1);
	EXPECT_EQ(kho_scratch[0].addr, MEMBLOCK_SIM_BASE);
	for (unsigned int i = 1; i < kho_scratch_cnt; i++)
		EXPECT_EQ(pfn_to_nid(PHYS_PFN(kho_scratch[i].addr)), i - 1);
	EXPECT(kho_scratch_overlap(kho_scratch[0].addr, 1));
	EXPECT(kho_scratch_overlap(kho_scratch[0].addr - 1, 2));
	EXPECT(!kho_scratch_overlap(kho_scratch[0].addr - 1, 1));
	EXPECT(kho_scratch_overlap(virt_to_phys(kho_scratch), sizeof(*kho_scratch)));
}

SIM_TEST(kho_subtree__added_twice_and_removed__errors_say_so)
{
	void *a = kho_alloc_preserve(1), *b = kho_alloc_preserve(1);

	EXPECT_EQ(kho_add_subtree("a", a, 8), 0);
	EXPECT_EQ(kho_add_subtree("a", b, 8), -EEXIST);
	EXPECT_EQ(kho_add_subtree("b", b, 16), 0);
	kho_remove_subtree(a);
	EXPECT_EQ(kho_add_subtree("a", a, 8), 0);
	kho_remove_subtree(b);
	kho_remove_subtree(b);
	kho_remove_subtree(a);
	kho_unpreserve_free(a);
	kho_unpreserve_free(b);
}

SIM_TEST(kho_subtree__root_full__is_enomem_and_the_rest_stays)
{
	void *blob = kho_alloc_preserve(1);
	char name[] = "subtree-000";
	int added = 0, err;

	do {
		name[8] = '0' + added / 100;
		name[9] = '0' + added / 10 % 10;
		name[10] = '0' + added % 10;
		err = kho_add_subtree(name, blob, 8);
		added += !err;
	} while (!err && added < 1000);
	EXPECT_EQ(err, -ENOMEM);
	EXPECT(added > 20);
	EXPECT_EQ(kho_add_subtree("subtree-000", blob, 8), -EEXIST);
	while (added--)
		kho_remove_subtree(blob);
	EXPECT_EQ(kho_add_subtree("subtree-000", blob, 8), 0);
	kho_remove_subtree(blob);
	kho_unpreserve_free(blob);
}

SIM_TEST(kho_retrieve_subtree__cold_boot__is_enoent)
{
	phys_addr_t phys;

	EXPECT(!is_kho_boot());
	EXPECT_EQ(kho_retrieve_subtree("LUO", &phys, NULL), -ENOENT);
}

/* All pages that are left, each pointing to the one before. */
static void **take_all_pages(void)
{
	void **pages = NULL;
	struct page *page;

	while ((page = alloc_page(GFP_KERNEL | __GFP_NOWARN)) != NULL) {
		void **next = page_address(page);

		*next = pages;
		pages = next;
	}
	return pages;
}

static void give_back(void **pages)
{
	while (pages) {
		void **next = *pages;

		__free_page(virt_to_page(pages));
		pages = next;
	}
}

SIM_TEST(kho_preserve_pages__memory_runs_out_midway__nothing_of_it_stays_preserved, "P-27")
{
	struct page *pages = alloc_pages(GFP_KERNEL, 5);
	long keys = lt_keys();
	void **all;

	/* Blocks of 1, 2, 4 and 8 pages, of which only the first finds room in the tree. */
	EXPECT(pages);
	all = take_all_pages();
	EXPECT_EQ(kho_preserve_pages(pages + 17, 15), -ENOMEM);
	EXPECT_EQ(lt_keys(), keys);
	give_back(all);
	EXPECT_EQ(kho_preserve_pages(pages + 17, 15), 0);
	EXPECT_EQ(lt_keys(), keys + 4);
	kho_unpreserve_pages(pages + 17, 15);
	EXPECT_EQ(lt_keys(), keys);
	__free_pages(pages, 5);
}
