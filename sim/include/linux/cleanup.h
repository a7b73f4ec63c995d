/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_CLEANUP_H
#define _LINUX_CLEANUP_H

/*
 * Simulated: actions at the end of a scope (include/linux/cleanup.h), in the reverse
 * order of the definitions. A guard of a conditional lock holds NULL or an error
 * pointer where the lock was not taken, and then releases nothing.
 */

#include <linux/args.h>
#include <linux/compiler.h>
#include <linux/err.h>

/* Freeing of what a pointer (or handle) owns. */
#define DEFINE_FREE(_name, _type, _free)				\
	static __always_inline void __free_##_name(void *p)		\
	{								\
		_type _T = *(_type *)p;					\
		_free;							\
	}
#define __free(_name)	__cleanup(__free_##_name)

#define __get_and_null(p, nullvalue)	\
({					\
	__auto_type __gn_p = &(p);	\
	__auto_type __gn_v = *__gn_p;	\
	*__gn_p = nullvalue;		\
	__gn_v;				\
})

static __always_inline __must_check const volatile void *
__must_check_fn(const volatile void *val)
{
	return val;
}

/* Ownership of what @p points to: passed on, returned, or left with somebody else. */
#define no_free_ptr(p)		((typeof(p))__must_check_fn(__get_and_null(p, NULL)))
#define retain_and_null_ptr(p)	((void)__get_and_null(p, NULL))
#define return_ptr(p)		return no_free_ptr(p)

/* Classes: a value with a constructor, and a destructor in which _T is the value. */
#define __CLASS_CONSTRUCTOR(_name, _init, _init_args...)		\
static __always_inline class_##_name##_t				\
class_##_name##_constructor(_init_args)					\
{									\
	class_##_name##_t t = _init;					\
	return t;							\
}

#define __CLASS_DESTRUCTOR(_name, _body...)				\
static __always_inline void						\
class_##_name##_destructor(class_##_name##_t *_T)			\
{									\
	_body;								\
}

