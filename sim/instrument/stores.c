// SPDX-License-Identifier: GPL-2.0
/*
 * What an image calls before each store: instead of KASAN's runtime, whose names the compiler
 * knows, notes of what is about to be overwritten, so that it can be undone. While nobody wants
 * to undo anything a call is three comparisons.
 */

#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>
#include <sim/sim.h>

#include "wrap.h"

static struct host_undo undo_off;
static struct host_undo *log = &undo_off;

void sim_undo_to(struct host_undo *undo)
{
	log = undo;
}

static inline bool is_noted(const struct host_undo *undo, unsigned long addr)
{
	return addr - undo->direct < undo->size ||
	       addr - undo->statics < undo->statics_size ||
	       addr - undo->user < undo->user_size;
}

/* Whether the same memory lies there at all times. */
static inline bool is_fixed(const struct host_undo *undo, unsigned long addr, size_t size)
{
	return addr - undo->direct >= undo->size ||
	       addr + size - undo->direct <= undo->memory ||
	       addr + size - undo->vmalloc <= undo->memory;
}

/* Whole words. */
static void push(struct host_undo *undo, unsigned long addr, size_t size)
{
	char *at = undo->at;

	if (!is_fixed(undo, addr, size) || size + 8 > (size_t)(undo->limit - at)) {
		sim_host->undo(addr, size);
		return;
	}
	__real_memcpy(at, (const void *)addr, size);
	*(u64 *)(at + size) = addr | (u64)size << HOST_UNDO_SIZE_SHIFT;
	undo->at = at + size + 8;
}

static void push_word(struct host_undo *undo, unsigned long addr)
{
	char *at = undo->at;

	if (!is_fixed(undo, addr, 8) || undo->limit - at < 16) {
		sim_host->undo(addr, 8);
		return;
	}
	*(u64 *)at = *(const u64 *)addr;
	*(u64 *)(at + 8) = addr | 8ULL << HOST_UNDO_SIZE_SHIFT;
	undo->at = at + 16;
}

static inline void note_few(unsigned long addr, size_t size)
{
	struct host_undo *undo = log;

	if (likely(!is_noted(undo, addr)))
		return;
	push_word(undo, addr & ~7UL);
	if ((addr & 7) + size > 8)
		push_word(undo, (addr & ~7UL) + 8);
}

void sim_undo_note(const volatile void *address, host_size size)
{
	struct host_undo *undo = log;
	unsigned long addr = (unsigned long)address & ~7UL;
	unsigned long end = ((unsigned long)address + size + 7) & ~7UL;

	if (!size || likely(!is_noted(undo, addr)))
		return;
	while (addr < end) {
		size_t part = min(end - addr, HOST_UNDO_NOTE_MAX);

		push(undo, addr, part);
		addr += part;
	}
}

#define STORE(size)						\
void __asan_store##size##_noabort(unsigned long addr);		\
void __asan_store##size##_noabort(unsigned long addr)		\
{								\
	note_few(addr, size);					\
}

STORE(1)
STORE(2)
STORE(4)
STORE(8)

void __asan_store16_noabort(unsigned long addr);
void __asan_store16_noabort(unsigned long addr)
{
	sim_undo_note((void *)addr, 16);
}

void __asan_storeN_noabort(unsigned long addr, size_t size);
void __asan_storeN_noabort(unsigned long addr, size_t size)
{
	sim_undo_note((void *)addr, size);
}

void __asan_handle_no_return(void);
void __asan_handle_no_return(void)
{
}

WRAP(void *, memcpy, void *dst, const void *src, size_t n)
{
	sim_undo_note(dst, n);
	return __real_memcpy(dst, src, n);
}

WRAP(void *, memmove, void *dst, const void *src, size_t n)
{
	sim_undo_note(dst, n);
	return __real_memmove(dst, src, n);
}

WRAP(void *, memset, void *dst, int c, size_t n)
{
	sim_undo_note(dst, n);
	return __real_memset(dst, c, n);
}

WRAP(char *, strcpy, char *dst, const char *src)
{
	sim_undo_note(dst, strlen(src) + 1);
	return __real_strcpy(dst, src);
}

WRAP(char *, strncpy, char *dst, const char *src, size_t n)
{
	sim_undo_note(dst, n);
	return __real_strncpy(dst, src, n);
}

WRAP(char *, strcat, char *dst, const char *src)
{
	sim_undo_note(dst + strlen(dst), strlen(src) + 1);
	return __real_strcat(dst, src);
}
