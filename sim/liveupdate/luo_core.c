// SPDX-License-Identifier: GPL-2.0
/*
 * The Live Update Orchestrator: boot, reboot and /dev/liveupdate. Semantics of
 * kernel/liveupdate/luo_core.c of Linux 7.3. Its promise and its code part in one place
 * (docs/findings.md, F-04), where this follows the code; those of ioctls are told in
 * luo_ioctl.c.
 */

#define pr_fmt(fmt) "luo: " fmt

#include <linux/array_size.h>
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/kho/abi/luo.h>
#include <linux/kstrtox.h>
#include <linux/liveupdate.h>
#include <linux/miscdevice.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <sim/state.h>

#include "kexec_handover_internal.h"
#include "luo_internal.h"

static bool luo_enabled;

/* How many live updates led to this kernel. */
static u64 luo_update_count;

struct luo_counters luo_counters;

static int __init luo_parse_enable(char *value)
{
	return kstrtobool(value, &luo_enabled);
}
early_param("liveupdate", luo_parse_enable);

/** liveupdate_enabled() - whether "liveupdate=on" was asked for and works. */
bool liveupdate_enabled(void)
{
	return luo_enabled;
}

/* Whether what the previous kernel left under LUO's name can be LUO's. */
static bool __init luo_incoming_ok(phys_addr_t phys, size_t size)
{
	const struct luo_ser *ser = phys_to_virt(phys);

	if (size < sizeof(*ser)) {
		pr_err("handed-over state has %zu bytes, not %zu\n", size, sizeof(*ser));
		return false;
	}
	if (!kho_block_ok(phys)) {
		pr_err("handed-over state is not in preserved memory\n");
		return false;
	}
	if (strncmp(ser->compatible, LUO_ABI_COMPATIBLE, LUO_ABI_COMPAT_LEN)) {
		pr_err("handed-over state is not '%s'\n", LUO_ABI_COMPATIBLE);
		return false;
	}
	return true;
}

static int __init luo_setup_incoming(struct luo_ser *ser)
{
	int err = luo_session_setup_incoming(ser->sessions_pa);

	return err ?: luo_flb_setup_incoming(ser->flbs_pa);
}

/* That nothing was handed over is no error. */
static int __init luo_read_incoming(void)
{
	struct luo_ser *ser;
	phys_addr_t phys;
	size_t size;
	int err = kho_retrieve_subtree(LUO_KHO_ENTRY_NAME, &phys, &size);

	if (err)
		return err == -ENOENT ? 0 : err;
	if (!luo_incoming_ok(phys, size))
		return -EINVAL;

	ser = phys_to_virt(phys);
	luo_update_count = ser->liveupdate_num;
	pr_info("this is live update %llu\n", luo_update_count);
	err = luo_setup_incoming(ser);
	kho_restore_free(ser);
	return err;
}

/*
 * Going on without what was handed over could give a VM's memory to somebody else, so the
 * real kernel panics, and this one does where that does (F-04).
 */
static int __init luo_startup(void)
{
	int err = luo_read_incoming();

	if (err)
		panic("luo: can't read what the previous kernel handed over (%pe)",
		      ERR_PTR(err));
	return 0;
}

static int __init luo_early_init(void)
{
	kho_block_init();
	luo_session_init();
	luo_file_init();
	if (kho_is_enabled())
		return luo_startup();

	if (luo_enabled)
		pr_warn("live update is off, as KHO is\n");
	luo_enabled = false;
	return 0;
}
early_initcall(luo_early_init);

/* Fills @ser and tells the next kernel where it is. */
static int __init luo_publish(struct luo_ser *ser)
{
	u64 flbs_pa;
	int err;

	ser->liveupdate_num = luo_update_count + 1;
	strscpy(ser->compatible, LUO_ABI_COMPATIBLE, sizeof(ser->compatible));

	luo_session_setup_outgoing(ser);
	err = luo_flb_setup_outgoing(&flbs_pa);
	ser->flbs_pa = flbs_pa;
	return err ?: kho_add_subtree(LUO_KHO_ENTRY_NAME, ser, sizeof(*ser));
}

