/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

/*
 * Simulated: the VFS objects, as include/linux/fs.h of Linux 7.3 has them.
 *
 * Kernel promises: a struct file lives as long as somebody holds a reference and its
 *	memory is type-stable; an inode lives as long as i_count, its mapping with it.
 * Modelled: files, inodes, mappings, super blocks of pseudo file systems, with the
 *	kernel's reference counting, deferred release and RCU freeing.
 * Left out: path walk, permissions, writeback, quotas, locks on files, timestamps
 *	(nothing reads them), integrity and security modules.
 * Scheduling points: those of the locks, counts and RCU used.
 */

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/file_ref.h>
#include <linux/gfp_types.h>
#include <linux/ioctl.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/mutex.h>
#include <linux/path.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/stat.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct address_space;
struct file;
struct folio;
struct fs_context;
struct iattr;
struct inode;
struct kmem_cache;
struct kstatfs;
struct mnt_idmap;
struct super_block;
struct vfsmount;
struct vm_area_struct;
struct writeback_control;

typedef unsigned int fop_flags_t;
typedef void *fl_owner_t;

enum migrate_mode {
	MIGRATE_ASYNC,
	MIGRATE_SYNC_LIGHT,
	MIGRATE_SYNC,
};

/* f_mode */
#define FMODE_READ		((fmode_t)(1 << 0))
#define FMODE_WRITE		((fmode_t)(1 << 1))
#define FMODE_LSEEK		((fmode_t)(1 << 2))
#define FMODE_PREAD		((fmode_t)(1 << 3))
#define FMODE_PWRITE		((fmode_t)(1 << 4))
#define FMODE_EXEC		((fmode_t)(1 << 5))
#define FMODE_PATH		((fmode_t)(1 << 14))
#define FMODE_ATOMIC_POS	((fmode_t)(1 << 15))
#define FMODE_CAN_READ		((fmode_t)(1 << 17))
#define FMODE_CAN_WRITE		((fmode_t)(1 << 18))
#define FMODE_OPENED		((fmode_t)(1 << 19))
#define FMODE_CREATED		((fmode_t)(1 << 20))
#define FMODE_STREAM		((fmode_t)(1 << 21))

#define OPEN_FMODE(flag)	((fmode_t)(((flag) + 1) & O_ACCMODE))

#define MAX_NON_LFS		((1UL << 31) - 1)
#define MAX_LFS_FILESIZE	((loff_t)LLONG_MAX)

/* i_flags */
#define S_APPEND		(1 << 2)
#define S_IMMUTABLE		(1 << 3)
#define S_PRIVATE		(1 << 9)
#define S_SWAPFILE		(1 << 8)
#define S_ANON_INODE		(1 << 19)

#define IS_APPEND(inode)	((inode)->i_flags & S_APPEND)
#define IS_IMMUTABLE(inode)	((inode)->i_flags & S_IMMUTABLE)
#define IS_SWAPFILE(inode)	((inode)->i_flags & S_SWAPFILE)
#define IS_ANON_FILE(inode)	((inode)->i_flags & S_ANON_INODE)

/* i_state */
#define I_NEW			(1U << 0)
#define I_FREEING		(1U << 4)
#define I_CLEAR			(1U << 5)

/* s_flags, s_iflags */
#define SB_NOUSER		(1UL << 31)
#define SB_ACTIVE		(1UL << 30)
#define SB_I_NOEXEC		0x00000002
#define SB_I_NODEV		0x00000004

struct address_space_operations {
	int (*read_folio)(struct file *file, struct folio *folio);
	int (*writepages)(struct address_space *mapping, struct writeback_control *wbc);
	bool (*dirty_folio)(struct address_space *mapping, struct folio *folio);
	void (*invalidate_folio)(struct folio *folio, size_t offset, size_t len);
	bool (*release_folio)(struct folio *folio, gfp_t gfp);
	void (*free_folio)(struct folio *folio);
	int (*migrate_folio)(struct address_space *mapping, struct folio *dst,
			     struct folio *src, enum migrate_mode mode);
	int (*launder_folio)(struct folio *folio);
	int (*error_remove_folio)(struct address_space *mapping, struct folio *folio);
};

