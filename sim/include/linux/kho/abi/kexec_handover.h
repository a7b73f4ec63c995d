/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KHO_ABI_KEXEC_HANDOVER_H
#define _LINUX_KHO_ABI_KEXEC_HANDOVER_H

/*
 * Simulated: what Linux 7.3 hands over, bit for bit: the root tree's names, the tree of
 * preserved memory and the description of preserved vmalloc areas.
 *
 * The root is a flattened device tree: "compatible", the physical address of the tree
 * of preserved memory (u64, native byte order), and one subnode for each blob, with its
 * physical address and size in the same encoding.
 */

#include <asm/page.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/types.h>

#define KHO_FDT_COMPATIBLE		"kho-v4"
#define KHO_FDT_MEMORY_MAP_PROP_NAME	"preserved-memory-map"
#define KHO_SUB_TREE_PROP_NAME		"preserved-data"
#define KHO_SUB_TREE_SIZE_PROP_NAME	"blob-size"

/* A pointer in memory that is handed over: stored as a physical address. */
#define DECLARE_KHOSER_PTR(name, type)		\
	union {					\
		u64 phys;			\
		type ptr;			\
	} name

#define KHOSER_STORE_PTR(dest, val)		\
	((void)sizeof((dest).ptr == (val)), (dest).phys = virt_to_phys(val))

#define KHOSER_LOAD_PTR(src)			\
	((typeof((src).ptr))((src).phys ? phys_to_virt((src).phys) : NULL))

/** struct kho_vmalloc_hdr - head of a chunk: where the next one is, or 0. */
struct kho_vmalloc_hdr {
	DECLARE_KHOSER_PTR(next, struct kho_vmalloc_chunk *);
};

#define KHO_VMALLOC_SIZE	((PAGE_SIZE - sizeof(struct kho_vmalloc_hdr)) / sizeof(u64))

/** struct kho_vmalloc_chunk - physical addresses of an area's pages, ended by 0. */
struct kho_vmalloc_chunk {
	struct kho_vmalloc_hdr hdr;
	u64 phys[KHO_VMALLOC_SIZE];
};

static_assert(sizeof(struct kho_vmalloc_chunk) == PAGE_SIZE);

/**
 * struct kho_vmalloc - a preserved vmalloc area.
 * @first:       its first chunk
 * @total_pages: number of base pages
 * @flags:       KHO_VMALLOC_*
 * @order:       order of the pages that the chunks list
 */
struct kho_vmalloc {
	DECLARE_KHOSER_PTR(first, struct kho_vmalloc_chunk *);
	unsigned int total_pages;
	unsigned short flags;
	unsigned short order;
};

static_assert(sizeof(struct kho_vmalloc) == 16);

/*
 * The tree of preserved memory: a set of keys. A key is the page frame number shifted
 * right by the order, below a bit that tells the order: bit 52 for order 0, bit 51 for
 * order 1, and so on. Five levels of tables with 512 physical addresses each lead to
 * leaves that are bitmaps of 32768 keys; every node is one page.
 */
enum kho_radix_consts {
	KHO_RADIX_KEY_WIDTH = 64 - PAGE_SHIFT + 1,
	KHO_TABLE_SIZE_LOG2 = const_ilog2(PAGE_SIZE / sizeof(phys_addr_t)),
	KHO_BITMAP_SIZE_LOG2 = PAGE_SHIFT + const_ilog2(BITS_PER_BYTE),
	KHO_TREE_MAX_DEPTH = DIV_ROUND_UP(KHO_RADIX_KEY_WIDTH - KHO_BITMAP_SIZE_LOG2,
					  KHO_TABLE_SIZE_LOG2) + 1,
};

struct kho_radix_node {
	u64 table[1 << KHO_TABLE_SIZE_LOG2];
};

struct kho_radix_leaf {
	unsigned long bitmap[(1 << KHO_BITMAP_SIZE_LOG2) / BITS_PER_LONG];
};

static_assert(sizeof(struct kho_radix_node) == PAGE_SIZE);
static_assert(sizeof(struct kho_radix_leaf) == PAGE_SIZE);

#endif /* _LINUX_KHO_ABI_KEXEC_HANDOVER_H */
