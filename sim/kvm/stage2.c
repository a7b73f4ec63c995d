// SPDX-License-Identifier: GPL-2.0

/*
 * The stage-2 table: guest frame to host page, four levels of 512 entries, in pages of
 * simulated memory as the CPU would walk it. After arch/x86/kvm/mmu/tdp_mmu.c.
 *
 * Entries are added with mmu_lock held for reading, by compare-and-exchange because
 * several vCPUs may fault at once, and removed with it held for writing. Tables are only
 * added: they go with the VM. An entry holds no reference to the page it maps, it is
 * invalidation that has to remove it in time.
 *
 * Scheduling points, so that a guest's access is seen to depend on what it depends on: looking
 * for tables and adding some, on the root; looking at an entry, setting and removing it, on
 * the entry. Whether an entry can be used by the CPU is a bit that is set after that and cleared
 * before it, both on the page; an access looks at it in the step in which it accesses the page.
 */

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "kvm_internal.h"

#define SPTE_PRESENT		BIT_ULL(0)
#define SPTE_USABLE		BIT_ULL(1)
#define SPTE_ADDR_MASK		GENMASK_ULL(51, 12)
#define SPTES_PER_TABLE		(1U << KVM_STAGE2_LEVEL_SHIFT)

/* Level 1 is the leaf, KVM_STAGE2_LEVELS the root. */
static unsigned int spte_index(gfn_t gfn, int level)
{
	return (gfn >> ((level - 1) * KVM_STAGE2_LEVEL_SHIFT)) & (SPTES_PER_TABLE - 1);
}

static u64 *spte_table(u64 spte)
{
	return phys_to_virt(spte & SPTE_ADDR_MASK);
}

/*
 * The entry for @gfn at the lowest level that has a table, and that level in @level; at
 * level KVM_STAGE2_LEVELS + 1 it is the root pointer, still empty. The caller is in a step on
 * the root, or holds mmu_lock for writing.
 */
static u64 *stage2_walk(struct kvm *kvm, gfn_t gfn, int *level)
{
	u64 *sptep = &kvm->arch.stage2_root;
	int l = KVM_STAGE2_LEVELS + 1;

	while (l > 1 && (__READ_ONCE(*sptep) & SPTE_PRESENT))
		sptep = spte_table(__READ_ONCE(*sptep)) + spte_index(gfn, --l);

	*level = l;
	return sptep;
}

/**
 * kvm_stage2_translate() - what the CPU's own walk finds for @gfn.
 * @sptep: becomes the entry, for kvm_stage2_usable()
 *
 * Not kernel code: no instrumentation.
 *
 * Return: the page; NULL if nothing is mapped there.
 */
__attribute__((no_sanitize_thread))
struct page *kvm_stage2_translate(struct kvm *kvm, gfn_t gfn, u64 **sptep)
{
	int level;

	if (gfn > KVM_MMU_MAX_GFN)
		return NULL;

	sim_point(HOST_OP_READ, &kvm->arch.stage2_root);
	*sptep = stage2_walk(kvm, gfn, &level);
	if (level > 1)
		return NULL;

	sim_point(HOST_OP_READ, *sptep);
	return **sptep & SPTE_PRESENT ? phys_to_page(**sptep & SPTE_ADDR_MASK) : NULL;
}

/**
 * kvm_stage2_usable() - whether the entry still leads to @page; in the step of the access.
 *
 * What changes the entry without changing the answer is no matter of the page.
 */
__attribute__((no_sanitize_thread))
bool kvm_stage2_usable(const u64 *sptep, struct page *page)
{
	return *sptep == (page_to_phys(page) | SPTE_PRESENT | SPTE_USABLE);
}

/**
 * kvm_stage2_topup() - allocate the tables that mapping @gfn will need.
 *
 * They are put into the vCPU's cache: what maps runs under a lock and can't allocate.
 * After mmu_topup_memory_caches(), which fills more at a time.
 *
 * Return: 0 or -ENOMEM.
 */
int kvm_stage2_topup(struct kvm_vcpu *vcpu, gfn_t gfn)
{
	struct kvm_mmu_memory_cache *cache = &vcpu->arch.mmu_shadow_page_cache;
	int level;

	sim_point(HOST_OP_READ, &vcpu->kvm->arch.stage2_root);
	stage2_walk(vcpu->kvm, gfn, &level);
	while (cache->nobjs < level - 1) {
		unsigned long table = __get_free_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);

		if (!table)
			return -ENOMEM;
		cache->objects[cache->nobjs++] = (void *)table;
	}

	return 0;
}

