// SPDX-License-Identifier: GPL-2.0

/*
 * guest_memfd as a file system: inodes, files, creation. After virt/kvm/guest_memfd.c of
 * Linux 7.3, with the creation of a file without descriptor split out, as preservation
 * needs it.
 */

#include <linux/anon_inodes.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/mempolicy.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/pseudo_fs.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "gmem_internal.h"

static const char kvm_gmem_name[] = "[kvm-gmem]";
static struct vfsmount *kvm_gmem_mnt;
static struct kmem_cache *kvm_gmem_inode_cachep;

unsigned long kvm_gmem_nr_inodes;
unsigned long kvm_gmem_nr_frozen;

struct file_operations kvm_gmem_fops = {
	.mmap		= kvm_gmem_mmap,
	.open		= generic_file_open,
	.release	= kvm_gmem_release,
	.fallocate	= kvm_gmem_fallocate,
};

/** kvm_gmem_is_gmem_file() - whether @file, which may be of any type, is a guest_memfd. */
bool kvm_gmem_is_gmem_file(struct file *file)
{
	return file->f_op == &kvm_gmem_fops;
}

/* x86: memory that starts shared makes no sense where it can be private. */
bool kvm_arch_supports_gmem_init_shared(struct kvm *kvm)
{
	return !kvm_arch_has_private_mem(kvm);
}

static struct inode *kvm_gmem_new_inode(loff_t size, u64 flags)
{
	struct inode *inode;

	inode = anon_inode_make_secure_inode(kvm_gmem_mnt->mnt_sb, kvm_gmem_name, NULL);
	if (IS_ERR(inode))
		return inode;

	inode->i_op = &kvm_gmem_iops;
	inode->i_mapping->a_ops = &kvm_gmem_aops;
	inode->i_mode |= S_IFREG;
	inode->i_size = size;
	mapping_set_gfp_mask(inode->i_mapping, GFP_HIGHUSER);
	mapping_set_inaccessible(inode->i_mapping);
	GMEM_I(inode)->flags = flags;
	kvm_gmem_count(&kvm_gmem_nr_inodes, 1);

	return inode;
}

/**
 * kvm_gmem_create_file() - create a guest_memfd without a descriptor.
 * @kvm:   its VM, which it pins
 * @size:  bytes, a positive multiple of the page size
 * @flags: GUEST_MEMFD_FLAG_*, of those that kvm_gmem_get_supported_flags() has
 *
 * Return: the file, or an ERR_PTR(): -EINVAL, -ENOMEM, -ENOENT if the module is going.
 */
struct file *kvm_gmem_create_file(struct kvm *kvm, loff_t size, u64 flags)
{
	struct gmem_file *f;
	struct inode *inode;
	struct file *file;
	int err;

	if (flags & ~kvm_gmem_get_supported_flags(kvm) || size <= 0 || !PAGE_ALIGNED(size))
		return ERR_PTR(-EINVAL);

	f = kzalloc_obj(*f);
	if (!f)
		return ERR_PTR(-ENOMEM);

	/* The file's reference, dropped with the file. */
	if (!fops_get(&kvm_gmem_fops)) {
		err = -ENOENT;
		goto err_gmem;
	}

	inode = kvm_gmem_new_inode(size, flags);
	if (IS_ERR(inode)) {
		err = PTR_ERR(inode);
		goto err_fops;
	}

	file = alloc_file_pseudo(inode, kvm_gmem_mnt, kvm_gmem_name, O_RDWR, &kvm_gmem_fops);
	if (IS_ERR(file)) {
		err = PTR_ERR(file);
		goto err_inode;
	}

	file->f_flags |= O_LARGEFILE;
	file->private_data = f;

	kvm_get_kvm(kvm);
	f->kvm = kvm;
	xa_init(&f->bindings);
	list_add(&f->entry, &GMEM_I(inode)->gmem_file_list);
	return file;

err_inode:
	iput(inode);
err_fops:
	fops_put(&kvm_gmem_fops);
err_gmem:
	kfree(f);
	return ERR_PTR(err);
}

/**
 * kvm_gmem_create() - KVM_CREATE_GUEST_MEMFD.
 *
 * Return: a descriptor; -EINVAL for an unknown flag or a bad size; -EMFILE; -ENOMEM.
 */
