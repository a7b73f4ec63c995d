// SPDX-License-Identifier: GPL-2.0
/*
 * Preserving folios and pages, and restoring them in the next kernel. Semantics of
 * kernel/liveupdate/kexec_handover.c of Linux 7.3; the differences are in
 * docs/findings.md (F-05, F-06, F-07).
 *
 * Protocol of a page frame:
 *   outgoing	in the tree of preserved memory: owned by whoever preserved it, and not
 *		to be freed until unpreserved
 *   handed over	reserved in memblock, KHO_PAGE_MAGIC and its order in page->private of
 *		its first page; nobody uses it
 *   restored	an ordinary allocated page with one reference, owned by who restored it
 */

#include <linux/bug.h>
#include <linux/count_zeros.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kho/abi/kexec_handover.h>
#include <linux/log2.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/pfn.h>

#include "kexec_handover_internal.h"

struct kho_counters kho_counters;

unsigned long kho_tree_pages(void)
{
	return kho_counters.nodes;
}

static_assert(sizeof(union kho_page_info) == sizeof(((struct page *)0)->private));

/**
 * kho_encode_radix_key() - the key of a block of 2^@order pages at @phys.
 *
 * The page frame number in units of the block, and above it one bit that tells the order.
 */
unsigned long kho_encode_radix_key(phys_addr_t phys, unsigned int order)
{
	unsigned int shift = PAGE_SHIFT + order;

	return (1UL << (64 - shift)) | (phys >> shift);
}

/** kho_decode_radix_key() - the other way round; 0 is no key and gives order 53. */
phys_addr_t kho_decode_radix_key(unsigned long key, unsigned int *order)
{
	unsigned int order_bit = key ? fls64(key) - 1 : 0;
	unsigned int shift = 64 - order_bit;

	*order = shift - PAGE_SHIFT;
	/* The order's bit is shifted out; by 64 it would stay. */
	return shift < 64 ? (phys_addr_t)key << shift : 0;
}

/** kho_phys_ok() - whether @size bytes at @phys are memory, and not at address 0. */
bool kho_phys_ok(phys_addr_t phys, u64 size)
{
	return phys && phys < sim_boot.memory && size <= sim_boot.memory - phys;
}

/*
 * What is done to one page depends on what is done to it before, but not on other pages. No
 * object of the kernel has that address.
 */
static const void *page_key(unsigned long pfn)
{
	return (const char *)pfn_to_page(pfn) + 1;
}

static int kho_preserve(unsigned long pfn, unsigned int order)
{
	bool added;
	int err;

	sim_point(HOST_OP_RMW, page_key(pfn));
	err = kho_radix_set_key(&kho_out_tree, kho_encode_radix_key(PFN_PHYS(pfn), order),
				&added);
	if (err)
		return err;
	if (added)
		kho_count(keys, 1);
	return 0;
}

static void kho_unpreserve(unsigned long pfn, unsigned int order)
{
	sim_point(HOST_OP_RMW, page_key(pfn));
	if (kho_radix_clear_key(&kho_out_tree, kho_encode_radix_key(PFN_PHYS(pfn), order)))
		kho_count(keys, -1);
}

/*
 * What scratch memory holds is lost at the jump: a kernel that preserves it has allocated
 * it by mistake (7.3 checks this with CONFIG_KEXEC_HANDOVER_DEBUG).
 */
#define in_scratch(_pfn, _order, _size)							\
({											\
	bool __overlap = kho_scratch_overlap(PFN_PHYS(_pfn), (_size));			\
											\
	if (__overlap)									\
		sim_page_event(HOST_EVENT_KHO_PRESERVE_BAD, (_pfn), (_order));		\
	WARN_ON(__overlap);								\
})

/**
 * kho_preserve_folio() - hand @folio over to the next kernel, as it will be at the jump.
 *
 * The caller keeps it allocated until kho_unpreserve_folio() or the jump.
 * Return: 0, -ENOMEM, -EINVAL if KHO is off or the folio is in scratch memory.
 */
