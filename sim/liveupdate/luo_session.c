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

#define LUO_SESSION_HEADER_INIT(_name) {						\
	.list = LIST_HEAD_INIT(_name.list),						\
	.rwsem = __RWSEM_INITIALIZER(_name.rwsem),					\
	.block_set = KHO_BLOCK_SET_INIT(_name.block_set, sizeof(struct luo_session_ser)), \
}

/* Whether, and with what result, the handed-over sessions have been read. */
bool luo_deserialized;
int luo_deserialize_err;

/* Sessions can outlive the last close: what exists is judged by luo_census(). */
static struct kmem_cache *luo_session_cache;

struct luo_session_header luo_incoming = LUO_SESSION_HEADER_INIT(luo_incoming);
struct luo_session_header luo_outgoing = LUO_SESSION_HEADER_INIT(luo_outgoing);

/* A session in no list, which holds nothing; NULL without memory. */
static struct luo_session *luo_session_alloc(const char *name)
{
	struct luo_session *session = kmem_cache_zalloc(luo_session_cache, GFP_KERNEL);

	if (!session)
		return NULL;
	mutex_init(&session->mutex);
	INIT_LIST_HEAD(&session->list);
	luo_file_set_init(&session->file_set);
	strscpy(session->name, name, sizeof(session->name));
	luo_count(sessions, 1);
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

static int luo_session_end_incoming(struct luo_session *session)
{
	guard(mutex)(&session->mutex);
	return luo_file_finish(&session->file_set);
}

static int luo_session_end_outgoing(struct luo_session *session)
{
	guard(mutex)(&session->mutex);
	luo_file_unpreserve_files(&session->file_set);
	return 0;
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
	int err;

	guard(rwsem_read)(&luo_session_serialize_rwsem);
	err = session->retrieved ? luo_session_end_incoming(session) :
				   luo_session_end_outgoing(session);
	if (err) {
		pr_warn("session '%s' was closed, but its files are not finished (%pe)\n",
			session->name, ERR_PTR(err));
		return err;
	}

	luo_session_remove(session->retrieved ? &luo_incoming : &luo_outgoing, session);
	luo_session_free(session);
	return 0;
}

/* A new file for a session, or an ERR_PTR. */
static struct file *luo_session_getfile(struct luo_session *session)
{
	char name[LIVEUPDATE_SESSION_NAME_LENGTH + sizeof("[luo_session] ")];

