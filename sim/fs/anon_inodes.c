// SPDX-License-Identifier: GPL-2.0
/*
 * Files that share one inode. Semantics of fs/anon_inodes.c of Linux 7.3.
 */

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/panic.h>
#include <linux/pseudo_fs.h>

#include "internal.h"

static struct vfsmount *anon_inode_mnt;
static struct inode *anon_inode_inode;

static int anon_inode_setattr(struct mnt_idmap *idmap, struct dentry *dentry,
			      struct iattr *attr)
{
	return -EOPNOTSUPP;
}

static const struct inode_operations anon_inode_operations = {
	.setattr = anon_inode_setattr,
};

static int anon_inodefs_init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, ANON_INODE_FS_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type anon_inodefs = {
	.init_fs_context = anon_inodefs_init_fs_context,
	.kill_sb = kill_anon_super,
	.name = "anon_inodefs",
};

/* A new inode, or an ERR_PTR. */
static struct inode *anon_inode_new(struct super_block *sb)
{
	struct inode *inode = alloc_anon_inode(sb);

	if (!IS_ERR(inode))
		inode->i_op = &anon_inode_operations;
	return inode;
}

/**
 * anon_inode_make_secure_inode() - an inode of its own for a file of a given class.
 * @sb:            file system to take it from
 * @name:          the class; only security modules look at it
 * @context_inode: likewise
 *
 * Return: the inode, or an ERR_PTR: -ENOMEM.
 */
struct inode *anon_inode_make_secure_inode(struct super_block *sb, const char *name,
					   const struct inode *context_inode)
{
	struct inode *inode = anon_inode_new(sb);

	if (!IS_ERR(inode))
		inode->i_flags &= ~S_PRIVATE;
	return inode;
}

/**
 * anon_inode_getfile() - a file on the inode that all such files share.
 * @name:  name of the dentry
 * @fops:  operations; their owner is pinned until the file is released
 * @priv:  private_data
 * @flags: O_ACCMODE and O_NONBLOCK are used
 *
 * Return: the file, or an ERR_PTR: -ENOENT if the owner is going away, -ENOMEM.
 */
struct file *anon_inode_getfile(const char *name, const struct file_operations *fops,
				void *priv, int flags)
{
	struct file *file;

	if (fops->owner && !try_module_get(fops->owner))
		return ERR_PTR(-ENOENT);

	/* The file has the reference and the pin as soon as there is a file. */
	ihold(anon_inode_inode);
	file = alloc_file_pseudo(anon_inode_inode, anon_inode_mnt, name,
				 flags & (O_ACCMODE | O_NONBLOCK), fops);
	if (!IS_ERR(file)) {
		file->private_data = priv;
	} else {
		iput(anon_inode_inode);
		module_put(fops->owner);
	}
	return file;
}

/** anon_inode_getfile_fmode() - anon_inode_getfile() with more bits of f_mode. */
struct file *anon_inode_getfile_fmode(const char *name, const struct file_operations *fops,
				      void *priv, int flags, fmode_t f_mode)
{
	struct file *file = anon_inode_getfile(name, fops, priv, flags);

	if (!IS_ERR(file))
		file->f_mode |= f_mode;
	return file;
}

/** anon_inode_getfd() - anon_inode_getfile() behind a descriptor; -errno on failure. */
int anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv,
		     int flags)
{
	CLASS(get_unused_fd, fd)(flags);
	struct file *file;

	if (fd < 0)
		return fd;
	file = anon_inode_getfile(name, fops, priv, flags);
	if (IS_ERR(file))
		return PTR_ERR(file);
	fd_install(fd, file);
	return take_fd(fd);
}

static int __init anon_inode_init(void)
{
	anon_inode_mnt = kern_mount(&anon_inodefs);
	if (!IS_ERR(anon_inode_mnt))
		anon_inode_inode = anon_inode_new(anon_inode_mnt->mnt_sb);
	if (IS_ERR(anon_inode_mnt) || IS_ERR(anon_inode_inode))
		panic("no inode for anonymous files\n");
	return 0;
}
fs_initcall(anon_inode_init);
