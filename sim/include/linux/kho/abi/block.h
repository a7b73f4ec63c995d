/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KHO_ABI_BLOCK_H
#define _LINUX_KHO_ABI_BLOCK_H

/*
 * Simulated: the layout of Linux 7.3's serialization blocks, bit for bit. A block is a
 * page: this header, then an array of entries.
 */

#include <asm/page.h>
#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

#define KHO_BLOCK_SIZE	PAGE_SIZE

/**
 * struct kho_block_header_ser - head of a block.
 * @next:  physical address of the next block, 0 in the last one
 * @count: number of entries in this block
 */
struct kho_block_header_ser {
	u64 next;
	u64 count;
} __packed;

static_assert(sizeof(struct kho_block_header_ser) == 16);
static_assert(offsetof(struct kho_block_header_ser, count) == 8);

#endif /* _LINUX_KHO_ABI_BLOCK_H */
