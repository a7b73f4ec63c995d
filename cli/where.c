// SPDX-License-Identifier: GPL-2.0
/* Where each property is checked. */

#include <string.h>

#include <model/check.h>
#include <scenarios/scn.h>
#include <scenarios/unchanged.h>

#include "announced.h"
#include "cmd.h"
#include "where.h"

static void add(GPtrArray *names, const char *name)
{
	if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
		g_ptr_array_add(names, g_strdup(name));
}

static struct where *where_new(void)
{
	struct where *all = g_new0(struct where, PROPERTIES_MAX);

	for (unsigned int i = 0; property_at(i); i++) {
		all[i].checkers = g_ptr_array_new_with_free_func(g_free);
		all[i].scenarios = g_ptr_array_new_with_free_func(g_free);
		all[i].tests = g_ptr_array_new_with_free_func(g_free);
		all[i].planted = g_ptr_array_new_with_free_func(g_free);
		all[i].awaits = property_awaits(property_at(i)->id);
	}
	return all;
}

void where_free(struct where *all)
{
	for (unsigned int i = 0; all && all[i].checkers; i++) {
		g_ptr_array_unref(all[i].checkers);
		g_ptr_array_unref(all[i].scenarios);
		g_ptr_array_unref(all[i].tests);
		g_ptr_array_unref(all[i].planted);
	}
	g_free(all);
}

/* As seen from the top of the source tree. */
static const char *checker_file(const struct checker *checker)
{
	return g_str_has_prefix(checker->file, "./") ? checker->file + 2 : checker->file;
}

static void add_checkers(struct where *all)
{
	const struct checker *checker;

	for (unsigned int i = 0; (checker = checker_at(i)); i++)
		for (unsigned int j = 0; checker->judges && checker->judges[j]; j++)
			add(all[property_index(checker->judges[j])].checkers,
			    checker_file(checker));
	for (unsigned int i = 0; scn_unchanged_judges(i); i++)
		add(all[property_index(scn_unchanged_judges(i))].checkers,
		    "scenarios/unchanged.c");
}

/* "scenarios/order/a.scn" is order/a. */
static char *scenario_name(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *subject = g_path_get_basename(folder);
	g_autofree char *name = g_path_get_basename(path);

	if (g_str_has_suffix(name, ".scn"))
		name[strlen(name) - strlen(".scn")] = '\0';
	return g_strdup_printf("%s/%s", subject, name);
}

static void add_scenario(struct where *all, const struct scn *scn)
{
	g_autofree char *name = scenario_name(scn->path);

	for (unsigned int i = 0; i < scn->finds->len; i++) {
		const struct scn_finding *f = g_ptr_array_index(scn->finds, i);

		add(all[property_index(f->property)].scenarios, name);
	}
	for (unsigned int i = 0; i < scn->sections->len; i++) {
		const struct scn_section *section = g_ptr_array_index(scn->sections, i);

		for (unsigned int j = 0; j < section->statements->len; j++) {
			const struct scn_statement *st =
				g_ptr_array_index(section->statements, j);

			if (st->property)
				add(all[property_index(st->property)].scenarios, name);
		}
	}
}

static bool add_scenarios(struct where *all, const GPtrArray *files)
{
	for (unsigned int i = 0; i < files->len; i++) {
		g_autoptr(GError) error = NULL;
		struct scn *scn = scn_parse_file(g_ptr_array_index(files, i), &error);

		if (!scn) {
			complain("%s", error->message);
			return false;
		}
		add_scenario(all, scn);
		scn_free(scn);
	}
	return true;
}

/* A test about something that is no property is a slip in the test's source. */
static bool add_announced(struct where *all, const struct announced *list, bool planted)
{
	for (; list->name; list++) {
		g_auto(GStrv) ids = g_strsplit(list->properties, " ", -1);

		for (unsigned int i = 0; ids[i]; i++) {
			struct where *where;

			if (!property_find(ids[i])) {
				complain("the test %s is about '%s', which is no property",
					 list->name, ids[i]);
				return false;
			}
			where = &all[property_index(ids[i])];
			add(planted ? where->planted : where->tests, list->name);
		}
	}
	return true;
}

struct where *where_all(const GPtrArray *files)
{
	struct where *all = where_new();

	add_checkers(all);
	if (add_scenarios(all, files) && add_announced(all, announced_tests, false) &&
	    add_announced(all, announced_planted, true))
		return all;
	where_free(all);
	return NULL;
}

bool where_any(const struct where *where)
{
	return where->checkers->len || where->scenarios->len || where->tests->len;
}

char *where_list(const GPtrArray *names, unsigned int most)
{
	GString *s = g_string_new(NULL);

	for (unsigned int i = 0; i < names->len && i < most; i++)
		g_string_append_printf(s, "%s%s", i ? ", " : "",
				       (const char *)g_ptr_array_index(names, i));
	if (names->len > most)
		g_string_append_printf(s, " and %u more", names->len - most);
	return g_string_free(s, FALSE);
}
