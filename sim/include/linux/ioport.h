/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_IOPORT_H
#define _LINUX_IOPORT_H

/*
 * Stub: there is no tree of resources; a struct resource is what the walks of free memory
 * hand to their callbacks.
 */

#include <linux/types.h>

struct resource {
	resource_size_t start;
	resource_size_t end;
	const char *name;
	unsigned long flags;
	unsigned long desc;
};

#endif /* _LINUX_IOPORT_H */
