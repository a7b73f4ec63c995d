// SPDX-License-Identifier: GPL-2.0
/*
 * The journal: a stack of notes, each with what it takes to undo a change lying below it.
 */

#include <string.h>

#include "journal.h"

/**
 * struct note - a change.
 * @undo: puts back what was; @data are the @size bytes saved for it
 * @drop: it will not be undone any more; or NULL
 * @object: what was changed
 * @a, @b, @fn: as @undo and @drop want them
 * @size: of the data below, padding included
 */
struct note {
	void (*undo)(const struct note *note, const void *data);
	void (*drop)(const struct note *note);
	void *object;
	uint64_t a;
	uint64_t b;
	union {
		void (*undo)(void *ctx, uint64_t a, uint64_t b);
		GDestroyNotify destroy;
		const struct journal_table_type *type;
	} fn;
	size_t size;
};

/** struct journal - @used of @room bytes of @stack are notes. */
struct journal {
	char *stack;
	size_t used;
	size_t room;
};

_Thread_local struct journal *journal_now;

void journal_begin(void)
{
	g_assert(!journal_now);
	journal_now = g_new0(struct journal, 1);
}

static struct note *last_note(const struct journal *journal)
{
	return (struct note *)(journal->stack + journal->used) - 1;
}

void journal_end(void)
{
	struct journal *journal = journal_now;

	if (!journal)
		return;
	journal_now = NULL;
	while (journal->used) {
		const struct note *note = last_note(journal);

		if (note->drop)
			note->drop(note);
		journal->used -= sizeof(*note) + note->size;
	}
	g_free(journal->stack);
	g_free(journal);
}

size_t journal_mark(void)
{
	return journal_now->used;
}

/* Nothing is noted while it is undone. */
void journal_rewind(size_t mark)
{
	struct journal *journal = journal_now;

	g_assert(mark <= journal->used);
	journal_now = NULL;
	while (journal->used > mark) {
		const struct note *note = last_note(journal);

		note->undo(note, (const char *)note - note->size);
		journal->used -= sizeof(*note) + note->size;
	}
	g_assert(journal->used == mark);
	journal_now = journal;
}

/* A note with room for @size bytes of data, which *@datap gets. */
static struct note *add_note(size_t size, void **datap)
{
	struct journal *journal = journal_now;
	size_t padded = (size + 7) & ~(size_t)7;
	size_t need = journal->used + padded + sizeof(struct note);

	if (need > journal->room) {
		journal->room = MAX(2 * journal->room, need + (1u << 16));
		journal->stack = g_realloc(journal->stack, journal->room);
	}
	*datap = journal->stack + journal->used;
	journal->used = need;
	*last_note(journal) = (struct note){ .size = padded };
	return last_note(journal);
}

/* Plain memory */

static void undo_bytes(const struct note *note, const void *data)
{
	memcpy(note->object, data, note->a);
}

void journal_save_bytes(void *at, size_t size)
{
	void *data;
	struct note *note = add_note(size, &data);

	note->undo = undo_bytes;
	note->object = at;
	note->a = size;
	memcpy(data, at, size);
}

static void undo_by_call(const struct note *note, const void *data)
{
	(void)data;
	note->fn.undo(note->object, note->a, note->b);
}

void journal_undo(void (*undo)(void *ctx, uint64_t a, uint64_t b), void *ctx, uint64_t a,
		  uint64_t b)
{
	struct note *note;
	void *data;

	if (!journal_now)
		return;
	note = add_note(0, &data);
	note->undo = undo_by_call;
	note->object = ctx;
	note->a = a;
	note->b = b;
	note->fn.undo = undo;
}

static void undo_string(const struct note *note, const void *data)
{
	char **slot = note->object;

	(void)data;
	g_free(*slot);
	*slot = (char *)(uintptr_t)note->a;
}

static void drop_string(const struct note *note)
{
	g_free((char *)(uintptr_t)note->a);
}

void journal_string(char **slot, char *string)
{
	if (journal_now) {
		void *data;
		struct note *note = add_note(0, &data);

		note->undo = undo_string;
		note->drop = drop_string;
		note->object = slot;
		note->a = (uintptr_t)*slot;
	} else {
		g_free(*slot);
	}
	*slot = string;
}

/* Arrays and texts: elements can move to other memory meanwhile. */

static void undo_array(const struct note *note, const void *data)
{
	GArray *array = note->object;

	g_array_set_size(array, note->a);
	if (note->b)
		g_array_append_vals(array, data, note->b);
}

void journal_array(GArray *array, unsigned int from)
{
	size_t size = (size_t)(array->len - from) * g_array_get_element_size(array);
	struct note *note;
	void *data;

	if (!journal_now)
		return;
	note = add_note(size, &data);
	note->undo = undo_array;
	note->object = array;
	note->a = from;
	note->b = array->len - from;
	if (size)
		memcpy(data, array->data + from * (size_t)g_array_get_element_size(array), size);
}

