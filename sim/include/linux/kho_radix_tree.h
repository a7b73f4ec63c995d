/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KHO_RADIX_TREE_H
#define _LINUX_KHO_RADIX_TREE_H

/*
 * Simulated: a set of numbers that can be handed over (include/linux/kho_radix_tree.h).
 *
 * Kernel promises: keys are visited in ascending order; adding a key that is there and
 *	deleting one that is not, in a leaf that exists, are silent.
 * Modelled: all of it.
 * Left out: nothing; nodes stay when they become empty, as in the kernel.
 * Scheduling points: the tree's mutex.
 */

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct kho_radix_node;

struct kho_radix_tree {
	struct kho_radix_node *root;
	struct mutex lock;
};

/**
 * struct kho_radix_walk_cb - what a walk calls; non-zero ends it.
 * @leaf: for each key
 * @node: for each node, with its physical address, before what is below it
 */
struct kho_radix_walk_cb {
	int (*leaf)(unsigned long key, void *data);
	int (*node)(phys_addr_t phys, void *data);
};

int kho_radix_add_key(struct kho_radix_tree *tree, unsigned long key);
void kho_radix_del_key(struct kho_radix_tree *tree, unsigned long key);
int kho_radix_walk_tree(struct kho_radix_tree *tree, const struct kho_radix_walk_cb *cb,
			void *data);
int kho_radix_init_tree(struct kho_radix_tree *tree, struct kho_radix_node *root);
void kho_radix_destroy_tree(struct kho_radix_tree *tree);

#endif /* _LINUX_KHO_RADIX_TREE_H */
