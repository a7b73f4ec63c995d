// SPDX-License-Identifier: GPL-2.0
/* The xarray: entries, entries that span several indices, marks, allocation, and searching. */

#include <linux/random.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <sim/test.h>

static DEFINE_XARRAY(array);
static int things[256];

static void *thing(unsigned int i)
{
	return &things[i];
}

static void put(unsigned long index, void *entry)
{
	EXPECT(!xa_err(xa_store(&array, index, entry, GFP_KERNEL)));
}

static unsigned int count_entries(unsigned long first, unsigned long last)
{
	unsigned long index;
	unsigned int n = 0;
	void *entry;

	xa_for_each_range(&array, index, entry, first, last)
		n++;
	return n;
}

SIM_TEST(xarray__empty__has_nothing_anywhere)
{
	unsigned long index = 5;

	EXPECT(xa_empty(&array));
	EXPECT(!xa_load(&array, 0));
	EXPECT(!xa_load(&array, ULONG_MAX));
	EXPECT(!xa_erase(&array, 77));
	EXPECT(!xa_find(&array, &index, ULONG_MAX, XA_PRESENT));
	EXPECT_EQ(index, 5);
	xa_destroy(&array);
}

SIM_TEST(xarray__entry_at_0__needs_no_memory)
{
	EXPECT(!xa_store(&array, 0, thing(1), 0));
	EXPECT(xa_load(&array, 0) == thing(1));
	EXPECT(!xa_is_node(array.xa_head));
	EXPECT(xa_erase(&array, 0) == thing(1));
	EXPECT(xa_empty(&array));
}

SIM_TEST(xarray__first_and_last_index__are_apart)
{
	unsigned long index = 0;

	put(0, thing(1));
	put(ULONG_MAX, thing(2));
	EXPECT(xa_load(&array, 0) == thing(1));
	EXPECT(xa_load(&array, ULONG_MAX) == thing(2));
	EXPECT(!xa_load(&array, 1));
	EXPECT(!xa_load(&array, ULONG_MAX - 1));
	EXPECT(xa_find(&array, &index, ULONG_MAX, XA_PRESENT) == thing(1));
	EXPECT(xa_find_after(&array, &index, ULONG_MAX, XA_PRESENT) == thing(2));
	EXPECT(index == ULONG_MAX);
	EXPECT(!xa_find_after(&array, &index, ULONG_MAX, XA_PRESENT));
	EXPECT(index == ULONG_MAX);
	EXPECT(xa_erase(&array, ULONG_MAX) == thing(2));
	EXPECT(!xa_is_node(array.xa_head));
	xa_erase(&array, 0);
	EXPECT(xa_empty(&array));
}

SIM_TEST(xarray__find__skips_from_the_end_of_a_node_to_a_far_one)
{
	static const unsigned long at[] = { 63, 64, 4095, 4096, 262143, 1UL << 40, ~0UL - 64 };
	unsigned long index = 0;
	unsigned int n = 0;
	void *entry;

	for (unsigned int i = 0; i < ARRAY_SIZE(at); i++)
		put(at[i], thing(i));
	xa_for_each(&array, index, entry) {
		EXPECT(index == at[n]);
		EXPECT(entry == thing(n));
		n++;
	}
	EXPECT_EQ(n, ARRAY_SIZE(at));
	EXPECT_EQ(count_entries(64, 4096), 3);
	xa_destroy(&array);
	EXPECT(xa_empty(&array));
}

/* Sorted indices: dense ones, some in distant nodes, and the last ones there are. */
#define KEYS	192

static unsigned long key(unsigned int i)
{
	if (i < 64)
		return i;
	if (i < 128)
		return 100 + (i - 64) * 1237UL;
	return ULONG_MAX - (191 - i) * 61;
}

static bool model_marked[KEYS];
static void *model[KEYS];

static void compare_with_model(xa_mark_t filter)
{
	unsigned long index = 0;
	void *entry = xa_find(&array, &index, ULONG_MAX, filter);

	for (unsigned int i = 0; i < KEYS; i++) {
		EXPECT(xa_load(&array, key(i)) == model[i]);
		EXPECT_EQ(xa_get_mark(&array, key(i), XA_MARK_1), model_marked[i]);
		if (!model[i] || (filter != XA_PRESENT && !model_marked[i]))
			continue;
		EXPECT(entry == model[i]);
		EXPECT(index == key(i));
		entry = xa_find_after(&array, &index, ULONG_MAX, filter);
	}
	EXPECT(!entry);
}

