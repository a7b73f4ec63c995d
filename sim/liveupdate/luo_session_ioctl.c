// SPDX-License-Identifier: GPL-2.0
/*
 * What a session's descriptor can be asked for. Arguments are checked as in kernel/
 * liveupdate/luo_session.c of Linux 7.3; the order of reply and effect is not the same,
 * see docs/findings.md (F-01, F-02, F-13).
 */

#include <linux/array_size.h>
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/liveupdate.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/string.h>

#include "luo_internal.h"

static int luo_session_preserve_fd(struct luo_session *session, void *cmd, struct file **filep)
{
	struct liveupdate_session_preserve_fd *argp = cmd;

	guard(mutex)(&session->mutex);
	return luo_preserve_file(&session->file_set, argp->token, argp->fd);
}

static int luo_session_retrieve_fd(struct luo_session *session, void *cmd, struct file **filep)
{
	struct liveupdate_session_retrieve_fd *argp = cmd;

	guard(mutex)(&session->mutex);
	return luo_retrieve_file(&session->file_set, argp->token, filep);
}

static int luo_session_check_finish(struct luo_session *session, void *cmd)
{
	struct liveupdate_session_finish *argp = cmd;

	return argp->reserved ? -EINVAL : 0;
}

static int luo_session_finish(struct luo_session *session, void *cmd, struct file **filep)
{
	guard(mutex)(&session->mutex);
	return luo_file_finish(&session->file_set);
}

static int luo_session_fill_name(struct luo_session *session, void *cmd)
{
	struct liveupdate_session_get_name *argp = cmd;

	if (argp->reserved)
		return -EINVAL;
	strscpy((char *)argp->name, session->name, sizeof(argp->name));
	return 0;
}

static int luo_session_get_name(struct luo_session *session, void *cmd, struct file **filep)
{
	return 0;
}

union ucmd_buffer {
	struct liveupdate_session_finish finish;
	struct liveupdate_session_preserve_fd preserve;
	struct liveupdate_session_retrieve_fd retrieve;
	struct liveupdate_session_get_name get_name;
};

/* Which sessions an ioctl is for. */
enum luo_ioctl_type {
	LUO_IOCTL_INCOMING,
	LUO_IOCTL_OUTGOING,
	LUO_IOCTL_ALL,
};

/**
 * struct luo_ioctl_op - an ioctl of sessions.
 * @gives_fd: the argument's fd is set to a new descriptor, for the file from @execute
 * @prepare:  optional; checks the argument and completes the reply, without any lock
 * @execute:  does it, after the reply has been written
 */
struct luo_ioctl_op {
	unsigned int size;
	unsigned int min_size;
	unsigned int ioctl_num;
	enum luo_ioctl_type type;
	bool gives_fd;
	int (*prepare)(struct luo_session *session, void *cmd);
	int (*execute)(struct luo_session *session, void *cmd, struct file **filep);
};

#define IOCTL_OP(_ioctl, _fn, _struct, _last, _type, ...)		\
	[_IOC_NR(_ioctl) - LIVEUPDATE_CMD_SESSION_BASE] = {		\
		.size = sizeof(_struct),				\
		.min_size = offsetofend(_struct, _last),		\
		.ioctl_num = _ioctl,					\
		.type = _type,						\
		.execute = _fn,						\
		__VA_ARGS__						\
	}

static const struct luo_ioctl_op luo_session_ioctl_ops[] = {
	IOCTL_OP(LIVEUPDATE_SESSION_FINISH, luo_session_finish,
		 struct liveupdate_session_finish, reserved, LUO_IOCTL_INCOMING,
		 .prepare = luo_session_check_finish),
	IOCTL_OP(LIVEUPDATE_SESSION_PRESERVE_FD, luo_session_preserve_fd,
		 struct liveupdate_session_preserve_fd, token, LUO_IOCTL_OUTGOING),
	IOCTL_OP(LIVEUPDATE_SESSION_RETRIEVE_FD, luo_session_retrieve_fd,
		 struct liveupdate_session_retrieve_fd, token, LUO_IOCTL_INCOMING,
		 .gives_fd = true),
	IOCTL_OP(LIVEUPDATE_SESSION_GET_NAME, luo_session_get_name,
		 struct liveupdate_session_get_name, name, LUO_IOCTL_ALL,
		 .prepare = luo_session_fill_name),
};

static bool luo_ioctl_type_valid(struct luo_session *session, const struct luo_ioctl_op *op)
{
	if (op->type == LUO_IOCTL_ALL)
		return true;
	return session->retrieved == (op->type == LUO_IOCTL_INCOMING);
}

/* A descriptor, a reply, and only then an effect: it is the first that can't be undone. */
static int luo_session_execute(struct luo_session *session, const struct luo_ioctl_op *op,
			       struct luo_ucmd *ucmd)
{
	struct liveupdate_session_retrieve_fd *argp = ucmd->cmd;
	struct file *file;
	int err = 0;

	if (op->prepare)
		err = op->prepare(session, ucmd->cmd);
	if (err)
		return err;
	if (op->gives_fd) {
		argp->fd = get_unused_fd_flags(O_CLOEXEC);
		if (argp->fd < 0)
			return argp->fd;
	}

	err = luo_ucmd_respond(ucmd, op->size);
	if (!err) {
		guard(rwsem_read)(&luo_session_serialize_rwsem);
		err = op->execute(session, ucmd->cmd, &file);
	}

	if (op->gives_fd && err)
		put_unused_fd(argp->fd);
	else if (op->gives_fd)
		fd_install(argp->fd, file);
	return err;
}

static long luo_session_ioctl(struct file *filep, unsigned int cmd, unsigned long arg)
{
	struct luo_session *session = filep->private_data;
	const struct luo_ioctl_op *op;
	struct luo_ucmd ucmd = {};
	union ucmd_buffer buf;
	unsigned int nr;
	int err;

	nr = _IOC_NR(cmd);
	if (nr < LIVEUPDATE_CMD_SESSION_BASE ||
	    nr - LIVEUPDATE_CMD_SESSION_BASE >= ARRAY_SIZE(luo_session_ioctl_ops))
		return -EINVAL;

	ucmd.ubuffer = (void __user *)arg;
	err = get_user(ucmd.user_size, (u32 __user *)ucmd.ubuffer);
	if (err)
		return err;

	op = &luo_session_ioctl_ops[nr - LIVEUPDATE_CMD_SESSION_BASE];
	if (op->ioctl_num != cmd)
		return -ENOIOCTLCMD;
	if (!luo_ioctl_type_valid(session, op))
		return -EINVAL;
	if (ucmd.user_size < op->min_size)
		return -EINVAL;

	ucmd.cmd = &buf;
	err = copy_struct_from_user(ucmd.cmd, op->size, ucmd.ubuffer, ucmd.user_size);
	if (err)
		return err;
	return luo_session_execute(session, op, &ucmd);
}

const struct file_operations luo_session_fops = {
	.owner = THIS_MODULE,
	.release = luo_session_release,
	.unlocked_ioctl = luo_session_ioctl,
};
