// SPDX-License-Identifier: GPL-2.0
/*
 * What LUO wrote down: its record and its chains of blocks, read at the jump as the next
 * kernel's reader has to.
 *
 * Judges P-13, P-58, P-64 and P-65.
 */

#include <inttypes.h>
#include <string.h>

#include "../check.h"
#include "../formats.h"
#include "../journal.h"

#define SESSIONS_PER_BLOCK	\
	((HOST_PAGE_SIZE - sizeof(struct format_block)) / sizeof(struct format_session))
#define FILES_PER_BLOCK		\
	((HOST_PAGE_SIZE - sizeof(struct format_block)) / sizeof(struct format_file))

/** struct serialized - the checker's state: the number of the last live update. */
struct serialized {
	uint64_t number;
};

/** struct chain - a chain of blocks: of what, its first block, entries that fit in one. */
struct chain {
	const char *what;
	uint64_t first;
	unsigned int per_block;
	uint64_t entries;
	uint64_t blocks;
};

static void *serialized_create(struct machine *machine)
{
	(void)machine;
	return g_new0(struct serialized, 1);
}

static void serialized_boot(struct machine *machine, void *state)
{
	struct serialized *serialized = state;

	if (machine->boots == 1)
		journal_set(serialized->number, 0);
}

/* Counts entries and blocks; false after a report that this is no chain. */
static bool walk(struct machine *machine, struct chain *chain)
{
	const struct format_block *block;

	for (uint64_t at = chain->first; at; at = block->next) {
		block = at % HOST_PAGE_SIZE ? NULL : format_at(machine, at, HOST_PAGE_SIZE);
		verdict_checked(machine->verdict, "P-64");
		if (!block || !block->count || block->count > chain->per_block ||
		    chain->blocks++ > machine->mem.size / HOST_PAGE_SIZE) {
			execution_violation(machine, "P-64", NULL, NULL,
					    "the chain of %s has a broken block", chain->what);
			return false;
		}
		chain->entries += block->count;
	}
	return true;
}

static void judge_number(struct machine *machine, const struct chain *chain, uint64_t expected)
{
	verdict_checked(machine->verdict, "P-64");
	if (chain->entries != expected)
		execution_violation(machine, "P-64", NULL, NULL,
				    "%" PRIu64 " %s were written down, not %" PRIu64,
				    chain->entries, chain->what, expected);
	verdict_checked(machine->verdict, "P-65");
	if (chain->blocks != (chain->entries + chain->per_block - 1) / chain->per_block)
		execution_violation(machine, "P-65", NULL, NULL,
				    "%" PRIu64 " %s take %" PRIu64 " blocks", chain->entries,
				    chain->what, chain->blocks);
}

static void judge_files(struct machine *machine, const struct format_session *session)
{
	struct chain chain = {
		.what = "files", .first = session->files, .per_block = FILES_PER_BLOCK,
	};

	if (!session->count)
		verdict_checked(machine->verdict, "P-13");
	if (walk(machine, &chain))
		judge_number(machine, &chain, session->count);
}

static void judge_sessions(struct machine *machine, uint64_t first)
{
	for (uint64_t at = first; at;) {
		const struct format_block *block = format_at(machine, at, HOST_PAGE_SIZE);
		const struct format_session *sessions = (const void *)(block + 1);

		for (uint64_t i = 0; i < block->count; i++)
			judge_files(machine, &sessions[i]);
		at = block->next;
	}
}

static void count_session(void *ctx, const struct host_file *file)
{
	GHashTable *names = ctx;

	g_hash_table_add(names, g_strdup(file->session));
}

static void count_sessions(void *arg)
{
	execution_current()->now->entry->files(0, count_session, arg);
}

/* At least as many sessions as have files. */
static void judge_enough(struct machine *machine, const struct chain *chain)
{
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	execution_call(machine, count_sessions, names);
	verdict_checked(machine->verdict, "P-13");
	if (chain->entries < g_hash_table_size(names))
		execution_violation(machine, "P-13", NULL, NULL,
				    "%" PRIu64 " sessions were written down, but %u have files",
				    chain->entries, g_hash_table_size(names));
}

static void judge_update(struct machine *machine, struct serialized *serialized, uint64_t number)
{
	verdict_checked(machine->verdict, "P-58");
	if (number != serialized->number + 1)
		execution_violation(machine, "P-58", NULL, NULL,
				    "live update %" PRIu64 " comes after number %" PRIu64, number,
				    serialized->number);
	journal_set(serialized->number, number);
}

static void serialized_jump(struct machine *machine, void *state)
{
	struct chain chain = { .what = "sessions", .per_block = SESSIONS_PER_BLOCK };
	struct format_luo *luo = format_luo(machine, NULL);

	if (!luo)
		return;
	judge_update(machine, state, luo->liveupdate_num);
	chain.first = luo->sessions;
	if (!walk(machine, &chain))
		return;
	judge_number(machine, &chain, chain.entries);
	judge_sessions(machine, luo->sessions);
	judge_enough(machine, &chain);
}

static bool serialized_digest(const void *state, bool left, struct digest *digest)
{
	(void)left;
	digest_word(digest, ((const struct serialized *)state)->number);
	return true;
}

static bool serialized_usable(const struct host_image *image)
{
	return image->files;
}

const struct checker serialized_checker = {
	.name = "what LUO wrote down",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("P-13", "P-58", "P-64", "P-65"),
	.usable = serialized_usable,
	.create = serialized_create,
	.destroy = g_free,
	.boot = serialized_boot,
	.jump = serialized_jump,
	.digest = serialized_digest,
};
