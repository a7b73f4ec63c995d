/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_SCENARIOS_H
#define _CLI_SCENARIOS_H

#include <scenarios/scn.h>

/**
 * scenarios_read() - read all of @files, before anything runs.
 * @wanted: which are kept; NULL: all
 *
 * Return: of struct scn *, or NULL after a message for each file that can't be read.
 */
GPtrArray *scenarios_read(const GPtrArray *files, bool (*wanted)(const struct scn *scn));

/** scenarios_free() - free those that nobody has taken over; @all becomes empty. */
void scenarios_free(GPtrArray *all);

#endif /* _CLI_SCENARIOS_H */
