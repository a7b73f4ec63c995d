// SPDX-License-Identifier: GPL-2.0
/*
 * The undo log: random changes in memory of every kind, and random returns to marks, against copies
 * of what there was. The digest tells states apart, not the ways that led there.
 */

#include "fixture.h"
#include "model/execution.h"
#include "model/snapshot.h"
#include "model/undo.h"

#define FIRST_PAGE	4096u
#define PAGES		4u
#define ROUNDS		400u
#define MARKS_MAX	16u
#define LEN_MAX		64u
#define VALUES		3u

/** struct place - some memory: where it is written to, and where it always is. */
struct place {
	uint64_t *written;
	const uint64_t *seen;
	unsigned int words;
};

enum { PLACE_DIRECT, PLACE_ALIAS, PLACE_MAPPED, PLACE_STATICS, PLACE_USER, PLACES };

/**
 * struct moment - a mark, and what there was then.
 * @digest: of undo_digest()
 */
struct moment {
	struct undo_mark mark;
	struct digest digest;
	GBytes *memory;
};

struct world {
	struct fixture *fixture;
	struct machine *machine;
	struct undo *undo;
	struct place place[PLACES];
	GRand *rand;
};

static void set_place(struct place *place, void *written, const void *seen, unsigned int words)
{
	*place = (struct place){ .written = written, .seen = seen, .words = words };
}

static void world_open(struct world *w, guint32 seed)
{
	const uint64_t phys = (uint64_t)FIRST_PAGE << HOST_PAGE_SHIFT;
	const uint64_t mapped = phys + PAGES * HOST_PAGE_SIZE;
	const unsigned int words = PAGES * HOST_PAGE_SIZE / sizeof(uint64_t);
	struct physmem *mem;
	unsigned long vaddr;
	void *statics;

	w->fixture = fixture_new(NULL);
	w->machine = w->fixture->machine;
	w->undo = w->machine->undo;
	w->rand = g_rand_new_with_seed(seed);
	assert_true(machine_boot(w->machine));
	mem = &w->machine->mem;
	statics = w->machine->now->entry->statics_start;
	vaddr = physmem_vmalloc_base(mem) + mem->size;
	assert_int_equal(physmem_vmap(mem, vaddr, mapped, PAGES * HOST_PAGE_SIZE), 0);
	set_place(&w->place[PLACE_DIRECT], physmem_at(mem, phys), physmem_at(mem, phys), words);
	set_place(&w->place[PLACE_ALIAS], (char *)physmem_vmalloc_base(mem) + phys,
		  physmem_at(mem, phys), words);
	set_place(&w->place[PLACE_MAPPED], (void *)vaddr, physmem_at(mem, mapped), words);
	set_place(&w->place[PLACE_STATICS], statics, statics, 16);
	set_place(&w->place[PLACE_USER], w->machine->user, w->machine->user, words);
	/* The fake kernel makes no notes; what is changed here is noted here. */
	w->machine->now->entries.stores = 1;
	assert_true(undo_begin(w->undo));
}

static void world_close(struct world *w)
{
	undo_end(w->undo);
	g_rand_free(w->rand);
	fixture_free(w->fixture);
}

static void change(struct world *w)
{
	struct place *place = &w->place[g_rand_int_range(w->rand, 0, PLACES)];
	unsigned int at = g_rand_int_range(w->rand, 0, (gint32)place->words);
	unsigned int len = g_rand_int_range(w->rand, 1, LEN_MAX);

	len = MIN(len, place->words - at);
	undo_note(w->undo, (uintptr_t)&place->written[at], len * sizeof(uint64_t));
	for (unsigned int i = at; i < at + len; i++)
		place->written[i] = g_rand_int_range(w->rand, 0, VALUES);
}

static GBytes *memory_of(const struct world *w)
{
	GByteArray *all = g_byte_array_new();

	for (unsigned int i = 0; i < PLACES; i++)
		g_byte_array_append(all, (const guint8 *)w->place[i].seen,
				    w->place[i].words * sizeof(uint64_t));
	return g_byte_array_free_to_bytes(all);
}

