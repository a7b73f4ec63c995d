/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_DCACHE_H
#define _LINUX_DCACHE_H

/*
 * Simulated: a dentry is what keeps the inode of an open file, and its name.
 *
 * Kernel promises: a dentry with a reference has a stable inode.
 * Modelled: pseudo dentries (d_alloc_pseudo()), each the only one of its file.
 * Left out: the tree of names, lookup, the cache.
 * Scheduling points: the reference count.
 */

#include <linux/atomic.h>
#include <linux/types.h>

struct inode;
struct super_block;

#define DNAME_INLINE_LEN 40

struct dentry {
	struct inode *d_inode;
	struct super_block *d_sb;
	atomic_t d_count;
	char d_iname[DNAME_INLINE_LEN];
};

struct dentry *d_alloc_pseudo(struct super_block *sb, const char *name);
void d_instantiate(struct dentry *dentry, struct inode *inode);
void dput(struct dentry *dentry);

static inline struct dentry *dget(struct dentry *dentry)
{
	if (dentry)
		atomic_inc(&dentry->d_count);
	return dentry;
}

static inline struct inode *d_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

#endif /* _LINUX_DCACHE_H */
