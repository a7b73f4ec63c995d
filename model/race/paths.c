// SPDX-License-Identifier: GPL-2.0
/*
 * Call paths by number: an open hash table of numbers, and the paths themselves.
 */

#include <string.h>

#include "paths.h"

#define SLOTS_MIN	1024u

/**
 * struct paths - see there.
 * @all:   of struct call_path
 * @slots: numbers, + 1; 0 is free
 * @size:  of those, a power of two
 */
struct paths {
	GArray *all;
	uint32_t *slots;
	uint32_t size;
};

struct paths *paths_new(void)
{
	struct paths *paths = g_new0(struct paths, 1);

	paths->all = g_array_new(FALSE, FALSE, sizeof(struct call_path));
	paths->size = SLOTS_MIN;
	paths->slots = g_new0(uint32_t, paths->size);
	return paths;
}

void paths_free(struct paths *paths)
{
	g_array_free(paths->all, TRUE);
	g_free(paths->slots);
	g_free(paths);
}

static uint32_t hash_of(const struct call_path *path)
{
	uint64_t hash = path->nr;

	for (unsigned int i = 0; i < path->nr; i++) {
		hash = (hash ^ path->offset[i]) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 29;
	}
	return hash;
}

static bool is_same(const struct call_path *a, const struct call_path *b)
{
	return a->image == b->image && a->nr == b->nr &&
	       !memcmp(a->offset, b->offset, a->nr * sizeof(a->offset[0]));
}

/* Where the path is, or would be. */
static uint32_t slot_of(const struct paths *paths, const struct call_path *path)
{
	for (uint32_t i = hash_of(path);; i++) {
		uint32_t slot = i & (paths->size - 1);
		uint32_t number = paths->slots[slot];

		if (!number || is_same(paths_at(paths, number - 1), path))
			return slot;
	}
}

static void grow(struct paths *paths)
{
	g_free(paths->slots);
	paths->size *= 2;
	paths->slots = g_new0(uint32_t, paths->size);
	for (uint32_t i = 0; i < paths->all->len; i++)
		paths->slots[slot_of(paths, paths_at(paths, i))] = i + 1;
}

uint32_t paths_number(struct paths *paths, const struct machine *machine,
		      const struct host_access *access)
{
	const struct kernel *kernel = machine->now;
	struct call_path path = { .image = kernel->image, .nr = access->callers_nr };
	uint32_t slot;

	/* Return addresses point behind the call: one byte less is inside it. */
	for (unsigned int i = 0; i < path.nr; i++)
		path.offset[i] = kernel->text_start - kernel->base + access->callers[i] - 1;
	slot = slot_of(paths, &path);
	if (paths->slots[slot])
		return paths->slots[slot] - 1;
	g_array_append_val(paths->all, path);
	paths->slots[slot] = paths->all->len;
	if (paths->all->len * 2 > paths->size)
		grow(paths);
	return paths->all->len - 1;
}

const struct call_path *paths_at(const struct paths *paths, uint32_t number)
{
	return &g_array_index(paths->all, struct call_path, number);
}
