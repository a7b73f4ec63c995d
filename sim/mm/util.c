// SPDX-License-Identifier: GPL-2.0
/*
 * Allocations made of others. Semantics: mm/util.c and mm/slub.c of Linux 7.3.
 */

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "internal.h"

/**
 * krealloc() - resize an allocation, keeping the smaller size's worth of contents.
 *
 * Return: the new place; NULL and the old one untouched if there is no memory;
 * ZERO_SIZE_PTR for a size of 0, the old one being freed then.
 */
void *krealloc(const void *object, size_t size, gfp_t gfp)
{
	size_t old = ksize(object);
	void *new;

	if (!size) {
		kfree(object);
		return ZERO_SIZE_PTR;
	}
	new = __kmalloc(size, gfp);
	if (new && !ZERO_OR_NULL_PTR(object)) {
		sim_mem_state((void *)object, old, HOST_MEM_DEFINED);
		memcpy(new, object, min(old, size));
		kfree(object);
	}
	return new;
}

void kfree_sensitive(const void *object)
{
	size_t size = ksize(object);

	if (size) {
		sim_mem_state((void *)object, size, HOST_MEM_DEFINED);
		memset((void *)object, 0, size);
	}
	kfree(object);
}

/**
 * __kvmalloc() - kmalloc(), or vmalloc() for what is large or can't be had otherwise.
 *
 * Sizes above INT_MAX are refused with a warning.
 */
void *__kvmalloc(size_t size, gfp_t gfp)
{
	void *ptr = NULL;

	if (size <= KMALLOC_MAX_SIZE) {
		/* The fall-back makes failing noisily pointless for more than a page. */
		ptr = __kmalloc(size, size > PAGE_SIZE ? gfp | __GFP_NOWARN | __GFP_NORETRY : gfp);
		if (ptr || size <= PAGE_SIZE)
			return ptr;
	}
	if (size > INT_MAX) {
		WARN_ON_ONCE(!(gfp & __GFP_NOWARN));
		return NULL;
	}
	return __vmalloc(size, gfp);
}

void kvfree(const void *addr)
{
	if (is_vmalloc_addr(addr))
		vfree(addr);
	else
		kfree(addr);
}

void kvfree_sensitive(const void *addr, size_t len)
{
	if (ZERO_OR_NULL_PTR(addr))
		return;
	memset((void *)addr, 0, len);
	kvfree(addr);
}

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *copy = kmalloc(len, gfp);

	if (copy)
		memcpy(copy, src, len);
	return copy;
}

char *kmemdup_nul(const char *s, size_t len, gfp_t gfp)
{
	char *copy;

	if (!s)
		return NULL;
	copy = kmalloc(len + 1, gfp);
	if (copy) {
		memcpy(copy, s, len);
		copy[len] = '\0';
	}
	return copy;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strlen(s), gfp) : NULL;
}

char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strnlen(s, max), gfp) : NULL;
}

const char *kstrdup_const(const char *s, gfp_t gfp)
{
	return kstrdup(s, gfp);
}

void kfree_const(const void *x)
{
	kfree(x);
}
