/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_REFCOUNT_H
#define _LINUX_REFCOUNT_H

/*
 * Simulated: reference counts (include/linux/refcount.h, lib/refcount.c).
 *
 * Kernel promises: a count that overflows, is incremented from zero or goes below zero
 *	saturates and warns, so that the object leaks instead of being used after its end.
 * Modelled: the same, each kind of misuse warning once per boot.
 * Left out: ordering weaker than full.
 * Scheduling points: each operation.
 */

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)	{ .refs = ATOMIC_INIT(n) }
#define REFCOUNT_MAX		INT_MAX
#define REFCOUNT_SATURATED	(INT_MIN / 2)

enum refcount_saturation_type {
	REFCOUNT_ADD_NOT_ZERO_OVF,
	REFCOUNT_ADD_OVF,
	REFCOUNT_ADD_UAF,
	REFCOUNT_SUB_UAF,
	REFCOUNT_DEC_LEAK,
};

struct mutex;

/** refcount_warn_saturate() - saturate @r and warn about @t; lib/refcount.c. */
void refcount_warn_saturate(refcount_t *r, enum refcount_saturation_type t);
bool refcount_dec_if_one(refcount_t *r);
bool refcount_dec_not_one(refcount_t *r);
bool refcount_dec_and_mutex_lock(refcount_t *r, struct mutex *lock);
bool refcount_dec_and_lock(refcount_t *r, spinlock_t *lock);

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}
#define refcount_set_release(r, n)	atomic_set_release(&(r)->refs, n)

static inline unsigned int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

static inline bool sim_refcount_add_not_zero(int i, refcount_t *r, enum host_access_kind kind)
{
	int old = sim_atomic_fetch_add_unless(&r->refs, i, 0, kind);

	if (unlikely(old < 0 || old + i < 0))
		refcount_warn_saturate(r, REFCOUNT_ADD_NOT_ZERO_OVF);
	return old;
}

static inline bool refcount_add_not_zero(int i, refcount_t *r)
{
	return sim_refcount_add_not_zero(i, r, HOST_SYNC_RMW);
}

static inline void refcount_add(int i, refcount_t *r)
{
	int old = sim_atomic_fetch_add(i, &r->refs, HOST_SYNC_RMW);

	if (unlikely(!old))
		refcount_warn_saturate(r, REFCOUNT_ADD_UAF);
	else if (unlikely(old < 0 || old + i < 0))
		refcount_warn_saturate(r, REFCOUNT_ADD_OVF);
}

static inline bool refcount_inc_not_zero(refcount_t *r)
{
	return refcount_add_not_zero(1, r);
}
#define refcount_inc_not_zero_acquire(r)	\
	sim_refcount_add_not_zero(1, r, HOST_SYNC_RMW_ACQUIRE)

static inline void refcount_inc(refcount_t *r)
{
	refcount_add(1, r);
}

static inline bool refcount_sub_and_test(int i, refcount_t *r)
{
	int old = sim_atomic_fetch_add(-i, &r->refs, HOST_SYNC_RMW_RELEASE);

	if (old > 0 && old == i) {
		sim_sync(HOST_SYNC_LOAD_ACQUIRE, &r->refs);
		return true;
	}
	if (unlikely(old <= 0 || old - i < 0))
		refcount_warn_saturate(r, REFCOUNT_SUB_UAF);
	return false;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	return refcount_sub_and_test(1, r);
}

static inline void refcount_dec(refcount_t *r)
{
	if (unlikely(sim_atomic_fetch_add(-1, &r->refs, HOST_SYNC_RMW_RELEASE) <= 1))
		refcount_warn_saturate(r, REFCOUNT_DEC_LEAK);
}

#endif /* _LINUX_REFCOUNT_H */
