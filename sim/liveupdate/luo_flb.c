// SPDX-License-Identifier: GPL-2.0
/*
 * File-lifecycle-bound objects: state that several files share, preserved with the first
 * of them and finished with the last. Semantics of kernel/liveupdate/luo_flb.c of Linux
 * 7.3; the differences are in docs/findings.md (F-11, F-12, F-14).
 */

#define pr_fmt(fmt) "luo: " fmt

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/kho/abi/luo.h>
#include <linux/list_private.h>
#include <linux/liveupdate.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/refcount.h>
#include <linux/string.h>
#include <sim/state.h>

#include "kexec_handover_internal.h"
#include "luo_internal.h"

struct luo_flb_header {
	struct luo_flb_header_ser *header_ser;
	struct luo_flb_ser *ser;
	bool active;
};

static struct luo_flb_header luo_flb_from_before;
static struct luo_flb_header luo_flb_for_next;

static struct luo_flb_private_state *luo_flb_incoming(struct liveupdate_flb *flb)
{
	return &luo_flb_get_private(flb)->incoming;
}

static struct luo_flb_private_state *luo_flb_outgoing(struct liveupdate_flb *flb)
{
	return &luo_flb_get_private(flb)->outgoing;
}

/* The first user brings the object about. With its owner's module pinned. */
static int luo_flb_call_preserve(struct liveupdate_flb *flb, struct luo_flb_private_state *out)
{
	struct liveupdate_flb_op_args args = { .flb = flb };
	int err = flb->ops->preserve(&args);

	if (err)
		return err;
	out->obj = args.obj;
	out->data = args.data;
	refcount_set(&out->count, 1);
	return 0;
}

/* One user more. With outgoing.lock held. */
static int luo_flb_get_outgoing_locked(struct liveupdate_flb *flb)
{
	struct luo_flb_private_state *out = luo_flb_outgoing(flb);
	int err;

	if (refcount_read(&out->count)) {
		refcount_inc(&out->count);
		return 0;
	}

	if (!try_module_get(flb->ops->owner))
		return -ENODEV;
	err = luo_flb_call_preserve(flb, out);
	if (err)
		module_put(flb->ops->owner);
	return err;
}

/* The next kernel counts files, so they are counted apart from users in this one. */
static int luo_flb_file_preserve_one(struct liveupdate_flb *flb)
{
	struct luo_flb_private_state *out = luo_flb_outgoing(flb);
	int err;

	guard(mutex)(&out->lock);
	err = luo_flb_get_outgoing_locked(flb);
	if (!err)
		out->files++;
	return err;
}

/* One user less. With outgoing.lock held. */
static void luo_flb_put_outgoing_locked(struct liveupdate_flb *flb)
{
	struct luo_flb_private_state *out = luo_flb_outgoing(flb);

	if (refcount_dec_and_test(&out->count)) {
		flb->ops->unpreserve(&(struct liveupdate_flb_op_args){
			.flb = flb,
			.data = out->data,
			.obj = out->obj,
		});
		out->obj = NULL;
		out->data = 0;
		module_put(flb->ops->owner);
	}
}

/** liveupdate_flb_put_outgoing() - undo liveupdate_flb_get_outgoing(). */
void liveupdate_flb_put_outgoing(struct liveupdate_flb *flb)
{
	guard(mutex)(&luo_flb_outgoing(flb)->lock);
	luo_flb_put_outgoing_locked(flb);
}

/* The last user, file or not, calls unpreserve(). */
static void luo_flb_file_unpreserve_one(struct liveupdate_flb *flb)
{
	struct luo_flb_private_state *out = luo_flb_outgoing(flb);

	guard(mutex)(&out->lock);
	out->files--;
	luo_flb_put_outgoing_locked(flb);
}

static struct luo_flb_ser *luo_flb_find_incoming(struct liveupdate_flb *flb)
{
	struct luo_flb_header *fh = &luo_flb_from_before;

	for (u64 i = 0; i < fh->header_ser->count; i++)
		if (!strncmp(fh->ser[i].name, flb->compatible, sizeof(fh->ser[i].name)))
			return &fh->ser[i];
	return NULL;
}

/* What the previous kernel wrote down about @flb. */
static int luo_flb_look_up(struct liveupdate_flb *flb, struct luo_flb_ser **serp)
{
	struct luo_flb_ser *ser;

	if (!luo_flb_from_before.active)
		return -ENODATA;
	ser = luo_flb_find_incoming(flb);
	if (!ser)
		return -ENOENT;
	if (!ser->count || ser->count > INT_MAX)
		return -EINVAL;
	*serp = ser;
	return 0;
}