extern const struct address_space_operations empty_aops;

/**
 * struct address_space - the page cache of one inode.
 * @host:            the inode
 * @i_pages:         folios by page offset
 * @invalidate_lock: held exclusively while folios are removed together with what they
 *                   cache, shared while they are filled in
 * @gfp_mask:        how to allocate folios
 * @flags:           AS_*
 * @i_mmap_writable: number of shared writable mappings
 * @i_mmap:          VMAs that map this (&vm_area_struct.i_mmap_node); a list here, an
 *                   interval tree in the kernel
 * @i_mmap_rwsem:    protects @i_mmap
 * @nrpages:         number of pages present, protected by the lock of @i_pages
 * @a_ops:           methods
 * @i_private_lock:  for the owner
 * @i_private_data:  for the owner
 */
struct address_space {
	struct inode *host;
	struct xarray i_pages;
	struct rw_semaphore invalidate_lock;
	gfp_t gfp_mask;
	unsigned long flags;
	atomic_t i_mmap_writable;
	struct list_head i_mmap;
	struct rw_semaphore i_mmap_rwsem;
	unsigned long nrpages;
	const struct address_space_operations *a_ops;
	spinlock_t i_private_lock;
	void *i_private_data;
} __attribute__((aligned(sizeof(long))));

struct inode_operations {
	int (*setattr)(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr);
};

struct inode_state_flags {
	unsigned int __state;
};

/** struct inode - what is the same for all open files of one object. */
struct inode {
	umode_t i_mode;
	unsigned short i_opflags;
	unsigned int i_flags;
	const struct inode_operations *i_op;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	u64 i_ino;
	union {
		const unsigned int i_nlink;
		unsigned int __i_nlink;
	};
	dev_t i_rdev;
	loff_t i_size;
	u32 i_generation;
	spinlock_t i_lock;
	u8 i_blkbits;
	blkcnt_t i_blocks;
	struct inode_state_flags i_state;
	struct rw_semaphore i_rwsem;
	struct list_head i_sb_list;
	struct rcu_head i_rcu;
	atomic_t i_count;
	atomic_t i_writecount;
	union {
		const struct file_operations *i_fop;
		void (*free_inode)(struct inode *inode);
	};
	struct address_space i_data;
	void *i_private;
};

/**
 * struct file - one open file description.
 *
 * Allocated from a SLAB_TYPESAFE_BY_RCU cache: under rcu_read_lock() a stale pointer
 * still points to a struct file, perhaps another one. get_file_rcu() and
 * get_file_active() are the ways to turn such a pointer into a reference.
 */
struct file {
	spinlock_t f_lock;
	fmode_t f_mode;
	const struct file_operations *f_op;
	struct address_space *f_mapping;
	void *private_data;
	struct inode *f_inode;
	unsigned int f_flags;
	union {
		const struct path f_path;
		struct path __f_path;
	};
	struct mutex f_pos_lock;
	loff_t f_pos;
	union {
		struct callback_head f_task_work;
		unsigned long f_freeptr;
	};
	file_ref_t f_ref;
} __attribute__((aligned(8)));

