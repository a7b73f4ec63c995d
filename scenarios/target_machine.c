// SPDX-License-Identifier: GPL-2.0
/* A simulated machine, as the interpreter wants it. */

#include <model/machine.h>
#include <model/state.h>
#include <model/tamper.h>

#include "target.h"

static enum scn_target_end end_of(enum machine_end end)
{
	switch (end) {
	case MACHINE_DONE:
		return SCN_TARGET_DONE;
	case MACHINE_KEXEC:
		return SCN_TARGET_KEXEC;
	default:
		return SCN_TARGET_STOPPED;
	}
}

static bool target_boot(void *ctx, bool first)
{
	(void)first;	/* the machine knows how its last kernel ended */
	return machine_boot(ctx);
}

static void *target_process(void *ctx, const char *name)
{
	return machine_process(ctx, name);
}

static int target_pid(void *ctx, void *process)
{
	return machine_process_pid(ctx, process);
}

static bool target_connect(void *ctx, void *a, void *b, int fd[2])
{
	return machine_connect(ctx, a, b, fd);
}

static bool target_spawn(void *ctx, void *process, const char *name, void (*body)(void *arg),
			 void *arg)
{
	return machine_spawn(ctx, process, name, body, arg);
}

static enum scn_target_end target_run(void *ctx)
{
	return end_of(machine_run(ctx));
}

static void target_may_panic(void *ctx, bool may)
{
	machine_may_panic(ctx, may);
}

static const char *target_panic(void *ctx)
{
	return machine_panic(ctx);
}

static bool target_tamper(void *ctx, const struct tamper *tamper, GError **error)
{
	return tamper_apply(ctx, tamper, error);
}

static unsigned int target_log(void *ctx, const char *text)
{
	return machine_log_count(ctx, text);
}

static enum scn_target_end target_close(void *ctx)
{
	enum machine_end end = machine_exit_all(ctx);

	if (end == MACHINE_DONE)
		machine_check_end(ctx);
	return end_of(end);
}

static void *target_user(void *ctx, size_t size)
{
	machine_user_touch(ctx, size);
	return machine_user(ctx);
}

static long target_syscall(void *ctx, long nr, const uint64_t args[6])
{
	return machine_syscall(ctx, nr, args[0], args[1], args[2], args[3], args[4], args[5]);
}

static int target_access(void *ctx, uint64_t addr, void *buf, size_t len, bool write)
{
	return machine_image(ctx)->user_access(addr, buf, len, write);
}

static int target_vcpu_access(void *ctx, int fd, uint64_t gpa, void *buf, size_t len, bool write,
			      enum scn_vcpu_exit *exit)
{
	enum host_vcpu_exit how = HOST_VCPU_DONE;
	int ret = machine_image(ctx)->vcpu_access(fd, gpa, buf, len, write, &how);

	*exit = how == HOST_VCPU_MEMORY_FAULT ? SCN_VCPU_MEMORY_FAULT :
		how == HOST_VCPU_MMIO ? SCN_VCPU_MMIO : SCN_VCPU_DONE;
	return ret;
}

static bool target_state(void *ctx, struct state *state)
{
	return state_take(state, ctx, 0);
}

void scn_machine_target(struct scn_target *target, struct machine *machine)
{
	*target = (struct scn_target){
		.ctx = machine,
		.user_size = MACHINE_USER_SIZE,
		.boot = target_boot,
		.process = target_process,
		.pid = target_pid,
		.connect = target_connect,
		.spawn = target_spawn,
		.run = target_run,
		.may_panic = target_may_panic,
		.panic = target_panic,
		.tamper = target_tamper,
		.log = target_log,
		.close = target_close,
		.user = target_user,
		.syscall = target_syscall,
		.access = target_access,
		.vcpu_access = target_vcpu_access,
		.state = target_state,
	};
}