/* Once, whatever comes of it. */
static int luo_flb_call_retrieve(struct liveupdate_flb *flb, struct luo_flb_private_state *in)
{
	struct liveupdate_flb_op_args args = { .flb = flb, .data = in->data };
	int err = flb->ops->retrieve(&args);

	if (!err)
		in->obj = args.obj;
	in->retrieve_status = err ?: 1;
	return err;
}

/* Brings the object to life on the first call. With incoming.lock held. */
static int luo_flb_retrieve_one(struct liveupdate_flb *flb)
{
	struct luo_flb_private_state *in = luo_flb_incoming(flb);
	struct luo_flb_ser *ser;
	int err;

	lockdep_assert_held(&in->lock);
	if (in->finished)
		return -ENODATA;
	if (in->retrieve_status)
		return min(in->retrieve_status, 0);
	err = luo_flb_look_up(flb, &ser);
	if (err)
		return err;
	if (!try_module_get(flb->ops->owner))
		return -ENODEV;

	/* The files count as users from the start, whether the object can be had or not. */
	in->data = ser->data;
	refcount_set(&in->count, ser->count);
	err = luo_flb_call_retrieve(flb, in);
	if (err)
		module_put(flb->ops->owner);
	return err;
}

/* One user less. With incoming.lock held. */
static void luo_flb_put_incoming_locked(struct liveupdate_flb *flb)
{
	struct luo_flb_private_state *in = luo_flb_incoming(flb);

	if (!refcount_dec_and_test(&in->count))
		return;
	in->finished = true;
	in->data = 0;
	/* There is an object to finish, unless retrieve() failed. */
	if (in->retrieve_status > 0) {
		flb->ops->finish(&(struct liveupdate_flb_op_args){
			.flb = flb,
			.obj = in->obj,
		});
		in->obj = NULL;
		module_put(flb->ops->owner);
	}
}

/** liveupdate_flb_put_incoming() - undo liveupdate_flb_get_incoming(). */
void liveupdate_flb_put_incoming(struct liveupdate_flb *flb)
{
	guard(mutex)(&luo_flb_incoming(flb)->lock);
	luo_flb_put_incoming_locked(flb);
}

/* A file is finished. If nobody has asked for the object, finish() needs it all the same. */
static void luo_flb_file_finish_one(struct liveupdate_flb *flb)
{
	struct luo_flb_private_state *in = luo_flb_incoming(flb);

	guard(mutex)(&in->lock);
	if (!in->retrieve_status)
		luo_flb_retrieve_one(flb);
	/* Still not tried: not handed over, or before it was registered with the handler. */
	if (in->retrieve_status && !in->finished)
		luo_flb_put_incoming_locked(flb);
}

/**
 * luo_flb_file_preserve() - a file of handler @fh is about to be preserved.
 *
 * Return: 0, or the error of an FLB's preserve(): none has one user more then.
 */
int luo_flb_file_preserve(struct liveupdate_file_handler *fh)
{
	struct list_head *flb_list = &ACCESS_PRIVATE(fh, flb_list);
	struct luo_flb_link *iter;
	int err;

	guard(rwsem_read)(&luo_register_rwlock);
	list_for_each_entry(iter, flb_list, list) {
		err = luo_flb_file_preserve_one(iter->flb);
		if (err)
			goto err_undo;
	}
	return 0;

err_undo:
	list_for_each_entry_continue_reverse(iter, flb_list, list)
		luo_flb_file_unpreserve_one(iter->flb);
	return err;
}

/** luo_flb_file_unpreserve() - a file of handler @fh is no longer preserved. */
void luo_flb_file_unpreserve(struct liveupdate_file_handler *fh)
{
	struct luo_flb_link *iter;

	guard(rwsem_read)(&luo_register_rwlock);
	list_for_each_entry_reverse(iter, &ACCESS_PRIVATE(fh, flb_list), list)
		luo_flb_file_unpreserve_one(iter->flb);
}

/** luo_flb_file_finish() - a file of handler @fh is finished. */
void luo_flb_file_finish(struct liveupdate_file_handler *fh)
{
	struct luo_flb_link *iter;

	guard(rwsem_read)(&luo_register_rwlock);
	list_for_each_entry_reverse(iter, &ACCESS_PRIVATE(fh, flb_list), list)
		luo_flb_file_finish_one(iter->flb);
}

/* One user more of an object that exists. With the state's lock held. */
static void luo_flb_share(struct luo_flb_private_state *state, void **objp)
{
	lockdep_assert_held(&state->lock);
	refcount_inc(&state->count);
	*objp = state->obj;
}

