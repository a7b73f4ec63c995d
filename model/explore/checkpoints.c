// SPDX-License-Identifier: GPL-2.0
/* Checkpoints on the way of a run. */

#include "../execution.h"
#include "../journal.h"
#include "../snapshot.h"
#include "../undo.h"
#include "checkpoints.h"
#include "root.h"

/* Steps from one to the next: to keep a state costs about as much as to do so many steps. */
#define STEPS	12u

/**
 * struct checkpoint - one of them.
 * @dispatches: steps that had been done
 * @memory:     mark in the undo log
 * @journal:    mark in the journal
 * @kept:       where its part of the bytes begins
 * @own:        and where the part of the caller
 * @all:        digest of memory, if it is checked
 */
struct checkpoint {
	unsigned int dispatches;
	struct undo_mark memory;
	size_t journal;
	size_t kept;
	size_t own;
	struct digest all;
};

/**
 * struct checkpoints - see checkpoints.h.
 * @stack: struct checkpoint
 * @bytes: what they have kept
 */
struct checkpoints {
	struct root *root;
	struct undo *undo;
	struct snapshot *snapshot;
	GArray *stack;
	GByteArray *bytes;
	bool checked;
};

struct checkpoints *checkpoints_new(struct root *root, bool checked)
{
	struct checkpoints *checkpoints = g_new0(struct checkpoints, 1);

	checkpoints->root = root;
	checkpoints->checked = checked;
	checkpoints->undo = root_machine(root)->undo;
	checkpoints->snapshot = root_snapshot(root);
	checkpoints->stack = g_array_new(FALSE, FALSE, sizeof(struct checkpoint));
	checkpoints->bytes = g_byte_array_new();
	return checkpoints;
}

void checkpoints_free(struct checkpoints *checkpoints)
{
	if (!checkpoints)
		return;
	undo_end(checkpoints->undo);
	g_array_unref(checkpoints->stack);
	g_byte_array_unref(checkpoints->bytes);
	g_free(checkpoints);
}

static struct checkpoint *nth(const struct checkpoints *checkpoints, unsigned int n)
{
	return &g_array_index(checkpoints->stack, struct checkpoint, n);
}

static void cut(struct checkpoints *checkpoints, unsigned int length)
{
	if (length == checkpoints->stack->len)
		return;
	g_byte_array_set_size(checkpoints->bytes, nth(checkpoints, length)->kept);
	g_array_set_size(checkpoints->stack, length);
}

void checkpoints_end(struct checkpoints *checkpoints)
{
	cut(checkpoints, 0);
	undo_end(checkpoints->undo);
}

void checkpoints_begin(struct checkpoints *checkpoints)
{
	checkpoints_end(checkpoints);
	if (snapshot_plain(checkpoints->snapshot))
		undo_begin(checkpoints->undo);
}

bool checkpoints_due(const struct checkpoints *checkpoints, unsigned int dispatches)
{
	unsigned int nr = checkpoints->stack->len;

	return undo_active(checkpoints->undo) &&
	       (!nr || dispatches - nth(checkpoints, nr - 1)->dispatches >= STEPS);
}

GByteArray *checkpoints_take(struct checkpoints *checkpoints, unsigned int dispatches)
{
	struct checkpoint checkpoint = {
		.dispatches = dispatches,
		.memory = undo_mark(checkpoints->undo),
		.journal = journal_mark(),
		.kept = checkpoints->bytes->len,
	};

	if (checkpoints->checked)
		snapshot_digest(checkpoints->snapshot, NULL, &checkpoint.all);
	root_save(checkpoints->root);
	snapshot_keep_stacks(checkpoints->snapshot, checkpoints->bytes);
	checkpoint.own = checkpoints->bytes->len;
	g_array_append_val(checkpoints->stack, checkpoint);
	return checkpoints->bytes;
}

static bool is_as_it_was(const struct checkpoints *checkpoints, const struct checkpoint *then)
{
	struct digest now = { 0 };

	return !checkpoints->checked ||
	       (snapshot_digest(checkpoints->snapshot, NULL, &now) &&
		digest_equal(&now, &then->all));
}

const guint8 *checkpoints_go_back(struct checkpoints *checkpoints, unsigned int dispatches,
				  bool *other)
{
	const struct checkpoint *to;
	unsigned int length = checkpoints->stack->len;

	/* Without a whole log there is no way back. */
	if (!undo_active(checkpoints->undo))
		length = 0;
	while (length && nth(checkpoints, length - 1)->dispatches > dispatches)
		length--;
	if (!length)
		return NULL;
	to = nth(checkpoints, length - 1);
	undo_rewind(checkpoints->undo, to->memory);
	*other |= !is_as_it_was(checkpoints, to);
	journal_rewind(to->journal);
	root_save(checkpoints->root);
	snapshot_put_back_stacks(checkpoints->snapshot, checkpoints->bytes, to->kept);
	cut(checkpoints, length);
	return checkpoints->bytes->data + to->own;
}
