/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_NET_INTERNAL_H
#define _SIM_NET_INTERNAL_H

/* Simulated: what the files of sim/net/ share; linux/socket.h says what is modelled. */

#include <linux/file.h>
#include <linux/socket.h>
#include <linux/types.h>

struct unix_sock;

/**
 * struct scm_fp_list - files in flight, a reference to each.
 * @count: number of them
 * @fp:    the files
 */
struct scm_fp_list {
	int count;
	struct file *fp[SCM_MAX_FD];
};

/**
 * struct msghdr - a message as the protocols see it.
 * @iov:        pieces of user memory, the array itself copied to the kernel
 * @iovlen:     number of pieces
 * @len:        bytes in all of them
 * @control:    to send: a copy of the control data
 * @user_control: to receive: where the control data go
 * @controllen: bytes there; less what was written after receiving
 * @flags:      MSG_* of the call, and after receiving those for the caller
 */
struct msghdr {
	struct iovec *iov;
	size_t iovlen;
	size_t len;
	void *control;
	void __user *user_control;
	size_t controllen;
	unsigned int flags;
};

/* socket.c */

/** msg_copy_from_user() - the data of @msg to @to; 0, or -EFAULT. */
int msg_copy_from_user(void *to, const struct msghdr *msg);
/** msg_copy_to_user() - @len bytes at @from to the pieces of @msg; 0, or -EFAULT. */
int msg_copy_to_user(const struct msghdr *msg, const void *from, size_t len);
/** sock_is_file() - whether @file is a socket. */
bool sock_is_file(const struct file *file);

/* scm.c */

/**
 * scm_send() - take references to the files whose descriptors @msg carries.
 * @fplp: the list, NULL if there are none; the caller's
 *
 * Return: 0; -EINVAL malformed control data, -EBADF, -ENOMEM.
 */
int scm_send(const struct msghdr *msg, struct scm_fp_list **fplp);

/**
 * scm_detach_fds() - give the receiver descriptors for the files of @fpl, which is freed.
 *
 * Those for which there is no room, in the control data or in the table, are dropped and
 * MSG_CTRUNC is set.
 */
void scm_detach_fds(struct msghdr *msg, struct scm_fp_list *fpl);

/** scm_destroy() - give up the files in flight; NULL is fine. */
void scm_destroy(struct scm_fp_list *fpl);

/* af_unix.c */

/** unix_create_pair() - two connected sockets; 0, or -ENOMEM. */
int unix_create_pair(struct unix_sock *pair[2]);
/** unix_release_sock() - the file of @u is closed. */
void unix_release_sock(struct unix_sock *u);
/** unix_sendmsg() - bytes sent, or -errno. */
long unix_sendmsg(struct unix_sock *u, struct msghdr *msg);
/** unix_recvmsg() - bytes received, 0 if the other end is closed, or -errno. */
long unix_recvmsg(struct unix_sock *u, struct msghdr *msg);

#endif /* _SIM_NET_INTERNAL_H */
