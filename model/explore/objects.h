/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_OBJECTS_H
#define _MODEL_EXPLORE_OBJECTS_H

/**
 * DOC: Numbers for the objects of a machine
 *
 * The search knows objects by numbers, from 0 in the order in which threads first touch them.
 * What that order was does not outlive the search: where an object lies does.
 */

#include <glib.h>
#include <stdint.h>

#include "../symbolize.h"

/** OBJECTS_SAVED - the type of all objects, saved. */
#define OBJECTS_SAVED	"a(yut)"

struct machine;
struct objects;

struct objects *objects_new(struct machine *machine);
void objects_free(struct objects *objects);

/** objects_count() - numbers are below that. */
uint32_t objects_count(const struct objects *objects);

/** objects_find() - the number of what lies at @address; objects_count() if it has none. */
uint32_t objects_find(const struct objects *objects, uintptr_t address);

/** objects_add() - the next number is that of @address. @first: the calls that touched it */
void objects_add(struct objects *objects, uintptr_t address, const struct call_path *first);

/** objects_name() - of object @number: another number, which is the same in each search. */
uint64_t objects_name(const struct objects *objects, uint32_t number);

/** objects_text() - the lines of code that touched it first, or NULL; g_free() it. */
char *objects_text(const struct objects *objects, uint32_t number);

/** objects_save() - all of them, for objects_load() in another process. */
GVariant *objects_save(const struct objects *objects);

/** objects_load() - give the same numbers; there are none yet. */
void objects_load(struct objects *objects, GVariant *saved);

#endif /* _MODEL_EXPLORE_OBJECTS_H */
