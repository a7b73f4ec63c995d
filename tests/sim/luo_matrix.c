// SPDX-License-Identifier: GPL-2.0
/*
 * Every ioctl of LUO with every kind of malformed argument: the errno of Linux 7.3, and the
 * state of the kernel as before.
 *
 * The order of the checks, in luo_ioctl() (luo_core.c) and luo_session_ioctl() (luo_session.c):
 *	unknown number			EINVAL
 *	size can't be read		EFAULT
 *	direction, type or size bits	ENOTTY
 *	not for such a session		EINVAL
 *	smaller than ever		EINVAL
 *	copy_struct_from_user()		E2BIG, EFAULT
 *	what the call itself says
 * No size is too large as such: what follows the known part must be readable and zero.
 */

#include <linux/kvm.h>
#include <linux/uaccess.h>

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

static int retrieve_session(const char *name)
{
	int fd = lt_session_op(fds[DEVICE], LIVEUPDATE_IOCTL_RETRIEVE_SESSION, name);

	EXPECT(fd >= 0);
	return fd;
}

/* A session of each kind: the incoming ones need a kernel before this one. */
static bool matrix_setup(void)
{
	struct liveupdate_session_finish finish = { .size = sizeof(finish) };

	th_register();
	fds[DEVICE] = lt_open_luo();
	if (!is_kho_boot()) {
		EXPECT_EQ(lt_preserve(lt_create_session(fds[DEVICE], "in"), th_open(1), 1), 0);
		EXPECT(lt_create_session(fds[DEVICE], "done") >= 0);
		lt_kexec();
		return false;
	}
	fds[OUTGOING] = lt_create_session(fds[DEVICE], "dup");
	EXPECT_EQ(lt_preserve(fds[OUTGOING], th_open(2), 1), 0);
	fds[INCOMING] = retrieve_session("in");
	fds[FINISHED] = retrieve_session("done");
	EXPECT_EQ(lt_ioctl(fds[FINISHED], LIVEUPDATE_SESSION_FINISH, &finish, sizeof(finish)), 0);
	th_cannot_finish = true;
	th_log[0] = '\0';
	st_take(&before);
	return true;
}

/* The well-formed argument of a call, and zeroes behind it up to the end of memory. */
static void *fill(const struct call *call, host_u64 at, u32 size)
{
	size_t len = at < USER_END ? min(128, USER_END - at) : 128;
	u8 arg[128] = {};

	memcpy(arg, &size, sizeof(size));
	memcpy(arg + 4, &call->second, sizeof(call->second));
	memcpy(arg + 8, call->rest, strlen(call->rest));
	EXPECT_EQ(sim_user_access(at, arg, len, 1), 0);
	return (void *)at;
}

static void refused_on(const struct call *call, int fd, unsigned int cmd, host_u64 at, long error)
{
	long ret = sys(HOST_NR_IOCTL, fd, cmd, at);

	if (ret != error)
		sim_test_fail(__FILE__, __LINE__, "ioctl %#x of %#x: %ld, expected %ld", cmd,
			      call->cmd, ret, error);
	st_expect_same(&before);
}

static void refused(const struct call *call, host_u64 at, long error)
{
	refused_on(call, fds[call->owner], call->cmd, at, error);
}

SIM_TEST(luo_matrix__every_size__too_small_is_einval_zeroes_behind_are_fine)
{
	static const u32 large[] = { 4096, 4097, 8192, 65536 };

	if (!matrix_setup())
		return;
	for_each_call(call) {
		for (u32 size = 0; size <= call->size + 32; size++) {
			fill(call, sim_boot.user_base, size);
			refused(call, sim_boot.user_base,
				size < call->size ? -EINVAL : call->error);
		}
		for (int i = 0; i < ARRAY_SIZE(large); i++) {
			memset((void *)sim_boot.user_base, 0, large[i]);
			fill(call, sim_boot.user_base, large[i]);
			refused(call, sim_boot.user_base, call->error);
		}
	}
	th_cannot_finish = false;
}

