// SPDX-License-Identifier: GPL-2.0
/*
 * What exists in this kernel, counted, so that the machine can see after the last close
 * whether anything was left behind.
 */

#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "../kernel/module.h"
#include "../kernel/task.h"
#include "init.h"

/**
 * sim_census() - call @item for each counter, always in the same order.
 * @item: told the name, the value, and how it is judged
 * @ctx:  passed on
 */
void sim_census(void (*item)(void *ctx, const char *name, host_u64 value, enum host_census rule),
		void *ctx)
{
	item(ctx, "tasks", tasks_count(), HOST_CENSUS_EQUAL);
	item(ctx, "locks held", sim_locks_held(), HOST_CENSUS_ZERO);
	item(ctx, "RCU callbacks", rcu_callbacks_pending(), HOST_CENSUS_ZERO);
	/* Without the pins of files that the previous kernel left and nobody asked for. */
	item(ctx, "module references", modules_references() - luo_incoming_pins(),
	     HOST_CENSUS_EQUAL);
	mm_census(item, ctx);
	vfs_census(item, ctx);
	kho_census(item, ctx);
	luo_census(item, ctx);
	kvm_census(item, ctx);
}
