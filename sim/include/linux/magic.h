/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MAGIC_H
#define _LINUX_MAGIC_H

/* Simulated: s_magic of the file systems there are (uapi/linux/magic.h). */

#define TMPFS_MAGIC		0x01021994
#define ANON_INODE_FS_MAGIC	0x09041934
#define PIPEFS_MAGIC		0x50495045
#define SOCKFS_MAGIC		0x534F434B
#define HUGETLBFS_MAGIC		0x958458f6
#define GUEST_MEMFD_MAGIC	0x474d454d

#endif /* _LINUX_MAGIC_H */
