// SPDX-License-Identifier: GPL-2.0
/*
 * Snapshots: whatever was written, in whichever way a page can be reached, is undone; and the
 * digest tells states apart, not the ways that led there.
 */

#include "fixture.h"
#include "model/execution.h"
#include "model/journal.h"
#include "model/snapshot.h"

#define PAGES		48u
#define MAPS		4u
#define ROUNDS		60u
#define CHANGES		200u

/**
 * struct world - a machine with a snapshot of it, and a copy of what there was.
 * @first: page; the fake kernel has its own below
 */
struct world {
	struct fixture *fixture;
	struct machine *machine;
	struct physmem *mem;
	struct fiber_pool pool;
	struct fiber *runner;
	struct snapshot *snapshot;
	size_t mark;
	uint64_t first;
	char *memory;
	char *statics;
	char *user;
	char stack[64];
};

static char *page_at(const struct world *w, uint64_t i)
{
	return physmem_at(w->mem, (w->first + i) << HOST_PAGE_SHIFT);
}

static unsigned long map_address(const struct world *w, unsigned int i)
{
	return physmem_vmalloc_base(w->mem) + w->mem->size + i * HOST_PAGE_SIZE;
}

static size_t statics_size(const struct world *w)
{
	const struct host_image *entry = w->machine->now->entry;

	return (char *)entry->statics_end - (char *)entry->statics_start;
}

static void nobody(void *arg)
{
	(void)arg;
}

static void map(struct world *w, unsigned int i, uint64_t page)
{
	assert_int_equal(physmem_vmap(w->mem, map_address(w, i),
				      (w->first + page) << HOST_PAGE_SHIFT, HOST_PAGE_SIZE), 0);
}

static void world_open(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->fixture = fixture_new(NULL);
	w->machine = w->fixture->machine;
	w->mem = &w->machine->mem;
	w->first = 4096;
	assert_true(machine_boot(w->machine));
	fiber_pool_init(&w->pool);
	w->runner = fiber_new(&w->pool, nobody, NULL);
	for (unsigned int i = 0; i < PAGES; i += 2)
		memset(page_at(w, i), i, HOST_PAGE_SIZE);
	map(w, 0, 5);
	map(w, 1, 6);
	w->memory = g_memdup2(page_at(w, 0), PAGES * HOST_PAGE_SIZE);
	w->statics = g_memdup2(w->machine->now->entry->statics_start, statics_size(w));
	w->user = g_memdup2(w->machine->user, PAGES * HOST_PAGE_SIZE);
	memcpy(w->stack, w->runner->sp, sizeof(w->stack));
	journal_begin();
	w->snapshot = snapshot_take(w->machine, w->runner);
	w->mark = journal_mark();
}

static void world_close(struct world *w)
{
	snapshot_free(w->snapshot);
	journal_end();
	fiber_pool_destroy(&w->pool);
	fixture_free(w->fixture);
	g_free(w->memory);
	g_free(w->statics);
	g_free(w->user);
}

static void assert_restored(struct world *w)
{
	const struct host_image *entry = w->machine->now->entry;

	assert_memory_equal(page_at(w, 0), w->memory, PAGES * HOST_PAGE_SIZE);
	assert_memory_equal(entry->statics_start, w->statics, statics_size(w));
	assert_memory_equal(w->machine->user, w->user, PAGES * HOST_PAGE_SIZE);
	assert_memory_equal(w->runner->sp, w->stack, sizeof(w->stack));
	assert_int_equal(w->mem->maps->len, 2);
	assert_memory_equal((void *)map_address(w, 0), page_at(w, 5), HOST_PAGE_SIZE);
	assert_memory_equal((void *)map_address(w, 1), page_at(w, 6), HOST_PAGE_SIZE);
}

/* Changes */

static void change_page(struct world *w, GRand *rand)
{
	uint64_t page = g_rand_int_range(rand, 0, PAGES);
	size_t at = g_rand_int_range(rand, 0, HOST_PAGE_SIZE);
	char *alias = (char *)physmem_vmalloc_base(w->mem);

	if (g_rand_boolean(rand))
		page_at(w, page)[at]++;
	else
		alias[((w->first + page) << HOST_PAGE_SHIFT) + at]--;
}

static bool is_mapped(const struct world *w, unsigned int i)
{
	for (unsigned int j = 0; j < w->mem->maps->len; j++)
		if (g_array_index(w->mem->maps, struct physmem_map, j).vaddr == map_address(w, i))
			return true;
	return false;
}

static void change_map(struct world *w, GRand *rand)
{
	unsigned int i = g_rand_int_range(rand, 0, MAPS);
	unsigned int page = g_rand_int_range(rand, 0, PAGES);

	if (!is_mapped(w, i))
		map(w, i, page);
	else if (page % 3)
		((char *)map_address(w, i))[page]++;
	else
		physmem_vunmap(w->mem, map_address(w, i), HOST_PAGE_SIZE);
}

