// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading modules, and what pins them. */

#include <linux/fcntl.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "luo_test.h"

#include "../../sim/kernel/module.h"

static const char name[] = "kvm_dev_luo";

static long load(void)
{
	return sys(HOST_NR_INIT_MODULE, lt_user(name, sizeof(name)), sizeof(name));
}

static long unload(void)
{
	return sys(HOST_NR_DELETE_MODULE, lt_user(name, sizeof(name)), O_NONBLOCK);
}

SIM_TEST(module__loaded_and_unloaded__is_there_once)
{
	EXPECT_EQ(unload(), -ENOENT);
	for (int i = 0; i < 2; i++) {
		EXPECT_EQ(load(), 0);
		EXPECT_EQ(load(), -EEXIST);
		EXPECT_EQ(unload(), 0);
		EXPECT_EQ(unload(), -ENOENT);
	}
}

SIM_TEST(module__bad_image_or_name__is_refused)
{
	EXPECT_EQ(sys(HOST_NR_INIT_MODULE, lt_user("x", 2), 2), -ENOEXEC);
	EXPECT_EQ(sys(HOST_NR_INIT_MODULE, lt_user(name, sizeof(name)), 3), -ENOEXEC);
	EXPECT_EQ(sys(HOST_NR_INIT_MODULE, lt_user(name, sizeof(name)), 0), -ENOEXEC);
	EXPECT_EQ(sys(HOST_NR_INIT_MODULE, 8, sizeof(name)), -EFAULT);
	EXPECT_EQ(sys(HOST_NR_DELETE_MODULE, lt_user("", 1), 0), -ENOENT);
	EXPECT_EQ(sys(HOST_NR_DELETE_MODULE, 8, 0), -EFAULT);
}

SIM_TEST(module__unloaded_by_force__is_checked)
{
	sys(HOST_NR_DELETE_MODULE, lt_user(name, sizeof(name)), O_TRUNC);
}

static long preserve(int session, int fd, u64 token)
{
	struct liveupdate_session_preserve_fd arg = {
		.size = sizeof(arg), .fd = fd, .token = token,
	};

	return lt_ioctl(session, LIVEUPDATE_SESSION_PRESERVE_FD, &arg, sizeof(arg));
}

/* P-62, counted: one reference for each preserved file, none for a refused one. */
SIM_TEST(module__of_a_handler__has_one_reference_for_each_file)
{
	int luo = lt_open_luo();
	int session = lt_session_op(luo, LIVEUPDATE_IOCTL_CREATE_SESSION, "s");
	int one = lt_open("/dev/kvm"), two = lt_open("/dev/kvm");
	long before = modules_references();

	EXPECT_EQ(load(), 0);
	EXPECT_EQ(modules_references(), before);
	EXPECT_EQ(preserve(session, one, 1), 0);
	EXPECT_EQ(modules_references(), before + 1);
	EXPECT_EQ(preserve(session, one, 1), -EEXIST);
	EXPECT_EQ(preserve(session, one, 2), -EBUSY);
	EXPECT_EQ(modules_references(), before + 1);
	EXPECT_EQ(preserve(session, two, 2), 0);
	EXPECT_EQ(modules_references(), before + 2);
	EXPECT_EQ(unload(), -EWOULDBLOCK);
	EXPECT_EQ(preserve(session, lt_open("/dev/kvm"), 3), 0);
	EXPECT_EQ(lt_close(session), 0);
	EXPECT_EQ(unload(), 0);
}
