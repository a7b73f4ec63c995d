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

#include "luo_matrix.h"

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
	th_unfinished_id = 0;
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
	th_unfinished_id = 0;
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
	th_unfinished_id = 0;
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
	th_unfinished_id = 0;
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
	th_unfinished_id = 0;
}

/*
 * One page of memory, three times: for reading, and behind that for writing and for reading,
 * so that an argument can lie across the border. at[1] is where all of it can be written.
 */
static void map_thrice(host_u64 at[3])
{
	static const int prot[] = {
		HOST_PROT_READ, HOST_PROT_READ | HOST_PROT_WRITE, HOST_PROT_READ
	};
	struct kvm_create_guest_memfd gmem = {
		.size = PAGE_SIZE,
		.flags = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED,
	};
	int vm = sys(HOST_NR_IOCTL, lt_open("/dev/kvm"), KVM_CREATE_VM, 0);
	int fd = lt_ioctl(vm, KVM_CREATE_GUEST_MEMFD, &gmem, sizeof(gmem));
	u8 byte = 0;

	for (int i = 0; i < 3; i++) {
		at[i] = sys(HOST_NR_MMAP, 0, PAGE_SIZE, prot[i], HOST_MAP_SHARED, fd, 0);
		EXPECT_EQ(sim_user_access(at[i], &byte, 1, 0), 0);
	}
	EXPECT_EQ(at[1] + PAGE_SIZE, at[2]);
}

/* In 7.3 the call's own error comes first (docs/findings.md, F-01), and so does success. */
SIM_TEST(luo_matrix__reply_that_cannot_be_written__efault_and_no_effect)
{
	host_u64 at[3];

	if (!matrix_setup())
		return;
	map_thrice(at);
	st_take(&before);
	for_each_call(call) {
		fill(call, at[1], call->size);
		refused(call, at[0], -EFAULT);
	}
	th_expect_log("");
	th_unfinished_id = 0;
}

/* The first @room bytes of the argument end a page that can be written; the rest can't be. */
static host_u64 across(const host_u64 at[3], const void *arg, size_t len, size_t room)
{
	host_u64 start = at[1] + PAGE_SIZE - room;

	EXPECT_EQ(sim_user_access(start, (void *)arg, room, 1), 0);
	EXPECT_EQ(sim_user_access(at[1], (void *)arg + room, len - room, 1), 0);
	return start;
}

/* All of these would succeed, if only the reply could be written to its end. */
SIM_TEST(luo_matrix__reply_that_ends_early__efault_and_can_be_done_later)
{
	struct liveupdate_ioctl_create_session create = { .size = 72, .name = "fresh" };
	struct liveupdate_session_preserve_fd preserve = { .size = 16, .token = 9 };
	struct liveupdate_session_retrieve_fd retrieve = { .size = 16, .token = 1 };
	struct liveupdate_session_finish finish = { .size = 8 };
	struct liveupdate_session_get_name name = { .size = 72 };
	const struct {
		const struct call *call;
		const void *arg;
	} good[] = {
		{ &calls[0], &create }, { &calls[2], &preserve }, { &calls[3], &retrieve },
		{ &calls[4], &finish }, { &calls[5], &name },
	};
	host_u64 at[3];

	if (!matrix_setup())
		return;
	preserve.fd = th_open(9);
	th_unfinished_id = 0;
	map_thrice(at);
	st_take(&before);
	for (int i = 0; i < ARRAY_SIZE(good); i++)
		for (u32 room = 4; room < good[i].call->size; room++)
			refused(good[i].call,
				across(at, good[i].arg, good[i].call->size, room), -EFAULT);
	th_expect_log("");
	for (int i = 0; i < ARRAY_SIZE(good); i++)
		EXPECT_EQ(lt_ioctl(fds[good[i].call->owner], good[i].call->cmd, good[i].arg,
				   good[i].call->size), 0);
	th_expect_log("p9 r101 F104 F101");
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
	th_unfinished_id = 0;
}

static const struct call *call_of(enum owner owner, unsigned int nr)
{
	for_each_call(call)
		if (_IOC_NR(call->cmd) == nr && (call->owner == DEVICE) == (owner == DEVICE))
			return call;
	return NULL;
}

/* Direction, type and size belong to the number: with another one of their bits it is not. */
static void refuse_other_bits(enum owner owner, const struct call *call, unsigned int nr,
			      long error)
{
	for (unsigned int bit = 8; bit < 32; bit++)
		refused_on(call, fds[owner], _IO(0xBA, nr) ^ 1U << bit, sim_boot.user_base, error);
}

SIM_TEST(luo_matrix__numbers__unknown_einval_other_bits_enotty)
{
	if (!matrix_setup())
		return;
	for (enum owner owner = DEVICE; owner < OWNERS; owner++) {
		for (unsigned int nr = 0; nr < 256; nr++) {
			const struct call *call = call_of(owner, nr);

			fill(call ?: calls, sim_boot.user_base, (call ?: calls)->size);
			if (call)
				refuse_other_bits(owner, call, nr, -ENOTTY);
			else
				refused_on(calls, fds[owner], _IO(0xBA, nr), sim_boot.user_base,
					   -EINVAL);
		}
		refuse_other_bits(owner, calls, 255, -EINVAL);
	}
	th_unfinished_id = 0;
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
	th_unfinished_id = 0;
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
	th_unfinished_id = 0;
}

/* EMFILE comes before anything that is wrong with what was asked for. */
SIM_TEST(luo_matrix__no_descriptor_left__emfile_and_no_effect)
{
	if (!matrix_setup())
		return;
	while (sys(HOST_NR_DUP, fds[DEVICE]) >= 0)
		;
	EXPECT_EQ(sys(HOST_NR_DUP, fds[DEVICE]), -EMFILE);
	st_take(&before);
	for_each_call(call) {
		bool gives = call->owner == DEVICE || call->cmd == LIVEUPDATE_SESSION_RETRIEVE_FD;

		fill(call, sim_boot.user_base, call->size);
		refused(call, sim_boot.user_base, gives ? -EMFILE : call->error);
		fill(call, sim_boot.user_base, call->size - 1);
		refused(call, sim_boot.user_base, -EINVAL);
	}
	name_refused(&calls[0], "", 0, -EMFILE);
	th_unfinished_id = 0;
}

/* How large a table of descriptors is, is not part of the state. */
SIM_TEST(luo_matrix__table_of_descriptors_grows__and_that_is_no_effect)
{
	if (!matrix_setup())
		return;
	while (sys(HOST_NR_DUP, fds[DEVICE]) < 63)
		;
	st_take(&before);
	fill(&calls[0], sim_boot.user_base, calls[0].size);
	refused(&calls[0], sim_boot.user_base, -EEXIST);
	EXPECT_EQ(sys(HOST_NR_DUP, fds[DEVICE]), 64);
	th_unfinished_id = 0;
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
	th_unfinished_id = 0;
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
