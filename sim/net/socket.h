/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_NET_SOCKET_H
#define _SIM_NET_SOCKET_H

/* Simulated: the system calls of sockets, for the table in kernel/syscalls.c. */

#include <linux/compiler.h>
#include <linux/socket.h>

long ksys_socketpair(int family, int type, int protocol, int __user *sv);
long ksys_sendmsg(unsigned int fd, const struct user_msghdr __user *from, unsigned int flags);
long ksys_recvmsg(unsigned int fd, struct user_msghdr __user *to, unsigned int flags);
int sim_process_connect(void *a, void *b, int fd[2]);

#endif /* _SIM_NET_SOCKET_H */
