// SPDX-License-Identifier: GPL-2.0
/*
 * The files of a session: preserving, freezing, and what incoming files share with them
 * (luo_incoming.c). Semantics of kernel/liveupdate/luo_file.c of Linux 7.3, with the
 * session in the callbacks' arguments; the differences are in docs/findings.md (F-08).
 *
 * Protocol of a file:
 *   preserved	preserve() succeeded; LUO holds a reference to the file, a pin on the
 *		handler's module, and an entry in luo_preserved_files that keeps others
 *		from preserving the same. Left by unpreserve(), or freeze() and the jump
 *   incoming	read from the previous kernel; a pin on the module, no file so far
 *   retrieved	retrieve() succeeded, once; a reference and an entry as above
 *   failed	retrieve() failed, once and for ever
 *   The last three are left by finish().
 */

#define pr_fmt(fmt) "luo: " fmt

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kho/abi/luo.h>
#include <linux/liveupdate.h>
#include <linux/memfd.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "luo_internal.h"

/* What is preserved, or owned by an incoming session, by the id its handler gives it. */
DEFINE_XARRAY(luo_preserved_files);

/* Files of incoming sessions can outlive the last close, see luo_census(). */
static struct kmem_cache *luo_file_cache;

void __init luo_file_init(void)
{
	luo_file_cache = kmem_cache_create("luo_file", sizeof(struct luo_file), NULL,
					   SLAB_PANIC | SLAB_NOLEAKTRACE);
}

/** luo_file_alloc() - a file of handler @fh, in no set; NULL without memory. */
struct luo_file *luo_file_alloc(struct liveupdate_file_handler *fh)
{
	struct luo_file *luo_file = kmem_cache_zalloc(luo_file_cache, GFP_KERNEL);

	if (!luo_file)
		return NULL;
	luo_file->fh = fh;
	mutex_init(&luo_file->mutex);
	luo_count(files, 1);
	return luo_file;
}

void luo_file_free(struct luo_file *luo_file)
{
	mutex_destroy(&luo_file->mutex);
	luo_count(files, -1);
	kmem_cache_free(luo_file_cache, luo_file);
}

static unsigned long luo_get_id(struct liveupdate_file_handler *fh, struct file *file)
{
	return fh->ops->get_id ? fh->ops->get_id(file) : (unsigned long)file;
}

/** luo_file_own() - nobody else may preserve @file. 0, -EBUSY somebody does, -ENOMEM. */
int luo_file_own(struct liveupdate_file_handler *fh, struct file *file)
{
	return xa_insert(&luo_preserved_files, luo_get_id(fh, file), file, GFP_KERNEL);
}

static void luo_file_disown(struct liveupdate_file_handler *fh, struct file *file)
{
	xa_erase(&luo_preserved_files, luo_get_id(fh, file));
}

static struct liveupdate_session *luo_session_arg(struct luo_file_set *file_set)
{
	return (struct liveupdate_session *)luo_session_from_file_set(file_set);
}

/** luo_file_set_from_session_locked() - what a handler knows as its session. */
struct luo_file_set *luo_file_set_from_session_locked(struct liveupdate_session *s)
{
	struct luo_session *session = (struct luo_session *)s;

	lockdep_assert_held(&session->mutex);
	return &session->file_set;
}

/** luo_args() - what every callback is told. */
struct liveupdate_file_op_args luo_args(struct luo_file_set *file_set,
					struct luo_file *luo_file)
{
	return (struct liveupdate_file_op_args){
		.handler = luo_file->fh,
		.session = luo_session_arg(file_set),
		.retrieve_status = luo_file->retrieve_status,
		.file = luo_file->file,
		.serialized_data = luo_file->serialized_data,
		.private_data = luo_file->private_data,
	};
}

/** luo_file_event() - tell the checkers what happened to the file @token. */
void luo_file_event(enum host_event_type type, struct luo_file_set *file_set, u64 token)
{
	sim_host->event(&(struct host_event){
		.type = type,
		.name = luo_session_from_file_set(file_set)->name,
		.value = token,
	});
}

