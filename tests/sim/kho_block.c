// SPDX-License-Identifier: GPL-2.0
/* Arrays in preserved blocks: as many blocks as needed, entries in order, bad chains. */

#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/kho_block.h>

#include "luo_test.h"

#define ENTRY	64
#define PER	63	/* entries of 64 bytes in a block */

static void fill(struct kho_block_set *bs, unsigned int n)
{
	struct kho_block_set_it it;

	kho_block_set_it_init(&it, bs);
	for (unsigned int i = 0; i < n; i++) {
		u64 *entry = kho_block_set_it_reserve_entry(&it);

		EXPECT(entry);
		*entry = i;
	}
}

static void expect_entries(struct kho_block_set *bs, unsigned int n)
{
	struct kho_block_set_it it;

	kho_block_set_it_init(&it, bs);
	for (unsigned int i = 0; i < n; i++) {
		u64 *entry = kho_block_set_it_read_entry(&it);

		EXPECT(entry);
		EXPECT_EQ(*entry, i);
	}
	EXPECT(!kho_block_set_it_read_entry(&it));
}

SIM_TEST(kho_block_set__sizes_of_entries__give_the_kernels_block_edges, "P-14")
{
	struct kho_block_set bs;

	kho_block_set_init(&bs, 80);
	EXPECT_EQ(bs.count_per_block, 51);
	kho_block_set_init(&bs, 64);
	EXPECT_EQ(bs.count_per_block, 63);
	EXPECT(kho_block_set_is_empty(&bs));
	EXPECT_EQ(kho_block_set_head_pa(&bs), 0);
}

SIM_TEST(kho_block_set__grow_and_shrink_at_edges__keeps_just_enough_blocks, "P-14", "P-65")
{
	static const unsigned int n[] = { 0, 1, PER - 1, PER, PER + 1, 2 * PER, 2 * PER + 1 };
	struct kho_block_set bs;
	long keys = lt_keys();

	kho_block_set_init(&bs, ENTRY);
	for (int i = 0; i < ARRAY_SIZE(n); i++) {
		EXPECT_EQ(kho_block_set_grow(&bs, n[i]), 0);
		EXPECT_EQ(bs.nblocks, DIV_ROUND_UP(n[i], PER));
		EXPECT_EQ(lt_keys(), keys + bs.nblocks);
	}
	for (int i = ARRAY_SIZE(n) - 1; i >= 0; i--) {
		kho_block_set_shrink(&bs, n[i]);
		EXPECT_EQ(bs.nblocks, DIV_ROUND_UP(n[i], PER));
	}
	EXPECT_EQ(lt_keys(), keys);
	EXPECT_EQ(bs.head_pa, 0);
}

SIM_TEST(kho_block_set__written_entries__are_read_back_in_order, "P-64", "P-65")
{
	static const unsigned int n[] = { 1, PER - 1, PER, PER + 1, 3 * PER };

	for (int i = 0; i < ARRAY_SIZE(n); i++) {
		struct kho_block_set bs;
		struct kho_block_set_it it;

		kho_block_set_init(&bs, ENTRY);
		EXPECT_EQ(kho_block_set_grow(&bs, n[i]), 0);
		fill(&bs, n[i]);
		expect_entries(&bs, n[i]);

		kho_block_set_it_init(&it, &bs);
		EXPECT(!kho_block_set_it_prev(&it));
		for (unsigned int j = 0; j < n[i]; j++)
			kho_block_set_it_read_entry(&it);
		for (unsigned int j = n[i]; j--;)
			EXPECT_EQ(*(u64 *)kho_block_set_it_prev(&it), j);
		EXPECT(!kho_block_set_it_prev(&it));

		kho_block_set_clear(&bs);
		expect_entries(&bs, 0);
		kho_block_set_destroy(&bs);
	}
}

SIM_TEST(kho_block_set__full__no_entry_can_be_reserved, "P-64")
{
	struct kho_block_set bs;
	struct kho_block_set_it it;

	kho_block_set_init(&bs, ENTRY);
	kho_block_set_it_init(&it, &bs);
	EXPECT(!kho_block_set_it_reserve_entry(&it));
	EXPECT(!kho_block_set_it_read_entry(&it));
	EXPECT_EQ(kho_block_set_grow(&bs, PER), 0);
	kho_block_set_it_init(&it, &bs);
	for (int i = 0; i < PER; i++)
		EXPECT(kho_block_set_it_reserve_entry(&it));
	EXPECT(!kho_block_set_it_reserve_entry(&it));
	kho_block_set_destroy(&bs);
}

/* In the first kernel, write a chain and jump; in the second, find its first block. */
static u64 handed_over_chain(unsigned int n)
{
	struct kho_block_set bs;
	u64 *head;

	if (is_kho_boot())
		return *(u64 *)lt_found();

	head = lt_leave();
	kho_block_set_init(&bs, ENTRY);
	EXPECT_EQ(kho_block_set_grow(&bs, n), 0);
	fill(&bs, n);
	*head = kho_block_set_head_pa(&bs);
	lt_kexec();
	return 0;
}

SIM_TEST(kho_block_set__restored_chain__has_the_entries_and_is_freed_once, "P-64")
{
	struct kho_block_set bs;
	u64 head = handed_over_chain(2 * PER + 1);

	kho_block_set_init(&bs, ENTRY);
	EXPECT_EQ(kho_block_set_restore(&bs, head), 0);
	EXPECT_EQ(bs.nblocks, 3);
	expect_entries(&bs, 2 * PER + 1);
	kho_block_set_destroy(&bs);
	EXPECT_EQ(kho_block_set_restore(&bs, head), -EINVAL);
	EXPECT_EQ(kho_block_set_restore(&bs, 0), 0);
}

static void expect_refused(u64 head)
{
	struct kho_block_set bs;

	kho_block_set_init(&bs, ENTRY);
	EXPECT_EQ(kho_block_set_restore(&bs, head), -EINVAL);
	EXPECT(kho_block_set_is_empty(&bs));
}

SIM_TEST(kho_block_set__bad_chain__is_refused, "P-56", "P-64")
{
	u64 head = handed_over_chain(PER + 5);
	struct kho_block_header_ser *first = phys_to_virt(head);
	struct kho_block_header_ser *second = phys_to_virt(first->next);
	u64 next = first->next;

	expect_refused(8);
	expect_refused(sim_boot.memory);
	expect_refused(head + 16);
	first->count = 0;
	expect_refused(head);
	first->count = PER + 1;
	expect_refused(head);
	first->count = PER;
	first->next = ~0xfffULL;
	expect_refused(head);
	first->next = head;
	expect_refused(head);
	first->next = next;
	second->next = head;
	expect_refused(head);
	second->next = 0;
	second->count = 5;

	struct kho_block_set bs;

	kho_block_set_init(&bs, ENTRY);
	EXPECT_EQ(kho_block_set_restore(&bs, head), 0);
	kho_block_set_destroy(&bs);
}

/* Both may lie, and what one of them frees the other would go on reading. */
SIM_TEST(kho_block_set__block_of_another_set__is_refused_until_that_lets_go, "P-56", "P-64")
{
	u64 head = handed_over_chain(PER + 5);
	struct kho_block_header_ser *first = phys_to_virt(head);
	struct kho_block_set bs;
	u64 second = first->next;

	kho_block_set_init(&bs, ENTRY);
	EXPECT_EQ(kho_block_set_restore(&bs, head), 0);
	expect_refused(head);
	expect_refused(second);
	expect_entries(&bs, PER + 5);
	kho_block_set_destroy(&bs);
	expect_refused(second);
}
