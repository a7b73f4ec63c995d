/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_COMPILER_TYPES_H
#define __LINUX_COMPILER_TYPES_H

/*
 * Simulated: attributes and type helpers of the kernel's dialect, for gcc. Address
 * spaces and lock annotations are for sparse and clang's analysis; they expand to
 * nothing here, as in a kernel built by gcc.
 */

#define __user
#define __iomem
#define __percpu
#define __rcu
#define __kernel
#define __force
#define __nocast
#define __safe
#define __private
#define __bitwise
#define __chk_user_ptr(x)	((void)0)
#define __chk_io_ptr(x)		((void)0)
#define ACCESS_PRIVATE(p, member)	((p)->member)

#define __must_hold(...)
#define __must_not_hold(...)
#define __must_hold_shared(...)
#define __acquires(...)
#define __acquires_shared(...)
#define __cond_acquires(...)
#define __cond_acquires_shared(...)
#define __releases(...)
#define __releases_shared(...)
#define __acquire(x)		((void)0)
#define __acquire_shared(x)	((void)0)
#define __release(x)		((void)0)
#define __release_shared(x)	((void)0)
#define __cond_lock(x, c)	(c)
#define __guarded_by(...)
#define __pt_guarded_by(...)
#define __no_context_analysis
#define __assume_ctx_lock(x)	((void)0)
#define __assume_shared_ctx_lock(x)	((void)0)
#define context_unsafe(...)	({ __VA_ARGS__; })
#define token_context_lock(ctx)
#define context_lock_struct(name, ...)	struct name

#define __always_inline		inline __attribute__((__always_inline__))
#define __inline		inline
#define noinline		__attribute__((__noinline__))
#define noinline_for_stack	noinline
#define __flatten		__attribute__((__flatten__))
#define __must_check		__attribute__((__warn_unused_result__))
#define __maybe_unused		__attribute__((__unused__))
#define __always_unused		__attribute__((__unused__))
#define __used			__attribute__((__used__))
#define __weak			__attribute__((__weak__))
#define __cold			__attribute__((__cold__))
#define __hot
#define __pure			__attribute__((__pure__))
#define __attribute_const__	__attribute__((__const__))
#define __malloc		__attribute__((__malloc__))
#define __noreturn		__attribute__((__noreturn__))
#define __packed		__attribute__((__packed__))
#define __aligned(x)		__attribute__((__aligned__(x)))
#define __section(s)		__attribute__((__section__(s)))
#define __printf(a, b)		__attribute__((__format__(printf, a, b)))
#define __scanf(a, b)		__attribute__((__format__(scanf, a, b)))
#define __cleanup(func)		__attribute__((__cleanup__(func)))
#define __mode(x)		__attribute__((__mode__(x)))
#define __alias(symbol)		__attribute__((__alias__(#symbol)))
#define __nonnull_args(...)	__attribute__((__nonnull__(__VA_ARGS__)))
#define __no_randomize_layout
#define __randomize_layout
#define __designated_init	__attribute__((__designated_init__))
#define __assume_aligned(a, ...)
#define __alloc_size(x, ...)
#define __realloc_size(x, ...)
#define __counted_by(m)
#define __counted_by_ptr(m)
#define __counted_by_le(m)
#define __counted_by_be(m)
#define __nonstring		__attribute__((__unused__))
#define __no_kasan_or_inline	inline
#define __no_sanitize_or_inline	inline
#define __no_kcsan
#define __no_profile
#define __nocfi
#define __noendbr
#define noinstr			noinline
#define notrace
#define asmlinkage
#define fallthrough		__attribute__((__fallthrough__))
#define __diag_push()
#define __diag_pop()
#define __diag_ignore_all(...)
#define __stringify_label(x)	#x
#define __visible
#define __latent_entropy
#define __signed_wrap
#define __cacheline_group_begin(g)
#define __cacheline_group_end(g)

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

/* The kernel spells type inference this way since 7.0. */
#define auto			__auto_type

#define ___PASTE(a, b)		a##b
#define __PASTE(a, b)		___PASTE(a, b)
#define __UNIQUE_ID(prefix)	\
	__PASTE(__PASTE(__PASTE(__PASTE(__UNIQUE_ID_, prefix), _), __LINE__), \
		__PASTE(_, __COUNTER__))

#define __same_type(a, b)	__builtin_types_compatible_p(typeof(a), typeof(b))
#define __native_word(t)	\
	(sizeof(t) == 1 || sizeof(t) == 2 || sizeof(t) == 4 || sizeof(t) == 8)

/* The type of a scalar without const and volatile: arithmetic drops qualifiers. */
#define __unqual_scalar_typeof(x) typeof(						\
	__builtin_choose_expr(__same_type(x, (_Bool)0), (_Bool)0,			\
	__builtin_choose_expr(__builtin_classify_type(x) == 5,				\
			      (typeof(x))0,						\
			      (__typeof_unqual_arith(x))0)))
#define __typeof_unqual_arith(x) typeof(_Generic((x),					\
	char: (char)0, signed char: (signed char)0, unsigned char: (unsigned char)0,	\
	short: (short)0, unsigned short: (unsigned short)0, int: 0, unsigned int: 0u,	\
	long: 0l, unsigned long: 0ul, long long: 0ll, unsigned long long: 0ull,		\
	_Bool: (_Bool)0, default: (x)))
#define TYPEOF_UNQUAL(x)	typeof(x)

#define barrier()		__asm__ __volatile__("" : : : "memory")
#define barrier_data(ptr)	__asm__ __volatile__("" : : "r"(ptr) : "memory")
#define OPTIMIZER_HIDE_VAR(v)	__asm__("" : "=r"(v) : "0"(v))
#define RELOC_HIDE(ptr, off)	((typeof(ptr))((unsigned long)(ptr) + (off)))
#define asm_inline		__asm__
#define asm			__asm__
#define asm_goto_output(x...)	__asm__ goto(x)

#define compiletime_assert(cond, msg)	_Static_assert(cond, msg)
#define ASSERT_STRUCT_OFFSET(type, field, expected)	\
	_Static_assert(__builtin_offsetof(type, field) == (expected), #field)

#endif /* __LINUX_COMPILER_TYPES_H */
