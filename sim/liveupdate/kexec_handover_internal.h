/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LINUX_KEXEC_HANDOVER_INTERNAL_H
#define LINUX_KEXEC_HANDOVER_INTERNAL_H

/*
 * Simulated: what the files of sim/liveupdate/ share about KHO, and what the kexec and the
 * census need to know.
 */

#include <linux/kexec_handover.h>
#include <linux/kho_radix_tree.h>
#include <linux/types.h>
#include <sim/sim.h>

struct kimage;

/* ASCII "KHOP": in the upper half of page->private of memory that was handed over. */
#define KHO_PAGE_MAGIC	0x4b484f50U
/* In its place while the page is a block of a set: nobody else can restore it then. */
#define KHO_CLAIMED_MAGIC	0x4b484f43U

union kho_page_info {
	unsigned long page_private;
	struct {
		unsigned int order;
		unsigned int magic;
	};
};

/* Statistics for the census; no task acts on them. */
struct kho_counters {
	long keys;	/* in the outgoing tree */
	long nodes;	/* pages of that tree */
	long handed_over;	/* incoming pages not yet restored */
	long blocks;		/* struct kho_block */
};

extern struct kho_counters kho_counters;

#define kho_count(what, n)	__atomic_fetch_add(&kho_counters.what, (n), __ATOMIC_RELAXED)

extern struct kho_radix_tree kho_out_tree;

unsigned long kho_encode_radix_key(phys_addr_t phys, unsigned int order);
phys_addr_t kho_decode_radix_key(unsigned long key, unsigned int *order);
int kho_radix_set_key(struct kho_radix_tree *tree, unsigned long key, bool *added);
int kho_radix_walk_unlocked(struct kho_radix_tree *tree, const struct kho_radix_walk_cb *cb,
			    void *data);
bool kho_radix_clear_key(struct kho_radix_tree *tree, unsigned long key);

bool kho_phys_ok(phys_addr_t phys, u64 size);
bool kho_block_ok(phys_addr_t phys);
void kho_block_claim(phys_addr_t phys);
void kho_block_release(phys_addr_t phys);
unsigned int kho_pages_order(unsigned long pfn, unsigned long end_pfn);
bool kho_pages_restorable(phys_addr_t phys, unsigned long nr_pages);
int kho_preserved_memory_mark(unsigned long key, void *data);
int kho_reserve_preserved(struct kho_radix_tree *tree);

bool kho_reserve_scratch(void);
bool kho_scratch_ok(phys_addr_t phys, u64 len);
void kho_use_scratch(phys_addr_t phys, u64 len);

int kho_fill_kimage(struct kimage *image);
void kho_block_init(void);

#endif /* LINUX_KEXEC_HANDOVER_INTERNAL_H */
