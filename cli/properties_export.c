// SPDX-License-Identifier: GPL-2.0
/* The table of properties for programs, and for docs/. */

#include <stdio.h>
#include <string.h>

#include "json.h"
#include "properties.h"

#define JSON_FORMAT_VERSION	1
#define MOST			4u

static void add_names(JsonBuilder *b, const char *member, const GPtrArray *names)
{
	json_begin_array(b, member);
	for (unsigned int i = 0; i < names->len; i++)
		json_builder_add_string_value(b, g_ptr_array_index(names, i));
	json_builder_end_array(b);
}

static void add_property(JsonBuilder *b, const struct survey *survey, unsigned int i)
{
	const struct where *where = &survey->where[i];

	json_builder_begin_object(b);
	json_add_string(b, "property", property_at(i)->id);
	json_add_string(b, "sentence", property_at(i)->sentence);
	json_add_string(b, "source", property_at(i)->source);
	add_names(b, "checkers", where->checkers);
	add_names(b, "scenarios", where->scenarios);
	add_names(b, "tests", where->tests);
	add_names(b, "planted", where->planted);
	json_add_string(b, "awaits", where->awaits);
	json_add_int(b, "by_checkers", (gint64)survey->tally.judged[JUDGE_CHECKER][i]);
	json_add_int(b, "by_statements", (gint64)survey->tally.judged[JUDGE_STATEMENT][i]);
	json_builder_end_object(b);
}

void survey_json(const struct survey *survey)
{
	g_autoptr(JsonBuilder) b = json_builder_new();
	g_autofree char *text = NULL;

	json_builder_begin_object(b);
	json_add_int(b, "luosim-properties", JSON_FORMAT_VERSION);
	json_add_string(b, "run", survey->run);
	json_begin_array(b, "properties");
	for (unsigned int i = 0; property_at(i); i++)
		add_property(b, survey, i);
	json_builder_end_array(b);
	json_builder_end_object(b);
	text = json_text(b);
	fputs(text, stdout);
}

/* Markdown */

static void code_names(GString *s, const char *what, const GPtrArray *names)
{
	if (!names->len)
		return;
	g_string_append_printf(s, "%s%s ", s->len ? "; " : "", what);
	for (unsigned int i = 0; i < names->len && i < MOST; i++)
		g_string_append_printf(s, "%s`%s`", i ? ", " : "",
				       (const char *)g_ptr_array_index(names, i));
	if (names->len > MOST)
		g_string_append_printf(s, " and %u more", names->len - MOST);
}

static void markdown_row(const struct survey *survey, unsigned int i)
{
	const struct where *where = &survey->where[i];
	g_autoptr(GString) checked = g_string_new(NULL);

	code_names(checked, "checker", where->checkers);
	code_names(checked, "scenarios", where->scenarios);
	code_names(checked, "kernel tests", where->tests);
	code_names(checked, "planted by", where->planted);
	if (!where_any(where))
		g_string_append(checked, "**nobody**");
	if (where->awaits)
		g_string_append_printf(checked, "; awaits %s", where->awaits);
	printf("| %s | %s | %s | %s |\n", property_at(i)->id, property_at(i)->sentence,
	       property_at(i)->source, checked->str);
}

void survey_markdown(const struct survey *survey)
{
	puts("<!-- SPDX-License-Identifier: GPL-2.0 -->\n"
	     "<!-- Made by `luosim properties --markdown` from model/properties.c, scenarios and "
	     "tests. -->\n"
	     "# Properties: what is promised, and where that is checked\n\n"
	     "P-… are promises of KHO, LUO and the handlers, K-… hold in any kernel. "
	     "*Checkers* watch every\n"
	     "run; *scenarios* name the property behind a statement (`by P-36`); *kernel tests* "
	     "are in\n"
	     "`tests/sim/`. *Planted by* names what violates the property on purpose, to see that "
	     "it is\n"
	     "found. `luosim properties` shows the same with the number of times each was judged "
	     "in the\n"
	     "last run, `luosim properties P-36` all about one.\n\n"
	     "| id | sentence | source | checked |\n|---|---|---|---|");
	for (unsigned int i = 0; property_at(i); i++)
		markdown_row(survey, i);
}
