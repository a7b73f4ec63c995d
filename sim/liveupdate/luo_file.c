// SPDX-License-Identifier: GPL-2.0
/*
 * The files of a session and their handlers. Semantics of kernel/liveupdate/luo_file.c of
 * Linux 7.3, with the session in the callbacks' arguments; the differences are in
 * docs/findings.md (F-08, F-09, F-10).
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
#include <linux/list_private.h>
#include <linux/liveupdate.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "luo_internal.h"

static LIST_HEAD(luo_file_handler_list);

/* What is preserved, or owned by an incoming session, by the id its handler gives it. */
static DEFINE_XARRAY(luo_preserved_files);

/**
 * struct luo_file - one file of a session.
 * @fh:              its handler
 * @file:            the file, with a reference; NULL while it is only incoming
 * @serialized_data: the handler's handle, which crosses
 * @private_data:    the handler's own, on the outgoing side
 * @unfrozen_data:   @serialized_data as it was before freeze()
 * @retrieve_status: 1 retrieved, 0 not tried, or the error
 * @retrieving:      retrieve() is running
 * @mutex:           protects the members above
 * @list:            in the session, in the order of preservation
 * @token:           the user's name for it
 */
struct luo_file {
	struct liveupdate_file_handler *fh;
	struct file *file;
	u64 serialized_data;
	void *private_data;
	u64 unfrozen_data;
	int retrieve_status;
	bool retrieving;
	struct mutex mutex;
	struct list_head list;
	u64 token;
};

/* Files of incoming sessions can outlive the last close, see luo_census(). */
static struct kmem_cache *luo_file_cache;

void __init luo_file_init(void)
{
	luo_file_cache = kmem_cache_create("luo_file", sizeof(struct luo_file), NULL,
					   SLAB_PANIC | SLAB_NOLEAKTRACE);
}

static struct luo_file *luo_file_alloc(struct liveupdate_file_handler *fh)
{
	struct luo_file *luo_file = kmem_cache_zalloc(luo_file_cache, GFP_KERNEL);

	if (!luo_file)
		return NULL;
	luo_file->fh = fh;
	mutex_init(&luo_file->mutex);
	luo_count(files, 1);
	return luo_file;
}

static void luo_file_free(struct luo_file *luo_file)
{
	mutex_destroy(&luo_file->mutex);
	luo_count(files, -1);
	kmem_cache_free(luo_file_cache, luo_file);
}

static unsigned long luo_get_id(struct liveupdate_file_handler *fh, struct file *file)
{
	return fh->ops->get_id ? fh->ops->get_id(file) : (unsigned long)file;
}

static struct liveupdate_session *luo_session_arg(struct luo_file_set *file_set)
{
	return (struct liveupdate_session *)luo_session_from_file_set(file_set);
}

static struct luo_file_set *luo_file_set_from_session_locked(struct liveupdate_session *s)
{
	struct luo_session *session = (struct luo_session *)s;

	lockdep_assert_held(&session->mutex);
	return &session->file_set;
}

