/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_BITOPS_H
#define _LINUX_BITOPS_H

/*
 * Simulated: bit operations on arrays of unsigned long.
 *
 * Kernel promises: set_bit() and its kind are atomic, __set_bit() and its kind are not.
 * Modelled: the same; all atomic ones are fully ordered.
 * Left out: weaker ordering.
 * Scheduling points: before each atomic operation; the others have none.
 */

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/count_zeros.h>
#include <linux/types.h>
#include <asm/barrier.h>

#define __ffs(word)	((unsigned long)__builtin_ctzl(word))
#define __fls(word)	((unsigned long)(63 - __builtin_clzl(word)))
#define ffz(word)	__ffs(~(word))
#define ffs(x)		__builtin_ffs(x)
#define fls(x)		((x) ? 32 - __builtin_clz(x) : 0)
#define fls64(x)	((x) ? 64 - __builtin_clzll(x) : 0)
#define fls_long(x)	fls64(x)
#define __ffs64(x)	__ffs(x)
#define hweight_long(w)	((unsigned long)__builtin_popcountl(w))
#define hweight64(w)	((unsigned long)__builtin_popcountll(w))
#define hweight32(w)	((unsigned int)__builtin_popcount(w))
#define hweight16(w)	hweight32((u16)(w))
#define hweight8(w)	hweight32((u8)(w))

static inline unsigned int get_count_order(unsigned int count)
{
	return count <= 1 ? 0 : fls(count - 1);
}

static inline unsigned int get_count_order_long(unsigned long count)
{
	return count <= 1 ? 0 : fls64(count - 1);
}

static inline u64 ror64(u64 word, unsigned int shift)
{
	return (word >> (shift & 63)) | (word << (-shift & 63));
}

static inline u64 rol64(u64 word, unsigned int shift)
{
	return (word << (shift & 63)) | (word >> (-shift & 63));
}

static inline u32 rol32(u32 word, unsigned int shift)
{
	return (word << (shift & 31)) | (word >> (-shift & 31));
}

static inline s64 sign_extend64(u64 value, int index)
{
	return (s64)(value << (63 - index)) >> (63 - index);
}

static inline void __set_bit(unsigned long nr, volatile unsigned long *addr)
{
	((unsigned long *)addr)[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static inline void __clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	((unsigned long *)addr)[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static inline void __change_bit(unsigned long nr, volatile unsigned long *addr)
{
	((unsigned long *)addr)[BIT_WORD(nr)] ^= BIT_MASK(nr);
}

static inline bool __test_and_set_bit(unsigned long nr, volatile unsigned long *addr)
{
	bool old = ((unsigned long *)addr)[BIT_WORD(nr)] & BIT_MASK(nr);

	__set_bit(nr, addr);
	return old;
}

static inline bool __test_and_clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	bool old = ((unsigned long *)addr)[BIT_WORD(nr)] & BIT_MASK(nr);

	__clear_bit(nr, addr);
	return old;
}

static inline void __assign_bit(unsigned long nr, volatile unsigned long *addr, bool value)
{
	if (value)
		__set_bit(nr, addr);
	else
		__clear_bit(nr, addr);
}

static inline bool test_bit(unsigned long nr, const volatile unsigned long *addr)
{
	return READ_ONCE(addr[BIT_WORD(nr)]) & BIT_MASK(nr);
}

static inline bool test_bit_acquire(unsigned long nr, const volatile unsigned long *addr)
{
	return smp_load_acquire(&addr[BIT_WORD(nr)]) & BIT_MASK(nr);
}

static inline void set_bit(unsigned long nr, volatile unsigned long *addr)
{
	sim_point(HOST_OP_RMW, &addr[BIT_WORD(nr)]);
	addr[BIT_WORD(nr)] |= BIT_MASK(nr);
	sim_sync(HOST_SYNC_RMW, &addr[BIT_WORD(nr)]);
}

static inline void clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	sim_point(HOST_OP_RMW, &addr[BIT_WORD(nr)]);
	addr[BIT_WORD(nr)] &= ~BIT_MASK(nr);
	sim_sync(HOST_SYNC_RMW, &addr[BIT_WORD(nr)]);
}

static inline void clear_bit_unlock(unsigned long nr, volatile unsigned long *addr)
{
	sim_point(HOST_OP_RMW, &addr[BIT_WORD(nr)]);
	addr[BIT_WORD(nr)] &= ~BIT_MASK(nr);
	sim_sync(HOST_SYNC_RMW_RELEASE, &addr[BIT_WORD(nr)]);
}

static inline void change_bit(unsigned long nr, volatile unsigned long *addr)
{
	sim_point(HOST_OP_RMW, &addr[BIT_WORD(nr)]);
	addr[BIT_WORD(nr)] ^= BIT_MASK(nr);
	sim_sync(HOST_SYNC_RMW, &addr[BIT_WORD(nr)]);
}

static inline bool test_and_set_bit(unsigned long nr, volatile unsigned long *addr)
{
	bool old;

	sim_point(HOST_OP_RMW, &addr[BIT_WORD(nr)]);
	old = addr[BIT_WORD(nr)] & BIT_MASK(nr);
	addr[BIT_WORD(nr)] |= BIT_MASK(nr);
	sim_sync(HOST_SYNC_RMW_FULL, &addr[BIT_WORD(nr)]);
	return old;
}
#define test_and_set_bit_lock(nr, addr)	test_and_set_bit(nr, addr)

static inline bool test_and_clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	bool old;

	sim_point(HOST_OP_RMW, &addr[BIT_WORD(nr)]);
	old = addr[BIT_WORD(nr)] & BIT_MASK(nr);
	addr[BIT_WORD(nr)] &= ~BIT_MASK(nr);
	sim_sync(HOST_SYNC_RMW_FULL, &addr[BIT_WORD(nr)]);
	return old;
}

static inline void assign_bit(unsigned long nr, volatile unsigned long *addr, bool value)
{
	if (value)
		set_bit(nr, addr);
	else
		clear_bit(nr, addr);
}

#define arch_test_bit(nr, addr)		\
	((((const volatile unsigned long *)(addr))[BIT_WORD(nr)] & BIT_MASK(nr)) != 0)

#include <linux/find.h>

#endif /* _LINUX_BITOPS_H */
