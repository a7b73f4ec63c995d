// SPDX-License-Identifier: GPL-2.0
/*
 * Kexec Handover: finding what the previous kernel left, and the root of what this one
 * leaves. Semantics of kernel/liveupdate/kexec_handover.c of Linux 7.3.
 *
 * Boot, in this order: kho_populate() looks at what was passed, kho_memory_init_early()
 * finds the scratch areas, kho_memory_init() keeps preserved memory from the allocator (or
 * reserves scratch areas on a cold boot), kho_init() sets up the outgoing side.
 */

#define pr_fmt(fmt) "KHO: " fmt

#include <asm/early_ioremap.h>
#include <linux/cleanup.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kexec.h>
#include <linux/kexec_handover.h>
#include <linux/kho/abi/kexec_handover.h>
#include <linux/kho/abi/kexec_metadata.h>
#include <linux/kho_radix_tree.h>
#include <linux/kstrtox.h>
#include <linux/libfdt.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/utsname.h>

#include "kexec_handover_internal.h"

static bool kho_enable = IS_ENABLED(CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT);

struct kho_radix_tree kho_out_tree = {
	.lock = __MUTEX_INITIALIZER(kho_out_tree.lock),
};

/* The outgoing root tree, in a page of its own, and what protects it. */
static void *kho_out_fdt;
static DEFINE_MUTEX(kho_out_lock);

static struct {
	phys_addr_t fdt_phys;
	phys_addr_t scratch_phys;
	u32 kexec_count;
	char previous_release[__NEW_UTS_LEN + 1];
	struct kho_radix_tree radix_tree;
} kho_in;

static int __init kho_parse_enable(char *p)
{
	return kstrtobool(p, &kho_enable);
}
early_param("kho", kho_parse_enable);

bool kho_is_enabled(void)
{
	return kho_enable;
}
EXPORT_SYMBOL_GPL(kho_is_enabled);

static const void *kho_get_fdt(void)
{
	return kho_in.fdt_phys ? phys_to_virt(kho_in.fdt_phys) : NULL;
}

/** is_kho_boot() - whether the previous kernel left something, after kho_populate(). */
bool is_kho_boot(void)
{
	return kho_in.fdt_phys != 0;
}
EXPORT_SYMBOL_GPL(is_kho_boot);

/* Properties hold one u64 in native byte order, perhaps not aligned. */
static bool fdt_get_u64(const void *fdt, int node, const char *name, u64 *val)
{
	const void *prop;
	int len;

	prop = fdt_getprop(fdt, node, name, &len);
	if (!prop || len != sizeof(*val))
		return false;
	memcpy(val, prop, sizeof(*val));
	return true;
}

static int kho_add_node(void *fdt, const char *name, u64 phys, u64 size)
{
	int node;

	node = fdt_add_subnode(fdt, 0, name);
	if (node < 0)
		return node == -FDT_ERR_EXISTS ? -EEXIST : -ENOMEM;

	if (fdt_setprop(fdt, node, KHO_SUB_TREE_PROP_NAME, &phys, sizeof(phys)) ||
	    fdt_setprop(fdt, node, KHO_SUB_TREE_SIZE_PROP_NAME, &size, sizeof(size))) {
		fdt_del_node(fdt, node);
		return -ENOMEM;
	}
	return 0;
}

/**
 * kho_add_subtree() - tell the next kernel where @blob is, under @name.
 *
 * The blob is preserved by the caller.
 * Return: 0, -EEXIST, -ENOMEM if the root tree is full.
 */
int kho_add_subtree(const char *name, void *blob, size_t size)
{
	int err = -ENOMEM;

	guard(mutex)(&kho_out_lock);
	sim_mem_touch(kho_out_fdt, PAGE_SIZE, true);
	if (fdt_open_into(kho_out_fdt, kho_out_fdt, PAGE_SIZE))
		return err;
	err = kho_add_node(kho_out_fdt, name, virt_to_phys(blob), size);
	fdt_pack(kho_out_fdt);
	return err;
}
EXPORT_SYMBOL_GPL(kho_add_subtree);

/** kho_remove_subtree() - undo kho_add_subtree(); a blob that is not there is ignored. */
void kho_remove_subtree(void *blob)
{
	phys_addr_t target = virt_to_phys(blob);
	int node;

	guard(mutex)(&kho_out_lock);
	sim_mem_touch(kho_out_fdt, PAGE_SIZE, true);
	if (fdt_open_into(kho_out_fdt, kho_out_fdt, PAGE_SIZE))
		return;
	fdt_for_each_subnode(node, kho_out_fdt, 0) {
		u64 phys;

		if (fdt_get_u64(kho_out_fdt, node, KHO_SUB_TREE_PROP_NAME, &phys) &&
		    phys == target) {
			fdt_del_node(kho_out_fdt, node);
			break;
		}
	}
	fdt_pack(kho_out_fdt);
}
EXPORT_SYMBOL_GPL(kho_remove_subtree);

