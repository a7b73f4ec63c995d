/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_PROPERTIES_H
#define _CLI_PROPERTIES_H

#include "tally.h"
#include "where.h"

/**
 * struct survey - all there is to say about the properties.
 * @where: by index
 * @tally: the run that is counted
 * @run:   what that was, in words; NULL if there was none
 */
struct survey {
	struct where *where;
	struct tally tally;
	char *run;
};

/** survey_text() - the table for people. */
void survey_text(const struct survey *survey);
/** survey_detail() - all about the property at @index. */
void survey_detail(const struct survey *survey, unsigned int index);
/** survey_json() - one object. */
void survey_json(const struct survey *survey);
/** survey_markdown() - docs/properties.md: what doesn't depend on any run. */
void survey_markdown(const struct survey *survey);

#endif /* _CLI_PROPERTIES_H */
