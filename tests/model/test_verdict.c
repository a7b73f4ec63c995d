// SPDX-License-Identifier: GPL-2.0
/*
 * Properties and the verdict.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/verdict.h"

static void properties__contract__is_there_in_order(void **state)
{
	char id[8];

	(void)state;
	for (unsigned int i = 0; i < 66; i++) {
		g_snprintf(id, sizeof(id), "P-%02u", i + 1);
		assert_string_equal(property_at(i)->id, id);
		assert_ptr_equal(property_find(id), property_at(i));
	}
	assert_null(property_find("P-67"));
	assert_non_null(property_find("K-WARN"));
}

static void properties__each__has_sentence_source_and_its_own_name(void **state)
{
	const struct property *property;

	(void)state;
	for (unsigned int i = 0; (property = property_at(i)); i++) {
		assert_true(strlen(property->sentence) > 10);
		assert_int_equal(property->sentence[strlen(property->sentence) - 1], '.');
		assert_true(strlen(property->source) > 3);
		assert_ptr_equal(property_find(property->id), property);
	}
}

static void add__violation__is_kept_as_said(void **state)
{
	struct verdict *verdict = verdict_new();
	char where[] = "a.c:1 in f()";
	const struct violation *violation;

	(void)state;
	verdict_add(verdict, "P-25", 2, where, NULL, "page %d", 7);
	where[0] = 'x';
	assert_int_equal(verdict_count(verdict), 1);
	violation = verdict_at(verdict, 0);
	assert_string_equal(violation->property->id, "P-25");
	assert_string_equal(violation->seen, "page 7");
	assert_string_equal(violation->where, "a.c:1 in f()");
	assert_null(violation->other);
	assert_int_equal(violation->boot, 2);
	verdict_free(verdict);
}

static void add__same_again__is_one(void **state)
{
	struct verdict *verdict = verdict_new();

	(void)state;
	for (unsigned int i = 0; i < 3; i++)
		verdict_add(verdict, "K-WARN", 1, "a.c:1", NULL, "hm");
	verdict_add(verdict, "K-WARN", 2, "a.c:1", NULL, "hm");
	verdict_add(verdict, "K-WARN", 1, "a.c:2", NULL, "hm");
	assert_int_equal(verdict_count(verdict), 3);
	verdict_clear(verdict);
	assert_int_equal(verdict_count(verdict), 0);
	verdict_free(verdict);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(properties__contract__is_there_in_order),
		cmocka_unit_test(properties__each__has_sentence_source_and_its_own_name),
		cmocka_unit_test(add__violation__is_kept_as_said),
		cmocka_unit_test(add__same_again__is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
