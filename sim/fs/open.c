// SPDX-License-Identifier: GPL-2.0
/*
 * What system calls do to an open file other than reading and writing. Semantics of
 * fs/open.c and fs/ioctl.c of Linux 7.3, checks in the same order.
 */

#include <linux/array_size.h>
#include <linux/falloc.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/overflow.h>

#include "internal.h"

/* The modes of fallocate() that mean anything to any file system. */
static const struct fallocate_mode {
	int mode;
	enum { KEEP_SIZE_FREE, KEEP_SIZE_MUST, KEEP_SIZE_NEVER } keep_size;
} fallocate_modes[] = {
	{ FALLOC_FL_ALLOCATE_RANGE, KEEP_SIZE_FREE },
	{ FALLOC_FL_ZERO_RANGE, KEEP_SIZE_FREE },
	{ FALLOC_FL_UNSHARE_RANGE, KEEP_SIZE_FREE },
	{ FALLOC_FL_PUNCH_HOLE, KEEP_SIZE_MUST },
	{ FALLOC_FL_INSERT_RANGE, KEEP_SIZE_NEVER },
	{ FALLOC_FL_COLLAPSE_RANGE, KEEP_SIZE_NEVER },
	{ FALLOC_FL_WRITE_ZEROES, KEEP_SIZE_NEVER },
};

static bool fallocate_mode_ok(int mode)
{
	const bool keep_size = mode & FALLOC_FL_KEEP_SIZE;

	for (unsigned int i = 0; i < ARRAY_SIZE(fallocate_modes); i++) {
		const struct fallocate_mode *known = &fallocate_modes[i];

		if (known->mode == (mode & ~FALLOC_FL_KEEP_SIZE))
			return known->keep_size != (keep_size ? KEEP_SIZE_NEVER : KEEP_SIZE_MUST);
	}
	return false;
}

/* Whether a file may be changed by what @mode asks for. */
static int fallocate_check_access(struct file *file, int mode)
{
	struct inode *inode = file_inode(file);
	const bool appends = !(mode & ~FALLOC_FL_KEEP_SIZE);

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (IS_IMMUTABLE(inode) || (IS_APPEND(inode) && !appends))
		return -EPERM;
	return IS_SWAPFILE(inode) ? -ETXTBSY : 0;
}

/* Whether files of a type have space to allocate. */
static int fallocate_check_type(umode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
	case S_IFBLK:
		return 0;
	case S_IFDIR:
		return -EISDIR;
	case S_IFIFO:
		return -ESPIPE;
	default:
		return -ENODEV;
	}
}

static int fallocate_check_end(struct inode *inode, loff_t offset, loff_t len)
{
	loff_t end;

	if (check_add_overflow(offset, len, &end) || end > inode->i_sb->s_maxbytes)
		return -EFBIG;
	return 0;
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
	int err;

	if (offset < 0 || len <= 0)
		return -EINVAL;
	if (!fallocate_mode_ok(mode))
		return -EOPNOTSUPP;

	err = fallocate_check_access(file, mode);
	err = err ?: fallocate_check_type(inode->i_mode);
	err = err ?: fallocate_check_end(inode, offset, len);
	if (err)
		return err;
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

/* What needs a place in the file. */
#define FMODE_POSITIONS	(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE)

/** nonseekable_open() - open() of files whose position only reading and writing change. */
int nonseekable_open(struct inode *inode, struct file *filp)
{
	filp->f_mode &= ~FMODE_POSITIONS;
	return 0;
}

/** stream_open() - open() of files that have no position at all. */
int stream_open(struct inode *inode, struct file *filp)
{
	filp->f_mode = (filp->f_mode & ~(FMODE_POSITIONS | FMODE_ATOMIC_POS)) | FMODE_STREAM;
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
