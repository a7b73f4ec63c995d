/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TESTS_SIM_LUO_MATRIX_H
#define _TESTS_SIM_LUO_MATRIX_H

/* Sessions of each kind, the ioctls there are, and the claim that one changed nothing. */

#include "luo_handler.h"
#include "state_test.h"

#define USER_END	(sim_boot.user_base + sim_boot.user_size)

enum owner { DEVICE, OUTGOING, INCOMING, FINISHED, OWNERS };

/* A call that changes nothing when its argument is well formed: @error is its own answer. */
static const struct call {
	unsigned int cmd;
	unsigned int size;
	enum owner owner;
	long error;
	u32 second;
	const char *rest;
} calls[] = {
	{ LIVEUPDATE_IOCTL_CREATE_SESSION, 72, DEVICE, -EEXIST, 0, "dup" },
	{ LIVEUPDATE_IOCTL_RETRIEVE_SESSION, 72, DEVICE, -ENOENT, 0, "none" },
	{ LIVEUPDATE_SESSION_PRESERVE_FD, 16, OUTGOING, -EBADF, -1, "token" },
	{ LIVEUPDATE_SESSION_RETRIEVE_FD, 16, INCOMING, -ENOENT, 0, "token" },
	{ LIVEUPDATE_SESSION_FINISH, 8, INCOMING, -EBUSY, 0, "" },
	{ LIVEUPDATE_SESSION_GET_NAME, 72, OUTGOING, 0, 0, "" },
	{ LIVEUPDATE_SESSION_GET_NAME, 72, INCOMING, 0, 0, "" },
};

#define for_each_call(call)	\
	for (const struct call *call = calls; call < calls + ARRAY_SIZE(calls); call++)

static int fds[OWNERS];
static struct st_text before;

static inline int retrieve_session(const char *name)
{
	int fd = lt_session_op(fds[DEVICE], LIVEUPDATE_IOCTL_RETRIEVE_SESSION, name);

	EXPECT(fd >= 0);
	return fd;
}

/* A session of each kind: the incoming ones need a kernel before this one. */
static inline bool matrix_setup(void)
{
	struct liveupdate_session_finish finish = { .size = sizeof(finish) };
	int in;

	th_register();
	fds[DEVICE] = lt_open_luo();
	if (!is_kho_boot()) {
		in = lt_create_session(fds[DEVICE], "in");
		EXPECT_EQ(lt_preserve(in, th_open(1), 1), 0);
		EXPECT_EQ(lt_preserve(in, th_open(4), 4), 0);
		EXPECT(lt_create_session(fds[DEVICE], "done") >= 0);
		lt_kexec();
		return false;
	}
	fds[OUTGOING] = lt_create_session(fds[DEVICE], "dup");
	EXPECT_EQ(lt_preserve(fds[OUTGOING], th_open(2), 1), 0);
	fds[INCOMING] = retrieve_session("in");
	fds[FINISHED] = retrieve_session("done");
	EXPECT_EQ(lt_ioctl(fds[FINISHED], LIVEUPDATE_SESSION_FINISH, &finish, sizeof(finish)), 0);
	/* The first file: the last to be finished. */
	th_unfinished_id = 101;
	th_log[0] = '\0';
	st_take(&before);
	return true;
}

/* The well-formed argument of a call, and zeroes behind it up to the end of memory. */
static inline void *fill(const struct call *call, host_u64 at, u32 size)
{
	size_t len = at < USER_END ? min(128, USER_END - at) : 128;
	u8 arg[128] = {};

	memcpy(arg, &size, sizeof(size));
	memcpy(arg + 4, &call->second, sizeof(call->second));
	memcpy(arg + 8, call->rest, strlen(call->rest));
	EXPECT_EQ(sim_user_access(at, arg, len, 1), 0);
	return (void *)at;
}

static inline void refused_on(const struct call *call, int fd, unsigned int cmd, host_u64 at,
			      long error)
{
	long ret = sys(HOST_NR_IOCTL, fd, cmd, at);

	if (ret != error)
		sim_test_fail(__FILE__, __LINE__, "ioctl %#x of %#x: %ld, expected %ld", cmd,
			      call->cmd, ret, error);
	st_expect_same(&before);
}

static inline void refused(const struct call *call, host_u64 at, long error)
{
	refused_on(call, fds[call->owner], call->cmd, at, error);
}

static inline void preserve_refused(int fd, u64 token, long error)
{
	EXPECT_EQ(lt_preserve(fds[OUTGOING], fd, token), error);
	st_expect_same(&before);
}

#endif /* _TESTS_SIM_LUO_MATRIX_H */
