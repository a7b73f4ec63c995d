// SPDX-License-Identifier: GPL-2.0
/*
 * Modules: references, loading and unloading (kernel/module/main.c).
 */

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <sim/sim.h>

#include "module.h"

struct module sim_module = {
	.state = MODULE_STATE_LIVE,
	.name = "luosim",
	.refcnt = ATOMIC_INIT(MODULE_REF_BASE),
};

static LIST_HEAD(modules);
static DEFINE_MUTEX(module_mutex);

/* No image has to have one. */
extern const struct sim_module_file __start_sim_modules[]
	__attribute__((weak, visibility("hidden")));
extern const struct sim_module_file __stop_sim_modules[]
	__attribute__((weak, visibility("hidden")));

/**
 * try_module_get() - take a reference unless the module is going.
 * @module: the module, or NULL for built-in code, which is always there
 *
 * Context: any. Return: whether the caller has a reference now.
 */
bool try_module_get(struct module *module)
{
	if (!module)
		return true;
	return module_is_live(module) && atomic_inc_not_zero(&module->refcnt);
}

/**
 * __module_get() - take a reference in addition to one that is known to be held.
 * @module: the module, or NULL
 */
void __module_get(struct module *module)
{
	if (!module)
		return;
	WARN_ON(!atomic_read(&module->refcnt));
	atomic_inc(&module->refcnt);
}

/**
 * module_put() - give a reference back.
 * @module: the module, or NULL
 */
void module_put(struct module *module)
{
	if (module)
		WARN_ON(atomic_dec_return(&module->refcnt) < 0);
}

/** module_refcount() - number of references held to @module; -1 if it is unloaded. */
int module_refcount(struct module *module)
{
	return atomic_read(&module->refcnt) - MODULE_REF_BASE;
}

/* Loading and unloading */

static struct module *find_module(const char *name)
{
	struct module *module;

	list_for_each_entry(module, &modules, list)
		if (!strcmp(module->name, name))
			return module;
	return NULL;
}

static const struct sim_module_file *find_file(const char *name)
{
	const struct sim_module_file *file;

	for (file = __start_sim_modules; file < __stop_sim_modules; file++)
		if (!strcmp(file->name, name))
			return file;
	return NULL;
}

static void free_module(struct module *module)
{
	scoped_guard(mutex, &module_mutex)
		list_del(&module->list);
}

static int add_module(const struct sim_module_file *file)
{
	struct module *module = file->module;

	guard(mutex)(&module_mutex);
	if (find_module(file->name))
		return -EEXIST;
	*module = (struct module){
		.state = MODULE_STATE_COMING,
		.name = file->name,
		.refcnt = ATOMIC_INIT(MODULE_REF_BASE + 1),
		.init = file->init,
		.exit = *file->exit,
	};
	list_add_tail(&module->list, &modules);
	return 0;
}

/* The load itself holds a reference: nobody unloads what is being started. */
static int start_module(struct module *module)
{
	int err = module->init();

	if (err) {
		WRITE_ONCE(module->state, MODULE_STATE_GOING);
		module_put(module);
		free_module(module);
		return err;
	}
	WRITE_ONCE(module->state, MODULE_STATE_LIVE);
	module_put(module);
	return 0;
}

/**
 * ksys_init_module() - init_module(2).
 * @image: what stands for the file's contents here: the name of the module
 * @len:   its length with the terminating zero
 *
 * Return: 0, -EFAULT, -ENOEXEC no module, -EEXIST it is loaded, or the error of its
 * init function.
 */
long ksys_init_module(const void __user *image, size_t len)
{
	const struct sim_module_file *file;
	char name[MODULE_NAME_LEN] = "";
	int err;

	if (!len || len > sizeof(name))
		return -ENOEXEC;
	if (copy_from_user(name, image, len))
		return -EFAULT;
	file = name[len - 1] ? NULL : find_file(name);
	if (!file)
		return -ENOEXEC;
	err = add_module(file);
	return err ? err : start_module(file->module);
}

/* Gives up the reference of a loaded module, if that is the last one. */
static int try_stop_module(struct module *module)
{
	if (atomic_sub_return(MODULE_REF_BASE, &module->refcnt) &&
	    atomic_add_unless(&module->refcnt, MODULE_REF_BASE, 0))
		return -EWOULDBLOCK;
	WRITE_ONCE(module->state, MODULE_STATE_GOING);
	return 0;
}

static int stop_module(const char *name, struct module **module)
{
	int err;

	if (mutex_lock_interruptible(&module_mutex))
		return -EINTR;
	*module = find_module(name);
	if (!*module)
		err = -ENOENT;
	else if (READ_ONCE((*module)->state) != MODULE_STATE_LIVE || !(*module)->exit)
		err = -EBUSY;
	else
		err = try_stop_module(*module);
	mutex_unlock(&module_mutex);
	return err;
}

/**
 * ksys_delete_module() - delete_module(2).
 * @user_name: of a loaded module
 * @flags:     O_NONBLOCK, as every program passes; forcing is not modelled
 *
 * Return: 0, -ENOENT no such module, -EFAULT, -EINTR, -EBUSY it is starting or ending or
 * can't be unloaded, -EWOULDBLOCK somebody holds a reference.
 */
long ksys_delete_module(const char __user *user_name, unsigned int flags)
{
	char name[MODULE_NAME_LEN];
	long len = strncpy_from_user(name, user_name, sizeof(name));
	struct module *module;
	int err;

	sim_check(!(flags & O_TRUNC), "unloading a module by force is not modelled");
	if (!len || len == sizeof(name))
		return -ENOENT;
	if (len < 0)
		return len;
	err = stop_module(name, &module);
	if (err)
		return err;
	module->exit();
	free_module(module);
	return 0;
}

/* For the checkers */

long modules_references(void)
{
	long references = module_refcount(&sim_module);
	struct module *module;

	list_for_each_entry(module, &modules, list)
		references += module_refcount(module);
	return references;
}