/**
 * kho_retrieve_subtree() - where the previous kernel left the blob @name.
 * @size: its size; may be NULL
 *
 * Return: 0 with a range that is memory; -ENOENT nothing was left under that name,
 * -EINVAL it is described badly.
 */
int kho_retrieve_subtree(const char *name, phys_addr_t *phys, size_t *size)
{
	const void *fdt = kho_get_fdt();
	u64 blob, blob_size;
	int node;

	if (!fdt)
		return -ENOENT;
	if (!phys)
		return -EINVAL;
	node = fdt_subnode_offset(fdt, 0, name);
	if (node < 0)
		return -ENOENT;

	if (!fdt_get_u64(fdt, node, KHO_SUB_TREE_PROP_NAME, &blob))
		return -EINVAL;
	if (!fdt_get_u64(fdt, node, KHO_SUB_TREE_SIZE_PROP_NAME, &blob_size)) {
		pr_warn("broken KHO subnode '%s': no size\n", name);
		return -EINVAL;
	}
	if (!kho_phys_ok(blob, blob_size)) {
		pr_warn("broken KHO subnode '%s': not in memory\n", name);
		return -EINVAL;
	}

	*phys = blob;
	if (size)
		*size = blob_size;
	return 0;
}
EXPORT_SYMBOL_GPL(kho_retrieve_subtree);

static int __init kho_out_fdt_setup(void)
{
	u64 mem_map = virt_to_phys(kho_out_tree.root);
	void *fdt = kho_out_fdt;
	int err;

	err = fdt_create(fdt, PAGE_SIZE);
	err |= fdt_finish_reservemap(fdt);
	err |= fdt_begin_node(fdt, "");
	err |= fdt_property_string(fdt, "compatible", KHO_FDT_COMPATIBLE);
	err |= fdt_property(fdt, KHO_FDT_MEMORY_MAP_PROP_NAME, &mem_map, sizeof(mem_map));
	err |= fdt_end_node(fdt);
	err |= fdt_finish(fdt);
	return err;
}

/* What was handed over about the previous kernel, or NULL if it is no use. */
static const struct kho_kexec_metadata *__init kho_get_metadata(void)
{
	const struct kho_kexec_metadata *metadata;
	phys_addr_t phys;
	size_t size;

	if (kho_retrieve_subtree(KHO_METADATA_NODE_NAME, &phys, &size))
		return NULL;
	if (!kho_block_ok(phys)) {
		pr_warn("kexec metadata is not in preserved memory\n");
		return NULL;
	}
	if (size < sizeof(metadata->version)) {
		pr_warn("%zu bytes of kexec metadata have no version\n", size);
		return NULL;
	}
	metadata = phys_to_virt(phys);
	if (metadata->version != KHO_KEXEC_METADATA_VERSION) {
		pr_warn("kexec metadata has version %u, not %u\n", metadata->version,
			KHO_KEXEC_METADATA_VERSION);
		return NULL;
	}
	if (size < sizeof(*metadata)) {
		pr_warn("%zu bytes of kexec metadata, not %zu\n", size, sizeof(*metadata));
		return NULL;
	}
	return metadata;
}

/* From which kernel this one was started; that it is not known is no error. */
static void __init kho_in_kexec_metadata(void)
{
	const struct kho_kexec_metadata *metadata = kho_get_metadata();

	if (!metadata)
		return;
	strscpy(kho_in.previous_release, metadata->previous_release,
		sizeof(kho_in.previous_release));
	kho_in.kexec_count = metadata->kexec_count;
	pr_info("kexec number %u, from %s\n", kho_in.kexec_count, kho_in.previous_release);
}

/* Who this kernel is, for the next one. */
static int __init kho_out_kexec_metadata(void)
{
	struct kho_kexec_metadata *own = kho_alloc_preserve(sizeof(*own));
	int err = PTR_ERR_OR_ZERO(own);

	if (err)
		return err;
	own->version = KHO_KEXEC_METADATA_VERSION;
	own->kexec_count = kho_in.kexec_count + 1;
	strscpy(own->previous_release, init_uts_ns.name.release, sizeof(own->previous_release));

	err = kho_add_subtree(KHO_METADATA_NODE_NAME, own, sizeof(*own));
	if (err)
		kho_unpreserve_free(own);
	return err;
}

/* The root tree, with the metadata in it, in a page of its own. */
static int __init kho_out_fdt_init(void)
{
	void *page = kho_alloc_preserve(PAGE_SIZE);
	int err;

	if (IS_ERR(page))
		return PTR_ERR(page);
	kho_out_fdt = page;
	err = kho_out_fdt_setup();
	if (!err && is_kho_boot())
		kho_in_kexec_metadata();
	if (!err)
		err = kho_out_kexec_metadata();
	if (err) {
		kho_out_fdt = NULL;
		kho_unpreserve_free(page);
	}
	return err;
}

static int __init kho_out_init(void)
{
	int err = kho_radix_init_tree(&kho_out_tree, NULL);

	if (err)
		return err;
	err = kho_out_fdt_init();
	if (err)
		kho_radix_destroy_tree(&kho_out_tree);
	return err;
}

