// SPDX-License-Identifier: GPL-2.0
/*
 * Descriptors in messages. Semantics of net/core/scm.c of Linux 7.3: __scm_send(),
 * scm_fp_copy(), scm_detach_fds(), and of receive_fd() in fs/file.c.
 */

#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <sim/sim.h>

#include "internal.h"

void scm_destroy(struct scm_fp_list *fpl)
{
	if (!fpl)
		return;
	for (int i = fpl->count; i-- > 0; )
		fput(fpl->fp[i]);
	kfree(fpl);
}

static int scm_add_fd(struct scm_fp_list *fpl, int fd)
{
	struct file *file = fd < 0 ? NULL : fget_raw(fd);

	if (!file)
		return -EBADF;
	sim_check(!sock_is_file(file), "passing a socket through a socket is not modelled");
	fpl->fp[fpl->count++] = file;
	return 0;
}

static int scm_fp_copy(const struct cmsghdr *cmsg, struct scm_fp_list **fplp)
{
	const int *fds = (const int *)(cmsg + 1);
	size_t nr = (cmsg->cmsg_len - sizeof(*cmsg)) / sizeof(int);
	int err = 0;

	if (!nr)
		return 0;
	if (nr > SCM_MAX_FD)
		return -EINVAL;
	if (!*fplp) {
		*fplp = kmalloc_obj(**fplp);
		if (!*fplp)
			return -ENOMEM;
		(*fplp)->count = 0;
	}
	if ((*fplp)->count + nr > SCM_MAX_FD)
		return -EINVAL;
	for (size_t i = 0; i < nr && !err; i++)
		err = scm_add_fd(*fplp, fds[i]);
	return err;
}

static int scm_take(const struct cmsghdr *cmsg, struct scm_fp_list **fplp)
{
	if (cmsg->cmsg_level != SOL_SOCKET)
		return 0;
	sim_check(cmsg->cmsg_type == SCM_RIGHTS,
		  "control data other than SCM_RIGHTS are not modelled");
	return scm_fp_copy(cmsg, fplp);
}

int scm_send(const struct msghdr *msg, struct scm_fp_list **fplp)
{
	size_t at = 0;
	int err = 0;

	*fplp = NULL;
	while (!err && at + sizeof(struct cmsghdr) <= msg->controllen) {
		const struct cmsghdr *cmsg = msg->control + at;

		if (cmsg->cmsg_len < sizeof(*cmsg) || cmsg->cmsg_len > msg->controllen - at)
			err = -EINVAL;
		else
			err = scm_take(cmsg, fplp);
		at += CMSG_ALIGN(cmsg->cmsg_len);
	}
	if (err) {
		scm_destroy(*fplp);
		*fplp = NULL;
	}
	return err;
}

/* The descriptor is written before it leads anywhere: who sees it can use it. */
static int receive_fd(struct file *file, int __user *ufd, unsigned int flags)
{
	int fd = get_unused_fd_flags(flags);
	int err;

	if (fd < 0)
		return fd;
	err = put_user(fd, ufd);
	if (err) {
		put_unused_fd(fd);
		return err;
	}
	fd_install(fd, get_file(file));
	return 0;
}

static int put_header(struct msghdr *msg, int nr)
{
	struct cmsghdr header = {
		.cmsg_len = CMSG_LEN(nr * sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	};

	if (copy_to_user(msg->user_control, &header, sizeof(header)))
		return -EFAULT;
	msg->controllen -= min(CMSG_SPACE(nr * sizeof(int)), msg->controllen);
	return 0;
}

void scm_detach_fds(struct msghdr *msg, struct scm_fp_list *fpl)
{
	int __user *ufds = msg->user_control + sizeof(struct cmsghdr);
	unsigned int flags = msg->flags & MSG_CMSG_CLOEXEC ? O_CLOEXEC : 0;
	int room = 0, nr = 0;

	if (msg->user_control && msg->controllen > sizeof(struct cmsghdr))
		room = min_t(size_t, fpl->count,
			     (msg->controllen - sizeof(struct cmsghdr)) / sizeof(int));
	while (nr < room && !receive_fd(fpl->fp[nr], ufds + nr, flags))
		nr++;
	if (nr)
		put_header(msg, nr);
	if (nr < fpl->count)
		msg->flags |= MSG_CTRUNC;
	scm_destroy(fpl);
}
