/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PSEUDO_FS_H
#define _LINUX_PSEUDO_FS_H

/* Simulated: file systems that only the kernel mounts (include/linux/pseudo_fs.h). */

#include <linux/fs_context.h>
#include <linux/magic.h>

struct dentry_operations;
struct super_operations;

struct pseudo_fs_context {
	const struct super_operations *ops;
	const struct dentry_operations *dops;
	unsigned long magic;
	unsigned int s_d_flags;
};

struct pseudo_fs_context *init_pseudo(struct fs_context *fc, unsigned long magic);

#endif /* _LINUX_PSEUDO_FS_H */
