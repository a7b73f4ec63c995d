/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_REPORT_EXPLORE_H
#define _CLI_REPORT_EXPLORE_H

/** DOC: Reports on explorations, to standard output, one after the other. */

#include "explorer.h"
#include "report.h"

/**
 * struct explore_report - a report.
 * @kind:   as for runs: &report_text, &report_ktap or &report_json
 * @detail: for people
 * @files:  how many explorations there will be
 * @done:   of them are there
 * @width:  of the first column
 * @findings: text that follows the table
 * @builder: for JSON
 * @executions, @seconds, @clean: of all
 */
struct explore_report {
	const struct report_ops *kind;
	enum report_detail detail;
	unsigned int files;
	unsigned int done;
	int width;
	GString *findings;
	void *builder;
	uint64_t executions;
	double seconds;
	unsigned int clean;
};

void explore_report_begin(struct explore_report *report);
void explore_report_one(struct explore_report *report, const struct exploration *exploration);
void explore_report_end(struct explore_report *report);

#endif /* _CLI_REPORT_EXPLORE_H */
