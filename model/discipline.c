// SPDX-License-Identifier: GPL-2.0
/*
 * Whether kernel code sleeps and wakes where whoever tries orders can see it: struct host_ops
 * says what is asked of it.
 */

#include "execution.h"
#include "ops.h"

/*
 * Of those that commute: what the last to go may wake others with; and what a lock is waited for
 * by, where the first reader who gets it lets others in.
 */
#define LEAVING		(OP_BIT(HOST_OP_RELEASE_SHARED) | OP_BIT(HOST_OP_RCU_UNLOCK))
#define ENTERING	(OP_BIT(HOST_OP_ACQUIRE_SHARED) | OP_BIT(HOST_OP_TRY_SHARED))

static const char *const op_names[HOST_OP_KINDS] = {
	[HOST_OP_READ] = "READ", [HOST_OP_WRITE] = "WRITE", [HOST_OP_RMW] = "RMW",
	[HOST_OP_ACQUIRE] = "ACQUIRE", [HOST_OP_ACQUIRE_SHARED] = "ACQUIRE_SHARED",
	[HOST_OP_TRY] = "TRY", [HOST_OP_TRY_SHARED] = "TRY_SHARED",
	[HOST_OP_RELEASE] = "RELEASE", [HOST_OP_RELEASE_SHARED] = "RELEASE_SHARED",
	[HOST_OP_RCU_LOCK] = "RCU_LOCK", [HOST_OP_RCU_UNLOCK] = "RCU_UNLOCK",
	[HOST_OP_RCU_SYNC] = "RCU_SYNC", [HOST_OP_WAKE] = "WAKE", [HOST_OP_WAIT] = "WAIT",
	[HOST_OP_LOCKED] = "LOCKED", [HOST_OP_DOWNGRADE] = "DOWNGRADE", [HOST_OP_HALT] = "HALT",
};

static void violated(struct machine *machine, const struct machine_thread *thread,
		     const volatile void *object, const char *what)
{
	struct call_path path;

	execution_path(machine, &path, thread->site, thread->frame);
	execution_violation(machine, "K-CHECK", &path, NULL, "%s %s in a step %s: %s", thread->name,
			    what, thread->object == object ? "on that object" :
			    "on another object", op_names[thread->op]);
	execution_leave(machine, STATE_STOPPED);
}

static bool steps_on(const struct machine_thread *thread, const volatile void *object,
		     unsigned int except)
{
	return thread->object == object && !(OP_BIT(thread->op) & OPS_COMMUTING & ~except);
}

void discipline_block(struct machine *machine, const volatile void *object)
{
	const struct machine_thread *thread = machine->current;

	if (thread->expects != object && !steps_on(thread, object, ENTERING))
		violated(machine, thread, object, "sleeps");
}

void discipline_wake(struct machine *machine, const volatile void *object)
{
	const struct machine_thread *thread = machine->current;

	if (thread && !steps_on(thread, object, LEAVING | ENTERING))
		violated(machine, thread, object, "wakes others");
}
