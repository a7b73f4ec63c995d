// SPDX-License-Identifier: GPL-2.0
/*
 * Handlers of files: who can preserve what. Semantics of the registry in
 * kernel/liveupdate/luo_file.c of Linux 7.3.
 */

#define pr_fmt(fmt) "luo: " fmt

#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/kho/abi/luo.h>
#include <linux/list_private.h>
#include <linux/liveupdate.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/rwsem.h>
#include <linux/string.h>
#include <sim/state.h>

#include "luo_internal.h"

/* Registration of file handlers and FLBs. */
DECLARE_RWSEM(luo_register_rwlock);

static LIST_HEAD(luo_file_handler_list);

/** luo_handler_known() - @fh is registered. With luo_register_rwlock held. */
bool luo_handler_known(const struct liveupdate_file_handler *fh)
{
	struct liveupdate_file_handler *it;

	list_private_for_each_entry(it, &luo_file_handler_list, list)
		if (it == fh)
			return true;
	return false;
}

/** luo_get_handler() - the handler that wants @file, with a pin on its module, or NULL. */
struct liveupdate_file_handler *luo_get_handler(struct file *file)
{
	struct liveupdate_file_handler *fh;

	guard(rwsem_read)(&luo_register_rwlock);
	list_private_for_each_entry(fh, &luo_file_handler_list, list)
		if (fh->ops->can_preserve(fh, file))
			return try_module_get(fh->ops->owner) ? fh : NULL;
	return NULL;
}

/** luo_get_handler_for() - the handler of an incoming file, with a pin, or NULL. */
struct liveupdate_file_handler *luo_get_handler_for(const struct luo_file_ser *ser)
{
	struct liveupdate_file_handler *fh;

	guard(rwsem_read)(&luo_register_rwlock);
	list_private_for_each_entry(fh, &luo_file_handler_list, list)
		if (!strncmp(fh->compatible, ser->compatible, sizeof(ser->compatible)))
			return try_module_get(fh->ops->owner) ? fh : NULL;

	pr_warn("No registered handler for compatible '%.*s'\n", (int)sizeof(ser->compatible),
		ser->compatible);
	return NULL;
}

static bool luo_file_ops_complete(const struct liveupdate_file_ops *ops)
{
	return ops->can_preserve && ops->preserve && ops->unpreserve && ops->retrieve &&
	       ops->finish;
}

static bool luo_compatible_taken(const char *compatible)
{
	struct liveupdate_file_handler *it;

	list_private_for_each_entry(it, &luo_file_handler_list, list)
		if (!strcmp(it->compatible, compatible))
			return true;
	return false;
}

static int luo_handler_add(struct liveupdate_file_handler *fh)
{
	guard(rwsem_write)(&luo_register_rwlock);
	if (luo_compatible_taken(fh->compatible)) {
		pr_err("there is a handler for '%s' already\n", fh->compatible);
		return -EEXIST;
	}

	INIT_LIST_HEAD(&ACCESS_PRIVATE(fh, flb_list));
	INIT_LIST_HEAD(&ACCESS_PRIVATE(fh, list));
	list_add_tail(&ACCESS_PRIVATE(fh, list), &luo_file_handler_list);
	return 0;
}

/**
 * liveupdate_register_file_handler() - offer to preserve files of a kind.
 *
 * Return: 0; -EOPNOTSUPP live update is off, -EINVAL a callback is missing, -EEXIST
 * another handler has the same compatible string.
 */
int liveupdate_register_file_handler(struct liveupdate_file_handler *fh)
{
	int err;

	if (!liveupdate_enabled())
		return -EOPNOTSUPP;
	if (!luo_file_ops_complete(fh->ops))
		return -EINVAL;

	err = luo_handler_add(fh);
	if (!err)
		liveupdate_test_register(fh);
	return err;
}

/** liveupdate_unregister_file_handler() - undo the registration, and those of its FLBs. */
void liveupdate_unregister_file_handler(struct liveupdate_file_handler *fh)
{
	if (liveupdate_enabled()) {
		guard(rwsem_write)(&luo_register_rwlock);
		luo_flb_unregister_all(fh);
		list_del(&ACCESS_PRIVATE(fh, list));
	}
}

/** luo_handler_state() - handlers, by the order in which they are asked. */
void luo_handler_state(struct sim_state *s)
{
	struct liveupdate_file_handler *it;
	u64 place = 0;

	list_private_for_each_entry(it, &luo_file_handler_list, list) {
		size_t outer = sim_state_about(s, "handler '%s'", it->compatible);

		sim_state_number(s, "asked as number", ++place);
		sim_state_back(s, outer);
	}
}