static void random_change(void)
{
	unsigned int i = get_random_u32() % KEYS;
	void *entry = thing(get_random_u32() % 256);

	switch (get_random_u32() % 6) {
	case 0:
	case 1:
		EXPECT(xa_store(&array, key(i), entry, GFP_KERNEL) == model[i]);
		model[i] = entry;
		break;
	case 2:
	case 3:
		EXPECT(xa_erase(&array, key(i)) == model[i]);
		model[i] = NULL;
		model_marked[i] = false;
		break;
	case 4:
		xa_set_mark(&array, key(i), XA_MARK_1);
		model_marked[i] = model[i];
		break;
	case 5:
		xa_clear_mark(&array, key(i), XA_MARK_1);
		model_marked[i] = false;
		break;
	}
}

SIM_TEST(xarray__random_changes__agree_with_a_plain_array)
{
	for (unsigned int i = 0; i < 3000; i++) {
		random_change();
		if (i % 50 == 0)
			compare_with_model(i % 100 ? XA_PRESENT : XA_MARK_1);
	}
	for (unsigned int i = 0; i < KEYS; i++)
		xa_erase(&array, key(i));
	EXPECT(xa_empty(&array));
}

SIM_TEST(xarray__insert_and_cmpxchg__see_what_is_there)
{
	EXPECT_EQ(xa_insert(&array, 3, thing(1), GFP_KERNEL), 0);
	EXPECT_EQ(xa_insert(&array, 3, thing(2), GFP_KERNEL), -EBUSY);
	EXPECT(xa_cmpxchg(&array, 3, thing(2), thing(3), GFP_KERNEL) == thing(1));
	EXPECT(xa_load(&array, 3) == thing(1));
	EXPECT(xa_cmpxchg(&array, 3, thing(1), NULL, GFP_KERNEL) == thing(1));
	EXPECT(xa_empty(&array));
	EXPECT(!xa_cmpxchg(&array, 9, NULL, thing(4), GFP_KERNEL));
	EXPECT(xa_load(&array, 9) == thing(4));
	xa_destroy(&array);
}

SIM_TEST(xarray__reserved__is_null_for_all_but_insert)
{
	unsigned long index = 0;

	EXPECT_EQ(xa_reserve(&array, 70, GFP_KERNEL), 0);
	EXPECT(!xa_load(&array, 70));
	EXPECT(!xa_find(&array, &index, ULONG_MAX, XA_PRESENT));
	EXPECT(!xa_empty(&array));
	EXPECT_EQ(xa_insert(&array, 70, thing(1), GFP_KERNEL), -EBUSY);
	/* With memory reserved, storing can't fail. */
	EXPECT(!xa_store(&array, 70, thing(1), 0));
	xa_release(&array, 70);
	EXPECT(xa_load(&array, 70) == thing(1));
	xa_destroy(&array);
}

SIM_TEST(xarray__value_entries__carry_63_bits)
{
	put(1, xa_mk_value(0));
	put(2, xa_mk_value(LONG_MAX));
	EXPECT(xa_is_value(xa_load(&array, 1)));
	EXPECT_EQ(xa_to_value(xa_load(&array, 1)), 0);
	EXPECT_EQ(xa_to_value(xa_load(&array, 2)), LONG_MAX);
	EXPECT(!xa_err(xa_load(&array, 2)));
	xa_destroy(&array);
}

SIM_TEST(xarray__entry_of_its_own__cannot_be_stored__warns)
{
	EXPECT_EQ(xa_err(xa_store(&array, 0, XA_RETRY_ENTRY, GFP_KERNEL)), -EINVAL);
	EXPECT(xa_empty(&array));
}

static void check_range(unsigned long first, unsigned long last, void *entry)
{
	EXPECT(xa_load(&array, first) == entry);
	EXPECT(xa_load(&array, first + (last - first) / 2) == entry);
	EXPECT(xa_load(&array, last) == entry);
	if (first)
		EXPECT(!xa_load(&array, first - 1));
	if (last != ULONG_MAX)
		EXPECT(!xa_load(&array, last + 1));
}

/* The numbers of pieces are those into which the kernel's xas_set_range() divides. */
static const struct {
	unsigned long first, last;
	unsigned int pieces;
} ranges[] = {
	{ 0, 0, 1 },
	{ 0, 3, 1 },
	{ 5, 9, 1 },
	{ 60, 70, 2 },
	{ 0, 63, 1 },
	{ 64, 127, 1 },
	{ 64, 255, 1 },
	{ 1, 4096, 3 },
	{ 63, 64, 2 },
	{ 4096, 262143, 1 },
	{ 100, 1000000, 7 },
	{ 0, ULONG_MAX, 1 },
	{ 1, ULONG_MAX, 11 },
	{ ULONG_MAX, ULONG_MAX, 1 },
	{ ULONG_MAX - 100, ULONG_MAX, 2 },
};

