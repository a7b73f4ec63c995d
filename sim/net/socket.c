// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets as files, and their system calls. Semantics of net/socket.c of Linux 7.3:
 * __sys_socketpair(), ___sys_sendmsg(), ___sys_recvmsg().
 */

#include <linux/errno.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <sim/sim.h>

#include "internal.h"
#include "socket.h"

/* Control data of one message: net.core.optmem_max. */
#define OPTMEM_MAX	(128 << 10)

static struct vfsmount *sock_mnt;

static int sock_close(struct inode *inode, struct file *file)
{
	unix_release_sock(file->private_data);
	return 0;
}

static const struct file_operations socket_file_ops = {
	.release = sock_close,
};

bool sock_is_file(const struct file *file)
{
	return file->f_op == &socket_file_ops;
}

static int sockfs_init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, SOCKFS_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type sock_fs_type = {
	.name = "sockfs",
	.init_fs_context = sockfs_init_fs_context,
	.kill_sb = kill_anon_super,
};

/* The file takes over @u; without a file it is closed. */
static struct file *sock_alloc_file(struct unix_sock *u, int flags)
{
	struct inode *inode = new_inode_pseudo(sock_mnt->mnt_sb);
	struct file *file = ERR_PTR(-ENFILE);

	if (!inode)
		goto err_sock;
	inode->i_ino = get_next_ino();
	inode->i_mode = S_IFSOCK | S_IRWXUGO;
	file = alloc_file_pseudo(inode, sock_mnt, "", O_RDWR | (flags & O_NONBLOCK),
				 &socket_file_ops);
	if (IS_ERR(file))
		goto err_inode;
	file->private_data = u;
	return file;

err_inode:
	iput(inode);
err_sock:
	unix_release_sock(u);
	return file;
}

static int sock_pair_files(struct file *files[2], int flags)
{
	struct unix_sock *pair[2];
	int err = unix_create_pair(pair);

	if (err)
		return err;
	files[0] = sock_alloc_file(pair[0], flags);
	if (IS_ERR(files[0])) {
		unix_release_sock(pair[1]);
		return PTR_ERR(files[0]);
	}
	files[1] = sock_alloc_file(pair[1], flags);
	if (IS_ERR(files[1])) {
		fput(files[0]);
		return PTR_ERR(files[1]);
	}
	return 0;
}

/** ksys_socketpair() - two connected sockets, their descriptors written to @sv. */
long ksys_socketpair(int family, int type, int protocol, int __user *sv)
{
	int flags = type & ~SOCK_TYPE_MASK;
	struct file *files[2];
	int fd[2], err;

	if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
		return -EINVAL;
	sim_check(family == AF_UNIX && (type & SOCK_TYPE_MASK) == SOCK_SEQPACKET && !protocol,
		  "sockets other than AF_UNIX, SOCK_SEQPACKET are not modelled");
	err = fd[0] = get_unused_fd_flags(flags);
	if (err < 0)
		return err;
	err = fd[1] = get_unused_fd_flags(flags);
	if (err < 0)
		goto err_fd0;
	err = copy_to_user(sv, fd, sizeof(fd)) ? -EFAULT : sock_pair_files(files, flags);
	if (err)
		goto err_fd1;
	fd_install(fd[0], files[0]);
	fd_install(fd[1], files[1]);
	return 0;

err_fd1:
	put_unused_fd(fd[1]);
err_fd0:
	put_unused_fd(fd[0]);
	return err;
}

/* Messages */

static int msg_copy(const struct msghdr *msg, char *buf, size_t len, bool to_user)
{
	for (size_t i = 0; i < msg->iovlen && len; i++) {
		size_t part = min(len, msg->iov[i].iov_len);
		void __user *user = msg->iov[i].iov_base;

		if (to_user ? copy_to_user(user, buf, part) : copy_from_user(buf, user, part))
			return -EFAULT;
		buf += part;
		len -= part;
	}
	return 0;
}

int msg_copy_from_user(void *to, const struct msghdr *msg)
{
	return msg_copy(msg, to, msg->len, false);
}

int msg_copy_to_user(const struct msghdr *msg, const void *from, size_t len)
{
	return msg_copy(msg, (char *)from, len, true);
}

static int msg_read_iov(struct msghdr *msg, const struct user_msghdr *user)
{
	if (user->msg_iovlen > UIO_MAXIOV)
		return -EMSGSIZE;
	if (!user->msg_iovlen)
		return 0;
	msg->iov = memdup_user(user->msg_iov, user->msg_iovlen * sizeof(*msg->iov));
	if (IS_ERR(msg->iov)) {
		int err = PTR_ERR(msg->iov);

		msg->iov = NULL;
		return err;
	}
	msg->iovlen = user->msg_iovlen;
	for (size_t i = 0; i < msg->iovlen; i++) {
		if ((ssize_t)msg->iov[i].iov_len < 0)
			return -EINVAL;
		msg->len += msg->iov[i].iov_len;
	}
	return 0;
}

