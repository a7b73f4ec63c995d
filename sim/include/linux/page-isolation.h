/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_PAGEISOLATION_H
#define __LINUX_PAGEISOLATION_H

/* Stub: no migrate types, so no block is ever isolated and none needs a type. */

#include <linux/mmzone.h>

static inline bool is_migrate_isolate(int migratetype)
{
	return false;
}

#endif /* __LINUX_PAGEISOLATION_H */
