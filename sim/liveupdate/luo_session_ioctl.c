// SPDX-License-Identifier: GPL-2.0
/*
 * What a session's descriptor can be asked for. Semantics of kernel/liveupdate/
 * luo_session.c of Linux 7.3; how arguments come and go is in luo_ioctl.c.
 */

#include <linux/array_size.h>
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/liveupdate.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/string.h>

#include "luo_internal.h"

/* Who has a descriptor of an incoming session has retrieved it. */
static bool luo_session_is_incoming(void *owner)
{
	struct luo_session *session = owner;

	return session->retrieved;
}

static bool luo_session_is_outgoing(void *owner)
{
	return !luo_session_is_incoming(owner);
}

static int luo_session_preserve_fd(void *owner, union luo_ioctl_arg *arg, struct file **filep)
{
	struct luo_session *session = owner;

	guard(rwsem_read)(&luo_session_serialize_rwsem);
	guard(mutex)(&session->mutex);
	return luo_preserve_file(&session->file_set, arg->preserve_fd.token,
				 arg->preserve_fd.fd);
}

static int luo_session_retrieve_fd(void *owner, union luo_ioctl_arg *arg, struct file **filep)
{
	struct luo_session *session = owner;

	guard(rwsem_read)(&luo_session_serialize_rwsem);
	guard(mutex)(&session->mutex);
	return luo_retrieve_file(&session->file_set, arg->retrieve_fd.token, filep);
}

static int luo_session_check_finish(void *owner, union luo_ioctl_arg *arg)
{
	return arg->finish.reserved ? -EINVAL : 0;
}

static int luo_session_finish(void *owner, union luo_ioctl_arg *arg, struct file **filep)
{
	struct luo_session *session = owner;

	guard(rwsem_read)(&luo_session_serialize_rwsem);
	guard(mutex)(&session->mutex);
	return luo_file_finish(&session->file_set);
}

/* The reply is all there is to it: a name never changes. */
static int luo_session_fill_name(void *owner, union luo_ioctl_arg *arg)
{
	struct luo_session *session = owner;

	if (arg->get_name.reserved)
		return -EINVAL;
	strscpy((char *)arg->get_name.name, session->name, sizeof(arg->get_name.name));
	return 0;
}

/* Waits for a reboot under way like the others. */
static int luo_session_get_name(void *owner, union luo_ioctl_arg *arg, struct file **filep)
{
	guard(rwsem_read)(&luo_session_serialize_rwsem);
	return 0;
}

#define NR(_cmd)	(_IOC_NR(_cmd) - LIVEUPDATE_CMD_SESSION_BASE)

static const struct luo_ioctl luo_session_ioctls[] = {
	[NR(LIVEUPDATE_SESSION_PRESERVE_FD)] = {
		LUO_IOCTL_ARG(LIVEUPDATE_SESSION_PRESERVE_FD, liveupdate_session_preserve_fd,
			      token),
		.applies = luo_session_is_outgoing,
		.execute = luo_session_preserve_fd,
	},
	[NR(LIVEUPDATE_SESSION_RETRIEVE_FD)] = {
		LUO_IOCTL_ARG(LIVEUPDATE_SESSION_RETRIEVE_FD, liveupdate_session_retrieve_fd,
			      token),
		.applies = luo_session_is_incoming,
		.execute = luo_session_retrieve_fd,
		.gives_fd = true,
	},
	[NR(LIVEUPDATE_SESSION_FINISH)] = {
		LUO_IOCTL_ARG(LIVEUPDATE_SESSION_FINISH, liveupdate_session_finish, reserved),
		.applies = luo_session_is_incoming,
		.prepare = luo_session_check_finish,
		.execute = luo_session_finish,
	},
	[NR(LIVEUPDATE_SESSION_GET_NAME)] = {
		LUO_IOCTL_ARG(LIVEUPDATE_SESSION_GET_NAME, liveupdate_session_get_name, name),
		.prepare = luo_session_fill_name,
		.execute = luo_session_get_name,
	},
};

static const struct luo_ioctl_table luo_session_ioctl_table = {
	.base = LIVEUPDATE_CMD_SESSION_BASE,
	.count = ARRAY_SIZE(luo_session_ioctls),
	.ioctls = luo_session_ioctls,
};

static long luo_session_ioctl(struct file *filep, unsigned int cmd, unsigned long arg)
{
	return luo_ioctl_run(&luo_session_ioctl_table, filep->private_data, cmd, arg);
}

const struct file_operations luo_session_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = luo_session_ioctl,
	.release = luo_session_release,
};
