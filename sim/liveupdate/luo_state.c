// SPDX-License-Identifier: GPL-2.0
/* Sessions and their files, as part of the state of this kernel: see <sim/state.h>. */

#include <linux/kho_block.h>
#include <linux/liveupdate.h>
#include <linux/mm.h>
#include <linux/xarray.h>
#include <sim/state.h>

#include "../init/init.h"
#include "luo_internal.h"

/* From so many on, the files of a session are not told of one by one. */
#define FILES_FOLDED	1000

/* How many blocks, and the entries that count. */
static void block_set_state(struct sim_state *s, const struct kho_block_set *bs)
{
	const struct kho_block *block;
	u64 entries = 0;

	list_for_each_entry(block, &bs->blocks, list)
		entries += block->ser->count;
	sim_state_number(s, "blocks", bs->nblocks);
	sim_state_number(s, "entries in blocks", entries);
}

/*
 * A handle is the handler's own business; where it leads to kernel memory, it is to its state.
 * What it led to in the previous kernel may be anybody's by now. A plain number that is a
 * multiple of the page size is taken for an address: handlers that hand over numbers choose
 * others.
 */
static void handle_state(struct sim_state *s, u64 handle, bool outgoing)
{
	sim_state_number(s, "handle", handle);
	if (outgoing && handle && PAGE_ALIGNED(handle) && sim_kernel_page(PHYS_PFN(handle)))
		sim_state_hash(s, "contents of what the handle leads to",
			       sim_hash_page(SIM_HASH_INIT, PHYS_PFN(handle)));
}

static void luo_file_state(struct sim_state *s, struct luo_file *luo_file, u64 place,
			   bool outgoing)
{
	size_t outer = sim_state_about(s, "file %#llx", luo_file->token);
	size_t kind = sim_state_about(s, "handler '%s'", luo_file->fh->compatible);

	sim_state_number(s, "place", place);
	sim_state_back(s, kind);
	if (s->folded)
		sim_state_number(s, "token", luo_file->token);
	handle_state(s, luo_file->serialized_data, outgoing);
	sim_state_error(s, "retrieved", luo_file->retrieve_status);
	sim_state_number(s, "is being retrieved", luo_file->retrieving);
	if (luo_file->file)
		vfs_file_state(s, luo_file->file);
	sim_state_back(s, outer);
}

static void luo_session_state(struct sim_state *s, struct luo_session *session, u64 place,
			      bool outgoing)
{
	size_t outer = sim_state_about(s, "session '%s'", session->name);
	struct luo_file *it;
	u64 nr = 0;

	sim_state_number(s, "place", place);
	sim_state_number(s, "retrieved", session->retrieved);
	sim_state_number(s, "files", session->file_set.count);
	block_set_state(s, &session->file_set.block_set);
	if (session->file_set.count >= FILES_FOLDED)
		sim_state_fold(s);
	list_for_each_entry(it, &session->file_set.files_list, list)
		luo_file_state(s, it, ++nr, outgoing);
	if (s->folded)
		sim_state_unfold(s, "all there is about its files");
	sim_state_back(s, outer);
}

static void luo_header_state(struct sim_state *s, const char *direction,
			     const struct luo_session_header *sh)
{
	size_t outer = sim_state_about(s, "%s", direction);
	struct luo_session *it;
	u64 nr = 0;

	sim_state_number(s, "active", sh->active);
	sim_state_number(s, "sessions", sh->count);
	block_set_state(s, &sh->block_set);
	list_for_each_entry(it, &sh->list, list)
		luo_session_state(s, it, ++nr, sh == &luo_outgoing);
	sim_state_back(s, outer);
}

/* The ids are the handlers' own and may be addresses: what counts is how many there are. */
static u64 luo_preserved_count(void)
{
	XA_STATE(xas, &luo_preserved_files, 0);
	void *entry;
	u64 nr = 0;

	xas_for_each(&xas, entry, ULONG_MAX)
		nr++;
	return nr;
}

/** luo_state() - all that LUO knows. */
void luo_state(struct sim_state *s)
{
	luo_device_state(s);
	luo_handler_state(s);
	sim_state_number(s, "incoming sessions were read", luo_deserialized);
	sim_state_error(s, "reading incoming sessions", luo_deserialize_err);
	luo_header_state(s, "outgoing", &luo_outgoing);
	luo_header_state(s, "incoming", &luo_incoming);
	sim_state_number(s, "files that nobody else may preserve", luo_preserved_count());
	luo_flb_state(s);
}
