// SPDX-License-Identifier: GPL-2.0
/* Numbers for the objects of a machine. */

#include "objects.h"
#include "places.h"

/** struct numbered - one of them: where it lies, and the calls that touched it first. */
struct numbered {
	struct place place;
	struct call_path first;
};

/** struct objects - @all: of struct numbered; @numbers: of addresses, plus 1. */
struct objects {
	struct machine *machine;
	GHashTable *numbers;
	GArray *all;
};

struct objects *objects_new(struct machine *machine)
{
	struct objects *objects = g_new0(struct objects, 1);

	objects->machine = machine;
	objects->numbers = g_hash_table_new(NULL, NULL);
	objects->all = g_array_new(FALSE, FALSE, sizeof(struct numbered));
	return objects;
}

void objects_free(struct objects *objects)
{
	g_hash_table_unref(objects->numbers);
	g_array_unref(objects->all);
	g_free(objects);
}

uint32_t objects_count(const struct objects *objects)
{
	return objects->all->len;
}

uint32_t objects_find(const struct objects *objects, uintptr_t address)
{
	gpointer found = g_hash_table_lookup(objects->numbers, (gpointer)address);

	return found ? GPOINTER_TO_UINT(found) - 1 : objects_count(objects);
}

void objects_add(struct objects *objects, uintptr_t address, const struct call_path *first)
{
	struct numbered added = {
		.place = place_of(objects->machine, address), .first = *first,
	};

	g_array_append_val(objects->all, added);
	g_hash_table_insert(objects->numbers, (gpointer)address,
			    GUINT_TO_POINTER(objects_count(objects)));
}

static const struct numbered *object_at(const struct objects *objects, uint32_t number)
{
	return &g_array_index(objects->all, struct numbered, number);
}

uint64_t objects_name(const struct objects *objects, uint32_t number)
{
	struct place place = object_at(objects, number)->place;

	return place.offset << 8 ^ (uint64_t)place.index << 4 ^ place.kind;
}

char *objects_text(const struct objects *objects, uint32_t number)
{
	return call_path_text(&object_at(objects, number)->first);
}

GVariant *objects_save(const struct objects *objects)
{
	GVariantBuilder b;

	g_variant_builder_init(&b, G_VARIANT_TYPE(OBJECTS_SAVED));
	for (uint32_t i = 0; i < objects_count(objects); i++) {
		struct place place = object_at(objects, i)->place;

		g_variant_builder_add(&b, "(yut)", place.kind, place.index, place.offset);
	}
	return g_variant_builder_end(&b);
}

void objects_load(struct objects *objects, GVariant *saved)
{
	const struct call_path unknown = { 0 };
	struct place place;
	GVariantIter it;

	g_variant_iter_init(&it, saved);
	while (g_variant_iter_next(&it, "(yut)", &place.kind, &place.index, &place.offset))
		objects_add(objects, place_address(objects->machine, place), &unknown);
}