static void change(struct world *w, GRand *rand)
{
	int at = g_rand_int_range(rand, 0, 4096);

	switch (g_rand_int_range(rand, 0, 8)) {
	case 0:
		((char *)w->machine->now->entry->statics_start)[at % statics_size(w)]++;
		break;
	case 1:
		w->machine->user[at * 7]++;
		break;
	case 2:
		physmem_zero(w->mem, (w->first + at % PAGES) << HOST_PAGE_SHIFT, HOST_PAGE_SIZE);
		break;
	case 3:
		((char *)w->runner->sp)[at % sizeof(w->stack)]++;
		break;
	case 4:
		change_map(w, rand);
		break;
	default:
		change_page(w, rand);
	}
}

static void change_often(struct world *w, unsigned int seed, unsigned int times)
{
	GRand *rand = g_rand_new_with_seed(seed);

	for (unsigned int i = 0; i < times; i++)
		change(w, rand);
	g_rand_free(rand);
}

/* As the machine does it between two kernels: nothing was preserved. */
static void leave_kernel(struct world *w)
{
	memset(w->machine->handover.kept, 0, w->mem->size >> HOST_PAGE_SHIFT >> 3);
	physmem_poison(w->mem, w->machine->handover.kept);
	physmem_move(w->mem);
	kernel_hide(w->machine->now);
	memset(page_at(w, 1), 1, HOST_PAGE_SIZE);
	map(w, 2, 3);
}

static struct digest digest_now(const struct world *w)
{
	struct digest digest = { 0 };

	assert_true(snapshot_digest(w->snapshot, NULL, &digest));
	physmem_digest(w->mem, &digest);
	return digest;
}

static void restore__random_changes__all_is_as_it_was(void **state)
{
	struct world w;

	(void)state;
	if (!snapshot_possible())
		return;
	world_open(&w);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		change_often(&w, round, round % 3 * CHANGES);
		if (round % 7 == 6)
			leave_kernel(&w);
		snapshot_restore(w.snapshot, w.mark);
		assert_restored(&w);
	}
	world_close(&w);
}

static void restore__so_often_that_pages_cool__all_is_as_it_was(void **state)
{
	struct world w;

	(void)state;
	if (!snapshot_possible())
		return;
	world_open(&w);
	for (unsigned int round = 0; round < 1500; round++) {
		change_often(&w, round, 3);
		snapshot_restore(w.snapshot, w.mark);
	}
	assert_restored(&w);
	assert_true(snapshot_bytes(w.snapshot) > 0);
	world_close(&w);
}

static void digest__same_changes__same_whatever_was_before(void **state)
{
	struct digest first, then;
	struct world w;

	(void)state;
	if (!snapshot_possible())
		return;
	world_open(&w);
	change_often(&w, 1, CHANGES);
	first = digest_now(&w);
	for (unsigned int round = 2; round < ROUNDS; round++) {
		snapshot_restore(w.snapshot, w.mark);
		change_often(&w, round, CHANGES);
		then = digest_now(&w);
		assert_false(digest_equal(&first, &then));
		if (round % 7 == 6)
			leave_kernel(&w);
		snapshot_restore(w.snapshot, w.mark);
		change_often(&w, 1, CHANGES);
		then = digest_now(&w);
		assert_true(digest_equal(&first, &then));
	}
	world_close(&w);
}

/* One byte, in each kind of memory. */
static void digest__one_byte__differs(void **state)
{
	struct digest before, after;
	struct world w;
	char *at[4];

	(void)state;
	if (!snapshot_possible())
		return;
	world_open(&w);
	at[0] = page_at(&w, 0);
	at[1] = page_at(&w, PAGES - 1) + HOST_PAGE_SIZE - 1;
	at[2] = (char *)w.machine->now->entry->statics_end - 1;
	at[3] = w.machine->user + 12345;
	before = digest_now(&w);
	for (unsigned int i = 0; i < G_N_ELEMENTS(at); i++) {
		++*at[i];
		after = digest_now(&w);
		assert_false(digest_equal(&before, &after));
		--*at[i];
		after = digest_now(&w);
		assert_true(digest_equal(&before, &after));
	}
	world_close(&w);
}

static void free__after_changes__they_stay(void **state)
{
	struct world w;

	(void)state;
	if (!snapshot_possible())
		return;
	world_open(&w);
	page_at(&w, 0)[3] = 'x';
	snapshot_free(w.snapshot);
	w.snapshot = NULL;
	page_at(&w, 1)[3] = 'y';
	assert_int_equal(page_at(&w, 0)[3], 'x');
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(restore__random_changes__all_is_as_it_was),
		cmocka_unit_test(restore__so_often_that_pages_cool__all_is_as_it_was),
		cmocka_unit_test(digest__same_changes__same_whatever_was_before),
		cmocka_unit_test(digest__one_byte__differs),
		cmocka_unit_test(free__after_changes__they_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
