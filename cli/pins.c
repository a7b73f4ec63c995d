// SPDX-License-Identifier: GPL-2.0
/* Pinned numbers of executions. */

#include <string.h>

#include "files.h"
#include "pins.h"

#define FIRST_LINE	"# executions by 'luosim explore --pin'"

/**
 * struct pins - see pins.h.
 * @by_name: scenario to number, as a pointer to it
 * @names:   scenarios, in order
 */
struct pins {
	GHashTable *by_name;
	GPtrArray *names;
};

struct pins *pins_new(void)
{
	struct pins *pins = g_new(struct pins, 1);

	pins->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	pins->names = g_ptr_array_new_with_free_func(g_free);
	return pins;
}

void pins_free(struct pins *pins)
{
	if (!pins)
		return;
	g_hash_table_unref(pins->by_name);
	g_ptr_array_unref(pins->names);
	g_free(pins);
}

void pins_add(struct pins *pins, const char *scenario, uint64_t executions)
{
	char *name;

	if (pins_get(pins, scenario))
		return;
	name = g_strdup(scenario);
	g_ptr_array_add(pins->names, name);
	g_hash_table_insert(pins->by_name, name, g_memdup2(&executions, sizeof(executions)));
}

uint64_t pins_get(const struct pins *pins, const char *scenario)
{
	const uint64_t *executions = g_hash_table_lookup(pins->by_name, scenario);

	return executions ? *executions : 0;
}

static bool add_line(struct pins *pins, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 2);
	guint64 executions;

	if (!words[0] || !words[1] || !*words[1] || pins_get(pins, words[1]) ||
	    !g_ascii_string_to_unsigned(words[0], 10, 1, G_MAXUINT64, &executions, NULL))
		return false;
	pins_add(pins, words[1], executions);
	return true;
}

static bool fail(GError **error, const char *path, unsigned int line, const char *why)
{
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s:%u: %s", path, line, why);
	return false;
}

static bool add_lines(struct pins *pins, const char *text, const char *path, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	if (!lines[0] || strcmp(lines[0], FIRST_LINE))
		return fail(error, path, 1, "not numbers of executions: the first line is another");
	for (unsigned int i = 1; lines[i]; i++)
		if (*lines[i] && !add_line(pins, lines[i]))
			return fail(error, path, i + 1,
				    "a line is a number of executions and a scenario, each once");
	return true;
}

struct pins *pins_read(const char *path, GError **error)
{
	struct pins *pins = pins_new();
	g_autofree char *text = NULL;
	g_autofree char *why = NULL;
	size_t len;

	if (!read_whole_file(path, &text, &len, &why))
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", path, why);
	else if (add_lines(pins, text, path, error))
		return pins;
	pins_free(pins);
	return NULL;
}

bool pins_writable(const char *path, GError **error)
{
	struct pins *pins;

	if (!g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
		return true;
	pins = pins_read(path, error);
	pins_free(pins);
	return pins;
}

bool pins_write(const struct pins *pins, const char *path, GError **error)
{
	g_autoptr(GString) text = g_string_new(FIRST_LINE "\n");

	for (unsigned int i = 0; i < pins->names->len; i++) {
		const char *name = g_ptr_array_index(pins->names, i);

		g_string_append_printf(text, "%" G_GUINT64_FORMAT " %s\n", pins_get(pins, name),
				       name);
	}
	return g_file_set_contents(path, text->str, (gssize)text->len, error);
}
