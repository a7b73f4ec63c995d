// SPDX-License-Identifier: GPL-2.0
/* The table of properties for people. */

#include <inttypes.h>
#include <stdio.h>

#include "properties.h"
#include "report.h"

#define COLUMN	18
#define MOST	2u

static void line(const char *label, const char *style, const char *text)
{
	printf("%*s%s%-10s%s%s%s%s\n", COLUMN, "", report_style("dim"), label,
	       report_style("plain"), report_style(style), text, report_style("plain"));
}

static void names(const char *label, const GPtrArray *list)
{
	g_autofree char *shown = where_list(list, MOST);
	g_autofree char *text = g_strdup_printf("%u, %s", list->len, shown);

	if (list->len)
		line(label, "plain", text);
}

static void print_count(const struct survey *survey, unsigned int i)
{
	const struct property *p = property_at(i);

	printf("%s%-12s%s", report_style("bold"), p->id, report_style("plain"));
	if (survey->run)
		printf("%*" PRIu64 "  ", COLUMN - 14, tally_of(&survey->tally, i));
	else
		printf("%*s  ", COLUMN - 14, "-");
	printf("%s\n", p->sentence);
}

static void print_property(const struct survey *survey, unsigned int i)
{
	const struct where *where = &survey->where[i];
	g_autofree char *checkers = where_list(where->checkers, MOST);

	print_count(survey, i);
	line("promised", "dim", property_at(i)->source);
	if (where->checkers->len)
		line("checker", "plain", checkers);
	names("scenarios", where->scenarios);
	names("tests", where->tests);
	if (where->awaits)
		line("awaits", "yellow", where->awaits);
	if (!where_any(where))
		line("checked", where->awaits ? "yellow" : "red", "by nobody");
}

static void print_run(const struct survey *survey)
{
	if (survey->run)
		printf("The number says how often a property was judged in %s.\n", survey->run);
	else
		puts("How often a property is judged is known after 'luosim run'.");
}

static void print_summary(const struct survey *survey)
{
	g_autoptr(GString) nobody = g_string_new(NULL);
	unsigned int all, checked = 0;

	for (all = 0; property_at(all); all++) {
		if (where_any(&survey->where[all]))
			checked++;
		else
			g_string_append_printf(nobody, " %s", property_at(all)->id);
	}
	printf("%u properties, %s%u checked%s", all, report_style("green"), checked,
	       report_style("plain"));
	if (nobody->len)
		printf(", %schecked by nobody:%s%s", report_style("red"), nobody->str,
		       report_style("plain"));
	putchar('\n');
}

void survey_text(const struct survey *survey)
{
	for (unsigned int i = 0; property_at(i); i++)
		print_property(survey, i);
	putchar('\n');
	print_run(survey);
	print_summary(survey);
}

static void all_names(const char *title, const GPtrArray *list)
{
	if (!list->len)
		return;
	printf("\n%s%s%s\n", report_style("bold"), title, report_style("plain"));
	for (unsigned int i = 0; i < list->len; i++)
		printf("  %s\n", (const char *)g_ptr_array_index(list, i));
}

void survey_detail(const struct survey *survey, unsigned int index)
{
	const struct where *where = &survey->where[index];
	const struct property *p = property_at(index);

	printf("%s%s%s  %s\n      [%s]\n", report_style("bold"), p->id, report_style("plain"),
	       p->sentence, p->source);
	all_names("judged by checkers", where->checkers);
	all_names("by statements of scenarios", where->scenarios);
	all_names("by tests that are kernel code", where->tests);
	all_names("found when planted by", where->planted);
	if (!where_any(where))
		printf("\n%schecked by nobody%s\n", report_style("red"), report_style("plain"));
	if (where->awaits)
		printf("\nawaits %s\n", where->awaits);
	if (survey->run)
		printf("\njudged %" PRIu64 " times by checkers and %" PRIu64
		       " times by statements in %s\n",
		       survey->tally.judged[JUDGE_CHECKER][index],
		       survey->tally.judged[JUDGE_STATEMENT][index], survey->run);
}
