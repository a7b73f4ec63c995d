/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_CHECK_H
#define _SCENARIOS_CHECK_H

#include "scn.h"

/**
 * scn_check() - whether a scenario that was parsed can be run.
 *
 * Resolves verbs, parameters, names, conditions and properties, and fills in what
 * the parser left open in the statements. Sections without statements are dropped.
 */
bool scn_check(struct scn *scn, GError **error);

/**
 * scn_check_arguments() - the part of it that fits the arguments of one statement
 * to the parameters of its verb, kinds of names left out.
 */
bool scn_check_arguments(struct scn_statement *st, char **error);

struct tamper;

/** scn_tamper_from() - what a statement that has a field asks for; it lends its strings. */
void scn_tamper_from(const struct scn_statement *st, struct tamper *tamper);

/**
 * scn_phase_end() - index of the section after the phase that begins with section
 * @first: adjacent threads are one phase, everything else is a phase of its own.
 */
unsigned int scn_phase_end(const struct scn *scn, unsigned int first);

#endif /* _SCENARIOS_CHECK_H */
