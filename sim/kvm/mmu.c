// SPDX-License-Identifier: GPL-2.0

/*
 * Guest faults and the invalidation that races with them. After virt/kvm/kvm_main.c
 * (kvm_mmu_invalidate_*()) and arch/x86/kvm/mmu/mmu.c (kvm_tdp_mmu_page_fault() and what
 * it calls) of Linux 7.3.
 *
 * A fault finds out what to map without mmu_lock, then takes it and maps only if nothing
 * has been invalidated in between:
 *
 *	fault					invalidation
 *	seq = mmu_invalidate_seq		lock; in_progress++; zap; unlock
 *	get the page, with a reference		take the page away
 *	lock; if in_progress covers the frame	lock; seq++; in_progress--; unlock
 *	      or seq has changed: unlock, retry
 *	map; drop the reference; unlock
 */

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>

#include "kvm_internal.h"
#include "kvm_mm.h"

/**
 * kvm_mmu_event() - a guest access that has to be tried again may now get further.
 *
 * In the kernel a vCPU spins on such an access: it faults until it succeeds. Here it
 * sleeps until something has changed that it may have been waiting for, which leaves out
 * only repetitions without effect.
 */
void kvm_mmu_event(struct kvm *kvm)
{
	sim_point(HOST_OP_WAKE, &kvm->arch.mmu_event);
	sim_wake(&kvm->arch.mmu_event);
}

/** kvm_mmu_expect_event() - what happens from here on is not missed; before the access. */
void kvm_mmu_expect_event(struct kvm *kvm)
{
	sim_point(HOST_OP_WAIT, &kvm->arch.mmu_event);
}

/**
 * kvm_mmu_wait_event() - sleep until kvm_mmu_event() is called, or has been since
 *			  kvm_mmu_expect_event().
 *
 * Context: not inside an SRCU read section of the VM: a change may wait for readers.
 * Return: 0, -EINTR if a signal is pending.
 */
int kvm_mmu_wait_event(struct kvm *kvm)
{
	return sim_block_interruptible(&kvm->arch.mmu_event,
				       "guest access that KVM tries again") ? -EINTR : 0;
}

/**
 * kvm_mmu_invalidate_start() - from here on faults in the ranges to be added wait.
 *
 * Context: mmu_lock held for writing; ranges are to be added before it is released.
 */
void kvm_mmu_invalidate_start(struct kvm *kvm)
{
	lockdep_assert_held_write(&kvm->mmu_lock);

	WRITE_ONCE(kvm->mmu_invalidate_in_progress, kvm->mmu_invalidate_in_progress + 1);
	if (kvm->mmu_invalidate_in_progress == 1) {
		kvm->mmu_invalidate_range_start = INVALID_GPA;
		kvm->mmu_invalidate_range_end = INVALID_GPA;
	}
}

/**
 * kvm_mmu_invalidate_range_add() - invalidate guest frames @start to @end - 1 too.
 *
 * Only the hull of all ranges is kept, until the last invalidation has ended: a fault in a
 * gap tries again for nothing.
 */
void kvm_mmu_invalidate_range_add(struct kvm *kvm, gfn_t start, gfn_t end)
{
	lockdep_assert_held_write(&kvm->mmu_lock);
	WARN_ON_ONCE(!kvm->mmu_invalidate_in_progress);

	if (kvm->mmu_invalidate_range_start == INVALID_GPA) {
		kvm->mmu_invalidate_range_start = start;
		kvm->mmu_invalidate_range_end = end;
		return;
	}

	kvm->mmu_invalidate_range_start = min(kvm->mmu_invalidate_range_start, start);
	kvm->mmu_invalidate_range_end = max(kvm->mmu_invalidate_range_end, end);
}

/**
 * kvm_mmu_invalidate_end() - what faults find from now on is up to date.
 *
 * The sequence number makes those try again that have looked before.
 *
 * Context: mmu_lock held for writing.
 */
