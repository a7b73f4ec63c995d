// SPDX-License-Identifier: GPL-2.0
/*
 * The path: recorded answers are followed first, then answers are recorded.
 */

#include "journal.h"
#include "path.h"

struct path {
	GArray *choices;
	unsigned int next;
	bool diverged;
};

struct path *path_new(void)
{
	struct path *path = g_new0(struct path, 1);

	path->choices = g_array_new(FALSE, FALSE, sizeof(struct path_choice));
	return path;
}

void path_free(struct path *path)
{
	if (!path)
		return;
	g_array_free(path->choices, TRUE);
	g_free(path);
}

void path_append(struct path *path, struct path_choice choice)
{
	journal_array_append(path->choices, choice);
}

void path_truncate(struct path *path, unsigned int length)
{
	journal_array_cut(path->choices, length);
	journal_set(path->next, MIN(path->next, length));
}

void path_restart(struct path *path)
{
	journal_set(path->next, 0);
	journal_set(path->diverged, false);
}

/* What was recorded belongs to another run as soon as one question differs. */
static unsigned int path_follow(struct path *path, enum host_choice kind,
				unsigned int alternatives)
{
	struct path_choice choice = path_at(path, path->next);

	if (choice.kind != kind || choice.alternatives != alternatives ||
	    choice.taken >= alternatives) {
		journal_set(path->diverged, true);
		return 0;
	}
	journal_set(path->next, path->next + 1);
	return choice.taken;
}

unsigned int path_suggest(struct path *path, enum host_choice kind, unsigned int alternatives,
			  unsigned int wanted)
{
	struct path_choice choice = {
		.kind = kind, .alternatives = alternatives, .taken = wanted
	};

	if (alternatives <= 1 || path->diverged)
		return 0;
	g_assert(alternatives <= G_MAXUINT16);
	if (path->next < path->choices->len)
		return path_follow(path, kind, alternatives);
	path_append(path, choice);
	journal_set(path->next, path->next + 1);
	return wanted;
}

unsigned int path_choose(struct path *path, enum host_choice kind, unsigned int alternatives)
{
	return path_suggest(path, kind, alternatives, 0);
}

bool path_diverged(const struct path *path)
{
	return path->diverged;
}

unsigned int path_length(const struct path *path)
{
	return path->choices->len;
}

struct path_choice path_at(const struct path *path, unsigned int i)
{
	return g_array_index(path->choices, struct path_choice, i);
}
