/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_SAVED_H
#define _MODEL_EXPLORE_SAVED_H

/**
 * DOC: A search that was ended, to go on from there
 *
 * What is left to explore is in the frames: what sleeps, and the wakeup trees.
 */

#include "engine.h"

/** SAVED_SEARCH - the type of a saved search. */
#define SAVED_SEARCH	"(tttu" SAVED_FRAMES ")"
#define SAVED_EVENT	"(yyqu)"
#define SAVED_NODE	"(uyyqu)"
#define SAVED_FRAMES	"a(" SAVED_EVENT "tttuua(yt)a" SAVED_NODE ")"

/** saved_take() - the search as it is, between two executions. */
GVariant *saved_take(const struct engine *engine);

/**
 * saved_restore() - let a search that has not begun go on from there.
 *
 * Return: false if the world does other steps than it did then.
 */
bool saved_restore(struct engine *engine, GVariant *saved);

#endif /* _MODEL_EXPLORE_SAVED_H */
