// SPDX-License-Identifier: GPL-2.0
/* Which callbacks a handler gets, in which order, and what a failure undoes. */

#include <linux/err.h>
#include <linux/io.h>

#include "../../sim/liveupdate/luo_internal.h"
#include "luo_handler.h"

SIM_TEST(luo_files__session_closed__unpreserves_newest_first, "P-05", "P-18", "P-19")
{
	int luo = lt_open_luo(), session, fds[3];
	long keys = lt_keys(), files;

	th_register();
	session = lt_create_session(luo, "s");
	for (int i = 0; i < 3; i++)
		fds[i] = th_open(i + 1);
	files = lt_files();
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(lt_preserve(session, fds[i], i), 0);
	EXPECT_EQ(lt_count("luo preserved files"), 3);
	/* LUO keeps them open. */
	EXPECT_EQ(lt_close(fds[1]), 0);
	EXPECT_EQ(lt_files(), files);
	EXPECT_EQ(lt_close(session), 0);
	th_expect_log("p1 p2 p3 u3 u2 u1");
	EXPECT_EQ(lt_files(), files - 2);
	EXPECT_EQ(lt_keys(), keys);
	EXPECT_EQ(lt_count("luo preserved files"), 0);
	EXPECT_EQ(lt_count("outgoing sessions"), 0);
}

SIM_TEST(luo_files__preserve_fails__leaves_nothing_and_can_be_repeated, "P-17")
{
	int luo = lt_open_luo(), session, fd;
	long keys;

	th_register();
	session = lt_create_session(luo, "s");
	fd = th_open(7);
	keys = lt_keys();
	th_fail_call = 'p';
	th_fail_id = 7;
	th_fail_error = -EOPNOTSUPP;
	EXPECT_EQ(lt_preserve(session, fd, 1), -EOPNOTSUPP);
	EXPECT_EQ(lt_keys(), keys);
	EXPECT_EQ(file_count(lt_file(fd)), 1);
	th_fail_call = 0;
	EXPECT_EQ(lt_preserve(session, fd, 1), 0);
	EXPECT_EQ(lt_close(session), 0);
	th_expect_log("!7 p7 u7");
}

SIM_TEST(luo_files__more_than_a_block__grow_and_go, "P-14", "P-65")
{
	int luo = lt_open_luo(), session;
	long keys = lt_keys();

	th_register();
	session = lt_create_session(luo, "s");
	for (int i = 0; i < 127; i++)
		EXPECT_EQ(lt_preserve(session, th_open(i), i), 0);
	EXPECT_EQ(lt_keys(), keys + 1 + 3);
	EXPECT_EQ(lt_close(session), 0);
	EXPECT_EQ(lt_keys(), keys);
}

SIM_TEST(luo_files__freeze_fails__unfreezes_exactly_the_frozen_ones, "P-29", "P-30")
{
	int luo = lt_open_luo(), a, b;
	long keys;

	th_register();
	a = lt_create_session(luo, "a");
	b = lt_create_session(luo, "b");
	EXPECT_EQ(lt_preserve(a, th_open(1), 1), 0);
	EXPECT_EQ(lt_preserve(a, th_open(2), 2), 0);
	EXPECT_EQ(lt_preserve(b, th_open(3), 1), 0);
	EXPECT_EQ(lt_preserve(b, th_open(4), 2), 0);
	EXPECT_EQ(lt_preserve(b, th_open(5), 3), 0);
	th_expect_log("p1 p2 p3 p4 p5");
	keys = lt_keys();
	EXPECT_EQ(sys(HOST_NR_KEXEC_FILE_LOAD, -1, -1, 0, 0, 0), 0);

	th_fail_call = 'f';
	th_fail_id = 4;
	th_fail_error = -ENOENT;
	EXPECT_EQ(lt_reboot(), -ENOENT);
	/* freeze() moved the handle by 100; unfreeze() is told so. */
	th_expect_log("f1 f2 f3 !4 t103 t101 t102");
	EXPECT_EQ(lt_keys(), keys);
	EXPECT_EQ(lt_reboot(), -ENOENT);
	/* The handles are what they were before the first attempt. */
	th_expect_log("f1 f2 f3 !4 t103 t101 t102");

	EXPECT_EQ(lt_preserve(b, th_open(6), 4), 0);
	EXPECT_EQ(lt_close(b), 0);
	EXPECT_EQ(lt_close(a), 0);
	th_expect_log("p6 u6 u5 u4 u3 u2 u1");
}

