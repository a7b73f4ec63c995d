// SPDX-License-Identifier: GPL-2.0

/* The lists of early boot: what is reserved, in how many regions, of which kind. */

#include <linux/memblock.h>

#include "mm_test.h"

/* A megabyte far from everything that is in use. */
#define FAR	(sim_boot.memory - (9UL << 20))

static unsigned long reserved_regions(void)
{
	return memblock.reserved.cnt;
}

SIM_TEST(memblock__reservations_that_touch_or_overlap__are_one_region)
{
	unsigned long before = reserved_regions();

	memblock_reserve(FAR, 0x2000);
	EXPECT_EQ(reserved_regions(), before + 1);
	memblock_reserve(FAR + 0x4000, 0x2000);
	EXPECT_EQ(reserved_regions(), before + 2);
	EXPECT(!memblock_is_region_reserved(FAR + 0x2000, 0x2000));
	memblock_reserve(FAR + 0x1000, 0x4000);
	EXPECT_EQ(reserved_regions(), before + 1);
	EXPECT(memblock_is_reserved(FAR) && memblock_is_reserved(FAR + 0x5fff));
	EXPECT(!memblock_is_reserved(FAR - 1) && !memblock_is_reserved(FAR + 0x6000));
}

SIM_TEST(memblock__middle_of_a_reservation_freed__leaves_both_ends)
{
	unsigned long before = reserved_regions();

	memblock_reserve(FAR, 0x6000);
	memblock_phys_free(FAR + 0x2000, 0x2000);
	EXPECT_EQ(reserved_regions(), before + 2);
	EXPECT(memblock_is_reserved(FAR + 0x1fff));
	EXPECT(!memblock_is_region_reserved(FAR + 0x2000, 0x2000));
	EXPECT(memblock_is_reserved(FAR + 0x4000));
	memblock_phys_free(FAR, 0x6000);
	EXPECT_EQ(reserved_regions(), before);
}

SIM_TEST(memblock__regions_of_different_kinds__stay_apart)
{
	unsigned long before = reserved_regions();

	memblock_reserve(FAR, 0x3000);
	memblock_reserved_mark_noinit(FAR + 0x1000, 0x1000);
	EXPECT_EQ(reserved_regions(), before + 3);
	memblock_reserved_mark_noinit(FAR, 0x3000);
	EXPECT_EQ(reserved_regions(), before + 1);
}

SIM_TEST(memblock__many_reservations__are_all_kept)
{
	unsigned long before = reserved_regions();

	/* As many as the list has room for from the start, less what it keeps in reserve. */
	for (unsigned long i = 0; reserved_regions() + 8 < memblock.reserved.max; i++)
		memblock_reserve(FAR + i * 0x2000, 0x1000);
	EXPECT(reserved_regions() > before);
	for (unsigned long i = 0; i < reserved_regions() - before; i++) {
		EXPECT(memblock_is_reserved(FAR + i * 0x2000));
		EXPECT(!memblock_is_reserved(FAR + i * 0x2000 + 0x1000));
	}
}

SIM_TEST(memblock__nodes__have_equal_shares_of_memory)
{
	for (unsigned int nid = 0; nid < nr_node_ids; nid++) {
		unsigned long first = max_pfn / nr_node_ids * nid;

		EXPECT_EQ(pfn_to_nid(first), nid);
		EXPECT_EQ(pfn_to_nid(first + max_pfn / nr_node_ids - 1), nid);
		EXPECT(node_online(nid));
	}
	EXPECT_EQ(nodes_weight(node_states[N_MEMORY]), nr_node_ids);
	EXPECT_EQ(memblock_end_of_DRAM(), sim_boot.memory);
}