static int msg_read_control(struct msghdr *msg, const struct user_msghdr *user)
{
	if (user->msg_controllen > OPTMEM_MAX)
		return -ENOBUFS;
	if (!user->msg_controllen)
		return 0;
	msg->control = memdup_user(user->msg_control, user->msg_controllen);
	if (IS_ERR(msg->control)) {
		int err = PTR_ERR(msg->control);

		msg->control = NULL;
		return err;
	}
	msg->controllen = user->msg_controllen;
	return 0;
}

static int msg_read(struct msghdr *msg, struct user_msghdr *user,
		    const struct user_msghdr __user *from, unsigned int flags)
{
	*msg = (struct msghdr){ .flags = flags };
	if (copy_from_user(user, from, sizeof(*user)))
		return -EFAULT;
	return msg_read_iov(msg, user);
}

static void msg_free(struct msghdr *msg)
{
	kfree(msg->iov);
	kfree(msg->control);
}

static unsigned int sock_flags(const struct file *file, unsigned int flags)
{
	return file->f_flags & O_NONBLOCK ? flags | MSG_DONTWAIT : flags;
}

/**
 * ksys_sendmsg() - sendmsg(2).
 *
 * Return: bytes sent, -EBADF, -ENOTSOCK, -EFAULT, -EINVAL and -ENOBUFS for bad control
 * data, -EMSGSIZE, -EPIPE the other end is closed, -ECONNRESET it was closed with
 * messages unread (once), -ENOMEM.
 */
long ksys_sendmsg(unsigned int fd, const struct user_msghdr __user *from, unsigned int flags)
{
	struct user_msghdr user;
	struct msghdr msg;
	long ret;

	CLASS(fd, f)(fd);

	if (fd_empty(f))
		return -EBADF;
	if (!sock_is_file(fd_file(f)))
		return -ENOTSOCK;
	ret = msg_read(&msg, &user, from, sock_flags(fd_file(f), flags));
	ret = ret ?: msg_read_control(&msg, &user);
	ret = ret ?: unix_sendmsg(fd_file(f)->private_data, &msg);
	msg_free(&msg);
	return ret;
}

static long recvmsg_reply(struct user_msghdr __user *to, const struct user_msghdr *user,
			  const struct msghdr *msg)
{
	if (put_user(0, &to->msg_namelen) ||
	    put_user(msg->flags & (MSG_CTRUNC | MSG_TRUNC), &to->msg_flags) ||
	    put_user(user->msg_controllen - msg->controllen, &to->msg_controllen))
		return -EFAULT;
	return 0;
}

/**
 * ksys_recvmsg() - recvmsg(2).
 *
 * Return: bytes received, 0 the other end is closed, -EBADF, -ENOTSOCK, -EFAULT, -EAGAIN
 * nothing is there and waiting was not wanted, -ECONNRESET as above, -ERESTARTSYS.
 */
long ksys_recvmsg(unsigned int fd, struct user_msghdr __user *to, unsigned int flags)
{
	struct user_msghdr user;
	struct msghdr msg;
	long ret;

	CLASS(fd, f)(fd);

	if (fd_empty(f))
		return -EBADF;
	if (!sock_is_file(fd_file(f)))
		return -ENOTSOCK;
	ret = msg_read(&msg, &user, to, sock_flags(fd_file(f), flags));
	msg.user_control = user.msg_control;
	msg.controllen = user.msg_controllen;
	ret = ret ?: unix_recvmsg(fd_file(f)->private_data, &msg);
	if (ret >= 0)
		ret = recvmsg_reply(to, &user, &msg) ?: ret;
	msg_free(&msg);
	return ret;
}

/* A connection that two processes inherited. */

/* Where programs move inherited descriptors to, so that they are out of the way. */
#define SIM_FD_INHERITED	960

/**
 * sim_process_connect() - a pair of sockets, one end in each of two processes.
 * @a:  process; gets the first end
 * @b:  process; gets the second
 * @fd: the descriptors
 *
 * As if a common parent had made the pair, forked both, and each had moved its end out
 * of the way and closed the other. Return: 0, or -errno.
 */
int sim_process_connect(void *a, void *b, int fd[2])
{
	struct sim_process *processes[2] = { a, b };
	struct file *files[2];
	int err = sock_pair_files(files, 0);

	if (err)
		return err;
	for (int i = 0; i < 2; i++) {
		fd[i] = files_add(processes[i]->files, SIM_FD_INHERITED, files[i]);
		if (fd[i] < 0) {
			err = fd[i];
			fput(files[i]);
		}
	}
	return err;
}

static int __init sock_init(void)
{
	sock_mnt = kern_mount(&sock_fs_type);
	return IS_ERR(sock_mnt) ? PTR_ERR(sock_mnt) : 0;
}
core_initcall(sock_init);
