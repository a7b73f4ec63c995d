/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

/*
 * Simulated: atomic counters.
 *
 * Kernel promises: each operation happens as a whole; orderings by suffix.
 * Modelled: each operation happens as a whole, and all are fully ordered. To the detector of
 *	data races those that return nothing, or fail, order nothing.
 * Left out: weaker orderings (the suffixes are accepted).
 * Scheduling points: before each operation.
 */

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/barrier.h>

#define ATOMIC_INIT(i)		{ (i) }
#define ATOMIC64_INIT(i)	{ (i) }
#define ATOMIC_LONG_INIT(i)	{ (i) }

static inline int atomic_read(const atomic_t *v)
{
	return READ_ONCE(v->counter);
}

static inline void atomic_set(atomic_t *v, int i)
{
	WRITE_ONCE(v->counter, i);
}

static inline int sim_atomic_fetch_add(int i, atomic_t *v, enum host_access_kind kind)
{
	int old;

	sim_point(HOST_OP_RMW, &v->counter);
	old = __READ_ONCE(v->counter);
	__WRITE_ONCE(v->counter, old + i);
	sim_sync(kind, &v->counter);
	return old;
}

static inline int atomic_fetch_add(int i, atomic_t *v)
{
	return sim_atomic_fetch_add(i, v, HOST_SYNC_RMW_FULL);
}

static inline int atomic_xchg(atomic_t *v, int new)
{
	int old;

	sim_point(HOST_OP_RMW, &v->counter);
	old = __READ_ONCE(v->counter);
	__WRITE_ONCE(v->counter, new);
	sim_sync(HOST_SYNC_RMW_FULL, &v->counter);
	return old;
}

static inline int atomic_cmpxchg(atomic_t *v, int old, int new)
{
	int seen;

	sim_point(HOST_OP_RMW, &v->counter);
	seen = __READ_ONCE(v->counter);
	if (seen == old)
		__WRITE_ONCE(v->counter, new);
	sim_sync(seen == old ? HOST_SYNC_RMW_FULL : HOST_SYNC_LOAD, &v->counter);
	return seen;
}

static inline bool atomic_try_cmpxchg(atomic_t *v, int *old, int new)
{
	int expected = *old;

	*old = atomic_cmpxchg(v, expected, new);
	return *old == expected;
}

/** atomic_fetch_add_unless() - add @a unless the value is @u; the value before. */
static inline int sim_atomic_fetch_add_unless(atomic_t *v, int a, int u, enum host_access_kind kind)
{
	int old;

	sim_point(HOST_OP_RMW, &v->counter);
	old = __READ_ONCE(v->counter);
	if (old != u)
		__WRITE_ONCE(v->counter, old + a);
	sim_sync(old != u ? kind : HOST_SYNC_LOAD, &v->counter);
	return old;
}

static inline int atomic_fetch_add_unless(atomic_t *v, int a, int u)
{
	return sim_atomic_fetch_add_unless(v, a, u, HOST_SYNC_RMW_FULL);
}

/** atomic_inc_unless_negative() - increment unless it is negative; false if it is. */
static inline bool atomic_inc_unless_negative(atomic_t *v)
{
	int old = atomic_read(v);

	do {
		if (old < 0)
			return false;
	} while (!atomic_try_cmpxchg(v, &old, old + 1));
	return true;
}

/** atomic_dec_unless_positive() - decrement unless it is positive; false if it is. */
static inline bool atomic_dec_unless_positive(atomic_t *v)
{
	int old = atomic_read(v);

	do {
		if (old > 0)
			return false;
	} while (!atomic_try_cmpxchg(v, &old, old - 1));
	return true;
}

/** atomic_dec_if_positive() - decrement unless that makes it negative; the result. */
static inline int atomic_dec_if_positive(atomic_t *v)
{
	int dec;

	sim_point(HOST_OP_RMW, &v->counter);
	dec = __READ_ONCE(v->counter) - 1;
	if (dec >= 0)
		__WRITE_ONCE(v->counter, dec);
	sim_sync(dec >= 0 ? HOST_SYNC_RMW_FULL : HOST_SYNC_LOAD, &v->counter);
	return dec;
}

static inline int sim_atomic_fetch_or(int i, atomic_t *v, enum host_access_kind kind)
{
	int old;

	sim_point(HOST_OP_RMW, &v->counter);
	old = __READ_ONCE(v->counter);
	__WRITE_ONCE(v->counter, old | i);
	sim_sync(kind, &v->counter);
	return old;
}

