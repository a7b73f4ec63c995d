/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_FDTABLE_H
#define _LINUX_FDTABLE_H

/*
 * Simulated: the descriptor table of a process (include/linux/fdtable.h).
 *
 * Kernel promises: lookups run under RCU without a lock; the table grows by copying
 *	to a larger one and freeing the old after a grace period.
 * Modelled: that, with 64 descriptors inside &struct files_struct and RLIMIT_NOFILE at
 *	its usual 1024. Descriptors 0, 1 and 2 are taken, as in any program with a
 *	stdin, stdout and stderr, but lead to no file.
 * Left out: unsharing and cloning of tables, close-on-exec (nothing executes; the flag
 *	is kept), the second level bitmap.
 * Scheduling points: the table's lock, RCU, reads and writes of its slots.
 */

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/compiler.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct file;

#define NR_OPEN_DEFAULT		64

/* The kernel's own hard limit (INR_OPEN_MAX), which any program may raise its limit to. */
#define SIM_NR_OPEN_MAX		4096
#define SIM_FD_FIRST		3

struct fdtable {
	unsigned int max_fds;
	struct file __rcu **fd;
	unsigned long *close_on_exec;
	unsigned long *open_fds;
	struct rcu_head rcu;
};

struct files_struct {
	atomic_t count;
	struct fdtable __rcu *fdt;
	struct fdtable fdtab;
	spinlock_t file_lock;
	unsigned int next_fd;
	unsigned long close_on_exec_init[1];
	unsigned long open_fds_init[1];
	struct file __rcu *fd_array[NR_OPEN_DEFAULT];
};

/**
 * files_create() - the table of a new process: nothing open but 0, 1 and 2.
 * Return: the table with one reference, NULL without memory.
 */
struct files_struct *files_create(void);

/**
 * files_exit() - a process gives up its table; with the last reference all
 * descriptors are closed, in ascending order.
 *
 * Context: a task of that process. The releases are task work: whoever ends the
 * process runs it afterwards.
 */
void files_exit(struct files_struct *files);

int files_add(struct files_struct *files, unsigned int start, struct file *file);

static inline struct fdtable *files_fdtable(struct files_struct *files)
{
	return rcu_dereference_raw(files->fdt);
}

#endif /* _LINUX_FDTABLE_H */
