// SPDX-License-Identifier: GPL-2.0

/*
 * Memory attributes of a VM: which guest frames are private. After virt/kvm/kvm_main.c of Linux
 * 7.3 (kvm_vm_set_mem_attributes() and what it calls).
 */

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "kvm_internal.h"
#include "kvm_mm.h"

/** kvm_gmem_supported_attributes() - what a guest_memfd of @kvm can have. */
u64 kvm_gmem_supported_attributes(struct kvm *kvm)
{
	return kvm_arch_has_private_mem(kvm) ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0;
}

/** kvm_supported_mem_attributes() - of @kvm, or of any VM if it is NULL. */
u64 kvm_supported_mem_attributes(struct kvm *kvm)
{
	if (!vm_memory_attributes)
		return 0;

	return kvm ? kvm_gmem_supported_attributes(kvm) : KVM_MEMORY_ATTRIBUTE_PRIVATE;
}

/**
 * kvm_range_has_memory_attributes() - whether each frame from @start to @end - 1 has
 * the attributes @attrs as far as @mask goes.
 */
bool kvm_range_has_memory_attributes(struct kvm *kvm, gfn_t start, gfn_t end,
				     unsigned long mask, unsigned long attrs)
{
	unsigned long index = start;
	void *entry;
	gfn_t gfn;

	mask &= kvm_supported_mem_attributes(kvm);
	if (attrs & ~mask)
		return false;

	/* Nothing is stored for a frame without attributes: look for what is there. */
	if (!attrs) {
		xa_for_each_range(&kvm->mem_attr_array, index, entry, start, end - 1)
			if (xa_to_value(entry) & mask)
				return false;
		return true;
	}

	for (gfn = start; gfn < end; gfn++)
		if ((kvm_get_memory_attributes(kvm, gfn) & mask) != attrs)
			return false;

	return true;
}

/* Zaps [@start, @end) in all slots and keeps faults away; tells whether there was a slot. */
static bool kvm_invalidate_gfn_range(struct kvm *kvm, gfn_t start, gfn_t end)
{
	bool found_memslot = false, flush = false;
	struct kvm_memory_slot *slot;
	int i;

	for (i = 0; i < kvm_arch_nr_memslot_as_ids(kvm); i++) {
		struct kvm_memslots *slots = __kvm_memslots(kvm, i);

		kvm_for_each_memslot_in_gfn_range(slot, slots, start, end) {
			struct kvm_gfn_range range = {
				.slot = slot,
				.start = max(start, slot->base_gfn),
				.end = min(end, slot->base_gfn + slot->npages),
				.attr_filter = KVM_FILTER_SHARED | KVM_FILTER_PRIVATE,
				.may_block = true,
			};

			if (!found_memslot) {
				found_memslot = true;
				KVM_MMU_LOCK(kvm);
				kvm_mmu_invalidate_start(kvm);
			}
			flush |= kvm_mmu_unmap_gfn_range(kvm, &range);
		}
	}

	if (flush)
		kvm_flush_remote_tlbs(kvm);
	if (found_memslot)
		KVM_MMU_UNLOCK(kvm);

	return found_memslot;
}

/* Storing NULL never needs memory; anything else does unless it is reserved. */
static int kvm_reserve_attributes(struct kvm *kvm, gfn_t start, gfn_t end)
{
	gfn_t gfn;
	int r;

	for (gfn = start; gfn < end; gfn++) {
		r = xa_reserve(&kvm->mem_attr_array, gfn, GFP_KERNEL_ACCOUNT);
		if (r)
			return r;
		cond_resched();
	}

	return 0;
}

static int kvm_vm_set_mem_attributes(struct kvm *kvm, gfn_t start, gfn_t end,
				     unsigned long attributes)
{
	void *entry = attributes ? xa_mk_value(attributes) : NULL;
	bool found_memslot;
	gfn_t gfn;
	int r = 0;

	guard(mutex)(&kvm->slots_lock);

	if (kvm_range_has_memory_attributes(kvm, start, end, ~0UL, attributes))
		return 0;

	if (entry)
		r = kvm_reserve_attributes(kvm, start, end);
	if (r)
		return r;

	found_memslot = kvm_invalidate_gfn_range(kvm, start, end);

	for (gfn = start; gfn < end; gfn++) {
		r = xa_err(xa_store(&kvm->mem_attr_array, gfn, entry, GFP_KERNEL_ACCOUNT));
		KVM_BUG_ON(r, kvm);
		cond_resched();
	}

	if (found_memslot) {
		KVM_MMU_LOCK(kvm);
		kvm_mmu_invalidate_end(kvm);
		KVM_MMU_UNLOCK(kvm);
	}

	return r;
}

/**
 * kvm_vm_ioctl_set_mem_attributes() - KVM_SET_MEMORY_ATTRIBUTES.
 *
 * Return: 0; -EINVAL for a malformed range, flags, or attributes that the VM does not
 * support (without private memory, any); -ENOMEM; -ENOTTY if attributes are those of
 * guest_memfds.
 */
int kvm_vm_ioctl_set_mem_attributes(struct kvm *kvm, struct kvm_memory_attributes *attrs)
{
	if (!vm_memory_attributes)
		return -ENOTTY;
	if (attrs->flags)
		return -EINVAL;
	if (attrs->attributes & ~kvm_supported_mem_attributes(kvm))
		return -EINVAL;
	if (!attrs->size || attrs->address + attrs->size < attrs->address)
		return -EINVAL;
	if (!PAGE_ALIGNED(attrs->address) || !PAGE_ALIGNED(attrs->size))
		return -EINVAL;

	return kvm_vm_set_mem_attributes(kvm, attrs->address >> PAGE_SHIFT,
					 (attrs->address + attrs->size) >> PAGE_SHIFT,
					 attrs->attributes);
}
