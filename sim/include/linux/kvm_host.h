/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __KVM_HOST_H
#define __KVM_HOST_H

/*
 * Simulated: KVM's objects, as include/linux/kvm_host.h of Linux 7.3 has them, with what
 * preservation over a kexec adds (vm_file, vm_type).
 *
 * Kernel promises: a VM lives as long as somebody holds a reference (files of the VM, its
 *	vCPUs and guest_memfds do); memory slots may be read under kvm->srcu; a stage-2
 *	mapping never outlives the page it points to.
 * Modelled: VMs, vCPUs, memory slots in two sets that are swapped, memory attributes,
 *	stage-2 faults and invalidation, bugged and dead VMs.
 * Left out: see docs/kvm-model.md.
 * Scheduling points: those of the locks, SRCU, xarrays and counts used; each access of a
 *	guest.
 */

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/kvm.h>
#include <linux/kvm_types.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/rwlock.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include <asm/kvm_host.h>

struct file;
struct mm_struct;
struct module;
struct page;

/* The upper half of kvm_memory_slot.flags is KVM's own. */
#define KVM_MEMSLOT_INVALID		(1UL << 16)
#define KVM_MEMSLOT_GMEM_ONLY		(1UL << 17)

/* In kvm_memslots.generation: the set has been installed, readers may still use the old. */
#define KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS	BIT_ULL(63)

#define KVM_MEM_SLOTS_NUM		SHRT_MAX
#define KVM_USER_MEM_SLOTS		(KVM_MEM_SLOTS_NUM - KVM_INTERNAL_MEM_SLOTS)
#define KVM_MEM_MAX_NR_PAGES		((1UL << 31) - 1)

/**
 * struct kvm_memory_slot - a range of guest physical memory and what is behind it.
 * @gfn_node:       in &kvm_memslots.gfn_list of the two sets
 * @base_gfn:       first guest frame
 * @npages:         number of pages
 * @userspace_addr: shared memory behind it, in the VM's process
 * @flags:          KVM_MEM_*, KVM_MEMSLOT_*
 * @id:             slot number within the address space
 * @as_id:          address space
 * @gmem:           the guest_memfd behind it. @gmem.file is not a reference: it is written
 *                  under slots_lock, and read under slots_lock or kvm->srcu with
 *                  get_file_active()
 */
struct kvm_memory_slot {
	struct list_head gfn_node[2];
	gfn_t base_gfn;
	unsigned long npages;
	unsigned long userspace_addr;
	u32 flags;
	short id;
	u16 as_id;
	struct {
		struct file *file;
		pgoff_t pgoff;
	} gmem;
};

/**
 * struct kvm_memslots - one set of an address space's memory slots.
 * @generation: differs between any two sets that have been active
 * @gfn_list:   slots in ascending order of base_gfn; a tree in the kernel
 * @node_idx:   which of kvm_memory_slot.gfn_node belongs to this set
 *
 * Of the two sets one is active; changes are made to the other, which is then swapped in.
 */
struct kvm_memslots {
	u64 generation;
	struct list_head gfn_list;
	int node_idx;
};

/**
 * struct kvm - a VM.
 * @mmu_lock:                   the stage-2 table and the invalidation state: write to zap
 *                              and invalidate, read to map
 * @slots_lock:                 serialises all changes of memory slots and attributes
 * @slots_arch_lock:            inside @slots_lock, released while readers are waited for
 * @mm:                         the process that may use it
 * @nr_memslot_pages:           sum over all slots
 * @__memslots:                 both sets of each address space
 * @memslots:                   the active ones
 * @vcpu_array:                 vCPUs by index
 * @online_vcpus:               number of vCPUs that can be found in @vcpu_array
 * @max_vcpus:                  KVM_MAX_VCPUS
 * @created_vcpus:              including those under construction, under @lock
 * @vm_list:                    in the list of all VMs
 * @lock:                       creation of vCPUs
 * @arch:                       architecture's part
 * @users_count:                references
 * @mmu_invalidate_seq:         counts finished invalidations
 * @mmu_invalidate_in_progress: invalidations under way
 * @mmu_invalidate_range_start: hull of their ranges
 * @mmu_invalidate_range_end:   its end
 * @srcu:                       protects readers of memory slots
 * @vm_bugged:                  KVM found a bug in itself
 * @vm_dead:                    no ioctl works any more
 * @mem_attr_array:             memory attributes by guest frame
 * @vm_file:                    the file of this VM, not a reference: read it with
 *                              get_file_active(). NULL once the file is being released
 * @vm_type:                    the type asked for when it was created
 */
