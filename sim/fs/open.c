// SPDX-License-Identifier: GPL-2.0
/*
 * What system calls do to an open file other than reading and writing. Semantics of
 * fs/open.c and fs/ioctl.c of Linux 7.3, checks in the same order.
 */

#include <linux/falloc.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/overflow.h>

#include "internal.h"

/* Which combinations of modes mean anything to any file system. */
static int fallocate_mode_ok(int mode)
{
	if (mode & ~(FALLOC_FL_MODE_MASK | FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;

	switch (mode & FALLOC_FL_MODE_MASK) {
	case FALLOC_FL_ALLOCATE_RANGE:
	case FALLOC_FL_UNSHARE_RANGE:
	case FALLOC_FL_ZERO_RANGE:
		return 0;
	case FALLOC_FL_PUNCH_HOLE:
		return mode & FALLOC_FL_KEEP_SIZE ? 0 : -EOPNOTSUPP;
	case FALLOC_FL_COLLAPSE_RANGE:
	case FALLOC_FL_INSERT_RANGE:
	case FALLOC_FL_WRITE_ZEROES:
		return mode & FALLOC_FL_KEEP_SIZE ? -EOPNOTSUPP : 0;
	default:
		return -EOPNOTSUPP;
	}
}

/**
 * vfs_fallocate() - check the arguments and call the file's own fallocate().
 *
 * Return: 0; -EINVAL range; -EOPNOTSUPP mode, or the file can't; -EBADF not open for
 * writing; -ESPIPE, -EISDIR, -ENODEV kind of file; -EFBIG beyond the largest file;
 * or what the file says. (fs/open.c: vfs_fallocate())
 */
int vfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	loff_t sum;
	int err;

	if (offset < 0 || len <= 0)
		return -EINVAL;
	err = fallocate_mode_ok(mode);
	if (err)
		return err;
	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if ((mode & ~FALLOC_FL_KEEP_SIZE) && IS_APPEND(inode))
		return -EPERM;
	if (IS_IMMUTABLE(inode))
		return -EPERM;
	if (IS_SWAPFILE(inode))
		return -ETXTBSY;
	if (S_ISFIFO(inode->i_mode))
		return -ESPIPE;
	if (S_ISDIR(inode->i_mode))
		return -EISDIR;
	if (!S_ISREG(inode->i_mode) && !S_ISBLK(inode->i_mode))
		return -ENODEV;
	if (check_add_overflow(offset, len, &sum))
		return -EFBIG;
	if (sum > inode->i_sb->s_maxbytes)
		return -EFBIG;
	if (!file->f_op->fallocate)
		return -EOPNOTSUPP;

	return file->f_op->fallocate(file, mode, offset, len);
}

/**
 * do_ftruncate() - change the size of an open file through its inode's setattr().
 *
 * Return: 0; -EINVAL no regular file or not open for writing; -EPERM append-only or
 * immutable; or what setattr() says; -EOPNOTSUPP without one.
 */
int do_ftruncate(struct file *file, loff_t length)
{
	struct inode *inode = file_inode(file);
	struct iattr attr = {
		.ia_valid = ATTR_SIZE | ATTR_FILE,
		.ia_size = length,
		.ia_file = file,
	};
	int err = -EOPNOTSUPP;

	if (!S_ISREG(inode->i_mode) || !(file->f_mode & FMODE_WRITE))
		return -EINVAL;
	if (length > MAX_NON_LFS && !(file->f_flags & O_LARGEFILE))
		return -EINVAL;
	if (IS_APPEND(inode) || IS_IMMUTABLE(inode))
		return -EPERM;

	inode_lock(inode);
	if (inode->i_op->setattr)
		err = inode->i_op->setattr(NULL, file_dentry(file), &attr);
	inode_unlock(inode);
	return err;
}

/** generic_file_open() - open() of files that need none: large files need O_LARGEFILE. */
int generic_file_open(struct inode *inode, struct file *filp)
{
	if (!(filp->f_flags & O_LARGEFILE) && i_size_read(inode) > (loff_t)MAX_NON_LFS)
		return -EOVERFLOW;
	return 0;
}

int nonseekable_open(struct inode *inode, struct file *filp)
{
	filp->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
	return 0;
}

int stream_open(struct inode *inode, struct file *filp)
{
	filp->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
	filp->f_mode |= FMODE_STREAM;
	return 0;
}

/** filp_flush() - a descriptor of @filp goes away; the file itself may live on. */
int filp_flush(struct file *filp, fl_owner_t id)
{
	if (filp->f_op->flush)
		return filp->f_op->flush(filp, id);
	return 0;
}

int filp_close(struct file *filp, fl_owner_t id)
{
	int err = filp_flush(filp, id);

	fput(filp);
	return err;
}

/**
 * vfs_ioctl() - the file's own ioctl.
 *
 * Return: -ENOTTY if it has none or says -ENOIOCTLCMD, else what it says.
 */
long vfs_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	long err = -ENOTTY;

	if (filp->f_op->unlocked_ioctl) {
		err = filp->f_op->unlocked_ioctl(filp, cmd, arg);
		if (err == -ENOIOCTLCMD)
			err = -ENOTTY;
	}
	return err;
}
