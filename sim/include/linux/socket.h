/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SOCKET_H
#define _LINUX_SOCKET_H

/*
 * Simulated: sockets, as far as passing descriptors between processes needs them
 * (include/linux/socket.h, include/uapi/linux/uio.h, include/uapi/linux/un.h).
 *
 * Kernel promises: a message that carries descriptors (SCM_RIGHTS) holds a reference to each
 *	file while it is in flight; the receiver gets descriptors of its own for the same open
 *	files; with the last reference to a socket the messages in its queue go, and so do their
 *	references. A receiver sleeps until there is a message or the other end is closed.
 * Modelled: pairs of connected AF_UNIX sockets of type SOCK_SEQPACKET with sendmsg(2) and
 *	recvmsg(2), their errors and the order of the checks, SCM_RIGHTS on both sides.
 * Left out: names, listening and connecting; other types and families; credentials,
 *	MSG_PEEK and MSG_OOB; shutdown(2); the limit of the send buffer, so that a sender never
 *	waits; the limit of descriptors in flight; sockets that are passed on themselves, and
 *	with them the search for cycles. Using one of these traps.
 * Scheduling points: the state lock, the queue's lock, the receiver's mutex, the wake-ups.
 */

#include <linux/compiler.h>
#include <linux/types.h>

#define AF_UNIX			1
#define SOCK_SEQPACKET		5
#define SOCK_TYPE_MASK		0xf
#define SOCK_CLOEXEC		02000000
#define SOCK_NONBLOCK		04000

#define SOL_SOCKET		1
#define SCM_RIGHTS		1
#define SCM_MAX_FD		253

#define MSG_CTRUNC		0x8
#define MSG_TRUNC		0x20
#define MSG_DONTWAIT		0x40
#define MSG_NOSIGNAL		0x4000
#define MSG_CMSG_CLOEXEC	0x40000000

#define UIO_MAXIOV		1024

struct iovec {
	void __user *iov_base;
	size_t iov_len;
};

/* What sendmsg(2) and recvmsg(2) take. */
struct user_msghdr {
	void __user *msg_name;
	int msg_namelen;
	struct iovec __user *msg_iov;
	size_t msg_iovlen;
	void __user *msg_control;
	size_t msg_controllen;
	unsigned int msg_flags;
};

struct cmsghdr {
	size_t cmsg_len;
	int cmsg_level;
	int cmsg_type;
};

#define CMSG_ALIGN(len)		(((len) + sizeof(long) - 1) & ~(sizeof(long) - 1))
#define CMSG_LEN(len)		(sizeof(struct cmsghdr) + (len))
#define CMSG_SPACE(len)		(sizeof(struct cmsghdr) + CMSG_ALIGN(len))

#endif /* _LINUX_SOCKET_H */
