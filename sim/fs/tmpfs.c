// SPDX-License-Identifier: GPL-2.0
/*
 * Regular files below /tmp: files of a type that no live update handler knows.
 *
 * Kernel promises: like any file in memory: a size, contents in the page cache, holes
 *	that read as zero.
 * Modelled: that, with open, read, write, seek, truncate and fallocate.
 * Left out: the directory: a name is known while the file is open, so that nothing is
 *	left over when the last program ends. mmap() of such a file fails with -ENODEV.
 * Scheduling points: the page cache's, the locks.
 */

#include <linux/falloc.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/pseudo_fs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "internal.h"

#define TMP_NAME_MAX	64

struct tmp_inode {
	struct list_head list;
	char name[TMP_NAME_MAX];
	struct inode vfs_inode;
};

#define TMP_I(inode)	container_of(inode, struct tmp_inode, vfs_inode)

static LIST_HEAD(tmp_names);
static DEFINE_MUTEX(tmp_names_mutex);
static struct kmem_cache *tmp_inode_cachep;
static struct vfsmount *tmp_mnt;

/* One page, or a part of it, at *@pos; returns the bytes done or -errno. */
static ssize_t tmp_read_one(struct inode *inode, char __user *buf, size_t len, loff_t pos)
{
	size_t offset = offset_in_page(pos), n = min_t(size_t, len, PAGE_SIZE - offset);
	struct folio *folio = filemap_get_folio(inode->i_mapping, pos >> PAGE_SHIFT);
	unsigned long left;

	if (IS_ERR(folio)) {
		left = clear_user(buf, n);
	} else {
		left = copy_to_user(buf, folio_address(folio) + offset, n);
		folio_put(folio);
	}
	return left ? -EFAULT : (ssize_t)n;
}

static ssize_t tmp_write_one(struct inode *inode, const char __user *buf, size_t len,
			     loff_t pos)
{
	size_t offset = offset_in_page(pos), n = min_t(size_t, len, PAGE_SIZE - offset);
	struct folio *folio = filemap_grab_folio(inode->i_mapping, pos >> PAGE_SHIFT);
	unsigned long left;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	if (!folio_test_uptodate(folio)) {
		clear_highpage(folio_page(folio, 0));
		folio_mark_uptodate(folio);
	}
	left = copy_from_user(folio_address(folio) + offset, buf, n);
	folio_unlock(folio);
	folio_put(folio);
	return left ? -EFAULT : (ssize_t)n;
}

static ssize_t tmp_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct inode *inode = file_inode(file);
	ssize_t done = 0, n;
	loff_t size = i_size_read(inode);

	if (*pos >= size)
		return 0;
	for (len = min_t(u64, len, size - *pos); len; len -= n, done += n, *pos += n) {
		n = tmp_read_one(inode, buf + done, len, *pos);
		if (n < 0)
			return done ?: n;
	}
	return done;
}

static ssize_t tmp_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct inode *inode = file_inode(file);
	ssize_t done = 0, n;

	if (*pos >= inode->i_sb->s_maxbytes)
		return len ? -EFBIG : 0;
	inode_lock(inode);
	for (len = min_t(u64, len, inode->i_sb->s_maxbytes - *pos); len;
	     len -= n, done += n, *pos += n) {
		n = tmp_write_one(inode, buf + done, len, *pos);
		if (n < 0) {
			done = done ?: n;
			break;
		}
	}
	if (*pos > i_size_read(inode))
		i_size_write(inode, *pos);
	inode_unlock(inode);
	return done;
}

static long tmp_allocate(struct inode *inode, loff_t offset, loff_t len)
{
	pgoff_t end = DIV_ROUND_UP(offset + len, PAGE_SIZE);

	for (pgoff_t index = offset >> PAGE_SHIFT; index < end; index++) {
		struct folio *folio = filemap_grab_folio(inode->i_mapping, index);

		if (IS_ERR(folio))
			return PTR_ERR(folio);
		if (!folio_test_uptodate(folio)) {
			clear_highpage(folio_page(folio, 0));
			folio_mark_uptodate(folio);
		}
		folio_unlock(folio);
		folio_put(folio);
	}
	return 0;
}

