/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_SIM_H
#define _SIM_SIM_H

/* Simulated: what the simulated kernel's own code uses of the machine. */

#include <host/host.h>

extern const struct host_ops *sim_host;
extern struct host_boot sim_boot;

/* Not zero: what the allocators do under a guard of theirs is one step, see mm_guard_lock(). */
extern unsigned int sim_points_off;

/**
 * sim_point() - the current task is about to do @op to @object.
 *
 * Other tasks may run before it returns. Every operation on a lock, an atomic, a
 * refcount, an xarray, a folio flag, the page cache or RCU passes here.
 */
static inline void sim_point(enum host_op op, const volatile void *object)
{
	if (__builtin_expect(*sim_boot.concurrent, 0) && !sim_points_off)
		sim_host->point(op, object);
}

/**
 * sim_block() - sleep until sim_wake(@object). Test the condition again afterwards:
 * it may have changed back, or the wake-up may have been meant for others.
 */
static inline void sim_block(const volatile void *object, const char *what)
{
	sim_host->block(object, what);
}

static inline void sim_wake(const volatile void *object)
{
	if (__builtin_expect(*sim_boot.concurrent, 0))
		sim_host->wake(object);
}

/** sim_choose() - one of 0..@n-1, decided outside; 0 is the ordinary outcome. */
static inline unsigned int sim_choose(enum host_choice kind, unsigned int n)
{
	return sim_host->choose(kind, n);
}

/** sim_check() - the simulator's own assertion; ends the run with file, line and text. */
#define sim_check(cond, text)								\
	do {										\
		if (__builtin_expect(!(cond), 0))					\
			sim_host->stop(HOST_STOP_CHECK, __FILE__, __LINE__, (text));	\
	} while (0)

/** sim_page_event() - an event about pages, with the call path of the caller. */
#define sim_page_event(_type, _pfn, _order)						\
	sim_host->event(&(struct host_event){						\
		.type = (_type), .pfn = (_pfn), .order = (_order),			\
		.file = __FILE__, .line = __LINE__,					\
		.ip = __builtin_return_address(0), .frame = __builtin_frame_address(0) })

/** sim_value_event() - the same, with &host_event.value. */
#define sim_value_event(_type, _pfn, _order, _value)					\
	sim_host->event(&(struct host_event){						\
		.type = (_type), .pfn = (_pfn), .order = (_order), .value = (_value),	\
		.file = __FILE__, .line = __LINE__,					\
		.ip = __builtin_return_address(0), .frame = __builtin_frame_address(0) })

/* Images without hooks tell nothing: there these cost nothing. */
#ifdef SIM_HOOKS
void sim_log_note(enum host_access_kind kind, const volatile void *object, host_size size);

/* How an access is done; HOOK_OWN: see &host_access.own. */
enum { HOOK_PLAIN, HOOK_MARKED, HOOK_OWN };

void sim_log_access(const volatile void *address, host_size size, enum host_access_kind kind,
		    unsigned int how, const void *frame);
host_size sim_log_part(const volatile void *address, host_size size, enum host_access_kind kind,
		       const void *frame);
void sim_log_freeing(const volatile void *address, host_size size, const void *frame);

static inline int sim_log_on(void)
{
	return __builtin_expect(sim_boot.log && sim_boot.log->on, 0);
}
#else
static inline void sim_log_note(enum host_access_kind kind, const volatile void *object,
				host_size size)
{
}

static inline int sim_log_on(void)
{
	return 0;
}
#endif

/** sim_sync() - what the current task has just done to @object orders it and others. */
static inline void sim_sync(enum host_access_kind kind, const volatile void *object)
{
	if (sim_log_on())
		sim_log_note(kind, object, 0);
}

/** sim_mem_new() - memory was given out: nobody else has anything to do with it. */
static inline void sim_mem_new(const volatile void *addr, host_size len)
{
	if (sim_log_on())
		sim_log_note(HOST_ACCESS_NEW, addr, len);
}

/**
 * sim_mem_freeing() - memory is about to be given back: others may run before this returns.
 * The last thing to be called that they may run in.
 */
static inline void sim_mem_freeing(const volatile void *addr, host_size len)
{
#ifdef SIM_HOOKS
	if (sim_log_on())
		sim_log_freeing(addr, len, __builtin_frame_address(0));
#endif
}

/** sim_mem_free() - memory is given back: nobody else may have anything to do with it. */
static inline void sim_mem_free(const volatile void *addr, host_size len)
{
	if (sim_log_on())
		sim_log_note(HOST_ACCESS_FREE, addr, len);
}

/* Notes what is about to be overwritten; see struct host_undo. */
#ifdef SIM_STORES
void sim_undo_note(const volatile void *addr, host_size len);
/* From now on into this log. */
void sim_undo_to(struct host_undo *undo);
#else
static inline void sim_undo_to(struct host_undo *undo)
{
}

static inline void sim_undo_note(const volatile void *addr, host_size len)
{
}
#endif

/** sim_mem_touch() - the kernel will access memory in a way that is not seen by itself. */
static inline void sim_mem_touch(const volatile void *addr, host_size len, int write)
{
	if (write)
		sim_undo_note(addr, len);
#ifdef SIM_HOOKS
	if (sim_log_on())
		sim_log_access(addr, len, write ? HOST_ACCESS_WRITE : HOST_ACCESS_READ, HOOK_PLAIN,
			       __builtin_frame_address(0));
#endif
}

/** sim_races_exempt() - the current task's accesses are not looked at, or are again. */
static inline void sim_races_exempt(int n)
{
#ifdef SIM_HOOKS
	__asm__ __volatile__("" : : : "memory");
	if (sim_log_on())
		sim_boot.log->exempt += n;
	__asm__ __volatile__("" : : : "memory");
#endif
}

static inline void sim_mem_state(void *addr, host_size len, enum host_mem state)
{
	if (sim_host->mem_state)
		sim_host->mem_state(addr, len, state);
}

/** SIM_ZERO_MIN - from so many bytes on sim_zero() is better than memset(). */
#define SIM_ZERO_MIN	(64UL << 10)

/** sim_zero() - make whole pages in the direct map zero. */
static inline void sim_zero(void *addr, host_size len)
{
	sim_host->zero((host_u64)((char *)addr - (char *)sim_boot.direct_map), len);
	sim_mem_state(addr, len, HOST_MEM_DEFINED);
}

#endif /* _SIM_SIM_H */
