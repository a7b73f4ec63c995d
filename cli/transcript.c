// SPDX-License-Identifier: GPL-2.0
/* A transcript and its findings, in words and columns. */

#include <string.h>

#include "report.h"

#define STATEMENT_MAX 72

/** struct columns - widths. */
struct columns {
	int where;
	int statement;
};

static int width_of(const char *text)
{
	return (int)g_utf8_strlen(text, -1);
}

bool step_is_left_out(const struct scn_step *step)
{
	const struct scn_repetition *pass = step->statement->repetition;

	return pass && pass->inner && step->as_expected;
}

static struct columns measure(const GPtrArray *steps)
{
	struct columns c = { 5, 9 };

	for (unsigned int i = 0; i < steps->len; i++) {
		const struct scn_step *step = g_ptr_array_index(steps, i);

		if (step_is_left_out(step))
			continue;
		c.where = MAX(c.where, width_of(step->section->name));
		c.statement = MAX(c.statement, MIN(width_of(step->statement->text),
						   STATEMENT_MAX));
	}
	return c;
}

static void wrap(GString *out, const char *indent, const char *text)
{
	enum { WIDTH = 88 };
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	int column = WIDTH;

	for (char **w = words; *w; w++) {
		if (column + 1 + width_of(*w) > WIDTH) {
			g_string_append_printf(out, "%s%s%s", w == words ? "" : "\n", indent, *w);
			column = width_of(indent) + width_of(*w);
		} else {
			g_string_append_printf(out, " %s", *w);
			column += 1 + width_of(*w);
		}
	}
	g_string_append_c(out, '\n');
}

static void append_head(GString *out, const struct scn *scn)
{
	g_string_append_printf(out, "%s%s%s\n", report_style("bold"), scn->title,
			       report_style("plain"));
	if (*scn->purpose)
		wrap(out, "  ", scn->purpose);
	if (*scn->expect) {
		g_autofree char *expect = g_strconcat("Expect: ", scn->expect, NULL);

		wrap(out, "  ", expect);
	}
	g_string_append_printf(out, "  %s\n\n", scn->path);
}

/* The log up to the moment when @step begins, after @from lines of it. */
static unsigned int append_console(GString *out, const struct job *job, unsigned int from,
				   unsigned int step)
{
	for (; from < job->console->len; from++) {
		const struct console_line *line = g_ptr_array_index(job->console, from);

		if (line->after > step)
			break;
		g_string_append_printf(out, "%s        | %s%s\n", report_style("dim"), line->text,
				       report_style("plain"));
	}
	return from;
}

static const char *style_of(const struct scn_step *step)
{
	if (!step->as_expected)
		return "red";
	return step->state == SCN_STEP_SKIPPED ? "dim" : "green";
}

static void append_step(GString *out, const struct columns *c, const struct scn_step *step)
{
	const struct scn_statement *st = step->statement;
	int pad = c->statement - width_of(st->text);

	g_string_append_printf(out, "%s %6u  %-*s %5d  %s%s%*s  ",
			       step->as_expected ? " " : ">", step->boot, c->where,
			       step->section->name, st->line, st->text, "", MAX(pad, 0), "");
	g_string_append_printf(out, "%s%s%s", report_style(style_of(step)), step->shown,
			       report_style("plain"));
	if (step->note)
		g_string_append_printf(out, " (%s)", step->note);
	g_string_append_c(out, '\n');
	if (step->boot && step->state == SCN_STEP_DONE && !strcmp(step->shown, "kexec"))
		g_string_append_printf(out, "  %s------  kernel %u%s\n", report_style("dim"),
				       step->boot + 1, report_style("plain"));
}

/* Stands for the steps from @first to the one before @end. */
static void append_left_out(GString *out, const struct columns *c, const GPtrArray *steps,
			    unsigned int first, unsigned int end)
{
	const struct scn_step *from = g_ptr_array_index(steps, first);
	const struct scn_step *to = g_ptr_array_index(steps, end - 1);

	g_string_append_printf(out, "%s         %-*s        … %u more, %s to %s, as expected%s\n",
			       report_style("dim"), c->where, "", end - first,
			       from->statement->repetition->text,
			       to->statement->repetition->text, report_style("plain"));
}

unsigned int steps_left_out(const GPtrArray *steps, unsigned int first)
{
	unsigned int end = first;

	while (end < steps->len && step_is_left_out(g_ptr_array_index(steps, end)))
		end++;
	return end;
}

void text_transcript(GString *out, const struct report *report, const struct job *job)
{
	const GPtrArray *steps = scn_run_steps(job->run);
	struct columns c = measure(steps);
	unsigned int line = 0;

	append_head(out, job->scn);
	g_string_append_printf(out, "%s  kernel  %-*s  line  %-*s  result%s\n",
			       report_style("dim"), c.where, "where", c.statement, "statement",
			       report_style("plain"));
	for (unsigned int i = 0, end; i < steps->len; i = end) {
		end = steps_left_out(steps, i);
		if (report->console)
			line = append_console(out, job, line, i);
		if (end > i) {
			append_left_out(out, &c, steps, i, end);
			continue;
		}
		append_step(out, &c, g_ptr_array_index(steps, end++));
	}
	if (report->console)
		append_console(out, job, line, G_MAXUINT);
	g_string_append_c(out, '\n');
}