static int __init kho_init(void)
{
	int err = kho_enable ? kho_out_init() : 0;

	if (err)
		kho_enable = false;
	return err;
}
fs_initcall(kho_init);

/* Keeps from the allocator what the previous kernel preserved. */
static void __init kho_mem_retrieve(void)
{
	if (!kho_reserve_preserved(&kho_in.radix_tree))
		return;

	pr_warn("the tree of preserved memory is broken, ignoring what was handed over\n");
	kho_in.fdt_phys = 0;
	kho_in.radix_tree.root = NULL;
}

/** kho_memory_init_early() - before memory is sized: find tree and scratch areas. */
void __init kho_memory_init_early(void)
{
	u64 mem_map;

	if (!is_kho_boot())
		return;

	/* kho_populate() has seen that it is there. */
	if (WARN_ON(!fdt_get_u64(kho_get_fdt(), 0, KHO_FDT_MEMORY_MAP_PROP_NAME, &mem_map))) {
		kho_in.fdt_phys = 0;
		kho_in.scratch_phys = 0;
		return;
	}
	kho_radix_init_tree(&kho_in.radix_tree, phys_to_virt(mem_map));
}

/** kho_memory_init() - before the page allocator gets any memory. */
void __init kho_memory_init(void)
{
	if (kho_in.scratch_phys)
		kho_mem_retrieve();
	else if (kho_enable)
		kho_enable = kho_reserve_scratch();
}

/* What is wrong with the root tree that was passed, or NULL. */
static const char *__init kho_fdt_problem(phys_addr_t fdt_phys, u64 fdt_len)
{
	const void *fdt = early_memremap(fdt_phys, fdt_len);
	u64 mem_map;

	if (!fdt)
		return "is not in memory";
	if (fdt_check_full(fdt, fdt_len))
		return "is no device tree";
	if (fdt_node_check_compatible(fdt, 0, KHO_FDT_COMPATIBLE))
		return "is not '" KHO_FDT_COMPATIBLE "'";
	if (!fdt_get_u64(fdt, 0, KHO_FDT_MEMORY_MAP_PROP_NAME, &mem_map) ||
	    !PAGE_ALIGNED(mem_map) || !kho_phys_ok(mem_map, PAGE_SIZE))
		return "does not tell where the map of preserved memory is";
	return NULL;
}

static bool __init kho_passed_ok(phys_addr_t fdt_phys, u64 fdt_len, phys_addr_t scratch_phys,
				 u64 scratch_len)
{
	const char *problem = kho_fdt_problem(fdt_phys, fdt_len);

	if (problem) {
		pr_warn("setup: the root tree at %#llx %s\n", fdt_phys, problem);
		return false;
	}
	if (!kho_scratch_ok(scratch_phys, scratch_len)) {
		pr_warn("setup: no scratch areas are listed in the %llu bytes at %#llx\n",
			scratch_len, scratch_phys);
		return false;
	}
	return true;
}

/**
 * kho_populate() - look at what the previous kernel passed; nothing is trusted.
 *
 * If anything is wrong with it, this boot is like a cold one.
 */
void __init kho_populate(phys_addr_t fdt_phys, u64 fdt_len, phys_addr_t scratch_phys,
			 u64 scratch_len)
{
	if (!kho_passed_ok(fdt_phys, fdt_len, scratch_phys, scratch_len)) {
		pr_warn("nothing is taken over from the previous kernel\n");
		return;
	}
	kho_use_scratch(scratch_phys, scratch_len);
	kho_in.fdt_phys = fdt_phys;
	kho_in.scratch_phys = scratch_phys;
	pr_info("the previous kernel has left something\n");
}

/**
 * kho_fill_kimage() - what the next kernel will be told; nothing if KHO is off.
 *
 * The list of scratch areas is a segment that stays where it is: it lies in scratch memory.
 */
int kho_fill_kimage(struct kimage *image)
{
	struct kexec_segment *scratch = &image->segment[image->nr_segments];

	if (!kho_enable)
		return 0;

	scratch->kbuf = kho_scratch;
	scratch->bufsz = kho_scratch_cnt * sizeof(*kho_scratch);
	scratch->mem = virt_to_phys(kho_scratch);
	scratch->memsz = scratch->bufsz;
	image->nr_segments++;
	image->kho.fdt = virt_to_phys(kho_out_fdt);
	image->kho.scratch = scratch;
	return 0;
}

void kho_census(void (*item)(void *ctx, const char *name, host_u64 value,
			     enum host_census rule), void *ctx);

/** kho_census() - what this kernel holds for the next, and from the last. */
void kho_census(void (*item)(void *ctx, const char *name, host_u64 value,
			     enum host_census rule), void *ctx)
{
	item(ctx, "kho preserved keys", kho_counters.keys, HOST_CENSUS_EQUAL);
	item(ctx, "kho tree nodes", kho_counters.nodes, HOST_CENSUS_INFO);
	item(ctx, "pages handed over, not restored", kho_counters.handed_over,
	     HOST_CENSUS_INFO);
}
