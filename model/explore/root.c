// SPDX-License-Identifier: GPL-2.0
/*
 * The root: the memory of the machine as a snapshot, what the simulator knows of the run in a
 * journal.
 */

#include "../execution.h"
#include "../journal.h"
#include "../snapshot.h"
#include "root.h"

/**
 * struct root - see root.h.
 * @mark:  in the journal
 * @boots: of the machine
 * @ends:  &struct digest of all to what came of it, GUINT_TO_POINTER()
 */
struct root {
	const struct explore_kernel *what;
	struct snapshot *snapshot;
	size_t mark;
	unsigned int boots;
	GHashTable *ends;
};

/* What the detector of data races knows goes back in no journal. */
bool root_possible(const struct explore_kernel *what)
{
	return what->rewind != EXPLORE_REWIND_BOOT && snapshot_possible() && !what->machine->race;
}

void root_save(const struct root *root)
{
	const struct explore_kernel *what = root->what;

	execution_save(what->machine);
	verdict_save(what->machine->verdict);
	if (what->save)
		what->save(what->ctx);
}

struct root *root_take(const struct explore_kernel *what, struct fiber *runner)
{
	struct root *root = g_new0(struct root, 1);

	root->what = what;
	root->boots = what->machine->boots;
	root->ends = g_hash_table_new_full(digest_hash, digest_equal, g_free, NULL);
	journal_begin();
	root->snapshot = snapshot_take(what->machine, runner);
	root->mark = journal_mark();
	root_save(root);
	return root;
}

void root_restore(struct root *root)
{
	snapshot_restore(root->snapshot, root->mark);
	root_save(root);
}

struct snapshot *root_snapshot(const struct root *root)
{
	return root->snapshot;
}

struct machine *root_machine(const struct root *root)
{
	return root->what->machine;
}

void root_free(struct root *root)
{
	if (!root)
		return;
	snapshot_free(root->snapshot);
	journal_end();
	g_hash_table_unref(root->ends);
	g_free(root);
}

/*
 * Of the memory of a kernel that has left there is what it handed over: the rest is destroyed.
 * Otherwise it is known what has changed, or all is compared.
 */
static bool put_in_memory(const struct root *root, bool left, struct digest *digest)
{
	const struct machine *machine = root->what->machine;
	bool known = !left && undo_active(machine->undo);

	digest_word(digest, known);
	if (!known)
		return snapshot_digest(root->snapshot, left ? machine->handover.kept : NULL,
				       digest);
	digest_digest(digest, undo_digest(machine->undo));
	return true;
}

bool root_digest(const struct root *root, bool left, struct digest *digest)
{
	const struct machine *machine = root ? root->what->machine : NULL;

	*digest = (struct digest){ 0 };
	return root && root->what->state && machine->boots == root->boots &&
	       execution_digest(machine, left, digest) &&
	       root->what->state(root->what->ctx, digest) && put_in_memory(root, left, digest);
}

bool root_knows_end(const struct root *root, const struct digest *digest, unsigned int *outcome)
{
	void *known;

	if (!g_hash_table_lookup_extended(root->ends, digest, NULL, &known))
		return false;
	*outcome = GPOINTER_TO_UINT(known);
	return true;
}

void root_learn_end(struct root *root, const struct digest *digest, unsigned int outcome)
{
	g_hash_table_insert(root->ends, g_memdup2(digest, sizeof(*digest)),
			    GUINT_TO_POINTER(outcome));
}