/* Findings */

static unsigned int not_done(const struct job *job)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < job->scn->statements; i++)
		n += !scn_run_done(job->run, i);
	return n;
}

static void append_unexpected(GString *out, const struct job *job)
{
	const struct scn_step *step = scn_run_first_unexpected(job->run);
	const struct scn_repetition *pass;
	g_autofree char *expected = NULL;

	if (!step)
		return;
	pass = step->statement->repetition;
	expected = scn_outcomes_format(&step->statement->expected);
	g_string_append_printf(out, "%s:%d: %sunexpected%s in %s, kernel %u%s%s\n  %s\n"
			       "  expected %s, came to %s%s%s%s\n", job->scn->path,
			       step->statement->line, report_style("red"), report_style("plain"),
			       step->section->name, step->boot, pass ? ", with " : "",
			       pass ? pass->text : "", step->statement->text, expected,
			       step->shown, step->note ? " (" : "", step->note ? step->note : "",
			       step->note ? ")" : "");
}

static void append_lines(GString *out, const char *label, const char *lines)
{
	g_auto(GStrv) each = lines ? g_strsplit(lines, "\n", -1) : NULL;

	for (char **l = each; l && *l; l++)
		if (**l)
			g_string_append_printf(out, "  %-7s%s\n", l == each ? label : "", *l);
}

static void append_violation(GString *out, const struct violation *v)
{
	g_autofree char *sentence = g_strdup_printf("%s [%s]", v->property->sentence,
						    v->property->source);

	g_string_append_printf(out, "%sviolated %s%s in kernel %u\n", report_style("red"),
			       v->property->id, report_style("plain"), v->boot);
	wrap(out, "  ", sentence);
	append_lines(out, "seen:", v->seen);
	append_lines(out, "where:", v->where);
	append_lines(out, "other:", v->other);
}

/* Of one property the first few say all; there may be one for each page of a guest. */
static void append_violations(GString *out, const struct job *job)
{
	enum { SHOWN_MAX = 3 };
	const struct property *p;

	for (unsigned int i = 0; (p = property_at(i)); i++) {
		unsigned int n = 0;

		if (scn_run_announced(job->run, p->id))
			continue;
		for (unsigned int j = 0; j < verdict_count(job->verdict); j++) {
			const struct violation *v = verdict_at(job->verdict, j);

			if (v->property == p && n++ < SHOWN_MAX)
				append_violation(out, v);
		}
		if (n > SHOWN_MAX)
			g_string_append_printf(out, "  … and %u more of %s; --json has all\n",
					       n - SHOWN_MAX, p->id);
	}
}

/* The file has to be named, and no line below does. */
static void append_name(GString *out, const struct job *job)
{
	if (job->end == SCN_END_VIOLATION)
		g_string_append_printf(out, "%s: %s\n", job->scn->path, job_verdict(job));
}

static void append_missed(GString *out, const struct job *job)
{
	const struct scn_finding *missed = scn_run_missed(job->run);

	if (job->end == SCN_END_MISSED)
		g_string_append_printf(out, "%s:%d: %snot found%s: that %s is violated, "
				       "though %s\n", job->scn->path, missed->line,
				       report_style("red"), report_style("plain"),
				       missed->property, missed->reason);
}

static void append_passed(GString *out, const struct job *job)
{
	g_string_append_printf(out, "%spassed%s: %u steps in %u kernels, each as expected; ",
			       report_style("green"), report_style("plain"),
			       scn_run_steps(job->run)->len, job->boots);
	if (!job->scn->finds->len)
		g_string_append(out, "no property violated\n");
	for (unsigned int i = 0; i < job->scn->finds->len; i++) {
		const struct scn_finding *f = g_ptr_array_index(job->scn->finds, i);

		g_string_append_printf(out, "\n  %s violated, as announced: %s%s", f->property,
				       f->reason, i + 1 < job->scn->finds->len ? "" : "\n");
	}
}

static void append_stop(GString *out, const struct job *job)
{
	const GPtrArray *steps = scn_run_steps(job->run);

	if (job->end != SCN_END_STOPPED)
		return;
	g_string_append_printf(out, "%s: %sthe kernel stopped%s", job->scn->path,
			       report_style("red"), report_style("plain"));
	for (unsigned int i = 0; i < steps->len; i++) {
		const struct scn_step *step = g_ptr_array_index(steps, i);

		if (step->state == SCN_STEP_RUNNING && step->boot == job->boots)
			g_string_append_printf(out, "; in it, line %d: %s", step->statement->line,
					       step->statement->text);
	}
	g_string_append_c(out, '\n');
}

void text_findings(GString *out, const struct job *job)
{
	unsigned int undone = not_done(job);

	if (job->end == SCN_END_PASSED) {
		append_passed(out, job);
		return;
	}
	if (scn_run_error(job->run))
		g_string_append_printf(out, "%s\n", scn_run_error(job->run));
	append_name(out, job);
	append_unexpected(out, job);
	append_missed(out, job);
	append_stop(out, job);
	append_violations(out, job);
	if (undone)
		g_string_append_printf(out, "not done: %u of %u statements\n", undone,
				       job->scn->statements);
	g_string_append_printf(out, "again: %s\n\n", job->again);
}
