// SPDX-License-Identifier: GPL-2.0
/*
 * The table of host functions, and crossing between the kernel and the host.
 *
 * None of these functions is told which machine it serves: there is one that runs in
 * each thread of the host.
 */

#include <string.h>

#include "check.h"
#include "execution.h"
#include "journal.h"
#include "memstate.h"
#include "points.h"
#include "race/race.h"

static _Thread_local struct machine *running;

void execution_enter(struct machine *machine)
{
	running = machine;
	if (machine)
		crash_watch();
}

struct machine *execution_current(void)
{
	return running;
}

/* A frame holds the caller's frame pointer and, above it, the return address. */
static bool next_frame(const struct fiber *fiber, const void *const **frame)
{
	const void *const *up = (*frame)[0];

	if (up <= *frame || (uintptr_t)up % sizeof(void *) || !fiber ||
	    !fiber_holds(fiber, up) || !fiber_holds(fiber, up + 1))
		return false;
	*frame = up;
	return true;
}

/* Return addresses point behind the call: one byte less is inside it. */
static bool add_call(const struct machine *machine, struct call_path *path, const void *pc)
{
	uintptr_t address = (uintptr_t)pc - 1;

	if (!kernel_holds_text(machine->now, address) || path->nr == CALL_PATH_MAX)
		return false;
	path->offset[path->nr++] = address - machine->now->base;
	return true;
}

void execution_path_on(const struct machine *machine, struct call_path *path,
		       const struct fiber *fiber, const void *pc, const void *frame)
{
	const void *const *at = frame;

	path->image = machine->now->image;
	path->nr = 0;
	add_call(machine, path, pc);
	if (!fiber || !fiber_holds(fiber, at) || !fiber_holds(fiber, at + 1) ||
	    (uintptr_t)at % sizeof(void *))
		return;
	while (add_call(machine, path, at[1]) && next_frame(fiber, &at))
		;
}

void execution_path(const struct machine *machine, struct call_path *path, const void *pc,
		    const void *frame)
{
	execution_path_on(machine, path, machine->fiber, pc, frame);
}

void execution_sleeping_path(const struct machine *machine, struct call_path *path,
			     const struct machine_thread *thread)
{
	const void *const *at = fiber_frame(thread->fiber);

	/* The innermost frames are the scheduler's own. */
	path->image = machine->now->image;
	path->nr = 0;
	while (fiber_holds(thread->fiber, at) && fiber_holds(thread->fiber, at + 1)) {
		if (!add_call(machine, path, at[1]) && path->nr)
			break;
		if (at[0] <= (const void *)at)
			break;
		at = at[0];
	}
}

void execution_violation(struct machine *machine, const char *property,
			 const struct call_path *where, const struct call_path *other,
			 const char *format, ...)
{
	g_autofree char *where_text = where ? call_path_text(where) : NULL;
	g_autofree char *other_text = other ? call_path_text(other) : NULL;
	g_autofree char *seen = NULL;
	va_list args;

	va_start(args, format);
	seen = g_strdup_vprintf(format, args);
	va_end(args);
	verdict_add(machine->verdict, property, machine->boots, where_text, other_text, "%s",
		    seen);
}

#define SAVE(member)	journal_save(&(member), sizeof(member))

/* Who watches for a kernel that hangs must never see the same @progress twice: it stays. */
void execution_save(struct machine *machine)
{
	SAVE(machine->state);
	SAVE(machine->boots);
	SAVE(machine->handover);
	SAVE(machine->now);
	SAVE(machine->old);
	SAVE(machine->idle_task);
	SAVE(machine->host);
	SAVE(machine->fiber);
	SAVE(machine->current);
	SAVE(machine->live);
	SAVE(machine->runnable);
	SAVE(machine->concurrent);
	SAVE(machine->together);
	SAVE(machine->spawned);
	SAVE(machine->driven);
	SAVE(machine->slots);
	SAVE(machine->slots_used);
	SAVE(machine->crash);
	SAVE(machine->may_panic);
	SAVE(machine->in_kernel);
	SAVE(machine->in_host);
	SAVE(machine->site);
	SAVE(machine->site_frame);
	for (unsigned int i = 0; i < machine->threads->len; i++)
		journal_save(g_ptr_array_index(machine->threads, i),
			     sizeof(struct machine_thread));
}