	lockdep_assert_held(&session->mutex);
	snprintf(name, sizeof(name), "[luo_session] %s", session->name);
	return anon_inode_getfile(name, &luo_session_fops, session, O_RDWR);
}

/* Makes an outgoing session known and gives it a file; on error it is as before. */
static int luo_session_publish(struct luo_session *session, struct file **filep)
{
	struct file *file;
	int err = luo_session_insert(&luo_outgoing, session);

	if (err)
		return err;
	scoped_guard(mutex, &session->mutex)
		file = luo_session_getfile(session);
	if (IS_ERR(file)) {
		luo_session_remove(&luo_outgoing, session);
		return PTR_ERR(file);
	}
	*filep = file;
	return 0;
}

static bool luo_session_name_ok(const char *name)
{
	return name[0] && strnlen(name, LIVEUPDATE_SESSION_NAME_LENGTH) <
			  LIVEUPDATE_SESSION_NAME_LENGTH;
}

/**
 * luo_session_create() - a new outgoing session and a file for it.
 *
 * Return: 0; -EINVAL empty or unterminated name, -EEXIST, -ENOMEM, -ENOSPC.
 */
int luo_session_create(const char *name, struct file **filep)
{
	struct luo_session *session;
	int err;

	if (!luo_session_name_ok(name))
		return -EINVAL;
	session = luo_session_alloc(name);
	if (!session)
		return -ENOMEM;

	guard(rwsem_read)(&luo_session_serialize_rwsem);
	err = luo_session_publish(session, filep);
	if (err)
		luo_session_free(session);
	return err;
}

/* Gives an incoming session a file, which it can have one of. */
static int luo_session_claim(struct luo_session *session, struct file **filep)
{
	struct file *file;

	guard(mutex)(&session->mutex);
	if (session->retrieved)
		return -EINVAL;

	file = luo_session_getfile(session);
	if (IS_ERR(file))
		return PTR_ERR(file);
	session->retrieved = true;
	*filep = file;
	return 0;
}

/**
 * luo_session_retrieve() - a file for an incoming session, once.
 *
 * Return: 0; -ENOENT no such session, -EINVAL somebody has it already, -ENOMEM.
 */
int luo_session_retrieve(const char *name, struct file **filep)
{
	struct luo_session *session;

	guard(rwsem_read)(&luo_session_serialize_rwsem);
	guard(rwsem_read)(&luo_incoming.rwsem);
	session = luo_session_find(&luo_incoming, name);
	return session ? luo_session_claim(session, filep) : -ENOENT;
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
	int err = 0;

	if (sessions_pa) {
		err = kho_block_set_restore(&luo_incoming.block_set, sessions_pa);
		luo_incoming.active = !err;
	}
	return err;
}

/* An empty incoming session of the name that was handed over. */
static int luo_session_add_incoming(const char *name, struct luo_session **sessionp)
{
	struct luo_session *session = luo_session_alloc(name);
	int err = session ? luo_session_insert(&luo_incoming, session) : -ENOMEM;

	if (!err)
		*sessionp = session;
	else if (session)
		luo_session_free(session);
	return err;
}

static int luo_session_read_files(struct luo_session *session, struct luo_session_ser *ser)
{
	guard(mutex)(&session->mutex);
	return luo_file_deserialize(&session->file_set, &ser->file_set_ser);
}

static int luo_session_deserialize_one(struct luo_session_ser *ser)
{
	struct luo_session *session;
	int err = luo_session_add_incoming(ser->name, &session);

	if (!err)
		err = luo_session_read_files(session, ser);
	if (err)
		pr_warn("can't restore session '%.*s' (%pe)\n", (int)sizeof(ser->name),
			ser->name, ERR_PTR(err));
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
	struct luo_session_ser *ser;
	struct kho_block_set_it it;

	if (luo_deserialized)
		return luo_deserialize_err;
	luo_deserialized = true;
	if (!luo_incoming.active)
		return 0;

	kho_block_set_it_init(&it, &luo_incoming.block_set);
	while (!luo_deserialize_err && (ser = kho_block_set_it_read_entry(&it)))
		luo_deserialize_err = luo_session_deserialize_one(ser);

	kho_block_set_destroy(&luo_incoming.block_set);
	return luo_deserialize_err;
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

/* Freezes the outgoing sessions, all or none. */
static int luo_session_freeze_all(struct luo_session_header *sh)
{
	struct luo_session *session;
	struct kho_block_set_it it;
	int err;

	kho_block_set_it_init(&it, &sh->block_set);
	list_for_each_entry(session, &sh->list, list) {
		err = luo_session_freeze_one(session, &it);
		if (err)
			goto err_undo;
	}
	return 0;

err_undo:
	list_for_each_entry_continue_reverse(session, &sh->list, list)
		luo_session_unfreeze_one(session);
	kho_block_set_clear(&sh->block_set);
	return err;
}

/** luo_serialize_event() - tell the checkers, while the locks keep everybody else out. */
void luo_serialize_event(enum host_event_type type, int err)
{
	sim_host->event(&(struct host_event){ .type = type, .value = -err });
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
	int err;

	down_write(&luo_session_serialize_rwsem);
	scoped_guard(rwsem_write, &sh->rwsem) {
		luo_serialize_event(HOST_EVENT_SERIALIZING, 0);
		sh->luo_ser->sessions_pa = 0;
		err = luo_session_freeze_all(sh);
		if (!err)
			sh->luo_ser->sessions_pa = kho_block_set_head_pa(&sh->block_set);
	}
	if (err) {
		luo_serialize_event(HOST_EVENT_SERIALIZED, err);
		up_write(&luo_session_serialize_rwsem);
	}
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

void luo_sim_retrieved(const char *name, host_u64 token,
		       void (*item)(void *ctx, const struct host_file *file), void *ctx);

/** luo_sim_retrieved() - host_image.retrieved: for checkers, while no task runs. */
void luo_sim_retrieved(const char *name, host_u64 token,
		       void (*item)(void *ctx, const struct host_file *file), void *ctx)
{
	struct luo_session *session = luo_session_find(&luo_incoming, name);

	if (session)
		luo_file_visit(luo_find_token(&session->file_set, token), &session->file_set, item,
			       ctx);
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
