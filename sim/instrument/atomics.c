// SPDX-License-Identifier: GPL-2.0
/*
 * Atomic builtins of an image with hooks: the compiler leaves them to the runtime. They are done
 * here, told as marked accesses, and order what their memory order says. The code of the kernel has
 * no such builtins, only what stands for its atomics does.
 */

#include <linux/types.h>
#include <sim/sim.h>

#include "hooks.h"

static enum host_access_kind load_kind(int order)
{
	return order == __ATOMIC_RELAXED ? HOST_SYNC_LOAD : HOST_SYNC_LOAD_ACQUIRE;
}

static enum host_access_kind store_kind(int order)
{
	return order == __ATOMIC_RELAXED ? HOST_SYNC_STORE : HOST_SYNC_STORE_RELEASE;
}

static enum host_access_kind rmw_kind(int order)
{
	switch (order) {
	case __ATOMIC_RELAXED:
		return HOST_SYNC_RMW;
	case __ATOMIC_CONSUME:
	case __ATOMIC_ACQUIRE:
		return HOST_SYNC_RMW_ACQUIRE;
	case __ATOMIC_RELEASE:
		return HOST_SYNC_RMW_RELEASE;
	default:
		return HOST_SYNC_RMW_FULL;
	}
}

/* While an allocator's guard is held nothing is told. */
static void note_sync(enum host_access_kind kind, const volatile void *address)
{
	if (!sim_points_off)
		sim_sync(kind, address);
}

#define ATOMIC_RMW(bits, type, op, builtin)						\
type __tsan_atomic##bits##_##op(volatile type *p, type value, int order);		\
type __tsan_atomic##bits##_##op(volatile type *p, type value, int order)		\
{											\
	HOOK_ACCESS(p, sizeof(type), HOST_ACCESS_WRITE, HOOK_OWN);			\
	note_sync(rmw_kind(order), p);							\
	return builtin(p, value, __ATOMIC_SEQ_CST);					\
}

#define ATOMIC_CMPXCHG(bits, type, op)							\
bool __tsan_atomic##bits##_##op(volatile type *p, type *old, type value, int order,	\
				int failed);						\
bool __tsan_atomic##bits##_##op(volatile type *p, type *old, type value, int order,	\
				int failed)						\
{											\
	bool done = __atomic_compare_exchange_n(p, old, value, false, __ATOMIC_SEQ_CST,	\
						__ATOMIC_SEQ_CST);			\
											\
	HOOK_ACCESS(p, sizeof(type), done ? HOST_ACCESS_WRITE : HOST_ACCESS_READ,	\
		    HOOK_OWN);								\
	note_sync(done ? rmw_kind(order) : load_kind(failed), p);			\
	return done;									\
}

#define ATOMICS(bits, type)								\
type __tsan_atomic##bits##_load(const volatile type *p, int order);			\
type __tsan_atomic##bits##_load(const volatile type *p, int order)			\
{											\
	HOOK_ACCESS(p, sizeof(type), HOST_ACCESS_READ, HOOK_OWN);				\
	note_sync(load_kind(order), p);							\
	return __atomic_load_n(p, __ATOMIC_SEQ_CST);					\
}											\
void __tsan_atomic##bits##_store(volatile type *p, type value, int order);		\
void __tsan_atomic##bits##_store(volatile type *p, type value, int order)		\
{											\
	HOOK_ACCESS(p, sizeof(type), HOST_ACCESS_WRITE, HOOK_OWN);				\
	note_sync(store_kind(order), p);						\
	__atomic_store_n(p, value, __ATOMIC_SEQ_CST);					\
}											\
ATOMIC_RMW(bits, type, exchange, __atomic_exchange_n)					\
ATOMIC_RMW(bits, type, fetch_add, __atomic_fetch_add)					\
ATOMIC_RMW(bits, type, fetch_sub, __atomic_fetch_sub)					\
ATOMIC_RMW(bits, type, fetch_and, __atomic_fetch_and)					\
ATOMIC_RMW(bits, type, fetch_or, __atomic_fetch_or)					\
ATOMIC_RMW(bits, type, fetch_xor, __atomic_fetch_xor)					\
ATOMIC_CMPXCHG(bits, type, compare_exchange_strong)					\
ATOMIC_CMPXCHG(bits, type, compare_exchange_weak)

ATOMICS(8, u8)
ATOMICS(16, u16)
ATOMICS(32, u32)
ATOMICS(64, u64)