SIM_TEST(luo_matrix__a_byte_behind__is_e2big_wherever_it_is)
{
	static const u32 large[] = { 4096, 4097, 8192, 65536 };

	if (!matrix_setup())
		return;
	for_each_call(call) {
		u8 *arg = fill(call, sim_boot.user_base, call->size + 32);

		for (u32 i = call->size; i < call->size + 32; i++) {
			arg[i] = 1 << i % 8;
			refused(call, sim_boot.user_base, -E2BIG);
			arg[i] = 0;
		}
		for (int i = 0; i < ARRAY_SIZE(large); i++) {
			fill(call, sim_boot.user_base, large[i]);
			arg[large[i] - 1] = 0x80;
			refused(call, sim_boot.user_base, -E2BIG);
			arg[large[i] - 1] = 0;
		}
	}
	th_cannot_finish = false;
}

SIM_TEST(luo_matrix__sizes_beyond_memory__efault_unless_a_byte_comes_first)
{
	static const u32 sizes[] = { 1U << 31, ~0U };

	if (!matrix_setup())
		return;
	for_each_call(call) {
		u8 *arg = fill(call, USER_END - 4096, 0);

		for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
			memcpy(arg, &sizes[i], sizeof(sizes[i]));
			refused(call, (host_u64)arg, -EFAULT);
			arg[4095] = 1;
			refused(call, (host_u64)arg, -E2BIG);
			arg[4095] = 0;
		}
	}
	th_cannot_finish = false;
}

SIM_TEST(luo_matrix__pointers_to_nowhere__efault_once_the_number_is_known)
{
	static const host_u64 nowhere[] = {
		0, 1, 0x1000, 0x7ffffffff000, ~0ULL, ~0ULL - 3, 0xffff888000000000
	};

	if (!matrix_setup())
		return;
	for_each_call(call) {
		for (int i = 0; i < ARRAY_SIZE(nowhere); i++) {
			refused(call, nowhere[i], -EFAULT);
			refused_on(call, fds[call->owner], call->cmd ^ 1U << 30, nowhere[i],
				   -EFAULT);
			refused_on(call, fds[call->owner], call->cmd ^ 0x20, nowhere[i], -EINVAL);
		}
	}
	th_cannot_finish = false;
}

/* The end of memory is in the middle of the argument, or of what follows it. */
SIM_TEST(luo_matrix__argument_that_ends_early__efault_behind_the_checks_of_its_size)
{
	if (!matrix_setup())
		return;
	for_each_call(call) {
		for (u32 room = 1; room < call->size; room++) {
			u8 arg[72] = {};

			memcpy(arg, &call->size, sizeof(u32));
			memcpy((void *)(USER_END - room), arg, room);
			refused(call, USER_END - room, -EFAULT);
			arg[0] = call->size - 1;
			memcpy((void *)(USER_END - room), arg, room);
			refused(call, USER_END - room, room < 4 ? -EFAULT : -EINVAL);
		}
		for (u32 room = call->size; room < call->size + 20; room++) {
			u8 *arg = fill(call, USER_END - room, call->size + 32);

			refused(call, (host_u64)arg, -EFAULT);
			if (room == call->size)
				continue;
			arg[room - 1] = 1;
			refused(call, (host_u64)arg, -E2BIG);
		}
	}
	th_cannot_finish = false;
}

/* A page that can be read at the first address and written at the second. */
static void map_twice(host_u64 at[2])
{
	struct kvm_create_guest_memfd gmem = {
		.size = PAGE_SIZE,
		.flags = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED,
	};
	int vm = sys(HOST_NR_IOCTL, lt_open("/dev/kvm"), KVM_CREATE_VM, 0);
	int fd = lt_ioctl(vm, KVM_CREATE_GUEST_MEMFD, &gmem, sizeof(gmem));
	u8 byte = 0;

	at[0] = sys(HOST_NR_MMAP, 0, PAGE_SIZE, HOST_PROT_READ, HOST_MAP_SHARED, fd, 0);
	at[1] = sys(HOST_NR_MMAP, 0, PAGE_SIZE, HOST_PROT_READ | HOST_PROT_WRITE,
		    HOST_MAP_SHARED, fd, 0);
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(sim_user_access(at[i], &byte, 1, i), 0);
}

/* In 7.3 the call's own error comes first (docs/findings.md, F-01), and so does success. */
SIM_TEST(luo_matrix__reply_that_cannot_be_written__efault_and_no_effect)
{
	host_u64 at[2];

	if (!matrix_setup())
		return;
	map_twice(at);
	st_take(&before);
	for_each_call(call) {
		fill(call, at[1], call->size);
		refused(call, at[0], -EFAULT);
	}
	th_expect_log("");
	th_cannot_finish = false;
}

