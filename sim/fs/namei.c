// SPDX-License-Identifier: GPL-2.0
/*
 * open(2): there are two directories, /dev and /tmp. Errors as those of fs/namei.c and
 * fs/open.c of Linux 7.3 for a program that runs as root in the root directory.
 */

#include <linux/file.h>
#include <linux/fs.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <sim/sim.h>

#include "internal.h"
#include "namei.h"

#define SIM_PATH_MAX	128

static struct file *do_filp_open(const char *path, int flags)
{
	if (!*path)
		return ERR_PTR(-ENOENT);
	if (!strncmp(path, "/dev/", 5))
		return misc_open(path + 5, flags);
	if (!strncmp(path, "/tmp/", 5))
		return tmp_open(path + 5, flags);
	return ERR_PTR(-ENOENT);
}

/**
 * filp_open() - open a path on behalf of the kernel itself.
 * @mode: of a new file; not used, none is created here
 *
 * Return: the file, or an ERR_PTR as of open(2).
 */
struct file *filp_open(const char *path, int flags, umode_t mode)
{
	return do_filp_open(path, flags | O_LARGEFILE);
}

/**
 * ksys_openat() - open(2) and openat(2); every program's working directory is empty.
 *
 * Return: the lowest free descriptor; -EFAULT, -ENAMETOOLONG, -ENOENT, -EMFILE, or what
 * the file's own open() says.
 */
long ksys_openat(int dfd, const char __user *filename, int flags)
{
	char path[SIM_PATH_MAX];
	struct file *file;
	long len;
	int fd;

	len = strncpy_from_user(path, filename, sizeof(path));
	if (len < 0)
		return len;
	if (len == sizeof(path))
		return -ENAMETOOLONG;

	fd = get_unused_fd_flags(flags & O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = do_filp_open(path, (flags & ~O_CLOEXEC) | O_LARGEFILE);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}
