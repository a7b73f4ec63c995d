/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_SAVED_SEARCH_H
#define _CLI_SAVED_SEARCH_H

/** DOC: Files in which explorations that were cut off wait to go on. */

#include "explorer.h"

/**
 * saved_search_read() - let an exploration go on from the file at @path, if there is one.
 * @exploration: of the same scenario on the same images
 * @how:         the options that it was explored with, in words
 *
 * Return: false and @error if the file is not one of ours, or is of another exploration.
 */
bool saved_search_read(const char *path, struct exploration *exploration, const char *how,
		       GError **error);

/** saved_search_write() - false and @error if it can't be written. */
bool saved_search_write(const char *path, const struct exploration *exploration,
			const char *how, GError **error);

#endif /* _CLI_SAVED_SEARCH_H */