int kvm_gmem_create(struct kvm *kvm, struct kvm_create_guest_memfd *args)
{
	loff_t size = args->size;
	struct file *file;
	int fd;

	if (args->flags & ~kvm_gmem_get_supported_flags(kvm))
		return -EINVAL;
	if (size <= 0 || !PAGE_ALIGNED(size))
		return -EINVAL;

	fd = get_unused_fd_flags(0);
	if (fd < 0)
		return fd;

	file = kvm_gmem_create_file(kvm, size, args->flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}

	fd_install(fd, file);
	return fd;
}

/* Only what is the same for all users of the memory may be set here. */
static void kvm_gmem_init_inode_once(void *__gi)
{
	struct gmem_inode *gi = __gi;

	inode_init_once(&gi->vfs_inode);
}

static struct inode *kvm_gmem_alloc_inode(struct super_block *sb)
{
	struct gmem_inode *gi;

	gi = alloc_inode_sb(sb, kvm_gmem_inode_cachep, GFP_KERNEL);
	if (!gi)
		return NULL;

	mpol_shared_policy_init(&gi->policy, NULL);
	gi->flags = 0;
	gi->frozen = false;
	INIT_LIST_HEAD(&gi->gmem_file_list);

	return &gi->vfs_inode;
}

static void kvm_gmem_destroy_inode(struct inode *inode)
{
	/* Who froze it had a reference to a file, and unfreezes before dropping it. */
	WARN_ON_ONCE(GMEM_I(inode)->frozen);

	mpol_free_shared_policy(&GMEM_I(inode)->policy);
	/* The root of the mount is not one. */
	if (S_ISREG(inode->i_mode))
		kvm_gmem_count(&kvm_gmem_nr_inodes, -1);
}

static void kvm_gmem_free_inode(struct inode *inode)
{
	kmem_cache_free(kvm_gmem_inode_cachep, GMEM_I(inode));
}

static const struct super_operations kvm_gmem_super_operations = {
	.statfs		= simple_statfs,
	.alloc_inode	= kvm_gmem_alloc_inode,
	.destroy_inode	= kvm_gmem_destroy_inode,
	.free_inode	= kvm_gmem_free_inode,
};

static int kvm_gmem_init_fs_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, GUEST_MEMFD_MAGIC);

	if (!ctx)
		return -ENOMEM;

	ctx->ops = &kvm_gmem_super_operations;
	return 0;
}

static struct file_system_type kvm_gmem_fs = {
	.name		 = "guest_memfd",
	.init_fs_context = kvm_gmem_init_fs_context,
	.kill_sb	 = kill_anon_super,
};

/** kvm_gmem_init() - let guest_memfds be created; 0 or a negative errno. */
int kvm_gmem_init(struct module *module)
{
	struct kmem_cache_args args = {
		.ctor = kvm_gmem_init_inode_once,
	};

	kvm_gmem_fops.owner = module;
	kvm_gmem_inode_cachep = kmem_cache_create("kvm_gmem_inode_cache",
						  sizeof(struct gmem_inode), &args, SLAB_ACCOUNT);
	if (!kvm_gmem_inode_cachep)
		return -ENOMEM;

	kvm_gmem_mnt = kern_mount(&kvm_gmem_fs);
	if (IS_ERR(kvm_gmem_mnt)) {
		kmem_cache_destroy(kvm_gmem_inode_cachep);
		return PTR_ERR(kvm_gmem_mnt);
	}

	kvm_gmem_mnt->mnt_flags |= MNT_NOEXEC;
	return 0;
}

/** kvm_gmem_exit() - undo kvm_gmem_init(); no guest_memfd is left. */
void kvm_gmem_exit(void)
{
	kern_unmount(kvm_gmem_mnt);
	kvm_gmem_mnt = NULL;
	/* Inodes are freed after a grace period. */
	rcu_barrier();
	kmem_cache_destroy(kvm_gmem_inode_cachep);
}

void kvm_gmem_census(void (*item)(void *ctx, const char *name, host_u64 value,
				  enum host_census rule), void *ctx)
{
	item(ctx, "guest_memfds", kvm_gmem_nr_inodes, HOST_CENSUS_ZERO);
	item(ctx, "frozen guest_memfds", kvm_gmem_nr_frozen, HOST_CENSUS_ZERO);
}
