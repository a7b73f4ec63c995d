/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_STATFS_H
#define _LINUX_STATFS_H

/* Simulated: what simple_statfs() fills in (include/linux/statfs.h). */

#include <linux/types.h>

struct kstatfs {
	long f_type;
	long f_bsize;
	u64 f_blocks;
	u64 f_bfree;
	long f_namelen;
	long f_flags;
};

#endif /* _LINUX_STATFS_H */
