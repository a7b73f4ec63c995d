// SPDX-License-Identifier: GPL-2.0
/* /dev/liveupdate and sessions as a program sees them: the errors of a real Linux 7.3. */

#include <linux/kvm.h>

#include "luo_handler.h"

SIM_TEST(luo_device__second_open__is_ebusy_until_the_first_is_closed, "P-01")
{
	int fd = lt_open_luo();

	EXPECT_EQ(lt_open("/dev/liveupdate"), -EBUSY);
	EXPECT_EQ(lt_close(fd), 0);
	EXPECT_EQ(lt_close(lt_open_luo()), 0);
}

SIM_TEST(luo_session__names__empty_unterminated_and_duplicate_are_refused, "P-03", "P-04")
{
	char name[64];
	int luo = lt_open_luo(), dup;

	memset(name, 'x', sizeof(name));
	EXPECT_EQ(lt_create_session(luo, ""), -EINVAL);
	EXPECT_EQ(lt_session_op(luo, LIVEUPDATE_IOCTL_CREATE_SESSION, name), -EINVAL);
	name[63] = '\0';
	EXPECT(lt_create_session(luo, name) >= 0);
	EXPECT(lt_create_session(luo, "a/b\nc") >= 0);
	dup = lt_create_session(luo, "dup");
	EXPECT(dup >= 0);
	EXPECT_EQ(lt_create_session(luo, "dup"), -EEXIST);
	EXPECT_EQ(lt_close(dup), 0);
	EXPECT_EQ(lt_create_session(luo, "dup"), dup);
	EXPECT_EQ(lt_session_op(luo, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "unknown"), -ENOENT);
	EXPECT_EQ(lt_session_op(luo, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "dup"), -ENOENT);
}

SIM_TEST(luo_session__duplicate_at_a_block_edge__leaves_no_block, "P-03", "P-65")
{
	int luo = lt_open_luo();
	char name[] = "s00";
	long keys;

	for (int i = 0; i < 51; i++) {
		name[1] = '0' + i / 10;
		name[2] = '0' + i % 10;
		EXPECT(lt_create_session(luo, name) >= 0);
	}
	keys = lt_keys();
	EXPECT_EQ(lt_create_session(luo, name), -EEXIST);
	EXPECT_EQ(lt_keys(), keys);
	EXPECT(lt_create_session(luo, "one more") >= 0);
	EXPECT_EQ(lt_keys(), keys + 1);
}

static long create_sized(int luo, u32 size, u8 tail)
{
	u8 arg[8192] = {};

	memcpy(arg, &size, sizeof(size));
	arg[8] = 'a' + size % 20;
	arg[103] = tail;
	return lt_ioctl(luo, LIVEUPDATE_IOCTL_CREATE_SESSION, arg, sizeof(arg));
}

/* What is handed over afterwards is judged by the checkers. */
SIM_TEST(luo_session__closed_above_a_block_edge__gives_a_block_back, "P-14", "P-65")
{
	int luo = lt_open_luo(), fds[52];
	char name[8];
	long keys;

	if (is_kho_boot())
		return;
	for (int i = 0; i < 51; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		fds[i] = lt_create_session(luo, name);
		EXPECT(fds[i] >= 0);
	}
	keys = lt_keys();
	fds[51] = lt_create_session(luo, "one more");
	EXPECT(fds[51] >= 0);
	EXPECT_EQ(lt_keys(), keys + 1);
	EXPECT_EQ(lt_close(fds[7]), 0);
	EXPECT_EQ(lt_keys(), keys);
	lt_kexec();
}

SIM_TEST(luo_ioctl__sizes_of_create__too_small_einval_unknown_tail_e2big, "P-09")
{
	int luo = lt_open_luo();

	EXPECT_EQ(create_sized(luo, 0, 0), -EINVAL);
	EXPECT_EQ(create_sized(luo, 4, 0), -EINVAL);
	EXPECT_EQ(create_sized(luo, 71, 0), -EINVAL);
	EXPECT_EQ(create_sized(luo, 72, 1), 0);
	EXPECT_EQ(create_sized(luo, 73, 1), 0);
	EXPECT_EQ(create_sized(luo, 104, 1), -E2BIG);
	EXPECT_EQ(create_sized(luo, 104, 0), 0);
	EXPECT_EQ(create_sized(luo, 8192, 1), -E2BIG);
}

