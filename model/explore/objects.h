/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_OBJECTS_H
#define _MODEL_EXPLORE_OBJECTS_H

/**
 * DOC: Numbers for the objects of a machine
 *
 * The search knows objects by numbers, from 0 in the order in which threads first touch them.
 * What that order was does not outlive the search: where an object lies does. So do several
 * machines know that it is the same object, where several search together.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "../symbolize.h"

/** OBJECTS_SAVED - the type of all objects, saved. */
#define OBJECTS_SAVED	"a(yut)"

struct machine;
struct objects;

/** objects_new() - @others: of another machine, whose numbers are those of this one; or NULL. */
struct objects *objects_new(struct machine *machine, struct objects *others);
void objects_free(struct objects *objects);

/** objects_share() - from now on others add to them: who was first is no longer noted. */
void objects_share(struct objects *objects);

/** objects_count() - numbers are below that. */
uint32_t objects_count(const struct objects *objects);

/** objects_find() - whether the machine knows the number of what lies at @address. */
bool objects_find(const struct objects *objects, uintptr_t address, uint32_t *number);

/**
 * objects_add() - now it does. @first: the calls that touched it
 *
 * Return: the next number, or that by which others know it.
 */
uint32_t objects_add(struct objects *objects, uintptr_t address, const struct call_path *first);

/** objects_name() - of object @number: another number, which is the same in each search. */
uint64_t objects_name(const struct objects *objects, uint32_t number);

/** objects_text() - the lines of code that touched it first, or NULL; g_free() it. */
char *objects_text(const struct objects *objects, uint32_t number);

/** objects_save() - all of them, for objects_load() in another process. */
GVariant *objects_save(const struct objects *objects);

/** objects_load() - give the same numbers; there are none yet. */
void objects_load(struct objects *objects, GVariant *saved);

#endif /* _MODEL_EXPLORE_OBJECTS_H */
