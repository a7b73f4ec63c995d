/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_LUO_INTERNAL_H
#define _LINUX_LUO_INTERNAL_H

/* Simulated: what the files of the Live Update Orchestrator share with each other. */

#include <linux/fs.h>
#include <linux/kho_block.h>
#include <linux/liveupdate.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/stddef.h>
#include <linux/xarray.h>
#include <sim/sim.h>

struct sim_state;

/**
 * union luo_ioctl_arg - the argument of any ioctl of LUO, as the kernel knows it.
 * @new_fd: what those begin with that give a descriptor
 */
union luo_ioctl_arg {
	struct {
		__u32 size;
		__s32 fd;
	} new_fd;
	struct liveupdate_ioctl_create_session create_session;
	struct liveupdate_ioctl_retrieve_session retrieve_session;
	struct liveupdate_session_preserve_fd preserve_fd;
	struct liveupdate_session_retrieve_fd retrieve_fd;
	struct liveupdate_session_finish finish;
	struct liveupdate_session_get_name get_name;
};

/**
 * struct luo_ioctl - one ioctl. @owner is what the table's user passes to luo_ioctl_run().
 * @cmd:      its number with direction and type
 * @size:     of the argument in this kernel; a user's may be smaller or larger
 * @min_size: of the argument when the ioctl was introduced
 * @gives_fd: a new descriptor is put into the argument, for the file from @execute
 * @applies:  optional; whether this owner takes that ioctl
 * @prepare:  optional; checks the argument and completes the reply, without any lock
 * @execute:  does it, after the reply has been written
 */
struct luo_ioctl {
	unsigned int cmd;
	unsigned int size;
	unsigned int min_size;
	bool gives_fd;
	bool (*applies)(void *owner);
	int (*prepare)(void *owner, union luo_ioctl_arg *arg);
	int (*execute)(void *owner, union luo_ioctl_arg *arg, struct file **filep);
};

/** struct luo_ioctl_table - ioctls with consecutive numbers, from @base on. */
struct luo_ioctl_table {
	unsigned int base;
	unsigned int count;
	const struct luo_ioctl *ioctls;
};

/* How a table's entry describes the argument, of which @_last was once the last member. */
#define LUO_IOCTL_ARG(_cmd, _struct, _last)			\
	.cmd = (_cmd),						\
	.size = sizeof(struct _struct),				\
	.min_size = offsetofend(struct _struct, _last)

/* luo_ioctl.c */
long luo_ioctl_run(const struct luo_ioctl_table *table, void *owner, unsigned int cmd,
		   unsigned long arg);

/**
 * struct luo_file_set - files of one session.
 * @files_list: &struct luo_file, in the order of preservation
 * @tokens:     the same by token, see luo_token.c
 * @block_set:  where they are or were serialized
 * @count:      their number
 */
struct luo_file_set {
	struct list_head files_list;
	struct kho_block_set block_set;
	struct luo_file *tokens;
	u64 count;
};

/**
 * struct luo_session - a session, outgoing or incoming.
 * @name:      unique among sessions of the same direction
 * @list:      in the list of that direction
 * @retrieved: incoming, and somebody has a descriptor
 * @file_set:  its files
 * @mutex:     protects the members above but @name and @list
 */
struct luo_session {
	char name[LIVEUPDATE_SESSION_NAME_LENGTH];
	struct list_head list;
	bool retrieved;
	struct luo_file_set file_set;
	struct mutex mutex;
};

static inline struct luo_session *luo_session_from_file_set(struct luo_file_set *file_set)
{
	return container_of(file_set, struct luo_session, file_set);
}

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

extern struct rw_semaphore luo_register_rwlock;

/* luo_session.c, luo_session_ioctl.c */
extern struct rw_semaphore luo_session_serialize_rwsem;
extern const struct file_operations luo_session_fops;
extern struct luo_session_header luo_incoming, luo_outgoing;
extern bool luo_deserialized;
extern int luo_deserialize_err;

int luo_session_release(struct inode *inodep, struct file *filep);
int luo_session_create(const char *name, struct file **filep);
int luo_session_retrieve(const char *name, struct file **filep);
void luo_session_setup_outgoing(struct luo_ser *luo_ser);
int luo_session_setup_incoming(u64 sessions_pa);
int luo_session_serialize(void);
void luo_serialize_event(enum host_event_type type, int err);
int luo_session_deserialize(void);

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
 * @below:           files that luo_find_token() comes to from this one
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
	struct luo_file *below[4];
};

