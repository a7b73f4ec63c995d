// SPDX-License-Identifier: GPL-2.0
/* Reports on explorations: for people, as KTAP, as JSON. */

#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "json.h"
#include "report_explore.h"

#define JSON_FORMAT_VERSION 1

/* "1,234,567": long numbers are to be compared at a glance. */
static char *grouped(uint64_t number)
{
	GString *s = g_string_new(NULL);

	g_string_printf(s, "%" G_GUINT64_FORMAT, number);
	for (int at = (int)s->len - 3; at > 0; at -= 3)
		g_string_insert_c(s, at, ',');
	return g_string_free(s, FALSE);
}

static const char *style_of(const struct exploration *e)
{
	switch (exploration_exit(e)) {
	case LUOSIM_CLEAN:
		return "green";
	case LUOSIM_BOUNDED:
		return "yellow";
	default:
		return "red";
	}
}

/* For people */

static void text_line(struct explore_report *report, const struct exploration *e)
{
	g_autofree char *verdict = exploration_verdict(e);
	g_autofree char *executions = grouped(e->result.executions);
	int pad = report->width - (int)g_utf8_strlen(e->job->scn->path, -1);

	printf("%s%*s  %10s executions  %7.2f s  %s%s%s\n", e->job->scn->path, MAX(pad, 0), "",
	       executions, e->seconds, report_style(style_of(e)), verdict,
	       report_style("plain"));
}

/* The innermost call that is not a lock's own says most. */
static char *place_of(const char *name)
{
	g_auto(GStrv) lines = g_strsplit(name, "\n", -1);
	char **line = lines;

	while (line[0] && line[1] && line_is_primitive(line[0]))
		line++;
	return g_strdup(line[0] ? line[0] : "?");
}

static void text_hot(const struct exploration *e)
{
	const struct explore_hot *hot = e->result.hot;

	if (!hot[0].name || e->result.executions < 2)
		return;
	printf("  most orderings are of what is first touched at\n");
	for (unsigned int i = 0; i < EXPLORE_HOT_MAX && hot[i].name; i++) {
		g_autofree char *place = place_of(hot[i].name);
		g_autofree char *races = grouped(hot[i].races);

		printf("  %10s  %s\n", races, place);
	}
}

static void text_detection(const struct exploration *e)
{
	if (e->explored == EXPLORED_SAMPLES)
		printf("  a mistake that one preemption brings about was seen with a probability "
		       "of at least %.1f %%\n", 100 * e->detection);
}

static void text_advice(const struct exploration *e)
{
	g_autofree char *advice = exploration_advice(e);
	g_auto(GStrv) lines = g_strsplit(advice ? advice : "", "\n", -1);

	for (char **line = lines; *line; line++)
		printf("  %s\n", *line);
}

static void text_races(const struct exploration *e)
{
	const GPtrArray *races = points_races(e->points);

	for (unsigned int i = 0; i < races->len; i++)
		printf("  a data race:  %s\n", (const char *)g_ptr_array_index(races, i));
}

/* Of memory granularity: what became a point, and why. */
static void text_points(const struct exploration *e)
{
	g_autofree char *earlier = grouped(e->result.earlier);
	unsigned int count;

	if (!e->points)
		return;
	count = points_count(e->points);
	if (count)
		printf("  plain accesses are scheduling points in %u place%s of memory", count,
		       count == 1 ? "" : "s");
	if (e->result.earlier)
		printf("; %s executions before all were known", earlier);
	if (count)
		putchar('\n');
	else if (e->result.complete)
		printf("  no plain access had to be a scheduling point\n");
	text_races(e);
}

static void text_single(const struct exploration *e)
{
	g_autofree char *verdict = exploration_verdict(e);
	g_autofree char *executions = grouped(e->result.executions);
	g_autofree char *redundant = grouped(e->result.redundant);
	g_autofree char *steps = grouped(e->result.steps);
	g_autofree char *rate = grouped((uint64_t)((double)e->result.executions /
						   MAX(e->seconds, 1e-6)));

	printf("%s%s%s\n  %s\n\n", report_style("bold"), e->job->scn->title,
	       report_style("plain"), e->job->scn->path);
	printf("  %sexplored: %s%s\n", report_style(style_of(e)), verdict,
	       report_style("plain"));
	printf("  %s execution%s, %s of them cut off as redundant; %s choice points, %u in the "
	       "longest\n", executions, e->result.executions == 1 ? "" : "s", redundant, steps,
	       e->result.depth_max);
	printf("  %.2f s, %s executions a second, %zu KiB for the search\n", e->seconds, rate,
	       e->result.bytes >> 10);
	text_points(e);
	text_detection(e);
	text_hot(e);
	text_advice(e);
}

static void text_one(struct explore_report *report, const struct exploration *e)
{
	if (report->files == 1 && report->detail != REPORT_QUIET)
		text_single(e);
	else if (report->detail != REPORT_QUIET || exploration_exit(e) != LUOSIM_CLEAN)
		text_line(report, e);
	if (report->files > 1 || report->detail == REPORT_QUIET)
		text_advice(e);
	if (e->finding)
		g_string_append_printf(report->findings, "\n%s", e->finding);
}

