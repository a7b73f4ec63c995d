/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_CMD_H
#define _CLI_CMD_H

/** DOC: Commands of luosim; main.c has the table. */

#include <glib.h>
#include <stdbool.h>

#define LUOSIM_VERSION "0.1"

/** enum luosim_exit - exit status, of every command. The later, the graver. */
enum luosim_exit {
	LUOSIM_CLEAN = 0,	/* nothing found and nothing left to explore */
	LUOSIM_FOUND = 1,	/* a property violated, or an outcome unexpected */
	LUOSIM_USAGE = 2,	/* wrong use, or input that can't be read */
	LUOSIM_BOUNDED = 3,	/* nothing found, but a bound ended the search */
	LUOSIM_INTERNAL = 4	/* luosim itself is at fault */
};

/**
 * struct command - a command.
 * @name:    the word after "luosim"
 * @usage:   what may follow it
 * @summary: one line
 * @run:     does it: @argv[0] is the name. Returns the exit status
 */
struct command {
	const char *name;
	const char *usage;
	const char *summary;
	int (*run)(int argc, char **argv);
};

/** status_worse() - exit status of two things done: what was found tells the most. */
int status_worse(int a, int b);

/** command_at() - the @i-th command, NULL past the end. */
const struct command *command_at(unsigned int i);

/** command_run() - run the command that @argv[0] names; a message if there is none. */
int command_run(int argc, char **argv);

int cmd_run(int argc, char **argv);
int cmd_explore(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_properties(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_help(int argc, char **argv);

/**
 * command_options() - parse options; what is left in @argv are the operands.
 * @entries: of GOption, its own --help is added
 * @more:    further ones, or NULL
 *
 * Return: false after a message if something is wrong with them.
 */
bool command_options(int *argc, char ***argv, const GOptionEntry *entries,
		     const GOptionEntry *more);

/** complain() - "luosim COMMAND: …" on standard error. */
void complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

#endif /* _CLI_CMD_H */
