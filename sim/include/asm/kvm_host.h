/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_KVM_HOST_H
#define _ASM_KVM_HOST_H

/*
 * Simulated: what KVM leaves to the architecture, as x86 with two-dimensional paging,
 * SMM and software protected VMs has it (arch/x86/include/asm/kvm_host.h of Linux 7.3).
 *
 * Modelled: types of VMs, the second address space (no vCPU ever is in SMM: its memory
 *	slots are bookkeeping), a stage-2 table of four levels.
 * Left out: registers, interrupts, shadow paging, nesting, large pages.
 */

#include <linux/atomic.h>
#include <linux/types.h>

#define KVM_MAX_VCPUS		1024
#define KVM_VCPU_ID_RATIO	4
#define KVM_MAX_VCPU_IDS	(KVM_MAX_VCPUS * KVM_VCPU_ID_RATIO)
#define KVM_INTERNAL_MEM_SLOTS	3
#define KVM_MAX_NR_ADDRESS_SPACES 2
#define KVM_HAVE_MMU_RWLOCK

/* Four levels of 512 entries: guest physical addresses have 48 bits. */
#define KVM_STAGE2_LEVELS	4
#define KVM_STAGE2_LEVEL_SHIFT	9
#define KVM_MMU_MAX_GFN		((1ULL << (KVM_STAGE2_LEVELS * KVM_STAGE2_LEVEL_SHIFT)) - 1)

/**
 * struct kvm_arch - a VM's architecture specific part.
 * @vm_type:             KVM_X86_*_VM
 * @has_private_mem:     guest memory can be private
 * @has_protected_state: registers are out of KVM's reach; never, in the model
 * @stage2_root:         physical address of the stage-2 table, 0 before the first fault
 * @mmu_event:           what vCPUs sleep on, by its address, until an access that is to be
 *                       tried again may get further: the simulator's, see kvm_mmu_event()
 */
struct kvm_arch {
	unsigned long vm_type;
	bool has_private_mem;
	bool has_protected_state;
	u64 stage2_root;
	char mmu_event;
};

/** struct kvm_mmu_memory_cache - zeroed pages for tables, allocated ahead of locking. */
struct kvm_mmu_memory_cache {
	int nobjs;
	void *objects[KVM_STAGE2_LEVELS];
};

struct kvm_vcpu_arch {
	struct kvm_mmu_memory_cache mmu_shadow_page_cache;
};

#define kvm_arch_has_private_mem(kvm)	((kvm)->arch.has_private_mem)
#define kvm_arch_has_readonly_mem(kvm)	(!(kvm)->arch.has_protected_state)
#define kvm_arch_nr_memslot_as_ids(kvm)	(kvm_arch_has_private_mem(kvm) ? 1 : 2)

#endif /* _ASM_KVM_HOST_H */
