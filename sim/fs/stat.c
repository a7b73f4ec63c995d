// SPDX-License-Identifier: GPL-2.0
/*
 * fstat(2), fcntl(2) and fchmod(2). Semantics of fs/stat.c, fs/fcntl.c and fs/open.c of
 * Linux 7.3 for a program that runs as root. Times, owners and devices read as zero.
 */

#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/memfd.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <sim/sim.h>

#include "read_write.h"

#define S_IALLUGO	07777
#define FD_CLOEXEC	1

/* struct stat of x86-64 (arch/x86/include/uapi/asm/stat.h). */
struct stat64 {
	u64 st_dev;
	u64 st_ino;
	u64 st_nlink;
	u32 st_mode;
	u32 st_uid;
	u32 st_gid;
	u32 pad0;
	u64 st_rdev;
	s64 st_size;
	s64 st_blksize;
	s64 st_blocks;
	u64 times[6];
	s64 unused[3];
};

static_assert(sizeof(struct stat64) == 144);

/** ksys_fstat() - -EBADF, -EFAULT. */
long ksys_fstat(unsigned int fd, void __user *statbuf)
{
	struct stat64 stat = { .st_blksize = PAGE_SIZE };
	struct inode *inode;

	CLASS(fd, f)(fd);

	if (fd_empty(f))
		return -EBADF;
	inode = file_inode(fd_file(f));
	stat.st_ino = inode->i_ino;
	stat.st_nlink = inode->i_nlink;
	stat.st_mode = inode->i_mode;
	stat.st_size = i_size_read(inode);
	stat.st_blocks = READ_ONCE(inode->i_mapping->nrpages) << (PAGE_SHIFT - 9);
	return copy_to_user(statbuf, &stat, sizeof(stat)) ? -EFAULT : 0;
}

static long get_close_on_exec(unsigned int fd)
{
	struct fdtable *fdt;
	bool set;

	rcu_read_lock();
	fdt = files_fdtable(current->files);
	set = fd < fdt->max_fds && test_bit(fd, fdt->close_on_exec);
	rcu_read_unlock();
	return set ? FD_CLOEXEC : 0;
}

/** ksys_fcntl() - -EBADF, -EINVAL, or what the command says. */
long ksys_fcntl(unsigned int fd, unsigned int cmd, unsigned long arg)
{
	CLASS(fd, f)(fd);

	if (fd_empty(f))
		return -EBADF;
	switch (cmd) {
	case F_GETFD:
		return get_close_on_exec(fd);
	case F_GETFL:
		return fd_file(f)->f_flags;
	case F_ADD_SEALS:
	case F_GET_SEALS:
		return memfd_fcntl(fd_file(f), cmd, (unsigned int)arg);
	default:
		sim_check(false, "this command of fcntl() isn't modelled");
		return -EINVAL;
	}
}

/** ksys_fchmod() - -EBADF, or what the inode's setattr() says; -EOPNOTSUPP without one. */
long ksys_fchmod(unsigned int fd, umode_t mode)
{
	struct iattr attr = { .ia_valid = ATTR_MODE };
	struct inode *inode;
	int err = -EOPNOTSUPP;

	CLASS(fd, f)(fd);

	if (fd_empty(f))
		return -EBADF;
	inode = file_inode(fd_file(f));
	inode_lock(inode);
	attr.ia_mode = (mode & S_IALLUGO) | (inode->i_mode & ~S_IALLUGO);
	if (inode->i_op->setattr)
		err = inode->i_op->setattr(NULL, file_dentry(fd_file(f)), &attr);
	inode_unlock(inode);
	return err;
}
