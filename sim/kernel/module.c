// SPDX-License-Identifier: GPL-2.0
/*
 * References to modules (kernel/module/main.c).
 */

#include <linux/bug.h>
#include <linux/module.h>

struct module sim_module = {
	.state = MODULE_STATE_LIVE,
	.name = "luosim",
};

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
	if (!module_is_live(module))
		return false;
	atomic_inc(&module->refcnt);
	return true;
}

/**
 * __module_get() - take a reference in addition to one that is known to be held.
 * @module: the module, or NULL
 */
void __module_get(struct module *module)
{
	if (!module)
		return;
	WARN_ON(!module_is_live(module) && !atomic_read(&module->refcnt));
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

/** module_refcount() - number of references held to @module. */
int module_refcount(struct module *module)
{
	return atomic_read(&module->refcnt);
}
