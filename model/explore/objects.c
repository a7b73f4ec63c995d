// SPDX-License-Identifier: GPL-2.0
/* Numbers for the objects of a machine. */

#include "objects.h"
#include "places.h"

/** struct numbered - one of them: where it lies, and the calls that touched it first. */
struct numbered {
	struct place place;
	struct call_path first;
};

/**
 * struct table - what several machines know.
 * @lock:    of all of it
 * @users:   how many those are
 * @numbers: of struct place, plus 1
 * @all:     of struct numbered
 * @shared:  by several machines, now or soon
 */
struct table {
	GMutex lock;
	unsigned int users;
	GHashTable *numbers;
	GArray *all;
	bool shared;
};

/** struct objects - @numbers: of addresses, plus 1. */
struct objects {
	struct machine *machine;
	GHashTable *numbers;
	struct table *table;
};

static uint64_t place_name(const struct place *place)
{
	return place->offset << 8 ^ (uint64_t)place->index << 4 ^ place->kind;
}

static guint place_hash(gconstpointer key)
{
	uint64_t name = place_name(key);

	return (guint)(name ^ name >> 32);
}

static gboolean place_equal(gconstpointer a, gconstpointer b)
{
	const struct place *one = a, *other = b;

	return one->kind == other->kind && one->index == other->index &&
	       one->offset == other->offset;
}

static struct table *table_new(void)
{
	struct table *table = g_new0(struct table, 1);

	g_mutex_init(&table->lock);
	table->numbers = g_hash_table_new_full(place_hash, place_equal, g_free, NULL);
	table->all = g_array_new(FALSE, FALSE, sizeof(struct numbered));
	return table;
}

static void table_leave(struct table *table)
{
	bool last;

	g_mutex_lock(&table->lock);
	last = !--table->users;
	g_mutex_unlock(&table->lock);
	if (!last)
		return;
	g_mutex_clear(&table->lock);
	g_hash_table_unref(table->numbers);
	g_array_unref(table->all);
	g_free(table);
}

static uint32_t table_add(struct table *table, const struct numbered *added)
{
	void *number = g_hash_table_lookup(table->numbers, &added->place);

	if (!number) {
		g_array_append_val(table->all, *added);
		number = GUINT_TO_POINTER(table->all->len);
		g_hash_table_insert(table->numbers,
				    g_memdup2(&added->place, sizeof(added->place)), number);
	}
	return GPOINTER_TO_UINT(number) - 1;
}

struct objects *objects_new(struct machine *machine, struct objects *others)
{
	struct objects *objects = g_new0(struct objects, 1);

	objects->machine = machine;
	objects->numbers = g_hash_table_new(NULL, NULL);
	objects->table = others ? others->table : table_new();
	g_mutex_lock(&objects->table->lock);
	objects->table->users++;
	g_mutex_unlock(&objects->table->lock);
	return objects;
}

void objects_free(struct objects *objects)
{
	g_hash_table_unref(objects->numbers);
	table_leave(objects->table);
	g_free(objects);
}

void objects_share(struct objects *objects)
{
	objects->table->shared = true;
}

uint32_t objects_count(const struct objects *objects)
{
	uint32_t count;

	g_mutex_lock(&objects->table->lock);
	count = objects->table->all->len;
	g_mutex_unlock(&objects->table->lock);
	return count;
}

bool objects_find(const struct objects *objects, uintptr_t address, uint32_t *number)
{
	gpointer found = g_hash_table_lookup(objects->numbers, (gpointer)address);

	*number = GPOINTER_TO_UINT(found) - 1;
	return found;
}

uint32_t objects_add(struct objects *objects, uintptr_t address, const struct call_path *first)
{
	struct numbered added = { .place = place_of(objects->machine, address) };
	uint32_t number;

	g_mutex_lock(&objects->table->lock);
	if (!objects->table->shared)
		added.first = *first;
	number = table_add(objects->table, &added);
	g_mutex_unlock(&objects->table->lock);
	g_hash_table_insert(objects->numbers, (gpointer)address, GUINT_TO_POINTER(number + 1));
	return number;
}

static struct numbered object_at(const struct objects *objects, uint32_t number)
{
	struct numbered found;

	g_mutex_lock(&objects->table->lock);
	found = g_array_index(objects->table->all, struct numbered, number);
	g_mutex_unlock(&objects->table->lock);
	return found;
}

uint64_t objects_name(const struct objects *objects, uint32_t number)
{
	struct place place = object_at(objects, number).place;

	return place_name(&place);
}

char *objects_text(const struct objects *objects, uint32_t number)
{
	struct numbered found = object_at(objects, number);

	return call_path_text(&found.first);
}

GVariant *objects_save(const struct objects *objects)
{
	GVariantBuilder b;

	g_variant_builder_init(&b, G_VARIANT_TYPE(OBJECTS_SAVED));
	for (uint32_t i = 0; i < objects_count(objects); i++) {
		struct place place = object_at(objects, i).place;

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
