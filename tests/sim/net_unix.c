// SPDX-License-Identifier: GPL-2.0
/* Descriptors passed through sockets: references, errors, the end of a connection. */

#include <linux/socket.h>

#include "luo_test.h"

/**
 * struct message - as it lies in user memory.
 * @header:  for sendmsg() and recvmsg()
 * @iov:     leads to @data
 * @control: room for two descriptors
 * @data:    some bytes
 */
struct message {
	struct user_msghdr header;
	struct iovec iov;
	struct {
		struct cmsghdr header;
		int fd[2];
	} control;
	char data[8];
};

static struct message *message(unsigned int fds)
{
	struct message *m = (void *)sim_boot.user_base;

	*m = (struct message){
		.header = {
			.msg_iov = &m->iov, .msg_iovlen = 1, .msg_control = &m->control,
			.msg_controllen = fds ? CMSG_LEN(fds * sizeof(int)) : 0,
		},
		.iov = { .iov_base = m->data, .iov_len = 1 },
		.control.header = {
			.cmsg_len = CMSG_LEN(fds * sizeof(int)),
			.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
		},
		.data = "x",
	};
	return m;
}

static void pair(int fd[2])
{
	EXPECT_EQ(sys(HOST_NR_SOCKETPAIR, AF_UNIX, SOCK_SEQPACKET, 0, sim_boot.user_base), 0);
	memcpy(fd, (void *)sim_boot.user_base, 2 * sizeof(*fd));
}

static long send_fd(int to, int fd)
{
	struct message *m = message(1);

	m->control.fd[0] = fd;
	return sys(HOST_NR_SENDMSG, to, sim_boot.user_base, 0);
}

static long receive(int from, unsigned int room, unsigned int flags)
{
	message(room);
	return sys(HOST_NR_RECVMSG, from, sim_boot.user_base, flags);
}

static int received_fd(void)
{
	const struct message *m = (void *)sim_boot.user_base;

	EXPECT_EQ(m->control.header.cmsg_type, SCM_RIGHTS);
	EXPECT_EQ(m->control.header.cmsg_len, CMSG_LEN(sizeof(int)));
	return m->control.fd[0];
}

static struct file *file_of(int fd)
{
	struct file *file = fget(fd);

	if (file)
		fput(file);
	return file;
}

SIM_TEST(scm_rights__received__is_another_descriptor_of_the_same_file)
{
	int s[2], fd = lt_open("/dev/kvm");
	struct file *file = file_of(fd);

	pair(s);
	EXPECT_EQ(send_fd(s[0], fd), 1);
	EXPECT_EQ(lt_close(fd), 0);
	EXPECT_EQ(receive(s[1], 1, 0), 1);
	EXPECT(file_of(received_fd()) == file);
	EXPECT_EQ(((struct message *)sim_boot.user_base)->header.msg_flags, 0);
}

SIM_TEST(scm_rights__messages__arrive_in_the_order_of_sending)
{
	int s[2], first = lt_open("/dev/kvm"), second = lt_open("/dev/kvm");

	pair(s);
	EXPECT_EQ(send_fd(s[0], first), 1);
	EXPECT_EQ(send_fd(s[0], second), 1);
	EXPECT_EQ(receive(s[1], 1, 0), 1);
	EXPECT(file_of(received_fd()) == file_of(first));
	EXPECT_EQ(receive(s[1], 1, 0), 1);
	EXPECT(file_of(received_fd()) == file_of(second));
	EXPECT_EQ(receive(s[1], 1, MSG_DONTWAIT), -EAGAIN);
}

SIM_TEST(scm_rights__bad_descriptor__is_ebadf_and_takes_nothing)
{
	int s[2], luo = lt_open_luo();
	struct message *m;

	pair(s);
	m = message(2);
	m->control.fd[0] = luo;
	m->control.fd[1] = 999;
	EXPECT_EQ(sys(HOST_NR_SENDMSG, s[0], sim_boot.user_base, 0), -EBADF);
	EXPECT_EQ(receive(s[1], 1, MSG_DONTWAIT), -EAGAIN);
	EXPECT_EQ(lt_close(luo), 0);
	EXPECT(lt_open_luo() >= 0);
}

SIM_TEST(scm_rights__no_room_for_it__is_dropped_and_said)
{
	int s[2], luo = lt_open_luo();

	pair(s);
	EXPECT_EQ(send_fd(s[0], luo), 1);
	EXPECT_EQ(lt_close(luo), 0);
	EXPECT_EQ(receive(s[1], 0, 0), 1);
	EXPECT_EQ(((struct message *)sim_boot.user_base)->header.msg_flags, MSG_CTRUNC);
	/* The reference is gone as well: the device is free. */
	EXPECT(lt_open_luo() >= 0);
}

SIM_TEST(socket__closed_with_messages_unread__gives_their_references_back)
{
	int s[2], luo = lt_open_luo();

	pair(s);
	EXPECT_EQ(send_fd(s[0], luo), 1);
	EXPECT_EQ(lt_close(luo), 0);
	EXPECT_EQ(lt_open("/dev/liveupdate"), -EBUSY);
	EXPECT_EQ(lt_close(s[1]), 0);
	EXPECT(lt_open_luo() >= 0);
	EXPECT_EQ(receive(s[0], 1, 0), -ECONNRESET);
	EXPECT_EQ(receive(s[0], 1, 0), 0);
	EXPECT_EQ(send_fd(s[0], lt_open("/dev/kvm")), -EPIPE);
}

SIM_TEST(socket__sender_closed__is_the_end_after_the_last_message)
{
	int s[2], fd = lt_open("/dev/kvm");

	pair(s);
	EXPECT_EQ(send_fd(s[0], fd), 1);
	EXPECT_EQ(lt_close(s[0]), 0);
	EXPECT_EQ(receive(s[1], 1, 0), 1);
	EXPECT_EQ(receive(s[1], 1, 0), 0);
	EXPECT_EQ(receive(s[1], 1, MSG_DONTWAIT), 0);
	EXPECT_EQ(send_fd(s[1], fd), -EPIPE);
}

SIM_TEST(socket__bad_arguments__have_their_errno)
{
	int s[2], fd = lt_open("/dev/kvm");
	struct message *m;

	pair(s);
	EXPECT_EQ(send_fd(fd, fd), -ENOTSOCK);
	EXPECT_EQ(receive(fd, 1, 0), -ENOTSOCK);
	EXPECT_EQ(send_fd(999, fd), -EBADF);
	EXPECT_EQ(sys(HOST_NR_SENDMSG, s[0], 8, 0), -EFAULT);
	m = message(1);
	m->control.header.cmsg_len = sizeof(struct cmsghdr) - 1;
	EXPECT_EQ(sys(HOST_NR_SENDMSG, s[0], sim_boot.user_base, 0), -EINVAL);
	m = message(0);
	m->iov.iov_len = 1 << 20;
	EXPECT_EQ(sys(HOST_NR_SENDMSG, s[0], sim_boot.user_base, 0), -EMSGSIZE);
}

SIM_TEST(socket__nobody_sends__deadlocks)
{
	int s[2];

	pair(s);
	receive(s[1], 1, 0);
}

SIM_TEST(socket__passed_on__is_checked)
{
	int s[2];

	pair(s);
	send_fd(s[0], s[1]);
}
