// SPDX-License-Identifier: GPL-2.0
/*
 * Which file-lifecycle-bound objects there are, and which handlers' files need them.
 * Semantics of kernel/liveupdate/luo_flb.c of Linux 7.3; the difference is in
 * docs/findings.md (F-15). Their life is in luo_flb.c.
 */

#define pr_fmt(fmt) "luo: " fmt

#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/list_private.h>
#include <linux/liveupdate.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "luo_internal.h"

/* All that some handler needs; luo_register_rwlock protects list and count. */
LIST_HEAD(luo_flb_list);
static long luo_flb_count;

static void luo_flb_init_private(struct luo_flb_private *private)
{
	private->users = 0;
	INIT_LIST_HEAD(&private->list);
	mutex_init(&private->incoming.lock);
	mutex_init(&private->outgoing.lock);
}

/**
 * luo_flb_get_private() - what LUO knows of @flb. An FLB is a static of its owner's: this is
 * set up on first use.
 */
struct luo_flb_private *luo_flb_get_private(struct liveupdate_flb *flb)
{
	static DEFINE_SPINLOCK(first_use_lock);
	struct luo_flb_private *private = &ACCESS_PRIVATE(flb, private);

	if (!smp_load_acquire(&private->initialized)) {
		guard(spinlock)(&first_use_lock);
		if (!private->initialized) {
			luo_flb_init_private(private);
			smp_store_release(&private->initialized, true);
		}
	}
	return private;
}

static struct luo_flb_link *luo_flb_find_link(struct liveupdate_file_handler *fh,
					      struct liveupdate_flb *flb)
{
	struct luo_flb_link *iter;

	list_for_each_entry(iter, &ACCESS_PRIVATE(fh, flb_list), list)
		if (iter->flb == flb)
			return iter;
	return NULL;
}

static void luo_flb_unregister_one(struct liveupdate_file_handler *fh,
				   struct liveupdate_flb *flb)
{
	struct luo_flb_private *private = luo_flb_get_private(flb);
	struct luo_flb_link *link = luo_handler_known(fh) ? luo_flb_find_link(fh, flb) : NULL;

	if (!link) {
		pr_warn("Failed to unregister FLB '%s': not found in file handler '%s'\n",
			flb->compatible, fh->compatible);
		return;
	}
	list_del(&link->list);
	kfree(link);

	if (!--private->users) {
		list_del_init(&private->list);
		luo_flb_count--;
	}
}

/** luo_flb_unregister_all() - handler @fh goes away. With luo_register_rwlock held. */
void luo_flb_unregister_all(struct liveupdate_file_handler *fh)
{
	struct luo_flb_link *iter, *tmp;

	lockdep_assert_held_write(&luo_register_rwlock);
	list_for_each_entry_safe(iter, tmp, &ACCESS_PRIVATE(fh, flb_list), list)
		luo_flb_unregister_one(fh, iter->flb);
}

/* The first handler that uses an FLB makes it known. */
static int luo_flb_make_known(struct liveupdate_flb *flb)
{
	struct luo_flb_private *private = luo_flb_get_private(flb);
	struct liveupdate_flb *it;

	if (WARN_ON(!list_empty(&private->list)))
		return -EINVAL;
	if (luo_flb_count == LUO_FLB_MAX)
		return -ENOSPC;
	list_private_for_each_entry(it, &luo_flb_list, private.list)
		if (!strcmp(it->compatible, flb->compatible))
			return -EEXIST;

	list_add_tail(&private->list, &luo_flb_list);
	luo_flb_count++;
	return 0;
}

static bool luo_flb_ops_complete(const struct liveupdate_flb_ops *ops)
{
	return ops->preserve && ops->unpreserve && ops->retrieve && ops->finish;
}

static int luo_flb_add_link(struct liveupdate_file_handler *fh,
			    struct luo_flb_private *private, struct luo_flb_link *link)
{
	int err = 0;

	guard(rwsem_write)(&luo_register_rwlock);
	/* 7.3 looks at fh->list, which is never empty: before it is set up neither (F-15). */
	if (WARN_ON(!luo_handler_known(fh)))
		return -EINVAL;
	if (luo_flb_find_link(fh, link->flb))
		return -EEXIST;
	if (!private->users)
		err = luo_flb_make_known(link->flb);
	if (err)
		return err;

	list_add_tail(&link->list, &ACCESS_PRIVATE(fh, flb_list));
	private->users++;
	return 0;
}

/**
 * liveupdate_register_flb() - files of handler @fh depend on @flb.
 *
 * Return: 0; -EOPNOTSUPP live update is off, -EINVAL a callback is missing or the handler
 * is not registered, -EEXIST this pair, or another FLB with the same compatible string,
 * -ENOSPC, -ENOMEM.
 */
int liveupdate_register_flb(struct liveupdate_file_handler *fh, struct liveupdate_flb *flb)
{
	struct luo_flb_private *private = luo_flb_get_private(flb);
	struct luo_flb_link *link;
	int err;

	if (!liveupdate_enabled())
		return -EOPNOTSUPP;
	if (WARN_ON(!luo_flb_ops_complete(flb->ops)))
		return -EINVAL;

	link = kzalloc_obj(*link);
	if (!link)
		return -ENOMEM;
	link->flb = flb;
	err = luo_flb_add_link(fh, private, link);
	if (err)
		kfree(link);
	return err;
}

/** liveupdate_unregister_flb() - undo liveupdate_register_flb(). */
void liveupdate_unregister_flb(struct liveupdate_file_handler *fh, struct liveupdate_flb *flb)
{
	if (liveupdate_enabled()) {
		guard(rwsem_write)(&luo_register_rwlock);
		luo_flb_unregister_one(fh, flb);
	}
}