/**
 * liveupdate_flb_get_incoming() - the object that the previous kernel preserved.
 *
 * It stays valid until liveupdate_flb_put_incoming().
 * Return: 0; -EOPNOTSUPP live update is off, -ENODATA nothing was handed over or all is
 * finished, -ENOENT not this object, -ENODEV its module is going away, or the error of
 * the first attempt to retrieve it.
 */
int liveupdate_flb_get_incoming(struct liveupdate_flb *flb, void **objp)
{
	struct luo_flb_private_state *in = luo_flb_incoming(flb);
	int err;

	if (!liveupdate_enabled())
		return -EOPNOTSUPP;

	guard(mutex)(&in->lock);
	err = luo_flb_retrieve_one(flb);
	if (!err)
		luo_flb_share(in, objp);
	return err;
}

/**
 * liveupdate_flb_get_outgoing() - the object that is preserved with files.
 *
 * Return: 0; -EOPNOTSUPP live update is off, -ENOENT no such file is preserved.
 */
int liveupdate_flb_get_outgoing(struct liveupdate_flb *flb, void **objp)
{
	struct luo_flb_private_state *out = luo_flb_outgoing(flb);

	if (!liveupdate_enabled())
		return -EOPNOTSUPP;

	guard(mutex)(&out->lock);
	if (!out->obj)
		return -ENOENT;
	luo_flb_share(out, objp);
	return 0;
}

/* Entries follow the header of the page. */
static void __init luo_flb_use_page(struct luo_flb_header *fh, struct luo_flb_header_ser *page)
{
	fh->header_ser = page;
	fh->ser = (void *)(page + 1);
	fh->active = true;
}

/** luo_flb_setup_outgoing() - a page for the FLBs of the next kernel. 0 or -errno. */
int __init luo_flb_setup_outgoing(u64 *flbs_pa)
{
	struct luo_flb_header_ser *page = kho_alloc_preserve(LUO_FLB_PGCNT << PAGE_SHIFT);
	int err = PTR_ERR_OR_ZERO(page);

	if (!err) {
		page->pgcnt = LUO_FLB_PGCNT;
		luo_flb_use_page(&luo_flb_for_next, page);
	}
	*flbs_pa = err ? 0 : virt_to_phys(page);
	return err;
}

/**
 * luo_flb_setup_incoming() - look at the page of FLBs; it stays handed over.
 *
 * Return: 0, -EINVAL if it is no such page.
 */
int __init luo_flb_setup_incoming(u64 flbs_pa)
{
	struct luo_flb_header_ser *page = phys_to_virt(flbs_pa);

	if (!flbs_pa)
		return 0;
	if (!kho_block_ok(flbs_pa) || page->pgcnt != LUO_FLB_PGCNT || page->count > LUO_FLB_MAX) {
		pr_err("FLB state is broken\n");
		return -EINVAL;
	}
	luo_flb_use_page(&luo_flb_from_before, page);
	return 0;
}

/** luo_flb_serialize() - write down the FLBs that are in use; the last step before the jump. */
void luo_flb_serialize(void)
{
	struct luo_flb_header *fh = &luo_flb_for_next;
	struct liveupdate_flb *it;
	u64 n = 0;

	guard(rwsem_read)(&luo_register_rwlock);
	list_private_for_each_entry(it, &luo_flb_list, private.list) {
		struct luo_flb_private_state *out = luo_flb_outgoing(it);

		if (!out->files)
			continue;
		strscpy(fh->ser[n].name, it->compatible, sizeof(fh->ser[n].name));
		fh->ser[n].data = out->data;
		fh->ser[n].count = out->files;
		n++;
	}
	fh->header_ser->count = n;
}

static void luo_flb_direction_state(struct sim_state *s, const char *direction,
				    const struct luo_flb_private_state *state)
{
	size_t outer = sim_state_about(s, "%s", direction);

	sim_state_number(s, "users", state->count.refs.counter);
	sim_state_number(s, "files", state->files);
	sim_state_number(s, "handle", state->data);
	sim_state_number(s, "has an object", !!state->obj);
	sim_state_number(s, "finished", state->finished);
	sim_state_error(s, "retrieved", state->retrieve_status);
	sim_state_back(s, outer);
}

/** luo_flb_state() - the FLBs that handlers depend on. */
void luo_flb_state(struct sim_state *s)
{
	struct liveupdate_flb *it;

	list_private_for_each_entry(it, &luo_flb_list, private.list) {
		size_t outer = sim_state_about(s, "FLB '%s'", it->compatible);

		sim_state_number(s, "handlers", ACCESS_PRIVATE(it, private).users);
		luo_flb_direction_state(s, "outgoing", &ACCESS_PRIVATE(it, private).outgoing);
		luo_flb_direction_state(s, "incoming", &ACCESS_PRIVATE(it, private).incoming);
		sim_state_back(s, outer);
	}
}
