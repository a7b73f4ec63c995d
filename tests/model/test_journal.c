// SPDX-License-Identifier: GPL-2.0
/*
 * The journal: random changes, and random returns to marks, against texts of how all was
 * when a mark was set. And nothing is freed too early, too late or twice: things count.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/journal.h"

#define WORDS		16u
#define KEYS		12u
#define MARKS_MAX	64u
#define OPERATIONS	4000u

static unsigned int things_alive;

static void *thing_new(unsigned int value)
{
	unsigned int *thing = g_new(unsigned int, 1);

	*thing = value;
	things_alive++;
	return thing;
}

static void thing_free(void *thing)
{
	*(unsigned int *)thing = 0xdead;
	things_alive--;
	g_free(thing);
}

/** struct world - one of everything that a journal looks after. */
struct world {
	GRand *rand;
	unsigned int words[WORDS];
	GArray *array;
	GString *text;
	char *string;
	GPtrArray *ptrs;
	GHashTable *set;
	GHashTable *table;
	unsigned int called;
};

static const struct journal_table_type set_type = { .key = thing_free };
static const struct journal_table_type table_type = { .value = thing_free };

static guint thing_hash(gconstpointer p)
{
	return *(const unsigned int *)p;
}

static gboolean thing_equal(gconstpointer a, gconstpointer b)
{
	return *(const unsigned int *)a == *(const unsigned int *)b;
}

static struct world *world_new(unsigned int seed)
{
	struct world *w = g_new0(struct world, 1);

	w->rand = g_rand_new_with_seed(seed);
	w->array = g_array_new(FALSE, FALSE, sizeof(unsigned int));
	w->text = g_string_new("text");
	w->string = g_strdup("string");
	w->ptrs = g_ptr_array_new_with_free_func(thing_free);
	w->set = g_hash_table_new_full(thing_hash, thing_equal, thing_free, NULL);
	w->table = g_hash_table_new_full(NULL, NULL, NULL, thing_free);
	return w;
}

static void world_free(struct world *w)
{
	g_rand_free(w->rand);
	g_array_unref(w->array);
	g_string_free(w->text, TRUE);
	g_free(w->string);
	g_ptr_array_unref(w->ptrs);
	g_hash_table_unref(w->set);
	g_hash_table_unref(w->table);
	g_free(w);
}

/* All that can be seen of a world. */
static char *describe(const struct world *w)
{
	GString *s = g_string_new(NULL);

	for (unsigned int i = 0; i < WORDS; i++)
		g_string_append_printf(s, "%u ", w->words[i]);
	for (unsigned int i = 0; i < w->array->len; i++)
		g_string_append_printf(s, "a%u ", g_array_index(w->array, unsigned int, i));
	for (unsigned int i = 0; i < w->ptrs->len; i++)
		g_string_append_printf(s, "p%u ",
				       *(unsigned int *)g_ptr_array_index(w->ptrs, i));
	for (unsigned int key = 0; key < KEYS; key++) {
		const unsigned int *in_set = g_hash_table_lookup(w->set, &key);
		const unsigned int *value = g_hash_table_lookup(w->table, GUINT_TO_POINTER(key));

		g_string_append_printf(s, "s%d t%d ", in_set ? (int)*in_set : -1,
				       value ? (int)*value : -1);
	}
	g_string_append_printf(s, "%u %u %s %s %u", g_hash_table_size(w->set),
			       g_hash_table_size(w->table), w->text->str, w->string, w->called);
	return g_string_free(s, FALSE);
}

static unsigned int below(struct world *w, unsigned int n)
{
	return g_rand_int_range(w->rand, 0, n);
}

static void change_words(struct world *w)
{
	unsigned int i = below(w, WORDS), n = below(w, WORDS - i);

	journal_save(&w->words[i], n * sizeof(w->words[0]));
	for (unsigned int j = i; j < i + n; j++)
		w->words[j] = below(w, 1000);
	journal_set(w->words[below(w, WORDS)], 7);
}

static void change_array(struct world *w)
{
	unsigned int value = below(w, 1000), len = w->array->len;

	switch (below(w, 5)) {
	case 0:
		journal_array_cut(w->array, below(w, len + 1));
		break;
	case 1:
		if (!len)
			break;
		journal_array(w->array, value % len);
		g_array_remove_index_fast(w->array, value % len);
		break;
	case 2:
		if (!len)
			break;
		journal_element(w->array, value % len);
		g_array_index(w->array, unsigned int, value % len) = value;
		break;
	default:
		journal_array_append(w->array, value);
	}
}

static void change_text(struct world *w)
{
	size_t from = below(w, w->text->len + 1);

	if (below(w, 3)) {
		journal_text(w->text, w->text->len);
		g_string_append_printf(w->text, "%u", below(w, 1000));
	} else {
		journal_text(w->text, from);
		g_string_truncate(w->text, from);
	}
	journal_string(&w->string, below(w, 4) ? g_strdup_printf("%u", below(w, 99)) : NULL);
}

