// SPDX-License-Identifier: GPL-2.0
/*
 * Reading what the old kernel handed over. It is untrusted: an address that leads out
 * of memory is a flaw of the handover, never a crash here.
 */

#include <libfdt.h>
#include <string.h>

#include "bitmap.h"
#include "journal.h"
#include "kexec.h"
#include "physmem.h"

/* Constants of the format, for pages of 4 KiB. */
#define RADIX_TABLE_BITS	9
#define RADIX_TABLE_SIZE	(1u << RADIX_TABLE_BITS)
#define RADIX_LEAF_BITS		(HOST_PAGE_SHIFT + 3)
#define RADIX_LEAF_WORDS	(HOST_PAGE_SIZE / sizeof(uint64_t))
#define RADIX_DEPTH		6
#define RADIX_COMPATIBLE	"kho-v4"
#define RADIX_PROPERTY		"preserved-memory-map"

struct scratch_area {
	uint64_t addr;
	uint64_t size;
};

void handover_init(struct handover *handover, const struct physmem *mem)
{
	handover->keys = g_array_new(FALSE, FALSE, sizeof(struct handover_key));
	handover->nodes = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	handover->kept = g_malloc0(bitmap_bytes(mem->size >> HOST_PAGE_SHIFT));
}

void handover_destroy(struct handover *handover)
{
	if (!handover->keys)
		return;
	g_array_free(handover->keys, TRUE);
	g_array_free(handover->nodes, TRUE);
	g_free(handover->kept);
}

void handover_clear(struct handover *handover)
{
	handover->fdt = 0;
	handover->fdt_len = 0;
	handover->scratch = 0;
	handover->scratch_len = 0;
	handover->flaw = NULL;
	journal_array_cut(handover->keys, 0);
	journal_array_cut(handover->nodes, 0);
}

static bool in_memory(const struct physmem *mem, uint64_t phys, uint64_t len)
{
	return phys && phys < mem->size && len <= mem->size - phys;
}

static bool flawed(struct handover *handover, const char *what)
{
	if (!handover->flaw)
		handover->flaw = what;
	return false;
}

/* Keeps the pages that [@phys, @phys + @len) touches. */
static bool keep(struct handover *handover, const struct physmem *mem, uint64_t phys,
		 uint64_t len, const char *flaw)
{
	if (!in_memory(mem, phys, len))
		return flawed(handover, flaw);
	bitmap_set_range(handover->kept, phys >> HOST_PAGE_SHIFT,
			 (phys + len + HOST_PAGE_SIZE - 1) >> HOST_PAGE_SHIFT);
	return true;
}

static bool keep_scratch(struct handover *handover, const struct physmem *mem)
{
	const struct scratch_area *areas;

	if (!keep(handover, mem, handover->scratch, handover->scratch_len,
		  "the array of scratch areas lies outside memory"))
		return false;
	areas = physmem_at(mem, handover->scratch);
	for (unsigned int i = 0; i < handover->scratch_len / sizeof(*areas); i++) {
		if (!keep(handover, mem, areas[i].addr, areas[i].size,
			  "a scratch area lies outside memory"))
			return false;
	}
	return true;
}

/* The highest bit of a key tells the order, what lies below it the place. */
static bool add_key(struct handover *handover, const struct physmem *mem, uint64_t key)
{
	struct handover_key found;
	unsigned int top;

	if (!key)
		return flawed(handover, "the tree of preserved memory holds the key 0");
	top = 63 - __builtin_clzl(key);
	if (top > 64 - HOST_PAGE_SHIFT)
		return flawed(handover, "the tree of preserved memory holds too wide a key");
	found.order = 64 - HOST_PAGE_SHIFT - top;
	found.pfn = (key & ~(1UL << top)) << found.order;
	if (found.order >= 52 || found.pfn >> (64 - HOST_PAGE_SHIFT) ||
	    !keep(handover, mem, found.pfn << HOST_PAGE_SHIFT,
		  HOST_PAGE_SIZE << found.order, "preserved memory lies outside memory"))
		return flawed(handover, "preserved memory lies outside memory");
	journal_array_append(handover->keys, found);
	return true;
}

static bool read_leaf(struct handover *handover, const struct physmem *mem,
		      const uint64_t *words, uint64_t prefix)
{
	for (unsigned int i = 0; i < RADIX_LEAF_WORDS; i++) {
		for (uint64_t word = words[i]; word; word &= word - 1) {
			if (!add_key(handover, mem, prefix | (i * 64 + __builtin_ctzl(word))))
				return false;
		}
	}
	return true;
}

static bool read_node(struct handover *handover, const struct physmem *mem, uint64_t phys,
		      unsigned int level, uint64_t prefix)
{
	uint64_t pfn = phys >> HOST_PAGE_SHIFT;
	const uint64_t *table;

	if (phys % HOST_PAGE_SIZE ||
	    !keep(handover, mem, phys, HOST_PAGE_SIZE, "the tree of preserved memory is broken") ||
	    handover->nodes->len > mem->size >> HOST_PAGE_SHIFT)
		return flawed(handover, "the tree of preserved memory is broken");
	journal_array_append(handover->nodes, pfn);
	table = physmem_at(mem, phys);
	if (!level)
		return read_leaf(handover, mem, table, prefix);
	for (uint64_t i = 0; i < RADIX_TABLE_SIZE; i++) {
		if (table[i] &&
		    !read_node(handover, mem, table[i], level - 1,
			       prefix | i << (RADIX_LEAF_BITS + (level - 1) * RADIX_TABLE_BITS)))
			return false;
	}
	return true;
}

static bool read_tree(struct handover *handover, const struct physmem *mem)
{
	const void *fdt = physmem_at(mem, handover->fdt);
	const void *property;
	uint64_t root;
	int len;

	if (handover->fdt_len < sizeof(struct fdt_header) || fdt_check_header(fdt) ||
	    fdt_totalsize(fdt) > handover->fdt_len)
		return flawed(handover, "the device tree handed over is not one");
	if (fdt_node_check_compatible(fdt, 0, RADIX_COMPATIBLE))
		return flawed(handover, "the device tree handed over is not compatible with "
			      RADIX_COMPATIBLE);
	property = fdt_getprop(fdt, 0, RADIX_PROPERTY, &len);
	if (!property || len != sizeof(root))
		return flawed(handover, "the device tree handed over has no map of preserved "
			      "memory");
	memcpy(&root, property, sizeof(root));
	return read_node(handover, mem, root, RADIX_DEPTH - 1, 0);
}

void handover_read(struct handover *handover, const struct physmem *mem)
{
	handover->flaw = NULL;
	journal_array_cut(handover->keys, 0);
	journal_array_cut(handover->nodes, 0);
	journal_save(handover->kept, bitmap_bytes(mem->size >> HOST_PAGE_SHIFT));
	memset(handover->kept, 0, bitmap_bytes(mem->size >> HOST_PAGE_SHIFT));
	if (!handover->fdt)
		return;
	if (keep(handover, mem, handover->fdt, handover->fdt_len,
		 "the device tree lies outside memory") && keep_scratch(handover, mem))
		read_tree(handover, mem);
}
