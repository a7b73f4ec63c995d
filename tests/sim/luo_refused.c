// SPDX-License-Identifier: GPL-2.0
/* Calls that are refused by a handler, or that come too late: what they leave behind. */

#include "luo_matrix.h"

SIM_TEST(luo_refused__handler_refuses__its_errno_and_no_effect, "P-07", "P-17")
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
	th_unfinished_id = 0;
}

/* So many files are told of by a hash only, which must know of each. */
SIM_TEST(luo_refused__among_a_thousand_files__nothing_changes_unseen, "P-07")
{
	static struct st_text other;
	int session;

	if (!matrix_setup())
		return;
	session = lt_create_session(fds[DEVICE], "many");
	for (int i = 0; i < 1000; i++) {
		int fd = th_open(1000 + i);

		EXPECT_EQ(lt_preserve(session, fd, i), 0);
		EXPECT_EQ(lt_close(fd), 0);
		th_log[0] = '\0';
	}
	st_take(&before);
	EXPECT(!strstr(before.text, "file 0x3e7"));
	EXPECT_EQ(lt_preserve(session, -1, 1000), -EBADF);
	EXPECT_EQ(lt_preserve(session, fds[DEVICE], 1000), -ENOENT);
	EXPECT_EQ(lt_preserve(session, fds[DEVICE], 999), -EEXIST);
	st_expect_same(&before);

	th_fail_call = 'f';
	th_fail_id = 1999;
	th_fail_error = -EBUSY;
	EXPECT_EQ(sys(HOST_NR_KEXEC_FILE_LOAD, -1, -1, 0, 0, 0), 0);
	EXPECT_EQ(lt_reboot(), -EBUSY);
	st_expect_same(&before);
	EXPECT_EQ(lt_close(session), 0);
	st_take(&other);
	EXPECT(strcmp(before.text, other.text));
	th_unfinished_id = 0;
}

/* The first attempt leaves its error with the file; nothing is asked, or changes, later. */
SIM_TEST(luo_refused__failed_retrieval__keeps_its_errno_and_changes_nothing_later, "P-07", "P-46")
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
	th_unfinished_id = 0;
}

/* Nothing is left of a session that was made and closed. */
SIM_TEST(luo_refused__closing_an_outgoing_session__puts_all_back, "P-05")
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
	th_unfinished_id = 0;
}

/* P-29, P-30: a refused reboot, and then closing what was refused. */
SIM_TEST(luo_refused__reboot__changes_nothing, "P-30")
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
	th_unfinished_id = 0;
}

/* P-50: all or nothing; what was refused can be tried again. */
SIM_TEST(luo_refused__finish__changes_nothing_and_works_later, "P-50")
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
	th_unfinished_id = 0;
	EXPECT_EQ(lt_ioctl(fds[INCOMING], LIVEUPDATE_SESSION_FINISH, &finish, sizeof(finish)), 0);
	th_expect_log("F104 F101");
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

SIM_TEST(luo_serialized__create_session__deadlocks, "P-11")
{
	wait_for_ever(0);
}

SIM_TEST(luo_serialized__retrieve_session__deadlocks, "P-11")
{
	wait_for_ever(1);
}

SIM_TEST(luo_serialized__preserve__deadlocks, "P-11")
{
	wait_for_ever(2);
}

SIM_TEST(luo_serialized__retrieve__deadlocks, "P-11")
{
	wait_for_ever(3);
}

SIM_TEST(luo_serialized__finish__deadlocks, "P-11")
{
	wait_for_ever(4);
}

SIM_TEST(luo_serialized__get_name__deadlocks, "P-11")
{
	wait_for_ever(5);
}

SIM_TEST(luo_serialized__close__deadlocks, "P-11")
{
	if (!matrix_setup())
		return;
	serialized();
	lt_close(fds[OUTGOING]);
	sim_test_fail(__FILE__, __LINE__, "the close came back");
}

/* Only a call that makes sense waits: arguments are looked at without a lock. */
SIM_TEST(luo_serialized__malformed_arguments__are_refused_at_once_and_the_close__deadlocks, "P-11")
{
	if (!matrix_setup())
		return;
	serialized();
	st_take(&before);
	for_each_call(call) {
		struct file *file = lt_file(fds[call->owner]);

		EXPECT_EQ(file->f_op->unlocked_ioctl(file, call->cmd, 0), -EFAULT);
		st_expect_same(&before);
	}
	lt_close(fds[OUTGOING]);
}

/* What could not be finished on the last close waits for the next kernel, out of reach. */
SIM_TEST(luo_refused__closing_an_incoming_session_that_cannot_finish__keeps_it, "P-50")
{
	if (!matrix_setup())
		return;
	EXPECT_EQ(lt_close(fds[INCOMING]), 0);
	EXPECT_EQ(lt_count("incoming sessions"), 2);
	EXPECT_EQ(lt_session_op(fds[DEVICE], LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "in"), -EINVAL);
	th_expect_log("");
}