static void undo_element(const struct note *note, const void *data)
{
	GArray *array = note->object;
	size_t size = g_array_get_element_size(array);

	memcpy(array->data + note->a * size, data, size);
}

void journal_element(GArray *array, unsigned int i)
{
	size_t size = g_array_get_element_size(array);
	struct note *note;
	void *data;

	if (!journal_now)
		return;
	note = add_note(size, &data);
	note->undo = undo_element;
	note->object = array;
	note->a = i;
	memcpy(data, array->data + i * size, size);
}

void journal_array_cut(GArray *array, unsigned int length)
{
	if (array->len == length)
		return;
	journal_array(array, length);
	g_array_set_size(array, length);
}

static void undo_text(const struct note *note, const void *data)
{
	g_string_truncate(note->object, note->a);
	g_string_append_len(note->object, data, (gssize)note->b);
}

void journal_text(GString *text, size_t from)
{
	struct note *note;
	void *data;

	if (!journal_now)
		return;
	note = add_note(text->len - from, &data);
	note->undo = undo_text;
	note->object = text;
	note->a = from;
	note->b = text->len - from;
	memcpy(data, text->str + from, text->len - from);
}

/* Arrays of pointers */

static void undo_add(const struct note *note, const void *data)
{
	(void)data;
	g_ptr_array_set_size(note->object, (gint)note->a);
}

void journal_ptrs_add(GPtrArray *array, void *element)
{
	if (journal_now) {
		void *data;
		struct note *note = add_note(0, &data);

		note->undo = undo_add;
		note->object = array;
		note->a = array->len;
	}
	g_ptr_array_add(array, element);
}

static void undo_remove(const struct note *note, const void *data)
{
	(void)data;
	g_ptr_array_insert(note->object, (gint)note->a, (void *)(uintptr_t)note->b);
}

static void drop_removed(const struct note *note)
{
	if (note->fn.destroy)
		note->fn.destroy((void *)(uintptr_t)note->b);
}

void journal_ptrs_remove(GPtrArray *array, unsigned int i, GDestroyNotify destroy)
{
	struct note *note;
	void *data;

	if (!journal_now) {
		g_ptr_array_remove_index(array, i);
		return;
	}
	note = add_note(0, &data);
	note->undo = undo_remove;
	note->drop = drop_removed;
	note->object = array;
	note->a = i;
	note->b = (uintptr_t)g_ptr_array_steal_index(array, i);
	note->fn.destroy = destroy;
}

void journal_ptrs_clear(GPtrArray *array, GDestroyNotify destroy)
{
	if (!journal_now)
		g_ptr_array_set_size(array, 0);
	while (array->len)
		journal_ptrs_remove(array, array->len - 1, destroy);
}

/* Hash tables */

static void undo_put(const struct note *note, const void *data)
{
	(void)data;
	g_hash_table_remove(note->object, (void *)(uintptr_t)note->a);
}

static void undo_take(const struct note *note, const void *data)
{
	(void)data;
	g_hash_table_insert(note->object, (void *)(uintptr_t)note->a,
			    (void *)(uintptr_t)note->b);
}

static void drop_taken(const struct note *note)
{
	const struct journal_table_type *type = note->fn.type;

	if (type->key)
		type->key((void *)(uintptr_t)note->a);
	if (type->value)
		type->value((void *)(uintptr_t)note->b);
}

static void note_taken(GHashTable *table, const struct journal_table_type *type, void *key,
		       void *value)
{
	void *data;
	struct note *note = add_note(0, &data);

	note->undo = undo_take;
	note->drop = drop_taken;
	note->object = table;
	note->a = (uintptr_t)key;
	note->b = (uintptr_t)value;
	note->fn.type = type;
}

void journal_table_remove(GHashTable *table, const struct journal_table_type *type,
			  const void *key)
{
	void *old_key, *old_value;

	if (!journal_now) {
		g_hash_table_remove(table, key);
	} else if (g_hash_table_lookup_extended(table, key, &old_key, &old_value)) {
		/* g_hash_table_steal_extended() loses the value where it is the key itself. */
		g_hash_table_steal(table, key);
		note_taken(table, type, old_key, old_value);
	}
}

bool journal_table_put(GHashTable *table, const struct journal_table_type *type, void *key,
		       void *value)
{
	unsigned int before = g_hash_table_size(table);
	struct note *note;
	void *data;

	if (!journal_now)
		return g_hash_table_replace(table, key, value);
	journal_table_remove(table, type, key);
	note = add_note(0, &data);
	note->undo = undo_put;
	note->object = table;
	note->a = (uintptr_t)key;
	g_hash_table_replace(table, key, value);
	return g_hash_table_size(table) > before;
}

void journal_table_clear(GHashTable *table, const struct journal_table_type *type)
{
	GHashTableIter iter;
	void *key, *value;

	if (!journal_now) {
		g_hash_table_remove_all(table);
		return;
	}
	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		note_taken(table, type, key, value);
		g_hash_table_iter_steal(&iter);
	}
}
