/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_ANON_INODES_H
#define _LINUX_ANON_INODES_H

/*
 * Simulated: files without a name (include/linux/anon_inodes.h, fs/anon_inodes.c).
 *
 * Kernel promises: anon_inode_getfile() gives all callers files on one shared inode;
 *	the module that owns the operations is pinned while the file lives.
 * Modelled: that. Left out: the security labels of secure inodes.
 * Scheduling points: the counts involved.
 */

#include <linux/types.h>

struct file;
struct file_operations;
struct inode;
struct super_block;

struct inode *anon_inode_make_secure_inode(struct super_block *sb, const char *name,
					   const struct inode *context_inode);
struct file *anon_inode_getfile(const char *name, const struct file_operations *fops,
				void *priv, int flags);
struct file *anon_inode_getfile_fmode(const char *name, const struct file_operations *fops,
				      void *priv, int flags, fmode_t f_mode);
int anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv,
		     int flags);

#endif /* _LINUX_ANON_INODES_H */