static int __init luo_setup_outgoing(void)
{
	struct luo_ser *ser = kho_alloc_preserve(sizeof(*ser));
	int err;

	if (IS_ERR(ser))
		return PTR_ERR(ser);
	err = luo_publish(ser);
	if (err)
		kho_unpreserve_free(ser);
	return err;
}

/* Late: only user space needs the outgoing side. */
static int __init luo_late_init(void)
{
	int err = luo_enabled ? luo_setup_outgoing() : 0;

	if (err) {
		pr_err("no state for the next kernel (%pe), live update is off\n", ERR_PTR(err));
		luo_enabled = false;
	}
	return err;
}
late_initcall(luo_late_init);

/**
 * liveupdate_reboot() - serialize everything, just before the jump.
 *
 * Return: 0, and from then on no session can be used; or the error of the first file that
 * could not be frozen, with all as before.
 */
int liveupdate_reboot(void)
{
	int err = luo_enabled ? luo_session_serialize() : 0;

	if (luo_enabled && !err) {
		luo_flb_serialize();
		luo_serialize_event(HOST_EVENT_SERIALIZED, 0);
	}
	return err;
}

/* The device has one user at a time. */
static atomic_t luo_device_busy = ATOMIC_INIT(0);

static int luo_device_open(struct inode *inode, struct file *file)
{
	if (atomic_cmpxchg(&luo_device_busy, 0, 1))
		return -EBUSY;
	if (!luo_session_deserialize())
		return 0;

	/* What is wrong is in the log; users are only told that something is. */
	atomic_set(&luo_device_busy, 0);
	return -EIO;
}

static int luo_device_release(struct inode *inode, struct file *file)
{
	atomic_set(&luo_device_busy, 0);
	return 0;
}

static int luo_create_session(void *owner, union luo_ioctl_arg *arg, struct file **filep)
{
	return luo_session_create((const char *)arg->create_session.name, filep);
}

static int luo_retrieve_session(void *owner, union luo_ioctl_arg *arg, struct file **filep)
{
	return luo_session_retrieve((const char *)arg->retrieve_session.name, filep);
}

#define NR(_cmd)	(_IOC_NR(_cmd) - LIVEUPDATE_CMD_BASE)

static const struct luo_ioctl luo_device_ioctls[] = {
	[NR(LIVEUPDATE_IOCTL_CREATE_SESSION)] = {
		LUO_IOCTL_ARG(LIVEUPDATE_IOCTL_CREATE_SESSION, liveupdate_ioctl_create_session,
			      name),
		.execute = luo_create_session,
		.gives_fd = true,
	},
	[NR(LIVEUPDATE_IOCTL_RETRIEVE_SESSION)] = {
		LUO_IOCTL_ARG(LIVEUPDATE_IOCTL_RETRIEVE_SESSION,
			      liveupdate_ioctl_retrieve_session, name),
		.execute = luo_retrieve_session,
		.gives_fd = true,
	},
};

static const struct luo_ioctl_table luo_device_ioctl_table = {
	.base = LIVEUPDATE_CMD_BASE,
	.count = ARRAY_SIZE(luo_device_ioctls),
	.ioctls = luo_device_ioctls,
};

static long luo_device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return luo_ioctl_run(&luo_device_ioctl_table, NULL, cmd, arg);
}

static const struct file_operations luo_device_fops = {
	.open = luo_device_open,
	.unlocked_ioctl = luo_device_ioctl,
	.release = luo_device_release,
	.owner = THIS_MODULE,
};

/** luo_device_state() - whether there is live update, and who has the device. */
void luo_device_state(struct sim_state *s)
{
	sim_state_number(s, "live update enabled", luo_enabled);
	sim_state_number(s, "live update number", luo_update_count);
	sim_state_number(s, "live update device busy", luo_device_busy.counter);
}

static struct miscdevice luo_device = {
	.name = "liveupdate",
	.minor = MISC_DYNAMIC_MINOR,
	.fops = &luo_device_fops,
};

static int __init luo_device_init(void)
{
	return luo_enabled ? misc_register(&luo_device) : 0;
}
late_initcall(luo_device_init);
