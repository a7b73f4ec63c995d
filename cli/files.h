/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_FILES_H
#define _CLI_FILES_H

#include <glib.h>
#include <stdbool.h>

/** executable_directory() - where luosim itself is; g_free() it. */
char *executable_directory(void);

/** read_whole_file() - a regular file; @reason in words if not. g_free() all three. */
bool read_whole_file(const char *path, char **contents, size_t *len, char **reason);

/**
 * scenario_files() - the files that operands mean: a file is itself, a directory all
 * files *.scn below it, in the order of their names; no operand the library of
 * scenarios.
 * @error: a name that is nothing, or a directory without scenarios
 *
 * Return: of char *, or NULL.
 */
GPtrArray *scenario_files(char **operands, GError **error);

#endif /* _CLI_FILES_H */
