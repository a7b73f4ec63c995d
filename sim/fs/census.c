// SPDX-License-Identifier: GPL-2.0
/* What the VFS has in use, for the checkers. */

#include <sim/sim.h>

#include "internal.h"

void vfs_census(void (*item)(void *ctx, const char *name, host_u64 value,
			     enum host_census rule), void *ctx);

/** vfs_census() - open files, and inodes beyond those of a freshly booted kernel. */
void vfs_census(void (*item)(void *ctx, const char *name, host_u64 value,
			     enum host_census rule), void *ctx)
{
	item(ctx, "open files", vfs_counters.files, HOST_CENSUS_EQUAL);
	item(ctx, "inodes", vfs_counters.inodes, HOST_CENSUS_EQUAL);
	item(ctx, "dentries", vfs_counters.dentries, HOST_CENSUS_EQUAL);
	item(ctx, "mounts", vfs_counters.mounts, HOST_CENSUS_EQUAL);
}
