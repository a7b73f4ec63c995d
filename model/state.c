// SPDX-License-Identifier: GPL-2.0
/* The state of a kernel in lines, their digest, and what is not the same in two of them. */

#define _GNU_SOURCE
#include <inttypes.h>
#include <string.h>

#include "execution.h"
#include "state.h"

/** struct line - a line; @key is an offset into the keys of its state. */
struct line {
	size_t key;
	uint64_t value;
	enum host_state_kind kind;
};

/** struct state - lines, and their keys with a zero byte behind each. */
struct state {
	GArray *lines;
	GString *keys;
};

struct state *state_new(void)
{
	struct state *state = g_new0(struct state, 1);

	state->lines = g_array_new(FALSE, FALSE, sizeof(struct line));
	state->keys = g_string_new(NULL);
	return state;
}

void state_free(struct state *state)
{
	if (!state)
		return;
	g_array_unref(state->lines);
	g_string_free(state->keys, TRUE);
	g_free(state);
}

void state_clear(struct state *state)
{
	g_array_set_size(state->lines, 0);
	g_string_truncate(state->keys, 0);
}

/* Taking it. */

struct request {
	struct machine *machine;
	struct state *state;
	unsigned int detail;
};

void state_add(struct state *state, const struct host_state *from)
{
	struct line line = {
		.key = state->keys->len, .value = from->value, .kind = from->kind,
	};

	g_string_append_len(state->keys, from->key, strlen(from->key) + 1);
	g_array_append_val(state->lines, line);
}

static void add_line(void *ctx, const struct host_state *line)
{
	state_add(ctx, line);
}

static void take(void *arg)
{
	struct request *request = arg;

	request->machine->now->entry->state(request->detail, add_line, request->state);
}

/* On a thread's own fiber a fault in the image must be known as the kernel's. */
static bool take_on_thread(struct request *request)
{
	struct machine_thread *thread = request->machine->current;
	bool in_kernel = thread->in_kernel;
	int concurrent = request->machine->concurrent;

	thread->in_kernel = true;
	request->machine->concurrent = 0;
	take(request);
	request->machine->concurrent = concurrent;
	thread->in_kernel = in_kernel;
	return true;
}

bool state_take(struct state *state, struct machine *machine, unsigned int detail)
{
	struct request request = { machine, state, detail };

	execution_enter(machine);
	state_clear(state);
	if (machine->state != STATE_UP || !machine->now->entry->state)
		return false;
	if (machine->fiber && machine->current)
		return take_on_thread(&request);
	if (execution_call(machine, take, &request))
		return true;
	state_clear(state);
	return false;
}

/* Reading it. */

static const struct line *line_at(const struct state *state, unsigned int i)
{
	return &g_array_index(state->lines, struct line, i);
}

static const char *key_of(const struct state *state, const struct line *line)
{
	return state->keys->str + line->key;
}

static char *value_format(enum host_state_kind kind, uint64_t value)
{
	if (kind == HOST_STATE_HASH)
		return g_strdup_printf("#%08" PRIx32, (uint32_t)(value ^ value >> 32));
	if (kind == HOST_STATE_NUMBER)
		return g_strdup_printf("%" PRIu64, value);
	if ((int64_t)value >= 0 || !strerrorname_np((int)-value))
		return g_strdup_printf("%" PRId64, (int64_t)value);
	return g_strdup(strerrorname_np((int)-value));
}

char *state_text(const struct state *state)
{
	GString *text = g_string_new(NULL);

	for (unsigned int i = 0; i < state->lines->len; i++) {
		const struct line *line = line_at(state, i);
		g_autofree char *key = g_strescape(key_of(state, line), NULL);
		g_autofree char *value = value_format(line->kind, line->value);

		g_string_append_printf(text, "%s = %s\n", key, value);
	}
	return g_string_free(text, FALSE);
}

char *state_digest(const struct state *state)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	g_checksum_update(sum, (const guchar *)state->keys->str, (gssize)state->keys->len);
	for (unsigned int i = 0; i < state->lines->len; i++) {
		uint64_t value = GUINT64_TO_LE(line_at(state, i)->value);

		g_checksum_update(sum, (const guchar *)&value, sizeof(value));
	}
	return g_strdup(g_checksum_get_string(sum));
}

/* Comparing. */

static bool same_keys(const struct state *a, const struct state *b)
{
	return a->lines->len == b->lines->len && a->keys->len == b->keys->len &&
	       !memcmp(a->keys->str, b->keys->str, a->keys->len);
}

static void add_change(GArray *changes, const struct state *state, const struct line *line,
		       const struct line *before, const struct line *after)
{
	struct state_change change = {
		.key = key_of(state, line),
		.before = before ? before->value : 0,
		.after = after ? after->value : 0,
		.kind = line->kind,
		.added = !before,
		.gone = !after,
	};

	g_array_append_val(changes, change);
}

/* Lines by key. Of equal keys, which should not be, the first is found. */
static GHashTable *index_lines(const struct state *state)
{
	GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);

	for (unsigned int i = state->lines->len; i-- > 0; )
		g_hash_table_insert(table, (char *)key_of(state, line_at(state, i)),
				    (void *)line_at(state, i));
	return table;
}

static void diff_by_key(GArray *changes, const struct state *before, const struct state *after)
{
	g_autoptr(GHashTable) old = index_lines(before);
	g_autoptr(GHashTable) new = index_lines(after);

	for (unsigned int i = 0; i < before->lines->len; i++) {
		const struct line *line = line_at(before, i);
		const struct line *other = g_hash_table_lookup(new, key_of(before, line));

		if (!other || other->value != line->value)
			add_change(changes, before, line, line, other);
	}
	for (unsigned int i = 0; i < after->lines->len; i++) {
		const struct line *line = line_at(after, i);

		if (!g_hash_table_contains(old, key_of(after, line)))
			add_change(changes, after, line, NULL, line);
	}
}

GArray *state_diff(const struct state *before, const struct state *after)
{
	GArray *changes = g_array_new(FALSE, FALSE, sizeof(struct state_change));

	if (!same_keys(before, after)) {
		diff_by_key(changes, before, after);
		return changes;
	}
	for (unsigned int i = 0; i < before->lines->len; i++) {
		const struct line *a = line_at(before, i), *b = line_at(after, i);

		if (a->value != b->value)
			add_change(changes, before, a, a, b);
	}
	return changes;
}

char *state_change_format(const struct state_change *change)
{
	/* Names of sessions are the user's, and may hold anything. */
	g_autofree char *key = g_strescape(change->key, NULL);
	g_autofree char *before = value_format(change->kind, change->before);
	g_autofree char *after = value_format(change->kind, change->after);

	return g_strdup_printf("%s: %s -> %s", key, change->added ? "none" : before,
			       change->gone ? "none" : after);
}
