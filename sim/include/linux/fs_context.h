/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_FS_CONTEXT_H
#define _LINUX_FS_CONTEXT_H

/*
 * Simulated: the parameters of a mount while it is being made. Only what kern_mount()
 * of a pseudo file system needs of include/linux/fs_context.h; there are no options.
 */

#include <linux/types.h>

struct file_system_type;
struct fs_context;
struct super_block;

struct fs_context_operations {
	void (*free)(struct fs_context *fc);
	int (*get_tree)(struct fs_context *fc);
};

struct fs_context {
	const struct fs_context_operations *ops;
	struct file_system_type *fs_type;
	void *fs_private;
	struct super_block *sb;
	unsigned int sb_flags;
	unsigned int s_iflags;
};

#endif /* _LINUX_FS_CONTEXT_H */
