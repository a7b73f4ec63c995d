/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DEVICE_H_
#define _DEVICE_H_

/*
 * stub: a device is only a name here. Devices are opened through the table of misc
 * devices; there is no driver model, sysfs or power management to take part in.
 */

#include <linux/kobject.h>
#include <linux/printk.h>
#include <linux/types.h>

struct attribute_group;

struct device {
	struct kobject kobj;
	struct device *parent;
	const char *init_name;
	dev_t devt;
	void *driver_data;
};

static inline const char *dev_name(const struct device *dev)
{
	return dev->init_name;
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

#define dev_err(dev, fmt, ...)	pr_err(fmt, ##__VA_ARGS__)
#define dev_warn(dev, fmt, ...)	pr_warn(fmt, ##__VA_ARGS__)
#define dev_info(dev, fmt, ...)	pr_info(fmt, ##__VA_ARGS__)
#define dev_dbg(dev, fmt, ...)	pr_debug(fmt, ##__VA_ARGS__)

#endif /* _DEVICE_H_ */
