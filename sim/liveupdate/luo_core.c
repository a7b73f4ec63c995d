// SPDX-License-Identifier: GPL-2.0
/*
 * The Live Update Orchestrator: boot, reboot and /dev/liveupdate. Semantics of
 * kernel/liveupdate/luo_core.c of Linux 7.3; the differences are in docs/findings.md
 * (F-01, F-02, F-04).
 */

#define pr_fmt(fmt) "luo: " fmt

#include <linux/array_size.h>
#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/kho/abi/luo.h>
#include <linux/kstrtox.h>
#include <linux/liveupdate.h>
#include <linux/miscdevice.h>
#include <linux/printk.h>
#include <linux/rwsem.h>
#include <linux/string.h>

#include "kexec_handover_internal.h"
#include "luo_internal.h"

static struct {
	bool enabled;
	struct luo_ser *luo_ser_out;
	u64 liveupdate_num;
} luo_global;

struct luo_counters luo_counters;

static int __init early_liveupdate_param(char *buf)
{
	return kstrtobool(buf, &luo_global.enabled);
}
early_param("liveupdate", early_liveupdate_param);

/** liveupdate_enabled() - whether "liveupdate=on" was asked for and works. */
bool liveupdate_enabled(void)
{
	return luo_global.enabled;
}

static int __init luo_read_incoming(struct luo_ser *luo_ser)
{
	int err;

	luo_global.liveupdate_num = luo_ser->liveupdate_num;
	pr_info("Retrieved live update data, liveupdate number: %lld\n",
		luo_global.liveupdate_num);

	err = luo_session_setup_incoming(luo_ser->sessions_pa);
	if (!err)
		err = luo_flb_setup_incoming(luo_ser->flbs_pa);
	kho_restore_free(luo_ser);
	return err;
}

static int __init luo_early_startup(void)
{
	phys_addr_t phys;
	struct luo_ser *luo_ser;
	size_t len;
	int err;

	err = kho_retrieve_subtree(LUO_KHO_ENTRY_NAME, &phys, &len);
	if (err == -ENOENT)
		return 0;
	if (err) {
		pr_err("failed to retrieve LUO state '%s' from KHO: %pe\n",
		       LUO_KHO_ENTRY_NAME, ERR_PTR(err));
		return err;
	}

	if (len < sizeof(*luo_ser)) {
		pr_err("LUO state is too small (%zu < %zu)\n", len, sizeof(*luo_ser));
		return -EINVAL;
	}
	if (!kho_block_ok(phys)) {
		pr_err("LUO state is not in preserved memory\n");
		return -EINVAL;
	}

	luo_ser = phys_to_virt(phys);
	if (strncmp(luo_ser->compatible, LUO_ABI_COMPATIBLE, LUO_ABI_COMPAT_LEN)) {
		pr_err("LUO state is incompatible with '%s'\n", LUO_ABI_COMPATIBLE);
		return -EINVAL;
	}
	return luo_read_incoming(luo_ser);
}

/*
 * What can't be understood must not be used; it stays where it is, out of reach of this
 * kernel's allocator. The real kernel panics here (F-04).
 */
static int __init liveupdate_early_init(void)
{
	int err;

	kho_block_init();
	luo_session_init();
	luo_file_init();
	if (!kho_is_enabled()) {
		if (liveupdate_enabled())
			pr_warn("Disabling liveupdate because KHO is disabled\n");
		luo_global.enabled = false;
		return 0;
	}

	err = luo_early_startup();
	if (err) {
		luo_global.enabled = false;
		pr_err("The incoming tree failed to initialize properly [%pe], disabling live "
		       "update\n", ERR_PTR(err));
	}
	return err;
}
early_initcall(liveupdate_early_init);

static int __init luo_state_setup(void)
{
	struct luo_ser *luo_ser;
	u64 flbs_pa;
	int err;

	luo_ser = kho_alloc_preserve(sizeof(*luo_ser));
	if (IS_ERR(luo_ser)) {
		pr_err("failed to allocate/preserve LUO state memory\n");
		return PTR_ERR(luo_ser);
	}

	strscpy(luo_ser->compatible, LUO_ABI_COMPATIBLE, sizeof(luo_ser->compatible));
	luo_ser->liveupdate_num = luo_global.liveupdate_num + 1;
	luo_session_setup_outgoing(luo_ser);

	err = luo_flb_setup_outgoing(&flbs_pa);
	luo_ser->flbs_pa = flbs_pa;
	if (!err)
		err = kho_add_subtree(LUO_KHO_ENTRY_NAME, luo_ser, sizeof(*luo_ser));
	if (err) {
		kho_unpreserve_free(luo_ser);
		pr_err("failed to prepare LUO state: %d\n", err);
		return err;
	}

	luo_global.luo_ser_out = luo_ser;
	return 0;
}

/* Late: only user space needs the outgoing side. */
static int __init luo_late_startup(void)
{
	int err;

	if (!liveupdate_enabled())
		return 0;
	err = luo_state_setup();
	if (err)
		luo_global.enabled = false;
	return err;
}
late_initcall(luo_late_startup);