SIM_TEST(luo_ioctl__numbers__unknown_einval_of_another_make_enotty)
{
	struct liveupdate_ioctl_create_session arg = { .size = sizeof(arg), .name = "x" };
	int luo = lt_open_luo();

	EXPECT_EQ(sys(HOST_NR_IOCTL, luo, LIVEUPDATE_IOCTL_CREATE_SESSION, 0), -EFAULT);
	EXPECT_EQ(lt_ioctl(luo, _IO(0xBA, 2), &arg, sizeof(arg)), -EINVAL);
	EXPECT_EQ(lt_ioctl(luo, _IO(0xBA, 0x40), &arg, sizeof(arg)), -EINVAL);
	EXPECT_EQ(lt_ioctl(luo, _IO(0xBB, 0), &arg, sizeof(arg)), -ENOTTY);
	EXPECT_EQ(lt_ioctl(luo, _IOWR(0xBA, 0, int), &arg, sizeof(arg)), -ENOTTY);
}

static long preserve_sized(int session, u32 size, u8 tail)
{
	u8 arg[40] = {};
	int fd = -1;

	memcpy(arg, &size, sizeof(size));
	memcpy(arg + 4, &fd, sizeof(fd));
	arg[31] = tail;
	return lt_ioctl(session, LIVEUPDATE_SESSION_PRESERVE_FD, arg, sizeof(arg));
}

SIM_TEST(luo_ioctl__sizes_of_preserve__are_checked_before_the_descriptor, "P-09")
{
	int luo = lt_open_luo(), session = lt_create_session(luo, "s");
	struct liveupdate_session_preserve_fd arg = { .size = sizeof(arg) };

	EXPECT_EQ(preserve_sized(session, 0, 0), -EINVAL);
	EXPECT_EQ(preserve_sized(session, 8, 0), -EINVAL);
	EXPECT_EQ(preserve_sized(session, 15, 0), -EINVAL);
	EXPECT_EQ(preserve_sized(session, 16, 0), -EBADF);
	EXPECT_EQ(preserve_sized(session, 32, 0), -EBADF);
	EXPECT_EQ(preserve_sized(session, 32, 1), -E2BIG);
	EXPECT_EQ(lt_ioctl(session, _IO(0xBA, 0x3f), &arg, sizeof(arg)), -EINVAL);
	EXPECT_EQ(lt_ioctl(session, _IO(0xBA, 0x44), &arg, sizeof(arg)), -EINVAL);
	EXPECT_EQ(lt_ioctl(session, _IO(0xBA, 0), &arg, sizeof(arg)), -EINVAL);
	EXPECT_EQ(lt_ioctl(session, _IOWR(0xBA, 0x40, int), &arg, sizeof(arg)), -ENOTTY);
}

SIM_TEST(luo_session__outgoing__can_neither_retrieve_nor_finish, "P-08")
{
	struct liveupdate_session_retrieve_fd retrieve = { .size = sizeof(retrieve) };
	struct liveupdate_session_finish finish = { .size = sizeof(finish) };
	int luo = lt_open_luo(), session = lt_create_session(luo, "outg");

	EXPECT_EQ(lt_ioctl(session, LIVEUPDATE_SESSION_RETRIEVE_FD, &retrieve, sizeof(retrieve)),
		  -EINVAL);
	EXPECT_EQ(lt_ioctl(session, LIVEUPDATE_SESSION_FINISH, &finish, sizeof(finish)), -EINVAL);
}

SIM_TEST(luo_session__get_name__returns_it_and_checks_the_reserved_field, "P-09")
{
	struct liveupdate_session_get_name arg = { .size = sizeof(arg) }, *user;
	int luo = lt_open_luo(), session = lt_create_session(luo, "outg");

	user = (void *)sim_boot.user_base;
	EXPECT_EQ(lt_ioctl(session, LIVEUPDATE_SESSION_GET_NAME, &arg, sizeof(arg)), 0);
	EXPECT(!strcmp((char *)user->name, "outg"));
	arg.reserved = 1;
	EXPECT_EQ(lt_ioctl(session, LIVEUPDATE_SESSION_GET_NAME, &arg, sizeof(arg)), -EINVAL);
	arg.reserved = 0;
	arg.size = 8;
	EXPECT_EQ(lt_ioctl(session, LIVEUPDATE_SESSION_GET_NAME, &arg, sizeof(arg)), -EINVAL);
}

SIM_TEST(luo_preserve__files_of_unknown_types__are_enoent_and_leave_nothing, "P-20", "P-21")
{
	int luo = lt_open_luo(), session = lt_create_session(luo, "s"), pipe[2];
	long keys = lt_keys();

	EXPECT_EQ(sys(HOST_NR_PIPE2, sim_boot.user_base, 0), 0);
	memcpy(pipe, (void *)sim_boot.user_base, sizeof(pipe));
	EXPECT_EQ(lt_preserve(session, pipe[0], 1), -ENOENT);
	EXPECT_EQ(lt_preserve(session, lt_open_flags("/tmp/x", HOST_O_RDWR | HOST_O_CREAT), 1),
		  -ENOENT);
	EXPECT_EQ(lt_preserve(session, sys(HOST_NR_EVENTFD2, 0, 0), 1), -ENOENT);
	EXPECT_EQ(lt_preserve(session, lt_open("/dev/kvm"), 1), -ENOENT);
	EXPECT_EQ(lt_preserve(session, luo, 1), -ENOENT);
	EXPECT_EQ(lt_preserve(session, session, 1), -ENOENT);
	EXPECT_EQ(lt_preserve(session, -1, 1), -EBADF);
	EXPECT_EQ(lt_preserve(session, 999, 1), -EBADF);
	EXPECT_EQ(lt_keys(), keys);
}

