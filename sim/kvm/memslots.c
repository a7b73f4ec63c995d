// SPDX-License-Identifier: GPL-2.0

/*
 * Memory slots. After virt/kvm/kvm_main.c of Linux 7.3: kvm_set_memory_region() and what
 * it calls, in its order of checks.
 *
 * Each address space has two sets of slots. Readers use the active one inside an SRCU
 * read section. A change is made to the inactive set, which is then swapped in; once no
 * reader is left on the other, the change is made there too. A slot that is to go or to
 * move is first replaced by a copy marked invalid, so that no vCPU can map it while its
 * mappings are removed.
 */

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "guest_memfd.h"
#include "kvm_internal.h"
#include "kvm_mm.h"

/** kvm_init_memslots() - empty sets for a new VM, the first of each pair active. */
void kvm_init_memslots(struct kvm *kvm)
{
	int i, j;

	for (i = 0; i < KVM_MAX_NR_ADDRESS_SPACES; i++) {
		for (j = 0; j < 2; j++) {
			struct kvm_memslots *slots = &kvm->__memslots[i][j];

			INIT_LIST_HEAD(&slots->gfn_list);
			slots->node_idx = j;
			/* Unique across address spaces, too. */
			slots->generation = i;
		}
		rcu_assign_pointer(kvm->memslots[i], &kvm->__memslots[i][0]);
	}
}

static void kvm_free_memslot(struct kvm_memory_slot *slot)
{
	if (slot->flags & KVM_MEM_GUEST_MEMFD)
		kvm_gmem_unbind(slot);

	kfree(slot);
}

/** kvm_free_memslots() - free all slots of a VM that nobody uses any more. */
void kvm_free_memslots(struct kvm *kvm)
{
	struct kvm_memory_slot *slot, *next;
	int i;

	/* Both sets hold the same slots. */
	for (i = 0; i < kvm_arch_nr_memslot_as_ids(kvm); i++)
		list_for_each_entry_safe(slot, next, &kvm->__memslots[i][1].gfn_list, gfn_node[1])
			kvm_free_memslot(slot);
}

/** id_to_memslot() - the slot that user space calls @id, or NULL. */
struct kvm_memory_slot *id_to_memslot(struct kvm_memslots *slots, int id)
{
	struct kvm_memory_slot *slot;

	kvm_for_each_memslot(slot, slots)
		if (slot->id == id)
			return slot;

	return NULL;
}

/**
 * gfn_to_memslot() - the slot of a guest frame, outside of SMM; or NULL.
 *
 * Context: SRCU read section, or slots_lock held.
 */
struct kvm_memory_slot *gfn_to_memslot(struct kvm *kvm, gfn_t gfn)
{
	struct kvm_memslots *slots = kvm_memslots(kvm);
	struct kvm_memory_slot *slot;

	kvm_for_each_memslot_in_gfn_range(slot, slots, gfn, gfn + 1)
		return slot;

	return NULL;
}

static struct kvm_memslots *kvm_get_inactive_memslots(struct kvm *kvm, int as_id)
{
	return &kvm->__memslots[as_id][__kvm_memslots(kvm, as_id)->node_idx ^ 1];
}

/* Replaces @old by @new in the inactive set; either may be NULL. */
static void kvm_replace_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
				struct kvm_memory_slot *new)
{
	struct kvm_memslots *slots = kvm_get_inactive_memslots(kvm, old ? old->as_id : new->as_id);
	struct list_head *pos = &slots->gfn_list;
	struct kvm_memory_slot *slot;
	int idx = slots->node_idx;

	if (old)
		list_del(&old->gfn_node[idx]);
	if (!new)
		return;

	kvm_for_each_memslot(slot, slots) {
		if (slot->base_gfn > new->base_gfn) {
			pos = &slot->gfn_node[idx];
			break;
		}
	}
	list_add_tail(&new->gfn_node[idx], pos);
}

/*
 * Makes the inactive set the active one and waits until no reader uses the other.
 * Releases slots_arch_lock, which a reader may be waiting for.
 */
