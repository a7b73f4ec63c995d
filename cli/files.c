// SPDX-License-Identifier: GPL-2.0
/* Files that the commands are given. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

#define SUFFIX ".scn"

char *executable_directory(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);

	return self ? g_path_get_dirname(self) : g_strdup(".");
}

bool read_whole_file(const char *path, char **contents, size_t *len, char **reason)
{
	*contents = NULL;
	*reason = NULL;
	errno = 0;
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		*reason = g_strdup("no such file");
	else if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
		*reason = g_strdup("not a file");
	else if (!g_file_get_contents(path, contents, len, NULL))
		*reason = g_strdup(g_strerror(errno));
	return !*reason;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_below(GPtrArray *files, const char *directory, unsigned int depth)
{
	enum { DEPTH_MAX = 16 };
	GDir *dir = depth < DEPTH_MAX ? g_dir_open(directory, 0, NULL) : NULL;
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_strdup(name));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(names, by_name);
	for (unsigned int i = 0; i < names->len; i++) {
		char *path = g_build_filename(directory, g_ptr_array_index(names, i), NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			add_below(files, path, depth + 1);
		else if (g_str_has_suffix(path, SUFFIX))
			g_ptr_array_add(files, g_steal_pointer(&path));
		g_free(path);
	}
}

/* In the source tree from its root or its build directory, or where it was installed. */
static bool add_library(GPtrArray *files, GError **error)
{
	static const char *const places[] = {
		"../scenarios", "../../scenarios", "../share/luosim/scenarios",
	};
	g_autofree char *here = executable_directory();

	add_below(files, "scenarios", 0);
	for (size_t i = 0; i < G_N_ELEMENTS(places) && !files->len; i++) {
		g_autofree char *path = g_build_filename(here, places[i], NULL);
		g_autofree char *plain = g_canonicalize_filename(path, NULL);

		add_below(files, plain, 0);
	}
	if (files->len)
		return true;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
		    "expected files or directories: the library of scenarios is neither in "
		    "'scenarios' nor near luosim");
	return false;
}

static bool add_operand(GPtrArray *files, const char *operand, GError **error)
{
	unsigned int before = files->len;

	if (!g_file_test(operand, G_FILE_TEST_IS_DIR)) {
		g_ptr_array_add(files, g_strdup(operand));
		return true;
	}
	add_below(files, operand, 0);
	if (files->len > before)
		return true;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "no scenario (*%s) in '%s'", SUFFIX,
		    operand);
	return false;
}

GPtrArray *scenario_files(char **operands, GError **error)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
	bool ok = *operands || add_library(files, error);

	for (char **o = operands; *o && ok; o++)
		ok = add_operand(files, *o, error);
	if (ok)
		return files;
	g_ptr_array_unref(files);
	return NULL;
}