SIM_TEST(luo_matrix__reserved_fields__must_be_zero)
{
	if (!matrix_setup())
		return;
	for_each_call(call) {
		u8 *arg;

		if (call->second || (call->cmd != LIVEUPDATE_SESSION_FINISH &&
				     call->cmd != LIVEUPDATE_SESSION_GET_NAME))
			continue;
		arg = fill(call, sim_boot.user_base, call->size);
		for (int bit = 0; bit < 32; bit++) {
			*(u32 *)(arg + 4) = 1U << bit;
			refused(call, sim_boot.user_base, -EINVAL);
		}
	}
	th_cannot_finish = false;
}

static const struct call *call_of(enum owner owner, unsigned int nr)
{
	for_each_call(call)
		if (_IOC_NR(call->cmd) == nr && (call->owner == DEVICE) == (owner == DEVICE))
			return call;
	return NULL;
}

SIM_TEST(luo_matrix__numbers__unknown_einval_other_bits_enotty)
{
	if (!matrix_setup())
		return;
	for (enum owner owner = DEVICE; owner < OWNERS; owner++) {
		for (unsigned int nr = 0; nr < 256; nr++) {
			const struct call *call = call_of(owner, nr) ?: calls;
			long error = call_of(owner, nr) ? -ENOTTY : -EINVAL;

			fill(call, sim_boot.user_base, call->size);
			for (unsigned int bit = 8; bit < 32; bit++)
				refused_on(call, fds[owner], _IO(0xBA, nr) ^ 1U << bit,
					   sim_boot.user_base, error);
			if (error == -EINVAL)
				refused_on(call, fds[owner], _IO(0xBA, nr), sim_boot.user_base,
					   error);
		}
	}
	th_cannot_finish = false;
}

SIM_TEST(luo_matrix__calls_of_the_other_direction__einval)
{
	static const enum owner sessions[] = { OUTGOING, INCOMING, FINISHED };

	if (!matrix_setup())
		return;
	for_each_call(call) {
		bool known = call->cmd == LIVEUPDATE_SESSION_GET_NAME;

		fill(call, sim_boot.user_base, call->size);
		for (int i = 0; i < ARRAY_SIZE(sessions) && !known; i++) {
			bool incoming = sessions[i] != OUTGOING;

			if (call->owner != DEVICE && (call->owner == INCOMING) == incoming)
				continue;
			refused_on(call, fds[sessions[i]], call->cmd, sim_boot.user_base, -EINVAL);
		}
		if (call->owner != DEVICE)
			refused_on(call, fds[DEVICE], call->cmd, sim_boot.user_base, -EINVAL);
	}
	th_cannot_finish = false;
}

static void name_refused(const struct call *call, const char *name, size_t len, long error)
{
	u8 *arg = fill(call, sim_boot.user_base, call->size);

	memset(arg + 8, 0, 64);
	memcpy(arg + 8, name, len);
	refused(call, sim_boot.user_base, error);
}

SIM_TEST(luo_matrix__names__only_create_minds_what_they_are)
{
	char name[64];

	if (!matrix_setup())
		return;
	memset(name, 'n', sizeof(name));
	name_refused(&calls[0], "", 0, -EINVAL);
	name_refused(&calls[0], name, sizeof(name), -EINVAL);
	name_refused(&calls[0], "\0dup", 4, -EINVAL);
	name_refused(&calls[0], "dup\0behind", 10, -EEXIST);
	name_refused(&calls[1], "", 0, -ENOENT);
	name_refused(&calls[1], name, sizeof(name), -ENOENT);
	name_refused(&calls[1], "in\0behind", 9, -EINVAL);
	name_refused(&calls[1], "dup", 3, -ENOENT);
	name_refused(&calls[1], "done", 4, -EINVAL);
	name_refused(&calls[1], "In", 2, -ENOENT);
	th_cannot_finish = false;
}

static void preserve_refused(int fd, u64 token, long error)
{
	EXPECT_EQ(lt_preserve(fds[OUTGOING], fd, token), error);
	st_expect_same(&before);
}

