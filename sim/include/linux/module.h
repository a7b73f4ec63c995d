/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

/*
 * Simulated: modules as owners of code (kernel/module/main.c).
 *
 * Kernel promises: while a reference is held the module's code stays; try_module_get()
 *	fails for a module that is going. A built-in owner is NULL and always there.
 * Modelled: reference counts and states. Everything is linked into one image, but THIS_MODULE
 *	is a real module here, so that a reference that is never put is seen.
 * Left out: loading, unloading, and symbol versions.
 * Scheduling points: each change of a reference count.
 */

#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/stringify.h>
#include <linux/types.h>

enum module_state {
	MODULE_STATE_LIVE,
	MODULE_STATE_COMING,
	MODULE_STATE_GOING,
	MODULE_STATE_UNFORMED,
};

#define MODULE_NAME_LEN	56

/**
 * struct module - an owner of code.
 * @state:  whether new references can be had
 * @name:   for reports
 * @refcnt: references, beside the one that the module holds to itself while loaded
 */
struct module {
	enum module_state state;
	const char *name;
	atomic_t refcnt;
};

/* The whole image is one module; see sim/kernel/module.c. */
extern struct module sim_module;
#define THIS_MODULE	(&sim_module)

bool try_module_get(struct module *module);
void __module_get(struct module *module);
void module_put(struct module *module);
int module_refcount(struct module *module);

static inline bool module_is_live(struct module *mod)
{
	return mod->state != MODULE_STATE_GOING;
}

static inline const char *module_name(struct module *mod)
{
	return mod ? mod->name : "kernel";
}

DEFINE_FREE(module_put, struct module *, if (_T) module_put(_T))

#define module_init(fn)		device_initcall(fn)
#define module_exit(fn)		__exitcall(fn)

#define MODULE_INFO(tag, info)
#define MODULE_LICENSE(x)
#define MODULE_AUTHOR(x)
#define MODULE_DESCRIPTION(x)
#define MODULE_VERSION(x)
#define MODULE_ALIAS(x)
#define MODULE_ALIAS_MISCDEV(x)
#define MODULE_SOFTDEP(x)
#define MODULE_IMPORT_NS(x)
#define MODULE_FIRMWARE(x)
#define MODULE_DEVICE_TABLE(type, name)

#endif /* _LINUX_MODULE_H */
