/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KOBJECT_H_
#define _KOBJECT_H_

/*
 * stub: kobjects are what user space sees in sysfs, which is not modelled. Creating one
 * fails as it does without CONFIG_SYSFS, and callers go on without it.
 */

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/sysfs.h>
#include <linux/types.h>

struct kobject {
	const char *name;
	struct kobject *parent;
	struct kref kref;
};

struct kobj_uevent_env;

extern struct kobject *kernel_kobj;

static inline struct kobject *kobject_create_and_add(const char *name, struct kobject *parent)
{
	return NULL;
}

static inline void kobject_put(struct kobject *kobj)
{
	sim_check(!kobj, "kobjects are not modelled");
}

#endif /* _KOBJECT_H_ */
