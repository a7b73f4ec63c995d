// SPDX-License-Identifier: GPL-2.0
/*
 * Super blocks and mounts of pseudo file systems, and the dentries of their files.
 * Semantics of fs/super.c, fs/namespace.c, fs/libfs.c and fs/dcache.c of Linux 7.3, for
 * file systems that only the kernel mounts and in which nothing is looked up by name.
 */

#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/pseudo_fs.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/string.h>

#include "internal.h"

static struct kmem_cache *dentry_cache;

/** d_alloc_pseudo() - a dentry that is on no list; long names are cut. */
struct dentry *d_alloc_pseudo(struct super_block *sb, const char *name)
{
	struct dentry *dentry = kmem_cache_alloc(dentry_cache, GFP_KERNEL);

	if (!dentry)
		return NULL;

	dentry->d_inode = NULL;
	dentry->d_sb = sb;
	atomic_set(&dentry->d_count, 1);
	strscpy(dentry->d_iname, name, sizeof(dentry->d_iname));
	vfs_count(dentries, 1);
	return dentry;
}

/** d_instantiate() - the dentry takes over the caller's reference to @inode. */
void d_instantiate(struct dentry *dentry, struct inode *inode)
{
	dentry->d_inode = inode;
}

void dput(struct dentry *dentry)
{
	if (!dentry || !atomic_dec_and_test(&dentry->d_count))
		return;

	iput(dentry->d_inode);
	vfs_count(dentries, -1);
	kmem_cache_free(dentry_cache, dentry);
}

void path_get(const struct path *path)
{
	mntget(path->mnt);
	dget(path->dentry);
}

void path_put(const struct path *path)
{
	dput(path->dentry);
	mntput(path->mnt);
}

static void pseudo_fs_free(struct fs_context *fc)
{
	kfree(fc->fs_private);
}

static int pseudo_fs_get_tree(struct fs_context *fc)
{
	static const struct super_operations simple_super_operations = {
		.statfs = simple_statfs,
	};
	struct pseudo_fs_context *ctx = fc->fs_private;
	struct super_block *sb = kzalloc_obj(*sb);
	struct inode *root;

	if (!sb)
		return -ENOMEM;

	sb->s_type = fc->fs_type;
	sb->s_id = fc->fs_type->name;
	sb->s_maxbytes = MAX_LFS_FILESIZE;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_magic = ctx->magic;
	sb->s_op = ctx->ops ?: &simple_super_operations;
	sb->s_flags = fc->sb_flags | SB_ACTIVE;
	sb->s_iflags = fc->s_iflags;
	atomic_set(&sb->s_active, 1);
	spin_lock_init(&sb->s_inode_list_lock);
	INIT_LIST_HEAD(&sb->s_inodes);

	root = new_inode(sb);
	if (!root)
		goto err_free;
	root->i_ino = 1;
	root->i_mode = S_IFDIR | S_IRUSR | S_IWUSR;
	sb->s_root = d_alloc_pseudo(sb, "/");
	if (!sb->s_root)
		goto err_iput;
	d_instantiate(sb->s_root, root);

	fc->sb = sb;
	return 0;

err_iput:
	iput(root);
err_free:
	kfree(sb);
	return -ENOMEM;
}

/** init_pseudo() - for init_fs_context() of a pseudo file system; NULL without memory. */
struct pseudo_fs_context *init_pseudo(struct fs_context *fc, unsigned long magic)
{
	static const struct fs_context_operations pseudo_fs_context_ops = {
		.free = pseudo_fs_free,
		.get_tree = pseudo_fs_get_tree,
	};
	struct pseudo_fs_context *ctx = kzalloc_obj(*ctx);

	if (!ctx)
		return NULL;

	fc->ops = &pseudo_fs_context_ops;
	fc->fs_private = ctx;
	ctx->magic = magic;
	/* User space can't mount it; its files are neither programs nor devices. */
	fc->s_iflags |= SB_I_NODEV | SB_I_NOEXEC;
	fc->sb_flags |= SB_NOUSER;
	return ctx;
}

/**
 * kill_anon_super() - the end of a super block: whatever is still in use is reported.
 */
void kill_anon_super(struct super_block *sb)
{
	dput(sb->s_root);
	WARN(!list_empty(&sb->s_inodes), "VFS: Busy inodes after unmount of %s", sb->s_id);
	if (sb->s_op->put_super)
		sb->s_op->put_super(sb);
	kfree(sb);
}

struct vfsmount *mntget(struct vfsmount *mnt)
{
	if (mnt)
		atomic_inc(&mnt->mnt_count);
	return mnt;
}

void mntput(struct vfsmount *mnt)
{
	struct super_block *sb;

	if (!mnt || !atomic_dec_and_test(&mnt->mnt_count))
		return;

	sb = mnt->mnt_sb;
	if (atomic_dec_and_test(&sb->s_active))
		sb->s_type->kill_sb(sb);
	vfs_count(mounts, -1);
	kfree(mnt);
}

/**
 * kern_mount() - make an instance of @type.
 *
 * Return: the mount with one reference, or an ERR_PTR: -ENOMEM, or what the type's
 * init_fs_context() said.
 */
struct vfsmount *kern_mount(struct file_system_type *type)
{
	struct fs_context fc = { .fs_type = type };
	struct vfsmount *mnt;
	int err;

	err = type->init_fs_context(&fc);
	if (err)
		return ERR_PTR(err);

	mnt = kzalloc_obj(*mnt);
	err = mnt ? fc.ops->get_tree(&fc) : -ENOMEM;
	fc.ops->free(&fc);
	if (err) {
		kfree(mnt);
		return ERR_PTR(err);
	}

	mnt->mnt_sb = fc.sb;
	mnt->mnt_root = fc.sb->s_root;
	atomic_set(&mnt->mnt_count, 1);
	vfs_count(mounts, 1);
	return mnt;
}

/** kern_unmount() - give up a mount; it goes when the last file on it is closed. */
void kern_unmount(struct vfsmount *mnt)
{
	if (!IS_ERR_OR_NULL(mnt))
		mntput(mnt);
}

int simple_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	*buf = (struct kstatfs){
		.f_type = dentry->d_sb->s_magic,
		.f_bsize = PAGE_SIZE,
		.f_namelen = 255,
	};
	return 0;
}

/** alloc_anon_inode() - an inode without a type; an ERR_PTR without memory. */
struct inode *alloc_anon_inode(struct super_block *sb)
{
	static const struct address_space_operations anon_aops = {
		.dirty_folio = noop_dirty_folio,
	};
	struct inode *inode = new_inode_pseudo(sb);

	if (!inode)
		return ERR_PTR(-ENOMEM);

	inode->i_ino = get_next_ino();
	inode->i_mapping->a_ops = &anon_aops;
	inode->i_mode = S_IRUSR | S_IWUSR;
	inode->i_flags |= S_PRIVATE | S_ANON_INODE;
	return inode;
}

void __init dcache_init(void)
{
	dentry_cache = kmem_cache_create("dentry", sizeof(struct dentry), NULL,
					 SLAB_RECLAIM_ACCOUNT | SLAB_PANIC | SLAB_ACCOUNT);
}

/** vfs_caches_init() - called once during boot, after slab and RCU. */
void __init vfs_caches_init(void)
{
	dcache_init();
	inode_init();
	files_init();
	fdtable_init();
}
