/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_CHECKPOINTS_H
#define _MODEL_EXPLORE_CHECKPOINTS_H

/**
 * DOC: Checkpoints: states on the way of the run that is being done
 *
 * The search goes back to the last few steps most of the time. So every few steps the state is
 * kept, on a stack, for as long as that step is part of what the search is doing. Physical memory
 * is not kept but undone (undo.h), the rest is copied (snapshot.h) or is in the journal.
 *
 * That goes for threads that run together. Once they have ended, what is left of the run is
 * followed by none of this, and there is no going back but to the root.
 */

#include <glib.h>
#include <stdbool.h>

struct checkpoints;
struct root;

/** checkpoints_new() - none yet. @checked: all of memory is compared each time it goes back. */
struct checkpoints *checkpoints_new(struct root *root, bool checked);
/** checkpoints_free() - NULL is ignored. */
void checkpoints_free(struct checkpoints *checkpoints);

/** checkpoints_begin() - threads begin to run together. Where it is impossible there are none. */
void checkpoints_begin(struct checkpoints *checkpoints);
/** checkpoints_end() - they don't any more, or the run was put back to the root. */
void checkpoints_end(struct checkpoints *checkpoints);

/** checkpoints_due() - whether one is wanted where @dispatches steps have been done. */
bool checkpoints_due(const struct checkpoints *checkpoints, unsigned int dispatches);

/**
 * checkpoints_take() - keep the present. No fiber is running.
 *
 * Return: where the caller appends its own state.
 */
GByteArray *checkpoints_take(struct checkpoints *checkpoints, unsigned int dispatches);

/**
 * checkpoints_go_back() - to the last one at which no more than @dispatches steps were done.
 * @other: becomes true if memory is compared and is not as it was
 *
 * Return: the caller's state, or NULL if there is none.
 */
const guint8 *checkpoints_go_back(struct checkpoints *checkpoints, unsigned int dispatches,
				  bool *other);

#endif /* _MODEL_EXPLORE_CHECKPOINTS_H */
