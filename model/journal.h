/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_JOURNAL_H
#define _MODEL_JOURNAL_H

/**
 * DOC: The journal
 *
 * What the simulator itself knows of a run can be put back to what it was earlier in the run.
 * Whoever changes such a thing does it with a function below, which notes how to undo it;
 * journal_rewind() undoes, the last change first, all that was done since a mark.
 *
 * What is taken out of a container may come back, so it is freed no sooner than its removal
 * can't be undone any more. What came into a container is freed when that is undone, by
 * the container.
 *
 * Each thread of the host has a journal of its own, or none: then these functions do what GLib's
 * do, for the price of one test.
 *
 * Some things are small and change all the time, like counters. Whoever owns them notes them
 * as a whole at each mark, in a function of the name ..._save(), and changes them freely.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal;

/* The thread's journal, or NULL. For the functions below only. */
extern _Thread_local struct journal *journal_now;

/** journal_begin() - note changes in this thread from now on. Not while it does already. */
void journal_begin(void);

/**
 * journal_end() - no more. All stays as it is, and what can't come back any more is freed. Does
 * nothing if there is no journal.
 */
void journal_end(void);

/** journal_mark() - the present, for journal_rewind(). */
size_t journal_mark(void);

/** journal_rewind() - undo all that was done since @mark. Later marks are void. */
void journal_rewind(size_t mark);

void journal_save_bytes(void *at, size_t size);

/** journal_save() - @size bytes at @at may change. They must stay where they are. */
static inline void journal_save(void *at, size_t size)
{
	if (journal_now)
		journal_save_bytes(at, size);
}

/** journal_set() - assign @value to @lvalue, which stays where it is. */
#define journal_set(lvalue, value)							\
	do {										\
		__typeof__(lvalue) *at_ = &(lvalue);					\
											\
		journal_save(at_, sizeof(*at_));					\
		*at_ = (value);								\
	} while (0)

/** journal_undo() - to undo what the caller did, call @undo(@ctx, @a, @b). */
void journal_undo(void (*undo)(void *ctx, uint64_t a, uint64_t b), void *ctx, uint64_t a,
		  uint64_t b);

/** journal_string() - *@slot becomes @string, which is now its own; g_free() what it was. */
void journal_string(char **slot, char *string);

/** journal_array() - elements from the @from-th on may change, go, or be added. */
void journal_array(GArray *array, unsigned int from);
/** journal_element() - the @i-th element may change. */
void journal_element(GArray *array, unsigned int i);
/** journal_array_append() - g_array_append_val(). */
#define journal_array_append(array, value)						\
	do {										\
		journal_array(array, (array)->len);					\
		g_array_append_val(array, value);					\
	} while (0)
/** journal_array_cut() - g_array_set_size() to what is not more than it was. */
void journal_array_cut(GArray *array, unsigned int length);

/** journal_text() - what is behind the first @from bytes may change, go, or be added. */
void journal_text(GString *text, size_t from);

/** journal_ptrs_add() - g_ptr_array_add(). */
void journal_ptrs_add(GPtrArray *array, void *element);
/** journal_ptrs_remove() - g_ptr_array_remove_index(). @destroy: as the array frees elements */
void journal_ptrs_remove(GPtrArray *array, unsigned int i, GDestroyNotify destroy);
/** journal_ptrs_clear() - g_ptr_array_set_size() to 0. */
void journal_ptrs_clear(GPtrArray *array, GDestroyNotify destroy);

/**
 * struct journal_table_type - how a hash table frees what is in it: as it was made with
 * g_hash_table_new_full().
 */
struct journal_table_type {
	GDestroyNotify key;
	GDestroyNotify value;
};

/**
 * journal_table_put() - g_hash_table_replace(); a @key that is there already goes, with its
 * value.
 *
 * Return: whether it was not there.
 */
bool journal_table_put(GHashTable *table, const struct journal_table_type *type, void *key,
		       void *value);
/** journal_table_add() - g_hash_table_add(). */
static inline bool journal_table_add(GHashTable *table, const struct journal_table_type *type,
				     void *key)
{
	return journal_table_put(table, type, key, key);
}
/** journal_table_remove() - g_hash_table_remove(). */
void journal_table_remove(GHashTable *table, const struct journal_table_type *type,
			  const void *key);
/** journal_table_clear() - g_hash_table_remove_all(). */
void journal_table_clear(GHashTable *table, const struct journal_table_type *type);

#endif /* _MODEL_JOURNAL_H */
