/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KHO_BLOCK_H
#define _LINUX_KHO_BLOCK_H

/*
 * Simulated: arrays that grow by preserved pages (include/linux/kho_block.h of 7.3).
 *
 * Kernel promises: entries never move; there are as many blocks as the entries need.
 * Modelled: all of it. Locking is the caller's business.
 * Scheduling points: none of its own.
 */

#include <linux/kho/abi/block.h>
#include <linux/list.h>
#include <linux/types.h>

struct kho_block {
	struct list_head list;
	struct kho_block_header_ser *ser;
};

/**
 * struct kho_block_set - a chain of blocks with entries of one kind.
 * @blocks:          &struct kho_block, in the order of the chain
 * @nblocks:         their number
 * @head_pa:         physical address of the first, 0 without any
 * @entry_size:      bytes of an entry
 * @count_per_block: entries that a block has room for
 * @incoming:        came from the previous kernel
 */
struct kho_block_set {
	struct list_head blocks;
	long nblocks;
	u64 head_pa;
	size_t entry_size;
	u64 count_per_block;
	bool incoming;
};

/** struct kho_block_set_it - a place between two entries of a set. */
struct kho_block_set_it {
	struct kho_block_set *bs;
	struct kho_block *block;
	u64 i;
};

#define KHO_BLOCK_SET_INIT(_name, _entry_size) {				\
	.blocks = LIST_HEAD_INIT((_name).blocks),				\
	.entry_size = (_entry_size),						\
	.count_per_block = (KHO_BLOCK_SIZE - sizeof(struct kho_block_header_ser)) / \
			   (_entry_size),					\
}

void kho_block_set_init(struct kho_block_set *bs, size_t entry_size);
int kho_block_set_grow(struct kho_block_set *bs, u64 count);
void kho_block_set_shrink(struct kho_block_set *bs, u64 count);
int kho_block_set_restore(struct kho_block_set *bs, u64 head_pa);
void kho_block_set_destroy(struct kho_block_set *bs);
void kho_block_set_clear(struct kho_block_set *bs);

static inline u64 kho_block_set_head_pa(struct kho_block_set *bs)
{
	return bs->head_pa;
}

static inline bool kho_block_set_is_empty(struct kho_block_set *bs)
{
	return list_empty(&bs->blocks);
}

void kho_block_set_it_init(struct kho_block_set_it *it, struct kho_block_set *bs);
void *kho_block_set_it_reserve_entry(struct kho_block_set_it *it);
void *kho_block_set_it_read_entry(struct kho_block_set_it *it);
void *kho_block_set_it_prev(struct kho_block_set_it *it);

#endif /* _LINUX_KHO_BLOCK_H */