void kvm_mmu_invalidate_end(struct kvm *kvm)
{
	lockdep_assert_held_write(&kvm->mmu_lock);

	WRITE_ONCE(kvm->mmu_invalidate_seq, kvm->mmu_invalidate_seq + 1);
	smp_wmb();
	WRITE_ONCE(kvm->mmu_invalidate_in_progress, kvm->mmu_invalidate_in_progress - 1);
	KVM_BUG_ON(kvm->mmu_invalidate_in_progress < 0, kvm);
	WARN_ON_ONCE(kvm->mmu_invalidate_range_start == INVALID_GPA);

	kvm_mmu_event(kvm);
}

/** kvm_unmap_gfn_range() - remove stage-2 mappings; tells whether there were any. */
bool kvm_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range)
{
	lockdep_assert_once(kvm->mmu_invalidate_in_progress ||
			    lockdep_is_held(&kvm->slots_lock));

	return kvm_stage2_unmap(kvm, range->start, range->end);
}

/** kvm_mmu_unmap_gfn_range() - the same, as part of an invalidation under way. */
bool kvm_mmu_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range)
{
	kvm_mmu_invalidate_range_add(kvm, range->start, range->end);
	return kvm_unmap_gfn_range(kvm, range);
}

/**
 * kvm_flush_remote_tlbs() - no vCPU uses a mapping that has been removed any more.
 *
 * Nothing to do: the walk and the access of a vCPU are one step here (sim/kvm/vcpu.c), so
 * there is no TLB to hold what the table no longer has.
 */
void kvm_flush_remote_tlbs(struct kvm *kvm)
{
}

/*
 * No invalidation is announced: the slot is marked invalid and SRCU readers have been
 * waited for, so that no fault in it can be under way.
 */
void kvm_arch_flush_shadow_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	KVM_MMU_LOCK(kvm);
	if (kvm_stage2_unmap(kvm, slot->base_gfn, slot->base_gfn + slot->npages))
		kvm_flush_remote_tlbs(kvm);
	KVM_MMU_UNLOCK(kvm);
}

/* The answer that counts, with the lock held. */
static bool mmu_invalidate_retry_gfn(struct kvm *kvm, unsigned long mmu_seq, gfn_t gfn)
{
	lockdep_assert_held(&kvm->mmu_lock);

	if (kvm->mmu_invalidate_in_progress) {
		if (WARN_ON_ONCE(kvm->mmu_invalidate_range_start == INVALID_GPA ||
				 kvm->mmu_invalidate_range_end == INVALID_GPA))
			return true;
		if (gfn >= kvm->mmu_invalidate_range_start &&
		    gfn < kvm->mmu_invalidate_range_end)
			return true;
	}

	return kvm->mmu_invalidate_seq != mmu_seq;
}

/* A guess without the lock, to save work; may be wrong either way. */
static bool mmu_invalidate_retry_gfn_unsafe(struct kvm *kvm, unsigned long mmu_seq, gfn_t gfn)
{
	if (READ_ONCE(kvm->mmu_invalidate_in_progress) &&
	    gfn >= READ_ONCE(kvm->mmu_invalidate_range_start) &&
	    gfn < READ_ONCE(kvm->mmu_invalidate_range_end))
		return true;

	return READ_ONCE(kvm->mmu_invalidate_seq) != mmu_seq;
}

static void kvm_mmu_prepare_memory_fault_exit(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	kvm_prepare_memory_fault_exit(vcpu, fault->gfn << PAGE_SHIFT, PAGE_SIZE, fault->write,
				      false, fault->is_private);
}

static int kvm_handle_noslot_fault(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	/* MMIO is shared by nature. */
	if (fault->is_private) {
		kvm_mmu_prepare_memory_fault_exit(vcpu, fault);
		return -EFAULT;
	}

	return RET_PF_EMULATE;
}

