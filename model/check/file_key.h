/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_CHECK_FILE_KEY_H
#define _MODEL_CHECK_FILE_KEY_H

/* How checkers know a preserved file in both kernels: by its session and its token. */

#include <glib.h>
#include <stdint.h>

/** struct file_key - first member of what a checker notes of a file; @session is its own. */
struct file_key {
	char *session;
	uint64_t token;
};

static inline guint file_key_hash(gconstpointer p)
{
	const struct file_key *key = p;

	return g_str_hash(key->session) ^ g_int64_hash(&key->token);
}

static inline gboolean file_key_equal(gconstpointer a, gconstpointer b)
{
	const struct file_key *x = a, *y = b;

	return x->token == y->token && g_str_equal(x->session, y->session);
}

/** file_key_find() - in a set made with the functions above; NULL if it is not there. */
static inline void *file_key_find(GHashTable *set, const char *session, uint64_t token)
{
	const struct file_key key = { .session = (char *)session, .token = token };

	return g_hash_table_lookup(set, &key);
}

#endif /* _MODEL_CHECK_FILE_KEY_H */
