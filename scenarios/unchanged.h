/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_UNCHANGED_H
#define _SCENARIOS_UNCHANGED_H

/**
 * DOC: Calls that are refused change nothing
 *
 * The kernel promises of some calls that they have no effect when they fail. Where a
 * statement expects that, the state of the kernel before the call is compared with the one
 * after it.
 */

#include <stdbool.h>

struct scn_thread;

/** scn_unchanged_judges() - the property of the @i-th such promise; NULL past the end. */
const char *scn_unchanged_judges(unsigned int i);

/** scn_unchanged_before() - before the verb; true if scn_unchanged_after() is wanted. */
bool scn_unchanged_before(struct scn_thread *t);

/** scn_unchanged_after() - after the verb: report what it changed although it failed. */
void scn_unchanged_after(struct scn_thread *t);

#endif /* _SCENARIOS_UNCHANGED_H */
