/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_OUTCOME_H
#define _SCENARIOS_OUTCOME_H

#include "scn.h"

/** scn_errno_name() - "EPERM" for 1; NULL for a number without a name. */
const char *scn_errno_name(int number);

/** scn_outcome_from_word() - "ok", "zero", "mmio", "panic", "EPERM", "SIGBUS"; false if none. */
bool scn_outcome_from_word(const char *word, struct scn_outcome *outcome);

/** scn_outcome_holds() - whether @result is this outcome. */
bool scn_outcome_holds(const struct scn_outcome *outcome, const struct scn_result *result);

/** scn_outcomes_hold() - whether @result is one of the outcomes. */
bool scn_outcomes_hold(const struct scn_outcomes *outcomes, const struct scn_result *result);

/** scn_outcomes_allow_panic() - whether a panic of the next kernel is among them. */
bool scn_outcomes_allow_panic(const struct scn_outcomes *outcomes);
/** scn_outcomes_name_errno() - whether one of the outcomes is that errno. */
bool scn_outcomes_name_errno(const struct scn_outcomes *outcomes, int number);

/** scn_result_format() - for people: "ok", "4", "EPERM", "\"hello\""; g_free() it. */
char *scn_result_format(const struct scn_result *result);

/** scn_contents_format() - contents as a string of the language, or "zero". */
char *scn_contents_format(const char *contents, size_t len);

#endif /* _SCENARIOS_OUTCOME_H */