/* Where the kernel has its own is in memory; @name and whether they are @gone is not. */
static void put_in_processes(const struct machine *machine, struct digest *digest)
{
	digest_word(digest, machine->processes->len);
	for (unsigned int i = 0; i < machine->processes->len; i++) {
		const struct machine_process *process = g_ptr_array_index(machine->processes, i);

		digest_text(digest, process->name);
		digest_pointer(digest, process->process);
		digest_pointer(digest, process->leader);
		digest_word(digest, process->gone);
	}
}

static void put_in_running(const struct machine *machine, struct digest *digest)
{
	digest_pointer(digest, machine->idle_task);
	digest_text(digest, machine->log->str);
	put_in_processes(machine, digest);
	physmem_digest(&machine->mem, digest);
}

/* What the handover leads to is in memory. */
static void put_in_handover(const struct handover *handover, struct digest *digest)
{
	digest_word(digest, handover->fdt);
	digest_word(digest, handover->fdt_len);
	digest_word(digest, handover->scratch);
	digest_word(digest, handover->scratch_len);
	digest_text(digest, handover->flaw);
}

bool execution_digest(const struct machine *machine, bool left, struct digest *digest)
{
	if (machine->state != (left ? STATE_JUMPED : STATE_UP) || machine->crash.signal ||
	    (machine->live && !left))
		return false;
	digest_word(digest, left);
	digest_word(digest, machine->boots);
	digest_word(digest, machine->may_panic);
	if (left)
		put_in_handover(&machine->handover, digest);
	else
		put_in_running(machine, digest);
	verdict_digest(machine->verdict, digest);
	return check_digest(machine, left, digest);
}

/* A call without a task. */

struct service {
	struct machine *machine;
	void (*fn)(void *arg);
	void *arg;
};

static void service_main(void *data)
{
	struct service *service = data;
	struct machine *machine = service->machine;
	struct fiber *fiber = machine->fiber;

	service->fn(service->arg);
	fiber_release(fiber);
	fiber_switch(fiber, &machine->host);
}

bool execution_call(struct machine *machine, void (*fn)(void *arg), void *arg)
{
	struct service service = { .machine = machine, .fn = fn, .arg = arg };

	if (machine->fiber) {
		fn(arg);
		return true;
	}
	if (machine->idle_task)
		*machine->now->entry->current_task = machine->idle_task;
	machine->in_kernel = true;
	machine->progress++;
	machine->fiber = fiber_new(&machine->fibers, service_main, &service);
	fiber_switch(&machine->host, machine->fiber);
	machine->fiber = NULL;
	machine->in_kernel = false;
	execution_ended(machine);
	return machine->state == STATE_UP;
}

void execution_leave(struct machine *machine, enum machine_state state)
{
	machine->state = state;
	fiber_switch(machine->fiber, &machine->host);
	g_assert_not_reached();
}

void execution_ended(struct machine *machine)
{
	machine->in_host = 0;
	if (machine->state == STATE_STOPPED && machine->crash.signal)
		crash_report(machine);
	machine->crash.signal = 0;
}

/* Host functions. */

static unsigned int op_choose(enum host_choice kind, unsigned int n)
{
	return scheduler_choose(running, kind, n);
}

/* The image keeps frame pointers, so our own frame leads to that of our caller. */
#define NOTE_STAND(thread)								\
	do {										\
		if (thread) {								\
			(thread)->site = __builtin_return_address(0);			\
			(thread)->frame = *(void **)__builtin_frame_address(0);		\
		}									\
	} while (0)

static void op_point(enum host_op op, const volatile void *object)
{
	NOTE_STAND(running->current);
	scheduler_point(running, op, object);
}

static void op_block(const volatile void *object, const char *what)
{
	NOTE_STAND(running->current);
	scheduler_block(running, object, what);
}

static void op_wake(const volatile void *object)
{
	scheduler_wake(running, object);
}

#define NOTE_SITE(machine)								\
	do {										\
		(machine)->progress++;							\
		(machine)->site = __builtin_return_address(0);				\
		(machine)->site_frame = *(void **)__builtin_frame_address(0);		\
	} while (0)

static void op_event(const struct host_event *event)
{
	NOTE_SITE(running);
	running->in_host++;
	check_event(running, event);
	running->in_host--;
}