static void kvm_swap_active_memslots(struct kvm *kvm, int as_id)
{
	struct kvm_memslots *next = kvm_get_inactive_memslots(kvm, as_id);
	u64 gen = __kvm_memslots(kvm, as_id)->generation;

	WARN_ON(gen & KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS);

	/* In progress until no reader uses the old set. */
	next->generation = gen | KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS;
	rcu_assign_pointer(kvm->memslots[as_id], next);
	mutex_unlock(&kvm->slots_arch_lock);
	synchronize_srcu_expedited(&kvm->srcu);

	/* Generations of different address spaces stay apart. */
	next->generation = gen + kvm_arch_nr_memslot_as_ids(kvm);
	kvm_mmu_event(kvm);
}

/* Swaps, then brings the set that was active up to date. */
static void kvm_activate_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
				 struct kvm_memory_slot *new)
{
	kvm_swap_active_memslots(kvm, old ? old->as_id : new->as_id);
	kvm_replace_memslot(kvm, old, new);
}

/*
 * Puts @invalid_slot, a copy, in the place of @old in the active set only, and removes
 * what @old had mapped. @old stays in the inactive set, from where it can come back.
 */
static void kvm_invalidate_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
				   struct kvm_memory_slot *invalid_slot)
{
	invalid_slot->base_gfn = old->base_gfn;
	invalid_slot->npages = old->npages;
	invalid_slot->userspace_addr = old->userspace_addr;
	invalid_slot->flags = old->flags | KVM_MEMSLOT_INVALID;
	invalid_slot->id = old->id;
	invalid_slot->as_id = old->as_id;
	kvm_replace_memslot(kvm, old, invalid_slot);

	kvm_swap_active_memslots(kvm, old->as_id);
	kvm_arch_flush_shadow_memslot(kvm, old);
	mutex_lock(&kvm->slots_arch_lock);
}

static int kvm_prepare_memory_region(struct kvm *kvm, struct kvm_memory_slot *new,
				     enum kvm_mr_change change)
{
	if (change != KVM_MR_CREATE && change != KVM_MR_MOVE)
		return 0;

	if (new->base_gfn + new->npages - 1 > KVM_MMU_MAX_GFN)
		return -EINVAL;

	if (change != KVM_MR_CREATE || !(new->flags & KVM_MEM_GUEST_MEMFD))
		return 0;

	return kvm_gmem_commit_memory_region(kvm, new);
}

/*
 * Takes a slot that is to go or to move out of use; *@invalid_slot, NULL before, becomes
 * its copy then. slots_arch_lock is held throughout, though not always without a break.
 */
static int kvm_retire_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
			      enum kvm_mr_change change, struct kvm_memory_slot **invalid_slot)
{
	if (change != KVM_MR_DELETE && change != KVM_MR_MOVE)
		return 0;

	*invalid_slot = kzalloc_obj(**invalid_slot, GFP_KERNEL_ACCOUNT);
	if (!*invalid_slot)
		return -ENOMEM;

	kvm_invalidate_memslot(kvm, old, *invalid_slot);
	return 0;
}

/* Installs the change; what can fail has been done. Releases slots_arch_lock. */
static void kvm_install_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
				struct kvm_memory_slot *invalid_slot, struct kvm_memory_slot *new)
{
	kvm_replace_memslot(kvm, old, new);
	/* Of a slot that goes or moves, the active set has the invalid copy. */
	kvm_activate_memslot(kvm, invalid_slot ?: old, new);
	kfree(invalid_slot);
}

/* Lets everything be as it was before a change that failed. Releases slots_arch_lock. */
static void kvm_abandon_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
				struct kvm_memory_slot *invalid_slot)
{
	/* If there is a copy in the active set, the old slot still is in the other. */
	if (invalid_slot)
		kvm_activate_memslot(kvm, invalid_slot, old);
	else
		mutex_unlock(&kvm->slots_arch_lock);
	kfree(invalid_slot);
}