/* What every callback is told. */
static struct liveupdate_file_op_args luo_args(struct luo_file_set *file_set,
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

static void luo_file_event(enum host_event_type type, struct luo_file_set *file_set, u64 token)
{
	sim_host->event(&(struct host_event){
		.type = type,
		.name = luo_session_from_file_set(file_set)->name,
		.value = token,
	});
}

static struct luo_file *luo_find_token(struct luo_file_set *file_set, u64 token)
{
	struct luo_file *it;

	list_for_each_entry(it, &file_set->files_list, list)
		if (it->token == token)
			return it;
	return NULL;
}

/* The handler for @file with a pin on its module, or NULL. */
static struct liveupdate_file_handler *luo_get_handler(struct file *file)
{
	struct liveupdate_file_handler *fh;

	guard(rwsem_read)(&luo_register_rwlock);
	list_private_for_each_entry(fh, &luo_file_handler_list, list)
		if (fh->ops->can_preserve(fh, file))
			return try_module_get(fh->ops->owner) ? fh : NULL;
	return NULL;
}

/* Calls preserve(); on success the set has the file, and the caller's references. */
static int luo_file_add(struct luo_file_set *file_set, struct liveupdate_file_handler *fh,
			struct file *file, u64 token)
{
	struct liveupdate_file_op_args args;
	struct luo_file *luo_file = luo_file_alloc(fh);
	int err;

	if (!luo_file)
		return -ENOMEM;
	luo_file->file = file;
	luo_file->token = token;

	args = luo_args(file_set, luo_file);
	err = fh->ops->preserve(&args);
	if (err) {
		luo_file_free(luo_file);
		return err;
	}

	luo_file->serialized_data = args.serialized_data;
	luo_file->private_data = args.private_data;
	list_add_tail(&luo_file->list, &file_set->files_list);
	file_set->count++;
	luo_count(preserved_files, 1);
	luo_file_event(HOST_EVENT_FILE_PRESERVED, file_set, token);
	return 0;
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
	struct liveupdate_file_handler *fh;
	struct file *file;
	int err;

	if (luo_find_token(file_set, token))
		return -EEXIST;
	err = kho_block_set_grow(&file_set->block_set, file_set->count + 1);
	if (err)
		return err;

	err = -EBADF;
	file = fget(fd);
	if (!file)
		goto err_shrink;
	err = -ENOENT;
	fh = luo_get_handler(file);
	if (!fh)
		goto err_fput;
	err = xa_insert(&luo_preserved_files, luo_get_id(fh, file), file, GFP_KERNEL);
	if (err)
		goto err_module_put;
	err = luo_flb_file_preserve(fh);
	if (err)
		goto err_erase;
	err = luo_file_add(file_set, fh, file, token);
	if (err)
		goto err_flb;
	return 0;

err_flb:
	luo_flb_file_unpreserve(fh);
err_erase:
	xa_erase(&luo_preserved_files, luo_get_id(fh, file));
err_module_put:
	module_put(fh->ops->owner);
err_fput:
	fput(file);
err_shrink:
	kho_block_set_shrink(&file_set->block_set, file_set->count);
	return err;
}

/* Takes a file out of its set, the last one, and gives back all that belongs to it. */
static void luo_file_remove(struct luo_file_set *file_set, struct luo_file *luo_file)
{
	if (luo_file->file) {
		xa_erase(&luo_preserved_files, luo_get_id(luo_file->fh, luo_file->file));
		luo_count(preserved_files, -1);
	}
	module_put(luo_file->fh->ops->owner);
	list_del(&luo_file->list);
	file_set->count--;
	kho_block_set_shrink(&file_set->block_set, file_set->count);
	if (luo_file->file)
		fput(luo_file->file);
	luo_file_free(luo_file);
}

static struct luo_file *luo_file_last(struct luo_file_set *file_set)
{
	return list_last_entry_or_null(&file_set->files_list, struct luo_file, list);
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
		struct liveupdate_file_op_args args = luo_args(file_set, luo_file);

		luo_file->fh->ops->unpreserve(&args);
		luo_flb_file_unpreserve(luo_file->fh);
		luo_file_event(HOST_EVENT_FILE_UNPRESERVED, file_set, luo_file->token);
		luo_file_remove(file_set, luo_file);
	}
	kho_block_set_destroy(&file_set->block_set);
}

static int luo_file_freeze_one(struct luo_file_set *file_set, struct luo_file *luo_file,
			       struct luo_file_ser *ser)
{
	guard(mutex)(&luo_file->mutex);

	luo_file->unfrozen_data = luo_file->serialized_data;
	if (luo_file->fh->ops->freeze) {
		struct liveupdate_file_op_args args = luo_args(file_set, luo_file);
		int err = luo_file->fh->ops->freeze(&args);

		if (err) {
			pr_warn("Freeze failed for token[%#llx] handler[%s] err[%pe]\n",
				luo_file->token, luo_file->fh->compatible, ERR_PTR(err));
			return err;
		}
		luo_file->serialized_data = args.serialized_data;
	}

	strscpy(ser->compatible, luo_file->fh->compatible, sizeof(ser->compatible));
	ser->data = luo_file->serialized_data;
	ser->token = luo_file->token;
	return 0;
}

