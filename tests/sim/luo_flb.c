// SPDX-License-Identifier: GPL-2.0
/* File-lifecycle-bound objects: once for the first file, once for the last. */

#include "../../sim/liveupdate/luo_internal.h"
#include "luo_handler.h"

static int calls[4];
static int preserve_error;

static int fl_preserve(struct liveupdate_flb_op_args *args)
{
	if (preserve_error)
		return preserve_error;
	calls[0]++;
	args->data = 77;
	args->obj = calls;
	return 0;
}

static void fl_unpreserve(struct liveupdate_flb_op_args *args)
{
	EXPECT_EQ(args->data, 77);
	EXPECT(args->obj == calls);
	calls[1]++;
}

static int fl_retrieve(struct liveupdate_flb_op_args *args)
{
	calls[2]++;
	return 0;
}

static void fl_finish(struct liveupdate_flb_op_args *args)
{
	calls[3]++;
}

static const struct liveupdate_flb_ops fl_ops = {
	.preserve = fl_preserve,
	.unpreserve = fl_unpreserve,
	.retrieve = fl_retrieve,
	.finish = fl_finish,
	.owner = THIS_MODULE,
};

static struct liveupdate_flb flb = { .ops = &fl_ops, .compatible = "flb-v1" };

SIM_TEST(flb__several_files_and_sessions__preserved_with_the_first_until_the_last, "P-59")
{
	int luo = lt_open_luo(), a = lt_create_session(luo, "a"), b = lt_create_session(luo, "b");
	void *obj;

	th_register();
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &flb), 0);
	EXPECT_EQ(liveupdate_flb_get_outgoing(&flb, &obj), -ENOENT);
	EXPECT_EQ(lt_preserve(a, th_open(1), 1), 0);
	EXPECT_EQ(lt_preserve(b, th_open(2), 1), 0);
	EXPECT_EQ(calls[0], 1);
	EXPECT_EQ(liveupdate_flb_get_outgoing(&flb, &obj), 0);
	EXPECT(obj == calls);
	liveupdate_flb_put_outgoing(&flb);
	EXPECT_EQ(lt_close(a), 0);
	EXPECT_EQ(calls[1], 0);
	EXPECT_EQ(lt_close(b), 0);
	EXPECT_EQ(calls[1], 1);
	EXPECT_EQ(liveupdate_flb_get_outgoing(&flb, &obj), -ENOENT);
	liveupdate_unregister_flb(&th_handler, &flb);
}

SIM_TEST(flb__preserve_fails__file_is_not_preserved, "P-17", "P-59")
{
	int luo = lt_open_luo(), a = lt_create_session(luo, "a"), fd;

	th_register();
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &flb), 0);
	fd = th_open(1);
	preserve_error = -EIO;
	EXPECT_EQ(lt_preserve(a, fd, 1), -EIO);
	th_expect_log("");
	preserve_error = 0;
	EXPECT_EQ(lt_preserve(a, fd, 1), 0);
	EXPECT_EQ(lt_close(a), 0);
	liveupdate_unregister_flb(&th_handler, &flb);
}

SIM_TEST(flb__registered_twice__is_eexist, "P-63")
{
	static struct liveupdate_flb same = { .ops = &fl_ops, .compatible = "flb-v1" };

	th_register();
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &flb), 0);
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &flb), -EEXIST);
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &same), -EEXIST);
	liveupdate_unregister_flb(&th_handler, &flb);
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &same), 0);
	liveupdate_unregister_file_handler(&th_handler);
	th_register();
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &flb), 0);
	liveupdate_unregister_flb(&th_handler, &flb);
}

SIM_TEST(flb__cold_boot__has_nothing_incoming, "P-61")
{
	void *obj;

	th_register();
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &flb), 0);
	EXPECT_EQ(liveupdate_flb_get_incoming(&flb, &obj), -ENODATA);
	luo_flb_file_finish(&th_handler);
	EXPECT_EQ(calls[2], 0);
	EXPECT_EQ(calls[3], 0);
	liveupdate_unregister_flb(&th_handler, &flb);
}

static void retrieve_fd(int session, u64 token)
{
	struct liveupdate_session_retrieve_fd arg = { .size = sizeof(arg), .token = token };

	EXPECT_EQ(lt_ioctl(session, LIVEUPDATE_SESSION_RETRIEVE_FD, &arg, sizeof(arg)), 0);
}

/* Two sessions with a file each; in the first kernel, preserve them and jump. */
static void two_incoming_sessions(int session[2])
{
	static const char *const names[2] = { "a", "b" };
	int luo;

	th_register();
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &flb), 0);
	luo = lt_open_luo();
	for (int i = 0; i < 2; i++) {
		session[i] = lt_session_op(luo, is_kho_boot() ?
					   LIVEUPDATE_IOCTL_RETRIEVE_SESSION :
					   LIVEUPDATE_IOCTL_CREATE_SESSION, names[i]);
		EXPECT(session[i] >= 0);
		if (!is_kho_boot())
			EXPECT_EQ(lt_preserve(session[i], th_open(i + 1), i + 1), 0);
	}
	if (!is_kho_boot())
		lt_kexec();
}

SIM_TEST(flb__incoming__retrieved_on_demand_and_finished_with_the_last_file, "P-59", "P-61")
{
	int session[2];
	void *obj;

	two_incoming_sessions(session);
	EXPECT_EQ(calls[2], 0);
	EXPECT_EQ(liveupdate_flb_get_incoming(&flb, &obj), 0);
	EXPECT_EQ(liveupdate_flb_get_incoming(&flb, &obj), 0);
	EXPECT_EQ(calls[2], 1);
	liveupdate_flb_put_incoming(&flb);
	liveupdate_flb_put_incoming(&flb);
	retrieve_fd(session[1], 2);
	EXPECT_EQ(lt_close(session[1]), 0);
	EXPECT_EQ(calls[3], 0);
	EXPECT_EQ(lt_close(session[0]), 0);
	EXPECT_EQ(calls[3], 1);
	EXPECT_EQ(liveupdate_flb_get_incoming(&flb, &obj), -ENODATA);
	th_expect_log("r102 F102 F101");
	liveupdate_unregister_flb(&th_handler, &flb);
}

SIM_TEST(flb__incoming_and_nobody_asked__retrieved_and_finished_once, "P-59")
{
	int session[2];

	two_incoming_sessions(session);
	EXPECT_EQ(lt_close(session[0]), 0);
	EXPECT_EQ(lt_close(session[1]), 0);
	EXPECT_EQ(calls[2], 1);
	EXPECT_EQ(calls[3], 1);
	liveupdate_unregister_flb(&th_handler, &flb);
}

SIM_TEST(flb__held_beyond_the_last_file__finished_when_put, "P-60")
{
	int session[2];
	void *obj;

	two_incoming_sessions(session);
	EXPECT_EQ(liveupdate_flb_get_incoming(&flb, &obj), 0);
	EXPECT_EQ(lt_close(session[0]), 0);
	EXPECT_EQ(lt_close(session[1]), 0);
	EXPECT_EQ(calls[3], 0);
	liveupdate_flb_put_incoming(&flb);
	EXPECT_EQ(calls[3], 1);
	liveupdate_unregister_flb(&th_handler, &flb);
}
