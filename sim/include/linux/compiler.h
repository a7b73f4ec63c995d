/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_COMPILER_H
#define __LINUX_COMPILER_H

/*
 * Simulated: READ_ONCE() and WRITE_ONCE() are single accesses that the compiler can
 * neither repeat nor leave out. Scheduling points: before each of the two. Weak
 * memory ordering is left out: accesses happen in program order.
 */

#include <linux/compiler_types.h>
#include <sim/sim.h>

#define __READ_ONCE(x)	(*(const volatile typeof(x) *)&(x))

/* What it orders is @kind, a HOST_SYNC_LOAD*. */
#define sim_read_once(x, kind)					\
({								\
	__unqual_scalar_typeof(x) __ro_val;			\
								\
	sim_point(HOST_OP_READ, &(x));				\
	__ro_val = __READ_ONCE(x);				\
	sim_sync(kind, &(x));					\
	__ro_val;						\
})
#define READ_ONCE(x)		sim_read_once(x, HOST_SYNC_LOAD)

#define __WRITE_ONCE(x, val)	(*(volatile typeof(x) *)&(x) = (val))

/* Likewise, a HOST_SYNC_STORE*. */
#define sim_write_once(x, val, kind)				\
do {								\
	typeof(x) __wo_val = (val);				\
	sim_point(HOST_OP_WRITE, &(x));				\
	__WRITE_ONCE(x, __wo_val);				\
	sim_sync(kind, &(x));					\
} while (0)
#define WRITE_ONCE(x, val)	sim_write_once(x, val, HOST_SYNC_STORE)

/** data_race() - whoever else accesses this meanwhile, it is meant to be so. */
#define data_race(expr)						\
({								\
	sim_races_exempt(1);					\
	__auto_type __dr_val = (expr);				\
	sim_races_exempt(-1);					\
	__dr_val;						\
})
#define ASSERT_EXCLUSIVE_WRITER(var)	((void)0)
#define ASSERT_EXCLUSIVE_ACCESS(var)	((void)0)

#define unreachable()		__builtin_unreachable()
#define __ADDRESSABLE(sym)
#define absolute_pointer(val)	((void *)(unsigned long)(val))
#define is_signed_type(type)	(((type)(-1)) < (type)1)
#define is_unsigned_type(type)	(!is_signed_type(type))
#define statically_true(x)	(__builtin_constant_p(x) && (x))
#define __is_constexpr(x)	\
	(sizeof(int) == sizeof(*(8 ? ((void *)((long)(x) * 0l)) : (int *)8)))
#define __must_be_array(a)	\
	(0 * sizeof(struct { int _[1 - 2 * !!__same_type((a), &(a)[0])]; }))
#define __must_be_cstr(p)	0

#endif /* __LINUX_COMPILER_H */
