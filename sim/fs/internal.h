/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_FS_INTERNAL_H
#define _SIM_FS_INTERNAL_H

/* Simulated: what the files of sim/fs/ share, and what the system calls need of them. */

#include <host/host.h>
#include <linux/fs.h>

/*
 * Counters for the census. Plain statistics: no task acts on them, so they are no
 * scheduling points.
 */
struct vfs_counters {
	long files;
	long inodes;
	long dentries;
	long mounts;
};

extern struct vfs_counters vfs_counters;

#define vfs_count(what, n)	__atomic_fetch_add(&vfs_counters.what, (n), __ATOMIC_RELAXED)

struct file *alloc_empty_file(int flags);
void fput_close_sync(struct file *file);
int do_dentry_open(struct file *file, const struct path *path,
		   const struct file_operations *fops);

void files_init(void);
void inode_init(void);
void dcache_init(void);
void fdtable_init(void);

struct vfsmount *vfs_kern_mount(struct file_system_type *type);

struct file *misc_open(const char *name, int flags);
struct file *tmp_open(const char *name, int flags);

#endif /* _SIM_FS_INTERNAL_H */
