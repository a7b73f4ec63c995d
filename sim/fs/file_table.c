// SPDX-License-Identifier: GPL-2.0
/*
 * struct file: allocation, the last reference, references from stale pointers. Semantics
 * of fs/file_table.c and of the look-ups under RCU in fs/file.c of Linux 7.3.
 */

#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mount.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/task_work.h>

#include "internal.h"

static struct kmem_cache *filp_cache;

/**
 * alloc_empty_file() - a file that is not open yet.
 *
 * The memory may be that of a file that died a moment ago, with somebody still
 * looking at it under RCU: the count comes alive last.
 * Return: the file with one reference, or an ERR_PTR: -ENOMEM.
 */
struct file *alloc_empty_file(int flags)
{
	struct file *f = kmem_cache_alloc(filp_cache, GFP_KERNEL);

	if (!f)
		return ERR_PTR(-ENOMEM);

	spin_lock_init(&f->f_lock);
	mutex_init(&f->f_pos_lock);
	f->__f_path = (struct path){};
	f->f_flags = flags;
	f->f_mode = OPEN_FMODE(flags);
	f->f_op = NULL;
	f->f_mapping = NULL;
	f->private_data = NULL;
	f->f_inode = NULL;
	f->f_pos = 0;
	file_ref_init(&f->f_ref, 1);

	vfs_count(files, 1);
	return f;
}

static void file_free(struct file *f)
{
	vfs_count(files, -1);
	kmem_cache_free(filp_cache, f);
}

static void file_init_path(struct file *file, const struct path *path,
			   const struct file_operations *fops)
{
	file->__f_path = *path;
	file->f_inode = path->dentry->d_inode;
	file->f_mapping = file->f_inode->i_mapping;
	if (fops->llseek)
		file->f_mode |= FMODE_LSEEK;
	if ((file->f_mode & FMODE_READ) && fops->read)
		file->f_mode |= FMODE_CAN_READ;
	if ((file->f_mode & FMODE_WRITE) && fops->write)
		file->f_mode |= FMODE_CAN_WRITE;
	file->f_mode |= FMODE_OPENED;
	file->f_op = fops;
}

/**
 * alloc_file_pseudo() - an open file on an inode of a pseudo file system.
 * @inode: the file takes over the caller's reference, unless it fails
 * @mnt:   where the inode lives; gets a reference of its own
 * @name:  of the dentry
 * @flags: O_*
 * @fops:  not pinned here: __fput() puts what the caller got with fops_get()
 *
 * Return: the file, or an ERR_PTR: -ENOMEM.
 */
struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name,
			       int flags, const struct file_operations *fops)
{
	struct path path;
	struct file *file;

	if (WARN_ON_ONCE(S_ISDIR(inode->i_mode)))
		return ERR_PTR(-EINVAL);

	path.dentry = d_alloc_pseudo(mnt->mnt_sb, name);
	if (!path.dentry)
		return ERR_PTR(-ENOMEM);
	path.mnt = mntget(mnt);
	d_instantiate(path.dentry, inode);

	file = alloc_empty_file(flags);
	if (IS_ERR(file)) {
		/* The dentry gives up the caller's reference, which must stay. */
		ihold(inode);
		path_put(&path);
		return file;
	}

	file_init_path(file, &path, fops);
	return file;
}

/**
 * do_dentry_open() - make @file an open file of @path, as open(2) does.
 *
 * Return: 0, or the error of the file's own open(); the file is then not open and
 * holds no reference to @path.
 */
