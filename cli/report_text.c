// SPDX-License-Identifier: GPL-2.0
/* The report for people: a transcript, or a table with what failed below it. */

#include <stdio.h>
#include <unistd.h>

#include "report.h"

static void print(GString *s)
{
	fwrite(s->str, 1, s->len, stdout);
	g_string_free(s, TRUE);
}

/* Progress goes to the terminal of standard error, and is wiped out again. */
static bool want_progress(const struct report *report)
{
	return report->jobs > 1 && isatty(STDERR_FILENO);
}

static void wipe_progress(const struct report *report)
{
	if (want_progress(report))
		fputs("\r\033[K", stderr);
}

static void text_begin(struct report *report, unsigned int jobs)
{
	report->jobs = jobs;
	report->details = g_string_new(NULL);
}

static void text_start(struct report *report, const struct scn *scn)
{
	if (!want_progress(report))
		return;
	fflush(stdout);
	fprintf(stderr, "\r\033[K[%u/%u] %s", report->done + 1, report->jobs, scn->path);
	fflush(stderr);
}

static void append_verdict(GString *s, const struct job *job)
{
	const char *verdict = job_verdict(job);
	const char *style = job->end == SCN_END_PASSED ? "green" : "red";

	g_string_append_printf(s, "%s%s%s", report_style(style), verdict, report_style("plain"));
}

static void table_line(struct report *report, const struct job *job)
{
	GString *s = g_string_new(NULL);
	int pad = report->width - (int)g_utf8_strlen(job->scn->path, -1);

	append_verdict(s, job);
	g_string_append_printf(s, "  %s%*s  %s\n", job->scn->path, MAX(pad, 0), "",
			       job->scn->title);
	print(s);
}

static void single(struct report *report, const struct job *job)
{
	GString *s = g_string_new(NULL);

	text_transcript(s, report, job);
	text_findings(s, job);
	if (report->jobs > 1)
		g_string_append_c(s, '\n');
	print(s);
}

/* Transcripts as the jobs end, or a table and below it what failed. */
static void text_job(struct report *report, const struct job *job)
{
	bool whole = report->jobs == 1 || report->detail == REPORT_VERBOSE || report->console;

	wipe_progress(report);
	if (whole && report->detail != REPORT_QUIET) {
		single(report, job);
		return;
	}
	if (report->detail != REPORT_QUIET)
		table_line(report, job);
	if (job->end != SCN_END_PASSED)
		text_findings(report->details, job);
}

static void text_end(struct report *report)
{
	unsigned int passed = report->count[SCN_END_PASSED];

	fwrite(report->details->str, 1, report->details->len, stdout);
	g_string_free(report->details, TRUE);
	if (report->jobs < 2 || report->detail == REPORT_QUIET)
		return;
	printf("\n%u scenarios: %s%u passed%s", report->done, report_style("green"), passed,
	       report_style("plain"));
	if (passed < report->done)
		printf(", %s%u did not%s", report_style("red"), report->done - passed,
		       report_style("plain"));
	putchar('\n');
}

const struct report_ops report_text = {
	.begin = text_begin,
	.start = text_start,
	.job = text_job,
	.end = text_end,
};
