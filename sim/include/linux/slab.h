/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

/*
 * Simulated: small kernel objects, as include/linux/slab.h of Linux 7.3.
 *
 * Kernel promises: an object is aligned and belongs to one owner from allocation to free;
 *	memory of a SLAB_TYPESAFE_BY_RCU cache stays of its type while a reader may look.
 * Modelled: caches with constructors and alignment on pages of the simulated memory, and
 *	while tasks run beside each other with slabs of each CPU; what one task frees another
 *	doesn't get then, unless the cache is type-safe: there the object freed last is reused
 *	first, by whoever comes next. Freed objects are poisoned (not those with a
 *	constructor or of type-safe caches); a double or foreign free is a BUG. Objects count
 *	for the census by cache.
 * Left out: NUMA preference, accounting, debug options of the kernel.
 *	Pages of a type-safe cache are never given back.
 * Scheduling points: allocating from and freeing to a type-safe cache, on the cache. Else none,
 *	for which object a task gets doesn't depend on others.
 */

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/sizes.h>
#include <linux/types.h>

struct kmem_cache;
struct list_lru;

typedef unsigned int slab_flags_t;

#define SLAB_CONSISTENCY_CHECKS	((slab_flags_t)1U << 0)
#define SLAB_RED_ZONE		((slab_flags_t)1U << 1)
#define SLAB_POISON		((slab_flags_t)1U << 2)
#define SLAB_KMALLOC		((slab_flags_t)1U << 3)
#define SLAB_HWCACHE_ALIGN	((slab_flags_t)1U << 4)
#define SLAB_STORE_USER		((slab_flags_t)1U << 7)
#define SLAB_PANIC		((slab_flags_t)1U << 8)
#define SLAB_TYPESAFE_BY_RCU	((slab_flags_t)1U << 9)
#define SLAB_NOLEAKTRACE	((slab_flags_t)1U << 11)
#define SLAB_NO_MERGE		((slab_flags_t)1U << 12)
#define SLAB_ACCOUNT		((slab_flags_t)1U << 13)
#define SLAB_RECLAIM_ACCOUNT	((slab_flags_t)1U << 17)
#define SLAB_TEMPORARY		SLAB_RECLAIM_ACCOUNT

#define ZERO_SIZE_PTR		((void *)16)
#define ZERO_OR_NULL_PTR(x)	((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)

#define ARCH_KMALLOC_MINALIGN	8
#define ARCH_SLAB_MINALIGN	8
#define KMALLOC_SHIFT_LOW	3
#define KMALLOC_SHIFT_HIGH	(PAGE_SHIFT + 1)
#define KMALLOC_MAX_CACHE_SIZE	(1UL << KMALLOC_SHIFT_HIGH)
#define KMALLOC_MAX_SIZE	(1UL << (MAX_PAGE_ORDER + PAGE_SHIFT))

struct kmem_cache_args {
	unsigned int align;
	unsigned int useroffset;
	unsigned int usersize;
	unsigned int freeptr_offset;
	bool use_freeptr_offset;
	void (*ctor)(void *object);
	unsigned int sheaf_capacity;
};

bool slab_is_available(void);

struct kmem_cache *__kmem_cache_create_args(const char *name, unsigned int object_size,
					    struct kmem_cache_args *args, slab_flags_t flags);

static inline struct kmem_cache *
__kmem_cache_create(const char *name, unsigned int size, unsigned int align,
		    slab_flags_t flags, void (*ctor)(void *object))
{
	struct kmem_cache_args args = { .align = align, .ctor = ctor };

	return __kmem_cache_create_args(name, size, &args, flags);
}

static inline struct kmem_cache *
__kmem_cache_default_args(const char *name, unsigned int size, struct kmem_cache_args *args,
			  slab_flags_t flags)
{
	struct kmem_cache_args none = {};

	return __kmem_cache_create_args(name, size, &none, flags);
}

/** kmem_cache_create() - (name, size, args, flags) or (name, size, align, flags, ctor). */
#define kmem_cache_create(_name, _size, _args, ...)				\
	_Generic((_args),							\
		struct kmem_cache_args *: __kmem_cache_create_args,		\
		void *: __kmem_cache_default_args,				\
		default: __kmem_cache_create)(_name, _size, _args, __VA_ARGS__)

#define KMEM_CACHE(_struct, _flags)						\
	__kmem_cache_create_args(#_struct, sizeof(struct _struct),		\
				 &(struct kmem_cache_args){			\
					.align = __alignof__(struct _struct),	\
				 }, (_flags))

void kmem_cache_destroy(struct kmem_cache *s);
int kmem_cache_shrink(struct kmem_cache *s);
unsigned int kmem_cache_size(struct kmem_cache *s);
void *kmem_cache_alloc(struct kmem_cache *s, gfp_t gfp);
void *kmem_cache_alloc_lru(struct kmem_cache *s, struct list_lru *lru, gfp_t gfp);
void *kmem_cache_alloc_node(struct kmem_cache *s, gfp_t gfp, int node);
void kmem_cache_free(struct kmem_cache *s, void *object);

