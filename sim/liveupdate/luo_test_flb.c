// SPDX-License-Identifier: GPL-2.0
/*
 * FLBs for tests, hung on every file handler, as lib/tests/liveupdate.c of Linux 7.3 does
 * with CONFIG_LIVEUPDATE_TEST. Here "luo_test_flbs=N" on the command line asks for the first
 * N of them. Their callbacks say in the log what they do, and what they hand over is a page.
 *
 * The first has a user in the kernel: a driver that holds the incoming object while
 * /dev/test_flb_incoming is open, and the outgoing one while /dev/test_flb_outgoing is.
 * The others have none. (The user in 7.3's test asks for all of them once, while it boots,
 * so that nothing is ever left to be retrieved later.)
 */

#define pr_fmt(fmt) "luo test: " fmt

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/kho/abi/luo.h>
#include <linux/kstrtox.h>
#include <linux/liveupdate.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/printk.h>

#include "luo_internal.h"

#define TEST_FLBS	3
#define TEST_FLB_MAGIC	0x6c756f73696d0000ULL

/* What crosses: the page's number in the array of FLBs, and how many kernels it has seen. */
struct test_flb_page {
	u64 magic;
	u64 kernels;
};

static unsigned int test_flbs_wanted;

static int __init test_flb_parse(char *value)
{
	int err = value ? kstrtouint(value, 0, &test_flbs_wanted) : -EINVAL;

	if (!err && test_flbs_wanted > TEST_FLBS) {
		test_flbs_wanted = 0;
		err = -EINVAL;
	}
	return err;
}
early_param("luo_test_flbs", test_flb_parse);

static long test_flb_index(const struct liveupdate_flb *flb);

static int test_flb_preserve(struct liveupdate_flb_op_args *args)
{
	struct test_flb_page *page = kho_alloc_preserve(PAGE_SIZE);

	if (IS_ERR(page))
		return PTR_ERR(page);
	page->magic = TEST_FLB_MAGIC + test_flb_index(args->flb);
	page->kernels = 1;
	args->obj = page;
	args->data = virt_to_phys(page);
	pr_info("FLB %ld preserved\n", test_flb_index(args->flb));
	return 0;
}

static void test_flb_unpreserve(struct liveupdate_flb_op_args *args)
{
	kho_unpreserve_free(args->obj);
	pr_info("FLB %ld unpreserved\n", test_flb_index(args->flb));
}

static int test_flb_retrieve(struct liveupdate_flb_op_args *args)
{
	struct folio *folio = kho_restore_folio(args->data);
	struct test_flb_page *page;

	if (!folio)
		return -EINVAL;
	page = folio_address(folio);
	if (page->magic != TEST_FLB_MAGIC + test_flb_index(args->flb)) {
		pr_err("FLB %ld is another one\n", test_flb_index(args->flb));
		folio_put(folio);
		return -EINVAL;
	}
	page->kernels++;
	args->obj = page;
	pr_info("FLB %ld retrieved\n", test_flb_index(args->flb));
	return 0;
}

static void test_flb_finish(struct liveupdate_flb_op_args *args)
{
	folio_put(virt_to_folio(args->obj));
	pr_info("FLB %ld finished\n", test_flb_index(args->flb));
}

static const struct liveupdate_flb_ops test_flb_ops = {
	.preserve = test_flb_preserve,
	.unpreserve = test_flb_unpreserve,
	.retrieve = test_flb_retrieve,
	.finish = test_flb_finish,
	.owner = THIS_MODULE,
};

static struct liveupdate_flb test_flbs[TEST_FLBS] = {
	{ .ops = &test_flb_ops, .compatible = LIVEUPDATE_TEST_FLB_COMPATIBLE(0) },
	{ .ops = &test_flb_ops, .compatible = LIVEUPDATE_TEST_FLB_COMPATIBLE(1) },
	{ .ops = &test_flb_ops, .compatible = LIVEUPDATE_TEST_FLB_COMPATIBLE(2) },
};

static long test_flb_index(const struct liveupdate_flb *flb)
{
	return flb - test_flbs;
}

/**
 * liveupdate_test_register() - let files of @fh depend on the test FLBs.
 *
 * Context: @fh has been registered. The kernel's own is in lib/tests/liveupdate.c.
 */
void liveupdate_test_register(struct liveupdate_file_handler *fh)
{
	for (unsigned int i = 0; i < test_flbs_wanted; i++) {
		int err = liveupdate_register_flb(fh, &test_flbs[i]);

		if (err)
			pr_err("FLB %u can't be hung on '%s' (%pe)\n", i, fh->compatible,
			       ERR_PTR(err));
	}
}

/* The user in the kernel: an open file holds the object. */

static int test_flb_incoming_open(struct inode *inode, struct file *file)
{
	struct test_flb_page *page;
	int err = liveupdate_flb_get_incoming(&test_flbs[0], (void **)&page);

	if (!err)
		pr_info("FLB 0 used, it has seen %llu kernels\n", page->kernels);
	return err;
}

static int test_flb_incoming_release(struct inode *inode, struct file *file)
{
	liveupdate_flb_put_incoming(&test_flbs[0]);
	return 0;
}

static int test_flb_outgoing_open(struct inode *inode, struct file *file)
{
	struct test_flb_page *page;
	int err = liveupdate_flb_get_outgoing(&test_flbs[0], (void **)&page);

	if (!err)
		pr_info("FLB 0 used, it has seen %llu kernels\n", page->kernels);
	return err;
}

static int test_flb_outgoing_release(struct inode *inode, struct file *file)
{
	liveupdate_flb_put_outgoing(&test_flbs[0]);
	return 0;
}

static const struct file_operations test_flb_incoming_fops = {
	.owner = THIS_MODULE,
	.open = test_flb_incoming_open,
	.release = test_flb_incoming_release,
};

static const struct file_operations test_flb_outgoing_fops = {
	.owner = THIS_MODULE,
	.open = test_flb_outgoing_open,
	.release = test_flb_outgoing_release,
};

static struct miscdevice test_flb_devices[] = {
	{ .minor = MISC_DYNAMIC_MINOR, .name = "test_flb_incoming",
	  .fops = &test_flb_incoming_fops },
	{ .minor = MISC_DYNAMIC_MINOR, .name = "test_flb_outgoing",
	  .fops = &test_flb_outgoing_fops },
};

static int __init test_flb_init(void)
{
	int err = 0;

	for (int i = 0; i < ARRAY_SIZE(test_flb_devices) && test_flbs_wanted && !err; i++)
		err = misc_register(&test_flb_devices[i]);
	return err;
}
module_init(test_flb_init);