static void text_end(const struct explore_report *report)
{
	g_autofree char *executions = grouped(report->executions);

	fwrite(report->findings->str, 1, report->findings->len, stdout);
	if (report->files > 1 && report->detail != REPORT_QUIET)
		printf("\n%u scenarios, %u of them explored in every ordering and clean: %s "
		       "executions, %.2f s\n", report->done, report->clean, executions,
		       report->seconds);
}

/* KTAP */

static void ktap_one(const struct explore_report *report, const struct exploration *e)
{
	g_autofree char *verdict = exploration_verdict(e);
	bool ok = exploration_exit(e) == LUOSIM_CLEAN;

	g_auto(GStrv) lines = g_strsplit(e->finding ? e->finding : "", "\n", -1);

	for (char **line = lines; *line; line++)
		if (**line)
			printf("# %s\n", *line);
	printf("%s %u %s: %s, %" G_GUINT64_FORMAT " executions\n", ok ? "ok" : "not ok",
	       report->done, e->job->scn->path, verdict, e->result.executions);
}

/* JSON */

static void json_begin(struct explore_report *report)
{
	JsonBuilder *b = json_builder_new();

	report->builder = b;
	json_builder_begin_object(b);
	json_add_int(b, "luosim-explore", JSON_FORMAT_VERSION);
	json_add_string(b, "version", LUOSIM_VERSION);
	json_begin_array(b, "scenarios");
}

static void json_hot(JsonBuilder *b, const struct exploration *e)
{
	json_begin_array(b, "most_orderings_of");
	for (unsigned int i = 0; i < EXPLORE_HOT_MAX && e->result.hot[i].name; i++) {
		json_builder_begin_object(b);
		json_add_int(b, "races", (gint64)e->result.hot[i].races);
		json_add_string(b, "first_touched", e->result.hot[i].name);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static void json_points(JsonBuilder *b, const struct exploration *e)
{
	json_add_string(b, "granularity", e->points ? "memory" : "sync");
	if (!e->points)
		return;
	json_add_int(b, "points_in_memory", points_count(e->points));
	json_add_int(b, "executions_before", (gint64)e->result.earlier);
	json_begin_array(b, "data_races");
	for (unsigned int i = 0; i < points_races(e->points)->len; i++)
		json_builder_add_string_value(b, g_ptr_array_index(points_races(e->points), i));
	json_builder_end_array(b);
}

static void json_one(struct explore_report *report, const struct exploration *e)
{
	g_autofree char *verdict = exploration_verdict(e);
	g_autofree char *advice = exploration_advice(e);
	JsonBuilder *b = report->builder;

	json_builder_begin_object(b);
	json_add_string(b, "file", e->job->scn->path);
	json_add_string(b, "title", e->job->scn->title);
	json_add_string(b, "explored", verdict);
	json_builder_set_member_name(b, "complete");
	json_builder_add_boolean_value(b, e->explored == EXPLORED_ALL);
	json_add_int(b, "executions", (gint64)e->result.executions);
	json_add_int(b, "redundant", (gint64)e->result.redundant);
	json_add_int(b, "steps", (gint64)e->result.steps);
	json_add_int(b, "longest", e->result.depth_max);
	json_points(b, e);
	json_hot(b, e);
	if (advice)
		json_add_string(b, "advice", advice);
	if (e->finding) {
		json_add_string(b, "finding", e->finding);
		json_add_string(b, "schedule", e->story);
		json_add_string(b, "again", e->again);
	}
	json_builder_end_object(b);
}

static void json_end(struct explore_report *report)
{
	JsonBuilder *b = report->builder;
	g_autofree char *text = NULL;

	json_builder_end_array(b);
	json_builder_end_object(b);
	text = json_text(b);
	fputs(text, stdout);
	g_object_unref(b);
}

void explore_report_begin(struct explore_report *report)
{
	report->findings = g_string_new(NULL);
	if (report->kind == &report_json)
		json_begin(report);
	else if (report->kind == &report_ktap)
		printf("KTAP version 1\n1..%u\n", report->files);
}

void explore_report_one(struct explore_report *report, const struct exploration *exploration)
{
	report->done++;
	report->executions += exploration->result.executions;
	report->seconds += exploration->seconds;
	report->clean += exploration_exit(exploration) == LUOSIM_CLEAN;
	if (report->kind == &report_json)
		json_one(report, exploration);
	else if (report->kind == &report_ktap)
		ktap_one(report, exploration);
	else
		text_one(report, exploration);
	fflush(stdout);
}

void explore_report_end(struct explore_report *report)
{
	if (report->kind == &report_json)
		json_end(report);
	else if (report->kind == &report_text)
		text_end(report);
	g_string_free(report->findings, TRUE);
}
