// SPDX-License-Identifier: GPL-2.0
/* Where dumps of handovers go. */

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include <model/dump.h>

#include "dump.h"

static char *dump_path(const char *dir, unsigned int n, const char *suffix)
{
	g_autofree char *name = g_strdup_printf("kexec-%u.%s", n, suffix);

	return g_build_filename(dir, name, NULL);
}

static bool begins_as_a_dump(const char *path)
{
	char start[sizeof(DUMP_TITLE)] = "";
	FILE *file = fopen(path, "r");
	size_t len = file ? fread(start, 1, sizeof(DUMP_TITLE) - 1, file) : 0;

	if (file)
		fclose(file);
	return len == sizeof(DUMP_TITLE) - 1 && !strcmp(start, DUMP_TITLE);
}

/* A device tree is luosim's if the text beside it is. */
static bool is_ours(const char *dir, const char *name)
{
	unsigned int n;
	char suffix[4] = "";
	int end = 0;
	g_autofree char *text = NULL;

	if (sscanf(name, "kexec-%u.%3[a-z]%n", &n, suffix, &end) != 2 || name[end] ||
	    (strcmp(suffix, "dtb") && strcmp(suffix, "txt")))
		return false;
	text = dump_path(dir, n, "txt");
	return begins_as_a_dump(text);
}

static bool check_names(const char *dir, GPtrArray *names, GError **error)
{
	for (unsigned int i = 0; i < names->len; i++) {
		if (is_ours(dir, g_ptr_array_index(names, i)))
			continue;
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
			    "%s: holds '%s', which is not a dump of a handover: name another "
			    "directory", dir, (char *)g_ptr_array_index(names, i));
		return false;
	}
	return true;
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *list_names(const char *dir)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *open = g_dir_open(dir, 0, NULL);
	const char *name;

	while (open && (name = g_dir_read_name(open)))
		g_ptr_array_add(names, g_strdup(name));
	if (open)
		g_dir_close(open);
	g_ptr_array_sort(names, by_name);
	return names;
}

static bool fail(GError **error, const char *path)
{
	int code = errno;

	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s: %s", path,
		    g_strerror(code));
	return false;
}

bool dump_directory(const char *dir, GError **error)
{
	g_autoptr(GPtrArray) names = NULL;

	if (!g_file_test(dir, G_FILE_TEST_EXISTS))
		return !g_mkdir(dir, 0777) || fail(error, dir);
	if (!g_file_test(dir, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR,
			    "%s: is there already and is not a directory", dir);
		return false;
	}
	names = list_names(dir);
	if (!check_names(dir, names, error))
		return false;
	for (unsigned int i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename(dir, g_ptr_array_index(names, i), NULL);

		if (g_unlink(path))
			return fail(error, path);
	}
	return true;
}

bool dump_write(const char *dir, unsigned int n, struct machine *machine, GError **error)
{
	g_autofree char *text_path = dump_path(dir, n, "txt");
	g_autofree char *fdt_path = dump_path(dir, n, "dtb");
	g_autoptr(GBytes) fdt = dump_fdt(machine);
	GString *text = dump_text(machine);
	bool ok = g_file_set_contents(text_path, text->str, (gssize)text->len, error);

	g_string_free(text, TRUE);
	if (!ok || !fdt)
		return ok;
	return g_file_set_contents(fdt_path, g_bytes_get_data(fdt, NULL),
				   (gssize)g_bytes_get_size(fdt), error);
}