static void kvm_commit_memory_region(struct kvm *kvm, struct kvm_memory_slot *old,
				     struct kvm_memory_slot *new, enum kvm_mr_change change)
{
	switch (change) {
	case KVM_MR_CREATE:
		kvm->nr_memslot_pages += new->npages;
		break;
	case KVM_MR_DELETE:
		kvm->nr_memslot_pages -= old->npages;
		kvm_free_memslot(old);
		break;
	case KVM_MR_MOVE:
	case KVM_MR_FLAGS_ONLY:
		/* Slots with a guest_memfd can't be changed. */
		if (WARN_ON_ONCE(old->flags & KVM_MEM_GUEST_MEMFD))
			kvm_gmem_unbind(old);
		kfree(old);
		break;
	}
}

static int kvm_set_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
			   struct kvm_memory_slot *new, enum kvm_mr_change change)
{
	struct kvm_memory_slot *invalid_slot = NULL;
	int r;

	/* Released by whoever swaps the sets last. */
	mutex_lock(&kvm->slots_arch_lock);

	r = kvm_retire_memslot(kvm, old, change, &invalid_slot);
	if (!r)
		r = kvm_prepare_memory_region(kvm, new, change);
	if (r) {
		kvm_abandon_memslot(kvm, old, invalid_slot);
		return r;
	}

	kvm_install_memslot(kvm, old, invalid_slot, new);
	kvm_commit_memory_region(kvm, old, new, change);
	return 0;
}

static int check_memory_region_flags(struct kvm *kvm,
				     const struct kvm_userspace_memory_region2 *mem)
{
	u32 valid_flags = KVM_MEM_LOG_DIRTY_PAGES | KVM_MEM_GUEST_MEMFD;

	/* Neither dirty logging nor write protection of a guest_memfd is supported. */
	if (mem->flags & KVM_MEM_GUEST_MEMFD)
		valid_flags &= ~KVM_MEM_LOG_DIRTY_PAGES;
	else if (kvm_arch_has_readonly_mem(kvm))
		valid_flags |= KVM_MEM_READONLY;

	return mem->flags & ~valid_flags ? -EINVAL : 0;
}

static int check_memory_region(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem)
{
	int r = check_memory_region_flags(kvm, mem);

	if (r)
		return r;

	if (!PAGE_ALIGNED(mem->memory_size) || !PAGE_ALIGNED(mem->guest_phys_addr))
		return -EINVAL;

	if (!PAGE_ALIGNED(mem->userspace_addr) ||
	    !access_ok((void __user *)(unsigned long)mem->userspace_addr, mem->memory_size))
		return -EINVAL;

	if (mem->flags & KVM_MEM_GUEST_MEMFD &&
	    (!PAGE_ALIGNED(mem->guest_memfd_offset) ||
	     mem->guest_memfd_offset + mem->memory_size < mem->guest_memfd_offset))
		return -EINVAL;

	if (mem->slot >> 16 >= kvm_arch_nr_memslot_as_ids(kvm) ||
	    (u16)mem->slot >= KVM_MEM_SLOTS_NUM)
		return -EINVAL;

	if (mem->guest_phys_addr + mem->memory_size < mem->guest_phys_addr)
		return -EINVAL;

	if (mem->memory_size >> PAGE_SHIFT > KVM_MEM_MAX_NR_PAGES)
		return -EINVAL;

	return 0;
}

/*
 * What @mem, which is not a deletion, asks for: an enum kvm_mr_change; a negative errno;
 * or KVM_MR_NOTHING if all is as it asks already.
 */
#define KVM_MR_NOTHING	(KVM_MR_FLAGS_ONLY + 1)

static int kvm_memory_region_change(const struct kvm_memory_slot *old,
				    const struct kvm_userspace_memory_region2 *mem)
{
	if (!old)
		return KVM_MR_CREATE;

	if (mem->flags & KVM_MEM_GUEST_MEMFD)
		return -EINVAL;

	if (mem->userspace_addr != old->userspace_addr ||
	    mem->memory_size >> PAGE_SHIFT != old->npages ||
	    (mem->flags ^ old->flags) & (KVM_MEM_READONLY | KVM_MEM_GUEST_MEMFD))
		return -EINVAL;

	if (mem->guest_phys_addr >> PAGE_SHIFT != old->base_gfn)
		return KVM_MR_MOVE;

	return mem->flags != old->flags ? KVM_MR_FLAGS_ONLY : KVM_MR_NOTHING;
}

