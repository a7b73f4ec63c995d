// SPDX-License-Identifier: GPL-2.0
/* Many sessions and many files: blocks for just as many, and each file found by its token. */

#include <linux/kho_block.h>
#include <linux/math.h>

#include "../../sim/liveupdate/luo_internal.h"
#include "luo_handler.h"

#define SESSIONS_PER_BLOCK	51
#define FILES_PER_BLOCK		63
#define BLOCKS_MAX		10000

static void close_all(const int *fds, int n, long keys)
{
	for (int i = n; i-- > 0;) {
		EXPECT_EQ(lt_close(fds[i]), 0);
		EXPECT_EQ(lt_keys(), keys + DIV_ROUND_UP(i, SESSIONS_PER_BLOCK));
	}
}

SIM_TEST(luo_counts__sessions_come_and_go__just_enough_blocks_at_each_step)
{
	int luo = lt_open_luo(), fds[2 * SESSIONS_PER_BLOCK + 2];
	long keys = lt_keys();
	char name[16];

	for (int i = 0; i < ARRAY_SIZE(fds); i++) {
		snprintf(name, sizeof(name), "s%d", i);
		fds[i] = lt_create_session(luo, name);
		EXPECT(fds[i] >= 0);
		EXPECT_EQ(lt_keys(), keys + DIV_ROUND_UP(i + 1, SESSIONS_PER_BLOCK));
	}
	close_all(fds, ARRAY_SIZE(fds), keys);
}

SIM_TEST(luo_counts__files_come_and_are_refused__just_enough_blocks_at_each_step)
{
	int luo = lt_open_luo(), s = lt_create_session(luo, "s"), fd = 0;
	long keys = lt_keys();

	th_register();
	for (int i = 0; i < 2 * FILES_PER_BLOCK + 2; i++) {
		th_log[0] = '\0';
		if (i)
			EXPECT_EQ(lt_preserve(s, fd, 1000), -EBUSY);
		EXPECT_EQ(lt_keys(), keys + DIV_ROUND_UP(i, FILES_PER_BLOCK));
		fd = th_open(i);
		EXPECT_EQ(lt_preserve(s, fd, i), 0);
		EXPECT_EQ(lt_keys(), keys + DIV_ROUND_UP(i + 1, FILES_PER_BLOCK));
	}
	th_log[0] = '\0';
	EXPECT_EQ(lt_close(s), 0);
	EXPECT_EQ(lt_keys(), keys - 1);
}

static void leave_all_blocks(void)
{
	struct kho_block_set bs;
	struct kho_block *block;
	long keys = lt_keys();
	u64 *left = lt_leave();

	kho_block_set_init(&bs, sizeof(struct luo_file_ser));
	EXPECT_EQ(kho_block_set_grow(&bs, BLOCKS_MAX * FILES_PER_BLOCK), 0);
	EXPECT_EQ(kho_block_set_grow(&bs, BLOCKS_MAX * FILES_PER_BLOCK + 1), -ENOSPC);
	EXPECT_EQ(lt_keys(), keys + 1 + BLOCKS_MAX);
	list_for_each_entry(block, &bs.blocks, list)
		block->ser->count = 1;
	left[0] = kho_block_set_head_pa(&bs);
	left[1] = virt_to_phys(list_last_entry(&bs.blocks, struct kho_block, list)->ser);
}

SIM_TEST(kho_block_set__as_many_blocks_as_there_may_be__arrive_and_one_more_is_refused)
{
	struct kho_block_header_ser *last;
	struct kho_block_set bs;
	u64 *left;

	if (!is_kho_boot()) {
		leave_all_blocks();
		lt_kexec();
	}
	left = lt_found();
	last = phys_to_virt(left[1]);
	last->next = left[0];
	kho_block_set_init(&bs, sizeof(struct luo_file_ser));
	EXPECT_EQ(kho_block_set_restore(&bs, left[0]), -EINVAL);
	EXPECT(kho_block_set_is_empty(&bs));
	last->next = 0;
	EXPECT_EQ(kho_block_set_restore(&bs, left[0]), 0);
	EXPECT_EQ(bs.nblocks, BLOCKS_MAX);
	kho_block_set_destroy(&bs);
	kho_restore_free(left);
}

/* Tokens as users choose them: one after the other, far apart, and with all bits in use. */
static u64 token_of(unsigned int i)
{
	switch (i % 3) {
	case 0:
		return i;
	case 1:
		return (u64)i << 40;
	default:
		return ~0ULL - i * 0x1000100010001ULL;
	}
}

#define TOKENS	600

SIM_TEST(luo_token__added_and_removed_in_any_order__is_found_while_it_is_there)
{
	static struct luo_file files[TOKENS];
	struct luo_file_set set = {};

	for (unsigned int i = 0; i < TOKENS; i++) {
		files[i].token = token_of(i);
		EXPECT(!luo_find_token(&set, files[i].token));
		luo_token_add(&set, &files[i]);
	}
	for (unsigned int n = 0, i; n < TOKENS; n++) {
		/* 7 and 600 have no common divisor: each comes once. */
		i = (n * 7 + 3) % TOKENS;
		EXPECT(luo_find_token(&set, files[i].token) == &files[i]);
		luo_token_remove(&set, &files[i]);
		EXPECT(!luo_find_token(&set, files[i].token));
		for (unsigned int later = n + 1; later < TOKENS; later += 97) {
			struct luo_file *file = &files[(later * 7 + 3) % TOKENS];

			EXPECT(luo_find_token(&set, file->token) == file);
		}
	}
	EXPECT(!set.tokens);
}

SIM_TEST(luo_token__of_two_files__first_is_found)
{
	static struct luo_file first = { .token = 5 }, second = { .token = 5 };
	struct luo_file_set set = {};

	luo_token_add(&set, &first);
	luo_token_add(&set, &second);
	EXPECT(luo_find_token(&set, 5) == &first);
	luo_token_remove(&set, &second);
	EXPECT(luo_find_token(&set, 5) == &first);
	luo_token_remove(&set, &first);
	EXPECT(!luo_find_token(&set, 5));
}
