// SPDX-License-Identifier: GPL-2.0
/* JSON: one object, its members always in this order. */

#include <stdio.h>

#include <json-glib/json-glib.h>

#include "cmd.h"
#include "report.h"

#define JSON_FORMAT_VERSION 1

static void add_string(JsonBuilder *b, const char *name, const char *value)
{
	json_builder_set_member_name(b, name);
	if (value)
		json_builder_add_string_value(b, value);
	else
		json_builder_add_null_value(b);
}

static void add_int(JsonBuilder *b, const char *name, gint64 value)
{
	json_builder_set_member_name(b, name);
	json_builder_add_int_value(b, value);
}

static void begin_array(JsonBuilder *b, const char *name)
{
	json_builder_set_member_name(b, name);
	json_builder_begin_array(b);
}

static void json_begin(struct report *report, unsigned int jobs)
{
	JsonBuilder *b = json_builder_new();

	report->jobs = jobs;
	report->builder = b;
	json_builder_begin_object(b);
	add_int(b, "luosim-run", JSON_FORMAT_VERSION);
	add_string(b, "version", LUOSIM_VERSION);
	begin_array(b, "scenarios");
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
	add_int(b, "kernel", step->boot);
	add_string(b, "process", step->section->process);
	add_string(b, "where", step->section->name);
	add_int(b, "line", step->statement->line);
	add_string(b, "statement", step->statement->text);
	add_string(b, "state", state_name(step));
	add_string(b, "result", step->shown);
	add_string(b, "note", step->note);
	add_string(b, "expected", expected);
	json_builder_set_member_name(b, "as_expected");
	json_builder_add_boolean_value(b, step->as_expected);
	json_builder_end_object(b);
}

static void add_violation(JsonBuilder *b, const struct violation *v)
{
	json_builder_begin_object(b);
	add_string(b, "property", v->property->id);
	add_string(b, "sentence", v->property->sentence);
	add_string(b, "source", v->property->source);
	add_int(b, "kernel", v->boot);
	add_string(b, "seen", v->seen);
	add_string(b, "where", v->where);
	add_string(b, "other", v->other);
	json_builder_end_object(b);
}

static void json_job(struct report *report, const struct job *job)
{
	const GPtrArray *steps = scn_run_steps(job->run);
	JsonBuilder *b = report->builder;

	json_builder_begin_object(b);
	add_string(b, "file", job->scn->path);
	add_string(b, "title", job->scn->title);
	add_string(b, "purpose", job->scn->purpose);
	add_string(b, "verdict", job_verdict(job));
	add_string(b, "error", scn_run_error(job->run));
	add_int(b, "kernels", job->boots);
	add_string(b, "digest", job->digest);
	begin_array(b, "steps");
	for (unsigned int i = 0; i < steps->len; i++)
		add_step(b, g_ptr_array_index(steps, i));
	json_builder_end_array(b);
	begin_array(b, "violations");
	for (unsigned int i = 0; i < verdict_count(job->verdict); i++)
		add_violation(b, verdict_at(job->verdict, i));
	json_builder_end_array(b);
	add_string(b, "again", job->again);
	json_builder_end_object(b);
}

static void json_end(struct report *report)
{
	JsonBuilder *b = report->builder;
	g_autoptr(JsonGenerator) generator = json_generator_new();
	g_autoptr(JsonNode) root = NULL;
	g_autofree char *text = NULL;

	json_builder_end_array(b);
	add_int(b, "passed", report->count[SCN_END_PASSED]);
	add_int(b, "not_passed", report->done - report->count[SCN_END_PASSED]);
	json_builder_end_object(b);
	root = json_builder_get_root(b);
	json_generator_set_root(generator, root);
	json_generator_set_pretty(generator, TRUE);
	text = json_generator_to_data(generator, NULL);
	puts(text);
	g_object_unref(b);
}

const struct report_ops report_json = {
	.begin = json_begin,
	.start = json_start,
	.job = json_job,
	.end = json_end,
};