static int luo_call_preserve(struct luo_file_set *file_set, struct luo_file *luo_file)
{
	struct liveupdate_file_op_args args = luo_args(file_set, luo_file);
	int err;

	luo_file_event(HOST_EVENT_FILE_PRESERVING, file_set, luo_file->token);
	err = luo_file->fh->ops->preserve(&args);
	luo_file_event(err ? HOST_EVENT_FILE_REFUSED : HOST_EVENT_FILE_PRESERVED, file_set,
		       luo_file->token);
	if (!err) {
		luo_file->private_data = args.private_data;
		luo_file->serialized_data = args.serialized_data;
	}
	return err;
}

/* Calls preserve(); on success the set has the file, and the caller's references. */
static int luo_file_add(struct luo_file_set *file_set, struct liveupdate_file_handler *fh,
			struct file *file, u64 token)
{
	struct luo_file *luo_file = luo_file_alloc(fh);
	int err;

	if (!luo_file)
		return -ENOMEM;
	luo_file->file = file;
	luo_file->token = token;
	err = luo_call_preserve(file_set, luo_file);
	if (err) {
		luo_file_free(luo_file);
		return err;
	}

	file_set->count++;
	list_add_tail(&luo_file->list, &file_set->files_list);
	luo_token_add(file_set, luo_file);
	luo_count(preserved_files, 1);
	return 0;
}

/* What a file needs before preserve() can be called: to be nobody else's, and its FLBs. */
static int luo_file_claim(struct liveupdate_file_handler *fh, struct file *file)
{
	int err = luo_file_own(fh, file);

	if (err)
		return err;
	err = luo_flb_file_preserve(fh);
	if (err)
		luo_file_disown(fh, file);
	return err;
}

static void luo_file_unclaim(struct liveupdate_file_handler *fh, struct file *file)
{
	luo_flb_file_unpreserve(fh);
	luo_file_disown(fh, file);
}

static int luo_file_claim_and_add(struct luo_file_set *file_set,
				  struct liveupdate_file_handler *fh, struct file *file,
				  u64 token)
{
	int err = luo_file_claim(fh, file);

	if (err)
		return err;
	err = luo_file_add(file_set, fh, file, token);
	if (err)
		luo_file_unclaim(fh, file);
	return err;
}

/* With room for the file in the set. Reference and pin go to the set with the file. */
static int luo_preserve_fd(struct luo_file_set *file_set, u64 token, int fd)
{
	struct file *file __free(fput) = fget(fd);
	struct liveupdate_file_handler *fh;
	int err;

	if (!file)
		return -EBADF;
	fh = luo_get_handler(file);
	if (!fh)
		return -ENOENT;

	err = luo_file_claim_and_add(file_set, fh, file, token);
	if (err)
		module_put(fh->ops->owner);
	else
		retain_and_null_ptr(file);
	return err;
}

/**
 * luo_preserve_file() - preserve the file behind @fd under the name @token.
 *
 * Context: the session's mutex is held.
 * Return: 0; on error nothing has changed: -EEXIST the token is used, -EBADF, -ENOENT no
 * handler wants it, -EBUSY it is preserved already, -ENOSPC, -ENOMEM, or what the
 * handler says.
 */
int luo_preserve_file(struct luo_file_set *file_set, u64 token, int fd)
{
	int err;

	if (luo_find_token(file_set, token))
		return -EEXIST;
	err = kho_block_set_grow(&file_set->block_set, file_set->count + 1);
	if (err)
		return err;

	err = luo_preserve_fd(file_set, token, fd);
	if (err)
		kho_block_set_shrink(&file_set->block_set, file_set->count);
	return err;
}

/** luo_file_remove() - take the last file out of its set, with all that belongs to it. */
void luo_file_remove(struct luo_file_set *file_set, struct luo_file *luo_file)
{
	if (luo_file->file) {
		luo_file_disown(luo_file->fh, luo_file->file);
		luo_count(preserved_files, -1);
	}
	module_put(luo_file->fh->ops->owner);

	luo_token_remove(file_set, luo_file);
	list_del(&luo_file->list);
	kho_block_set_shrink(&file_set->block_set, --file_set->count);
	if (luo_file->file)
		fput(luo_file->file);
	luo_file_free(luo_file);
}

