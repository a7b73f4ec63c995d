// SPDX-License-Identifier: GPL-2.0
/*
 * Arrays in chains of preserved pages. Semantics of kernel/liveupdate/kho_block.c of
 * Linux 7.3. Restoring trusts no address and no count, and takes no block that is in use.
 */

#define pr_fmt(fmt) "kho_block: " fmt

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/kho_block.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "kexec_handover_internal.h"

/* More blocks than that are taken for corruption, on both sides. */
#define KHO_MAX_BLOCKS	10000

/* Blocks of incoming sessions can outlive the last close, see luo_census(). */
static struct kmem_cache *kho_block_cache;

static struct kho_block *kho_block_alloc(struct kho_block_header_ser *ser)
{
	struct kho_block *block = kmem_cache_alloc(kho_block_cache, GFP_KERNEL);

	if (block) {
		block->ser = ser;
		kho_count(blocks, 1);
	}
	return block;
}

static void kho_block_free(struct kho_block *block)
{
	kho_count(blocks, -1);
	kmem_cache_free(kho_block_cache, block);
}

void kho_block_set_init(struct kho_block_set *bs, size_t entry_size)
{
	*bs = (struct kho_block_set)KHO_BLOCK_SET_INIT(*bs, entry_size);
	WARN_ON_ONCE(!bs->count_per_block);
}

static void *kho_block_entry(struct kho_block_set_it *it, u64 index)
{
	return (char *)(it->block->ser + 1) + index * it->bs->entry_size;
}

static struct kho_block *first_block(struct kho_block_set *bs)
{
	return list_first_entry_or_null(&bs->blocks, struct kho_block, list);
}

static struct kho_block *last_block(struct kho_block_set *bs)
{
	return list_last_entry_or_null(&bs->blocks, struct kho_block, list);
}

/* Where the address of a block goes that follows the last, and 0 if none does. */
static u64 *chain_end(struct kho_block_set *bs)
{
	struct kho_block *last = last_block(bs);

	return last ? &last->ser->next : &bs->head_pa;
}

static void kho_block_free_ser(struct kho_block_set *bs, struct kho_block_header_ser *ser)
{
	if (bs->incoming) {
		kho_block_release(virt_to_phys(ser));
		kho_restore_free(ser);
	} else {
		kho_unpreserve_free(ser);
	}
}

/* Puts @ser at the end of the set. An incoming chain is linked already. */
static int kho_block_add(struct kho_block_set *bs, struct kho_block_header_ser *ser)
{
	struct kho_block *block;

	if (bs->nblocks >= KHO_MAX_BLOCKS)
		return -ENOSPC;
	block = kho_block_alloc(ser);
	if (!block)
		return -ENOMEM;

	if (bs->incoming)
		kho_block_claim(virt_to_phys(ser));
	*chain_end(bs) = virt_to_phys(ser);
	list_add_tail(&block->list, &bs->blocks);
	bs->nblocks++;
	return 0;
}

/* Takes a block out of the set and frees it; what points to it stays as it is. */
static void kho_block_drop(struct kho_block_set *bs, struct kho_block *block)
{
	list_del(&block->list);
	bs->nblocks--;
	kho_block_free_ser(bs, block->ser);
	kho_block_free(block);
}

static int kho_block_set_grow_one(struct kho_block_set *bs)
{
	struct kho_block_header_ser *ser = kho_alloc_preserve(KHO_BLOCK_SIZE);
	int err;

	if (IS_ERR(ser))
		return PTR_ERR(ser);
	err = kho_block_add(bs, ser);
	if (err)
		kho_unpreserve_free(ser);
	return err;
}

static void kho_block_set_shrink_one(struct kho_block_set *bs)
{
	kho_block_drop(bs, last_block(bs));
	*chain_end(bs) = 0;
}

/**
 * kho_block_set_grow() - make room for @count entries in all.
 *
 * Context: the caller's lock protects the set.
 * Return: 0; the set is unchanged on error: -ENOMEM, -ENOSPC beyond KHO_MAX_BLOCKS,
 * -EINVAL for a set that came from the previous kernel.
 */
int kho_block_set_grow(struct kho_block_set *bs, u64 count)
{
	long nblocks = bs->nblocks;

	if (WARN_ON_ONCE(bs->incoming))
		return -EINVAL;

	while (count > bs->nblocks * bs->count_per_block) {
		int err = kho_block_set_grow_one(bs);

		if (err) {
			while (bs->nblocks > nblocks)
				kho_block_set_shrink_one(bs);
			return err;
		}
	}
	return 0;
}