static void luo_file_unfreeze_one(struct luo_file_set *file_set, struct luo_file *luo_file)
{
	guard(mutex)(&luo_file->mutex);

	if (luo_file->fh->ops->unfreeze) {
		struct liveupdate_file_op_args args = luo_args(file_set, luo_file);

		luo_file->fh->ops->unfreeze(&args);
	}
	luo_file->serialized_data = luo_file->unfrozen_data;
}

/* Unfreezes the files before @failed, or all if it is NULL. */
static void __luo_file_unfreeze(struct luo_file_set *file_set, struct luo_file *failed)
{
	struct luo_file *luo_file;

	list_for_each_entry(luo_file, &file_set->files_list, list) {
		if (luo_file == failed)
			break;
		luo_file_unfreeze_one(file_set, luo_file);
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
	struct kho_block_set_it it;

	if (!file_set->count)
		return 0;

	kho_block_set_it_init(&it, &file_set->block_set);
	list_for_each_entry(luo_file, &file_set->files_list, list) {
		struct luo_file_ser *ser = kho_block_set_it_reserve_entry(&it);
		int err = -ENOSPC;

		/* Blocks were allocated with the file. */
		if (!WARN_ON_ONCE(!ser))
			err = luo_file_freeze_one(file_set, luo_file, ser);
		if (err) {
			__luo_file_unfreeze(file_set, luo_file);
			return err;
		}
	}

	file_set_ser->count = file_set->count;
	file_set_ser->files = kho_block_set_head_pa(&file_set->block_set);
	return 0;
}

/** luo_file_unfreeze() - the reboot does not happen: undo luo_file_freeze(). */
void luo_file_unfreeze(struct luo_file_set *file_set, struct luo_file_set_ser *file_set_ser)
{
	if (!file_set->count)
		return;
	__luo_file_unfreeze(file_set, NULL);
	memset(file_set_ser, 0, sizeof(*file_set_ser));
}

static int __luo_file_retrieve(struct luo_file_set *file_set, struct luo_file *luo_file)
{
	struct liveupdate_file_op_args args = luo_args(file_set, luo_file);
	int err;

	luo_file->retrieving = true;
	err = luo_file->fh->ops->retrieve(&args);
	luo_file->retrieving = false;
	if (err)
		return err;

	/* Without the entry somebody could preserve it, so it is not to be had (F-10). */
	err = xa_insert(&luo_preserved_files, luo_get_id(luo_file->fh, args.file), args.file,
			GFP_KERNEL);
	if (err) {
		WARN_ON(err != -ENOMEM);
		fput(args.file);
		return err;
	}
	luo_file->file = args.file;
	luo_count(preserved_files, 1);
	luo_file_event(HOST_EVENT_FILE_RETRIEVED, file_set, luo_file->token);
	return 0;
}

/* With luo_file->mutex held. */
static int luo_file_get(struct luo_file_set *file_set, struct luo_file *luo_file,
			struct file **filep)
{
	if (!luo_file->retrieve_status) {
		int err = __luo_file_retrieve(file_set, luo_file);

		luo_file->retrieve_status = err ?: 1;
	}
	if (luo_file->retrieve_status < 0)
		return luo_file->retrieve_status;

	*filep = get_file(luo_file->file);
	return 0;
}

/**
 * luo_retrieve_file() - the file that the previous kernel preserved as @token.
 *
 * Context: the session's mutex is held.
 * Return: 0, with a reference to what is the same file each time; -ENOENT no such token;
 * or the error of the first attempt.
 */
int luo_retrieve_file(struct luo_file_set *file_set, u64 token, struct file **filep)
{
	struct luo_file *luo_file = luo_find_token(file_set, token);

	if (!luo_file)
		return -ENOENT;

	guard(mutex)(&luo_file->mutex);
	return luo_file_get(file_set, luo_file, filep);
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

/**
 * liveupdate_get_file_incoming() - the file @token of the session @session, which is
 * retrieved if it has not been.
 *
 * For a handler's retrieve(), whose file depends on it. The tokens come from the previous
 * kernel, so that two files may claim to need each other.
 * Context: the session's mutex is held, by LUO.
 * Return: 0 with a reference; -ENOENT; -EDEADLK if that file is just being retrieved;
 * the error of its retrieval.
 */
int liveupdate_get_file_incoming(struct liveupdate_session *session, u64 token,
				 struct file **filep)
{
	struct luo_file_set *file_set = luo_file_set_from_session_locked(session);
	struct luo_file *luo_file = luo_find_token(file_set, token);
	int err;

	if (!luo_file)
		return -ENOENT;
	/* The session's mutex is held: if it is being retrieved, then further up. */
	if (luo_file->retrieving)
		return -EDEADLK;

	mutex_lock_nested(&luo_file->mutex, SINGLE_DEPTH_NESTING);
	err = luo_file_get(file_set, luo_file, filep);
	mutex_unlock(&luo_file->mutex);
	return err;
}

static bool luo_file_can_finish(struct luo_file_set *file_set, struct luo_file *luo_file)
{
	struct liveupdate_file_op_args args;

	guard(mutex)(&luo_file->mutex);
	if (!luo_file->fh->ops->can_finish)
		return true;
	args = luo_args(file_set, luo_file);
	return luo_file->fh->ops->can_finish(&args);
}

static void luo_file_finish_one(struct luo_file_set *file_set, struct luo_file *luo_file)
{
	struct liveupdate_file_op_args args;

	guard(mutex)(&luo_file->mutex);
	args = luo_args(file_set, luo_file);
	luo_file->fh->ops->finish(&args);
	luo_flb_file_finish(luo_file->fh);
	luo_file_event(HOST_EVENT_FILE_FINISHED, file_set, luo_file->token);
}

/**
 * luo_file_finish() - let go of all files, newest first, retrieved or not.
 *
 * Context: the session's mutex is held.
 * Return: 0; -EBUSY if a handler can't yet, and then nothing has been finished.
 */
int luo_file_finish(struct luo_file_set *file_set)
{
	struct luo_file *luo_file;

	if (!file_set->count)
		return 0;

	list_for_each_entry(luo_file, &file_set->files_list, list)
		if (!luo_file_can_finish(file_set, luo_file))
			return -EBUSY;

	while ((luo_file = luo_file_last(file_set))) {
		luo_file_finish_one(file_set, luo_file);
		luo_file_remove(file_set, luo_file);
	}
	kho_block_set_destroy(&file_set->block_set);
	return 0;
}

static struct liveupdate_file_handler *luo_get_handler_for(const struct luo_file_ser *ser)
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

static int luo_file_deserialize_one(struct luo_file_set *file_set, struct luo_file_ser *ser)
{
	struct liveupdate_file_handler *fh = luo_get_handler_for(ser);
	struct luo_file *luo_file;

	if (!fh)
		return -ENOENT;
	luo_file = luo_file_alloc(fh);
	if (!luo_file) {
		module_put(fh->ops->owner);
		return -ENOMEM;
	}

	luo_file->serialized_data = ser->data;
	luo_file->token = ser->token;
	list_add_tail(&luo_file->list, &file_set->files_list);
	file_set->count++;
	return 0;
}

/* Forgets files that were read; what they hold stays handed over. */
static void luo_file_forget_incoming(struct luo_file_set *file_set)
{
	struct luo_file *luo_file, *tmp;

	list_for_each_entry_safe(luo_file, tmp, &file_set->files_list, list) {
		list_del(&luo_file->list);
		module_put(luo_file->fh->ops->owner);
		luo_file_free(luo_file);
	}
	file_set->count = 0;
	kho_block_set_destroy(&file_set->block_set);
}

/**
 * luo_file_deserialize() - read the files of an incoming session.
 *
 * Context: the session's mutex is held.
 * Return: 0; -EINVAL what was handed over makes no sense, -ENOENT no handler for a file,
 * -ENOMEM; on error the set is empty.
 */
int luo_file_deserialize(struct luo_file_set *file_set, struct luo_file_set_ser *file_set_ser)
{
	struct luo_file_ser *ser;
	struct kho_block_set_it it;
	int err;

	if (!file_set_ser->files)
		return file_set_ser->count ? -EINVAL : 0;

	err = kho_block_set_restore(&file_set->block_set, file_set_ser->files);
	if (err)
		return err;

	kho_block_set_it_init(&it, &file_set->block_set);
	while (!err && (ser = kho_block_set_it_read_entry(&it)))
		err = luo_file_deserialize_one(file_set, ser);

	if (!err && file_set->count != file_set_ser->count) {
		pr_warn("File count mismatch: expected %llu, found %llu\n",
			file_set_ser->count, file_set->count);
		err = -EINVAL;
	}
	if (err)
		luo_file_forget_incoming(file_set);
	return err;
}

void luo_file_set_init(struct luo_file_set *file_set)
{
	INIT_LIST_HEAD(&file_set->files_list);
	kho_block_set_init(&file_set->block_set, sizeof(struct luo_file_ser));
}

void luo_file_set_destroy(struct luo_file_set *file_set)
{
	WARN_ON(file_set->count);
	WARN_ON(!list_empty(&file_set->files_list));
	WARN_ON(!kho_block_set_is_empty(&file_set->block_set));
}

/**
 * liveupdate_register_file_handler() - offer to preserve files of a kind.
 *
 * Return: 0; -EOPNOTSUPP live update is off, -EINVAL a callback is missing, -EEXIST
 * another handler has the same compatible string.
 */
int liveupdate_register_file_handler(struct liveupdate_file_handler *fh)
{
	const struct liveupdate_file_ops *ops = fh->ops;
	struct liveupdate_file_handler *it;

	if (!liveupdate_enabled())
		return -EOPNOTSUPP;
	if (!ops->preserve || !ops->unpreserve || !ops->retrieve || !ops->finish ||
	    !ops->can_preserve)
		return -EINVAL;

	guard(rwsem_write)(&luo_register_rwlock);
	list_private_for_each_entry(it, &luo_file_handler_list, list) {
		if (!strcmp(it->compatible, fh->compatible)) {
			pr_err("File handler registration failed: Compatible string '%s' already registered.\n",
			       fh->compatible);
			return -EEXIST;
		}
	}
	INIT_LIST_HEAD(&ACCESS_PRIVATE(fh, flb_list));
	INIT_LIST_HEAD(&ACCESS_PRIVATE(fh, list));
	list_add_tail(&ACCESS_PRIVATE(fh, list), &luo_file_handler_list);
	return 0;
}

/** liveupdate_unregister_file_handler() - undo the registration, and those of its FLBs. */
void liveupdate_unregister_file_handler(struct liveupdate_file_handler *fh)
{
	if (!liveupdate_enabled())
		return;

	guard(rwsem_write)(&luo_register_rwlock);
	luo_flb_unregister_all(fh);
	list_del(&ACCESS_PRIVATE(fh, list));
}

/* host_file.visit: the pages of its inode in ascending order. */
static void luo_visit_pages(const struct host_file *file,
			    void (*page)(void *ctx, const struct host_page *page), void *ctx)
{
	struct inode *inode = file->inode;
	XA_STATE(xas, &inode->i_data.i_pages, 0);
	struct folio *folio;

	xas_for_each(&xas, folio, ULONG_MAX)
		for (unsigned long i = 0; i < folio_nr_pages(folio); i++)
			page(ctx, &(struct host_page){
				.index = folio->index + i,
				.pfn = folio_pfn(folio) + i,
			});
}

/** luo_file_set_visit() - tell a checker of the files, those that exist in this kernel. */
void luo_file_set_visit(struct luo_file_set *file_set, int incoming,
			void (*item)(void *ctx, const struct host_file *file), void *ctx)
{
	struct luo_file *it;

	list_for_each_entry(it, &file_set->files_list, list) {
		struct inode *inode = it->file ? file_inode(it->file) : NULL;

		if (!inode)
			continue;
		item(ctx, &(struct host_file){
			.session = luo_session_from_file_set(file_set)->name,
			.token = it->token,
			.compatible = it->fh->compatible,
			.has_pages = S_ISREG(inode->i_mode),
			.size = inode->i_size,
			.visit = luo_visit_pages,
			.inode = inode,
		});
	}
}