static int kvm_mmu_faultin_pfn_gmem(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	int r;

	if (!kvm_slot_has_gmem(fault->slot)) {
		kvm_mmu_prepare_memory_fault_exit(vcpu, fault);
		return -EFAULT;
	}

	r = kvm_gmem_get_pfn(vcpu->kvm, fault->slot, fault->gfn, &fault->pfn,
			     &fault->refcounted_page, NULL);
	if (r)
		kvm_mmu_prepare_memory_fault_exit(vcpu, fault);

	return r;
}

static int __kvm_mmu_faultin_pfn(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	if (fault->is_private || kvm_memslot_is_gmem_only(fault->slot))
		return kvm_mmu_faultin_pfn_gmem(vcpu, fault);

	/* Writes to read-only memory are the device's business. */
	if (fault->write && fault->slot->flags & KVM_MEM_READONLY)
		return RET_PF_EMULATE;

	return RET_PF_HOST;
}

/* Gets the page that is behind the frame, or says what else to do. */
static int kvm_mmu_faultin_pfn(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	struct kvm *kvm = vcpu->kvm;
	int r;

	/* Before anything that an invalidation could change is looked at. */
	fault->mmu_seq = READ_ONCE(kvm->mmu_invalidate_seq);
	smp_rmb();

	if (fault->is_private != kvm_mem_is_private(kvm, fault->gfn)) {
		kvm_mmu_prepare_memory_fault_exit(vcpu, fault);
		return -EFAULT;
	}

	if (!fault->slot)
		return kvm_handle_noslot_fault(vcpu, fault);

	/* Being deleted or moved: the outcome is known soon. */
	if (fault->slot->flags & KVM_MEMSLOT_INVALID)
		return RET_PF_RETRY;

	if (mmu_invalidate_retry_gfn_unsafe(kvm, fault->mmu_seq, fault->gfn))
		return RET_PF_RETRY;

	r = __kvm_mmu_faultin_pfn(vcpu, fault);
	if (r != RET_PF_CONTINUE)
		return r;

	if (mmu_invalidate_retry_gfn_unsafe(kvm, fault->mmu_seq, fault->gfn)) {
		put_page(fault->refcounted_page);
		return RET_PF_RETRY;
	}

	return RET_PF_CONTINUE;
}

/**
 * kvm_mmu_do_page_fault() - resolve a guest access that the stage-2 table can't.
 * @fault: gfn and write set, the rest zero
 *
 * For a software protected VM the attributes say whether the access is a private one; a
 * guest of another type has no private accesses.
 *
 * Context: SRCU read section of the VM, vCPU locked. May sleep.
 *
 * Return: RET_PF_*; or a negative errno that KVM_RUN returns: -ENOMEM, or what
 * kvm_gmem_get_pfn() returned, or -EFAULT, the latter two with KVM_EXIT_MEMORY_FAULT.
 */
int kvm_mmu_do_page_fault(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	struct kvm *kvm = vcpu->kvm;
	int r;

	fault->is_private = kvm->arch.vm_type == KVM_X86_SW_PROTECTED_VM &&
			    kvm_mem_is_private(kvm, fault->gfn);
	fault->slot = gfn_to_memslot(kvm, fault->gfn);

	if (fault->gfn <= KVM_MMU_MAX_GFN) {
		r = kvm_stage2_topup(vcpu, fault->gfn);
		if (r)
			return r;
	}

	r = kvm_mmu_faultin_pfn(vcpu, fault);
	if (r != RET_PF_CONTINUE)
		return r;

	read_lock(&kvm->mmu_lock);
	if (mmu_invalidate_retry_gfn(kvm, fault->mmu_seq, fault->gfn))
		r = RET_PF_RETRY;
	else
		r = kvm_stage2_map(vcpu, fault->gfn, fault->pfn);
	/* Mapped or not: from here on invalidation keeps the mapping right, not a reference. */
	put_page(fault->refcounted_page);
	read_unlock(&kvm->mmu_lock);

	return r;
}
