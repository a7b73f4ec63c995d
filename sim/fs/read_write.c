// SPDX-License-Identifier: GPL-2.0
/*
 * Positions, reading and writing. Semantics of fs/read_write.c of Linux 7.3, without
 * vectors: files have read() and write().
 */

#include <asm/page.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/uaccess.h>

#include "internal.h"
#include "read_write.h"

/* As much as one call transfers, whatever it is asked for. */
#define MAX_RW_COUNT	(0x7fffffffUL & PAGE_MASK)

loff_t noop_llseek(struct file *file, loff_t offset, int whence)
{
	return file->f_pos;
}

/** vfs_setpos() - set f_pos; returns it, or -EINVAL outside of 0 to @maxsize. */
loff_t vfs_setpos(struct file *file, loff_t offset, loff_t maxsize)
{
	if (offset < 0 || offset > maxsize)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}

/** generic_file_llseek() - set f_pos within 0 and the largest file of the file system. */
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence)
{
	struct inode *inode = file_inode(file);
	loff_t size = i_size_read(inode);

	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		offset += file->f_pos;
		break;
	case SEEK_END:
		offset += size;
		break;
	case SEEK_DATA:
		if (offset < 0 || offset >= size)
			return -ENXIO;
		break;
	case SEEK_HOLE:
		if (offset < 0 || offset >= size)
			return -ENXIO;
		offset = size;
		break;
	default:
		return -EINVAL;
	}
	return vfs_setpos(file, offset, inode->i_sb->s_maxbytes);
}

static struct file *fget_pos(unsigned int fd)
{
	struct file *file = fget(fd);

	if (file && (file->f_mode & FMODE_ATOMIC_POS))
		mutex_lock(&file->f_pos_lock);
	return file;
}

static void fput_pos(struct file *file)
{
	if (file->f_mode & FMODE_ATOMIC_POS)
		mutex_unlock(&file->f_pos_lock);
	fput(file);
}

/** ksys_lseek() - -EBADF, -EINVAL, -ESPIPE if the file has no position. */
long ksys_lseek(unsigned int fd, loff_t offset, unsigned int whence)
{
	struct file *file = fget_pos(fd);
	long ret = -ESPIPE;

	if (!file)
		return -EBADF;
	if (whence > SEEK_HOLE)
		ret = -EINVAL;
	else if (file->f_mode & FMODE_LSEEK)
		ret = file->f_op->llseek(file, offset, whence);
	fput_pos(file);

	return ret;
}

static long vfs_rw(struct file *file, char __user *buf, size_t len, loff_t *pos, bool write)
{
	if (!(file->f_mode & (write ? FMODE_WRITE : FMODE_READ)))
		return -EBADF;
	if (!(file->f_mode & (write ? FMODE_CAN_WRITE : FMODE_CAN_READ)))
		return -EINVAL;
	if (!access_ok(buf, len))
		return -EFAULT;
	if ((ssize_t)len < 0)
		return -EINVAL;
	len = min_t(size_t, len, MAX_RW_COUNT);

	return write ? file->f_op->write(file, buf, len, pos) :
		       file->f_op->read(file, buf, len, pos);
}

/** ksys_rw() - read(2) and write(2). */
long ksys_rw(unsigned int fd, char __user *buf, size_t len, bool write)
{
	struct file *file = fget_pos(fd);
	long ret;

	if (!file)
		return -EBADF;
	ret = vfs_rw(file, buf, len, &file->f_pos, write);
	fput_pos(file);

	return ret;
}

/** ksys_prw() - pread(2) and pwrite(2), which leave the position alone. */
long ksys_prw(unsigned int fd, char __user *buf, size_t len, loff_t pos, bool write)
{
	struct file *file;
	long ret = -ESPIPE;

	if (pos < 0)
		return -EINVAL;
	file = fget(fd);
	if (!file)
		return -EBADF;
	if (file->f_mode & (write ? FMODE_PWRITE : FMODE_PREAD))
		ret = vfs_rw(file, buf, len, &pos, write);
	fput(file);

	return ret;
}
