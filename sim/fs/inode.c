// SPDX-License-Identifier: GPL-2.0
/*
 * Inodes, from allocation to the grace period after their last reference. Semantics of
 * fs/inode.c of Linux 7.3 for inodes that no hash table knows: the last iput() evicts.
 */

#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"

const struct address_space_operations empty_aops = {};

struct vfs_counters vfs_counters;

static struct kmem_cache *inode_cachep;
/* Numbers that differ in their upper bits, so that nobody's number depends on others. */
#define INO_CPU_SHIFT	27
static u64 last_ino[SIM_CPUS];

/** get_next_ino() - an inode number that no other anonymous inode of this boot has. */
u64 get_next_ino(void)
{
	unsigned int cpu = sim_cpu();

	/* As the kernel's numbers they fit into 32 bits. */
	return (u64)cpu << INO_CPU_SHIFT |
	       __atomic_add_fetch(&last_ino[cpu], 1, __ATOMIC_RELAXED);
}

static void __address_space_init_once(struct address_space *mapping)
{
	xa_init_flags(&mapping->i_pages, XA_FLAGS_LOCK_IRQ | XA_FLAGS_ACCOUNT);
	init_rwsem(&mapping->i_mmap_rwsem);
	spin_lock_init(&mapping->i_private_lock);
	INIT_LIST_HEAD(&mapping->i_mmap);
}

void address_space_init_once(struct address_space *mapping)
{
	memset(mapping, 0, sizeof(*mapping));
	__address_space_init_once(mapping);
}

/**
 * inode_init_once() - what stays true of an inode from one user of its memory to the next.
 *
 * Called by the constructor of a file system's inode cache: an inode goes back with its
 * lists empty, so that this need not be repeated.
 */
void inode_init_once(struct inode *inode)
{
	memset(inode, 0, sizeof(*inode));
	INIT_LIST_HEAD(&inode->i_sb_list);
	__address_space_init_once(&inode->i_data);
}

/** inode_init_always() - prepare an inode for its next life, with one reference. */
int inode_init_always(struct super_block *sb, struct inode *inode)
{
	static const struct inode_operations empty_iops;
	struct address_space *mapping = &inode->i_data;

	inode->i_sb = sb;
	inode->i_blkbits = sb->s_blocksize_bits;
	inode->i_flags = 0;
	inode->i_state.__state = 0;
	atomic_set(&inode->i_count, 1);
	inode->i_op = &empty_iops;
	inode->i_fop = NULL;
	inode->i_ino = 0;
	inode->__i_nlink = 1;
	inode->i_opflags = 0;
	inode->i_mode = 0;
	atomic_set(&inode->i_writecount, 0);
	inode->i_size = 0;
	inode->i_blocks = 0;
	inode->i_generation = 0;
	inode->i_rdev = 0;
	spin_lock_init(&inode->i_lock);
	init_rwsem(&inode->i_rwsem);

	mapping->a_ops = &empty_aops;
	mapping->host = inode;
	mapping->flags = 0;
	atomic_set(&mapping->i_mmap_writable, 0);
	mapping_set_gfp_mask(mapping, GFP_HIGHUSER_MOVABLE);
	init_rwsem(&mapping->invalidate_lock);
	mapping->i_private_data = NULL;

	inode->i_private = NULL;
	inode->i_mapping = mapping;

	vfs_count(inodes, 1);
	return 0;
}

static void free_plain_inode(struct inode *inode)
{
	kmem_cache_free(inode_cachep, inode);
}

static void free_inode_rcu(struct rcu_head *head)
{
	struct inode *inode = container_of(head, struct inode, i_rcu);

	inode->free_inode(inode);
}

/** alloc_inode() - an inode of @sb's kind, on no list; NULL without memory. */
struct inode *alloc_inode(struct super_block *sb)
{
	struct inode *(*alloc)(struct super_block *sb) = sb->s_op->alloc_inode;
	struct inode *inode = alloc ? alloc(sb) : alloc_inode_sb(sb, inode_cachep, GFP_KERNEL);

	if (inode)
		inode_init_always(sb, inode);
	return inode;
}

struct inode *new_inode_pseudo(struct super_block *sb)
{
	return alloc_inode(sb);
}

