/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_FILE_H
#define _LINUX_FILE_H

/*
 * Simulated: descriptors and references to files (include/linux/file.h).
 *
 * Kernel promises: fget() gives a reference or NULL; a descriptor handed out by
 *	get_unused_fd_flags() is reserved until fd_install() or put_unused_fd().
 * Modelled: all of it. fput() of the last reference runs the release as task work of
 *	the current task, on its return to user space; at once in kernel threads.
 * Left out: the borrowed references of single-threaded processes: fdget() takes one.
 * Scheduling points: the table's lock, the counts.
 */

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/types.h>

struct dentry;
struct file;
struct file_operations;
struct inode;
struct vfsmount;

void fput(struct file *file);
struct file *fget(unsigned int fd);
struct file *fget_raw(unsigned int fd);

struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name,
			       int flags, const struct file_operations *fops);

int get_unused_fd_flags(unsigned int flags);
void put_unused_fd(unsigned int fd);
void fd_install(unsigned int fd, struct file *file);
int close_fd(unsigned int fd);

struct fd {
	struct file *file;
};

#define fd_file(f)	((f).file)
#define fd_empty(f)	(!(f).file)

static inline struct fd fdget(unsigned int fd)
{
	return (struct fd){ fget(fd) };
}

static inline void fdput(struct fd fd)
{
	if (fd.file)
		fput(fd.file);
}

DEFINE_CLASS(fd, struct fd, fdput(_T), fdget(fd), int fd)
DEFINE_CLASS(get_unused_fd, int, if (_T >= 0) put_unused_fd(_T),
	     get_unused_fd_flags(flags), unsigned int flags)
DEFINE_FREE(fput, struct file *, if (!IS_ERR_OR_NULL(_T)) fput(_T))

#define take_fd(fd)	__get_and_null(fd, -EBADF)

#endif /* _LINUX_FILE_H */