static inline int atomic_fetch_or(int i, atomic_t *v)
{
	return sim_atomic_fetch_or(i, v, HOST_SYNC_RMW_FULL);
}

static inline int sim_atomic_fetch_and(int i, atomic_t *v, enum host_access_kind kind)
{
	int old;

	sim_point(HOST_OP_RMW, &v->counter);
	old = __READ_ONCE(v->counter);
	__WRITE_ONCE(v->counter, old & i);
	sim_sync(kind, &v->counter);
	return old;
}

static inline int atomic_fetch_and(int i, atomic_t *v)
{
	return sim_atomic_fetch_and(i, v, HOST_SYNC_RMW_FULL);
}

static inline s64 atomic64_read(const atomic64_t *v)
{
	return READ_ONCE(v->counter);
}

static inline void atomic64_set(atomic64_t *v, s64 i)
{
	WRITE_ONCE(v->counter, i);
}

static inline s64 sim_atomic64_fetch_add(s64 i, atomic64_t *v, enum host_access_kind kind)
{
	s64 old;

	sim_point(HOST_OP_RMW, &v->counter);
	old = __READ_ONCE(v->counter);
	__WRITE_ONCE(v->counter, old + i);
	sim_sync(kind, &v->counter);
	return old;
}

static inline s64 atomic64_fetch_add(s64 i, atomic64_t *v)
{
	return sim_atomic64_fetch_add(i, v, HOST_SYNC_RMW_FULL);
}

static inline s64 atomic64_xchg(atomic64_t *v, s64 new)
{
	s64 old;

	sim_point(HOST_OP_RMW, &v->counter);
	old = __READ_ONCE(v->counter);
	__WRITE_ONCE(v->counter, new);
	sim_sync(HOST_SYNC_RMW_FULL, &v->counter);
	return old;
}

static inline s64 atomic64_cmpxchg(atomic64_t *v, s64 old, s64 new)
{
	s64 seen;

	sim_point(HOST_OP_RMW, &v->counter);
	seen = __READ_ONCE(v->counter);
	if (seen == old)
		__WRITE_ONCE(v->counter, new);
	sim_sync(seen == old ? HOST_SYNC_RMW_FULL : HOST_SYNC_LOAD, &v->counter);
	return seen;
}

static inline bool atomic64_try_cmpxchg(atomic64_t *v, s64 *old, s64 new)
{
	s64 expected = *old;

	*old = atomic64_cmpxchg(v, expected, new);
	return *old == expected;
}

/** atomic64_fetch_add_unless() - add @a unless the value is @u; the value before. */
static inline s64 sim_atomic64_fetch_add_unless(atomic64_t *v, s64 a, s64 u,
						enum host_access_kind kind)
{
	s64 old;

	sim_point(HOST_OP_RMW, &v->counter);
	old = __READ_ONCE(v->counter);
	if (old != u)
		__WRITE_ONCE(v->counter, old + a);
	sim_sync(old != u ? kind : HOST_SYNC_LOAD, &v->counter);
	return old;
}

static inline s64 atomic64_fetch_add_unless(atomic64_t *v, s64 a, s64 u)
{
	return sim_atomic64_fetch_add_unless(v, a, u, HOST_SYNC_RMW_FULL);
}

/** atomic64_dec_if_positive() - decrement unless that makes it negative; the result. */
static inline s64 atomic64_dec_if_positive(atomic64_t *v)
{
	s64 dec;

	sim_point(HOST_OP_RMW, &v->counter);
	dec = __READ_ONCE(v->counter) - 1;
	if (dec >= 0)
		__WRITE_ONCE(v->counter, dec);
	sim_sync(dec >= 0 ? HOST_SYNC_RMW_FULL : HOST_SYNC_LOAD, &v->counter);
	return dec;
}

static inline s64 sim_atomic64_fetch_or(s64 i, atomic64_t *v, enum host_access_kind kind)
{
	s64 old;

	sim_point(HOST_OP_RMW, &v->counter);
	old = __READ_ONCE(v->counter);
	__WRITE_ONCE(v->counter, old | i);
	sim_sync(kind, &v->counter);
	return old;
}

static inline s64 atomic64_fetch_or(s64 i, atomic64_t *v)
{
	return sim_atomic64_fetch_or(i, v, HOST_SYNC_RMW_FULL);
}

