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
	.unlocked_ioctl	= kvm_gmem_ioctl,
};

/** kvm_gmem_is_gmem_file() - whether @file, which may be of any type, is a guest_memfd. */
bool kvm_gmem_is_gmem_file(struct file *file)
{
	return file->f_op == &kvm_gmem_fops;
}

/* x86: memory that starts shared makes no sense where it can be private but not both. */
bool kvm_arch_supports_gmem_init_shared(struct kvm *kvm)
{
	return !vm_memory_attributes || !kvm_arch_has_private_mem(kvm);
}

static bool kvm_gmem_args_valid(struct kvm *kvm, loff_t size, u64 flags)
{
	return !(flags & ~kvm_gmem_get_supported_flags(kvm)) && size > 0 && PAGE_ALIGNED(size);
}

/* The page cache is the memory itself: never written back, not to be read by the kernel. */
static void kvm_gmem_init_mapping(struct address_space *mapping)
{
	mapping->a_ops = &kvm_gmem_aops;
	mapping_set_gfp_mask(mapping, GFP_HIGHUSER);
	mapping_set_inaccessible(mapping);
}

static struct inode *kvm_gmem_new_inode(loff_t size, u64 flags)
{
	struct inode *inode = anon_inode_make_secure_inode(kvm_gmem_mnt->mnt_sb, kvm_gmem_name,
							   NULL);

	if (IS_ERR(inode))
		return inode;

	GMEM_I(inode)->flags = flags;
	inode->i_size = size;
	inode->i_mode |= S_IFREG;
	inode->i_op = &kvm_gmem_iops;
	kvm_gmem_init_mapping(inode->i_mapping);
	kvm_gmem_count(&kvm_gmem_nr_inodes, 1);
	return inode;
}

/* A file on a new inode of which it has the only reference; nothing of a VM in it yet. */
static struct file *kvm_gmem_new_file(loff_t size, u64 flags)
{
	struct inode *inode = kvm_gmem_new_inode(size, flags);
	struct file *file;

	if (IS_ERR(inode))
		return ERR_CAST(inode);

	file = alloc_file_pseudo(inode, kvm_gmem_mnt, kvm_gmem_name, O_RDWR, &kvm_gmem_fops);
	if (IS_ERR(file))
		iput(inode);
	return file;
}

/* Makes @file the view that @kvm has of its inode; what is in @f belongs to @file then. */
static void kvm_gmem_attach(struct file *file, struct gmem_file *f, struct kvm *kvm)
{
	kvm_get_kvm(kvm);
	f->kvm = kvm;
	list_add(&f->entry, &GMEM_I(file_inode(file))->gmem_file_list);
	xa_init(&f->bindings);
	file->private_data = f;
	file->f_flags |= O_LARGEFILE;
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
	struct file *file;

	if (!kvm_gmem_args_valid(kvm, size, flags))
		return ERR_PTR(-EINVAL);

	struct gmem_file *f __free(kfree) = kzalloc_obj(*f);

	if (!f)
		return ERR_PTR(-ENOMEM);

	/* Dropped together with the file, if there will be one. */
	if (!fops_get(&kvm_gmem_fops))
		return ERR_PTR(-ENOENT);

	file = kvm_gmem_new_file(size, flags);
	if (IS_ERR(file))
		fops_put(&kvm_gmem_fops);
	else
		kvm_gmem_attach(file, no_free_ptr(f), kvm);
	return file;
}

/**
 * kvm_gmem_create() - KVM_CREATE_GUEST_MEMFD.
 *
 * Return: a descriptor; -EINVAL for an unknown flag or a bad size; -EMFILE; -ENOMEM.
 */
int kvm_gmem_create(struct kvm *kvm, struct kvm_create_guest_memfd *args)
{
	struct file *file;
	int fd;

	/* Before anything is allocated: a bad request is told even without descriptors. */
	if (!kvm_gmem_args_valid(kvm, args->size, args->flags))
		return -EINVAL;

	fd = get_unused_fd_flags(0);
	if (fd < 0)
		return fd;

	file = kvm_gmem_create_file(kvm, args->size, args->flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}

	fd_install(fd, file);
	return fd;
}

