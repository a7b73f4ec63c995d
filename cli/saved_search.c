// SPDX-License-Identifier: GPL-2.0
/*
 * Files with explorations that were cut off: a key file, whose group says what was explored, so
 * that nobody goes on with something else.
 */

#include "saved_search.h"

#define GROUP "luosim-search"

/* What has to be the same, by key. */
static char *identity(const struct job *job, const char *key, const char *how)
{
	if (!g_strcmp0(key, "scenario"))
		return g_compute_checksum_for_string(G_CHECKSUM_SHA256, job->scn->source, -1);
	if (!g_strcmp0(key, "image"))
		return g_strdup(job->images->old_sha256);
	if (!g_strcmp0(key, "next_image"))
		return g_strdup(job->images->next_sha256);
	return g_strdup(how);
}

static const char *const keys[] = { "scenario", "image", "next_image", "options" };

static bool fail(GError **error, const char *path, const char *why)
{
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", path, why);
	return false;
}

static bool is_same(GKeyFile *file, const struct job *job, const char *how, const char *path,
		    GError **error)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *was = g_key_file_get_string(file, GROUP, keys[i], NULL);
		g_autofree char *is = identity(job, keys[i], how);

		if (g_strcmp0(was, is)) {
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
				    "%s: saved of an exploration with another %s", path, keys[i]);
			return false;
		}
	}
	return true;
}

bool saved_search_read(const char *path, struct exploration *exploration, const char *how,
		       GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *text = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
		return true;
	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL) ||
	    !g_key_file_has_group(file, GROUP))
		return fail(error, path, "is there already and is not a saved exploration");
	if (!is_same(file, exploration->job, how, path, error))
		return false;
	text = g_key_file_get_string(file, GROUP, "search", NULL);
	exploration->missed = g_key_file_get_boolean(file, GROUP, "missed", NULL);
	exploration->met = g_key_file_get_boolean(file, GROUP, "met", NULL);
	exploration->resume = text ? g_variant_parse(NULL, text, NULL, NULL, NULL) : NULL;
	return exploration->resume || fail(error, path, "the saved exploration in it is damaged");
}

bool saved_search_write(const char *path, const struct exploration *exploration,
			const char *how, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *text = g_variant_print(exploration->result.saved, TRUE);

	for (unsigned int i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *value = identity(exploration->job, keys[i], how);

		g_key_file_set_string(file, GROUP, keys[i], value);
	}
	g_key_file_set_boolean(file, GROUP, "missed", exploration->missed);
	g_key_file_set_boolean(file, GROUP, "met", exploration->met);
	g_key_file_set_string(file, GROUP, "search", text);
	return g_key_file_save_to_file(file, path, error);
}
