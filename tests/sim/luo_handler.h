/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TESTS_SIM_LUO_HANDLER_H
#define _TESTS_SIM_LUO_HANDLER_H

/* A live update handler whose calls are written down, and files of its kind. */

#include <linux/anon_inodes.h>
#include <linux/kexec_handover.h>
#include <linux/slab.h>

#include "luo_test.h"

static char th_log[256];

/* What fails next: the letter of a call, and the number of the file. */
static char th_fail_call;
static long th_fail_id;
static int th_fail_error;
static bool th_cannot_finish;
static long th_unfinished_id;

static inline void th_logged(char call, long id)
{
	size_t len = strlen(th_log);

	snprintf(th_log + len, sizeof(th_log) - len, "%s%c%ld", len ? " " : "", call, id);
}

static int th_call(char call, long id)
{
	if (call == th_fail_call && id == th_fail_id) {
		th_logged('!', id);
		return th_fail_error;
	}
	th_logged(call, id);
	return 0;
}

static inline void th_expect_log(const char *log)
{
	EXPECT(!strcmp(th_log, log));
	th_log[0] = '\0';
}

static const struct file_operations th_fops = { .owner = THIS_MODULE };

static struct file *th_getfile(long id)
{
	struct file *file = anon_inode_getfile("[test]", &th_fops, (void *)id, O_RDWR);

	EXPECT(!IS_ERR(file));
	return file;
}

static inline int th_open(long id)
{
	int fd = get_unused_fd_flags(0);

	fd_install(fd, th_getfile(id));
	return fd;
}

static bool th_can_preserve(struct liveupdate_file_handler *handler, struct file *file)
{
	return file->f_op == &th_fops;
}

static int th_preserve(struct liveupdate_file_op_args *args)
{
	args->serialized_data = (u64)args->file->private_data;
	args->private_data = args->handler;
	EXPECT(args->session);
	return th_call('p', args->serialized_data);
}

static inline void th_unpreserve(struct liveupdate_file_op_args *args)
{
	EXPECT(args->private_data == args->handler);
	th_call('u', args->serialized_data);
}

static int th_freeze(struct liveupdate_file_op_args *args)
{
	int err = th_call('f', args->serialized_data);

	args->serialized_data += 100;
	return err;
}

static inline void th_unfreeze(struct liveupdate_file_op_args *args)
{
	th_call('t', args->serialized_data);
}

static int th_retrieve(struct liveupdate_file_op_args *args)
{
	int err = th_call('r', args->serialized_data);

	if (!err)
		args->file = th_getfile(args->serialized_data);
	return err;
}

static bool th_can_finish(struct liveupdate_file_op_args *args)
{
	return !th_cannot_finish && args->serialized_data != th_unfinished_id;
}

static inline void th_finish(struct liveupdate_file_op_args *args)
{
	th_call('F', args->serialized_data);
}

static const struct liveupdate_file_ops th_ops = {
	.can_preserve = th_can_preserve,
	.preserve = th_preserve,
	.unpreserve = th_unpreserve,
	.freeze = th_freeze,
	.unfreeze = th_unfreeze,
	.retrieve = th_retrieve,
	.can_finish = th_can_finish,
	.finish = th_finish,
	.owner = THIS_MODULE,
};

static struct liveupdate_file_handler th_handler = {
	.ops = &th_ops,
	.compatible = "test-v1",
};

static inline void th_register(void)
{
	EXPECT_EQ(liveupdate_register_file_handler(&th_handler), 0);
}

#endif /* _TESTS_SIM_LUO_HANDLER_H */
