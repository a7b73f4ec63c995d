// SPDX-License-Identifier: GPL-2.0
/* Virtual machines and their memory, as part of the state of this kernel: see <sim/state.h>. */

#include <linux/fs.h>
#include <linux/xarray.h>
#include <sim/state.h>

#include "gmem_internal.h"

/* Numbers in the order of creation, among those that still exist. */
static unsigned int vm_number(const struct kvm *kvm)
{
	struct kvm *it;
	unsigned int nr = 0;

	list_for_each_entry_reverse(it, &vm_list, vm_list) {
		if (it == kvm)
			break;
		nr++;
	}
	return nr;
}

static void slot_state(struct sim_state *s, const struct kvm_memory_slot *slot)
{
	size_t outer = sim_state_about(s, "memory slot %d/%d", slot->as_id, slot->id);

	sim_state_number(s, "first frame", slot->base_gfn);
	sim_state_number(s, "pages", slot->npages);
	sim_state_number(s, "flags", slot->flags);
	sim_state_number(s, "has a guest_memfd", !!slot->gmem.file);
	sim_state_number(s, "first page in it", slot->gmem.pgoff);
	sim_state_back(s, outer);
}

static u64 attributes_hash(struct xarray *attributes)
{
	XA_STATE(xas, attributes, 0);
	u64 hash = SIM_HASH_INIT;
	void *entry;

	xas_for_each(&xas, entry, ULONG_MAX) {
		hash = sim_hash_number(hash, xas.xa_index);
		hash = sim_hash_number(hash, xa_to_value(entry));
	}
	return hash;
}

static void vm_state(struct sim_state *s, struct kvm *kvm)
{
	size_t outer = sim_state_about(s, "VM %u", vm_number(kvm));
	struct kvm_memory_slot *slot;

	sim_state_number(s, "type", kvm->vm_type);
	sim_state_number(s, "references", kvm->users_count.refs.counter);
	sim_state_number(s, "has a file", !!kvm->vm_file);
	sim_state_number(s, "vCPUs", kvm->created_vcpus);
	sim_state_number(s, "bugged", kvm->vm_bugged);
	sim_state_number(s, "dead", kvm->vm_dead);
	sim_state_number(s, "invalidations in progress", kvm->mmu_invalidate_in_progress);
	sim_state_hash(s, "memory attributes", attributes_hash(&kvm->mem_attr_array));
	for (int i = 0; i < KVM_MAX_NR_ADDRESS_SPACES; i++)
		kvm_for_each_memslot(slot, kvm->memslots[i])
			slot_state(s, slot);
	sim_state_back(s, outer);
}

/** kvm_state() - the VMs. Their memory is told of by whoever holds its file. */
void kvm_state(struct sim_state *s)
{
	struct kvm *kvm;

	list_for_each_entry_reverse(kvm, &vm_list, vm_list)
		vm_state(s, kvm);
	sim_state_number(s, "guest_memfds", kvm_gmem_nr_inodes);
	sim_state_number(s, "frozen guest_memfds", kvm_gmem_nr_frozen);
}

void kvm_file_state(struct sim_state *s, struct file *file)
{
	if (file_is_kvm(file))
		sim_state_number(s, "VM", vm_number(file->private_data));
	if (!kvm_gmem_is_gmem_file(file))
		return;
	sim_state_number(s, "VM", vm_number(((struct gmem_file *)file->private_data)->kvm));
	sim_state_number(s, "creation flags", GMEM_I(file_inode(file))->flags);
	sim_state_number(s, "frozen", GMEM_I(file_inode(file))->frozen);
	sim_state_hash(s, "memory attributes",
		       attributes_hash(kvm_gmem_attributes(file_inode(file))));
}
