/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_PINS_H
#define _CLI_PINS_H

/**
 * DOC: Pinned numbers of executions
 *
 * How many orders a scenario has says much about a kernel's locking: a lock more, a lock less, a
 * wider section, and the number is another. So it can be kept in a file, a line for each
 * scenario, and be compared later.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct pins;

/** pins_new() - none yet. */
struct pins *pins_new(void);
/** pins_read() - from a file; NULL and @error, which names file and line, if that can't be. */
struct pins *pins_read(const char *path, GError **error);
/** pins_free() - NULL is ignored. */
void pins_free(struct pins *pins);

/** pins_add() - so many executions of that scenario, the first time that it comes. */
void pins_add(struct pins *pins, const char *scenario, uint64_t executions);
/** pins_get() - how many, or 0 if the scenario is not there. */
uint64_t pins_get(const struct pins *pins, const char *scenario);

/** pins_writable() - whether there is nothing at @path, or pins that may be replaced. */
bool pins_writable(const char *path, GError **error);
/** pins_write() - in the order in which they were added. */
bool pins_write(const struct pins *pins, const char *path, GError **error);

#endif /* _CLI_PINS_H */