/* The entry for @gfn, with all tables that lead there, unless another vCPU made them. */
static u64 *stage2_leaf(struct kvm_vcpu *vcpu, gfn_t gfn)
{
	struct kvm_mmu_memory_cache *cache = &vcpu->arch.mmu_shadow_page_cache;
	struct kvm *kvm = vcpu->kvm;
	u64 *sptep;
	int level;

	sim_point(HOST_OP_READ, &kvm->arch.stage2_root);
	sptep = stage2_walk(kvm, gfn, &level);
	if (level > 1)
		sim_point(HOST_OP_RMW, &kvm->arch.stage2_root);

	while ((sptep = stage2_walk(kvm, gfn, &level)) && level > 1)
		__WRITE_ONCE(*sptep, virt_to_phys(cache->objects[--cache->nobjs]) |
				SPTE_PRESENT);

	return sptep;
}

/* From here on the CPU may use the entry, which nobody removes meanwhile. */
static void stage2_make_usable(u64 *sptep)
{
	sim_point(HOST_OP_WRITE, phys_to_virt(*sptep & SPTE_ADDR_MASK));
	__WRITE_ONCE(*sptep, *sptep | SPTE_USABLE);
}

/**
 * kvm_stage2_map() - map @pfn at @gfn.
 *
 * Context: mmu_lock held for reading, kvm_stage2_topup() done for the same @gfn.
 *
 * Return: RET_PF_FIXED, or RET_PF_SPURIOUS if it was mapped already.
 */
int kvm_stage2_map(struct kvm_vcpu *vcpu, gfn_t gfn, kvm_pfn_t pfn)
{
	u64 *sptep, old, new = (pfn << PAGE_SHIFT) | SPTE_PRESENT;
	struct kvm *kvm = vcpu->kvm;

	lockdep_assert_held_read(&kvm->mmu_lock);

	sptep = stage2_leaf(vcpu, gfn);
	old = cmpxchg(sptep, 0, new);
	/* What another page was behind must have been zapped before it could change. */
	if (KVM_BUG_ON(old && (old & ~SPTE_USABLE) != new, kvm))
		return RET_PF_SPURIOUS;

	stage2_make_usable(sptep);
	return old ? RET_PF_SPURIOUS : RET_PF_FIXED;
}

static bool stage2_zap(u64 *sptep)
{
	u64 spte = *sptep;

	if (!(spte & SPTE_PRESENT))
		return false;

	sim_point(HOST_OP_WRITE, phys_to_virt(spte & SPTE_ADDR_MASK));
	__WRITE_ONCE(*sptep, spte & ~SPTE_USABLE);
	WRITE_ONCE(*sptep, 0);
	return true;
}

/**
 * kvm_stage2_unmap() - remove all mappings of guest frames @start to @end - 1.
 *
 * Context: mmu_lock held for writing.
 *
 * Return: whether there were any, so that TLBs have to be flushed.
 */
bool kvm_stage2_unmap(struct kvm *kvm, gfn_t start, gfn_t end)
{
	bool flush = false;
	gfn_t gfn = start;
	u64 *sptep;
	int level;

	lockdep_assert_held_write(&kvm->mmu_lock);

	while (gfn < end) {
		sptep = stage2_walk(kvm, gfn, &level);
		if (level > KVM_STAGE2_LEVELS)
			break;
		if (level == 1)
			flush |= stage2_zap(sptep);

		/* Skip all that a missing table would have covered. */
		gfn = ALIGN_DOWN(gfn, 1ULL << ((level - 1) * KVM_STAGE2_LEVEL_SHIFT)) +
		      (1ULL << ((level - 1) * KVM_STAGE2_LEVEL_SHIFT));
	}

	return flush;
}

static void stage2_free_table(u64 spte, int level)
{
	u64 *table = spte_table(spte);
	unsigned int i;

	for (i = 0; level > 1 && i < SPTES_PER_TABLE; i++)
		if (table[i] & SPTE_PRESENT)
			stage2_free_table(table[i], level - 1);

	free_page((unsigned long)table);
}

/** kvm_stage2_free() - free all tables of a VM that nobody uses any more. */
void kvm_stage2_free(struct kvm *kvm)
{
	if (kvm->arch.stage2_root)
		stage2_free_table(kvm->arch.stage2_root, KVM_STAGE2_LEVELS);
	kvm->arch.stage2_root = 0;
}

void kvm_mmu_free_memory_cache(struct kvm_mmu_memory_cache *cache)
{
	while (cache->nobjs)
		free_page((unsigned long)cache->objects[--cache->nobjs]);
}