/* luo_handler.c */
struct liveupdate_file_handler *luo_get_handler(struct file *file);
struct liveupdate_file_handler *luo_get_handler_for(const struct luo_file_ser *ser);
bool luo_handler_known(const struct liveupdate_file_handler *fh);

/* luo_file.c */
extern struct xarray luo_preserved_files;
struct luo_file *luo_file_alloc(struct liveupdate_file_handler *fh);
void luo_file_free(struct luo_file *luo_file);
void luo_file_remove(struct luo_file_set *file_set, struct luo_file *luo_file);
struct luo_file *luo_file_last(struct luo_file_set *file_set);
int luo_file_own(struct liveupdate_file_handler *fh, struct file *file);
struct luo_file_set *luo_file_set_from_session_locked(struct liveupdate_session *session);
struct liveupdate_file_op_args luo_args(struct luo_file_set *file_set,
					struct luo_file *luo_file);
void luo_file_event(enum host_event_type type, struct luo_file_set *file_set, u64 token);
int luo_preserve_file(struct luo_file_set *file_set, u64 token, int fd);
void luo_file_unpreserve_files(struct luo_file_set *file_set);
int luo_file_freeze(struct luo_file_set *file_set, struct luo_file_set_ser *file_set_ser);
void luo_file_unfreeze(struct luo_file_set *file_set, struct luo_file_set_ser *file_set_ser);
void luo_file_set_init(struct luo_file_set *file_set);
void luo_file_set_destroy(struct luo_file_set *file_set);
void luo_file_visit(struct luo_file *luo_file, struct luo_file_set *file_set,
		    void (*item)(void *ctx, const struct host_file *file), void *ctx);
void luo_file_set_visit(struct luo_file_set *file_set, int incoming,
			void (*item)(void *ctx, const struct host_file *file), void *ctx);

/* luo_token.c */
struct luo_file *luo_find_token(struct luo_file_set *file_set, u64 token);
void luo_token_add(struct luo_file_set *file_set, struct luo_file *luo_file);
void luo_token_remove(struct luo_file_set *file_set, struct luo_file *luo_file);

/* luo_incoming.c */
int luo_retrieve_file(struct luo_file_set *file_set, u64 token, struct file **filep);
int luo_file_finish(struct luo_file_set *file_set);
int luo_file_deserialize(struct luo_file_set *file_set, struct luo_file_set_ser *file_set_ser);

/* FLBs of one handover share a page behind a header. */
#define LUO_FLB_PGCNT	1UL
#define LUO_FLB_MAX	(((LUO_FLB_PGCNT << PAGE_SHIFT) - sizeof(struct luo_flb_header_ser)) / \
			 sizeof(struct luo_flb_ser))

/* One file handler's dependence on one FLB. */
struct luo_flb_link {
	struct liveupdate_flb *flb;
	struct list_head list;
};

/* luo_flb_register.c */
extern struct list_head luo_flb_list;
struct luo_flb_private *luo_flb_get_private(struct liveupdate_flb *flb);
void luo_flb_unregister_all(struct liveupdate_file_handler *fh);

/* luo_flb.c */
int luo_flb_file_preserve(struct liveupdate_file_handler *fh);
void luo_flb_file_unpreserve(struct liveupdate_file_handler *fh);
void luo_flb_file_finish(struct liveupdate_file_handler *fh);
int luo_flb_setup_outgoing(u64 *flbs_pa);
int luo_flb_setup_incoming(u64 flbs_pa);
void luo_flb_serialize(void);

/* luo_test_flb.c */
void liveupdate_test_register(struct liveupdate_file_handler *fh);

/* Statistics for the census; no task acts on them. */
struct luo_counters {
	long preserved_files;	/* in outgoing sessions, and retrieved ones in incoming */
	long sessions;		/* objects that exist, whether in a list or not */
	long files;
};

extern struct luo_counters luo_counters;

#define luo_count(what, n)	__atomic_fetch_add(&luo_counters.what, (n), __ATOMIC_RELAXED)

void luo_file_init(void);
void luo_session_init(void);

/* Parts of luo_state(), each beside what it tells of. */
void luo_device_state(struct sim_state *s);
void luo_handler_state(struct sim_state *s);
void luo_flb_state(struct sim_state *s);

#endif /* _LINUX_LUO_INTERNAL_H */