static void op_console(int level, const char *text, host_size len)
{
	char line[1024];

	running->in_host++;
	while (len) {
		const char *end = memchr(text, '\n', len);
		host_size n = end ? (host_size)(end - text) : len;

		memcpy(line, text, MIN(n, sizeof(line) - 1));
		line[MIN(n, sizeof(line) - 1)] = '\0';
		journal_text(running->log, running->log->len);
		g_string_append(running->log, line);
		g_string_append_c(running->log, '\n');
		if (running->console)
			running->console(running->console_ctx, level, line);
		n += end ? 1 : 0;
		text += n;
		len -= n;
	}
	running->in_host--;
}

static const char *stop_property(enum host_stop why)
{
	switch (why) {
	case HOST_STOP_BUG:
		return "K-BUG";
	case HOST_STOP_PANIC:
		return "K-PANIC";
	case HOST_STOP_TEST:
		return "K-TEST";
	case HOST_STOP_LIMIT:
		return "K-LIMIT";
	case HOST_STOP_CHECK:
		break;
	}
	return "K-CHECK";
}

static __attribute__((noreturn)) void op_stop(enum host_stop why, const char *file, int line,
					      const char *text)
{
	struct machine *machine = running;
	struct call_path path;
	char *where;

	NOTE_SITE(machine);
	machine->in_host++;
	if (why == HOST_STOP_PANIC && machine->may_panic) {
		journal_string(&machine->panic, g_strdup(text));
		execution_leave(machine, STATE_STOPPED);
	}
	check_here(machine, &path);
	where = file ? call_path_text_from(&path, file, line) : call_path_text(&path);
	verdict_add(machine->verdict, stop_property(why), machine->boots, where, NULL, "%s",
		    text ? text : "no reason given");
	g_free(where);
	execution_leave(machine, STATE_STOPPED);
}

static __attribute__((noreturn)) void op_kexec(host_u64 fdt_phys, host_u64 fdt_len,
					       host_u64 scratch_phys,
					       host_u64 scratch_len)
{
	/* Until now other threads could do something. */
	NOTE_STAND(running->current);
	scheduler_point(running, HOST_OP_HALT, NULL);
	running->handover.fdt = fdt_phys;
	running->handover.fdt_len = fdt_len;
	running->handover.scratch = scratch_phys;
	running->handover.scratch_len = scratch_len;
	execution_leave(running, STATE_JUMPED);
}

static int op_vmap(unsigned long vaddr, host_u64 phys, host_size len)
{
	return physmem_vmap(&running->mem, vaddr, phys, len);
}

static void op_vunmap(unsigned long vaddr, host_size len)
{
	physmem_vunmap(&running->mem, vaddr, len);
}

static void op_signal(void *task)
{
	scheduler_signal(running, task);
}

static __attribute__((noreturn)) void op_exit(void)
{
	scheduler_exit(running);
}

static void op_zero(host_u64 phys, host_size len)
{
	undo_note(running->undo, (uintptr_t)physmem_at(&running->mem, phys), len);
	physmem_zero(&running->mem, phys, len);
}

static void op_log(void)
{
	race_stands(running->race);
}

static void op_undo(host_u64 addr, host_size size)
{
	undo_note(running->undo, addr, size);
}

/* The frame is that of a hook: above it is where the access is done. */
static host_size op_touch(const volatile void *address, host_size size, unsigned int how,
			  const void *frame)
{
	struct machine_thread *thread = running->current;

	if (thread) {
		thread->site = ((const void *const *)frame)[1];
		thread->frame = ((const void *const *)frame)[0];
	}
	return points_touch(running, address, size, how);
}

static int op_spawn(void *task, void (*fn)(void *arg), void *arg, const volatile void *object,
		    const char *name)
{
	NOTE_STAND(running->current);
	return scheduler_spawn(running, task, fn, arg, object, name);
}

static struct host_ops ops = {
	.abi = HOST_ABI_VERSION,
	.choose = op_choose,
	.point = op_point,
	.block = op_block,
	.wake = op_wake,
	.event = op_event,
	.console = op_console,
	.stop = op_stop,
	.kexec = op_kexec,
	.vmap = op_vmap,
	.vunmap = op_vunmap,
	.signal = op_signal,
	.exit = op_exit,
	.zero = op_zero,
	.log = op_log,
	.undo = op_undo,
	.touch = op_touch,
	.spawn = op_spawn,
};

const struct host_ops *execution_ops(void)
{
	ops.mem_state = memstate_watched() ? memstate_set : NULL;
	return &ops;
}
