// SPDX-License-Identifier: GPL-2.0
/*
 * Pipes and eventfds: descriptors of types that no live update handler knows. They can
 * be created, duplicated, offered for preservation and closed (fs/pipe.c, fs/eventfd.c).
 * Moving data through them is not modelled and ends the run.
 */

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <sim/sim.h>

#include "internal.h"
#include "read_write.h"

#define EFD_SEMAPHORE	1

static struct vfsmount *pipe_mnt;

static ssize_t foreign_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	sim_check(false, "read() from a pipe or eventfd is not modelled");
	return -EIO;
}

static ssize_t foreign_write(struct file *file, const char __user *buf, size_t len,
			     loff_t *pos)
{
	sim_check(false, "write() to a pipe or eventfd is not modelled");
	return -EIO;
}

static int foreign_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static const struct file_operations pipefifo_fops = {
	.read = foreign_read,
	.write = foreign_write,
};

static const struct file_operations eventfd_fops = {
	.read = foreign_read,
	.write = foreign_write,
	.release = foreign_release,
};

static int pipefs_init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, PIPEFS_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type pipe_fs_type = {
	.name = "pipefs",
	.init_fs_context = pipefs_init_fs_context,
	.kill_sb = kill_anon_super,
};

static struct file *pipe_end(struct inode *inode, int flags)
{
	struct file *file = alloc_file_pseudo(inode, pipe_mnt, "", flags, &pipefifo_fops);

	if (IS_ERR(file))
		iput(inode);
	return file;
}

static int create_pipe_files(struct file *res[2], int flags)
{
	struct inode *inode = new_inode_pseudo(pipe_mnt->mnt_sb);

	if (!inode)
		return -ENFILE;
	inode->i_ino = get_next_ino();
	inode->i_mode = S_IFIFO | S_IRUSR | S_IWUSR;

	ihold(inode);
	res[0] = pipe_end(inode, O_RDONLY | (flags & O_NONBLOCK));
	if (IS_ERR(res[0])) {
		iput(inode);
		return PTR_ERR(res[0]);
	}
	res[1] = pipe_end(inode, O_WRONLY | (flags & (O_NONBLOCK | O_DIRECT)));
	if (IS_ERR(res[1])) {
		fput(res[0]);
		return PTR_ERR(res[1]);
	}
	return 0;
}

/** ksys_pipe2() - two descriptors, read end first, written to @fds. */
long ksys_pipe2(int __user *fds, int flags)
{
	struct file *files[2] = {};
	int fd[2], err;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
		return -EINVAL;
	err = create_pipe_files(files, flags);
	if (err)
		return err;

	err = fd[0] = get_unused_fd_flags(flags & O_CLOEXEC);
	if (err < 0)
		goto err_files;
	err = fd[1] = get_unused_fd_flags(flags & O_CLOEXEC);
	if (err < 0)
		goto err_fd0;
	err = -EFAULT;
	if (copy_to_user(fds, fd, sizeof(fd)))
		goto err_fd1;

	fd_install(fd[0], files[0]);
	fd_install(fd[1], files[1]);
	return 0;

err_fd1:
	put_unused_fd(fd[1]);
err_fd0:
	put_unused_fd(fd[0]);
err_files:
	fput(files[0]);
	fput(files[1]);
	return err;
}

/** ksys_eventfd2() - a descriptor, or -EINVAL for unknown flags, or -errno. */
long ksys_eventfd2(unsigned int count, int flags)
{
	u64 *ctx;
	int fd;

	if (flags & ~(EFD_SEMAPHORE | O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;

	ctx = kmalloc_obj(*ctx);
	if (!ctx)
		return -ENOMEM;
	*ctx = count;
	fd = anon_inode_getfd("[eventfd]", &eventfd_fops, ctx,
			      O_RDWR | (flags & (O_CLOEXEC | O_NONBLOCK)));
	if (fd < 0)
		kfree(ctx);
	return fd;
}

static int __init pipe_init(void)
{
	pipe_mnt = kern_mount(&pipe_fs_type);
	return IS_ERR(pipe_mnt) ? PTR_ERR(pipe_mnt) : 0;
}
fs_initcall(pipe_init);