struct file_operations {
	struct module *owner;
	fop_flags_t fop_flags;
	loff_t (*llseek)(struct file *file, loff_t offset, int whence);
	ssize_t (*read)(struct file *file, char __user *buf, size_t len, loff_t *pos);
	ssize_t (*write)(struct file *file, const char __user *buf, size_t len, loff_t *pos);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	long (*compat_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
	int (*open)(struct inode *inode, struct file *file);
	int (*flush)(struct file *file, fl_owner_t id);
	int (*release)(struct inode *inode, struct file *file);
	long (*fallocate)(struct file *file, int mode, loff_t offset, loff_t len);
};

struct super_operations {
	struct inode *(*alloc_inode)(struct super_block *sb);
	void (*destroy_inode)(struct inode *inode);
	void (*free_inode)(struct inode *inode);
	int (*drop_inode)(struct inode *inode);
	void (*evict_inode)(struct inode *inode);
	void (*put_super)(struct super_block *sb);
	int (*statfs)(struct dentry *dentry, struct kstatfs *kstatfs);
};

/** struct super_block - one instance of a file system. */
struct super_block {
	unsigned long s_blocksize;
	unsigned char s_blocksize_bits;
	loff_t s_maxbytes;
	struct file_system_type *s_type;
	const struct super_operations *s_op;
	unsigned long s_flags;
	unsigned long s_iflags;
	unsigned long s_magic;
	struct dentry *s_root;
	atomic_t s_active;
	void *s_fs_info;
	const char *s_id;
	spinlock_t s_inode_list_lock;
	struct list_head s_inodes;
};

struct file_system_type {
	const char *name;
	int fs_flags;
	int (*init_fs_context)(struct fs_context *fc);
	void (*kill_sb)(struct super_block *sb);
	struct module *owner;
};

/* struct iattr - attributes to change; ftruncate() and fchmod() use it. */
#define ATTR_MODE	(1 << 0)
#define ATTR_SIZE	(1 << 3)
#define ATTR_FILE	(1 << 13)
#define ATTR_OPEN	(1 << 15)

struct iattr {
	unsigned int ia_valid;
	umode_t ia_mode;
	loff_t ia_size;
	struct file *ia_file;
};

/* Accessors */

struct file *filp_open(const char *path, int flags, umode_t mode);

static inline unsigned int imajor(const struct inode *inode)
{
	return inode->i_rdev >> 20;
}

static inline unsigned int iminor(const struct inode *inode)
{
	return inode->i_rdev & ((1U << 20) - 1);
}

static inline struct inode *file_inode(const struct file *f)
{
	return f->f_inode;
}

static inline struct dentry *file_dentry(const struct file *file)
{
	return file->f_path.dentry;
}

static inline loff_t i_size_read(const struct inode *inode)
{
	return READ_ONCE(inode->i_size);
}

static inline void i_size_write(struct inode *inode, loff_t i_size)
{
	WRITE_ONCE(inode->i_size, i_size);
}

static inline unsigned int inode_state_read_once(struct inode *inode)
{
	return READ_ONCE(inode->i_state.__state);
}

static inline void inode_lock(struct inode *inode)
{
	down_write(&inode->i_rwsem);
}

static inline void inode_unlock(struct inode *inode)
{
	up_write(&inode->i_rwsem);
}

static inline void inode_lock_shared(struct inode *inode)
{
	down_read(&inode->i_rwsem);
}

static inline void inode_unlock_shared(struct inode *inode)
{
	up_read(&inode->i_rwsem);
}

static inline void filemap_invalidate_lock(struct address_space *mapping)
{
	down_write(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_unlock(struct address_space *mapping)
{
	up_write(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_lock_shared(struct address_space *mapping)
{
	down_read(&mapping->invalidate_lock);
}

static inline int filemap_invalidate_trylock_shared(struct address_space *mapping)
{
	return down_read_trylock(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_unlock_shared(struct address_space *mapping)
{
	up_read(&mapping->invalidate_lock);
}

static inline void i_mmap_lock_write(struct address_space *mapping)
{
	down_write(&mapping->i_mmap_rwsem);
}

static inline void i_mmap_unlock_write(struct address_space *mapping)
{
	up_write(&mapping->i_mmap_rwsem);
}

static inline void i_mmap_lock_read(struct address_space *mapping)
{
	down_read(&mapping->i_mmap_rwsem);
}

static inline void i_mmap_unlock_read(struct address_space *mapping)
{
	up_read(&mapping->i_mmap_rwsem);
}

/*
 * i_mmap_writable counts shared mappings that may be written through, and is negative while
 * there must not be any.
 */
static inline int mapping_map_writable(struct address_space *mapping)
{
	return atomic_inc_unless_negative(&mapping->i_mmap_writable) ? 0 : -EPERM;
}

static inline void mapping_unmap_writable(struct address_space *mapping)
{
	atomic_dec(&mapping->i_mmap_writable);
}

static inline int mapping_deny_writable(struct address_space *mapping)
{
	return atomic_dec_unless_positive(&mapping->i_mmap_writable) ? 0 : -EBUSY;
}

static inline void mapping_allow_writable(struct address_space *mapping)
{
	atomic_inc(&mapping->i_mmap_writable);
}

static inline bool mapping_writably_mapped(const struct address_space *mapping)
{
	return atomic_read(&mapping->i_mmap_writable) > 0;
}

static inline int mapping_mapped(const struct address_space *mapping)
{
	return !list_empty(&mapping->i_mmap);
}

/* fs/file_table.c, fs/file.c: references to files */

#define fops_get(fops)							\
({									\
	const struct file_operations *__get = (fops);			\
									\
	__get && try_module_get(__get->owner) ? __get : NULL;		\
})
#define fops_put(fops)							\
do {									\
	const struct file_operations *__put = (fops);			\
									\
	if (__put)							\
		module_put(__put->owner);				\
} while (0)

static inline struct file *get_file(struct file *f)
{
	file_ref_inc(&f->f_ref);
	return f;
}

#define file_count(f)	file_ref_read(&(f)->f_ref)

struct file *get_file_rcu(struct file __rcu **f);
struct file *get_file_active(struct file **f);

struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name,
			       int flags, const struct file_operations *fops);

/* fs/inode.c */

void vfs_caches_init(void);
void address_space_init_once(struct address_space *mapping);
void inode_init_once(struct inode *inode);
int inode_init_always(struct super_block *sb, struct inode *inode);
struct inode *alloc_inode(struct super_block *sb);
struct inode *new_inode_pseudo(struct super_block *sb);
struct inode *new_inode(struct super_block *sb);
void ihold(struct inode *inode);
void iput(struct inode *inode);
struct inode *igrab(struct inode *inode);
void clear_inode(struct inode *inode);
int inode_generic_drop(struct inode *inode);
void set_nlink(struct inode *inode, unsigned int nlink);
void clear_nlink(struct inode *inode);
u64 get_next_ino(void);
int file_modified(struct file *file);

#define alloc_inode_sb(_sb, _cache, _gfp)	kmem_cache_alloc_lru(_cache, NULL, _gfp)

/* fs/super.c, fs/libfs.c, fs/open.c, fs/read_write.c */

struct vfsmount *kern_mount(struct file_system_type *type);
void kern_unmount(struct vfsmount *mnt);
void kill_anon_super(struct super_block *sb);
int simple_statfs(struct dentry *dentry, struct kstatfs *buf);
struct inode *alloc_anon_inode(struct super_block *sb);

int generic_file_open(struct inode *inode, struct file *filp);
int nonseekable_open(struct inode *inode, struct file *filp);
int stream_open(struct inode *inode, struct file *filp);
int vfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len);
int do_ftruncate(struct file *file, loff_t length);
long vfs_ioctl(struct file *filp, unsigned int cmd, unsigned long arg);
loff_t noop_llseek(struct file *file, loff_t offset, int whence);
loff_t vfs_setpos(struct file *file, loff_t offset, loff_t maxsize);
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence);
int filp_flush(struct file *filp, fl_owner_t id);
int filp_close(struct file *filp, fl_owner_t id);

/* Calls the driver's mmap(); MM's mmap() uses it. */
static inline int vfs_mmap(struct file *file, struct vm_area_struct *vma)
{
	return file->f_op->mmap(file, vma);
}

static inline int can_mmap_file(struct file *file)
{
	return file->f_op->mmap != NULL;
}

#endif /* _LINUX_FS_H */
