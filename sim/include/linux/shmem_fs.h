/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __SHMEM_FS_H
#define __SHMEM_FS_H

/*
 * Stub: declarations for files of the kernel that name shmem's inodes; sim/ has no file
 * system that calls itself shmem, and nothing linked here calls these functions.
 */

#include <linux/bits.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mempolicy.h>
#include <linux/pagemap.h>
#include <linux/swap.h>

#define SHMEM_F_NORESERVE	BIT(0)
#define SHMEM_F_LOCKED		BIT(1)
#define SHMEM_F_MAPPING_FROZEN	BIT(2)

struct shmem_inode_info {
	unsigned int seals;
	unsigned long flags;
	struct inode vfs_inode;
};

static inline struct shmem_inode_info *SHMEM_I(struct inode *inode)
{
	return container_of(inode, struct shmem_inode_info, vfs_inode);
}

bool shmem_mapping(const struct address_space *mapping);

static inline bool shmem_file(struct file *file)
{
	return file && file->f_mapping && shmem_mapping(file->f_mapping);
}

/** shmem_freeze() - with the inode locked: forbid or allow changes of what pages it has. */
static inline void shmem_freeze(struct inode *inode, bool freeze)
{
	struct shmem_inode_info *info = SHMEM_I(inode);

	info->flags = freeze ? info->flags | SHMEM_F_MAPPING_FROZEN :
			       info->flags & ~SHMEM_F_MAPPING_FROZEN;
}

#endif /* __SHMEM_FS_H */
