/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_CRASH_DUMP_H
#define _LINUX_CRASH_DUMP_H

/* Stub: no crash kernel exists, so no kernel ever is one. */

#include <linux/types.h>

static inline bool is_kdump_kernel(void)
{
	return false;
}

#endif /* _LINUX_CRASH_DUMP_H */