/** kho_block_set_shrink() - free the blocks at the end that @count entries don't need. */
void kho_block_set_shrink(struct kho_block_set *bs, u64 count)
{
	while (bs->nblocks > 0 && count <= (bs->nblocks - 1) * bs->count_per_block)
		kho_block_set_shrink_one(bs);
}

/* Each block is a page that was handed over, with at least one entry, and the chain ends. */
static bool kho_block_chain_ok(const struct kho_block_set *bs, u64 head_pa)
{
	unsigned int nblocks = 0;

	for (u64 pa = head_pa; pa;) {
		struct kho_block_header_ser *ser = phys_to_virt(pa);

		if (!kho_block_ok(pa) || nblocks++ >= KHO_MAX_BLOCKS) {
			pr_warn("Block set is corrupted\n");
			return false;
		}
		if (!ser->count || ser->count > bs->count_per_block) {
			pr_warn("Block contains invalid entry count: %llu\n", ser->count);
			return false;
		}
		pa = ser->next;
	}
	return true;
}

/**
 * kho_block_set_restore() - take over the chain at @head_pa, 0 for an empty one.
 *
 * The set's memory goes back with kho_block_set_destroy().
 * Return: 0; on error the set is empty: -EINVAL if this is no chain that a kernel
 * writes, which is left alone, -ENOMEM with the chain freed.
 */
int kho_block_set_restore(struct kho_block_set *bs, u64 head_pa)
{
	u64 pa = head_pa;
	int err = 0;

	bs->incoming = true;
	if (!kho_block_chain_ok(bs, head_pa))
		return -EINVAL;

	while (pa && !err) {
		struct kho_block_header_ser *ser = phys_to_virt(pa);

		err = kho_block_add(bs, ser);
		if (!err)
			pa = ser->next;
	}
	if (!err)
		return 0;

	kho_block_set_destroy(bs);
	while (pa) {
		struct kho_block_header_ser *ser = phys_to_virt(pa);

		pa = ser->next;
		kho_block_free_ser(bs, ser);
	}
	return err;
}

/** kho_block_set_destroy() - free all blocks. */
void kho_block_set_destroy(struct kho_block_set *bs)
{
	struct kho_block *block;

	while ((block = first_block(bs)))
		kho_block_drop(bs, block);
	*chain_end(bs) = 0;
}

static void clear_entries(struct kho_block_header_ser *ser)
{
	ser->count = 0;
	memset(ser + 1, 0, KHO_BLOCK_SIZE - sizeof(*ser));
}

/** kho_block_set_clear() - forget all entries, keep the blocks. */
void kho_block_set_clear(struct kho_block_set *bs)
{
	struct kho_block *block;

	list_for_each_entry(block, &bs->blocks, list)
		clear_entries(block->ser);
}

/** kho_block_set_it_init() - before the first entry. */
void kho_block_set_it_init(struct kho_block_set_it *it, struct kho_block_set *bs)
{
	*it = (struct kho_block_set_it){ .bs = bs, .block = first_block(bs) };
}

/* To the start of the next block, or the end of the one before; false without one. */
static bool step_forward(struct kho_block_set_it *it)
{
	if (list_is_last(&it->block->list, &it->bs->blocks))
		return false;
	it->block = list_next_entry(it->block, list);
	it->i = 0;
	return true;
}

static bool step_back(struct kho_block_set_it *it)
{
	if (list_is_first(&it->block->list, &it->bs->blocks))
		return false;
	it->block = list_prev_entry(it->block, list);
	it->i = it->bs->count_per_block;
	return true;
}

/** kho_block_set_it_reserve_entry() - the next place to write; NULL if there is no room. */
void *kho_block_set_it_reserve_entry(struct kho_block_set_it *it)
{
	bool room = it->block;

	if (room && it->i == it->bs->count_per_block)
		room = step_forward(it);
	if (!room)
		return NULL;
	it->block->ser->count = ++it->i;
	return kho_block_entry(it, it->i - 1);
}

/** kho_block_set_it_read_entry() - the next entry; NULL after the last. */
void *kho_block_set_it_read_entry(struct kho_block_set_it *it)
{
	bool found = it->block;

	while (found && it->i >= it->block->ser->count)
		found = step_forward(it);
	return found ? kho_block_entry(it, it->i++) : NULL;
}

/** kho_block_set_it_prev() - one entry back; NULL before the first. */
void *kho_block_set_it_prev(struct kho_block_set_it *it)
{
	bool found = it->block;

	if (found && !it->i)
		found = step_back(it);
	return found ? kho_block_entry(it, --it->i) : NULL;
}

/* Before the first session is read, at early_initcall level. */
void __init kho_block_init(void)
{
	kho_block_cache = kmem_cache_create("kho_block", sizeof(struct kho_block), NULL,
					    SLAB_PANIC | SLAB_NOLEAKTRACE);
}
