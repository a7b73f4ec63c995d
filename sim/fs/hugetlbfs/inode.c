// SPDX-License-Identifier: GPL-2.0
/*
 * Files of huge pages, as far as a machine without any lets one go. Semantics of
 * fs/hugetlbfs/inode.c of Linux 7.3. Contents are not modelled: reading, writing, mapping
 * and allocating end the run.
 */

#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/pseudo_fs.h>
#include <linux/slab.h>
#include <sim/sim.h>

#define HUGE_2MB	21
#define HUGE_1GB	30

static struct kmem_cache *hugetlbfs_inode_cachep;
static struct vfsmount *hugetlbfs_mnt;

static ssize_t hugetlbfs_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	sim_check(false, "contents of hugetlbfs aren't modelled");
	return -EIO;
}

static int hugetlbfs_mmap(struct file *file, struct vm_area_struct *vma)
{
	sim_check(false, "contents of hugetlbfs aren't modelled");
	return -ENOMEM;
}

static long hugetlbfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	sim_check(false, "contents of hugetlbfs aren't modelled");
	return -EOPNOTSUPP;
}

const struct file_operations hugetlbfs_file_operations = {
	.read = hugetlbfs_read,
	.mmap = hugetlbfs_mmap,
	.llseek = generic_file_llseek,
	.fallocate = hugetlbfs_fallocate,
};

static int hugetlbfs_setattr(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr)
{
	sim_check(false, "contents of hugetlbfs aren't modelled");
	return -EINVAL;
}

static const struct inode_operations hugetlbfs_inode_operations = {
	.setattr = hugetlbfs_setattr,
};

static const struct address_space_operations hugetlbfs_aops = {
	.dirty_folio = noop_dirty_folio,
};

static struct inode *hugetlbfs_alloc_inode(struct super_block *sb)
{
	struct hugetlbfs_inode_info *info = alloc_inode_sb(sb, hugetlbfs_inode_cachep,
							   GFP_KERNEL);

	if (!info)
		return NULL;
	info->seals = F_SEAL_SEAL;
	return &info->vfs_inode;
}

static void hugetlbfs_free_inode(struct inode *inode)
{
	kmem_cache_free(hugetlbfs_inode_cachep, HUGETLBFS_I(inode));
}

static const struct super_operations hugetlbfs_ops = {
	.alloc_inode = hugetlbfs_alloc_inode,
	.free_inode = hugetlbfs_free_inode,
	.statfs = simple_statfs,
};

static int hugetlbfs_init_fs_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, HUGETLBFS_MAGIC);

	if (!ctx)
		return -ENOMEM;
	ctx->ops = &hugetlbfs_ops;
	return 0;
}

static struct file_system_type hugetlbfs_fs_type = {
	.name = "hugetlbfs",
	.init_fs_context = hugetlbfs_init_fs_context,
	.kill_sb = kill_anon_super,
};

/**
 * hugetlb_file_setup() - a file of huge pages that has no name.
 * @size: bytes; 0, as nothing is reserved for contents
 * @page_size_log: log2 of the page size, 0 for the default
 *
 * Return: the file; -ENODEV no pages of that size; -ENOSPC, -ENOMEM.
 */
struct file *hugetlb_file_setup(const char *name, size_t size, vm_flags_t acctflag,
				int creat_flags, int page_size_log)
{
	struct inode *inode;
	struct file *file;

	if (page_size_log && page_size_log != HUGE_2MB && page_size_log != HUGE_1GB)
		return ERR_PTR(-ENODEV);
	sim_check(!size && creat_flags == HUGETLB_ANONHUGE_INODE,
		  "only memfds of huge pages are modelled, and without contents");

	inode = new_inode(hugetlbfs_mnt->mnt_sb);
	if (!inode)
		return ERR_PTR(-ENOSPC);
	inode->i_ino = get_next_ino();
	inode->i_mode = S_IFREG | S_IRWXUGO;
	inode->i_op = &hugetlbfs_inode_operations;
	inode->i_mapping->a_ops = &hugetlbfs_aops;
	clear_nlink(inode);
	file = alloc_file_pseudo(inode, hugetlbfs_mnt, name, O_RDWR,
				 &hugetlbfs_file_operations);
	if (IS_ERR(file))
		iput(inode);
	return file;
}

static void hugetlbfs_init_inode(void *info)
{
	inode_init_once(&((struct hugetlbfs_inode_info *)info)->vfs_inode);
}

static int __init init_hugetlbfs_fs(void)
{
	struct kmem_cache_args args = { .ctor = hugetlbfs_init_inode };

	hugetlbfs_inode_cachep = kmem_cache_create("hugetlbfs_inode_cache",
						   sizeof(struct hugetlbfs_inode_info), &args,
						   SLAB_PANIC | SLAB_ACCOUNT);
	hugetlbfs_mnt = kern_mount(&hugetlbfs_fs_type);
	return IS_ERR(hugetlbfs_mnt) ? PTR_ERR(hugetlbfs_mnt) : 0;
}
fs_initcall(init_hugetlbfs_fs);
