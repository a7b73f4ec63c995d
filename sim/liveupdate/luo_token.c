// SPDX-License-Identifier: GPL-2.0
/*
 * Files of a session by token. Linux 7.3 walks the session's list instead
 * (luo_token_is_used(), luo_retrieve_file() of kernel/liveupdate/luo_file.c), which for
 * 100,000 files comes to 10^10 steps; what is found is the same.
 *
 * A tree in the files themselves, so that there is nothing to allocate and nothing that can
 * fail: a file has four below it, two bits of the hashed token say which of them leads on.
 * No two tokens have the same hash, so no path is longer than 33 files.
 */

#include <linux/array_size.h>
#include <linux/string.h>
#include <linux/types.h>

#include "luo_internal.h"

#define HASH_BITS	64
#define STEP_BITS	2

/* Each step can be undone, so two numbers never become one. */
static u64 luo_token_hash(u64 token)
{
	token = (token ^ token >> 32) * 0x9e3779b97f4a7c15ULL;
	return (token ^ token >> 29) * 0xbf58476d1ce4e5b9ULL;
}

/* Where the file @token is, or where it would have to be. */
static struct luo_file **luo_token_place(struct luo_file_set *file_set, u64 token)
{
	struct luo_file **place = &file_set->tokens;
	u64 hash = luo_token_hash(token);

	for (; *place && (*place)->token != token; hash <<= STEP_BITS)
		place = &(*place)->below[hash >> (HASH_BITS - STEP_BITS)];
	return place;
}

/** luo_find_token() - the file @token of a set, or NULL. */
struct luo_file *luo_find_token(struct luo_file_set *file_set, u64 token)
{
	return *luo_token_place(file_set, token);
}

/**
 * luo_token_add() - let luo_find_token() find @luo_file.
 *
 * Of two files with one token, as only a broken handover has them, the first is found.
 */
void luo_token_add(struct luo_file_set *file_set, struct luo_file *luo_file)
{
	struct luo_file **place = luo_token_place(file_set, luo_file->token);

	if (!*place)
		*place = luo_file;
}

/* A place below @luo_file that is not empty, or NULL. */
static struct luo_file **luo_token_below(struct luo_file *luo_file)
{
	for (int i = 0; i < ARRAY_SIZE(luo_file->below); i++)
		if (luo_file->below[i])
			return &luo_file->below[i];
	return NULL;
}

/* Any file below can stand for @luo_file: one with none below it itself. */
void luo_token_remove(struct luo_file_set *file_set, struct luo_file *luo_file)
{
	struct luo_file **place = luo_token_place(file_set, luo_file->token);
	struct luo_file **last = place, **next, *leaf;

	if (*place != luo_file)
		return;
	while ((next = luo_token_below(*last)))
		last = next;

	leaf = *last;
	*last = NULL;
	if (leaf != luo_file) {
		memcpy(leaf->below, luo_file->below, sizeof(leaf->below));
		*place = leaf;
	}
}
