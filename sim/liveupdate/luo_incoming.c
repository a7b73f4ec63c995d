// SPDX-License-Identifier: GPL-2.0
/*
 * Files that came from the previous kernel: reading what it wrote down, retrieving,
 * finishing. Semantics of kernel/liveupdate/luo_file.c of Linux 7.3; the differences are
 * in docs/findings.md (F-09, F-10). The protocol is at the top of luo_file.c.
 */

#define pr_fmt(fmt) "luo: " fmt

#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kho/abi/luo.h>
#include <linux/kho_block.h>
#include <linux/liveupdate.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>

#include "luo_internal.h"

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
	luo_token_add(file_set, luo_file);
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
	file_set->tokens = NULL;
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
	err = luo_file_own(luo_file->fh, args.file);
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