struct luo_file *luo_file_last(struct luo_file_set *file_set)
{
	return list_last_entry_or_null(&file_set->files_list, struct luo_file, list);
}

static void luo_call_unpreserve(struct luo_file_set *file_set, struct luo_file *luo_file)
{
	struct liveupdate_file_op_args args = luo_args(file_set, luo_file);

	luo_file->fh->ops->unpreserve(&args);
	luo_file_event(HOST_EVENT_FILE_UNPRESERVED, file_set, luo_file->token);
}

/**
 * luo_file_unpreserve_files() - undo all preservations, newest first.
 *
 * Context: the session's mutex is held.
 */
void luo_file_unpreserve_files(struct luo_file_set *file_set)
{
	struct luo_file *luo_file;

	while ((luo_file = luo_file_last(file_set))) {
		luo_call_unpreserve(file_set, luo_file);
		luo_flb_file_unpreserve(luo_file->fh);
		luo_file_remove(file_set, luo_file);
	}
	kho_block_set_destroy(&file_set->block_set);
}

/* freeze() is optional. What it changes is taken back if the jump does not happen. */
static int luo_call_freeze(struct luo_file_set *file_set, struct luo_file *luo_file)
{
	struct liveupdate_file_op_args args = luo_args(file_set, luo_file);
	int err = 0;

	luo_file->unfrozen_data = luo_file->serialized_data;
	if (luo_file->fh->ops->freeze)
		err = luo_file->fh->ops->freeze(&args);
	if (err)
		return err;
	luo_file->serialized_data = args.serialized_data;
	luo_file_event(HOST_EVENT_FILE_FROZEN, file_set, luo_file->token);
	return 0;
}

static int luo_file_freeze_one(struct luo_file_set *file_set, struct luo_file *luo_file,
			       struct luo_file_ser *ser)
{
	int err;

	guard(mutex)(&luo_file->mutex);
	err = luo_call_freeze(file_set, luo_file);
	if (err) {
		pr_warn("'%s' can't freeze file %#llx (%pe)\n", luo_file->fh->compatible,
			luo_file->token, ERR_PTR(err));
		return err;
	}

	ser->token = luo_file->token;
	ser->data = luo_file->serialized_data;
	strscpy(ser->compatible, luo_file->fh->compatible, sizeof(ser->compatible));
	return 0;
}

static void luo_file_unfreeze_one(struct luo_file_set *file_set, struct luo_file *luo_file)
{
	struct liveupdate_file_op_args args;

	guard(mutex)(&luo_file->mutex);
	args = luo_args(file_set, luo_file);
	if (luo_file->fh->ops->unfreeze)
		luo_file->fh->ops->unfreeze(&args);
	luo_file_event(HOST_EVENT_FILE_UNFROZEN, file_set, luo_file->token);
	luo_file->serialized_data = luo_file->unfrozen_data;
}

/* Unfreezes the first @count files, in the order in which they were frozen. */
static void luo_file_unfreeze_first(struct luo_file_set *file_set, u64 count)
{
	struct luo_file *it;

	list_for_each_entry(it, &file_set->files_list, list) {
		if (!count--)
			break;
		luo_file_unfreeze_one(file_set, it);
	}
	kho_block_set_clear(&file_set->block_set);
}

/**
 * luo_file_freeze() - freeze all files in the order of preservation, write them down.
 *
 * Context: the reboot; the session's mutex is held.
 * Return: 0, or the error of the first that could not be frozen: those before it have
 * been unfrozen again.
 */
int luo_file_freeze(struct luo_file_set *file_set, struct luo_file_set_ser *file_set_ser)
{
	struct luo_file *luo_file;
	struct kho_block_set_it place;
	u64 frozen = 0;

	kho_block_set_it_init(&place, &file_set->block_set);
	list_for_each_entry(luo_file, &file_set->files_list, list) {
		struct luo_file_ser *ser = kho_block_set_it_reserve_entry(&place);
		int err = -ENOSPC;

		/* Blocks were allocated with the file. */
		if (!WARN_ON_ONCE(!ser))
			err = luo_file_freeze_one(file_set, luo_file, ser);
		if (err) {
			luo_file_unfreeze_first(file_set, frozen);
			return err;
		}
		frozen++;
	}

	if (frozen) {
		file_set_ser->files = kho_block_set_head_pa(&file_set->block_set);
		file_set_ser->count = frozen;
	}
	return 0;
}

