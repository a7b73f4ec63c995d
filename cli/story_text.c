// SPDX-License-Identifier: GPL-2.0
/* A story, in a column for each thread. */

#include <string.h>

#include <model/ops.h>

#include "report.h"
#include "story.h"

#define WIDTH_ALL	118u
#define WIDTH_MIN	28u

static const char *const op_names[HOST_OP_KINDS] = {
	[HOST_OP_READ] = "read",
	[HOST_OP_WRITE] = "write",
	[HOST_OP_RMW] = "change",
	[HOST_OP_ACQUIRE] = "acquire",
	[HOST_OP_ACQUIRE_SHARED] = "acquire shared",
	[HOST_OP_TRY] = "try to acquire",
	[HOST_OP_TRY_SHARED] = "try to acquire shared",
	[HOST_OP_RELEASE] = "release",
	[HOST_OP_RELEASE_SHARED] = "release shared",
	[HOST_OP_RCU_LOCK] = "begin to read",
	[HOST_OP_RCU_UNLOCK] = "end reading",
	[HOST_OP_RCU_SYNC] = "wait for readers",
	[HOST_OP_WAKE] = "wake",
	[HOST_OP_WAIT] = "expect to be woken",
	[HOST_OP_LOCKED] = "acquire for a moment",
	[HOST_OP_DOWNGRADE] = "go on as a reader",
	[HOST_OP_HALT] = "jump into the next kernel",
};

/* To go on after sleeping commutes with nothing. */
static bool is_shared(const struct stand *stand)
{
	return OP_BIT(stand->op) & OPS_COMMUTING && !stand->woken;
}

static bool conflict(const struct stand *a, const struct stand *b)
{
	return a->object && a->object == b->object && !a->begins && !b->begins &&
	       a->thread != b->thread && !(is_shared(a) && is_shared(b));
}

/* struct table - what is being written: @columns of @width. */
struct table {
	GString *out;
	unsigned int columns;
	unsigned int width;
};

static void put_line(const struct table *table, unsigned int column, const char *mark,
		     const char *text)
{
	g_autofree char *cut = g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1),
							      (glong)table->width - 3));

	g_string_append_printf(table->out, "  %*s%s %s\n", (int)(column * (table->width + 1)), "",
			       mark, cut);
}

bool line_is_primitive(const char *line)
{
	static const char *const folders[] = {
		"sim/include/", "sim/locking/", "sim/lib/", "sim/kernel/rcu.c",
		"sim/kernel/srcu.c", "sim/mm/folio_lock.c",
	};

	for (unsigned int i = 0; i < G_N_ELEMENTS(folders); i++)
		if (g_str_has_prefix(line, folders[i]))
			return true;
	return false;
}

/* "mutex_lock() in luo_session.c:12 luo_session_insert()", on two lines. */
static void put_place(const struct table *table, unsigned int column, const char *mark,
		      const struct stand *stand)
{
	g_autofree char *text = call_path_text(&stand->path);
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
	g_autofree char *what = NULL, *where = NULL;
	const char *primitive = "";
	char **line = lines;

	for (; *line && line_is_primitive(*line); line++) {
		const char *function = strstr(*line, " in ");

		/* Constructors of guards are named after what they construct. */
		if (function && strcmp(function + 4, "sim_point()") &&
		    !strstr(function, "_constructor") && !strstr(function, "_destructor"))
			primitive = function + 4;
	}
	what = g_strdup_printf("%s%s%s%s", stand->woken ? "wake up" : op_names[stand->op],
			       *primitive ? ", " : "", primitive, *line ? " at" : "");
	put_line(table, column, mark, what);
	if (*line) {
		where = g_strconcat("  ", *line, NULL);
		put_line(table, column, " ", where);
	}
}

static void put_head(const struct table *table, const struct story *story)
{
	GString *out = table->out;

	for (unsigned int pass = 0; pass < 2; pass++) {
		g_string_append(out, "  ");
		for (unsigned int i = 0; i < table->columns; i++) {
			const char *name = g_ptr_array_index(story->names, i);

			for (unsigned int k = 0; pass && k < table->width; k++)
				g_string_append_c(out, '-');
			if (!pass)
				g_string_append_printf(out, "  %-*s", table->width - 2, name);
			g_string_append_c(out, ' ');
		}
		g_strchomp(out->str);
		out->len = strlen(out->str);
		g_string_append_c(out, '\n');
	}
}

static const struct story_step *step_at(const struct story *story, unsigned int i)
{
	return &g_array_index(story->steps, struct story_step, i);
}

/* The thread's next stand after dispatch @i, or NULL if it did not go on any more. */
static const struct stand *next_stand(const struct story *story, unsigned int thread,
				      unsigned int i)
{
	for (; i < story->steps->len; i++)
		if (step_at(story, i)->stand.thread == thread)
			return &step_at(story, i)->stand;
	return NULL;
}

/* Whether some other thread stands before something that conflicts, at dispatch @i. */
static bool overtakes(const struct story *story, unsigned int i)
{
	const struct stand *stand = &step_at(story, i)->stand;

	for (unsigned int t = 1; t <= story->names->len; t++) {
		const struct stand *other = next_stand(story, t, i + 1);
		unsigned int last = i;

		while (last > 0 && step_at(story, last - 1)->stand.thread == stand->thread)
			last--;
		if (t != stand->thread && other && conflict(stand, other) && last > 0 &&
		    step_at(story, last - 1)->stand.thread == t)
			return true;
	}
	return false;
}

static void put_statements(const struct table *table, const struct story *story,
			   unsigned int column, unsigned int from, unsigned int to)
{
	const GPtrArray *steps = scn_run_steps(story->job->run);

	for (unsigned int i = from; i < to && i < steps->len; i++) {
		const struct scn_step *step = g_ptr_array_index(steps, i);
		g_autofree char *text = g_strdup_printf("%d: %s", step->statement->line,
							step->statement->text);

		if (step->section->concurrent)
			put_line(table, column, " ", text);
	}
}

/* Statements that began when dispatch @i was done. */
static unsigned int begun_after(const struct story *story, unsigned int i)
{
	if (i + 1 < story->steps->len)
		return step_at(story, i + 1)->begun;
	return scn_run_steps(story->job->run)->len;
}

static void put_stretch(const struct table *table, const struct story *story,
			unsigned int first, unsigned int end)
{
	unsigned int thread = step_at(story, first)->stand.thread, column = thread - 1;
	const struct stand *stop = next_stand(story, thread, end);

	for (unsigned int i = first; i < end; i++) {
		const struct story_step *step = step_at(story, i);

		if (overtakes(story, i))
			put_place(table, column, "*", &step->stand);
		put_statements(table, story, column, step->begun, begun_after(story, i));
	}
	if (stop)
		put_place(table, column, conflict(stop, &step_at(story, end)->stand) ? "*" : ".",
			  stop);
}

void story_text(GString *out, const struct story *story)
{
	struct table table = { .out = out, .columns = story->names->len };
	unsigned int switches = schedule_switches(story->schedule);

	if (!table.columns)
		return;
	table.width = MAX(WIDTH_ALL / table.columns - 1, WIDTH_MIN);
	g_string_append_printf(out, "how it comes about, with %u switch%s between threads ('.' "
			       "where a thread is made to\nwait, '*' where another overtakes "
			       "it):\n\n", switches, switches == 1 ? "" : "es");
	put_head(&table, story);
	for (unsigned int i = 0, end; i < story->steps->len; i = end) {
		end = schedule_stretch(story->schedule, i);
		put_stretch(&table, story, i, MIN(end, story->steps->len));
	}
	g_string_append_c(out, '\n');
}
