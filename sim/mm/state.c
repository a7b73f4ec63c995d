// SPDX-License-Identifier: GPL-2.0
/* Memory in use, as part of the state of this kernel: see <sim/state.h>. */

#include <linux/kexec_handover.h>
#include <linux/mm.h>
#include <sim/state.h>

#include "internal.h"

/**
 * mm_state() - how much memory is in use, and by what.
 *
 * Noise of allocators is left out: pages of slabs, which may stay without objects; nodes
 * of KHO's tree, which stay for the next preservation, and of xarrays; objects of
 * kmalloc(), as a larger table of descriptors stays as well. An object that is lost there
 * is found after the last close.
 */
void mm_state(struct sim_state *s)
{
	unsigned long kept = sim_slab_pages() + kho_tree_pages() + sim_lost_pages();

	sim_state_number(s, "pages in use", sim_pages_in_use() - kept);
	sim_state_number(s, "poisoned pages", sim_lost_pages());
	sim_state_number(s, "vmalloc areas", sim_vmalloc_areas());
	sim_state_number(s, "user mappings", sim_vmas());
	sim_slab_state(s);
}