int kho_preserve_folio(struct folio *folio)
{
	unsigned long pfn = folio_pfn(folio);
	unsigned int order = folio_order(folio);
	int err;

	if (in_scratch(pfn, order, PAGE_SIZE << order))
		return -EINVAL;

	err = kho_preserve(pfn, order);
	if (!err)
		sim_page_event(HOST_EVENT_KHO_PRESERVE, pfn, order);
	return err;
}
EXPORT_SYMBOL_GPL(kho_preserve_folio);

/** kho_unpreserve_folio() - undo kho_preserve_folio(), before the folio is freed. */
void kho_unpreserve_folio(struct folio *folio)
{
	unsigned long pfn = folio_pfn(folio);
	unsigned int order = folio_order(folio);

	kho_unpreserve(pfn, order);
	sim_page_event(HOST_EVENT_KHO_UNPRESERVE, pfn, order);
}
EXPORT_SYMBOL_GPL(kho_unpreserve_folio);

/**
 * kho_pages_order() - order of the first block into which a range of pages is split.
 *
 * The largest that is aligned, fits, and lies in one node. Both sides of the jump split
 * by this.
 */
unsigned int kho_pages_order(unsigned long pfn, unsigned long end_pfn)
{
	unsigned int order = min_t(unsigned int, count_trailing_zeros(pfn),
				   ilog2(end_pfn - pfn));

	while (pfn_to_nid(pfn) != pfn_to_nid(pfn + (1UL << order) - 1))
		order--;
	return order;
}

/**
 * kho_preserve_pages() - hand contiguous pages of order 0 over to the next kernel, which
 * gets them back from kho_restore_pages() with the same arguments.
 *
 * Return: 0; on error nothing of the range stays preserved: -ENOMEM, -EINVAL as for a
 * folio.
 */
