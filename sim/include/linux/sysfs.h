/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYSFS_H_
#define _SYSFS_H_

/* stub: there is no sysfs; its functions do what they do without CONFIG_SYSFS. */

#include <linux/stringify.h>
#include <linux/types.h>

struct kobject;

struct attribute {
	const char *name;
	umode_t mode;
};

struct attribute_group {
	const char *name;
	struct attribute **attrs;
};

static inline int sysfs_create_group(struct kobject *kobj, const struct attribute_group *grp)
{
	return 0;
}

static inline int sysfs_create_file(struct kobject *kobj, const struct attribute *attr)
{
	return 0;
}

#endif /* _SYSFS_H_ */
