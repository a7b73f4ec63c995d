/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_GDB_H
#define _CLI_GDB_H

/** DOC: The same command again, under gdb */

#include <stdbool.h>

/** GDB_OPTION - what asks for it, and the line about it in the list of options. */
#define GDB_OPTION "--gdb"
#define GDB_ENTRY(_wanted)								\
	{ "gdb", 0, 0, G_OPTION_ARG_NONE, (_wanted),					\
	  "under gdb, which stops where something is found", NULL }

/** gdb_is_wanted() - whether @argv, up to NULL, asks for it. */
bool gdb_is_wanted(char **argv);

/** gdb_run() - become gdb; returns an exit status, after a message, only if that fails. */
int gdb_run(char **argv);

#endif /* _CLI_GDB_H */
