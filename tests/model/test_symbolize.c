// SPDX-License-Identifier: GPL-2.0
/*
 * Source lines for reports, out of the fake kernel's image.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/image.h"
#include "model/symbolize.h"

static struct image *image;
static uint32_t entry;

/* The one symbol that can be found without debug information is the image's entry. */
static uint32_t find_entry(const char *path)
{
	void *dl = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	struct link_map *map;
	uintptr_t at;

	assert_non_null(dl);
	assert_int_equal(dlinfo(dl, RTLD_DI_LINKMAP, &map), 0);
	at = (uintptr_t)dlsym(dl, "luosim_image_init") - map->l_addr;
	dlclose(dl);
	return at;
}

static int setup(void **state)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self);
	g_autofree char *path = g_build_filename(dir, "images", "fake.so", NULL);

	(void)state;
	image = image_open(path, NULL);
	assert_non_null(image);
	entry = find_entry(path);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	image_close(image);
	return 0;
}

static void lines__code__has_file_line_and_function(void **state)
{
	const char *lines = symbols_lines(image->symbols, entry);

	(void)state;
	assert_true(g_str_has_prefix(lines, "tests/images/fake.c:"));
	assert_true(g_str_has_suffix(lines, " in luosim_image_init()"));
	assert_ptr_equal(symbols_lines(image->symbols, entry), lines);
}

static void lines__no_code__is_a_question_mark(void **state)
{
	(void)state;
	assert_string_equal(symbols_lines(image->symbols, 0xfffff000), "?");
}

static void name__function__is_found_by_any_address_in_it(void **state)
{
	(void)state;
	assert_string_equal(symbols_name(image->symbols, entry), "luosim_image_init");
	assert_string_equal(symbols_name(image->symbols, entry + 1), "luosim_image_init");
	assert_null(symbols_name(image->symbols, 0xfffff000));
}

static void path_text__empty__is_null(void **state)
{
	struct call_path path = { .image = image };

	(void)state;
	assert_null(call_path_text(&path));
	path.image = NULL;
	assert_null(call_path_text(&path));
}

static void path_text_from__line_in_the_path__begins_there(void **state)
{
	struct call_path path = { .image = image, .nr = 2, .offset = { entry, entry } };
	g_autofree char *all = call_path_text(&path);
	g_autofree char *from = NULL;
	char *file = g_strdup("tests/images/fake.c");
	int line = atoi(strchr(all, ':') + 1);

	(void)state;
	from = call_path_text_from(&path, file, line);
	assert_string_equal(from, all);
	g_free(from);
	from = call_path_text_from(&path, "./tests/images/fake.c", 1);
	assert_true(g_str_has_prefix(from, "tests/images/fake.c:1\n"));
	assert_true(g_str_has_suffix(from, all));
	g_free(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines__code__has_file_line_and_function),
		cmocka_unit_test(lines__no_code__is_a_question_mark),
		cmocka_unit_test(name__function__is_found_by_any_address_in_it),
		cmocka_unit_test(path_text__empty__is_null),
		cmocka_unit_test(path_text_from__line_in_the_path__begins_there),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
