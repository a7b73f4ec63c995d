// SPDX-License-Identifier: GPL-2.0
/* Which kernel images to run. */

#include <string.h>

#include "files.h"
#include "job.h"

#define DEFAULT_IMAGE	"kernel-model.so"
/* Not in builds for tools that it would be in the way of. */
#define UNDO_IMAGE	"kernel-model-undo.so"
#define HOOKS_SUFFIX	"-hooks.so"

/* Seen from where luosim lies; the build says where an installed one finds it. */
#ifndef LUOSIM_IMAGE_DIR
#define LUOSIM_IMAGE_DIR "../lib/luosim"
#endif

/* NULL if it is not there. */
static char *find_image(const char *name)
{
	static const char *const places[] = { ".", LUOSIM_IMAGE_DIR };
	g_autofree char *here = executable_directory();

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = g_build_filename(here, places[i], name, NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS))
			return g_canonicalize_filename(path, NULL);
	}
	return NULL;
}

static char *built_image(const char *name)
{
	g_autofree char *here = executable_directory();

	return find_image(name) ?: g_build_filename(here, name, NULL);
}

static char *default_image(void)
{
	return built_image(DEFAULT_IMAGE);
}

/* "kernel-model.so" has hooks in "kernel-model-hooks.so". */
static char *hooks_name(const char *image)
{
	size_t len = strlen(image) - (g_str_has_suffix(image, ".so") ? strlen(".so") : 0);

	return g_strdup_printf("%.*s" HOOKS_SUFFIX, (int)len, image);
}

char *images_default_hooks(void)
{
	g_autofree char *name = hooks_name(DEFAULT_IMAGE);

	return built_image(name);
}

char *images_with_hooks(const char *image)
{
	char *name = hooks_name(image);

	if (!g_str_has_suffix(image, HOOKS_SUFFIX) && g_file_test(name, G_FILE_TEST_EXISTS))
		return name;
	g_free(name);
	return NULL;
}

bool images_lack_hooks(const struct images *images, GError **error)
{
	g_autofree char *same = images_with_hooks(images->old);
	g_autofree char *other = same ? NULL : images_default_hooks();

	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
		    "kernel image '%s' has no hooks at its accesses to memory, which memory "
		    "granularity needs; '%s' has them", images->old, same ? same : other);
	return false;
}

static bool hash_file(const char *path, char **sha256, GError **error)
{
	g_autofree char *contents = NULL;
	g_autofree char *reason = NULL;
	size_t len;

	if (!read_whole_file(path, &contents, &len, &reason)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
			    "kernel image '%s' can't be read: %s", path, reason);
		return false;
	}
	*sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)contents, len);
	return true;
}

bool images_find(struct images *images, const char *kernel, const char *old, const char *next,
		 GError **error)
{
	*images = (struct images){ .is_default = !kernel && !old && !next };
	if (kernel && (old || next)) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			    "--kernel says both --old and --new; give either it or them");
		return false;
	}
	images->old = old ? g_strdup(old) : kernel ? g_strdup(kernel) : default_image();
	images->next = next ? g_strdup(next) : kernel ? g_strdup(kernel) : default_image();
	if (!hash_file(images->old, &images->old_sha256, error))
		return false;
	if (strcmp(images->old, images->next))
		return hash_file(images->next, &images->next_sha256, error);
	images->next_sha256 = g_strdup(images->old_sha256);
	return true;
}

bool images_find_undo(struct images *images, const struct images *asked)
{
	g_autofree char *undo = asked->is_default ? find_image(UNDO_IMAGE) : NULL;

	return undo && images_find(images, undo, NULL, NULL, NULL);
}

void images_clear(struct images *images)
{
	g_free(images->old);
	g_free(images->next);
	g_free(images->old_sha256);
	g_free(images->next_sha256);
	*images = (struct images){ 0 };
}
