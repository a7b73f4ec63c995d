/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_FS_NAMEI_H
#define _SIM_FS_NAMEI_H

/* Simulated: open(2), for the table in kernel/syscalls.c. */

#include <linux/compiler.h>

long ksys_openat(int dfd, const char __user *filename, int flags);

#endif /* _SIM_FS_NAMEI_H */
