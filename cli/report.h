/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_REPORT_H
#define _CLI_REPORT_H

/**
 * DOC: Reports
 *
 * Jobs are told to a report one after the other, as they end. There is one for
 * people, one that writes KTAP and one that writes JSON; all to standard output.
 */

#include "job.h"
#include "tally.h"

/** enum report_detail - how much the report for people says. */
enum report_detail {
	REPORT_QUIET,		/* what failed */
	REPORT_NORMAL,		/* transcript of a single job, a table of several */
	REPORT_VERBOSE		/* transcripts of all */
};

struct report;

/**
 * struct report_ops - a kind of report.
 * @begin: there will be @jobs jobs
 * @start: the job for that scenario begins
 * @job:   it has ended
 * @end:   that was the last
 */
struct report_ops {
	void (*begin)(struct report *report, unsigned int jobs);
	void (*start)(struct report *report, const struct scn *scn);
	void (*job)(struct report *report, const struct job *job);
	void (*end)(struct report *report);
};

extern const struct report_ops report_text, report_ktap, report_json;
/** report_none - nothing is written but messages about what can't be run. */
extern const struct report_ops report_none;

/**
 * struct report - a report.
 * @ops:     which kind
 * @detail:  for people
 * @console: show the kernel's log, for people
 * @jobs:    number of jobs
 * @done:    of them have ended
 * @count:   of those, by how they ended
 * @tally:   how often each property was judged, in all jobs
 * @builder: for JSON
 * @details: what is shown below the table
 * @width:   of the first column of the table
 */
struct report {
	const struct report_ops *ops;
	enum report_detail detail;
	bool console;
	unsigned int jobs;
	unsigned int done;
	unsigned int count[SCN_END_PASSED + 1];
	struct tally tally;
	void *builder;
	GString *details;
	int width;
};

/** report_style() - escape sequence for "red", …, or "" where colour is not wanted. */
const char *report_style(const char *name);

/**
 * step_is_left_out() - a report for people passes over @step: it went well, in a pass through a
 * repeated block that is neither the first nor the last.
 */
bool step_is_left_out(const struct scn_step *step);
/** steps_left_out() - index after those, from @first on; @first if that one is shown. */
unsigned int steps_left_out(const GPtrArray *steps, unsigned int first);

/** line_is_primitive() - of a call path: it is in the code of a lock or the like. */
bool line_is_primitive(const char *line);

/** text_transcript() - the steps of a job, for people. */
void text_transcript(GString *out, const struct report *report, const struct job *job);
/** text_findings() - what was wrong with it, and the command that shows it again. */
void text_findings(GString *out, const struct job *job);

#endif /* _CLI_REPORT_H */