static bool kvm_check_memslot_overlap(struct kvm_memslots *slots, int id, gfn_t start, gfn_t end)
{
	struct kvm_memory_slot *slot;

	kvm_for_each_memslot_in_gfn_range(slot, slots, start, end)
		if (slot->id != id)
			return true;

	return false;
}

static struct kvm_memory_slot *kvm_new_memslot(const struct kvm_userspace_memory_region2 *mem)
{
	struct kvm_memory_slot *new = kzalloc_obj(*new, GFP_KERNEL_ACCOUNT);

	if (!new)
		return NULL;

	new->as_id = mem->slot >> 16;
	new->id = (u16)mem->slot;
	new->base_gfn = mem->guest_phys_addr >> PAGE_SHIFT;
	new->npages = mem->memory_size >> PAGE_SHIFT;
	new->flags = mem->flags;
	new->userspace_addr = mem->userspace_addr;
	return new;
}

/* Creates or changes a slot. */
static int kvm_put_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
			   const struct kvm_userspace_memory_region2 *mem,
			   enum kvm_mr_change change)
{
	bool gmem = change == KVM_MR_CREATE && (mem->flags & KVM_MEM_GUEST_MEMFD);
	struct kvm_memory_slot *new;
	int r = 0;

	new = kvm_new_memslot(mem);
	if (!new)
		return -ENOMEM;

	if (gmem)
		r = kvm_gmem_prepare_memory_region(kvm, new, mem->guest_memfd,
						   mem->guest_memfd_offset);
	if (r)
		goto err_free;

	r = kvm_set_memslot(kvm, old, new, change);

	/* The file pins the VM, not the other way round; closing it ends the binding. */
	if (gmem)
		fput(new->gmem.file);
	if (r)
		goto err_free;

	return 0;

err_free:
	kfree(new);
	return r;
}

static int kvm_set_memory_region(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem)
{
	struct kvm_memory_slot *old;
	struct kvm_memslots *slots;
	gfn_t base_gfn, npages;
	int r;

	lockdep_assert_held(&kvm->slots_lock);

	r = check_memory_region(kvm, mem);
	if (r)
		return r;

	slots = __kvm_memslots(kvm, mem->slot >> 16);
	old = id_to_memslot(slots, (u16)mem->slot);

	if (!mem->memory_size) {
		if (!old)
			return -EINVAL;
		if (WARN_ON_ONCE(kvm->nr_memslot_pages < old->npages))
			return -EIO;
		return kvm_set_memslot(kvm, old, NULL, KVM_MR_DELETE);
	}

	base_gfn = mem->guest_phys_addr >> PAGE_SHIFT;
	npages = mem->memory_size >> PAGE_SHIFT;

	r = kvm_memory_region_change(old, mem);
	if (r < 0)
		return r;
	if (r == KVM_MR_NOTHING)
		return 0;

	if (r == KVM_MR_CREATE && kvm->nr_memslot_pages + npages < kvm->nr_memslot_pages)
		return -EINVAL;

	if ((r == KVM_MR_CREATE || r == KVM_MR_MOVE) &&
	    kvm_check_memslot_overlap(slots, (u16)mem->slot, base_gfn, base_gfn + npages))
		return -EEXIST;

	return kvm_put_memslot(kvm, old, mem, r);
}

/**
 * kvm_vm_ioctl_set_memory_region() - KVM_SET_USER_MEMORY_REGION and _REGION2.
 *
 * Return: 0; -EINVAL for anything malformed, a slot that can't be changed in the way
 * asked for, or a guest_memfd that doesn't fit; -EEXIST if the guest memory or the range
 * of the guest_memfd is in use by another slot; -EBADF; -ENOMEM.
 */
int kvm_vm_ioctl_set_memory_region(struct kvm *kvm,
				   const struct kvm_userspace_memory_region2 *mem)
{
	if ((u16)mem->slot >= KVM_USER_MEM_SLOTS)
		return -EINVAL;

	guard(mutex)(&kvm->slots_lock);
	return kvm_set_memory_region(kvm, mem);
}
