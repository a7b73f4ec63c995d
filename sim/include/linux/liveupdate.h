/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_LIVEUPDATE_H
#define _LINUX_LIVEUPDATE_H

/*
 * Simulated: the interface between LUO and its file handlers (include/linux/liveupdate.h
 * of Linux 7.3), with the session in the arguments and the two functions that look for
 * other files of the session, which 7.3 lacks.
 *
 * Kernel promises: the callbacks of one file never run at the same time; each
 *	successful preserve() is followed by exactly one unpreserve(), or by a freeze()
 *	and the end of this kernel.
 * Modelled: all of it, with 7.3's order of calls and errors.
 * Left out: nothing.
 * Scheduling points: the locks of sim/liveupdate/.
 */

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/kho/abi/luo.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/types.h>
#include <uapi/linux/liveupdate.h>

struct file;
struct liveupdate_file_handler;
struct liveupdate_flb;
struct liveupdate_session;

/**
 * struct liveupdate_file_op_args - arguments of a handler's callbacks.
 * @handler:         the handler
 * @session:         the session of the file, for the two look-ups below
 * @retrieve_status: for can_finish and finish: 1 if the file has been retrieved, 0 if
 *                   not, or the error of the attempt
 * @file:            the file; set by retrieve
 * @serialized_data: what crosses; preserve and freeze may change it
 * @private_data:    the handler's own, from preserve to unpreserve
 */
struct liveupdate_file_op_args {
	struct liveupdate_file_handler *handler;
	struct liveupdate_session *session;
	int retrieve_status;
	struct file *file;
	u64 serialized_data;
	void *private_data;
};

/**
 * struct liveupdate_file_ops - a handler's callbacks.
 * @can_preserve: is @file of the handler's kind? Any file may come
 * @preserve:     save; on error undo everything
 * @unpreserve:   undo @preserve
 * @freeze:       optional; last changes before the jump
 * @unfreeze:     optional; the jump does not happen after all
 * @retrieve:     make the file again in the next kernel
 * @can_finish:   optional; false makes FINISH fail with -EBUSY
 * @finish:       let go of what is left, whether retrieved or not
 * @get_id:       optional; what must not be preserved twice, by default the file
 * @owner:        pinned while a file of this kind is preserved
 */
struct liveupdate_file_ops {
	bool (*can_preserve)(struct liveupdate_file_handler *handler, struct file *file);
	int (*preserve)(struct liveupdate_file_op_args *args);
	void (*unpreserve)(struct liveupdate_file_op_args *args);
	int (*freeze)(struct liveupdate_file_op_args *args);
	void (*unfreeze)(struct liveupdate_file_op_args *args);
	int (*retrieve)(struct liveupdate_file_op_args *args);
	bool (*can_finish)(struct liveupdate_file_op_args *args);
	void (*finish)(struct liveupdate_file_op_args *args);
	unsigned long (*get_id)(struct file *file);
	struct module *owner;
};

/** struct liveupdate_file_handler - a kind of file that can be preserved. */
struct liveupdate_file_handler {
	const struct liveupdate_file_ops *ops;
	const char compatible[LIVEUPDATE_HNDL_COMPAT_LENGTH];

	/* private: */
	struct list_head __private list;
	struct list_head __private flb_list;
};

/**
 * struct liveupdate_flb_op_args - arguments of an FLB's callbacks.
 * @flb:  the object's definition
 * @data: what crosses; set by preserve
 * @obj:  the live object; set by preserve and retrieve
 */
struct liveupdate_flb_op_args {
	struct liveupdate_flb *flb;
	u64 data;
	void *obj;
};

/**
 * struct liveupdate_flb_ops - callbacks of an object shared by files of some kind.
 * @preserve:   the first such file is being preserved
 * @unpreserve: the last one is no longer
 * @retrieve:   the object is wanted in the next kernel, for the first time
 * @finish:     the last such file is finished
 * @owner:      pinned from preserve to unpreserve and from retrieve to finish
 */
struct liveupdate_flb_ops {
	int (*preserve)(struct liveupdate_flb_op_args *argp);
	void (*unpreserve)(struct liveupdate_flb_op_args *argp);
	int (*retrieve)(struct liveupdate_flb_op_args *argp);
	void (*finish)(struct liveupdate_flb_op_args *argp);
	struct module *owner;
};

/*
 * One direction of an FLB: users, handle, live object; for the outgoing one, how many of the
 * users are files; for the incoming one, whether the object has been retrieved (1), not yet
 * (0) or in vain (-errno), and finished.
 */
struct luo_flb_private_state {
	refcount_t count;
	u64 files;
	u64 data;
	void *obj;
	struct mutex lock;
	bool finished;
	int retrieve_status;
};

struct luo_flb_private {
	struct list_head list;
	struct luo_flb_private_state outgoing;
	struct luo_flb_private_state incoming;
	int users;
	bool initialized;
};

/** struct liveupdate_flb - definition of an object bound to the life of files. */
struct liveupdate_flb {
	const struct liveupdate_flb_ops *ops;
	const char compatible[LIVEUPDATE_FLB_COMPAT_LENGTH];

	/* private: */
	struct luo_flb_private __private private;
};

bool liveupdate_enabled(void);
int liveupdate_reboot(void);

int liveupdate_register_file_handler(struct liveupdate_file_handler *fh);
void liveupdate_unregister_file_handler(struct liveupdate_file_handler *fh);

int liveupdate_register_flb(struct liveupdate_file_handler *fh, struct liveupdate_flb *flb);
void liveupdate_unregister_flb(struct liveupdate_file_handler *fh, struct liveupdate_flb *flb);

int liveupdate_flb_get_incoming(struct liveupdate_flb *flb, void **objp);
void liveupdate_flb_put_incoming(struct liveupdate_flb *flb);
int liveupdate_flb_get_outgoing(struct liveupdate_flb *flb, void **objp);
void liveupdate_flb_put_outgoing(struct liveupdate_flb *flb);

int liveupdate_get_token_outgoing(struct liveupdate_session *session, struct file *file,
				  u64 *tokenp);
int liveupdate_get_file_incoming(struct liveupdate_session *session, u64 token,
				 struct file **filep);

#endif /* _LINUX_LIVEUPDATE_H */
