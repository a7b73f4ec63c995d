/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_RACE_PATHS_H
#define _MODEL_RACE_PATHS_H

/*
 * Where accesses were done, each call path once. A path keeps its number through all runs.
 */

#include "../execution.h"

struct paths;

struct paths *paths_new(void);
void paths_free(struct paths *paths);

/** paths_number() - of the calls in @access, which the running kernel of @machine did. */
uint32_t paths_number(struct paths *paths, const struct machine *machine,
		      const struct host_access *access);

const struct call_path *paths_at(const struct paths *paths, uint32_t number);

#endif /* _MODEL_RACE_PATHS_H */
