// SPDX-License-Identifier: GPL-2.0
/*
 * Character devices that are opened as /dev/NAME. Semantics of drivers/char/misc.c of
 * Linux 7.3: the last one registered is found first, open() runs with private_data set
 * to the device and under the registry's mutex.
 */

#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/miscdevice.h>
#include <linux/mount.h>
#include <linux/mutex.h>
#include <linux/pseudo_fs.h>
#include <linux/string.h>

#include "internal.h"

#define MISC_MAJOR	10

static LIST_HEAD(misc_list);
static DEFINE_MUTEX(misc_mtx);
static struct vfsmount *dev_mnt;
static int misc_next_minor = MISC_DYNAMIC_MINOR + 1;

static int devtmpfs_init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, TMPFS_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type dev_fs_type = {
	.name = "devtmpfs",
	.init_fs_context = devtmpfs_init_fs_context,
	.kill_sb = kill_anon_super,
};

/**
 * misc_register() - let open("/dev/NAME") find @misc.
 *
 * Return: 0, -EINVAL for an impossible minor, -EBUSY if it is taken.
 */
int misc_register(struct miscdevice *misc)
{
	struct miscdevice *it;

	if (misc->minor > MISC_DYNAMIC_MINOR)
		return -EINVAL;

	guard(mutex)(&misc_mtx);
	if (misc->minor == MISC_DYNAMIC_MINOR) {
		misc->minor = misc_next_minor++;
	} else {
		list_for_each_entry(it, &misc_list, list)
			if (it->minor == misc->minor)
				return -EBUSY;
	}
	list_add(&misc->list, &misc_list);
	return 0;
}

/** misc_deregister() - undo misc_register(); open files stay open. */
void misc_deregister(struct miscdevice *misc)
{
	guard(mutex)(&misc_mtx);
	list_del_init(&misc->list);
	if (misc->minor > MISC_DYNAMIC_MINOR)
		misc->minor = MISC_DYNAMIC_MINOR;
}

static struct miscdevice *misc_find(const char *name)
{
	struct miscdevice *misc;

	list_for_each_entry(misc, &misc_list, list)
		if (!strcmp(misc->name, name))
			return misc;
	return NULL;
}

static int misc_dentry(struct miscdevice *misc, struct path *path)
{
	struct inode *inode = new_inode_pseudo(dev_mnt->mnt_sb);

	if (!inode)
		return -ENOMEM;
	inode->i_ino = get_next_ino();
	inode->i_mode = S_IFCHR | S_IRUSR | S_IWUSR;
	inode->i_rdev = (MISC_MAJOR << 20) | misc->minor;

	path->dentry = d_alloc_pseudo(dev_mnt->mnt_sb, misc->name);
	if (!path->dentry) {
		iput(inode);
		return -ENOMEM;
	}
	d_instantiate(path->dentry, inode);
	path->mnt = mntget(dev_mnt);
	return 0;
}

/**
 * misc_open() - open /dev/@name.
 *
 * Return: the file, or an ERR_PTR: -ENOENT no such device, -ENODEV its module is going
 * away, -ENOMEM, or the error of its open().
 */
struct file *misc_open(const char *name, int flags)
{
	struct miscdevice *misc;
	struct path path;
	struct file *file;
	int err;

	file = alloc_empty_file(flags);
	if (IS_ERR(file))
		return file;

	mutex_lock(&misc_mtx);
	err = -ENOENT;
	misc = misc_find(name);
	if (!misc)
		goto out_unlock;
	err = misc_dentry(misc, &path);
	if (err)
		goto out_unlock;
	file->private_data = misc;
	err = do_dentry_open(file, &path, misc->fops);
	path_put(&path);

out_unlock:
	mutex_unlock(&misc_mtx);
	if (err) {
		fput(file);
		return ERR_PTR(err);
	}
	return file;
}

static int __init misc_init(void)
{
	dev_mnt = kern_mount(&dev_fs_type);
	return IS_ERR(dev_mnt) ? PTR_ERR(dev_mnt) : 0;
}
fs_initcall(misc_init);