/** luo_file_unfreeze() - the reboot does not happen: undo luo_file_freeze(). */
void luo_file_unfreeze(struct luo_file_set *file_set, struct luo_file_set_ser *file_set_ser)
{
	if (file_set->count) {
		luo_file_unfreeze_first(file_set, file_set->count);
		*file_set_ser = (struct luo_file_set_ser){};
	}
}

/**
 * liveupdate_get_token_outgoing() - the token of @file in the session @session.
 *
 * For a handler's freeze(), whose file depends on @file.
 * Context: the session's mutex is held, by LUO.
 * Return: 0 or -ENOENT.
 */
int liveupdate_get_token_outgoing(struct liveupdate_session *session, struct file *file,
				  u64 *tokenp)
{
	struct luo_file_set *file_set = luo_file_set_from_session_locked(session);
	struct luo_file *it;

	list_for_each_entry(it, &file_set->files_list, list) {
		if (it->file == file) {
			*tokenp = it->token;
			return 0;
		}
	}
	return -ENOENT;
}

/** luo_file_set_init() - a set without files. */
void luo_file_set_init(struct luo_file_set *file_set)
{
	file_set->count = 0;
	file_set->tokens = NULL;
	INIT_LIST_HEAD(&file_set->files_list);
	kho_block_set_init(&file_set->block_set, sizeof(struct luo_file_ser));
}

/** luo_file_set_destroy() - it must be empty, and without blocks, by now. */
void luo_file_set_destroy(struct luo_file_set *file_set)
{
	WARN(file_set->count, "%llu files left in a set", file_set->count);
	WARN_ON(!list_empty(&file_set->files_list));
	WARN(!kho_block_set_is_empty(&file_set->block_set), "blocks left in a set of files");
}

/* host_file.visit: the pages of its inode in ascending order. */
static void luo_visit_pages(const struct host_file *file,
			    void (*page)(void *ctx, const struct host_page *page), void *ctx)
{
	struct inode *inode = file->inode;
	XA_STATE(xas, &inode->i_data.i_pages, 0);
	struct folio *folio;

	xas_for_each(&xas, folio, ULONG_MAX) {
		/* It reads as zero, whatever is in it. */
		if (!folio_test_uptodate(folio))
			continue;
		for (unsigned long i = 0; i < folio_nr_pages(folio); i++)
			page(ctx, &(struct host_page){
				.index = folio->index + i,
				.pfn = folio_pfn(folio) + i,
			});
	}
}

/** luo_file_visit() - tell a checker of a file, if there is one that exists in this kernel. */
void luo_file_visit(struct luo_file *luo_file, struct luo_file_set *file_set,
		    void (*item)(void *ctx, const struct host_file *file), void *ctx)
{
	struct inode *inode = luo_file && luo_file->file ? file_inode(luo_file->file) : NULL;

	if (!inode)
		return;
	item(ctx, &(struct host_file){
		.session = luo_session_from_file_set(file_set)->name,
		.token = luo_file->token,
		.compatible = luo_file->fh->compatible,
		.has_pages = S_ISREG(inode->i_mode),
		.size = inode->i_size,
		.position = luo_file->file->f_pos,
		.seals = memfd_get_seals(luo_file->file),
		.visit = luo_visit_pages,
		.inode = inode,
	});
}

/** luo_file_set_visit() - the same for all files of a session. */
void luo_file_set_visit(struct luo_file_set *file_set, int incoming,
			void (*item)(void *ctx, const struct host_file *file), void *ctx)
{
	struct luo_file *it;

	list_for_each_entry(it, &file_set->files_list, list)
		luo_file_visit(it, file_set, item, ctx);
}