SIM_TEST(luo_matrix__descriptors_and_tokens__each_has_its_errno)
{
	int again, closed;

	if (!matrix_setup())
		return;
	again = th_open(3);
	closed = th_open(4);
	EXPECT_EQ(lt_close(closed), 0);
	EXPECT_EQ(lt_preserve(fds[OUTGOING], again, ~0ULL), 0);
	st_take(&before);
	for (u64 token = 0; token != 4; token++) {
		long taken = token == 1 ? -EEXIST : 0;

		preserve_refused(-1, token, taken ?: -EBADF);
		preserve_refused(1 << 20, token, taken ?: -EBADF);
		preserve_refused(closed, token, taken ?: -EBADF);
		preserve_refused(0, token, taken ?: -EBADF);
		preserve_refused(fds[OUTGOING], token, taken ?: -ENOENT);
		preserve_refused(fds[INCOMING], token, taken ?: -ENOENT);
		preserve_refused(fds[DEVICE], token, taken ?: -ENOENT);
		preserve_refused(again, token, taken ?: -EBUSY);
	}
	preserve_refused(-1, ~0ULL, -EEXIST);
	th_cannot_finish = false;
}

SIM_TEST(luo_matrix__handler_refuses__its_errno_and_no_effect)
{
	int fd;

	if (!matrix_setup())
		return;
	fd = th_open(5);
	st_take(&before);
	th_fail_call = 'p';
	th_fail_id = 5;
	for (th_fail_error = -1; th_fail_error > -130; th_fail_error--) {
		preserve_refused(fd, 7, th_fail_error);
		th_log[0] = '\0';
	}
	th_cannot_finish = false;
}

/* The first attempt leaves its error with the file; nothing is asked, or changes, later. */
SIM_TEST(luo_matrix__failed_retrieval__keeps_its_errno_and_changes_nothing_later)
{
	struct liveupdate_session_retrieve_fd arg = { .size = sizeof(arg), .token = 1 };

	if (!matrix_setup())
		return;
	th_fail_call = 'r';
	th_fail_id = 101;
	th_fail_error = -EUCLEAN;
	EXPECT_EQ(lt_ioctl(fds[INCOMING], LIVEUPDATE_SESSION_RETRIEVE_FD, &arg, sizeof(arg)),
		  -EUCLEAN);
	th_expect_log("!101");
	th_fail_call = 0;
	st_take(&before);
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(lt_ioctl(fds[INCOMING], LIVEUPDATE_SESSION_RETRIEVE_FD, &arg,
				   sizeof(arg)), -EUCLEAN);
		st_expect_same(&before);
	}
	th_expect_log("");
	th_cannot_finish = false;
}

/* Nothing is left of a session that was made and closed. */
SIM_TEST(luo_matrix__closing_an_outgoing_session__puts_all_back)
{
	int fd, session;

	if (!matrix_setup())
		return;
	fd = th_open(6);
	st_take(&before);
	for (int files = 0; files < 2; files++) {
		session = lt_create_session(fds[DEVICE], "short");
		if (files)
			EXPECT_EQ(lt_preserve(session, fd, 1), 0);
		EXPECT_EQ(lt_close(session), 0);
		st_expect_same(&before);
	}
	th_cannot_finish = false;
}

/* P-29, P-30: a refused reboot, and then closing what was refused. */
SIM_TEST(luo_matrix__refused_reboot__changes_nothing)
{
	int fd, session;

	if (!matrix_setup())
		return;
	fd = th_open(8);
	st_take(&before);
	session = lt_create_session(fds[DEVICE], "refuses");
	EXPECT_EQ(lt_preserve(session, fd, 1), 0);
	{
		static struct st_text preserved;

		st_take(&preserved);
		th_fail_call = 'f';
		th_fail_id = 8;
		th_fail_error = -EBUSY;
		EXPECT_EQ(sys(HOST_NR_KEXEC_FILE_LOAD, -1, -1, 0, 0, 0), 0);
		EXPECT_EQ(lt_reboot(), -EBUSY);
		st_expect_same(&preserved);
	}
	EXPECT_EQ(lt_close(session), 0);
	st_expect_same(&before);
	th_cannot_finish = false;
}