SIM_TEST(luo_preserve__twice__token_is_checked_before_the_descriptor, "P-15", "P-16")
{
	int luo = lt_open_luo(), d1 = lt_create_session(luo, "d1");
	int d2 = lt_create_session(luo, "d2"), vm, gmem;

	th_register();
	vm = th_open(1);
	gmem = th_open(2);
	EXPECT_EQ(lt_preserve(d1, vm, 1), 0);
	EXPECT_EQ(lt_preserve(d1, vm, 2), -EBUSY);
	EXPECT_EQ(lt_preserve(d1, vm, 1), -EEXIST);
	EXPECT_EQ(lt_preserve(d2, vm, 1), -EBUSY);
	EXPECT_EQ(lt_preserve(d1, gmem, 1), -EEXIST);
	EXPECT_EQ(lt_preserve(d1, gmem, 0), 0);
	EXPECT_EQ(lt_preserve(d1, gmem, ~0ULL), -EBUSY);
	EXPECT_EQ(lt_preserve(d2, gmem, 9), -EBUSY);
	EXPECT_EQ(lt_preserve(d1, sys(HOST_NR_DUP, gmem), 5), -EBUSY);
	EXPECT_EQ(lt_preserve(d1, -1, 1), -EEXIST);
	EXPECT_EQ(lt_close(d1), 0);
	EXPECT_EQ(lt_preserve(d2, vm, 1), 0);
	EXPECT_EQ(lt_preserve(d2, gmem, 2), 0);
	EXPECT_EQ(lt_close(d2), 0);
	th_expect_log("p1 p2 u2 u1 p1 p2 u2 u1");
}

/*
 * An argument that the kernel can read but not write: in a page of a guest_memfd that is
 * mapped a second time, read-only.
 */
static host_u64 read_only(const void *arg, size_t len)
{
	struct kvm_create_guest_memfd gmem = {
		.size = PAGE_SIZE,
		.flags = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED,
	};
	int vm = sys(HOST_NR_IOCTL, lt_open("/dev/kvm"), KVM_CREATE_VM, 0);
	int fd = lt_ioctl(vm, KVM_CREATE_GUEST_MEMFD, &gmem, sizeof(gmem));
	long rw = sys(HOST_NR_MMAP, 0, PAGE_SIZE, HOST_PROT_READ | HOST_PROT_WRITE,
		      HOST_MAP_SHARED, fd, 0);
	long ro = sys(HOST_NR_MMAP, 0, PAGE_SIZE, HOST_PROT_READ, HOST_MAP_SHARED, fd, 0);

	EXPECT(rw > 0 && ro > 0);
	EXPECT_EQ(sim_user_access(rw, (void *)arg, len, 1), 0);
	return ro;
}

SIM_TEST(luo_ioctl__reply_cannot_be_written__has_no_effect, "P-07")
{
	struct liveupdate_session_preserve_fd preserve = { .size = sizeof(preserve), .token = 1 };
	struct liveupdate_ioctl_create_session create = { .size = sizeof(create), .name = "a" };
	int luo = lt_open_luo(), session = lt_create_session(luo, "s"), next;
	host_u64 ro;

	th_register();
	preserve.fd = th_open(1);
	ro = read_only(&preserve, sizeof(preserve));
	EXPECT_EQ(sys(HOST_NR_IOCTL, session, LIVEUPDATE_SESSION_PRESERVE_FD, ro), -EFAULT);
	th_expect_log("");
	EXPECT_EQ(lt_count("luo preserved files"), 0);

	ro = read_only(&create, sizeof(create));
	next = get_unused_fd_flags(0);
	put_unused_fd(next);
	EXPECT_EQ(sys(HOST_NR_IOCTL, luo, LIVEUPDATE_IOCTL_CREATE_SESSION, ro), -EFAULT);
	EXPECT_EQ(lt_count("outgoing sessions"), 1);
	EXPECT_EQ(lt_create_session(luo, "a"), next);
}

static long op_fd(int fd, unsigned int cmd, u64 token)
{
	struct liveupdate_session_retrieve_fd arg = { .size = sizeof(arg), .token = token };
	long ret = lt_ioctl(fd, cmd, &arg, sizeof(arg));

	memcpy(&arg, (void *)sim_boot.user_base, sizeof(arg));
	return ret ?: arg.fd;
}