static inline s64 sim_atomic64_fetch_and(s64 i, atomic64_t *v, enum host_access_kind kind)
{
	s64 old;

	sim_point(HOST_OP_RMW, &v->counter);
	old = __READ_ONCE(v->counter);
	__WRITE_ONCE(v->counter, old & i);
	sim_sync(kind, &v->counter);
	return old;
}

static inline s64 atomic64_fetch_and(s64 i, atomic64_t *v)
{
	return sim_atomic64_fetch_and(i, v, HOST_SYNC_RMW_FULL);
}

/* What follows from the operations above, for each kind of counter. */
#define __ATOMIC_DERIVED(name, type)						\
static inline type name##_add_return(type i, name##_t *v)			\
{										\
	return name##_fetch_add(i, v) + i;					\
}										\
static inline type name##_sub_return(type i, name##_t *v)			\
{										\
	return name##_fetch_add(-i, v) - i;					\
}										\
static inline type name##_fetch_sub(type i, name##_t *v)			\
{										\
	return name##_fetch_add(-i, v);						\
}										\
static inline void name##_add(type i, name##_t *v)				\
{										\
	sim_##name##_fetch_add(i, v, HOST_SYNC_RMW);				\
}										\
static inline void name##_sub(type i, name##_t *v)				\
{										\
	sim_##name##_fetch_add(-i, v, HOST_SYNC_RMW);				\
}										\
static inline void name##_inc(name##_t *v)					\
{										\
	sim_##name##_fetch_add(1, v, HOST_SYNC_RMW);				\
}										\
static inline void name##_dec(name##_t *v)					\
{										\
	sim_##name##_fetch_add(-1, v, HOST_SYNC_RMW);				\
}										\
static inline type name##_inc_return(name##_t *v)				\
{										\
	return name##_fetch_add(1, v) + 1;					\
}										\
static inline type name##_dec_return(name##_t *v)				\
{										\
	return name##_fetch_add(-1, v) - 1;					\
}										\
static inline type name##_fetch_inc(name##_t *v)				\
{										\
	return name##_fetch_add(1, v);						\
}										\
static inline type name##_fetch_dec(name##_t *v)				\
{										\
	return name##_fetch_add(-1, v);						\
}										\
static inline bool name##_dec_and_test(name##_t *v)				\
{										\
	return name##_fetch_add(-1, v) == 1;					\
}										\
static inline bool name##_inc_and_test(name##_t *v)				\
{										\
	return name##_fetch_add(1, v) == -1;					\
}										\
static inline bool name##_sub_and_test(type i, name##_t *v)			\
{										\
	return name##_fetch_add(-i, v) == i;					\
}										\
static inline bool name##_add_negative(type i, name##_t *v)			\
{										\
	return name##_add_return(i, v) < 0;					\
}										\
static inline bool name##_add_unless(name##_t *v, type a, type u)		\
{										\
	return name##_fetch_add_unless(v, a, u) != u;				\
}										\
static inline bool name##_inc_not_zero(name##_t *v)				\
{										\
	return name##_fetch_add_unless(v, 1, 0) != 0;				\
}										\
static inline void name##_or(type i, name##_t *v)				\
{										\
	sim_##name##_fetch_or(i, v, HOST_SYNC_RMW);				\
}										\
static inline void name##_and(type i, name##_t *v)				\
{										\
	sim_##name##_fetch_and(i, v, HOST_SYNC_RMW);				\
}										\
static inline void name##_andnot(type i, name##_t *v)				\
{										\
	sim_##name##_fetch_and(~i, v, HOST_SYNC_RMW);				\
}

__ATOMIC_DERIVED(atomic, int)
__ATOMIC_DERIVED(atomic64, s64)

