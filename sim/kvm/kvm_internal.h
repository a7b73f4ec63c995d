/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_KVM_INTERNAL_H
#define _SIM_KVM_INTERNAL_H

/* Simulated: what the files in sim/kvm/ share. In the kernel most of it is one file. */

#include <linux/kvm_host.h>
#include <sim/kvm.h>
#include <sim/sim.h>

/* vm.c */

/* All VMs; changed under kvm_lock. */
extern struct list_head vm_list;
extern struct mutex kvm_lock;

void kvm_vm_set_owner(struct module *module);

/* dev.c */

int kvm_vm_ioctl_check_extension_generic(struct kvm *kvm, long arg);
void kvm_ioctl_trap_unmodelled(const u8 *numbers, size_t nr, unsigned int ioctl);

/* vcpu.c */

int kvm_vcpu_cache_create(unsigned int size, unsigned int align, struct module *module);
void kvm_vcpu_cache_destroy(void);
int kvm_vm_ioctl_create_vcpu(struct kvm *kvm, unsigned long id);

/* memslots.c */

#define kvm_for_each_memslot(_slot, _slots)					\
	list_for_each_entry(_slot, &(_slots)->gfn_list, gfn_node[(_slots)->node_idx])

/* In ascending order; the slots overlap the range at least partially. */
#define kvm_for_each_memslot_in_gfn_range(_slot, _slots, _start, _end)		\
	kvm_for_each_memslot(_slot, _slots)					\
		if ((_slot)->base_gfn >= (_end) ||				\
		    (_slot)->base_gfn + (_slot)->npages <= (_start)) {		\
		} else

void kvm_init_memslots(struct kvm *kvm);
void kvm_free_memslots(struct kvm *kvm);
int kvm_vm_ioctl_set_memory_region(struct kvm *kvm,
				   const struct kvm_userspace_memory_region2 *mem);

/* attributes.c */

u64 kvm_gmem_supported_attributes(struct kvm *kvm);
u64 kvm_supported_mem_attributes(struct kvm *kvm);
int kvm_vm_ioctl_set_mem_attributes(struct kvm *kvm, struct kvm_memory_attributes *attrs);

/* mmu.c */

/**
 * enum - how a guest's fault ended; a negative errno is an exit to user space.
 * RET_PF_CONTINUE: so far, so good
 * RET_PF_RETRY:    the guest accesses again
 * RET_PF_EMULATE:  no memory there: MMIO
 * RET_PF_FIXED:    mapped
 * RET_PF_SPURIOUS: found mapped by somebody else
 * RET_PF_HOST:     memory of the user's process: go through its mapping (model only)
 */
enum {
	RET_PF_CONTINUE = 0,
	RET_PF_RETRY,
	RET_PF_EMULATE,
	RET_PF_FIXED,
	RET_PF_SPURIOUS,
	RET_PF_HOST,
};

struct kvm_page_fault {
	gfn_t gfn;
	bool write;
	bool is_private;
	struct kvm_memory_slot *slot;

	/* Set by kvm_mmu_faultin_pfn(). */
	unsigned long mmu_seq;
	kvm_pfn_t pfn;
	struct page *refcounted_page;
};

int kvm_mmu_do_page_fault(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault);
void kvm_arch_flush_shadow_memslot(struct kvm *kvm, struct kvm_memory_slot *slot);
void kvm_mmu_event(struct kvm *kvm);
void kvm_mmu_expect_event(struct kvm *kvm);
int kvm_mmu_wait_event(struct kvm *kvm);

/* stage2.c */

struct page *kvm_stage2_translate(struct kvm *kvm, gfn_t gfn, u64 **sptep);
bool kvm_stage2_usable(const u64 *sptep, struct page *page);
int kvm_stage2_topup(struct kvm_vcpu *vcpu, gfn_t gfn);
int kvm_stage2_map(struct kvm_vcpu *vcpu, gfn_t gfn, kvm_pfn_t pfn);
bool kvm_stage2_unmap(struct kvm *kvm, gfn_t start, gfn_t end);
void kvm_stage2_free(struct kvm *kvm);
void kvm_mmu_free_memory_cache(struct kvm_mmu_memory_cache *cache);

/* gmem_attributes.c */

int kvm_gmem_private_page(void *inode, host_u64 index);

/* gmem_fs.c */

extern struct file_operations kvm_gmem_fops;

void kvm_gmem_census(void (*item)(void *ctx, const char *name, host_u64 value,
				  enum host_census rule), void *ctx);

#endif /* _SIM_KVM_INTERNAL_H */