/* For all inodes that the memory at @object will ever hold; each goes back as it came. */
static void kvm_gmem_construct(void *object)
{
	inode_init_once(&((struct kvm_gmem_sim_inode *)object)->gmem.vfs_inode);
}

/* For the next inode there: no policy, no views of VMs, pages may come and go. */
static void kvm_gmem_reset_inode(struct kvm_gmem_sim_inode *sim)
{
	struct gmem_inode *gi = &sim->gmem;

	xa_init(&sim->attributes);
	INIT_LIST_HEAD(&gi->gmem_file_list);
	gi->frozen = false;
	gi->flags = 0;
	mpol_shared_policy_init(&gi->policy, NULL);
}

static struct inode *kvm_gmem_alloc_inode(struct super_block *sb)
{
	struct kvm_gmem_sim_inode *sim = alloc_inode_sb(sb, kvm_gmem_inode_cachep, GFP_KERNEL);

	if (sim)
		kvm_gmem_reset_inode(sim);
	return sim ? &sim->gmem.vfs_inode : NULL;
}

static void kvm_gmem_free_inode(struct inode *inode)
{
	kmem_cache_free(kvm_gmem_inode_cachep,
			container_of(GMEM_I(inode), struct kvm_gmem_sim_inode, gmem));
}

static void kvm_gmem_destroy_inode(struct inode *inode)
{
	/* Who froze it had a reference to a file, and unfreezes before dropping it. */
	WARN_ON_ONCE(GMEM_I(inode)->frozen);

	mpol_free_shared_policy(&GMEM_I(inode)->policy);
	xa_destroy(kvm_gmem_attributes(inode));
	/* The root of the mount is not one. */
	if (S_ISREG(inode->i_mode))
		kvm_gmem_count(&kvm_gmem_nr_inodes, -1);
}

static const struct super_operations kvm_gmem_super_ops = {
	.alloc_inode	= kvm_gmem_alloc_inode,
	.free_inode	= kvm_gmem_free_inode,
	.destroy_inode	= kvm_gmem_destroy_inode,
	.statfs		= simple_statfs,
};

static int kvm_gmem_init_fs_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, GUEST_MEMFD_MAGIC);

	if (ctx)
		ctx->ops = &kvm_gmem_super_ops;
	return ctx ? 0 : -ENOMEM;
}

static struct file_system_type kvm_gmem_fs = {
	.name		 = "guest_memfd",
	.init_fs_context = kvm_gmem_init_fs_context,
	.kill_sb	 = kill_anon_super,
};

static int kvm_gmem_create_cache(void)
{
	struct kmem_cache_args args = {
		.ctor = kvm_gmem_construct,
	};

	kvm_gmem_inode_cachep = kmem_cache_create("kvm_gmem_inode_cache",
						  sizeof(struct kvm_gmem_sim_inode), &args,
						  SLAB_ACCOUNT);
	return kvm_gmem_inode_cachep ? 0 : -ENOMEM;
}

static int kvm_gmem_mount(void)
{
	kvm_gmem_mnt = kern_mount(&kvm_gmem_fs);
	if (IS_ERR(kvm_gmem_mnt))
		return PTR_ERR(kvm_gmem_mnt);

	kvm_gmem_mnt->mnt_flags |= MNT_NOEXEC;
	return 0;
}

static void kvm_gmem_unmount(void)
{
	kern_unmount(kvm_gmem_mnt);
	kvm_gmem_mnt = NULL;
}

/** kvm_gmem_init() - let guest_memfds be created; 0 or a negative errno. */
int kvm_gmem_init(struct module *module)
{
	int err;

	kvm_gmem_fops.owner = module;

	err = kvm_gmem_create_cache();
	if (err)
		return err;

	err = kvm_gmem_mount();
	if (err)
		kmem_cache_destroy(kvm_gmem_inode_cachep);
	return err;
}

/** kvm_gmem_exit() - undo kvm_gmem_init(); no guest_memfd is left. */
void kvm_gmem_exit(void)
{
	kvm_gmem_unmount();
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
