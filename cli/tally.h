/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_TALLY_H
#define _CLI_TALLY_H

/**
 * DOC: How often each property was judged
 *
 * `luosim run` adds up what its scenarios' verdicts counted, and keeps the sum for
 * `luosim properties` in $XDG_STATE_HOME/luosim/last-run.json.
 */

#include <json-glib/json-glib.h>
#include <model/verdict.h>

struct job;

/**
 * struct tally - the sum of a run.
 * @judged:    by whom and of which property
 * @scenarios: number of scenarios
 * @passed:    of them did
 */
struct tally {
	uint64_t judged[JUDGES][PROPERTIES_MAX];
	unsigned int scenarios;
	unsigned int passed;
};

/** tally_add() - one more scenario. */
void tally_add(struct tally *tally, const struct job *job);

/** tally_of() - how often the property at @index was judged, by anybody. */
uint64_t tally_of(const struct tally *tally, unsigned int index);

/** tally_add_json() - the member "properties" of the object that is being built. */
void tally_add_json(const struct tally *tally, JsonBuilder *b);

/** tally_keep() - as the last run. Not being able to is nothing to worry the user with. */
void tally_keep(const struct tally *tally, const char *command);

/**
 * tally_last() - what was kept.
 * @command: what was typed
 * @directory: and where
 *
 * Return: false if nothing was kept that can be read; else g_free() both.
 */
bool tally_last(struct tally *tally, char **command, char **directory);

#endif /* _CLI_TALLY_H */
