/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_PATH_H
#define _MODEL_PATH_H

/**
 * DOC: The path
 *
 * All that is not fixed in a run is asked of path_choose(). The list of answers
 * is the path: the same image on the same path runs the same way, byte for byte.
 */

#include <glib.h>
#include <stdbool.h>

#include <host/host.h>

/**
 * struct path_choice - one answer.
 * @kind:         what was decided, an enum host_choice
 * @alternatives: how many answers there were, >= 2
 * @taken:        the answer, below @alternatives
 */
struct path_choice {
	unsigned char kind;
	unsigned short alternatives;
	unsigned short taken;
};

struct path;

struct path *path_new(void);
void path_free(struct path *path);

/** path_append() - one more answer to follow, when a recorded path is read. */
void path_append(struct path *path, struct path_choice choice);

/** path_truncate() - forget the answers from the @length-th on. @length: at most the length */
void path_truncate(struct path *path, unsigned int length);

/** path_restart() - follow the answers from the first one on. */
void path_restart(struct path *path);

/**
 * path_choose() - the next answer.
 *
 * Follows the recorded answers and, where they end, takes 0 and records it. A
 * single alternative is no choice and is not recorded.
 * Return: the answer. A recorded answer of another kind or for another number of
 * alternatives makes path_diverged() true, and 0 is taken.
 */
unsigned int path_choose(struct path *path, enum host_choice kind, unsigned int alternatives);

/** path_suggest() - the same, but where the recorded answers end, takes @wanted. */
unsigned int path_suggest(struct path *path, enum host_choice kind, unsigned int alternatives,
			  unsigned int wanted);

/** path_diverged() - whether the run asked for something else than was recorded. */
bool path_diverged(const struct path *path);

/** path_length() - number of answers, followed and recorded. */
unsigned int path_length(const struct path *path);
struct path_choice path_at(const struct path *path, unsigned int i);

#endif /* _MODEL_PATH_H */
