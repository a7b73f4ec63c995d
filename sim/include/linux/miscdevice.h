/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MISCDEVICE_H
#define _LINUX_MISCDEVICE_H

/*
 * Simulated: character devices that open("/dev/NAME") finds (drivers/char/misc.c).
 *
 * Kernel promises: open finds the device by number and calls its open() with
 *	private_data pointing to the miscdevice; the owner is pinned while open.
 * Modelled: that, with the name in place of the number; minors are given out.
 * Left out: devtmpfs, modes, nodes made by hand, autoloading of modules.
 * Scheduling points: the registry's mutex.
 */

#include <linux/list.h>
#include <linux/types.h>

struct file_operations;

#define KVM_MINOR		232
#define MISC_DYNAMIC_MINOR	255

struct miscdevice {
	int minor;
	const char *name;
	const struct file_operations *fops;
	struct list_head list;
	umode_t mode;
};

int misc_register(struct miscdevice *misc);
void misc_deregister(struct miscdevice *misc);

#endif /* _LINUX_MISCDEVICE_H */
