// SPDX-License-Identifier: GPL-2.0
/*
 * Does what the fuzz target does, for the inputs in files and folders: without libFuzzer,
 * so that a build by any compiler shows that what was found once is still mended.
 */

#include <stdio.h>
#include <string.h>

#include "experiment.h"

#define EXIT_FOUND	1
#define EXIT_USAGE	2

static const char *const ends[] = {
	[EXPERIMENT_TAKEN_OVER] = "taken over", [EXPERIMENT_REFUSED] = "refused",
	[EXPERIMENT_PANIC] = "panic", [EXPERIMENT_FINDING] = "FOUND",
};

static bool verbose;

static void print_line(void *ctx, int level, const char *line)
{
	(void)ctx;
	(void)level;
	printf("\t| %s\n", line);
}

static int replay_file(struct experiment *e, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *data = NULL;
	enum experiment_end end;
	size_t size;

	if (!g_file_get_contents(path, &data, &size, &error)) {
		fprintf(stderr, "fuzz-replay: %s\n", error->message);
		return EXIT_USAGE;
	}
	end = experiment_run(e, (const uint8_t *)data, size);
	if (verbose || end == EXPERIMENT_FINDING)
		printf("%s: %s\n%s", path, ends[end], e->finding->str);
	return end == EXPERIMENT_FINDING ? EXIT_FOUND : 0;
}

static int worse(int a, int b)
{
	return MAX(a, b);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int replay(struct experiment *e, const char *path);

static int replay_folder(struct experiment *e, GDir *dir, const char *path)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *name;
	int status = 0;

	while ((name = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_build_filename(path, name, NULL));
	g_ptr_array_sort(names, compare_names);
	for (unsigned int i = 0; i < names->len; i++)
		status = worse(status, replay(e, g_ptr_array_index(names, i)));
	return status;
}

static int replay(struct experiment *e, const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	int status;

	if (!dir)
		return replay_file(e, path);
	status = replay_folder(e, dir, path);
	g_dir_close(dir);
	return status;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	struct experiment *e;
	int status = 0, first = 1;

	verbose = argc > 1 && !strcmp(argv[1], "-v");
	first += verbose;
	if (argc < first + 2) {
		fprintf(stderr, "usage: fuzz-replay [-v] IMAGE FILE|DIR...\n");
		return EXIT_USAGE;
	}
	e = experiment_new(argv[first], verbose ? print_line : NULL, &error);
	if (!e) {
		fprintf(stderr, "fuzz-replay: %s\n", error->message);
		return EXIT_USAGE;
	}
	for (int i = first + 1; i < argc; i++)
		status = worse(status, replay(e, argv[i]));
	experiment_free(e);
	return status;
}
