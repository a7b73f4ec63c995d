// SPDX-License-Identifier: GPL-2.0
/*
 * A live update handler in a module of its own, for tests of how modules are pinned: it
 * preserves open files of /dev/kvm, which have no state at all and belong to another
 * module. So nothing but the sessions pins this one.
 *
 * No real kernel has it, but it is written to be built for one as well.
 */

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/liveupdate.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/stat.h>

#define MISC_MAJOR	10

static bool kvm_dev_luo_can_preserve(struct liveupdate_file_handler *handler, struct file *file)
{
	struct inode *inode = file_inode(file);

	return S_ISCHR(inode->i_mode) && imajor(inode) == MISC_MAJOR &&
	       iminor(inode) == KVM_MINOR;
}

static int kvm_dev_luo_preserve(struct liveupdate_file_op_args *args)
{
	args->serialized_data = KVM_MINOR;
	return 0;
}

static void kvm_dev_luo_unpreserve(struct liveupdate_file_op_args *args)
{
}

static int kvm_dev_luo_retrieve(struct liveupdate_file_op_args *args)
{
	struct file *file;

	if (args->serialized_data != KVM_MINOR)
		return -EINVAL;
	file = filp_open("/dev/kvm", O_RDWR, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	args->file = file;
	return 0;
}

static void kvm_dev_luo_finish(struct liveupdate_file_op_args *args)
{
}

static const struct liveupdate_file_ops kvm_dev_luo_ops = {
	.can_preserve = kvm_dev_luo_can_preserve,
	.preserve = kvm_dev_luo_preserve,
	.unpreserve = kvm_dev_luo_unpreserve,
	.retrieve = kvm_dev_luo_retrieve,
	.finish = kvm_dev_luo_finish,
	.owner = THIS_MODULE,
};

static struct liveupdate_file_handler kvm_dev_luo_handler = {
	.ops = &kvm_dev_luo_ops,
	.compatible = "luosim,kvm-dev-v1",
};

static int __init kvm_dev_luo_init(void)
{
	return liveupdate_register_file_handler(&kvm_dev_luo_handler);
}

static void __exit kvm_dev_luo_exit(void)
{
	liveupdate_unregister_file_handler(&kvm_dev_luo_handler);
}

module_init(kvm_dev_luo_init);
module_exit(kvm_dev_luo_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Live update of open files of /dev/kvm, for tests");
