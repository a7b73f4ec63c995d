// SPDX-License-Identifier: GPL-2.0
/*
 * A set of numbers in preserved pages. Layout and semantics of Linux 7.3 (kernel/
 * liveupdate/kexec_handover.c): five levels of tables, then bitmaps. Unlike there, a walk
 * trusts nothing it reads: an address outside memory or more nodes than there are pages
 * ends it with -EINVAL.
 */

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/kho/abi/kexec_handover.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "../mm/internal.h"
#include "kexec_handover_internal.h"

#define TABLE_ENTRIES	(1UL << KHO_TABLE_SIZE_LOG2)
#define BITMAP_BITS	(1UL << KHO_BITMAP_SIZE_LOG2)

/*
 * Adding a key does not depend on adding another one: who comes first makes the nodes that both
 * need, which nobody can tell. So taking a tree's mutex is no scheduling point, and nothing is
 * while it is held.
 */
static struct mm_guard tree_guard;

static void lock_tree(struct kho_radix_tree *tree)
{
	might_sleep();
	sim_lock_wanted(tree->lock.name);
	mm_guard_lock(&tree_guard);
	sim_lock_acquired(&tree->lock, tree->lock.name, SIM_HELD_EXCLUSIVE);
}

static void unlock_tree(struct kho_radix_tree *tree)
{
	sim_lock_released(&tree->lock, tree->lock.name);
	mm_guard_unlock(&tree_guard);
}

static unsigned int table_shift(unsigned int level)
{
	return (level - 1) * KHO_TABLE_SIZE_LOG2 + KHO_BITMAP_SIZE_LOG2;
}

static unsigned long table_index(unsigned long key, unsigned int level)
{
	return (key >> table_shift(level)) % TABLE_ENTRIES;
}

static bool key_too_wide(unsigned long key)
{
	return fls64(key) > KHO_RADIX_KEY_WIDTH;
}

/* Whoever needs a node first makes it: what else that task gets must not depend on it. */
static void *get_node_page(void)
{
	struct task_struct *task = current;
	unsigned int cpu = task->cpu;
	void *page;

	task->cpu = SIM_CPU_KHO;
	page = (void *)get_zeroed_page(GFP_KERNEL);
	task->cpu = cpu;
	return page;
}

/* Before the page allocator there is memblock. */
static struct kho_radix_node *alloc_node(void)
{
	void *page = slab_is_available() ? get_node_page() :
					   memblock_alloc(PAGE_SIZE, PAGE_SIZE);

	if (page)
		kho_count(nodes, 1);
	return page;
}

static void free_node(struct kho_radix_node *node)
{
	kho_count(nodes, -1);
	if (!slab_is_available()) {
		memblock_free(node, PAGE_SIZE);
		return;
	}
	free_page((unsigned long)node);
}

/* The leaf for @key with all nodes on the way, or NULL with none of them left. */
static struct kho_radix_leaf *grow_path(struct kho_radix_tree *tree, unsigned long key)
{
	struct kho_radix_node *fresh[KHO_TREE_MAX_DEPTH] = {};
	struct kho_radix_node *node = tree->root;
	u64 *anchor = NULL;

	for (unsigned int level = KHO_TREE_MAX_DEPTH - 1; level > 0; level--) {
		u64 *slot = &node->table[table_index(key, level)];

		if (!*slot) {
			fresh[level] = alloc_node();
			if (!fresh[level])
				goto undo;
			*slot = virt_to_phys(fresh[level]);
			anchor = anchor ?: slot;
		}
		node = phys_to_virt(*slot);
	}
	return (struct kho_radix_leaf *)node;

undo:
	if (anchor)
		*anchor = 0;
	for (unsigned int level = KHO_TREE_MAX_DEPTH - 1; level > 0; level--)
		if (fresh[level])
			free_node(fresh[level]);
	return NULL;
}

/** kho_radix_set_key() - kho_radix_add_key() that tells whether the key is new. */
int kho_radix_set_key(struct kho_radix_tree *tree, unsigned long key, bool *added)
{
	struct kho_radix_leaf *leaf;

	if (WARN_ON_ONCE(!tree->root))
		return -EINVAL;
	if (key_too_wide(key))
		return -ERANGE;

	lock_tree(tree);
	leaf = grow_path(tree, key);
	if (leaf)
		*added = !__test_and_set_bit(key % BITMAP_BITS, leaf->bitmap);
	unlock_tree(tree);
	return leaf ? 0 : -ENOMEM;
}

/* The leaf for @key, or NULL. */
static struct kho_radix_leaf *find_leaf(const struct kho_radix_tree *tree, unsigned long key)
{
	struct kho_radix_node *node = tree->root;

	for (unsigned int level = KHO_TREE_MAX_DEPTH - 1; level > 0; level--) {
		u64 phys = node->table[table_index(key, level)];

		if (!phys)
			return NULL;
		node = phys_to_virt(phys);
	}
	return (struct kho_radix_leaf *)node;
}

