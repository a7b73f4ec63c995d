// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions: named groups of files. Semantics of kernel/liveupdate/luo_session.c of Linux
 * 7.3; the differences are in docs/findings.md (F-03, F-08).
 *
 * Locks, outermost first:
 *   luo_session_serialize_rwsem	readers change sessions, the writer is the reboot,
 *					which keeps it when it succeeds
 *   luo_session_header.rwsem		the list of one direction
 *   luo_session.mutex			the files of one session
 * User memory is accessed before any of them is taken: the page may be slow to come.
 */

#define pr_fmt(fmt) "luo: " fmt

#include <linux/anon_inodes.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kho/abi/luo.h>
#include <linux/kho_block.h>
#include <linux/list.h>
#include <linux/liveupdate.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "kexec_handover_internal.h"
#include "luo_internal.h"

DECLARE_RWSEM(luo_session_serialize_rwsem);

/**
 * struct luo_session_header - the sessions of one direction.
 * @count:     their number
 * @list:      &struct luo_session
 * @rwsem:     protects the list
 * @block_set: where they are or were serialized
 * @luo_ser:   outgoing: where to store the address of the first block
 * @active:    there is something to (de)serialize
 */
struct luo_session_header {
	long count;
	struct list_head list;
	struct rw_semaphore rwsem;
	struct kho_block_set block_set;
	struct luo_ser *luo_ser;
	bool active;
};

#define LUO_SESSION_HEADER_INIT(_name) {						\
	.list = LIST_HEAD_INIT(_name.list),						\
	.rwsem = __RWSEM_INITIALIZER(_name.rwsem),					\
	.block_set = KHO_BLOCK_SET_INIT(_name.block_set, sizeof(struct luo_session_ser)), \
}

/* Sessions can outlive the last close: what exists is judged by luo_census(). */
static struct kmem_cache *luo_session_cache;

static struct luo_session_header luo_incoming = LUO_SESSION_HEADER_INIT(luo_incoming);
static struct luo_session_header luo_outgoing = LUO_SESSION_HEADER_INIT(luo_outgoing);

static struct luo_session *luo_session_alloc(const char *name)
{
	struct luo_session *session = kmem_cache_zalloc(luo_session_cache, GFP_KERNEL);

	if (!session)
		return ERR_PTR(-ENOMEM);
	luo_count(sessions, 1);
	strscpy(session->name, name, sizeof(session->name));
	luo_file_set_init(&session->file_set);
	INIT_LIST_HEAD(&session->list);
	mutex_init(&session->mutex);
	return session;
}

static void luo_session_free(struct luo_session *session)
{
	luo_file_set_destroy(&session->file_set);
	mutex_destroy(&session->mutex);
	luo_count(sessions, -1);
	kmem_cache_free(luo_session_cache, session);
}

static struct luo_session *luo_session_find(struct luo_session_header *sh, const char *name)
{
	struct luo_session *it;

	list_for_each_entry(it, &sh->list, list)
		if (!strncmp(it->name, name, sizeof(it->name)))
			return it;
	return NULL;
}

/* Room for an outgoing session's entry is made now, so that the reboot can't lack it. */
static int luo_session_insert(struct luo_session_header *sh, struct luo_session *session)
{
	guard(rwsem_write)(&sh->rwsem);

	if (luo_session_find(sh, session->name))
		return -EEXIST;
	if (sh == &luo_outgoing) {
		int err = kho_block_set_grow(&sh->block_set, sh->count + 1);

		if (err)
			return err;
	}
	list_add_tail(&session->list, &sh->list);
	sh->count++;
	return 0;
}

static void luo_session_remove(struct luo_session_header *sh, struct luo_session *session)
{
	guard(rwsem_write)(&sh->rwsem);

	list_del(&session->list);
	sh->count--;
	if (sh == &luo_outgoing)
		kho_block_set_shrink(&sh->block_set, sh->count);
}

/**
 * luo_session_release() - release() of session files.
 *
 * The last descriptor is gone: an outgoing session's files are no longer preserved, an
 * incoming session is finished. One that can't be is kept until the next kexec.
 */
int luo_session_release(struct inode *inodep, struct file *filep)
{
	struct luo_session *session = filep->private_data;
	struct luo_session_header *sh = &luo_outgoing;

	guard(rwsem_read)(&luo_session_serialize_rwsem);
	if (session->retrieved) {
		int err;

		scoped_guard(mutex, &session->mutex)
			err = luo_file_finish(&session->file_set);
		if (err) {
			pr_warn("Unable to finish session [%s] on release\n", session->name);
			return err;
		}
		sh = &luo_incoming;
	} else {
		scoped_guard(mutex, &session->mutex)
			luo_file_unpreserve_files(&session->file_set);
	}

	luo_session_remove(sh, session);
	luo_session_free(session);
	return 0;
}