static long tmp_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	long err = 0;

	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;

	inode_lock(inode);
	if (mode & FALLOC_FL_PUNCH_HOLE)
		truncate_pagecache_range(inode, offset, offset + len - 1);
	else
		err = tmp_allocate(inode, offset, len);
	if (!err && !(mode & FALLOC_FL_KEEP_SIZE) && offset + len > i_size_read(inode))
		i_size_write(inode, offset + len);
	inode_unlock(inode);
	return err;
}

static const struct file_operations tmp_fops = {
	.llseek = generic_file_llseek,
	.read = tmp_read,
	.write = tmp_write,
	.open = generic_file_open,
	.fallocate = tmp_fallocate,
};

static int tmp_setattr(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr)
{
	truncate_setsize(d_inode(dentry), attr->ia_size);
	return 0;
}

static const struct inode_operations tmp_iops = {
	.setattr = tmp_setattr,
};

static const struct address_space_operations tmp_aops = {
	.dirty_folio = noop_dirty_folio,
};

static struct inode *tmp_alloc_inode(struct super_block *sb)
{
	struct tmp_inode *ti = alloc_inode_sb(sb, tmp_inode_cachep, GFP_KERNEL);

	if (!ti)
		return NULL;
	INIT_LIST_HEAD(&ti->list);
	return &ti->vfs_inode;
}

static void tmp_evict_inode(struct inode *inode)
{
	mutex_lock(&tmp_names_mutex);
	list_del_init(&TMP_I(inode)->list);
	mutex_unlock(&tmp_names_mutex);

	truncate_inode_pages_final(&inode->i_data);
	clear_inode(inode);
}

static void tmp_free_inode(struct inode *inode)
{
	kmem_cache_free(tmp_inode_cachep, TMP_I(inode));
}

static const struct super_operations tmp_sops = {
	.alloc_inode = tmp_alloc_inode,
	.free_inode = tmp_free_inode,
	.evict_inode = tmp_evict_inode,
	.statfs = simple_statfs,
};

static int tmp_init_fs_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, TMPFS_MAGIC);

	if (!ctx)
		return -ENOMEM;
	ctx->ops = &tmp_sops;
	return 0;
}

static struct file_system_type tmp_fs_type = {
	.name = "tmpfs",
	.init_fs_context = tmp_init_fs_context,
	.kill_sb = kill_anon_super,
};

static struct inode *tmp_new_inode(const char *name)
{
	struct inode *inode = new_inode_pseudo(tmp_mnt->mnt_sb);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_ino = get_next_ino();
	inode->i_mode = S_IFREG | S_IRUSR | S_IWUSR;
	inode->i_op = &tmp_iops;
	inode->i_mapping->a_ops = &tmp_aops;
	strscpy(TMP_I(inode)->name, name, TMP_NAME_MAX);
	list_add_tail(&TMP_I(inode)->list, &tmp_names);
	return inode;
}

/* With a reference. Called with tmp_names_mutex held, so that a name stays unique. */
static struct inode *tmp_lookup(const char *name, int flags)
{
	struct tmp_inode *ti;

	list_for_each_entry(ti, &tmp_names, list) {
		struct inode *inode;

		if (strcmp(ti->name, name))
			continue;
		/* A dying one is about to leave the list. */
		inode = igrab(&ti->vfs_inode);
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
	if (strlen(name) >= TMP_NAME_MAX)
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
	err = do_dentry_open(file, &path, &tmp_fops);
	path_put(&path);
	if (err)
		goto err_file;
	if ((flags & O_TRUNC) && (file->f_mode & FMODE_WRITE))
		truncate_setsize(inode, 0);
	return file;

err_file:
	fput(file);
	return ERR_PTR(err);
}

static void tmp_init_once(void *ti)
{
	inode_init_once(&((struct tmp_inode *)ti)->vfs_inode);
}

static int __init tmp_init(void)
{
	struct kmem_cache_args args = { .ctor = tmp_init_once };

	tmp_inode_cachep = kmem_cache_create("tmp_inode_cache", sizeof(struct tmp_inode),
					     &args, SLAB_PANIC | SLAB_ACCOUNT);
	tmp_mnt = kern_mount(&tmp_fs_type);
	return IS_ERR(tmp_mnt) ? PTR_ERR(tmp_mnt) : 0;
}
fs_initcall(tmp_init);