/** kho_radix_clear_key() - kho_radix_del_key() that tells whether the key was there. */
bool kho_radix_clear_key(struct kho_radix_tree *tree, unsigned long key)
{
	struct kho_radix_leaf *leaf;
	bool was_there;

	if (WARN_ON_ONCE(!tree->root))
		return false;
	if (key_too_wide(key))
		return false;

	lock_tree(tree);
	leaf = find_leaf(tree, key);
	was_there = leaf && __test_and_clear_bit(key % BITMAP_BITS, leaf->bitmap);
	unlock_tree(tree);
	/* Never added: nodes stay when the last key of theirs goes. */
	WARN_ON(!leaf);
	return was_there;
}

/**
 * kho_radix_add_key() - put @key into the set; it may be there already.
 *
 * Return: 0, -ENOMEM with the tree as before, -ERANGE too wide, -EINVAL no tree.
 */
int kho_radix_add_key(struct kho_radix_tree *tree, unsigned long key)
{
	bool added;

	return kho_radix_set_key(tree, key, &added);
}

/** kho_radix_del_key() - take @key out; WARNs if no key near it was ever in the set. */
void kho_radix_del_key(struct kho_radix_tree *tree, unsigned long key)
{
	kho_radix_clear_key(tree, key);
}

/** kho_radix_init_tree() - an empty tree, or the one below @root. 0 or -ENOMEM. */
int kho_radix_init_tree(struct kho_radix_tree *tree, struct kho_radix_node *root)
{
	struct kho_radix_node *top = root ?: alloc_node();

	if (!top)
		return -ENOMEM;
	mutex_init(&tree->lock);
	tree->root = top;
	return 0;
}

static void destroy_nodes(struct kho_radix_node *node, unsigned int level)
{
	for (unsigned long i = 0; level && i < TABLE_ENTRIES; i++)
		if (node->table[i])
			destroy_nodes(phys_to_virt(node->table[i]), level - 1);
	free_node(node);
}

/** kho_radix_destroy_tree() - free all nodes of a tree of our own. */
void kho_radix_destroy_tree(struct kho_radix_tree *tree)
{
	if (!tree->root)
		return;
	destroy_nodes(tree->root, KHO_TREE_MAX_DEPTH - 1);
	tree->root = NULL;
}

/* A walk: @budget nodes may still be visited, or the tree is no tree. */
struct walk {
	const struct kho_radix_walk_cb *cb;
	void *data;
	unsigned long budget;
};

static int walk_leaf(struct walk *walk, struct kho_radix_leaf *leaf, unsigned long start)
{
	int err = 0;

	if (!walk->cb->leaf)
		return 0;
	for (unsigned long word = 0; word < BITMAP_BITS / BITS_PER_LONG && !err; word++) {
		unsigned long bits = leaf->bitmap[word];

		for (; bits && !err; bits &= bits - 1)
			err = walk->cb->leaf(start | (word * BITS_PER_LONG + __ffs(bits)),
					     walk->data);
	}
	return err;
}

static int walk_nodes(struct walk *walk, phys_addr_t phys, unsigned int level,
		      unsigned long start)
{
	struct kho_radix_node *node = phys_to_virt(phys);
	int err = 0;

	if (!PAGE_ALIGNED(phys) || !kho_phys_ok(phys, PAGE_SIZE) || !walk->budget--)
		return -EINVAL;
	if (walk->cb->node)
		err = walk->cb->node(phys, walk->data);
	if (err)
		return err;
	if (!level)
		return walk_leaf(walk, (struct kho_radix_leaf *)node, start);

	for (unsigned long i = 0; i < TABLE_ENTRIES && !err; i++)
		if (node->table[i])
			err = walk_nodes(walk, node->table[i], level - 1,
					 start | (i << table_shift(level)));
	return err;
}

/** kho_radix_walk_unlocked() - kho_radix_walk_tree() for who is alone with the tree. */
int kho_radix_walk_unlocked(struct kho_radix_tree *tree, const struct kho_radix_walk_cb *cb,
			    void *data)
{
	struct walk walk = { .cb = cb, .data = data, .budget = max_pfn };

	return walk_nodes(&walk, virt_to_phys(tree->root), KHO_TREE_MAX_DEPTH - 1, 0);
}

/**
 * kho_radix_walk_tree() - call @cb for each node and each key, keys in ascending order.
 *
 * Return: 0, what a callback returned if it wasn't 0, -EINVAL if this is no tree.
 */
int kho_radix_walk_tree(struct kho_radix_tree *tree, const struct kho_radix_walk_cb *cb,
			void *data)
{
	if (WARN_ON_ONCE(!tree->root))
		return -EINVAL;

	guard(mutex)(&tree->lock);
	return kho_radix_walk_unlocked(tree, cb, data);
}
