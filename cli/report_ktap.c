// SPDX-License-Identifier: GPL-2.0
/* KTAP version 1: each scenario is a test with its steps as subtests. */

#include <stdio.h>
#include <string.h>

#include "report.h"

static void ktap_begin(struct report *report, unsigned int jobs)
{
	report->jobs = jobs;
	printf("KTAP version 1\n1..%u\n", jobs);
}

static void ktap_start(struct report *report, const struct scn *scn)
{
	(void)report;
	(void)scn;
}

/* '#' begins a directive in a test line. */
static char *description(const char *text)
{
	char *copy = g_strdup(text);

	return g_strdelimit(copy, "#", '_');
}

static void diagnostics(const char *indent, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **l = lines; *l; l++)
		if (**l)
			printf("%s# %s\n", indent, *l);
}

static void ktap_step(unsigned int number, const struct scn_step *step)
{
	g_autofree char *text = description(step->statement->text);
	g_autofree char *expected = scn_outcomes_format(&step->statement->expected);

	if (!step->as_expected)
		printf("  # expected %s, came to %s%s%s\n", expected, step->shown,
		       step->note ? ": " : "", step->note ? step->note : "");
	printf("  %s %u line %d: %s%s\n", step->as_expected ? "ok" : "not ok", number,
	       step->statement->line, text,
	       step->state == SCN_STEP_SKIPPED ? " # SKIP its condition does not hold" : "");
}

/* Several steps of a repeated block that went well are one test. */
static void ktap_left_out(unsigned int number, const GPtrArray *steps, unsigned int first,
			  unsigned int end)
{
	const struct scn_step *from = g_ptr_array_index(steps, first);
	const struct scn_step *to = g_ptr_array_index(steps, end - 1);

	printf("  ok %u line %d: %u more steps, %s to %s\n", number, from->statement->line,
	       end - first, from->statement->repetition->text, to->statement->repetition->text);
}

static unsigned int ktap_count(const GPtrArray *steps)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < steps->len; nr++)
		i = MAX(steps_left_out(steps, i), i + 1);
	return nr;
}

static void ktap_steps(const struct job *job)
{
	const GPtrArray *steps = scn_run_steps(job->run);
	unsigned int number = 1;

	printf("  KTAP version 1\n  # Subtest: %s\n  1..%u\n", job->scn->path,
	       ktap_count(steps));
	for (unsigned int i = 0, end; i < steps->len; i = end, number++) {
		end = steps_left_out(steps, i);
		if (end > i)
			ktap_left_out(number, steps, i, end);
		else
			ktap_step(number, g_ptr_array_index(steps, end++));
	}
}

static void ktap_findings(const struct job *job)
{
	if (scn_run_error(job->run))
		diagnostics("", scn_run_error(job->run));
	for (unsigned int i = 0; i < verdict_count(job->verdict); i++) {
		const struct violation *v = verdict_at(job->verdict, i);
		g_autofree char *text = g_strdup_printf("violated %s: %s\nseen: %s\nwhere: %s",
							v->property->id, v->property->sentence,
							v->seen, v->where ? v->where : "");

		diagnostics("", text);
	}
	if (job->end != SCN_END_PASSED)
		diagnostics("", job->again);
}

static void ktap_job(struct report *report, const struct job *job)
{
	g_autofree char *title = description(job->scn->path);

	ktap_steps(job);
	ktap_findings(job);
	printf("%s %u %s\n", job->end == SCN_END_PASSED ? "ok" : "not ok", report->done, title);
}

static void ktap_end(struct report *report)
{
	unsigned int passed = report->count[SCN_END_PASSED];

	printf("# Totals: pass:%u fail:%u skip:0\n", passed, report->done - passed);
}

const struct report_ops report_ktap = {
	.begin = ktap_begin,
	.start = ktap_start,
	.job = ktap_job,
	.end = ktap_end,
};
