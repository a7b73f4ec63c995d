// SPDX-License-Identifier: GPL-2.0
/*
 * Files for tests that can be preserved and cost next to nothing: each open() of
 * /dev/test_file makes one. They are there with "luo_test_files=on" on the command line.
 * What crosses is a number, so that many thousands of them say something about LUO and
 * nothing about memory.
 */

#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/liveupdate.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

static bool test_files_wanted;

/* Numbers given out in this kernel; statistics, no task acts on them. */
static unsigned long test_files_opened;

static int __init test_file_parse(char *value)
{
	return kstrtobool(value, &test_files_wanted);
}
early_param("luo_test_files", test_file_parse);

static int test_file_open(struct inode *inode, struct file *file)
{
	unsigned long nr = __atomic_fetch_add(&test_files_opened, 1, __ATOMIC_RELAXED);

	file->private_data = (void *)nr;
	return 0;
}

static const struct file_operations test_file_fops = {
	.owner = THIS_MODULE,
	.open = test_file_open,
};

static bool test_file_can_preserve(struct liveupdate_file_handler *handler, struct file *file)
{
	return file->f_op == &test_file_fops;
}

/* The file's number is its handle: an odd one, which is no address of a page. */
static int test_file_preserve(struct liveupdate_file_op_args *args)
{
	args->serialized_data = (u64)args->file->private_data << 1 | 1;
	return 0;
}

/* There is nothing to undo, and nothing is left over: */
static void test_file_forget(struct liveupdate_file_op_args *args)
{
}

static int test_file_retrieve(struct liveupdate_file_op_args *args)
{
	struct file *file = anon_inode_getfile("[test_file]", &test_file_fops,
					       (void *)(args->serialized_data >> 1), O_RDWR);

	if (IS_ERR(file))
		return PTR_ERR(file);
	args->file = file;
	return 0;
}

static const struct liveupdate_file_ops test_file_ops = {
	.can_preserve = test_file_can_preserve,
	.preserve = test_file_preserve,
	.unpreserve = test_file_forget,
	.retrieve = test_file_retrieve,
	.finish = test_file_forget,
	.owner = THIS_MODULE,
};

static struct liveupdate_file_handler test_file_handler = {
	.ops = &test_file_ops,
	.compatible = "luosim-test-file-v1",
};

static struct miscdevice test_file_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "test_file",
	.fops = &test_file_fops,
};

static int __init test_file_init(void)
{
	int err;

	if (!test_files_wanted)
		return 0;
	err = liveupdate_register_file_handler(&test_file_handler);
	if (err && err != -EOPNOTSUPP)
		return err;
	return misc_register(&test_file_device);
}
module_init(test_file_init);
