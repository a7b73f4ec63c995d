// SPDX-License-Identifier: GPL-2.0
/*
 * Fibers and the pool of their stacks.
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fiber.h"
#include "instrument.h"
#include "must.h"

/*
 * As fiber_switch_stack() leaves it on a sleeping stack, lowest address first. Once
 * a new fiber's is popped, the stack pointer is aligned for the call in fiber_start.
 */
struct saved_frame {
	uint64_t r15, r14, r13, r12, rbx, rbp;
	void *ip;
};

void fiber_switch_stack(void **save, void *load);
void fiber_start(void);

static size_t guard_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

void fiber_init_host(struct fiber *host)
{
	pthread_attr_t attr;
	void *stack = NULL;

	must(!pthread_getattr_np(pthread_self(), &attr) &&
	     !pthread_attr_getstack(&attr, &stack, &host->size), "finding the stack");
	host->stack = stack;
	pthread_attr_destroy(&attr);
}

static void asan_enter(struct fiber *to, void **fake)
{
#if MODEL_ASAN
	__sanitizer_start_switch_fiber(fake, to->stack, to->size);
#else
	(void)to;
	(void)fake;
#endif
}

static void asan_entered(void *fake)
{
#if MODEL_ASAN
	__sanitizer_finish_switch_fiber(fake, NULL, NULL);
#else
	(void)fake;
#endif
}

void fiber_main(struct fiber *fiber);
void fiber_main(struct fiber *fiber)
{
	asan_entered(NULL);
	fiber->entry(fiber->arg);
	g_assert_not_reached();
}

static struct fiber *fiber_create(void)
{
	struct fiber *fiber = g_new0(struct fiber, 1);
	char *map = mmap(NULL, guard_size() + FIBER_STACK_SIZE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

	must(map != MAP_FAILED && !mprotect(map, guard_size(), PROT_NONE),
	     "making the stack of a fiber");
	fiber->stack = map + guard_size();
	fiber->size = FIBER_STACK_SIZE;
	fiber->valgrind_id = VALGRIND_STACK_REGISTER(fiber->stack, fiber->stack + fiber->size);
	return fiber;
}

static void fiber_destroy(void *data)
{
	struct fiber *fiber = data;

	VALGRIND_STACK_DEREGISTER(fiber->valgrind_id);
	munmap(fiber->stack - guard_size(), guard_size() + fiber->size);
	g_free(fiber);
}

void fiber_pool_init(struct fiber_pool *pool)
{
	pool->all = g_ptr_array_new_with_free_func(fiber_destroy);
}

void fiber_pool_destroy(struct fiber_pool *pool)
{
	g_ptr_array_free(pool->all, TRUE);
}

void fiber_pool_reset(struct fiber_pool *pool)
{
	for (unsigned int i = 0; i < pool->all->len; i++)
		fiber_release(g_ptr_array_index(pool->all, i));
}

static struct fiber *fiber_get(struct fiber_pool *pool)
{
	struct fiber *fiber;

	for (unsigned int i = 0; i < pool->all->len; i++) {
		fiber = g_ptr_array_index(pool->all, i);
		if (fiber->idle)
			return fiber;
	}
	fiber = fiber_create();
	g_ptr_array_add(pool->all, fiber);
	return fiber;
}

struct fiber *fiber_new(struct fiber_pool *pool, void (*entry)(void *arg), void *arg)
{
	struct fiber *fiber = fiber_get(pool);
	struct saved_frame *frame;

#if MODEL_ASAN
	/* The last user may have vanished in the middle of a call, red zones and all. */
	ASAN_UNPOISON_MEMORY_REGION(fiber->stack, fiber->size);
#endif
	fiber->idle = false;
	fiber->entry = entry;
	fiber->arg = arg;
	fiber->fake = NULL;
	frame = (struct saved_frame *)(fiber->stack + fiber->size - 16) - 1;
	*frame = (struct saved_frame){ .rbx = (uintptr_t)fiber, .ip = (void *)fiber_start };
	fiber->sp = frame;
	return fiber;
}

void fiber_release(struct fiber *fiber)
{
	fiber->idle = true;
}

void fiber_switch(struct fiber *from, struct fiber *to)
{
	asan_enter(to, &from->fake);
	fiber_switch_stack(&from->sp, to->sp);
	asan_entered(from->fake);
}

const void *fiber_frame(const struct fiber *fiber)
{
	return (const void *)((const struct saved_frame *)fiber->sp)->rbp;
}