SIM_TEST(luo_files__lookup_by_file__finds_the_token)
{
	int luo = lt_open_luo(), fd = lt_create_session(luo, "s"), a, b;
	struct luo_session *session = lt_file(fd)->private_data;
	u64 token = 0;

	th_register();
	a = th_open(1);
	b = th_open(2);
	EXPECT_EQ(lt_preserve(fd, a, 42), 0);
	mutex_lock(&session->mutex);
	EXPECT_EQ(liveupdate_get_token_outgoing((struct liveupdate_session *)session, lt_file(a),
						&token), 0);
	EXPECT_EQ(token, 42);
	EXPECT_EQ(liveupdate_get_token_outgoing((struct liveupdate_session *)session, lt_file(b),
						&token), -ENOENT);
	mutex_unlock(&session->mutex);
}

static void write_files(struct luo_file_set_ser *ser, unsigned int n)
{
	struct kho_block_set_it it;
	struct kho_block_set bs;

	kho_block_set_init(&bs, sizeof(struct luo_file_ser));
	EXPECT_EQ(kho_block_set_grow(&bs, n), 0);
	kho_block_set_it_init(&it, &bs);
	for (unsigned int i = 0; i < n; i++) {
		struct luo_file_ser *file = kho_block_set_it_reserve_entry(&it);

		strscpy(file->compatible, "test-v1", sizeof(file->compatible));
		file->data = file->token = i + 1;
	}
	ser->files = kho_block_set_head_pa(&bs);
	ser->count = n;
}

/*
 * A session of files that the previous kernel wrote down, with tokens from 1 on; in the
 * first kernel, write them and jump.
 */
static struct luo_session *incoming(unsigned int n)
{
	static struct luo_session session;

	th_register();
	if (!is_kho_boot()) {
		write_files(lt_leave(), n);
		lt_kexec();
	}
	mutex_init(&session.mutex);
	luo_file_set_init(&session.file_set);
	mutex_lock(&session.mutex);
	EXPECT_EQ(luo_file_deserialize(&session.file_set, lt_found()), 0);
	mutex_unlock(&session.mutex);
	return &session;
}

static int retrieve(struct luo_session *session, u64 token, struct file **file)
{
	guard(mutex)(&session->mutex);
	return luo_retrieve_file(&session->file_set, token, file);
}

static int finish(struct luo_session *session)
{
	guard(mutex)(&session->mutex);
	return luo_file_finish(&session->file_set);
}

SIM_TEST(luo_files__retrieved_twice__is_the_same_file, "P-46", "P-51")
{
	struct luo_session *session = incoming(3);
	struct file *a, *b;

	EXPECT_EQ(retrieve(session, 2, &a), 0);
	EXPECT_EQ(retrieve(session, 2, &b), 0);
	EXPECT(a == b);
	EXPECT_EQ(file_count(a), 3);
	EXPECT_EQ(retrieve(session, 4, &b), -ENOENT);
	EXPECT_EQ(finish(session), 0);
	EXPECT_EQ(file_count(a), 2);
	th_expect_log("r2 F3 F2 F1");
	EXPECT_EQ(finish(session), 0);
	fput(a);
	fput(b);
	luo_file_set_destroy(&session->file_set);
}

SIM_TEST(luo_files__retrieve_fails__keeps_its_error, "P-46")
{
	struct luo_session *session = incoming(2);
	struct file *file;

	th_fail_call = 'r';
	th_fail_id = 1;
	th_fail_error = -EPROTO;
	EXPECT_EQ(retrieve(session, 1, &file), -EPROTO);
	th_fail_call = 0;
	EXPECT_EQ(retrieve(session, 1, &file), -EPROTO);
	EXPECT_EQ(finish(session), 0);
	th_expect_log("!1 F2 F1");
}

SIM_TEST(luo_files__cannot_finish__is_ebusy_without_effect, "P-50")
{
	struct luo_session *session = incoming(2);
	struct file *file;

	th_cannot_finish = true;
	EXPECT_EQ(finish(session), -EBUSY);
	EXPECT_EQ(retrieve(session, 1, &file), 0);
	EXPECT_EQ(finish(session), -EBUSY);
	th_cannot_finish = false;
	EXPECT_EQ(finish(session), 0);
	th_expect_log("r1 F2 F1");
	fput(file);
}

