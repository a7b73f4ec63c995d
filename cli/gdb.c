// SPDX-License-Identifier: GPL-2.0
/*
 * The same command again, under gdb. Images are loaded from where they lie, so that gdb finds
 * their source lines.
 */

#include <errno.h>
#include <unistd.h>

#include "cmd.h"
#include "gdb.h"

bool gdb_is_wanted(char **argv)
{
	return g_strv_contains((const char *const *)argv, GDB_OPTION);
}

int gdb_run(char **argv)
{
	static char *const head[] = {
		"gdb", "-q", "-ex", "set breakpoint pending on", "-ex", "break verdict_found",
		"-ex", "run", "--args",
	};
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autoptr(GPtrArray) command = g_ptr_array_new();

	for (unsigned int i = 0; i < G_N_ELEMENTS(head); i++)
		g_ptr_array_add(command, head[i]);
	g_ptr_array_add(command, self);
	for (; *argv; argv++)
		if (!g_str_equal(*argv, GDB_OPTION))
			g_ptr_array_add(command, *argv);
	g_ptr_array_add(command, NULL);
	g_setenv("LUOSIM_FROM_PATH", "1", TRUE);
	execvp("gdb", (char **)command->pdata);
	complain("gdb can't be started: %s", g_strerror(errno));
	return LUOSIM_USAGE;
}
