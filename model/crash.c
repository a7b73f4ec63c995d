// SPDX-License-Identifier: GPL-2.0
/*
 * Faults in kernel code become violations.
 *
 * A kernel that follows a pointer into the kernel before it, or into nowhere, takes
 * SIGSEGV or SIGBUS in this process. The handler notes what happened, and leaves for
 * the host's stack instead of returning (so signals must not stay blocked while it
 * runs). A fault in the host's own code is not ours: it gets what it would have got
 * without us.
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "execution.h"
#include "instrument.h"
#include "must.h"
#include "snapshot.h"

#define SIGNAL_STACK_SIZE	(64u << 10)

static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };

/* Whose the signals were before: AddressSanitizer's, a fuzzer's, or nobody's. */
static struct sigaction before[G_N_ELEMENTS(signals)];

/* A poisoned word, possibly with an offset added. */
static bool looks_poisoned(unsigned long word)
{
	return word >> 32 == PHYSMEM_POISON_WORD >> 32;
}

static bool registers_poisoned(const mcontext_t *context)
{
	for (int reg = REG_R8; reg <= REG_RCX; reg++) {
		if (looks_poisoned(context->gregs[reg]))
			return true;
	}
	return false;
}

/* The C library's functions keep no frames; what called one is on top of the stack. */
static void crash_path(struct machine *machine, const mcontext_t *context)
{
	const void *const *top = (const void *const *)context->gregs[REG_RSP];
	uintptr_t pc = context->gregs[REG_RIP];
	const void *frame = (const void *)context->gregs[REG_RBP];

	if (!kernel_holds_text(machine->now, pc) && fiber_holds(machine->fiber, top))
		pc = (uintptr_t)*top - 1;
	execution_path(machine, &machine->crash.path, (const void *)(pc + 1), frame);
}

static bool crash_is_ours(const struct machine *machine, const mcontext_t *context)
{
	const void *const *top = (const void *const *)context->gregs[REG_RSP];

	if (!machine || !machine->fiber || machine->in_host)
		return false;
	if (machine->current ? machine->current->in_kernel : machine->in_kernel)
		return true;
	return kernel_holds_text(machine->now, context->gregs[REG_RIP]) ||
	       (fiber_holds(machine->fiber, top) &&
		kernel_holds_text(machine->now, (uintptr_t)*top));
}

static void crash_note(struct machine *machine, int signal, const siginfo_t *info,
		       const mcontext_t *context)
{
	struct crash *crash = &machine->crash;
	uintptr_t guard = (uintptr_t)machine->fiber->stack;

	crash->signal = signal;
	crash->address = (unsigned long)info->si_addr;
	crash->no_address = info->si_code == SI_KERNEL;
	crash->poison = looks_poisoned(crash->address) ||
			(crash->no_address && registers_poisoned(context));
	crash->stack_overflow = crash->address < guard && crash->address >= guard - 4096;
	crash_path(machine, context);
}

/* The instruction faults again, and is then its former owner's. */
static void give_back(int signal)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(signals); i++)
		if (signals[i] == signal)
			sigaction(signal, &before[i], NULL);
}

static void on_fault(int signal, siginfo_t *info, void *ucontext)
{
	struct machine *machine = execution_current();
	ucontext_t *uc = ucontext;

	if (signal == SIGSEGV && snapshot_fault(info->si_addr))
		return;
	if (!crash_is_ours(machine, &uc->uc_mcontext)) {
		give_back(signal);
		return;
	}
	crash_note(machine, signal, info, &uc->uc_mcontext);
	machine->state = STATE_STOPPED;
	fiber_switch(machine->fiber, &machine->host);
}

static void free_signal_stack(void *stack)
{
	stack_t off = { .ss_flags = SS_DISABLE };

	sigaltstack(&off, NULL);
	munmap(stack, SIGNAL_STACK_SIZE);
}

static GPrivate signal_stack = G_PRIVATE_INIT(free_signal_stack);

static void make_signal_stack(void)
{
	stack_t stack = { .ss_size = SIGNAL_STACK_SIZE };

	stack.ss_sp = mmap(NULL, SIGNAL_STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(stack.ss_sp != MAP_FAILED && !sigaltstack(&stack, NULL),
	     "making a stack for signal handlers");
	g_private_set(&signal_stack, stack.ss_sp);
	hang_watch();
}

void crash_watch(void)
{
	const struct sigaction action = {
		.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
	};
	struct sigaction now;

	if (!g_private_get(&signal_stack))
		make_signal_stack();
	/* Somebody else (a test library) may have taken them over since the last time. */
	sigaction(signals[0], NULL, &now);
	if (now.sa_sigaction == on_fault)
		return;
	for (unsigned int i = 0; i < G_N_ELEMENTS(signals); i++) {
		sigaction(signals[i], &action, &now);
		if (now.sa_sigaction != on_fault)
			before[i] = now;
	}
}

/* Which part of the old kernel an address leads into, or NULL. */
static const char *old_part(const struct machine *machine, unsigned long address)
{
	switch (physmem_classify(&machine->mem, !machine->mem.place, address)) {
	case PHYSMEM_DIRECT:
		return "the direct map of an earlier kernel";
	case PHYSMEM_VMALLOC:
		return "the vmalloc range of an earlier kernel";
	case PHYSMEM_NONE:
		break;
	}
	for (unsigned int i = 0; i < G_N_ELEMENTS(machine->kernels); i++) {
		const struct kernel *kernel = machine->kernels[i];

		if (kernel && kernel != machine->now && kernel_holds(kernel, address))
			return "the statics of an earlier kernel";
	}
	return NULL;
}

static const char *crash_text(const struct machine *machine, const struct crash *crash)
{
	if (crash->stack_overflow)
		return "the kernel stack overflowed";
	if (crash->signal == SIGFPE)
		return "an arithmetic exception in kernel code";
	if (crash->signal == SIGILL)
		return "an illegal instruction in kernel code";
	if (crash->poison)
		return "a pointer read from memory that was not preserved was dereferenced";
	if (physmem_classify(&machine->mem, machine->mem.place, crash->address) ==
	    PHYSMEM_DIRECT && !crash->no_address)
		return "an access beyond the end of physical memory";
	if (physmem_classify(&machine->mem, machine->mem.place, crash->address) ==
	    PHYSMEM_VMALLOC && !crash->no_address)
		return "an access to the vmalloc range where nothing is mapped";
	if (!crash->no_address && crash->address < 4096)
		return "a NULL pointer was dereferenced";
	return "a pointer to nowhere was dereferenced";
}

/* The handler never returned: its frames are still marked as such. */
static void crash_signal_stack_left(void)
{
#if MODEL_ASAN
	ASAN_UNPOISON_MEMORY_REGION(g_private_get(&signal_stack), SIGNAL_STACK_SIZE);
#endif
}

void crash_report(struct machine *machine)
{
	const struct crash *crash = &machine->crash;
	const char *part = crash->no_address ? NULL : old_part(machine, crash->address);

	crash_signal_stack_left();
	if (crash->signal == SIGALRM)
		execution_violation(machine, "K-HANG", &crash->path, NULL,
				    "kernel code loops, called from here");
	else if (part)
		execution_violation(machine, "P-42", &crash->path, NULL,
				    "a pointer into the old kernel was dereferenced: it leads "
				    "into %s", part);
	else
		execution_violation(machine, "K-CRASH", &crash->path, NULL, "%s",
				    crash_text(machine, crash));
}