#define DEFINE_CLASS(_name, _type, _exit, _init, _init_args...)		\
typedef _type class_##_name##_t;					\
typedef class_##_name##_t lock_##_name##_t;				\
static __always_inline void __class_##_name##_end(_type _T)		\
{									\
	_exit;								\
}									\
__CLASS_DESTRUCTOR(_name, __class_##_name##_end(*_T))			\
__CLASS_CONSTRUCTOR(_name, _init, _init_args)

/* A class with the values of another one, not all of which are to be destroyed. */
#define EXTEND_CLASS_COND(_name, ext, _skip, _init, _init_args...)	\
typedef class_##_name##_t class_##_name##ext##_t;			\
typedef lock_##_name##_t lock_##_name##ext##_t;				\
__CLASS_DESTRUCTOR(_name##ext,						\
		   if (!(_skip)) class_##_name##_destructor(_T))	\
__CLASS_CONSTRUCTOR(_name##ext, _init, _init_args)
#define EXTEND_CLASS(_name, ext, _init, _init_args...)			\
	EXTEND_CLASS_COND(_name, ext, 0, _init, _init_args)

#define __CLASS_VAR(_name, var)						\
	class_##_name##_t var __cleanup(class_##_name##_destructor)
#define CLASS(_name, var)	__CLASS_VAR(_name, var) = class_##_name##_constructor
#define CLASS_INIT(_name, var, _init_expr)	__CLASS_VAR(_name, var) = (_init_expr)

/*
 * The statement that follows is done once, if _cond holds, as the scope of what _var
 * defines. It is a loop, so that break and continue leave it; that it has one pass only is
 * said with a goto instead of a variable, so that the compiler knows it without optimizing.
 */
#define __scope_once(_done, _var, _cond)				\
	for (_var; _cond; ({ goto _done; }))				\
		if (0) {						\
_done:			break;						\
		} else

#define scoped_class(_name, var, args...)				\
	__scope_once(__UNIQUE_ID(done), CLASS(_name, var)(args), true)

/* Guards: classes that hold a lock. */
#define __DEFINE_CLASS_IS_CONDITIONAL(_name, _is_cond)			\
static __maybe_unused const bool class_##_name##_is_conditional = _is_cond

#define DEFINE_CLASS_IS_UNCONDITIONAL(_name)				\
	__DEFINE_CLASS_IS_CONDITIONAL(_name, false);			\
	static inline void *class_##_name##_lock_ptr(class_##_name##_t *_T) \
	{								\
		return (void *)1;					\
	}

static __always_inline bool __guard_is_err(const void *lock)
{
	return IS_ERR_OR_NULL(lock);
}
#define __GUARD_IS_ERR(_ptr)	__guard_is_err((const void *)(unsigned long)(_ptr))

static __always_inline int __guard_errno(const void *lock)
{
	return !lock ? -EBUSY : PTR_ERR_OR_ZERO(lock);
}

#define __DEFINE_GUARD_LOCK_PTR(_name, _exp)				\
	static __always_inline void *					\
	class_##_name##_lock_ptr(class_##_name##_t *_T)			\
	{								\
		void *_p = (void *)(unsigned long)*(_exp);		\
		return IS_ERR(_p) ? NULL : _p;				\
	}								\
	static __always_inline int					\
	class_##_name##_lock_err(class_##_name##_t *_T)			\
	{								\
		return __guard_errno((const void *)(unsigned long)*(_exp)); \
	}

#define __DEFINE_CLASS_IS_GUARD(_name, _is_cond)			\
	__DEFINE_CLASS_IS_CONDITIONAL(_name, _is_cond);			\
	__DEFINE_GUARD_LOCK_PTR(_name, _T)
#define DEFINE_CLASS_IS_GUARD(_name)		__DEFINE_CLASS_IS_GUARD(_name, false)
#define DEFINE_CLASS_IS_COND_GUARD(_name)	__DEFINE_CLASS_IS_GUARD(_name, true)

#define DEFINE_GUARD(_name, _type, _lock, _unlock)			\
	DEFINE_CLASS(_name, _type, _unlock, ({ _lock; _T; }), _type _T)	\
	DEFINE_CLASS_IS_GUARD(_name)

#define __COND_GUARD_ACCESSORS(_name, _ext)				\
	static __always_inline void *					\
	class_##_name##_ext##_lock_ptr(class_##_name##_t *_T)		\
	{								\
		return class_##_name##_lock_ptr(_T);			\
	}								\
	static __always_inline int					\
	class_##_name##_ext##_lock_err(class_##_name##_t *_T)		\
	{								\
		return class_##_name##_lock_err(_T);			\
	}

#define DEFINE_GUARD_COND_4(_name, _ext, _lock, _cond)			\
	__DEFINE_CLASS_IS_CONDITIONAL(_name##_ext, true);		\
	EXTEND_CLASS_COND(_name, _ext, __GUARD_IS_ERR(*_T),		\
		({ void *_t = _T; int _RET = (_lock);			\
		   if (_T && !(_cond)) _t = ERR_PTR(_RET); _t; }),	\
		class_##_name##_t _T)					\
	__COND_GUARD_ACCESSORS(_name, _ext)
#define DEFINE_GUARD_COND_3(_name, _ext, _lock)				\
	DEFINE_GUARD_COND_4(_name, _ext, _lock, _RET)
#define DEFINE_GUARD_COND(X...)	\
	CONCATENATE(DEFINE_GUARD_COND_, COUNT_ARGS(X))(X)

/* Guards in a structure, for locks without a type or with more state than a pointer. */
#define __DEFINE_LOCK_GUARD(_name, _type, _unlock, ...)			\
__DEFINE_CLASS_IS_CONDITIONAL(_name, false);				\
typedef struct {							\
	_type *lock;							\
	__VA_ARGS__;							\
} class_##_name##_t;							\
typedef _type lock_##_name##_t;						\
__CLASS_DESTRUCTOR(_name, if (!__GUARD_IS_ERR(_T->lock)) { _unlock; })	\
__DEFINE_GUARD_LOCK_PTR(_name, &_T->lock)

/* The guard of the lock at _ptr after _lock, for which it is *_T. */
#define __LOCK_GUARD_VALUE(_name, _ptr, _lock...)			\
({									\
	class_##_name##_t _t = { .lock = _ptr };			\
	class_##_name##_t *_T __maybe_unused = &_t;			\
									\
	_lock;								\
	_t;								\
})

#define DEFINE_LOCK_GUARD_1(_name, _type, _lock, _unlock, ...)		\
__DEFINE_LOCK_GUARD(_name, _type, _unlock, __VA_ARGS__)			\
__CLASS_CONSTRUCTOR(_name, __LOCK_GUARD_VALUE(_name, l, _lock), _type *l)

#define DEFINE_LOCK_GUARD_0(_name, _lock, _unlock, ...)			\
__DEFINE_LOCK_GUARD(_name, void, _unlock, __VA_ARGS__)			\
__CLASS_CONSTRUCTOR(_name, __LOCK_GUARD_VALUE(_name, (void *)1, _lock), void)

#define DECLARE_LOCK_GUARD_0_ATTRS(_name, _lock, _unlock)
#define DECLARE_LOCK_GUARD_1_ATTRS(_name, _lock, _unlock)
#define WITH_LOCK_GUARD_1_ATTRS(_name, _T)	class_##_name##_constructor(_T)

#define DEFINE_LOCK_GUARD_1_COND_4(_name, _ext, _lock, _cond)		\
	__DEFINE_CLASS_IS_CONDITIONAL(_name##_ext, true);		\
	EXTEND_CLASS_COND(_name, _ext, __GUARD_IS_ERR(_T->lock),	\
		__LOCK_GUARD_VALUE(_name, l,				\
			int _RET = (_lock);				\
			if (_T->lock && !(_cond)) _T->lock = ERR_PTR(_RET)), \
		typeof_member(class_##_name##_t, lock) l)		\
	__COND_GUARD_ACCESSORS(_name, _ext)
#define DEFINE_LOCK_GUARD_1_COND_3(_name, _ext, _lock)			\
	DEFINE_LOCK_GUARD_1_COND_4(_name, _ext, _lock, _RET)
#define DEFINE_LOCK_GUARD_1_COND(X...)	\
	CONCATENATE(DEFINE_LOCK_GUARD_1_COND_, COUNT_ARGS(X))(X)

#define guard(_name)		CLASS(_name, __UNIQUE_ID(guard))
/* What an object of a guard's class says of its lock. */
#define __is_cond_ptr(_name)	class_##_name##_is_conditional
#define __guard_err(_name)	class_##_name##_lock_err
#define __guard_ptr(_name)	class_##_name##_lock_ptr

#define ACQUIRE_ERR(_name, _var)	__guard_err(_name)(_var)
#define ACQUIRE(_name, _var)		CLASS(_name, _var)

/* The body of a conditional guard without its lock is skipped; of another one, never. */
#define scoped_guard(_name, args...)					\
	__scope_once(__UNIQUE_ID(done), CLASS(_name, scope)(args),	\
		     !__is_cond_ptr(_name) || __guard_ptr(_name)(&scope))

/* The same with _fail done instead of the body. */
#define scoped_cond_guard(_name, _fail, args...)			\
	__scope_once(__UNIQUE_ID(done), CLASS(_name, scope)(args), true) \
		if (!__guard_ptr(_name)(&scope)) {			\
			BUILD_BUG_ON(!__is_cond_ptr(_name));		\
			_fail;						\
		} else

#include <linux/container_of.h>

#endif /* _LINUX_CLEANUP_H */