SIM_TEST(luo_files__owned_by_an_incoming_session__cannot_be_preserved, "P-16")
{
	struct luo_session *in = incoming(1);
	int luo = lt_open_luo(), out = lt_create_session(luo, "out"), fd;
	struct file *file;

	EXPECT_EQ(retrieve(in, 1, &file), 0);
	fd = get_unused_fd_flags(0);
	fd_install(fd, file);
	EXPECT_EQ(lt_preserve(out, fd, 1), -EBUSY);
	EXPECT_EQ(finish(in), 0);
	EXPECT_EQ(lt_preserve(out, fd, 1), 0);
}

SIM_TEST(luo_files__nested_retrieve__gets_the_file_and_never_deadlocks, "P-47")
{
	struct luo_session *session = incoming(2);
	struct liveupdate_session *arg = (struct liveupdate_session *)session;
	struct file *a, *b;

	mutex_lock(&session->mutex);
	EXPECT_EQ(liveupdate_get_file_incoming(arg, 2, &a), 0);
	EXPECT_EQ(liveupdate_get_file_incoming(arg, 2, &b), 0);
	EXPECT(a == b);
	EXPECT_EQ(liveupdate_get_file_incoming(arg, 3, &b), -ENOENT);
	mutex_unlock(&session->mutex);
	EXPECT_EQ(finish(session), 0);
	EXPECT_EQ(file_count(a), 2);
	fput(a);
	fput(a);
}

static struct luo_session *looping_session;
static int loop_error;

/* Needs itself. */
static int loop_retrieve(struct liveupdate_file_op_args *args)
{
	struct file *file;

	EXPECT(args->session == (struct liveupdate_session *)looping_session);
	loop_error = liveupdate_get_file_incoming(args->session, args->serialized_data, &file);
	return loop_error;
}

static struct liveupdate_file_ops loop_ops;

SIM_TEST(luo_files__retrieve_that_needs_itself__is_edeadlk, "P-47", "P-56")
{
	struct file *file;

	loop_ops = th_ops;
	loop_ops.retrieve = loop_retrieve;
	th_handler.ops = &loop_ops;
	looping_session = incoming(1);
	EXPECT_EQ(retrieve(looping_session, 1, &file), -EDEADLK);
	EXPECT_EQ(loop_error, -EDEADLK);
	EXPECT_EQ(finish(looping_session), 0);
}

SIM_TEST(luo_files__handed_over_nonsense__is_refused, "P-56")
{
	struct luo_session *session = incoming(1);
	struct luo_file_set_ser ser = { .files = 0, .count = 3 };
	struct luo_file_set set;

	luo_file_set_init(&set);
	EXPECT_EQ(luo_file_deserialize(&set, &ser), -EINVAL);
	ser.files = sim_boot.memory + PAGE_SIZE;
	EXPECT_EQ(luo_file_deserialize(&set, &ser), -EINVAL);
	ser = (struct luo_file_set_ser){};
	EXPECT_EQ(luo_file_deserialize(&set, &ser), 0);
	EXPECT_EQ(finish(session), 0);
}

SIM_TEST(luo_handler__registered_twice_or_incomplete__is_refused, "P-63")
{
	struct liveupdate_file_ops ops = th_ops;
	struct liveupdate_file_handler other = { .ops = &ops, .compatible = "test-v1" };

	th_register();
	EXPECT_EQ(liveupdate_register_file_handler(&other), -EEXIST);
	ops.finish = NULL;
	EXPECT_EQ(liveupdate_register_file_handler(&other), -EINVAL);
	liveupdate_unregister_file_handler(&th_handler);
	th_register();
}

SIM_TEST(luo_handler__another_version__is_another_handler, "P-57")
{
	static const char *const others[] = { "test-v2", "test-v", "test-v11", "Test-v1", "" };
	struct luo_file_ser ser = { .compatible = "test-v1" };

	th_register();
	EXPECT(luo_get_handler_for(&ser) == &th_handler);
	module_put(THIS_MODULE);
	for (unsigned int i = 0; i < ARRAY_SIZE(others); i++) {
		strscpy(ser.compatible, others[i], sizeof(ser.compatible));
		EXPECT(!luo_get_handler_for(&ser));
	}
}