#define kmem_cache_zalloc(_s, _gfp)	kmem_cache_alloc(_s, (_gfp) | __GFP_ZERO)

void *__kmalloc(size_t size, gfp_t gfp) __attribute__((alloc_size(1)));
void kfree(const void *object);
void kfree_sensitive(const void *object);
void *krealloc(const void *object, size_t size, gfp_t gfp) __attribute__((alloc_size(2)));
size_t ksize(const void *object);
size_t kmalloc_size_roundup(size_t size);

DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))
DEFINE_FREE(kfree_sensitive, void *, if (_T) kfree_sensitive(_T))

#define kmalloc(_size, _gfp)			__kmalloc((_size), (_gfp))
#define kzalloc(_size, _gfp)			__kmalloc((_size), (_gfp) | __GFP_ZERO)
#define kmalloc_node(_size, _gfp, _node)	__kmalloc((_size), (_gfp))
#define kzalloc_node(_size, _gfp, _node)	__kmalloc((_size), (_gfp) | __GFP_ZERO)

static inline void *kmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	return check_mul_overflow(n, size, &bytes) ? NULL : __kmalloc(bytes, gfp);
}

static inline void *krealloc_array(void *p, size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	return check_mul_overflow(n, size, &bytes) ? NULL : krealloc(p, bytes, gfp);
}

#define kcalloc(_n, _size, _gfp)		kmalloc_array((_n), (_size), (_gfp) | __GFP_ZERO)

void *__kvmalloc(size_t size, gfp_t gfp) __attribute__((alloc_size(1)));
void kvfree(const void *addr);
void kvfree_sensitive(const void *addr, size_t len);

DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kvfree(_T))

#define kvmalloc(_size, _gfp)			__kvmalloc((_size), (_gfp))
#define kvzalloc(_size, _gfp)			__kvmalloc((_size), (_gfp) | __GFP_ZERO)
#define kvmalloc_node(_size, _gfp, _node)	__kvmalloc((_size), (_gfp))

static inline void *kvmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	return check_mul_overflow(n, size, &bytes) ? NULL : __kvmalloc(bytes, gfp);
}

#define kvcalloc(_n, _size, _gfp)		kvmalloc_array((_n), (_size), (_gfp) | __GFP_ZERO)

/* Typed allocations: (type or variable[, count][, gfp]); GFP_KERNEL when left out. */
#define __alloc_objs(_alloc, _gfp, _type, _count)				\
	((_type *)_alloc(size_mul(sizeof(_type), (_count)), (_gfp)))

#define __alloc_flex(_alloc, _gfp, _type, _fam, _count)				\
	((_type *)_alloc(size_add(sizeof(_type),				\
				  size_mul(sizeof(*((_type *)NULL)->_fam), (_count))), (_gfp)))

#define kmalloc_obj(_t, ...)		\
	__alloc_objs(kmalloc, default_gfp(__VA_ARGS__), typeof(_t), 1)
#define kmalloc_objs(_t, _n, ...)	\
	__alloc_objs(kmalloc, default_gfp(__VA_ARGS__), typeof(_t), _n)
#define kmalloc_flex(_t, _fam, _n, ...)	\
	__alloc_flex(kmalloc, default_gfp(__VA_ARGS__), typeof(_t), _fam, _n)
#define kzalloc_obj(_t, ...)		\
	__alloc_objs(kzalloc, default_gfp(__VA_ARGS__), typeof(_t), 1)
#define kzalloc_objs(_t, _n, ...)	\
	__alloc_objs(kzalloc, default_gfp(__VA_ARGS__), typeof(_t), _n)
#define kzalloc_flex(_t, _fam, _n, ...)	\
	__alloc_flex(kzalloc, default_gfp(__VA_ARGS__), typeof(_t), _fam, _n)
#define kvmalloc_obj(_t, ...)		\
	__alloc_objs(kvmalloc, default_gfp(__VA_ARGS__), typeof(_t), 1)
#define kvmalloc_objs(_t, _n, ...)	\
	__alloc_objs(kvmalloc, default_gfp(__VA_ARGS__), typeof(_t), _n)
#define kvmalloc_flex(_t, _fam, _n, ...) \
	__alloc_flex(kvmalloc, default_gfp(__VA_ARGS__), typeof(_t), _fam, _n)
#define kvzalloc_obj(_t, ...)		\
	__alloc_objs(kvzalloc, default_gfp(__VA_ARGS__), typeof(_t), 1)
#define kvzalloc_objs(_t, _n, ...)	\
	__alloc_objs(kvzalloc, default_gfp(__VA_ARGS__), typeof(_t), _n)
#define kvzalloc_flex(_t, _fam, _n, ...) \
	__alloc_flex(kvzalloc, default_gfp(__VA_ARGS__), typeof(_t), _fam, _n)

char *kstrdup(const char *s, gfp_t gfp);
const char *kstrdup_const(const char *s, gfp_t gfp);
char *kstrndup(const char *s, size_t max, gfp_t gfp);
void *kmemdup(const void *src, size_t len, gfp_t gfp);
char *kmemdup_nul(const char *s, size_t len, gfp_t gfp);
void kfree_const(const void *x);

#endif /* _LINUX_SLAB_H */