/* P-50: all or nothing; what was refused can be tried again. */
SIM_TEST(luo_matrix__refused_finish__changes_nothing_and_works_later)
{
	struct liveupdate_session_finish finish = { .size = sizeof(finish) };
	struct liveupdate_session_retrieve_fd arg = { .size = sizeof(arg), .token = 1 };

	if (!matrix_setup())
		return;
	EXPECT_EQ(lt_ioctl(fds[INCOMING], LIVEUPDATE_SESSION_RETRIEVE_FD, &arg, sizeof(arg)), 0);
	th_expect_log("r101");
	st_take(&before);
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(lt_ioctl(fds[INCOMING], LIVEUPDATE_SESSION_FINISH, &finish,
				   sizeof(finish)), -EBUSY);
		st_expect_same(&before);
	}
	th_expect_log("");
	th_cannot_finish = false;
	EXPECT_EQ(lt_ioctl(fds[INCOMING], LIVEUPDATE_SESSION_FINISH, &finish, sizeof(finish)), 0);
	th_expect_log("F101");
	EXPECT_EQ(lt_ioctl(fds[INCOMING], LIVEUPDATE_SESSION_RETRIEVE_FD, &arg, sizeof(arg)),
		  -ENOENT);
}

/*
 * P-11, P-12: sessions were written down, and the jump is all that is left. Whoever wants to
 * do something to one waits, until this kernel is gone. Nobody jumps here: a deadlock.
 */
static void serialized(void)
{
	EXPECT_EQ(liveupdate_reboot(), 0);
}

static void wait_for_ever(unsigned int nr)
{
	const struct call *call = &calls[nr];

	if (!matrix_setup())
		return;
	serialized();
	fill(call, sim_boot.user_base, call->size);
	sys(HOST_NR_IOCTL, fds[call->owner], call->cmd, sim_boot.user_base);
	sim_test_fail(__FILE__, __LINE__, "ioctl %#x came back", call->cmd);
}

SIM_TEST(luo_serialized__create_session__deadlocks)
{
	wait_for_ever(0);
}

SIM_TEST(luo_serialized__retrieve_session__deadlocks)
{
	wait_for_ever(1);
}

SIM_TEST(luo_serialized__preserve__deadlocks)
{
	wait_for_ever(2);
}

SIM_TEST(luo_serialized__retrieve__deadlocks)
{
	wait_for_ever(3);
}

SIM_TEST(luo_serialized__finish__deadlocks)
{
	wait_for_ever(4);
}

SIM_TEST(luo_serialized__get_name__deadlocks)
{
	wait_for_ever(5);
}

SIM_TEST(luo_serialized__close__deadlocks)
{
	if (!matrix_setup())
		return;
	serialized();
	lt_close(fds[OUTGOING]);
	sim_test_fail(__FILE__, __LINE__, "the close came back");
}

/* Only the close at the end of the test waits: arguments are looked at without a lock. */
SIM_TEST(luo_serialized__malformed_arguments__are_refused_at_once_and_the_close__deadlocks)
{
	if (!matrix_setup())
		return;
	serialized();
	st_take(&before);
	for_each_call(call)
		refused(call, 0, -EFAULT);
}

/* What could not be finished on the last close waits for the next kernel, out of reach. */
SIM_TEST(luo_matrix__closing_an_incoming_session_that_cannot_finish__keeps_it)
{
	if (!matrix_setup())
		return;
	EXPECT_EQ(lt_close(fds[INCOMING]), 0);
	EXPECT_EQ(lt_count("incoming sessions"), 2);
	EXPECT_EQ(lt_session_op(fds[DEVICE], LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "in"), -EINVAL);
	th_expect_log("");
}

SIM_TEST(luo_matrix__zeroes_in_user_memory__are_looked_for_word_by_word)
{
	u8 *end = (u8 *)USER_END;

	memset(end - 128, 0, 128);
	for (int at = 1; at < 100; at++) {
		for (int size = 1; size <= at; size++)
			EXPECT_EQ(check_zeroed_user(end - at, size), 1);
		EXPECT_EQ(check_zeroed_user(end - at, at + 1), -EFAULT);
		end[-at] = 1;
		EXPECT_EQ(check_zeroed_user(end - at, 4096), 0);
		EXPECT_EQ(check_zeroed_user(end - at, TASK_SIZE_MAX), -EFAULT);
		end[-at] = 0;
	}
	EXPECT_EQ(check_zeroed_user(NULL, 0), 1);
}
