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

#define no_free_ptr(p)	((typeof(p))__must_check_fn(__get_and_null(p, NULL)))
#define return_ptr(p)	return no_free_ptr(p)
#define retain_and_null_ptr(p)	((void)__get_and_null(p, NULL))

/* Classes: a value with a constructor, and a destructor in which _T is the value. */
#define DEFINE_CLASS(_name, _type, _exit, _init, _init_args...)		\
typedef _type class_##_name##_t;					\
typedef _type lock_##_name##_t;						\
static __always_inline void class_##_name##_destructor(_type *p)	\
{									\
	_type _T = *p;							\
	_exit;								\
}									\
static __always_inline _type class_##_name##_constructor(_init_args)	\
{									\
	_type t = _init;						\
	return t;							\
}

#define EXTEND_CLASS_COND(_name, ext, _skip, _init, _init_args...)	\
typedef lock_##_name##_t lock_##_name##ext##_t;				\
typedef class_##_name##_t class_##_name##ext##_t;			\
static __always_inline void						\
class_##_name##ext##_destructor(class_##_name##_t *_T)			\
{									\
	if (!(_skip))							\
		class_##_name##_destructor(_T);				\
}									\
static __always_inline class_##_name##_t				\
class_##_name##ext##_constructor(_init_args)				\
{									\
	class_##_name##_t t = _init;					\
	return t;							\
}
#define EXTEND_CLASS(_name, ext, _init, _init_args...)			\
	EXTEND_CLASS_COND(_name, ext, 0, _init, _init_args)

#define CLASS(_name, var)						\
	class_##_name##_t var __cleanup(class_##_name##_destructor) =	\
		class_##_name##_constructor
#define CLASS_INIT(_name, var, _init_expr)				\
	class_##_name##_t var __cleanup(class_##_name##_destructor) = (_init_expr)

/* One pass of a loop is the scope; goto, so that break leaves only this loop. */
#define __scoped_class(_name, var, _label, args...)			\
	for (CLASS(_name, var)(args); ; ({ goto _label; }))		\
		if (0) {						\
_label:									\
			break;						\
		} else
#define scoped_class(_name, var, args...)				\
	__scoped_class(_name, var, __UNIQUE_ID(label), args)

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

#define DEFINE_CLASS_IS_GUARD(_name)					\
	__DEFINE_CLASS_IS_CONDITIONAL(_name, false);			\
	__DEFINE_GUARD_LOCK_PTR(_name, _T)
#define DEFINE_CLASS_IS_COND_GUARD(_name)				\
	__DEFINE_CLASS_IS_CONDITIONAL(_name, true);			\
	__DEFINE_GUARD_LOCK_PTR(_name, _T)

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
#define __DEFINE_UNLOCK_GUARD(_name, _type, _unlock, ...)		\
typedef _type lock_##_name##_t;						\
typedef struct {							\
	_type *lock;							\
	__VA_ARGS__;							\
} class_##_name##_t;							\
static __always_inline void						\
class_##_name##_destructor(class_##_name##_t *_T)			\
{									\
	if (!__GUARD_IS_ERR(_T->lock)) {				\
		_unlock;						\
	}								\
}									\
__DEFINE_GUARD_LOCK_PTR(_name, &_T->lock)

#define DEFINE_LOCK_GUARD_1(_name, _type, _lock, _unlock, ...)		\
__DEFINE_CLASS_IS_CONDITIONAL(_name, false);				\
__DEFINE_UNLOCK_GUARD(_name, _type, _unlock, __VA_ARGS__)		\
static __always_inline class_##_name##_t				\
class_##_name##_constructor(_type *l)					\
{									\
	class_##_name##_t _t = { .lock = l }, *_T = &_t;		\
	_lock;								\
	return _t;							\
}

#define DEFINE_LOCK_GUARD_0(_name, _lock, _unlock, ...)			\
__DEFINE_CLASS_IS_CONDITIONAL(_name, false);				\
__DEFINE_UNLOCK_GUARD(_name, void, _unlock, __VA_ARGS__)		\
static __always_inline class_##_name##_t class_##_name##_constructor(void) \
{									\
	class_##_name##_t _t = { .lock = (void *)1 },			\
			  *_T __maybe_unused = &_t;			\
	_lock;								\
	return _t;							\
}

#define DECLARE_LOCK_GUARD_0_ATTRS(_name, _lock, _unlock)
#define DECLARE_LOCK_GUARD_1_ATTRS(_name, _lock, _unlock)
#define WITH_LOCK_GUARD_1_ATTRS(_name, _T)	class_##_name##_constructor(_T)

#define DEFINE_LOCK_GUARD_1_COND_4(_name, _ext, _lock, _cond)		\
	__DEFINE_CLASS_IS_CONDITIONAL(_name##_ext, true);		\
	EXTEND_CLASS_COND(_name, _ext, __GUARD_IS_ERR(_T->lock),	\
		({ class_##_name##_t _t = { .lock = l }, *_T = &_t;	\
		   int _RET = (_lock);					\
		   if (_T->lock && !(_cond)) _T->lock = ERR_PTR(_RET);	\
		   _t; }),						\
		typeof_member(class_##_name##_t, lock) l)		\
	__COND_GUARD_ACCESSORS(_name, _ext)
#define DEFINE_LOCK_GUARD_1_COND_3(_name, _ext, _lock)			\
	DEFINE_LOCK_GUARD_1_COND_4(_name, _ext, _lock, _RET)
#define DEFINE_LOCK_GUARD_1_COND(X...)	\
	CONCATENATE(DEFINE_LOCK_GUARD_1_COND_, COUNT_ARGS(X))(X)

#define guard(_name)		CLASS(_name, __UNIQUE_ID(guard))
#define __guard_ptr(_name)	class_##_name##_lock_ptr
#define __guard_err(_name)	class_##_name##_lock_err
#define __is_cond_ptr(_name)	class_##_name##_is_conditional

#define ACQUIRE(_name, _var)		CLASS(_name, _var)
#define ACQUIRE_ERR(_name, _var)	__guard_err(_name)(_var)

#define __scoped_guard(_name, _label, args...)				\
	for (CLASS(_name, scope)(args);					\
	     __guard_ptr(_name)(&scope) || !__is_cond_ptr(_name);	\
	     ({ goto _label; }))					\
		if (0) {						\
_label:									\
			break;						\
		} else
#define scoped_guard(_name, args...)					\
	__scoped_guard(_name, __UNIQUE_ID(label), args)

#define __scoped_cond_guard(_name, _fail, _label, args...)		\
	for (CLASS(_name, scope)(args); true; ({ goto _label; }))	\
		if (!__guard_ptr(_name)(&scope)) {			\
			BUILD_BUG_ON(!__is_cond_ptr(_name));		\
			_fail;						\
_label:									\
			break;						\
		} else
#define scoped_cond_guard(_name, _fail, args...)			\
	__scoped_cond_guard(_name, _fail, __UNIQUE_ID(label), args)

#include <linux/container_of.h>

#endif /* _LINUX_CLEANUP_H */