static void change_ptrs(struct world *w)
{
	if (below(w, 3) || !w->ptrs->len)
		journal_ptrs_add(w->ptrs, thing_new(below(w, 1000)));
	else if (below(w, 8))
		journal_ptrs_remove(w->ptrs, below(w, w->ptrs->len), thing_free);
	else
		journal_ptrs_clear(w->ptrs, thing_free);
}

static void change_tables(struct world *w)
{
	unsigned int key = below(w, KEYS);
	bool known = g_hash_table_contains(w->set, &key);

	switch (below(w, 6)) {
	case 0:
		journal_table_remove(w->set, &set_type, &key);
		break;
	case 1:
		journal_table_remove(w->table, &table_type, GUINT_TO_POINTER(key));
		break;
	case 2:
		if (below(w, 8))
			break;
		journal_table_clear(w->set, &set_type);
		journal_table_clear(w->table, &table_type);
		break;
	case 3:
		assert_int_equal(journal_table_add(w->set, &set_type, thing_new(key)), !known);
		break;
	default:
		journal_table_put(w->table, &table_type, GUINT_TO_POINTER(key),
				  thing_new(below(w, 1000)));
	}
}

static void call_back(void *ctx, uint64_t a, uint64_t b)
{
	((struct world *)ctx)->called -= a + b;
}

static void change_by_call(struct world *w)
{
	unsigned int a = below(w, 10), b = below(w, 10);

	w->called += a + b;
	journal_undo(call_back, w, a, b);
}

static void change(struct world *w)
{
	static void (*const changes[])(struct world *w) = {
		change_words, change_array, change_text, change_ptrs, change_tables,
		change_by_call,
	};

	changes[below(w, G_N_ELEMENTS(changes))](w);
}

static unsigned int things_in(const struct world *w)
{
	return w->ptrs->len + g_hash_table_size(w->set) + g_hash_table_size(w->table);
}

/* As deep into marks and back as chance will have it. */
static void wander(struct world *w)
{
	size_t marks[MARKS_MAX];
	char *texts[MARKS_MAX];
	unsigned int depth = 0;

	for (unsigned int i = 0; i < OPERATIONS; i++) {
		unsigned int dice = below(w, 20);

		if (!dice && depth < MARKS_MAX) {
			marks[depth] = journal_mark();
			texts[depth++] = describe(w);
		} else if (dice == 1 && depth) {
			unsigned int to = below(w, depth);
			g_autofree char *now = NULL;

			journal_rewind(marks[to]);
			now = describe(w);
			assert_string_equal(now, texts[to]);
			while (depth > to)
				g_free(texts[--depth]);
		} else {
			change(w);
		}
	}
	while (depth)
		g_free(texts[--depth]);
}

static void rewind__random_changes__all_is_as_it_was_at_the_mark(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= 20; seed++) {
		struct world *w = world_new(seed);
		g_autofree char *before = NULL, *after = NULL;

		for (unsigned int i = 0; i < 50; i++)
			change(w);
		before = describe(w);
		journal_begin();
		wander(w);
		journal_rewind(0);
		after = describe(w);
		assert_string_equal(after, before);
		assert_int_equal(things_alive, things_in(w));
		journal_end();
		assert_int_equal(things_alive, things_in(w));
		world_free(w);
		assert_int_equal(things_alive, 0);
	}
}

static void end__random_changes__all_stays_and_what_was_removed_is_freed(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= 20; seed++) {
		struct world *w = world_new(seed);
		g_autofree char *before = NULL, *after = NULL;

		journal_begin();
		wander(w);
		before = describe(w);
		journal_end();
		after = describe(w);
		assert_string_equal(after, before);
		assert_int_equal(things_alive, things_in(w));
		world_free(w);
		assert_int_equal(things_alive, 0);
	}
}

static void no_journal__random_changes__same_as_with_one(void **state)
{
	struct world *with = world_new(5), *without = world_new(5);
	g_autofree char *a = NULL, *b = NULL;

	(void)state;
	for (unsigned int i = 0; i < OPERATIONS; i++)
		change(without);
	journal_begin();
	for (unsigned int i = 0; i < OPERATIONS; i++)
		change(with);
	a = describe(with);
	b = describe(without);
	assert_string_equal(a, b);
	journal_end();
	journal_end();
	world_free(with);
	world_free(without);
	assert_int_equal(things_alive, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rewind__random_changes__all_is_as_it_was_at_the_mark),
		cmocka_unit_test(end__random_changes__all_stays_and_what_was_removed_is_freed),
		cmocka_unit_test(no_journal__random_changes__same_as_with_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
