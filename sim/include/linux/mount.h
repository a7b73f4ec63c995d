/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MOUNT_H
#define _LINUX_MOUNT_H

/*
 * Simulated: a mounted pseudo file system (include/linux/mount.h). Nothing is mounted
 * on anything; a mount keeps its super block, and open files keep the mount.
 */

#include <linux/atomic.h>
#include <linux/types.h>

struct dentry;
struct file_system_type;
struct super_block;

#define MNT_NOSUID	0x01
#define MNT_NODEV	0x02
#define MNT_NOEXEC	0x04
#define MNT_READONLY	0x40

struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
	int mnt_flags;
	atomic_t mnt_count;
};

struct vfsmount *mntget(struct vfsmount *mnt);
void mntput(struct vfsmount *mnt);
struct vfsmount *kern_mount(struct file_system_type *type);
void kern_unmount(struct vfsmount *mnt);

#endif /* _LINUX_MOUNT_H */
