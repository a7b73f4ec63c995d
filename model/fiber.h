/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_FIBER_H
#define _MODEL_FIBER_H

/**
 * DOC: Fibers
 *
 * A fiber is a function on a stack of its own that gives the processor away only by
 * fiber_switch(). Stacks are pooled: starting a fiber costs no system call once as
 * many have run before. Below each stack lies a page that nobody may touch, so an
 * overflow faults instead of running into the neighbour.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FIBER_STACK_SIZE	(256u << 10)

/**
 * struct fiber - where one stack stands while it doesn't run.
 * @sp:    saved stack pointer
 * @stack: lowest byte of the stack above the guard page
 * @size:  bytes of it
 * @entry: what it runs
 * @arg:   its argument
 * @fake:  AddressSanitizer's own record
 * @idle:  in the pool, not in use
 * @valgrind_id: Valgrind's name for the stack
 */
struct fiber {
	void *sp;
	char *stack;
	size_t size;
	void (*entry)(void *arg);
	void *arg;
	void *fake;
	bool idle;
	unsigned int valgrind_id;
};

struct fiber_pool {
	GPtrArray *all;
};

/** fiber_init_host() - describe the stack that the caller runs on. */
void fiber_init_host(struct fiber *host);

void fiber_pool_init(struct fiber_pool *pool);
void fiber_pool_destroy(struct fiber_pool *pool);

/**
 * fiber_pool_reset() - every fiber of @pool vanishes without unwinding.
 *
 * Not to be called on one of them.
 */
void fiber_pool_reset(struct fiber_pool *pool);

/** fiber_new() - a fiber that runs @entry(@arg) when first switched to. @entry never returns. */
struct fiber *fiber_new(struct fiber_pool *pool, void (*entry)(void *arg), void *arg);

/** fiber_release() - back to the pool; not for the fiber that runs. */
void fiber_release(struct fiber *fiber);

/**
 * fiber_switch() - @from, which runs, goes to sleep and @to goes on.
 *
 * A signal handler may leave a fiber that way, if that never goes on.
 */
void fiber_switch(struct fiber *from, struct fiber *to);

/** fiber_frame() - saved frame pointer of a fiber that sleeps. */
const void *fiber_frame(const struct fiber *fiber);

/** fiber_holds() - whether @address lies on the stack of @fiber. */
static inline bool fiber_holds(const struct fiber *fiber, const void *address)
{
	return (uintptr_t)address - (uintptr_t)fiber->stack < fiber->size;
}

#endif /* _MODEL_FIBER_H */