SIM_TEST(xarray__range__is_stored_as_few_entries_and_erased)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(ranges); i++) {
		unsigned long first = ranges[i].first, last = ranges[i].last;

		EXPECT(!xa_store_range(&array, first, last, thing(i), GFP_KERNEL));
		check_range(first, last, thing(i));
		EXPECT_EQ(count_entries(0, ULONG_MAX), ranges[i].pieces);
		EXPECT_EQ(count_entries(last, last), 1);
		EXPECT(!xa_store_range(&array, first, last, NULL, GFP_KERNEL));
		EXPECT(xa_empty(&array));
	}
}

SIM_TEST(xarray__range_found_from_inside__keeps_the_index)
{
	unsigned long index = 70;

	EXPECT(!xa_store_range(&array, 64, 127, thing(1), GFP_KERNEL));
	put(128, thing(2));
	EXPECT(xa_find(&array, &index, ULONG_MAX, XA_PRESENT) == thing(1));
	EXPECT_EQ(index, 70);
	EXPECT(xa_find_after(&array, &index, ULONG_MAX, XA_PRESENT) == thing(2));
	EXPECT_EQ(index, 128);
	xa_destroy(&array);
}

SIM_TEST(xarray__ranges_side_by_side__do_not_touch_each_other)
{
	for (unsigned int i = 0; i < 40; i++)
		EXPECT(!xa_store_range(&array, i * 100, i * 100 + 99, thing(i), GFP_KERNEL));
	for (unsigned int i = 0; i < 40; i += 2)
		EXPECT(!xa_store_range(&array, i * 100, i * 100 + 99, NULL, GFP_KERNEL));
	for (unsigned int i = 0; i < 4000; i++)
		EXPECT(xa_load(&array, i) == (i / 100 % 2 ? thing(i / 100) : NULL));
	xa_destroy(&array);
	EXPECT(xa_empty(&array));
}

SIM_TEST(xarray__range_over_single_entries__replaces_them)
{
	for (unsigned int i = 0; i < 200; i += 3)
		put(i, thing(i));
	xa_set_mark(&array, 66, XA_MARK_0);
	EXPECT(!xa_store_range(&array, 64, 127, thing(255), GFP_KERNEL));
	EXPECT(xa_load(&array, 63) == thing(63));
	EXPECT(xa_load(&array, 64) == thing(255));
	EXPECT(xa_load(&array, 127) == thing(255));
	EXPECT(xa_load(&array, 129) == thing(129));
	/* What the parts were marked with, the whole is. */
	EXPECT(xa_get_mark(&array, 100, XA_MARK_0));
	xa_destroy(&array);
}

SIM_TEST(xarray__stored_inside_a_range__replaces_all_of_it)
{
	EXPECT(!xa_store_range(&array, 64, 127, thing(1), GFP_KERNEL));
	EXPECT_EQ(xa_get_order(&array, 80), 6);
	EXPECT(xa_store(&array, 80, thing(2), GFP_KERNEL) == thing(1));
	check_range(64, 127, thing(2));
	EXPECT(xa_erase(&array, 127) == thing(2));
	EXPECT(xa_empty(&array));
}

SIM_TEST(xarray__bad_range__is_einval)
{
	EXPECT_EQ(xa_err(xa_store_range(&array, 2, 1, thing(1), GFP_KERNEL)), -EINVAL);
	EXPECT(xa_empty(&array));
}

SIM_TEST(xarray__marks__are_found_and_go_with_the_entry)
{
	unsigned long index = 0;

	for (unsigned int i = 0; i < 100; i++)
		put(i * 50, thing(i));
	xa_set_mark(&array, 51, XA_MARK_2);
	EXPECT(!xa_marked(&array, XA_MARK_2));
	xa_set_mark(&array, 3000, XA_MARK_2);
	EXPECT(xa_find(&array, &index, ULONG_MAX, XA_MARK_2) == thing(60));
	EXPECT_EQ(index, 3000);
	index = 0;
	EXPECT(!xa_find(&array, &index, 2999, XA_MARK_2));
	EXPECT(!xa_find(&array, &index, ULONG_MAX, XA_MARK_1));
	xa_erase(&array, 3000);
	EXPECT(!xa_marked(&array, XA_MARK_2));
	xa_destroy(&array);
}

SIM_TEST(xarray__mark_of_a_range__is_that_of_each_index)
{
	unsigned long index = 90;

	EXPECT(!xa_store_range(&array, 80, 100, thing(1), GFP_KERNEL));
	xa_set_mark(&array, 95, XA_MARK_0);
	EXPECT(xa_get_mark(&array, 80, XA_MARK_0));
	EXPECT(xa_find(&array, &index, ULONG_MAX, XA_MARK_0) == thing(1));
	EXPECT_EQ(index, 90);
	xa_clear_mark(&array, 100, XA_MARK_0);
	EXPECT(!xa_get_mark(&array, 80, XA_MARK_0));
	xa_destroy(&array);
}