/** new_inode() - an inode that its super block lists. */
struct inode *new_inode(struct super_block *sb)
{
	struct inode *inode = alloc_inode(sb);

	if (!inode)
		return NULL;

	spin_lock(&sb->s_inode_list_lock);
	list_add(&inode->i_sb_list, &sb->s_inodes);
	spin_unlock(&sb->s_inode_list_lock);
	return inode;
}

static void inode_sb_list_del(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;

	if (list_empty(&inode->i_sb_list))
		return;
	spin_lock(&sb->s_inode_list_lock);
	list_del_init(&inode->i_sb_list);
	spin_unlock(&sb->s_inode_list_lock);
}

/* A file system with destroy_inode() alone frees in it; others wait for a grace period. */
static void destroy_inode(struct inode *inode)
{
	const struct super_operations *ops = inode->i_sb->s_op;
	bool freed = ops->destroy_inode && !ops->free_inode;

	vfs_count(inodes, -1);
	if (ops->destroy_inode)
		ops->destroy_inode(inode);
	if (freed)
		return;

	inode->free_inode = ops->free_inode ?: free_plain_inode;
	call_rcu(&inode->i_rcu, free_inode_rcu);
}

/** clear_inode() - the end of an inode's contents; the page cache must be empty. */
void clear_inode(struct inode *inode)
{
	xa_destroy(&inode->i_data.i_pages);
	BUG_ON(inode->i_data.nrpages);
	BUG_ON(!(inode->i_state.__state & I_FREEING));
	BUG_ON(inode->i_state.__state & I_CLEAR);
	inode->i_state.__state = I_FREEING | I_CLEAR;
}

static void evict(struct inode *inode)
{
	const struct super_operations *ops = inode->i_sb->s_op;

	inode_sb_list_del(inode);
	if (ops->evict_inode) {
		ops->evict_inode(inode);
	} else {
		truncate_inode_pages_final(&inode->i_data);
		clear_inode(inode);
	}
	BUG_ON(inode->i_state.__state != (I_FREEING | I_CLEAR));

	destroy_inode(inode);
}

/** inode_generic_drop() - whether to evict with the last reference: there is no cache. */
int inode_generic_drop(struct inode *inode)
{
	return 1;
}

/**
 * iput() - give back a reference; the last one truncates the contents, calls the file
 * system's destroy_inode() and, a grace period later, its free_inode().
 *
 * Context: may sleep.
 */
void iput(struct inode *inode)
{
	if (!inode)
		return;

	might_sleep();
	WARN_ON_ONCE(atomic_read(&inode->i_count) < 1);
	if (atomic_add_unless(&inode->i_count, -1, 1))
		return;

	spin_lock(&inode->i_lock);
	if (!atomic_dec_and_test(&inode->i_count)) {
		spin_unlock(&inode->i_lock);
		return;
	}
	inode->i_state.__state |= I_FREEING;
	spin_unlock(&inode->i_lock);

	evict(inode);
}

void ihold(struct inode *inode)
{
	WARN_ON(atomic_inc_return(&inode->i_count) < 2);
}

/** igrab() - a reference to an inode that may be dying; NULL if it is. */
struct inode *igrab(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	if (inode->i_state.__state & I_FREEING) {
		spin_unlock(&inode->i_lock);
		return NULL;
	}
	atomic_inc(&inode->i_count);
	spin_unlock(&inode->i_lock);

	return inode;
}

void set_nlink(struct inode *inode, unsigned int nlink)
{
	inode->__i_nlink = nlink;
}

void clear_nlink(struct inode *inode)
{
	inode->__i_nlink = 0;
}

/** file_modified() - would update timestamps and drop privileges; nobody reads them. */
int file_modified(struct file *file)
{
	return 0;
}

static void init_once(void *inode)
{
	inode_init_once(inode);
}

void __init inode_init(void)
{
	struct kmem_cache_args args = { .ctor = init_once };

	inode_cachep = kmem_cache_create("inode_cache", sizeof(struct inode), &args,
					 SLAB_RECLAIM_ACCOUNT | SLAB_PANIC | SLAB_ACCOUNT);
}
