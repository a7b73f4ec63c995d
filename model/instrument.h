/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_INSTRUMENT_H
#define _MODEL_INSTRUMENT_H

/*
 * What the machine tells AddressSanitizer and Valgrind, and how it reaches memory
 * behind their backs: nothing at all when neither watches.
 */

#include <stddef.h>
#include <string.h>

#if defined(__has_feature)
#define MODEL_CLANG_ASAN __has_feature(address_sanitizer)
#else
#define MODEL_CLANG_ASAN 0
#endif

#if defined(__SANITIZE_ADDRESS__) || MODEL_CLANG_ASAN
#define MODEL_ASAN 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#else
#define MODEL_ASAN 0
#endif

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#else
#define RUNNING_ON_VALGRIND 0
#define VALGRIND_STACK_REGISTER(start, end) 0
#define VALGRIND_STACK_DEREGISTER(id) do { (void)(id); } while (0)
#define VALGRIND_MAKE_MEM_NOACCESS(addr, len) do { } while (0)
#define VALGRIND_MAKE_MEM_UNDEFINED(addr, len) do { } while (0)
#define VALGRIND_MAKE_MEM_DEFINED(addr, len) do { } while (0)
#endif

/* Unseen by AddressSanitizer, which would take red zones and free memory for errors. */

static inline void raw_copy(void *to, const void *from, size_t len)
{
#if MODEL_ASAN
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(len) : : "memory");
#else
	memcpy(to, from, len);
#endif
}

static inline void raw_fill(void *to, unsigned char byte, size_t len)
{
#if MODEL_ASAN
	__asm__ volatile("rep stosb" : "+D"(to), "+c"(len) : "a"(byte) : "memory");
#else
	memset(to, byte, len);
#endif
}

#endif /* _MODEL_INSTRUMENT_H */
