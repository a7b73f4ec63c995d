// SPDX-License-Identifier: GPL-2.0
/*
 * The file system of files in memory: inodes, and files without a name. Semantics:
 * mm/shmem.c of Linux 7.3. Files that have a name are in shmem_dir.c.
 */

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/pseudo_fs.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "internal.h"
#include "shmem.h"

static struct kmem_cache *shmem_inode_cachep;
static struct vfsmount *shm_mnt;

static struct inode *shmem_alloc_inode(struct super_block *sb)
{
	struct shmem_inode_info *info = alloc_inode_sb(sb, shmem_inode_cachep, GFP_KERNEL);

	if (!info)
		return NULL;
	spin_lock_init(&info->lock);
	INIT_LIST_HEAD(&info->dir_entry);
	info->seals = F_SEAL_SEAL;
	info->flags = 0;
	info->alloced = 0;
	info->fallocend = 0;
	return &info->vfs_inode;
}

static void shmem_free_inode(struct inode *inode)
{
	kmem_cache_free(shmem_inode_cachep, SHMEM_I(inode));
}

static void shmem_evict_inode(struct inode *inode)
{
	struct shmem_inode_info *info = SHMEM_I(inode);

	/* Who froze it has a reference to a file, and thaws before dropping it. */
	WARN_ON_ONCE(info->flags & (SHMEM_F_MAPPING_FROZEN | SHMEM_F_STATE_FROZEN));
	shmem_forget_name(inode);
	truncate_inode_pages_final(&inode->i_data);
	shmem_recalc_inode(inode, 0, 0);
	WARN_ON_ONCE(info->alloced);
	clear_inode(inode);
}

static const struct super_operations shmem_ops = {
	.alloc_inode = shmem_alloc_inode,
	.free_inode = shmem_free_inode,
	.evict_inode = shmem_evict_inode,
	.statfs = simple_statfs,
};

static int shmem_init_fs_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, TMPFS_MAGIC);

	if (!ctx)
		return -ENOMEM;
	ctx->ops = &shmem_ops;
	return 0;
}

static struct file_system_type shmem_fs_type = {
	.name = "tmpfs",
	.init_fs_context = shmem_init_fs_context,
	.kill_sb = kill_anon_super,
};

/** shmem_get_inode() - a new, empty regular file; -ENOSPC without memory for it. */
struct inode *shmem_get_inode(struct super_block *sb, umode_t mode, vm_flags_t flags)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return ERR_PTR(-ENOSPC);
	inode->i_ino = get_next_ino();
	inode->i_mode = mode;
	inode->i_op = &shmem_inode_operations;
	inode->i_fop = &shmem_file_operations;
	inode->i_mapping->a_ops = &shmem_aops;
	mapping_set_large_folios(inode->i_mapping);
	if (flags & VM_NORESERVE)
		SHMEM_I(inode)->flags |= SHMEM_F_NORESERVE;
	return inode;
}

/**
 * shmem_file_setup() - a file in memory that has no name.
 * @name:  for people
 * @size:  bytes
 * @flags: VM_NORESERVE or 0
 *
 * Return: the file, open for reading and writing; -EINVAL, -ENOSPC, -ENOMEM.
 */
struct file *shmem_file_setup(const char *name, loff_t size, vm_flags_t flags)
{
	struct inode *inode;
	struct file *file;

	if (size < 0 || size > MAX_LFS_FILESIZE)
		return ERR_PTR(-EINVAL);
	inode = shmem_get_inode(shm_mnt->mnt_sb, S_IFREG | S_IRWXUGO, flags);
	if (IS_ERR(inode))
		return ERR_CAST(inode);
	inode->i_size = size;
	clear_nlink(inode);
	file = alloc_file_pseudo(inode, shm_mnt, name, O_RDWR, &shmem_file_operations);
	if (IS_ERR(file))
		iput(inode);
	return file;
}

static void shmem_init_inode(void *info)
{
	inode_init_once(&((struct shmem_inode_info *)info)->vfs_inode);
}

static int __init shmem_init(void)
{
	struct kmem_cache_args args = { .ctor = shmem_init_inode };

	shmem_inode_cachep = kmem_cache_create("shmem_inode_cache",
					       sizeof(struct shmem_inode_info), &args,
					       SLAB_PANIC | SLAB_ACCOUNT);
	shm_mnt = kern_mount(&shmem_fs_type);
	if (IS_ERR(shm_mnt))
		return PTR_ERR(shm_mnt);
	shmem_dir_init(shm_mnt);
	return 0;
}
fs_initcall(shmem_init);
