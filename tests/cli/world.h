/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TESTS_CLI_WORLD_H
#define _TESTS_CLI_WORLD_H

/* What the tests of the command share: a directory of their own, and running luosim in it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

/**
 * struct world - a directory, and what the last command did there.
 * @luosim: path of the command
 * @dir:    where it runs
 * @state:  where it keeps the last run
 * @out:    standard output
 * @err:    standard error
 * @status: exit status, or -1 if it ended by a signal
 */
struct world {
	char *luosim;
	char *dir;
	char *state;
	char *out;
	char *err;
	int status;
};

static int set_up(void **state)
{
	struct world *w = g_new0(struct world, 1);
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *here = g_path_get_dirname(self);

	w->luosim = g_build_filename(here, "..", "luosim", NULL);
	w->dir = g_dir_make_tmp("luosim-XXXXXX", NULL);
	w->state = g_dir_make_tmp("luosim-state-XXXXXX", NULL);
	*state = w;
	return w->dir && w->state ? 0 : -1;
}

static void remove_all(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		remove_all(below);
	}
	if (dir)
		g_dir_close(dir);
	g_remove(path);
}

static int tear_down(void **state)
{
	struct world *w = *state;

	remove_all(w->dir);
	remove_all(w->state);
	g_free(w->state);
	g_free(w->luosim);
	g_free(w->dir);
	g_free(w->out);
	g_free(w->err);
	g_free(w);
	return 0;
}

/* Runs luosim with the words of @line, which are separated by blanks. */
static int luosim(struct world *w, const char *line)
{
	g_autoptr(GSubprocessLauncher) launcher = NULL;
	g_autoptr(GSubprocess) process = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *command = g_strdup_printf("%s %s", w->luosim, line);
	g_auto(GStrv) words = g_strsplit(g_strchomp(command), " ", -1);

	launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE |
					     G_SUBPROCESS_FLAGS_STDERR_PIPE);
	g_subprocess_launcher_set_cwd(launcher, w->dir);
	g_subprocess_launcher_setenv(launcher, "XDG_STATE_HOME", w->state, TRUE);
	process = g_subprocess_launcher_spawnv(launcher, (const char *const *)words, &error);
	g_clear_pointer(&w->out, g_free);
	g_clear_pointer(&w->err, g_free);
	if (!process || !g_subprocess_communicate_utf8(process, NULL, NULL, &w->out, &w->err,
						       &error))
		fail_msg("%s: %s", command, error->message);
	w->status = g_subprocess_get_if_exited(process) ?
		g_subprocess_get_exit_status(process) : -1;
	return w->status;
}

static inline void put(struct world *w, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(w->dir, name, NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
}

static inline char *get(struct world *w, const char *name)
{
	g_autofree char *path = g_build_filename(w->dir, name, NULL);
	char *text;

	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

static inline void shows(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("'%s' is not in:\n%s", what, text);
}

static inline void hides(const char *text, const char *what)
{
	if (strstr(text, what))
		fail_msg("'%s' is in:\n%s", what, text);
}

static inline void ends(struct world *w, const char *line, int status)
{
	if (luosim(w, line) != status)
		fail_msg("%s: exit %d, expected %d:\n%s%s", line, w->status, status, w->out,
			 w->err);
}

/* What is told after @what in the output, up to the end of the line. */
static inline char *told(const struct world *w, const char *what)
{
	const char *at = strstr(w->out, what);

	if (!at)
		fail_msg("'%s' is not in:\n%s", what, w->out);
	at += strlen(what);
	return g_strndup(at, strcspn(at, "\n"));
}

/* The one message, which is all of standard error; nothing was reported. */
static inline void complains(struct world *w, const char *line, const char *message)
{
	g_autofree char *whole = g_strdup_printf("%s\n", message);

	assert_int_equal(luosim(w, line), 2);
	assert_string_equal(w->err, whole);
	assert_string_equal(w->out, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif /* _TESTS_CLI_WORLD_H */
