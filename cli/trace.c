// SPDX-License-Identifier: GPL-2.0
/* Traces: reading and writing. */

#include <errno.h>
#include <string.h>


#include "files.h"
#include "json.h"
#include "trace.h"

#define MAGIC "luosim-trace"

G_GNUC_PRINTF(3, 4)
static bool fail(GError **error, const char *path, const char *format, ...)
{
	g_autofree char *message = NULL;
	va_list args;

	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", path, message);
	return false;
}

/* Writing */

static void add_image(JsonBuilder *b, const char *name, const char *path, const char *sha256)
{
	json_builder_set_member_name(b, name);
	json_builder_begin_object(b);
	json_add_string(b, "path", path);
	json_add_string(b, "sha256", sha256);
	json_builder_end_object(b);
}

static void add_scenario(JsonBuilder *b, const struct scn *scn)
{
	g_autofree char *sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, scn->source,
								-1);

	json_builder_set_member_name(b, "scenario");
	json_builder_begin_object(b);
	json_add_string(b, "file", scn->path);
	json_add_string(b, "sha256", sha256);
	json_add_string(b, "text", scn->source);
	json_builder_end_object(b);
}

static void add_choices(JsonBuilder *b, const struct path *choices)
{
	json_builder_set_member_name(b, "choices");
	json_builder_begin_array(b);
	for (unsigned int i = 0; i < path_length(choices); i++) {
		struct path_choice c = path_at(choices, i);

		json_builder_begin_array(b);
		json_builder_add_int_value(b, c.kind);
		json_builder_add_int_value(b, c.alternatives);
		json_builder_add_int_value(b, c.taken);
		json_builder_end_array(b);
	}
	json_builder_end_array(b);
}

static char *to_json(const struct job *job)
{
	const struct images *images = job->images;
	g_autofree char *cmdline = scn_cmdline(job->scn);
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	json_add_int(b, MAGIC, TRACE_VERSION);
	add_image(b, "image", images->is_default ? NULL : images->old, images->old_sha256);
	add_image(b, "next_image", images->is_default ? NULL : images->next,
		  images->next_sha256);
	json_builder_set_member_name(b, "machine");
	json_builder_begin_object(b);
	json_add_int(b, "memory", (gint64)job->scn->memory);
	json_add_int(b, "nodes", job->scn->nodes);
	json_add_string(b, "cmdline", cmdline);
	json_builder_end_object(b);
	add_scenario(b, job->scn);
	if (job->points && points_count(job->points)) {
		g_autofree char *points = points_format(job->points);

		json_add_string(b, "points", points);
	}
	add_choices(b, job->choices);
	json_add_string(b, "verdict", job_verdict(job));
	json_add_string(b, "digest", job->digest);
	json_builder_end_object(b);
	return json_text(b);
}

/* The beginning is enough: a trace that was cut short is still one of ours. */
static bool looks_like_trace(const char *text, size_t len)
{
	static const char magic[] = "\"" MAGIC "\"";
	size_t i = 1;

	if (!len || text[0] != '{')
		return false;
	while (i < len && g_ascii_isspace(text[i]))
		i++;
	return len - i >= sizeof(magic) - 1 && !memcmp(text + i, magic, sizeof(magic) - 1);
}

bool trace_writable(const char *path, GError **error)
{
	g_autofree char *contents = NULL;
	g_autofree char *reason = NULL;
	g_autofree char *directory = g_path_get_dirname(path);
	size_t len;

	if (!g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK)) {
		if (g_file_test(directory, G_FILE_TEST_IS_DIR))
			return true;
		return fail(error, path, "there is no directory '%s'", directory);
	}
	if (!read_whole_file(path, &contents, &len, &reason))
		return fail(error, path, "is there already and is not a trace: not overwritten");
	if (!looks_like_trace(contents, len))
		return fail(error, path, "is there already and is not a trace: not overwritten");
	return true;
}

bool trace_write(const char *path, const struct job *job, GError **error)
{
	g_autofree char *text = to_json(job);

	if (!trace_writable(path, error))
		return false;
	errno = 0;
	if (g_file_set_contents(path, text, -1, NULL))
		return true;
	return fail(error, path, "can't be written: %s", g_strerror(errno));
}

/* Reading: each getter gives NULL or false if the member is missing or of another type. */

static JsonObject *get_object(JsonObject *from, const char *name)
{
	JsonNode *node = json_object_get_member(from, name);

	return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static char *get_string(JsonObject *from, const char *name)
{
	JsonNode *node = from ? json_object_get_member(from, name) : NULL;

	if (!node || !JSON_NODE_HOLDS_VALUE(node) ||
	    json_node_get_value_type(node) != G_TYPE_STRING)
		return NULL;
	return json_node_dup_string(node);
}

static bool get_small(JsonNode *node, gint64 max, gint64 *value)
{
	if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64)
		return false;
	*value = json_node_get_int(node);
	return *value >= 0 && *value <= max;
}