static long do_finish(int session)
{
	struct liveupdate_session_finish arg = { .size = sizeof(arg) };

	return lt_ioctl(session, LIVEUPDATE_SESSION_FINISH, &arg, sizeof(arg));
}

/* In the first kernel, preserve two files and jump; in the second, open the device. */
static int luo_after_kexec(void)
{
	int luo, session;

	th_register();
	luo = lt_open_luo();
	if (is_kho_boot())
		return luo;

	session = lt_create_session(luo, "s");
	EXPECT_EQ(lt_preserve(session, th_open(1), 10), 0);
	EXPECT_EQ(lt_preserve(session, th_open(2), 20), 0);
	EXPECT(lt_create_session(luo, "empty") >= 0);
	lt_kexec();
	return -1;
}

SIM_TEST(luo_session__after_a_kexec__is_retrieved_once_and_finished, "P-06")
{
	int luo = luo_after_kexec(), session, fd, again;

	EXPECT_EQ(lt_session_op(luo, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "t"), -ENOENT);
	session = lt_session_op(luo, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "s");
	EXPECT(session >= 0);
	EXPECT_EQ(lt_session_op(luo, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "s"), -EINVAL);
	EXPECT_EQ(lt_preserve(session, luo, 1), -EINVAL);
	EXPECT_EQ(op_fd(session, LIVEUPDATE_SESSION_RETRIEVE_FD, 30), -ENOENT);
	fd = op_fd(session, LIVEUPDATE_SESSION_RETRIEVE_FD, 20);
	again = op_fd(session, LIVEUPDATE_SESSION_RETRIEVE_FD, 20);
	EXPECT(fd >= 0 && again == fd + 1);
	EXPECT(lt_file(fd) == lt_file(again));
	EXPECT_EQ(do_finish(session), 0);
	EXPECT_EQ(op_fd(session, LIVEUPDATE_SESSION_RETRIEVE_FD, 20), -ENOENT);
	EXPECT_EQ(do_finish(session), 0);
	th_expect_log("r102 F102 F101");
	EXPECT_EQ(lt_close(session), 0);
	EXPECT_EQ(lt_session_op(luo, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "s"), -ENOENT);
	session = lt_session_op(luo, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "empty");
	EXPECT_EQ(lt_close(session), 0);
	EXPECT_EQ(lt_count("incoming sessions"), 0);
}

SIM_TEST(luo_session__closed_without_finish__is_finished, "P-49")
{
	int luo = luo_after_kexec(), session;

	session = lt_session_op(luo, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "s");
	EXPECT_EQ(lt_close(session), 0);
	th_expect_log("F102 F101");
	EXPECT_EQ(lt_count("incoming sessions"), 1);
}

SIM_TEST(luo_retrieve__reply_cannot_be_written__session_and_file_can_be_had_later, "P-06", "P-07")
{
	struct liveupdate_ioctl_retrieve_session arg = { .size = sizeof(arg), .name = "s" };
	struct liveupdate_session_retrieve_fd fd_arg = { .size = sizeof(fd_arg), .token = 20 };
	struct liveupdate_session_finish finish = { .size = sizeof(finish) };
	int luo = luo_after_kexec(), session;
	host_u64 ro = read_only(&arg, sizeof(arg));

	EXPECT_EQ(sys(HOST_NR_IOCTL, luo, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, ro), -EFAULT);
	session = lt_session_op(luo, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "s");
	EXPECT(session >= 0);
	ro = read_only(&fd_arg, sizeof(fd_arg));
	EXPECT_EQ(sys(HOST_NR_IOCTL, session, LIVEUPDATE_SESSION_RETRIEVE_FD, ro), -EFAULT);
	ro = read_only(&finish, sizeof(finish));
	EXPECT_EQ(sys(HOST_NR_IOCTL, session, LIVEUPDATE_SESSION_FINISH, ro), -EFAULT);
	th_expect_log("");
	EXPECT(op_fd(session, LIVEUPDATE_SESSION_RETRIEVE_FD, 20) >= 0);
	EXPECT_EQ(do_finish(session), 0);
}

SIM_TEST(luo_device__unknown_handler__is_eio_for_ever, "P-02")
{
	int luo;

	if (!is_kho_boot())
		luo_after_kexec();
	/* The handler is not registered this time. */
	luo = lt_open("/dev/liveupdate");
	EXPECT_EQ(luo, -EIO);
	th_register();
	EXPECT_EQ(lt_open("/dev/liveupdate"), -EIO);
}

SIM_TEST(luo_session__not_retrieved__is_gone_after_the_next_kexec, "P-52")
{
	int luo = luo_after_kexec();

	if (lt_count("incoming sessions") == 2)
		lt_kexec();
	EXPECT_EQ(lt_session_op(luo, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "s"), -ENOENT);
}
