// SPDX-License-Identifier: GPL-2.0
/* What lies in each page that was handed over, found by following the formats. */

#include <inttypes.h>
#include <libfdt.h>
#include <string.h>

#include "dump.h"
#include "execution.h"
#include "formats.h"
#include "tamper.h"

struct notes {
	struct machine *machine;
	GHashTable *table;
};

static void free_note(void *data)
{
	struct dump_note *note = data;

	g_free(note->owner);
	g_free(note->what);
	g_free(note);
}

/* Takes @what. The first to name a page is right: what comes later was reached by it. */
static void note_page(struct notes *notes, uint64_t phys, const char *owner, char *what,
		      int64_t index)
{
	void *pfn = (void *)(uintptr_t)(phys >> HOST_PAGE_SHIFT);
	struct dump_note *note;

	if (g_hash_table_contains(notes->table, pfn)) {
		g_free(what);
		return;
	}
	note = g_new(struct dump_note, 1);
	*note = (struct dump_note){
		.owner = g_strdup(owner), .what = what, .index = index < 0 ? 0 : index,
		.numbered = index >= 0,
	};
	g_hash_table_insert(notes->table, pfn, note);
}

/* Entries of an array of folios: page frame number and flags, then the index. */
static void note_folios(struct notes *notes, const struct format_vmalloc *area, uint64_t nr,
			const char *owner)
{
	const void *at;
	uint64_t entry[2];

	/* There can't be more of them than pages. */
	nr = MIN(nr, notes->machine->mem.size >> HOST_PAGE_SHIFT);
	for (uint64_t i = 0; i < nr; i++) {
		at = format_in_vmalloc(notes->machine, area, i * sizeof(entry));
		if (!at)
			return;
		memcpy(entry, at, sizeof(entry));
		note_page(notes, (entry[0] & ((1ull << 52) - 1)) << HOST_PAGE_SHIFT, owner,
			  g_strdup("page of the file, index"), (int64_t)(entry[1] & INT64_MAX));
	}
}

static void note_area(struct notes *notes, const struct format_vmalloc *area, const char *owner)
{
	uint64_t total = MIN(area->total_pages, notes->machine->mem.size >> HOST_PAGE_SHIFT);
	uint64_t pages = 0, phys;
	const uint64_t *chunk;

	for (uint64_t n = 0; n <= total / FORMAT_CHUNK_PAGES; n++) {
		chunk = format_chunk(notes->machine, area, n, &phys);
		if (!chunk)
			return;
		note_page(notes, phys, owner, g_strdup("list of the pages of an array, part"),
			  (int64_t)n);
		for (unsigned int i = 0; i < FORMAT_CHUNK_PAGES && pages < total; i++)
			note_page(notes, chunk[1 + i], owner, g_strdup("array of folios, page"),
				  (int64_t)pages++);
	}
}

static void note_file(struct notes *notes, const struct format_file *file, const char *session)
{
	g_autofree char *compatible = g_strndup(file->compatible, sizeof(file->compatible));
	g_autofree char *owner = g_strdup_printf("\"%s\" token %" PRIu64 ", %s", session,
						 file->token, compatible);
	struct tamper_state state;
	const char *at = format_at(notes->machine, file->data, HOST_PAGE_SIZE);
	struct format_vmalloc area;
	uint64_t nr_folios;

	if (!at)
		return;
	note_page(notes, file->data, owner, g_strdup("state of the file"), -1);
	if (!tamper_state(compatible, &state) || !state.array)
		return;
	memcpy(&area, at + state.array, sizeof(area));
	note_area(notes, &area, owner);
	memcpy(&nr_folios, at + state.nr_folios, sizeof(nr_folios));
	note_folios(notes, &area, nr_folios, owner);
}

static void note_files(struct notes *notes, const struct format_session *session)
{
	g_autofree char *name = g_strndup(session->name, sizeof(session->name));
	g_autofree char *owner = g_strdup_printf("\"%s\"", name);
	struct format_chain chain;
	struct format_file *file;

	format_chain_init(&chain, notes->machine, session->files, sizeof(*file));
	while ((file = format_chain_next(&chain))) {
		note_page(notes, chain.block, owner, g_strdup("block of files"),
			  (int64_t)chain.nr);
		note_file(notes, file, name);
	}
}

static void note_sessions(struct notes *notes, uint64_t first)
{
	struct format_chain chain;
	struct format_session *session;

	format_chain_init(&chain, notes->machine, first, sizeof(*session));
	while ((session = format_chain_next(&chain))) {
		note_page(notes, chain.block, "luo", g_strdup("block of sessions"),
			  (int64_t)chain.nr);
		note_files(notes, session);
	}
}

static void note_luo(struct notes *notes)
{
	const struct format_luo *luo = format_luo(notes->machine, NULL);

	if (!luo)
		return;
	if (format_at(notes->machine, luo->flbs, HOST_PAGE_SIZE))
		note_page(notes, luo->flbs, "luo", g_strdup("global objects"), -1);
	note_sessions(notes, luo->sessions);
}

static void note_subtrees(struct notes *notes)
{
	const void *fdt = format_fdt(notes->machine);
	uint64_t phys, size;
	int node;

	if (!fdt)
		return;
	note_page(notes, notes->machine->handover.fdt, "kho", g_strdup("device tree"), -1);
	fdt_for_each_subnode(node, fdt, 0) {
		const char *name = fdt_get_name(fdt, node, NULL);

		if (name && format_subtree(notes->machine, name, &phys, &size))
			note_page(notes, phys, strcmp(name, FORMAT_LUO_NODE) ? "kho" : "luo",
				  g_strdup_printf("record of \"%s\"", name), -1);
	}
}

GHashTable *dump_notes(struct machine *machine)
{
	struct notes notes = {
		.machine = machine, .table = g_hash_table_new_full(NULL, NULL, NULL, free_note),
	};

	note_subtrees(&notes);
	note_luo(&notes);
	return notes.table;
}

void dump_fields(struct machine *machine, GString *out, const char *indent,
		 const char *compatible, uint64_t data)
{
	const char *at = format_at(machine, data, HOST_PAGE_SIZE);
	struct tamper_state state;
	const char *name;
	uint64_t value;

	if (!at || !tamper_state(compatible, &state))
		return;
	for (unsigned int i = 0; (name = tamper_state_field(compatible, at, i, &value)); i++)
		g_string_append_printf(out, "%s%-24s %#" PRIx64 "\n", indent, name, value);
}
