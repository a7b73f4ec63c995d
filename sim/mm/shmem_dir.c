// SPDX-License-Identifier: GPL-2.0
/*
 * Files in memory that have a name: those below /tmp, which no live update handler knows.
 *
 * Kernel promises: like any file in memory, and its name leads to it again.
 * Modelled: opening by name.
 * Left out: the directory: a name is known while the file is open, so that nothing is
 *	left over when the last program ends.
 * Scheduling points: the mutex.
 */

#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/mutex.h>
#include <linux/shmem_fs.h>
#include <linux/string.h>

#include "../fs/internal.h"
#include "shmem.h"

static LIST_HEAD(tmp_names);
static DEFINE_MUTEX(tmp_names_mutex);
static struct vfsmount *tmp_mnt;

/** shmem_dir_init() - files with a name are made on @mnt. */
void shmem_dir_init(struct vfsmount *mnt)
{
	tmp_mnt = mnt;
}

/** shmem_forget_name() - an inode, which may have a name, goes away. */
void shmem_forget_name(struct inode *inode)
{
	if (!inode->i_nlink)
		return;
	mutex_lock(&tmp_names_mutex);
	list_del_init(&SHMEM_I(inode)->dir_entry);
	mutex_unlock(&tmp_names_mutex);
}

static struct inode *tmp_new_inode(const char *name)
{
	struct inode *inode = shmem_get_inode(tmp_mnt->mnt_sb, S_IFREG | S_IRUSR | S_IWUSR, 0);

	if (IS_ERR(inode))
		return inode;
	strscpy(SHMEM_I(inode)->name, name, SHMEM_NAME_MAX);
	list_add_tail(&SHMEM_I(inode)->dir_entry, &tmp_names);
	return inode;
}

/* With a reference. Called with tmp_names_mutex held, so that a name stays unique. */
static struct inode *tmp_lookup(const char *name, int flags)
{
	struct shmem_inode_info *info;

	list_for_each_entry(info, &tmp_names, dir_entry) {
		struct inode *inode;

		if (strcmp(info->name, name))
			continue;
		/* A dying one is about to leave the list. */
		inode = igrab(&info->vfs_inode);
		if (!inode)
			continue;
		if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
			mutex_unlock(&tmp_names_mutex);
			iput(inode);
			mutex_lock(&tmp_names_mutex);
			return ERR_PTR(-EEXIST);
		}
		return inode;
	}

	return flags & O_CREAT ? tmp_new_inode(name) : ERR_PTR(-ENOENT);
}

/**
 * tmp_open() - open /tmp/@name.
 *
 * Return: the file, or an ERR_PTR: -ENOENT, -EEXIST, -ENAMETOOLONG, -EISDIR, -ENOMEM.
 */
struct file *tmp_open(const char *name, int flags)
{
	struct file *file;
	struct inode *inode;
	struct path path;
	int err;

	if (!*name)
		return ERR_PTR(-EISDIR);
	if (strlen(name) >= SHMEM_NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	if (strchr(name, '/'))
		return ERR_PTR(-ENOENT);

	file = alloc_empty_file(flags);
	if (IS_ERR(file))
		return file;

	mutex_lock(&tmp_names_mutex);
	inode = tmp_lookup(name, flags);
	mutex_unlock(&tmp_names_mutex);
	err = PTR_ERR_OR_ZERO(inode);
	if (err)
		goto err_file;

	err = -ENOMEM;
	path.dentry = d_alloc_pseudo(tmp_mnt->mnt_sb, name);
	if (!path.dentry) {
		iput(inode);
		goto err_file;
	}
	d_instantiate(path.dentry, inode);
	path.mnt = mntget(tmp_mnt);
	err = do_dentry_open(file, &path, &shmem_file_operations);
	path_put(&path);
	if (err)
		goto err_file;
	if ((flags & O_TRUNC) && (file->f_mode & FMODE_WRITE))
		do_ftruncate(file, 0);
	return file;

err_file:
	fput(file);
	return ERR_PTR(err);
}