/* long is 64 bits. */
typedef atomic64_t atomic_long_t;
#define atomic_long_read		atomic64_read
#define atomic_long_set			atomic64_set
#define atomic_long_fetch_add		atomic64_fetch_add
#define atomic_long_fetch_sub		atomic64_fetch_sub
#define atomic_long_xchg		atomic64_xchg
#define atomic_long_cmpxchg		atomic64_cmpxchg
#define atomic_long_fetch_add_unless	atomic64_fetch_add_unless
#define atomic_long_fetch_or		atomic64_fetch_or
#define atomic_long_fetch_and		atomic64_fetch_and
#define atomic_long_add			atomic64_add
#define atomic_long_sub			atomic64_sub
#define atomic_long_add_return		atomic64_add_return
#define atomic_long_sub_return		atomic64_sub_return
#define atomic_long_inc			atomic64_inc
#define atomic_long_dec			atomic64_dec
#define atomic_long_inc_return		atomic64_inc_return
#define atomic_long_dec_return		atomic64_dec_return
#define atomic_long_dec_and_test	atomic64_dec_and_test
#define atomic_long_sub_and_test	atomic64_sub_and_test
#define atomic_long_add_unless		atomic64_add_unless
#define atomic_long_inc_not_zero	atomic64_inc_not_zero
#define atomic_long_or			atomic64_or
#define atomic_long_and			atomic64_and

static inline bool atomic_long_try_cmpxchg(atomic_long_t *v, long *old, long new)
{
	s64 seen = atomic64_cmpxchg(v, *old, new);
	bool done = seen == *old;

	*old = seen;
	return done;
}

#define atomic_read_acquire(v)		smp_load_acquire(&(v)->counter)
#define atomic_set_release(v, i)	smp_store_release(&(v)->counter, i)
#define atomic_inc_return_acquire	atomic_inc_return
#define atomic_dec_return_release	atomic_dec_return
#define atomic_fetch_add_relaxed	atomic_fetch_add
#define atomic_fetch_sub_release	atomic_fetch_sub
#define atomic_cmpxchg_acquire		atomic_cmpxchg
#define atomic_cmpxchg_relaxed		atomic_cmpxchg
#define atomic_cmpxchg_release		atomic_cmpxchg
#define atomic_try_cmpxchg_acquire	atomic_try_cmpxchg
#define atomic_try_cmpxchg_relaxed	atomic_try_cmpxchg
#define atomic_try_cmpxchg_release	atomic_try_cmpxchg
#define atomic64_read_acquire(v)	smp_load_acquire(&(v)->counter)
#define atomic64_set_release(v, i)	smp_store_release(&(v)->counter, i)
#define atomic_long_read_acquire	atomic64_read_acquire
#define atomic_long_set_release		atomic64_set_release
#define atomic_long_fetch_or_relaxed	atomic64_fetch_or
#define atomic_long_try_cmpxchg_relaxed	atomic_long_try_cmpxchg
#define atomic_long_try_cmpxchg_release	atomic_long_try_cmpxchg

#define cmpxchg(ptr, old, new)					\
({								\
	__auto_type __cx_ptr = (ptr);				\
	__unqual_scalar_typeof(*__cx_ptr) __cx_seen;		\
	sim_point(HOST_OP_RMW, __cx_ptr);			\
	__cx_seen = __READ_ONCE(*__cx_ptr);			\
	if (__cx_seen == (old)) {				\
		__WRITE_ONCE(*__cx_ptr, (new));			\
		sim_sync(HOST_SYNC_RMW_FULL, __cx_ptr);		\
	} else {						\
		sim_sync(HOST_SYNC_LOAD, __cx_ptr);		\
	}							\
	__cx_seen;						\
})
#define try_cmpxchg(ptr, oldp, new)				\
({								\
	__auto_type __tc_old = (oldp);				\
	__auto_type __tc_want = *__tc_old;			\
	*__tc_old = cmpxchg(ptr, __tc_want, new);		\
	*__tc_old == __tc_want;					\
})
#define xchg(ptr, new)						\
({								\
	__auto_type __xc_ptr = (ptr);				\
	__unqual_scalar_typeof(*__xc_ptr) __xc_old;		\
	sim_point(HOST_OP_RMW, __xc_ptr);			\
	__xc_old = __READ_ONCE(*__xc_ptr);			\
	__WRITE_ONCE(*__xc_ptr, (new));				\
	sim_sync(HOST_SYNC_RMW_FULL, __xc_ptr);			\
	__xc_old;						\
})
#define cmpxchg_relaxed			cmpxchg
#define cmpxchg_acquire			cmpxchg
#define cmpxchg_release			cmpxchg
#define cmpxchg64			cmpxchg
#define try_cmpxchg_relaxed		try_cmpxchg
#define try_cmpxchg_acquire		try_cmpxchg
#define try_cmpxchg_release		try_cmpxchg
#define xchg_relaxed			xchg

#endif /* _LINUX_ATOMIC_H */