struct kvm {
	rwlock_t mmu_lock;
	struct mutex slots_lock;
	struct mutex slots_arch_lock;
	struct mm_struct *mm;
	unsigned long nr_memslot_pages;
	struct kvm_memslots __memslots[KVM_MAX_NR_ADDRESS_SPACES][2];
	struct kvm_memslots __rcu *memslots[KVM_MAX_NR_ADDRESS_SPACES];
	struct xarray vcpu_array;
	atomic_t online_vcpus;
	int max_vcpus;
	int created_vcpus;
	struct list_head vm_list;
	struct mutex lock;
	struct kvm_arch arch;
	refcount_t users_count;
	unsigned long mmu_invalidate_seq;
	long mmu_invalidate_in_progress;
	gfn_t mmu_invalidate_range_start;
	gfn_t mmu_invalidate_range_end;
	struct srcu_struct srcu;
	bool vm_bugged;
	bool vm_dead;
	struct xarray mem_attr_array;
	struct file *vm_file;
	unsigned long vm_type;
};

/**
 * struct kvm_vcpu - a virtual CPU.
 * @kvm:      its VM; its file holds a reference to it
 * @vcpu_id:  the user's number for it
 * @vcpu_idx: index in &kvm.vcpu_array, -1 while it can't be reached
 * @mutex:    one ioctl at a time
 * @run:      what user space would map
 * @arch:     architecture's part
 */
struct kvm_vcpu {
	struct kvm *kvm;
	int vcpu_id;
	int vcpu_idx;
	struct mutex mutex;
	struct kvm_run *run;
	int ____srcu_idx;
	struct kvm_vcpu_arch arch;
};

enum kvm_gfn_range_filter {
	KVM_FILTER_SHARED		= BIT(0),
	KVM_FILTER_PRIVATE		= BIT(1),
};

/** struct kvm_gfn_range - guest frames @start to @end - 1 of a slot. */
struct kvm_gfn_range {
	struct kvm_memory_slot *slot;
	gfn_t start;
	gfn_t end;
	enum kvm_gfn_range_filter attr_filter;
	bool may_block;
};

enum kvm_mr_change {
	KVM_MR_CREATE,
	KVM_MR_DELETE,
	KVM_MR_MOVE,
	KVM_MR_FLAGS_ONLY,
};

/* A dead VM stays in memory until its files are closed, but answers -EIO only. */
static inline void kvm_vm_dead(struct kvm *kvm)
{
	WRITE_ONCE(kvm->vm_dead, true);
}

static inline void kvm_vm_bugged(struct kvm *kvm)
{
	WRITE_ONCE(kvm->vm_bugged, true);
	kvm_vm_dead(kvm);
}

#define KVM_BUG(cond, kvm, fmt...)					\
({									\
	bool __bug = !!(cond);						\
									\
	if (WARN_ONCE(__bug && !(kvm)->vm_bugged, fmt))			\
		kvm_vm_bugged(kvm);					\
	unlikely(__bug);						\
})

#define KVM_BUG_ON(cond, kvm)						\
({									\
	bool __bug = !!(cond);						\
									\
	if (WARN_ON_ONCE(__bug && !(kvm)->vm_bugged))			\
		kvm_vm_bugged(kvm);					\
	unlikely(__bug);						\
})

int kvm_init(unsigned int vcpu_size, unsigned int vcpu_align, struct module *module);
void kvm_exit(void);

void kvm_get_kvm(struct kvm *kvm);
bool kvm_get_kvm_safe(struct kvm *kvm);
void kvm_put_kvm(struct kvm *kvm);
void kvm_put_kvm_no_destroy(struct kvm *kvm);
bool file_is_kvm(struct file *file);

/* vCPUs */

static inline struct kvm_vcpu *kvm_get_vcpu(struct kvm *kvm, int i)
{
	if (i >= atomic_read(&kvm->online_vcpus))
		return NULL;

	return xa_load(&kvm->vcpu_array, i);
}

struct kvm_vcpu *kvm_get_vcpu_by_id(struct kvm *kvm, int id);
void kvm_destroy_vcpus(struct kvm *kvm);

static inline void kvm_vcpu_srcu_read_lock(struct kvm_vcpu *vcpu)
{
	vcpu->____srcu_idx = srcu_read_lock(&vcpu->kvm->srcu);
}

static inline void kvm_vcpu_srcu_read_unlock(struct kvm_vcpu *vcpu)
{
	srcu_read_unlock(&vcpu->kvm->srcu, vcpu->____srcu_idx);
}

/* RWX flags are not defined in Linux 7.3: nothing says whether it was a write. */
static inline void kvm_prepare_memory_fault_exit(struct kvm_vcpu *vcpu, gpa_t gpa, gpa_t size,
						 bool is_write, bool is_exec, bool is_private)
{
	vcpu->run->exit_reason = KVM_EXIT_MEMORY_FAULT;
	vcpu->run->memory_fault.gpa = gpa;
	vcpu->run->memory_fault.size = size;
	vcpu->run->memory_fault.flags = is_private ? KVM_MEMORY_EXIT_FLAG_PRIVATE : 0;
}

