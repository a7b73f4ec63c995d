/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

/*
 * Simulated: modules as owners of code (kernel/module/main.c).
 *
 * Kernel promises: while a reference is held the module's code stays; try_module_get()
 *	fails for a module that is going. A built-in owner is NULL and always there.
 * Modelled: reference counts and states; loading and unloading of the modules that are linked
 *	into the image (sim/modules/, compiled with MODULE defined). All the rest of the image
 *	is built in, but there THIS_MODULE is a module as well, which is never unloaded, so
 *	that a reference that is never put is seen.
 * Left out: reading ELF files, parameters, dependencies, forced unloading, symbol versions.
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
 * @refcnt: references, and MODULE_REF_BASE while it is loaded
 * @init:   starts it
 * @exit:   ends it; a module without one stays
 * @list:   of the loaded ones
 */
struct module {
	enum module_state state;
	const char *name;
	atomic_t refcnt;
	int (*init)(void);
	void (*exit)(void);
	struct list_head list;
};

#define MODULE_REF_BASE	1

/* Whatever is built in; see sim/kernel/module.c. */
extern struct module sim_module;

#ifdef MODULE
/* A module is one file here. */
static struct module __this_module;
#define THIS_MODULE	(&__this_module)
#else
#define THIS_MODULE	(&sim_module)
#endif

bool try_module_get(struct module *module);
void __module_get(struct module *module);
void module_put(struct module *module);
int module_refcount(struct module *module);

/*
 * In Linux 7.3 this is a plain read and races with the plain write in try_stop_module(),
 * kernel/module/main.c; what decides is the reference that is taken then. Here it is a step, or no
 * order would be tried in which it is looked at first.
 */
static inline bool module_is_live(struct module *mod)
{
	return READ_ONCE(mod->state) != MODULE_STATE_GOING;
}

static inline const char *module_name(struct module *mod)
{
	return mod ? mod->name : "kernel";
}

DEFINE_FREE(module_put, struct module *, if (_T) module_put(_T))

/**
 * struct sim_module_file - what stands for the file that a module is loaded from.
 * @name:   of the module
 * @module: that it becomes
 * @init:   starts it
 * @exit:   where its exit function is noted, NULL if it has none
 */
struct sim_module_file {
	const char *name;
	struct module *module;
	int (*init)(void);
	void (*const *exit)(void);
};

#ifdef MODULE
static void (*const sim_module_exit)(void);

#define module_init(fn)								\
	static const struct sim_module_file sim_module_file			\
		__attribute__((used, section("sim_modules"), aligned(8))) =	\
		{ .name = KBUILD_MODNAME, .module = &__this_module, .init = fn,	\
		  .exit = &sim_module_exit }
#define module_exit(fn)		static void (*const sim_module_exit)(void) = fn
#else
#define module_init(fn)		device_initcall(fn)
#define module_exit(fn)		__exitcall(fn)
#endif

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
