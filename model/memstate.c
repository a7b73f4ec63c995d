// SPDX-License-Identifier: GPL-2.0
/*
 * Forwarding memory states to AddressSanitizer or Valgrind.
 *
 * Marking all of memory as plain at each boot would touch megabytes of shadow memory.
 * So it is remembered, in coarse pieces, what was ever marked otherwise.
 */

#include <glib.h>
#include <stdint.h>

#include "instrument.h"
#include "memstate.h"

#define GRANULE		(128UL << 10)

static _Thread_local GHashTable *granules;
static _Thread_local uintptr_t last_granule;

int memstate_watched(void)
{
	return MODEL_ASAN || RUNNING_ON_VALGRIND;
}

static void tell(void *addr, host_size len, enum host_mem state)
{
#if MODEL_ASAN
	if (state == HOST_MEM_NOACCESS)
		ASAN_POISON_MEMORY_REGION(addr, len);
	else
		ASAN_UNPOISON_MEMORY_REGION(addr, len);
#else
	if (state == HOST_MEM_NOACCESS)
		VALGRIND_MAKE_MEM_NOACCESS(addr, len);
	else if (state == HOST_MEM_UNDEFINED)
		VALGRIND_MAKE_MEM_UNDEFINED(addr, len);
	else
		VALGRIND_MAKE_MEM_DEFINED(addr, len);
#endif
	(void)addr;
	(void)len;
}

static void remember(uintptr_t from, uintptr_t to)
{
	for (uintptr_t granule = from / GRANULE; granule <= (to - 1) / GRANULE; granule++) {
		if (granule == last_granule)
			continue;
		if (!granules)
			granules = g_hash_table_new(NULL, NULL);
		g_hash_table_add(granules, (void *)granule);
		last_granule = granule;
	}
}

void memstate_set(void *addr, host_size len, enum host_mem state)
{
	if (!len)
		return;
	remember((uintptr_t)addr, (uintptr_t)addr + len);
	tell(addr, len, state);
}

void memstate_reset(void *addr, host_size len)
{
	uintptr_t from = (uintptr_t)addr / GRANULE;
	uintptr_t to = ((uintptr_t)addr + len + GRANULE - 1) / GRANULE;
	GHashTableIter iter;
	void *granule;

	if (!granules)
		return;
	g_hash_table_iter_init(&iter, granules);
	while (g_hash_table_iter_next(&iter, &granule, NULL)) {
		if ((uintptr_t)granule < from || (uintptr_t)granule >= to)
			continue;
		tell((void *)((uintptr_t)granule * GRANULE), GRANULE, HOST_MEM_DEFINED);
		g_hash_table_iter_remove(&iter);
	}
	last_granule = 0;
}