static int luo_session_getfile(struct luo_session *session, struct file **filep)
{
	char name[128];
	struct file *file;

	lockdep_assert_held(&session->mutex);
	snprintf(name, sizeof(name), "[luo_session] %s", session->name);
	file = anon_inode_getfile(name, &luo_session_fops, session, O_RDWR);
	if (IS_ERR(file))
		return PTR_ERR(file);
	*filep = file;
	return 0;
}

/**
 * luo_session_create() - a new outgoing session and a file for it.
 *
 * Return: 0; -EINVAL empty or unterminated name, -EEXIST, -ENOMEM, -ENOSPC.
 */
int luo_session_create(const char *name, struct file **filep)
{
	size_t len = strnlen(name, LIVEUPDATE_SESSION_NAME_LENGTH);
	struct luo_session *session;
	int err;

	if (len == 0 || len > LIVEUPDATE_SESSION_NAME_LENGTH - 1)
		return -EINVAL;

	session = luo_session_alloc(name);
	if (IS_ERR(session))
		return PTR_ERR(session);

	guard(rwsem_read)(&luo_session_serialize_rwsem);
	err = luo_session_insert(&luo_outgoing, session);
	if (err)
		goto err_free;

	scoped_guard(mutex, &session->mutex)
		err = luo_session_getfile(session, filep);
	if (err)
		goto err_remove;
	return 0;

err_remove:
	luo_session_remove(&luo_outgoing, session);
err_free:
	luo_session_free(session);
	return err;
}

/**
 * luo_session_retrieve() - a file for an incoming session, once.
 *
 * Return: 0; -ENOENT no such session, -EINVAL somebody has it already, -ENOMEM.
 */
int luo_session_retrieve(const char *name, struct file **filep)
{
	struct luo_session *session;
	int err;

	guard(rwsem_read)(&luo_session_serialize_rwsem);
	guard(rwsem_read)(&luo_incoming.rwsem);
	session = luo_session_find(&luo_incoming, name);
	if (!session)
		return -ENOENT;

	guard(mutex)(&session->mutex);
	if (session->retrieved)
		return -EINVAL;
	err = luo_session_getfile(session, filep);
	if (!err)
		session->retrieved = true;
	return err;
}

/** luo_session_setup_outgoing() - @luo_ser is where the next kernel will look. */
void __init luo_session_setup_outgoing(struct luo_ser *luo_ser)
{
	luo_outgoing.luo_ser = luo_ser;
	luo_outgoing.active = true;
}

/** luo_session_setup_incoming() - take over the blocks; 0 is none. 0 or -errno. */
int __init luo_session_setup_incoming(u64 sessions_pa)
{
	int err;

	if (!sessions_pa)
		return 0;
	err = kho_block_set_restore(&luo_incoming.block_set, sessions_pa);
	if (err)
		return err;
	luo_incoming.active = true;
	return 0;
}

static int luo_session_deserialize_one(struct luo_session_ser *ser)
{
	struct luo_session *session;
	int err;

	session = luo_session_alloc(ser->name);
	if (IS_ERR(session)) {
		pr_warn("Failed to allocate session [%.*s] during deserialization %pe\n",
			(int)sizeof(ser->name), ser->name, session);
		return PTR_ERR(session);
	}
	err = luo_session_insert(&luo_incoming, session);
	if (err) {
		pr_warn("Failed to insert session [%s] %pe\n", session->name, ERR_PTR(err));
		luo_session_free(session);
		return err;
	}

	scoped_guard(mutex, &session->mutex)
		err = luo_file_deserialize(&session->file_set, &ser->file_set_ser);
	if (err)
		pr_warn("Failed to deserialize files for session [%s] %pe\n", session->name,
			ERR_PTR(err));
	return err;
}

/**
 * luo_session_deserialize() - make sessions of what was handed over, on the first call.
 *
 * Context: the only opener of the device. A failure is for ever, and what has been read
 * until then is kept: there is no telling what the rest would have said about it.
 * Return: 0 or -errno, each time the same.
 */
int luo_session_deserialize(void)
{
	static bool is_deserialized;
	static int saved_err;
	struct luo_session_ser *ser;
	struct kho_block_set_it it;

	if (is_deserialized)
		return saved_err;
	is_deserialized = true;
	if (!luo_incoming.active)
		return 0;

	kho_block_set_it_init(&it, &luo_incoming.block_set);
	while (!saved_err && (ser = kho_block_set_it_read_entry(&it)))
		saved_err = luo_session_deserialize_one(ser);

	kho_block_set_destroy(&luo_incoming.block_set);
	return saved_err;
}

