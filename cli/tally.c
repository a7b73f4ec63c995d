// SPDX-License-Identifier: GPL-2.0
/* How often each property was judged: sums, and the one that is kept. */

#include <string.h>

#include "job.h"
#include "json.h"
#include "tally.h"

#define FORMAT		"luosim-properties"
#define FORMAT_VERSION	1

/* Members of a property, by who judged it. */
static const char *const judges[JUDGES] = { "by_checkers", "by_statements" };

void tally_add(struct tally *tally, const struct job *job)
{
	for (unsigned int j = 0; j < JUDGES; j++)
		for (unsigned int i = 0; property_at(i); i++)
			tally->judged[j][i] += verdict_judgements(job->verdict, j, i);
	tally->scenarios++;
	tally->passed += job->end == SCN_END_PASSED;
}

uint64_t tally_of(const struct tally *tally, unsigned int index)
{
	uint64_t sum = 0;

	for (unsigned int j = 0; j < JUDGES; j++)
		sum += tally->judged[j][index];
	return sum;
}

void tally_add_json(const struct tally *tally, JsonBuilder *b)
{
	const struct property *p;

	json_begin_array(b, "properties");
	for (unsigned int i = 0; (p = property_at(i)); i++) {
		json_builder_begin_object(b);
		json_add_string(b, "property", p->id);
		for (unsigned int j = 0; j < JUDGES; j++)
			json_add_int(b, judges[j], (gint64)tally->judged[j][i]);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static char *kept_path(void)
{
	return g_build_filename(g_get_user_state_dir(), "luosim", "last-run.json", NULL);
}

static char *to_text(const struct tally *tally, const char *command, const char *directory)
{
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	json_add_int(b, FORMAT, FORMAT_VERSION);
	json_add_string(b, "command", command);
	json_add_string(b, "directory", directory);
	json_add_int(b, "scenarios", tally->scenarios);
	json_add_int(b, "passed", tally->passed);
	tally_add_json(tally, b);
	json_builder_end_object(b);
	return json_text(b);
}

/* Written whole or not at all: another run may be keeping its own at this moment. */
void tally_keep(const struct tally *tally, const char *command)
{
	g_autofree char *path = kept_path();
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *directory = g_get_current_dir();
	g_autofree char *text = to_text(tally, command, directory);

	if (!g_mkdir_with_parents(folder, 0700))
		g_file_set_contents(path, text, -1, NULL);
}

/* A member of the right type, or what stands for none. */

static const char *string_of(JsonObject *o, const char *name)
{
	JsonNode *node = json_object_get_member(o, name);

	return node && json_node_get_value_type(node) == G_TYPE_STRING ?
		json_node_get_string(node) : NULL;
}

static gint64 int_of(JsonObject *o, const char *name)
{
	JsonNode *node = json_object_get_member(o, name);

	return node && json_node_get_value_type(node) == G_TYPE_INT64 ?
		MAX(json_node_get_int(node), 0) : 0;
}

/* A property that another luosim knew is left out. */
static void read_property(JsonArray *array, guint i, JsonNode *node, gpointer data)
{
	struct tally *tally = data;
	JsonObject *o = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
	const char *id = o ? string_of(o, "property") : NULL;

	(void)array;
	(void)i;
	if (!id || !property_find(id))
		return;
	for (unsigned int j = 0; j < JUDGES; j++)
		tally->judged[j][property_index(id)] = (uint64_t)int_of(o, judges[j]);
}

static bool read_root(struct tally *tally, JsonObject *o, char **command, char **directory)
{
	JsonNode *properties = json_object_get_member(o, "properties");

	if (int_of(o, FORMAT) != FORMAT_VERSION || !string_of(o, "command") ||
	    !string_of(o, "directory") || !properties || !JSON_NODE_HOLDS_ARRAY(properties))
		return false;
	*command = g_strdup(string_of(o, "command"));
	*directory = g_strdup(string_of(o, "directory"));
	tally->scenarios = (unsigned int)int_of(o, "scenarios");
	tally->passed = (unsigned int)int_of(o, "passed");
	json_array_foreach_element(json_node_get_array(properties), read_property, tally);
	return true;
}

bool tally_last(struct tally *tally, char **command, char **directory)
{
	g_autoptr(JsonParser) parser = json_parser_new();
	g_autofree char *path = kept_path();
	JsonNode *root;

	memset(tally, 0, sizeof(*tally));
	if (!json_parser_load_from_file(parser, path, NULL))
		return false;
	root = json_parser_get_root(parser);
	return root && JSON_NODE_HOLDS_OBJECT(root) &&
	       read_root(tally, json_node_get_object(root), command, directory);
}
