// SPDX-License-Identifier: GPL-2.0
/*
 * Scratch areas: memory that no kernel preserves anything in, so that the next one has a
 * place to boot. Semantics of kernel/liveupdate/kexec_handover.c of Linux 7.3.
 */

#define pr_fmt(fmt) "KHO: " fmt

#include <linux/init.h>
#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sizes.h>

#include "kexec_handover_internal.h"

#define SCRATCH_LOWMEM_ALIGN	SZ_2M
#define SCRATCH_LOWMEM_SIZE	SZ_16M
#define SCRATCH_NODE_SIZE	SZ_4M

struct kho_scratch *kho_scratch;
unsigned int kho_scratch_cnt;

/** kho_scratch_overlap() - whether a range has scratch memory in it. */
bool kho_scratch_overlap(phys_addr_t phys, size_t size)
{
	for (unsigned int i = 0; i < kho_scratch_cnt; i++)
		if (phys < kho_scratch[i].addr + kho_scratch[i].size &&
		    phys + size > kho_scratch[i].addr)
			return true;
	return false;
}

/* Tells the checkers where the scratch areas are. */
static void announce_scratch(void)
{
	for (unsigned int i = 0; i < kho_scratch_cnt; i++)
		sim_value_event(HOST_EVENT_KHO_SCRATCH, PHYS_PFN(kho_scratch[i].addr), 0,
				PHYS_PFN(kho_scratch[i].size));
}

/**
 * kho_reserve_scratch() - on a cold boot.
 *
 * It chooses the scratch areas for all kernels to come: one in which each of
 * them boots, with its memmap and early memory, and one for each node. No kernel uses
 * them for anything else: the real one lends them to movable allocations.
 * Return: false if there is not enough memory for it, and KHO is to be off.
 */
bool __init kho_reserve_scratch(void)
{
	u64 early = sim_boot.memory / 64 + SCRATCH_NODE_SIZE;
	phys_addr_t size = ALIGN(max_t(u64, SCRATCH_LOWMEM_SIZE, early), SCRATCH_LOWMEM_ALIGN);
	unsigned int cnt = sim_boot.nodes + 1;

	kho_scratch = memblock_alloc(cnt * sizeof(*kho_scratch), PAGE_SIZE);
	if (!kho_scratch)
		goto err_disable;

	for (unsigned int i = 0; i < cnt; i++) {
		phys_addr_t addr;

		if (i)
			addr = memblock_alloc_range_nid(size, SCRATCH_NODE_SIZE, 0,
							MEMBLOCK_ALLOC_ACCESSIBLE, i - 1, true);
		else
			addr = memblock_phys_alloc_range(size, SCRATCH_LOWMEM_ALIGN, 0,
							 ARCH_LOW_ADDRESS_LIMIT);
		if (!addr)
			goto err_disable;
		kho_scratch[i].addr = addr;
		kho_scratch[i].size = size;
		kho_scratch_cnt = i + 1;
		size = SCRATCH_NODE_SIZE;
	}
	announce_scratch();
	return true;

err_disable:
	pr_warn("Failed to reserve scratch area, disabling kexec handover\n");
	while (kho_scratch_cnt) {
		kho_scratch_cnt--;
		memblock_phys_free(kho_scratch[kho_scratch_cnt].addr,
				   kho_scratch[kho_scratch_cnt].size);
	}
	return false;
}

/** kho_scratch_ok() - whether what the previous kernel passed can be its scratch areas. */
bool __init kho_scratch_ok(phys_addr_t phys, u64 len)
{
	const struct kho_scratch *areas = phys_to_virt(phys);

	if (!kho_phys_ok(phys, len) || len < sizeof(*areas) || phys % sizeof(u64))
		return false;
	for (u64 i = 0; i < len / sizeof(*areas); i++)
		if (!PAGE_ALIGNED(areas[i].addr) || !PAGE_ALIGNED(areas[i].size) ||
		    !areas[i].size || !kho_phys_ok(areas[i].addr, areas[i].size))
			return false;
	return true;
}

/** kho_use_scratch() - boot in the areas that the previous kernel passed. */
void __init kho_use_scratch(phys_addr_t phys, u64 len)
{
	kho_scratch = phys_to_virt(phys);
	kho_scratch_cnt = len / sizeof(*kho_scratch);
	for (unsigned int i = 0; i < kho_scratch_cnt; i++) {
		memblock_add(kho_scratch[i].addr, kho_scratch[i].size);
		memblock_mark_kho_scratch(kho_scratch[i].addr, kho_scratch[i].size);
	}
	memblock_reserve(phys, len);
	memblock_set_kho_scratch_only();
	announce_scratch();
}
