// SPDX-License-Identifier: GPL-2.0
/* What is handed over, as part of the state of this kernel: see <sim/state.h>. */

#include <linux/kho_radix_tree.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <sim/state.h>

#include "kexec_handover_internal.h"

/* Hashes of the keys, and of the bytes in what the kernel itself preserved. */
struct kho_hashes {
	u64 keys;
	u64 data;
};

static int kho_hash_key(unsigned long key, void *arg)
{
	struct kho_hashes *hashes = arg;
	unsigned int order;
	phys_addr_t phys = kho_decode_radix_key(key, &order);
	struct folio *folio = page_folio(phys_to_page(phys));

	hashes->keys = sim_hash_number(hashes->keys, key);
	/* What is in a file may be written at any time, by the user. */
	if (folio->mapping)
		return 0;
	for (unsigned long i = 0; i < 1UL << order; i++)
		hashes->data = sim_hash_page(hashes->data, PHYS_PFN(phys) + i);
	return 0;
}

/**
 * kho_state() - what is preserved for the next kernel, and left from the last.
 *
 * The keys are told by their number and a hash; who they belong to is told by their owners.
 * The tree's nodes are not: they stay for the next preservation.
 */
void kho_state(struct sim_state *s)
{
	static const struct kho_radix_walk_cb cb = { .leaf = kho_hash_key };
	struct kho_hashes hashes = { SIM_HASH_INIT, SIM_HASH_INIT };

	if (kho_out_tree.root)
		kho_radix_walk_unlocked(&kho_out_tree, &cb, &hashes);
	sim_state_number(s, "preserved pieces of memory", kho_counters.keys);
	sim_state_hash(s, "which memory is preserved", hashes.keys);
	sim_state_hash(s, "contents of the kernel's preserved memory", hashes.data);
	sim_state_number(s, "pages handed over, not restored", kho_counters.handed_over);
}