/* Memory slots */

static inline struct kvm_memslots *__kvm_memslots(struct kvm *kvm, int as_id)
{
	return srcu_dereference_check(kvm->memslots[as_id], &kvm->srcu,
				      lockdep_is_held(&kvm->slots_lock) ||
				      !refcount_read(&kvm->users_count));
}

static inline struct kvm_memslots *kvm_memslots(struct kvm *kvm)
{
	return __kvm_memslots(kvm, 0);
}

static inline bool kvm_slot_has_gmem(const struct kvm_memory_slot *slot)
{
	return slot && (slot->flags & KVM_MEM_GUEST_MEMFD);
}

/* Shared accesses are served by the guest_memfd as well, not by userspace_addr. */
static inline bool kvm_memslot_is_gmem_only(const struct kvm_memory_slot *slot)
{
	return slot->flags & KVM_MEMSLOT_GMEM_ONLY;
}

struct kvm_memory_slot *id_to_memslot(struct kvm_memslots *slots, int id);
struct kvm_memory_slot *gfn_to_memslot(struct kvm *kvm, gfn_t gfn);

/* Stage-2 table and its invalidation */

void kvm_mmu_invalidate_start(struct kvm *kvm);
void kvm_mmu_invalidate_range_add(struct kvm *kvm, gfn_t start, gfn_t end);
void kvm_mmu_invalidate_end(struct kvm *kvm);
bool kvm_mmu_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range);
bool kvm_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range);
void kvm_flush_remote_tlbs(struct kvm *kvm);

/* Memory attributes */

/* "kvm.vm_memory_attributes": they are the VM's, as in Linux 7.3, not a guest_memfd's. */
extern bool vm_memory_attributes;

unsigned long kvm_gmem_get_memory_attributes(struct kvm *kvm, gfn_t gfn);

static inline unsigned long kvm_get_memory_attributes(struct kvm *kvm, gfn_t gfn)
{
	if (!vm_memory_attributes)
		return kvm_gmem_get_memory_attributes(kvm, gfn);

	return xa_to_value(xa_load(&kvm->mem_attr_array, gfn));
}

static inline bool kvm_mem_is_private(struct kvm *kvm, gfn_t gfn)
{
	return kvm_get_memory_attributes(kvm, gfn) & KVM_MEMORY_ATTRIBUTE_PRIVATE;
}

bool kvm_range_has_memory_attributes(struct kvm *kvm, gfn_t start, gfn_t end,
				     unsigned long mask, unsigned long attrs);

/* guest_memfd */

bool kvm_arch_supports_gmem_init_shared(struct kvm *kvm);

static inline u64 kvm_gmem_get_supported_flags(struct kvm *kvm)
{
	u64 flags = GUEST_MEMFD_FLAG_MMAP;

	if (!kvm || kvm_arch_supports_gmem_init_shared(kvm))
		flags |= GUEST_MEMFD_FLAG_INIT_SHARED;

	return flags;
}

int kvm_gmem_get_pfn(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t gfn, kvm_pfn_t *pfn,
		     struct page **page, int *max_order);

/*
 * For architectures that know private memory: declared, not there. The model's own lets
 * nothing populate, convert or reclaim a page.
 */
#ifdef CONFIG_HAVE_KVM_ARCH_GMEM_CONVERT
int kvm_arch_gmem_make_private(struct kvm *kvm, gfn_t gfn, kvm_pfn_t pfn, kvm_pfn_t nr_pages);
#endif

#ifdef CONFIG_HAVE_KVM_ARCH_GMEM_POPULATE
typedef int (*kvm_gmem_populate_cb)(struct kvm *kvm, gfn_t gfn, kvm_pfn_t pfn,
				    struct page *page, void *opaque);

long kvm_gmem_populate(struct kvm *kvm, gfn_t start_gfn, void __user *src, long npages,
		       bool may_writeback_src, kvm_gmem_populate_cb post_populate,
		       void *opaque);
#endif

#ifdef CONFIG_HAVE_KVM_ARCH_GMEM_RECLAIM
void kvm_arch_gmem_reclaim(kvm_pfn_t pfn, kvm_pfn_t nr_pages);
#endif

#ifdef CONFIG_HAVE_KVM_ARCH_GMEM_INVALIDATE
void kvm_arch_gmem_invalidate_range(struct kvm *kvm, struct kvm_gfn_range *range);
#endif

#endif /* __KVM_HOST_H */
