// SPDX-License-Identifier: GPL-2.0
/* luosim properties: what is promised, where that is checked, how often it was. */

#include <stdio.h>

#include "cmd.h"
#include "files.h"
#include "options.h"
#include "properties.h"

/** struct request - operands: properties to tell all about, and scenarios to run. */
struct request {
	GArray *indices;
	GPtrArray *operands;
	gboolean json;
	gboolean markdown;
};

static bool looks_like_property(const char *word)
{
	return (word[0] == 'P' || word[0] == 'K') && word[1] == '-' &&
	       !g_file_test(word, G_FILE_TEST_EXISTS);
}

static bool sort_operands(struct request *r, char **words)
{
	for (; *words; words++) {
		if (property_find(*words)) {
			unsigned int index = property_index(*words);

			g_array_append_val(r->indices, index);
		} else if (looks_like_property(*words)) {
			complain("there is no property '%s'; 'luosim properties' lists them",
				 *words);
			return false;
		} else {
			g_ptr_array_add(r->operands, *words);
		}
	}
	g_ptr_array_add(r->operands, NULL);
	return true;
}

static bool settle(struct request *r, char **words)
{
	if (r->json && r->markdown)
		complain("give --json or --markdown, not both");
	else if (sort_operands(r, words) && r->indices->len && (r->json || r->markdown))
		complain("--json and --markdown are about all properties");
	else
		return r->operands->len;
	return false;
}

static char *describe(const struct tally *tally, const char *command, const char *directory)
{
	g_autofree char *place = directory ? g_strdup_printf(" in %s", directory) : g_strdup("");

	return g_strdup_printf("%s'%s'%s (%u scenarios, %u passed)",
			       directory ? "the last run, " : "", command, place,
			       tally->scenarios, tally->passed);
}

/* The run that is asked for, or the last one. */
static int find_run(struct survey *survey, const struct request *r)
{
	char **operands = (char **)r->operands->pdata;
	g_autofree char *command = NULL, *directory = NULL;
	struct run_options o = { .ops = &report_none, .detail = REPORT_QUIET };
	g_autoptr(GPtrArray) files = NULL;
	g_autoptr(GError) error = NULL;
	int status;

	if (!*operands) {
		if (tally_last(&survey->tally, &command, &directory))
			survey->run = describe(&survey->tally, command, directory);
		return LUOSIM_CLEAN;
	}
	files = scenario_files(operands, &error);
	if (!files) {
		complain("%s", error->message);
		return LUOSIM_USAGE;
	}
	status = run_files(files, &o, &survey->tally);
	command = g_strjoinv(" ", operands);
	survey->run = describe(&survey->tally, command, NULL);
	return status;
}

static void show(const struct survey *survey, const struct request *r)
{
	if (r->json)
		survey_json(survey);
	else if (r->markdown)
		survey_markdown(survey);
	else if (!r->indices->len)
		survey_text(survey);
	for (unsigned int i = 0; i < r->indices->len; i++) {
		fputs(i ? "\n" : "", stdout);
		survey_detail(survey, g_array_index(r->indices, unsigned int, i));
	}
}

/* Where properties are checked is looked up in the library, whatever is run. */
static int survey_all(const struct request *r)
{
	char *none[] = { NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) library = scenario_files(none, &error);
	struct survey survey = { 0 };
	int status = LUOSIM_USAGE;

	if (library)
		survey.where = where_all(library);
	else
		complain("%s", error->message);
	if (survey.where)
		status = find_run(&survey, r);
	if (survey.where && status != LUOSIM_USAGE)
		show(&survey, r);
	where_free(survey.where);
	g_free(survey.run);
	return status;
}

int cmd_properties(int argc, char **argv)
{
	struct request r = {
		.indices = g_array_new(FALSE, FALSE, sizeof(unsigned int)),
		.operands = g_ptr_array_new(),
	};
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &r.json, "as JSON", NULL },
		{ "markdown", 0, 0, G_OPTION_ARG_NONE, &r.markdown,
		  "as the table of docs/properties.md", NULL },
		G_OPTION_ENTRY_NULL
	};
	int status = LUOSIM_USAGE;

	if (command_options(&argc, &argv, entries, NULL) && settle(&r, argv + 1))
		status = survey_all(&r);
	g_array_unref(r.indices);
	g_ptr_array_unref(r.operands);
	return status;
}
