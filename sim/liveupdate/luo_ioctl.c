// SPDX-License-Identifier: GPL-2.0
/*
 * How the ioctls of /dev/liveupdate and of sessions get their arguments: these begin with
 * their size, and both sides may know a longer or shorter version. Checks as in kernel/
 * liveupdate/luo_core.c and luo_session.c of Linux 7.3; the order of reply and effect is
 * not the same, see docs/findings.md (F-01, F-02, F-13).
 */

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/liveupdate.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/uaccess.h>

#include "luo_internal.h"

/* All that give a descriptor have it in the same place. */
#define FD_PLACE	offsetof(union luo_ioctl_arg, new_fd.fd)
static_assert(offsetof(union luo_ioctl_arg, create_session.fd) == FD_PLACE);
static_assert(offsetof(union luo_ioctl_arg, retrieve_session.fd) == FD_PLACE);
static_assert(offsetof(union luo_ioctl_arg, retrieve_fd.fd) == FD_PLACE);

/**
 * struct luo_call - an ioctl that is being handled.
 * @op:    which
 * @owner: on what
 * @user:  the argument in user memory
 * @usize: its size as the user says
 * @arg:   the copy of it
 */
struct luo_call {
	const struct luo_ioctl *op;
	void *owner;
	void __user *user;
	u32 usize;
	union luo_ioctl_arg arg;
};

/* Finds out which ioctl @cmd is and whether it makes sense. */
static int luo_call_identify(struct luo_call *call, const struct luo_ioctl_table *table,
			     unsigned int cmd)
{
	unsigned int index = _IOC_NR(cmd) - table->base;

	/* A number below the base has become a large one. */
	if (index >= table->count)
		return -EINVAL;
	if (get_user(call->usize, (u32 __user *)call->user))
		return -EFAULT;

	call->op = &table->ioctls[index];
	if (call->op->cmd != cmd)
		return -ENOIOCTLCMD;
	if (call->op->applies && !call->op->applies(call->owner))
		return -EINVAL;
	return call->usize < call->op->min_size ? -EINVAL : 0;
}

/*
 * The reply first, then the effect: it is the first that can't be undone, and an ioctl
 * that fails because the reply can't be written must have had no effect (P-07).
 */
static int luo_call_execute(struct luo_call *call, struct file **filep)
{
	if (copy_to_user(call->user, &call->arg, min(call->usize, call->op->size)))
		return -EFAULT;
	return call->op->execute(call->owner, &call->arg, filep);
}

/* The descriptor is known before there is anything behind it, so it can be in the reply. */
static int luo_call_give_fd(struct luo_call *call)
{
	CLASS(get_unused_fd, fd)(O_CLOEXEC);
	struct file *file;
	int err;

	if (fd < 0)
		return fd;
	call->arg.new_fd.fd = fd;
	err = luo_call_execute(call, &file);
	if (!err)
		fd_install(take_fd(fd), file);
	return err;
}

/**
 * luo_ioctl_run() - check an ioctl's argument, do what it asks for and reply.
 *
 * Return: what its functions say; -EINVAL no such number, too small, or not for this
 * @owner; -ENOIOCTLCMD another direction or type; -E2BIG longer than the kernel knows, and
 * not by zeroes; -EFAULT; -EMFILE.
 */
long luo_ioctl_run(const struct luo_ioctl_table *table, void *owner, unsigned int cmd,
		   unsigned long arg)
{
	struct luo_call call;
	int err;

	call.owner = owner;
	call.user = (void __user *)arg;
	err = luo_call_identify(&call, table, cmd);
	if (err)
		return err;
	err = copy_struct_from_user(&call.arg, call.op->size, call.user, call.usize);
	if (err)
		return err;

	if (call.op->prepare)
		err = call.op->prepare(owner, &call.arg);
	if (err)
		return err;
	return call.op->gives_fd ? luo_call_give_fd(&call) : luo_call_execute(&call, NULL);
}
