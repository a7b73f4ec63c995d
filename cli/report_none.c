// SPDX-License-Identifier: GPL-2.0
/* The report that says nothing, for who only wants to count. */

#include "report.h"

static void none_begin(struct report *report, unsigned int jobs)
{
	report->jobs = jobs;
}

static void none_start(struct report *report, const struct scn *scn)
{
	(void)report;
	(void)scn;
}

static void none_job(struct report *report, const struct job *job)
{
	(void)report;
	(void)job;
}

static void none_end(struct report *report)
{
	(void)report;
}

const struct report_ops report_none = {
	.begin = none_begin,
	.start = none_start,
	.job = none_job,
	.end = none_end,
};