int do_dentry_open(struct file *file, const struct path *path,
		   const struct file_operations *fops)
{
	struct inode *inode = path->dentry->d_inode;
	int err;

	path_get(path);
	file->__f_path = *path;
	file->f_inode = inode;
	file->f_mapping = inode->i_mapping;
	if (S_ISREG(inode->i_mode))
		file->f_mode |= FMODE_ATOMIC_POS;

	err = -ENODEV;
	file->f_op = fops_get(fops);
	if (!file->f_op)
		goto err_path;

	file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
	if (file->f_op->open) {
		err = file->f_op->open(inode, file);
		if (err)
			goto err_fops;
	}

	file->f_mode |= FMODE_OPENED;
	if ((file->f_mode & FMODE_READ) && file->f_op->read)
		file->f_mode |= FMODE_CAN_READ;
	if ((file->f_mode & FMODE_WRITE) && file->f_op->write)
		file->f_mode |= FMODE_CAN_WRITE;
	if (!file->f_op->llseek)
		file->f_mode &= ~FMODE_LSEEK;
	file->f_flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
	return 0;

err_fops:
	fops_put(file->f_op);
err_path:
	path_put(path);
	file->__f_path = (struct path){};
	file->f_inode = NULL;
	return err;
}

static void __fput(struct file *file)
{
	struct path path = file->f_path;
	struct inode *inode = file->f_inode;

	if (!(file->f_mode & FMODE_OPENED))
		goto out;

	might_sleep();
	if (file->f_op->release)
		file->f_op->release(inode, file);
	fops_put(file->f_op);
	path_put(&path);
out:
	file_free(file);
}

static void ____fput(struct callback_head *work)
{
	__fput(container_of(work, struct file, f_task_work));
}

/*
 * The release runs when the current task returns to user space, without the locks of
 * whoever put the last reference. A kernel thread never returns there: the kernel
 * uses a work item for it, here it runs at once.
 */
static void __fput_deferred(struct file *file)
{
	struct task_struct *task = current;

	if (!(file->f_mode & FMODE_OPENED)) {
		file_free(file);
		return;
	}

	if (!(task->flags & PF_KTHREAD)) {
		init_task_work(&file->f_task_work, ____fput);
		if (!task_work_add(task, &file->f_task_work, TWA_RESUME))
			return;
		/* The task is past its last task work. */
	}
	__fput(file);
}

/** fput() - give back a reference; the last one releases the file, see above. */
void fput(struct file *file)
{
	if (file_ref_put(&file->f_ref))
		__fput_deferred(file);
}

/** fput_close_sync() - fput() of close(2), which is about to return to user space. */
void fput_close_sync(struct file *file)
{
	if (file_ref_put(&file->f_ref))
		__fput(file);
}

static struct file *__get_file_rcu(struct file __rcu **f)
{
	struct file *file = rcu_dereference_raw(*f);

	if (!file)
		return NULL;
	if (!file_ref_get(&file->f_ref))
		return ERR_PTR(-EAGAIN);

	/* Still the file that the pointer is about, and not another in its memory? */
	if (file == rcu_dereference_raw(*f))
		return file;

	fput(file);
	return ERR_PTR(-EAGAIN);
}

/**
 * get_file_rcu() - a reference to the file that *@f points to; NULL if it points nowhere.
 *
 * Tries again while *@f points to a dying file: whoever lets it die clears the pointer.
 * Context: under rcu_read_lock().
 */
struct file *get_file_rcu(struct file __rcu **f)
{
	struct file *file;

	do {
		file = __get_file_rcu(f);
	} while (IS_ERR(file));

	return file;
}

/**
 * get_file_active() - a reference to the file that *@f points to, if it is alive.
 *
 * For a pointer that does not count as a reference. Return: NULL if it points nowhere,
 * to a file whose last reference is gone, or changed meanwhile.
 */
struct file *get_file_active(struct file **f)
{
	struct file *file;

	rcu_read_lock();
	file = __get_file_rcu(f);
	rcu_read_unlock();

	return IS_ERR(file) ? NULL : file;
}

void __init files_init(void)
{
	struct kmem_cache_args args = {
		.use_freeptr_offset = true,
		.freeptr_offset = offsetof(struct file, f_freeptr),
	};

	filp_cache = kmem_cache_create("filp", sizeof(struct file), &args,
				       SLAB_HWCACHE_ALIGN | SLAB_PANIC | SLAB_ACCOUNT |
				       SLAB_TYPESAFE_BY_RCU);
}