static void clear_moment(void *data)
{
	g_bytes_unref(((struct moment *)data)->memory);
}

static void push_moment(struct world *w, GArray *moments)
{
	struct moment moment = { .mark = undo_mark(w->undo), .memory = memory_of(w) };

	moment.digest = undo_digest(w->undo);
	for (unsigned int i = 0; i < moments->len; i++) {
		const struct moment *before = &g_array_index(moments, struct moment, i);

		assert_int_equal(digest_equal(&before->digest, &moment.digest),
				 g_bytes_equal(before->memory, moment.memory));
	}
	g_array_append_val(moments, moment);
}

static void go_back(struct world *w, GArray *moments)
{
	unsigned int to = g_rand_int_range(w->rand, 0, (gint32)moments->len);
	const struct moment *moment = &g_array_index(moments, struct moment, to);
	g_autoptr(GBytes) memory = NULL;
	struct digest digest;

	undo_rewind(w->undo, moment->mark);
	memory = memory_of(w);
	assert_true(g_bytes_equal(memory, moment->memory));
	digest = undo_digest(w->undo);
	assert_true(digest_equal(&digest, &moment->digest));
	g_array_set_size(moments, to + 1);
}

static void rewind__random_changes__memory_and_digest_are_as_they_were(void **unused)
{
	g_autoptr(GArray) moments = NULL;
	struct world w;

	(void)unused;
	if (!snapshot_possible())
		skip();
	moments = g_array_new(FALSE, FALSE, sizeof(struct moment));
	g_array_set_clear_func(moments, clear_moment);
	world_open(&w, 1);
	push_moment(&w, moments);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		for (unsigned int n = g_rand_int_range(w.rand, 0, 8); n; n--)
			change(&w);
		if (moments->len < MARKS_MAX && g_rand_boolean(w.rand))
			push_moment(&w, moments);
		else
			go_back(&w, moments);
	}
	undo_rewind(w.undo, g_array_index(moments, struct moment, 0).mark);
	world_close(&w);
}

static void digest__changed_and_changed_back__is_that_of_nothing(void **unused)
{
	const struct digest nothing = { 0 };
	struct world w;
	struct digest digest;

	(void)unused;
	if (!snapshot_possible())
		skip();
	world_open(&w, 2);
	for (unsigned int i = 0; i < PLACES; i++) {
		uint64_t *word = w.place[i].written, was = *word;

		undo_note(w.undo, (uintptr_t)word, sizeof(*word));
		*word = 42;
		digest = undo_digest(w.undo);
		assert_false(digest_equal(&digest, &nothing));
		undo_note(w.undo, (uintptr_t)word, sizeof(*word));
		*word = was;
		digest = undo_digest(w.undo);
		assert_true(digest_equal(&digest, &nothing));
	}
	world_close(&w);
}

static void note__more_than_there_is_room_for__gives_up(void **unused)
{
	struct world w;
	const struct place *place = &w.place[PLACE_USER];
	uint64_t noted = 0;

	(void)unused;
	if (!snapshot_possible())
		skip();
	world_open(&w, 3);
	while (undo_active(w.undo) && noted < 1ull << 32) {
		undo_note(w.undo, (uintptr_t)place->written, place->words * sizeof(uint64_t));
		noted += place->words * sizeof(uint64_t);
	}
	assert_false(undo_active(w.undo));
	assert_true(undo_begin(w.undo));
	world_close(&w);
}

static void begin__image_that_makes_no_notes__is_refused(void **unused)
{
	struct world w;

	(void)unused;
	if (!snapshot_possible())
		skip();
	world_open(&w, 4);
	w.machine->now->entries.stores = 0;
	assert_false(undo_begin(w.undo));
	assert_false(undo_active(w.undo));
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rewind__random_changes__memory_and_digest_are_as_they_were),
		cmocka_unit_test(digest__changed_and_changed_back__is_that_of_nothing),
		cmocka_unit_test(note__more_than_there_is_room_for__gives_up),
		cmocka_unit_test(begin__image_that_makes_no_notes__is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