SIM_TEST(xarray__alloc__gives_the_lowest_free_index)
{
	DEFINE_XARRAY_ALLOC1(ids);
	u32 id, next = 5;

	for (u32 i = 1; i <= 100; i++) {
		EXPECT_EQ(xa_alloc(&ids, &id, thing(i), xa_limit_32b, GFP_KERNEL), 0);
		EXPECT_EQ(id, i);
	}
	xa_erase(&ids, 7);
	EXPECT_EQ(xa_alloc(&ids, &id, NULL, xa_limit_32b, GFP_KERNEL), 0);
	EXPECT_EQ(id, 7);
	EXPECT_EQ(xa_alloc(&ids, &id, thing(1), XA_LIMIT(3, 100), GFP_KERNEL), -EBUSY);
	xa_erase(&ids, 4);
	EXPECT_EQ(xa_alloc_cyclic(&ids, &id, thing(1), XA_LIMIT(1, 100), &next, GFP_KERNEL), 1);
	EXPECT_EQ(id, 4);
	EXPECT_EQ(next, 5);
	xa_destroy(&ids);
}

SIM_TEST(xarray__advanced_store__does_what_the_plain_one_does)
{
	XA_STATE_ORDER(xas, &array, 130, 3);
	void *entry;

	do {
		xas_lock(&xas);
		xas_store(&xas, thing(1));
		xas_unlock(&xas);
	} while (xas_nomem(&xas, GFP_KERNEL));
	EXPECT_EQ(xas_error(&xas), 0);
	check_range(128, 135, thing(1));
	EXPECT_EQ(xa_get_order(&array, 130), 3);
	put(200, thing(2));

	XA_STATE(walk, &array, 0);

	entry = xas_find(&walk, 1000);
	EXPECT(entry == thing(1) && walk.xa_index == 128);
	entry = xas_find(&walk, 1000);
	EXPECT(entry == thing(2) && walk.xa_index == 200);
	EXPECT(!xas_find(&walk, 1000));
	xas_set(&walk, 135);
	EXPECT(xas_load(&walk) == thing(1));
	EXPECT(!xas_next(&walk));
	EXPECT(xas_prev(&walk) == thing(1));
	xas_set_order(&xas, 128, 3);
	xas_lock(&xas);
	xas_store(&xas, NULL);
	xas_unlock(&xas);
	EXPECT_EQ(count_entries(0, ULONG_MAX), 1);
	xa_destroy(&array);
}

/* An entry of 2^@order indices at @index becomes ones of 2^@small. */
static void split_entry(unsigned long index, unsigned int order, unsigned int small)
{
	unsigned long last = index + (1UL << order) - 1;

	EXPECT(!xa_store_range(&array, index, last, thing(1), GFP_KERNEL));
	XA_STATE(xas, &array, index);

	xas_set_order(&xas, index, small);
	xas_split_alloc(&xas, thing(1), order, GFP_KERNEL);
	EXPECT_EQ(xas_error(&xas), 0);
	xas_lock(&xas);
	xas_split(&xas, thing(1), order);
	xas_unlock(&xas);
	EXPECT_EQ(xas_error(&xas), 0);
	check_range(index, last, thing(1));
	for (unsigned long i = index; i <= last; i += 1UL << small) {
		EXPECT_EQ(xa_get_order(&array, i), small);
		put(i, thing(2));
	}
	check_range(index, last, thing(2));
	EXPECT_EQ(count_entries(0, ULONG_MAX), 1UL << (order - small));
	for (unsigned long i = index; i <= last; i += 1UL << small)
		EXPECT(xa_erase(&array, i) == thing(2));
	EXPECT(xa_empty(&array));
}

SIM_TEST(xarray__split__each_index_keeps_its_entry_until_it_is_replaced)
{
	for (unsigned int order = 1; order <= 10; order++)
		for (unsigned int small = 0; small < order; small++) {
			split_entry(0, order, small);
			split_entry(3UL << 10, order, small);
		}
}

SIM_TEST(xarray__changed_under_its_own_lock__deadlocks)
{
	xa_lock(&array);
	xa_store(&array, 0, thing(1), GFP_KERNEL);
}

SIM_TEST(xarray__locked_variants__want_the_lock__warns)
{
	__xa_store(&array, 0, thing(1), GFP_KERNEL);
	xa_erase(&array, 0);
}

SIM_TEST(xarray__locked_variants__keep_the_lock)
{
	xa_lock(&array);
	EXPECT(!__xa_store(&array, 1000, thing(1), GFP_KERNEL));
	EXPECT(lockdep_is_held(&array.xa_lock));
	EXPECT_EQ(__xa_insert(&array, 1000, thing(2), GFP_KERNEL), -EBUSY);
	EXPECT(__xa_erase(&array, 1000) == thing(1));
	xa_unlock(&array);
	EXPECT(xa_empty(&array));
}