int kho_preserve_pages(struct page *page, unsigned long nr_pages)
{
	unsigned long start = page_to_pfn(page), end = start + nr_pages, pfn = start;
	unsigned int order;

	if (in_scratch(start, 0, nr_pages << PAGE_SHIFT))
		return -EINVAL;

	for (; pfn < end; pfn += 1UL << order) {
		int err;

		order = kho_pages_order(pfn, end);
		err = kho_preserve(pfn, order);
		if (err) {
			/* Splits into the same blocks: none of them reaches beyond pfn. */
			kho_unpreserve_pages(page, pfn - start);
			return err;
		}
		sim_page_event(HOST_EVENT_KHO_PRESERVE, pfn, order);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(kho_preserve_pages);

/** kho_unpreserve_pages() - undo kho_preserve_pages() of exactly this range. */
void kho_unpreserve_pages(struct page *page, unsigned long nr_pages)
{
	unsigned long pfn = page_to_pfn(page), end = pfn + nr_pages;
	unsigned int order;

	for (; pfn < end; pfn += 1UL << order) {
		order = kho_pages_order(pfn, end);
		kho_unpreserve(pfn, order);
		sim_page_event(HOST_EVENT_KHO_UNPRESERVE, pfn, order);
	}
}
EXPORT_SYMBOL_GPL(kho_unpreserve_pages);

/* Whether a block that was handed over begins at @phys; its order. */
static bool handed_over(phys_addr_t phys, unsigned int *order)
{
	struct page *page = pfn_to_online_page(PHYS_PFN(phys));
	union kho_page_info info;

	if (!page || !PAGE_ALIGNED(phys))
		return false;
	info.page_private = page->private;
	*order = info.order;
	return info.magic == KHO_PAGE_MAGIC;
}

/** kho_block_ok() - whether one handed-over page is at @phys, not restored or claimed so far. */
bool kho_block_ok(phys_addr_t phys)
{
	unsigned int order;

	return handed_over(phys, &order) && order == 0;
}

static void set_magic(phys_addr_t phys, unsigned int magic)
{
	struct page *page = pfn_to_page(PHYS_PFN(phys));
	union kho_page_info info = { .page_private = page->private };

	info.magic = magic;
	page->private = info.page_private;
}

/** kho_block_claim() - one user at a time: from now on kho_block_ok() is false for the page. */
void kho_block_claim(phys_addr_t phys)
{
	set_magic(phys, KHO_CLAIMED_MAGIC);
}

/** kho_block_release() - undo kho_block_claim(), so that the page can be restored. */
void kho_block_release(phys_addr_t phys)
{
	set_magic(phys, KHO_PAGE_MAGIC);
}

/** kho_pages_restorable() - whether kho_restore_pages() would succeed. */
bool kho_pages_restorable(phys_addr_t phys, unsigned long nr_pages)
{
	unsigned long pfn = PHYS_PFN(phys), end = pfn + nr_pages;
	unsigned int order, found;

	if (!nr_pages || nr_pages > max_pfn || !PAGE_ALIGNED(phys) ||
	    !kho_phys_ok(phys, nr_pages << PAGE_SHIFT))
		return false;
	for (; pfn < end; pfn += 1UL << order) {
		order = kho_pages_order(pfn, end);
		if (!handed_over(PFN_PHYS(pfn), &found) || found != order)
			return false;
	}
	return true;
}

/* Make allocated pages of what was handed over. */
static struct page *kho_restore_block(unsigned long pfn, unsigned int order, bool is_folio)
{
	struct page *page = pfn_to_page(pfn);
	unsigned long nr_pages = 1UL << order;

	/* A second restore must not find anything. */
	page->private = 0;
	for (unsigned long i = 0; i < nr_pages; i++)
		set_page_count(pfn_to_page(pfn + i), i && is_folio ? 0 : 1);
	if (is_folio && order)
		prep_compound_page(page, order);

	adjust_managed_page_count(page, nr_pages);
	kho_count(handed_over, -(long)nr_pages);
	return page;
}

/**
 * kho_restore_folio() - take over the folio that was handed over at @phys.
 *
 * Return: the folio with one reference, of the order it had; NULL and a WARN if there is
 * none, or not any more.
 */
struct folio *kho_restore_folio(phys_addr_t phys)
{
	struct page *page;
	unsigned int order;

	if (!handed_over(phys, &order) || order > MAX_PAGE_ORDER) {
		sim_page_event(HOST_EVENT_KHO_RESTORE_BAD, PHYS_PFN(phys), 0);
		WARN_ONCE(1, "nothing to restore at %#llx", (unsigned long long)phys);
		return NULL;
	}

	page = kho_restore_block(PHYS_PFN(phys), order, true);
	sim_page_event(HOST_EVENT_KHO_RESTORE, PHYS_PFN(phys), order);
	return page_folio(page);
}
EXPORT_SYMBOL_GPL(kho_restore_folio);

/**
 * kho_restore_pages() - take over pages that kho_preserve_pages() handed over.
 *
 * Return: the first page, each with one reference; NULL and a WARN if not all of them can
 * be restored, and then none is.
 */
struct page *kho_restore_pages(phys_addr_t phys, unsigned long nr_pages)
{
	unsigned long pfn = PHYS_PFN(phys), end = pfn + nr_pages;
	unsigned int order;

	if (!kho_pages_restorable(phys, nr_pages)) {
		sim_page_event(HOST_EVENT_KHO_RESTORE_BAD, pfn, 0);
		WARN_ONCE(1, "can't restore %lu pages at %#llx", nr_pages,
			  (unsigned long long)phys);
		return NULL;
	}

	for (; pfn < end; pfn += 1UL << order) {
		order = kho_pages_order(pfn, end);
		kho_restore_block(pfn, order, false);
		sim_page_event(HOST_EVENT_KHO_RESTORE, pfn, order);
	}
	return phys_to_page(phys);
}
EXPORT_SYMBOL_GPL(kho_restore_pages);

static struct folio *folio_alloc_preserve(unsigned int order)
{
	struct folio *folio = folio_alloc(GFP_KERNEL | __GFP_ZERO, order);
	int err = folio ? kho_preserve_folio(folio) : -ENOMEM;

	if (!err)
		return folio;
	if (folio)
		folio_put(folio);
	return ERR_PTR(err);
}

/**
 * kho_alloc_preserve() - zeroed, contiguous, preserved memory, rounded up to 2^n pages.
 *
 * Return: its address, or an ERR_PTR: -EINVAL size 0 or no KHO, -E2BIG, -ENOMEM.
 */
void *kho_alloc_preserve(size_t size)
{
	struct folio *folio;

	if (!size)
		return ERR_PTR(-EINVAL);
	if (get_order(size) > MAX_PAGE_ORDER)
		return ERR_PTR(-E2BIG);
	folio = folio_alloc_preserve(get_order(size));
	return IS_ERR(folio) ? ERR_CAST(folio) : folio_address(folio);
}
EXPORT_SYMBOL_GPL(kho_alloc_preserve);

/** kho_unpreserve_free() - undo kho_alloc_preserve(); NULL is ignored. */
void kho_unpreserve_free(void *mem)
{
	struct folio *folio = mem ? virt_to_folio(mem) : NULL;

	if (folio) {
		kho_unpreserve_folio(folio);
		folio_put(folio);
	}
}
EXPORT_SYMBOL_GPL(kho_unpreserve_free);

/** kho_restore_free() - in the next kernel: free what kho_alloc_preserve() allocated. */
void kho_restore_free(void *mem)
{
	if (mem) {
		struct folio *folio = kho_restore_folio(__pa(mem));

		if (!WARN_ON(!folio))
			folio_put(folio);
	}
}
EXPORT_SYMBOL_GPL(kho_restore_free);

/* Whether a block that was reserved before contains this one. Larger ones come first. */
static bool reserved_twice(unsigned long pfn, unsigned int order, unsigned int max_order)
{
	for (unsigned int o = order; o <= max_order; o++) {
		unsigned int found;

		if (handed_over(PFN_PHYS(pfn & ~((1UL << o) - 1)), &found) && found >= o)
			return true;
	}
	return false;
}

/**
 * kho_preserved_memory_mark() - note what was preserved in its first struct page.
 * @key:  in the previous kernel's tree; keys come in ascending order, so large blocks
 *        come before small ones
 * @data: unsigned int, the largest order seen
 *
 * Return: 0, -EINVAL if no kernel can have preserved that: not memory, or a part of a
 * block that was preserved as well.
 */
int __init kho_preserved_memory_mark(unsigned long key, void *data)
{
	unsigned int *max_order = data, order;
	union kho_page_info info;
	phys_addr_t phys;

	phys = kho_decode_radix_key(key, &order);
	if (order > 63 - PAGE_SHIFT || !kho_phys_ok(phys, 1ULL << (order + PAGE_SHIFT)))
		return -EINVAL;

	*max_order = max(*max_order, order);
	if (reserved_twice(PHYS_PFN(phys), order, *max_order))
		return -EINVAL;

	info.magic = KHO_PAGE_MAGIC;
	info.order = order;
	phys_to_page(phys)->private = info.page_private;
	return 0;
}

static int __init kho_preserved_memory_reserve(unsigned long key, void *data)
{
	unsigned int order;
	phys_addr_t phys = kho_decode_radix_key(key, &order);

	__memblock_reserve(phys, 1ULL << (order + PAGE_SHIFT), NUMA_NO_NODE,
			   MEMBLOCK_RSRV_NOINIT);
	kho_count(handed_over, 1L << order);
	sim_page_event(HOST_EVENT_PAGE_WITHHELD, PHYS_PFN(phys), order);
	return 0;
}

/* Stops where kho_preserved_memory_mark() did: at what is not memory, or has no mark. */
static int __init kho_preserved_memory_unmark(unsigned long key, void *data)
{
	unsigned int order, found;
	phys_addr_t phys = kho_decode_radix_key(key, &order);

	if (order > 63 - PAGE_SHIFT || !kho_phys_ok(phys, 1ULL << (order + PAGE_SHIFT)) ||
	    !handed_over(phys, &found) || found != order)
		return -EINVAL;
	phys_to_page(phys)->private = 0;
	return 0;
}

/**
 * kho_reserve_preserved() - keep from the allocator what the previous kernel preserved.
 *
 * Return: 0; -EINVAL if @tree is none that a kernel writes, and then nothing is kept: a
 * part of a handover is of no use to anybody.
 */
int __init kho_reserve_preserved(struct kho_radix_tree *tree)
{
	static const struct kho_radix_walk_cb mark = { .leaf = kho_preserved_memory_mark };
	static const struct kho_radix_walk_cb reserve = { .leaf = kho_preserved_memory_reserve };
	static const struct kho_radix_walk_cb unmark = { .leaf = kho_preserved_memory_unmark };
	unsigned int max_order = 0;
	int err = kho_radix_walk_tree(tree, &mark, &max_order);

	kho_radix_walk_tree(tree, err ? &unmark : &reserve, NULL);
	return err;
}