static bool read_choice(JsonNode *node, struct path_choice *choice)
{
	JsonArray *a = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
	gint64 kind, alternatives, taken;

	if (!a || json_array_get_length(a) != 3)
		return false;
	if (!get_small(json_array_get_element(a, 0), HOST_CHOICE_KINDS - 1, &kind) ||
	    !get_small(json_array_get_element(a, 1), G_MAXUSHORT, &alternatives) ||
	    !get_small(json_array_get_element(a, 2), alternatives - 1, &taken) ||
	    alternatives < 2)
		return false;
	*choice = (struct path_choice){ (unsigned char)kind, (unsigned short)alternatives,
					(unsigned short)taken };
	return true;
}

static bool read_choices(JsonObject *root, struct trace *trace)
{
	JsonNode *node = json_object_get_member(root, "choices");
	JsonArray *array = node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

	if (!array)
		return false;
	for (unsigned int i = 0; i < json_array_get_length(array); i++) {
		struct path_choice choice;

		if (!read_choice(json_array_get_element(array, i), &choice))
			return false;
		g_array_append_val(trace->choices, choice);
	}
	return true;
}

static bool read_scenario(JsonObject *root, struct trace *trace, const char *path,
			  GError **error)
{
	JsonObject *scenario = get_object(root, "scenario");
	g_autofree char *file = get_string(scenario, "file");
	g_autofree char *text = get_string(scenario, "text");
	g_autofree char *recorded = get_string(scenario, "sha256");
	g_autofree char *sha256 = text ?
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1) : NULL;

	if (!file || !sha256 || !recorded)
		return fail(error, path, "not a whole trace: 'scenario' is missing or damaged");
	if (strcmp(sha256, recorded))
		return fail(error, path, "the scenario in this trace has been changed");
	trace->scn = scn_parse_text(file, text, -1, error);
	if (!trace->scn)
		g_prefix_error(error, "%s: the scenario in it: ", path);
	return trace->scn;
}

/* A trace of sync granularity has none. */
static bool read_points(JsonObject *root, struct trace *trace)
{
	g_autofree char *points = NULL;

	if (!json_object_has_member(root, "points"))
		return true;
	points = get_string(root, "points");
	trace->points = points ? points_parse(points, NULL) : NULL;
	return trace->points;
}

static bool read_members(JsonObject *root, struct trace *trace, const char *path, GError **error)
{
	JsonObject *old = get_object(root, "image");
	JsonObject *next = get_object(root, "next_image");

	trace->old = get_string(old, "path");
	trace->next = get_string(next, "path");
	trace->old_sha256 = get_string(old, "sha256");
	trace->next_sha256 = get_string(next, "sha256");
	trace->digest = get_string(root, "digest");
	if (!trace->old_sha256 || !trace->next_sha256)
		return fail(error, path, "not a whole trace: 'image' is missing or damaged");
	if (!trace->digest)
		return fail(error, path, "not a whole trace: 'digest' is missing or damaged");
	if (!read_points(root, trace))
		return fail(error, path, "not a whole trace: 'points' is damaged");
	if (!read_choices(root, trace))
		return fail(error, path, "not a whole trace: 'choices' is missing or damaged");
	return read_scenario(root, trace, path, error);
}

static bool read_root(JsonParser *parser, struct trace *trace, const char *path, GError **error)
{
	JsonNode *node = json_parser_get_root(parser);
	JsonObject *root = node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
	gint64 version;

	if (!root || !json_object_has_member(root, MAGIC))
		return fail(error, path, "not a trace: there is no \"%s\" in it", MAGIC);
	if (!get_small(json_object_get_member(root, MAGIC), G_MAXINT, &version) ||
	    version != TRACE_VERSION)
		return fail(error, path, "a trace of another format than %d, which is what this "
			    "luosim reads", TRACE_VERSION);
	return read_members(root, trace, path, error);
}

struct trace *trace_read(const char *path, GError **error)
{
	struct trace *trace = g_new0(struct trace, 1);
	g_autoptr(JsonParser) parser = json_parser_new();
	g_autofree char *contents = NULL;
	g_autofree char *reason = NULL;
	size_t len;
	bool ok = false;

	trace->choices = g_array_new(FALSE, FALSE, sizeof(struct path_choice));
	if (!read_whole_file(path, &contents, &len, &reason))
		fail(error, path, "can't be read: %s", reason);
	else if (!len)
		fail(error, path, "not a trace: it is empty");
	else if (json_parser_load_from_data(parser, contents, (gssize)len, NULL))
		ok = read_root(parser, trace, path, error);
	else if (looks_like_trace(contents, len))
		fail(error, path, "not a whole trace: it is cut short or damaged");
	else
		fail(error, path, "not a trace: not JSON");
	if (ok)
		return trace;
	trace_free(trace);
	return NULL;
}

void trace_free(struct trace *trace)
{
	if (!trace)
		return;
	scn_free(trace->scn);
	g_free(trace->old);
	g_free(trace->next);
	g_free(trace->old_sha256);
	g_free(trace->next_sha256);
	g_free(trace->digest);
	g_array_unref(trace->choices);
	points_free(trace->points);
	g_free(trace);
}
