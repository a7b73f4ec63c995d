// SPDX-License-Identifier: GPL-2.0
/* JSON: one object, its members always in this order. */

#include <stdio.h>


#include "cmd.h"
#include "json.h"
#include "report.h"

#define JSON_FORMAT_VERSION 1

static void json_begin(struct report *report, unsigned int jobs)
{
	JsonBuilder *b = json_builder_new();

	report->jobs = jobs;
	report->builder = b;
	json_builder_begin_object(b);
	json_add_int(b, "luosim-run", JSON_FORMAT_VERSION);
	json_add_string(b, "version", LUOSIM_VERSION);
	json_begin_array(b, "scenarios");
}

static void json_start(struct report *report, const struct scn *scn)
{
	(void)report;
	(void)scn;
}

static const char *state_name(const struct scn_step *step)
{
	switch (step->state) {
	case SCN_STEP_RUNNING:
		return "did not return";
	case SCN_STEP_SKIPPED:
		return "skipped";
	case SCN_STEP_KILLED:
		return "killed";
	case SCN_STEP_BROKEN:
		return "broken";
	default:
		return "done";
	}
}

static void add_step(JsonBuilder *b, const struct scn_step *step)
{
	g_autofree char *expected = scn_outcomes_format(&step->statement->expected);

	json_builder_begin_object(b);
	json_add_int(b, "kernel", step->boot);
	json_add_string(b, "process", step->section->process);
	json_add_string(b, "where", step->section->name);
	json_add_int(b, "line", step->statement->line);
	if (step->statement->repetition)
		json_add_string(b, "repetition", step->statement->repetition->text);
	json_add_string(b, "statement", step->statement->text);
	json_add_string(b, "state", state_name(step));
	json_add_string(b, "result", step->shown);
	json_add_string(b, "note", step->note);
	json_add_string(b, "expected", expected);
	json_builder_set_member_name(b, "as_expected");
	json_builder_add_boolean_value(b, step->as_expected);
	json_builder_end_object(b);
}

static void add_violation(JsonBuilder *b, const struct violation *v)
{
	json_builder_begin_object(b);
	json_add_string(b, "property", v->property->id);
	json_add_string(b, "sentence", v->property->sentence);
	json_add_string(b, "source", v->property->source);
	json_add_int(b, "kernel", v->boot);
	json_add_string(b, "seen", v->seen);
	json_add_string(b, "where", v->where);
	json_add_string(b, "other", v->other);
	json_builder_end_object(b);
}

static void json_job(struct report *report, const struct job *job)
{
	const GPtrArray *steps = scn_run_steps(job->run);
	JsonBuilder *b = report->builder;

	json_builder_begin_object(b);
	json_add_string(b, "file", job->scn->path);
	json_add_string(b, "title", job->scn->title);
	json_add_string(b, "purpose", job->scn->purpose);
	json_add_string(b, "verdict", job_verdict(job));
	json_add_string(b, "error", scn_run_error(job->run));
	json_add_int(b, "kernels", job->boots);
	json_add_string(b, "digest", job->digest);
	json_begin_array(b, "steps");
	for (unsigned int i = 0; i < steps->len; i++)
		add_step(b, g_ptr_array_index(steps, i));
	json_builder_end_array(b);
	json_begin_array(b, "violations");
	for (unsigned int i = 0; i < verdict_count(job->verdict); i++)
		add_violation(b, verdict_at(job->verdict, i));
	json_builder_end_array(b);
	json_add_string(b, "again", job->again);
	json_builder_end_object(b);
}

static void json_end(struct report *report)
{
	JsonBuilder *b = report->builder;
	g_autofree char *text = NULL;

	json_builder_end_array(b);
	json_add_int(b, "passed", report->count[SCN_END_PASSED]);
	json_add_int(b, "not_passed", report->done - report->count[SCN_END_PASSED]);
	tally_add_json(&report->tally, b);
	json_builder_end_object(b);
	text = json_text(b);
	fputs(text, stdout);
	g_object_unref(b);
}

const struct report_ops report_json = {
	.begin = json_begin,
	.start = json_start,
	.job = json_job,
	.end = json_end,
};