static int luo_session_freeze_one(struct luo_session *session, struct kho_block_set_it *it)
{
	struct luo_session_ser *ser = kho_block_set_it_reserve_entry(it);
	int err;

	/* Blocks were allocated with the session. */
	if (WARN_ON_ONCE(!ser))
		return -ENOSPC;

	guard(mutex)(&session->mutex);
	memset(ser, 0, sizeof(*ser));
	err = luo_file_freeze(&session->file_set, &ser->file_set_ser);
	if (!err)
		strscpy(ser->name, session->name, sizeof(ser->name));
	return err;
}

static void luo_session_unfreeze_one(struct luo_session *session)
{
	struct luo_file_set_ser ser;

	/* The entry in the block is cleared with all the others. */
	guard(mutex)(&session->mutex);
	luo_file_unfreeze(&session->file_set, &ser);
}

/**
 * luo_session_serialize() - freeze all outgoing sessions and write them down.
 *
 * Return: 0 with luo_session_serialize_rwsem held for good, so that nothing changes any
 * more; or the error of the first session that could not be frozen, with no trace left.
 */
int luo_session_serialize(void)
{
	struct luo_session_header *sh = &luo_outgoing;
	struct luo_session *session;
	struct kho_block_set_it it;
	int err = 0;

	down_write(&luo_session_serialize_rwsem);
	down_write(&sh->rwsem);
	sh->luo_ser->sessions_pa = 0;

	kho_block_set_it_init(&it, &sh->block_set);
	list_for_each_entry(session, &sh->list, list) {
		err = luo_session_freeze_one(session, &it);
		if (err)
			goto err_undo;
	}

	sh->luo_ser->sessions_pa = kho_block_set_head_pa(&sh->block_set);
	up_write(&sh->rwsem);
	return 0;

err_undo:
	list_for_each_entry_continue_reverse(session, &sh->list, list)
		luo_session_unfreeze_one(session);
	kho_block_set_clear(&sh->block_set);
	up_write(&sh->rwsem);
	up_write(&luo_session_serialize_rwsem);
	return err;
}

void luo_sim_files(int incoming, void (*item)(void *ctx, const struct host_file *file),
		   void *ctx);

/** luo_sim_files() - host_image.files: for checkers, while no task runs. */
void luo_sim_files(int incoming, void (*item)(void *ctx, const struct host_file *file),
		   void *ctx)
{
	struct luo_session_header *sh = incoming ? &luo_incoming : &luo_outgoing;
	struct luo_session *session;

	list_for_each_entry(session, &sh->list, list)
		luo_file_set_visit(&session->file_set, incoming, item, ctx);
}

void __init luo_session_init(void)
{
	luo_session_cache = kmem_cache_create("luo_session", sizeof(struct luo_session), NULL,
					      SLAB_PANIC | SLAB_NOLEAKTRACE);
}

/* What the sessions of a direction account for. */
static void luo_header_add(const struct luo_session_header *sh, struct luo_counters *sum,
			   long *blocks)
{
	struct luo_session *session;

	*blocks += sh->block_set.nblocks;
	sum->sessions += sh->count;
	list_for_each_entry(session, &sh->list, list) {
		sum->files += session->file_set.count;
		*blocks += session->file_set.block_set.nblocks;
	}
}

long luo_incoming_pins(void);

/** luo_incoming_pins() - references to modules held for files of incoming sessions. */
long luo_incoming_pins(void)
{
	struct luo_counters in = {};
	long blocks = 0;

	luo_header_add(&luo_incoming, &in, &blocks);
	return in.files;
}

void luo_census(void (*item)(void *ctx, const char *name, host_u64 value,
			     enum host_census rule), void *ctx);

/**
 * luo_census() - what LUO holds, while no task runs.
 *
 * Incoming sessions that nobody retrieved may stay; all else must belong to one.
 */
void luo_census(void (*item)(void *ctx, const char *name, host_u64 value,
			     enum host_census rule), void *ctx)
{
	struct luo_counters sum = {};
	long blocks = 0, stray;

	luo_header_add(&luo_outgoing, &sum, &blocks);
	luo_header_add(&luo_incoming, &sum, &blocks);
	stray = luo_counters.sessions - sum.sessions + luo_counters.files - sum.files +
		kho_counters.blocks - blocks;

	item(ctx, "luo preserved files", luo_counters.preserved_files, HOST_CENSUS_ZERO);
	item(ctx, "luo objects of no session", stray, HOST_CENSUS_ZERO);
	item(ctx, "outgoing sessions", luo_outgoing.count, HOST_CENSUS_ZERO);
	item(ctx, "incoming sessions", luo_incoming.count, HOST_CENSUS_INFO);
}
