// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel code that never comes to an end becomes a violation.
 *
 * A timer ticks with the processor time of the thread. If nothing at all has happened
 * between many ticks - no system call, no event, no switch -, and each time it was
 * kernel code that ran, that code loops. Where in the loop a tick strikes is chance, so
 * what is reported is only what all ticks agree on: the calls that led into it.
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "execution.h"
#include "instrument.h"

#define TICK_NS		250000000L
#define TICKS_MAX	8u
/* How much longer everything takes there. */
#define VALGRIND_FACTOR	5u

struct watch {
	timer_t timer;
	unsigned int ticks;
	unsigned long progress;
	struct call_path path;
};

static void watch_free(void *data)
{
	struct watch *watch = data;

	timer_delete(watch->timer);
	g_free(watch);
}

static GPrivate watches = G_PRIVATE_INIT(watch_free);

/* Keeps the outer calls that @path has in common with @other. */
static void common_calls(struct call_path *path, const struct call_path *other)
{
	unsigned int common = 0;

	while (common < path->nr && common < other->nr &&
	       path->offset[path->nr - 1 - common] == other->offset[other->nr - 1 - common])
		common++;
	memmove(path->offset, &path->offset[path->nr - common],
		common * sizeof(path->offset[0]));
	path->nr = common;
}

static bool in_kernel_code(const struct machine *machine, const mcontext_t *context)
{
	return machine && machine->fiber && !machine->in_host &&
	       kernel_holds_text(machine->now, context->gregs[REG_RIP]);
}

static void on_tick(int signal, siginfo_t *info, void *ucontext)
{
	const mcontext_t *context = &((ucontext_t *)ucontext)->uc_mcontext;
	struct machine *machine = execution_current();
	struct watch *watch = g_private_get(&watches);
	struct call_path path;

	(void)signal;
	(void)info;
	if (!in_kernel_code(machine, context))
		return;
	execution_path(machine, &path, (const void *)(context->gregs[REG_RIP] + 1),
		       (const void *)context->gregs[REG_RBP]);
	if (watch->progress != machine->progress) {
		watch->progress = machine->progress;
		watch->ticks = 0;
		watch->path = path;
		return;
	}
	common_calls(&watch->path, &path);
	if (++watch->ticks < (RUNNING_ON_VALGRIND ? VALGRIND_FACTOR : 1) * TICKS_MAX)
		return;
	machine->progress++;
	machine->crash.path = watch->path;
	/* No fault raises this one: crash_report() knows a hang by it. */
	machine->crash.signal = SIGALRM;
	machine->state = STATE_STOPPED;
	fiber_switch(machine->fiber, &machine->host);
}

void hang_watch(void)
{
	const struct sigaction action = {
		.sa_sigaction = on_tick,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART,
	};
	const struct itimerspec tick = { { 0, TICK_NS }, { 0, TICK_NS } };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGVTALRM };
	struct watch *watch;

	if (g_private_get(&watches))
		return;
	watch = g_new0(struct watch, 1);
	g_private_set(&watches, watch);
	sigaction(SIGVTALRM, &action, NULL);
	event._sigev_un._tid = gettid();
	/* Without a timer there is no watch; nothing else depends on it. */
	if (!timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &watch->timer))
		timer_settime(watch->timer, 0, &tick, NULL);
}