/**
 * liveupdate_reboot() - serialize everything, just before the jump.
 *
 * Return: 0, and from then on no session can be used; or the error of the first file that
 * could not be frozen, with all as before.
 */
int liveupdate_reboot(void)
{
	int err;

	if (!liveupdate_enabled())
		return 0;
	err = luo_session_serialize();
	if (err)
		return err;
	luo_flb_serialize();
	return 0;
}

struct luo_device_state {
	struct miscdevice miscdev;
	atomic_t in_use;
};

static struct luo_device_state *luo_device(struct file *filep)
{
	return container_of(filep->private_data, struct luo_device_state, miscdev);
}

static int luo_open(struct inode *inodep, struct file *filep)
{
	struct luo_device_state *ldev = luo_device(filep);

	if (atomic_cmpxchg(&ldev->in_use, 0, 1))
		return -EBUSY;
	if (luo_session_deserialize()) {
		atomic_set(&ldev->in_use, 0);
		return -EIO;
	}
	return 0;
}

static int luo_release(struct inode *inodep, struct file *filep)
{
	atomic_set(&luo_device(filep)->in_use, 0);
	return 0;
}

/* What both ioctls have in common: a name in, a descriptor out. */
static_assert(sizeof(struct liveupdate_ioctl_create_session) ==
	      sizeof(struct liveupdate_ioctl_retrieve_session));

union ucmd_buffer {
	struct liveupdate_ioctl_create_session create;
	struct liveupdate_ioctl_retrieve_session retrieve;
};

struct luo_ioctl_op {
	unsigned int size;
	unsigned int min_size;
	unsigned int ioctl_num;
	int (*execute)(const char *name, struct file **filep);
};

#define IOCTL_OP(_ioctl, _fn, _struct, _last)				\
	[_IOC_NR(_ioctl) - LIVEUPDATE_CMD_BASE] = {			\
		.size = sizeof(_struct),				\
		.min_size = offsetofend(_struct, _last),		\
		.ioctl_num = _ioctl,					\
		.execute = _fn,						\
	}

static const struct luo_ioctl_op luo_ioctl_ops[] = {
	IOCTL_OP(LIVEUPDATE_IOCTL_CREATE_SESSION, luo_session_create,
		 struct liveupdate_ioctl_create_session, name),
	IOCTL_OP(LIVEUPDATE_IOCTL_RETRIEVE_SESSION, luo_session_retrieve,
		 struct liveupdate_ioctl_retrieve_session, name),
};

/*
 * The descriptor is known before there is anything behind it, so the reply is written
 * first: when that fails, no session has been made, or spent.
 */
static int luo_execute(const struct luo_ioctl_op *op, struct luo_ucmd *ucmd)
{
	struct liveupdate_ioctl_create_session *argp = ucmd->cmd;
	struct file *file;
	int err;

	argp->fd = get_unused_fd_flags(O_CLOEXEC);
	if (argp->fd < 0)
		return argp->fd;

	err = luo_ucmd_respond(ucmd, op->size);
	if (!err)
		err = op->execute((const char *)argp->name, &file);
	if (err) {
		put_unused_fd(argp->fd);
		return err;
	}
	fd_install(argp->fd, file);
	return 0;
}

static long luo_ioctl(struct file *filep, unsigned int cmd, unsigned long arg)
{
	const struct luo_ioctl_op *op;
	struct luo_ucmd ucmd = {};
	union ucmd_buffer buf;
	unsigned int nr;
	int err;

	nr = _IOC_NR(cmd);
	if (nr - LIVEUPDATE_CMD_BASE >= ARRAY_SIZE(luo_ioctl_ops))
		return -EINVAL;

	ucmd.ubuffer = (void __user *)arg;
	err = get_user(ucmd.user_size, (u32 __user *)ucmd.ubuffer);
	if (err)
		return err;

	op = &luo_ioctl_ops[nr - LIVEUPDATE_CMD_BASE];
	if (op->ioctl_num != cmd)
		return -ENOIOCTLCMD;
	if (ucmd.user_size < op->min_size)
		return -EINVAL;

	ucmd.cmd = &buf;
	err = copy_struct_from_user(ucmd.cmd, op->size, ucmd.ubuffer, ucmd.user_size);
	if (err)
		return err;
	return luo_execute(op, &ucmd);
}

static const struct file_operations luo_fops = {
	.owner = THIS_MODULE,
	.open = luo_open,
	.release = luo_release,
	.unlocked_ioctl = luo_ioctl,
};

static struct luo_device_state luo_dev = {
	.miscdev = {
		.minor = MISC_DYNAMIC_MINOR,
		.name = "liveupdate",
		.fops = &luo_fops,
	},
	.in_use = ATOMIC_INIT(0),
};

static int __init liveupdate_ioctl_init(void)
{
	if (!liveupdate_enabled())
		return 0;
	return misc_register(&luo_dev.miscdev);
}
late_initcall(liveupdate_ioctl_init);
