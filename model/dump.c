// SPDX-License-Identifier: GPL-2.0
/* A handover in words: its records first, then every range of preserved memory. */

#include <inttypes.h>
#include <libfdt.h>
#include <string.h>

#include "check.h"
#include "dump.h"
#include "execution.h"
#include "formats.h"

/**
 * struct region - blocks of one order that lie side by side and are the same.
 * @blocks: their number
 * @note:   what the first of them is, or NULL
 * @owner:  who preserved it, or NULL
 * @other:  what it is, if it is not a preservation: the map, a scratch area
 * @size:   bytes of that
 */
struct region {
	uint64_t phys;
	unsigned int order;
	uint64_t blocks;
	const struct dump_note *note;
	const struct call_path *owner;
	const char *other;
	uint64_t size;
};

struct scratch_area {
	uint64_t addr;
	uint64_t size;
};

static uint64_t region_size(const struct region *r)
{
	return r->other ? r->size : r->blocks * (HOST_PAGE_SIZE << r->order);
}

static bool same_path(const struct call_path *a, const struct call_path *b)
{
	if (!a || !b)
		return a == b;
	return a->image == b->image && a->nr == b->nr &&
	       !memcmp(a->offset, b->offset, a->nr * sizeof(a->offset[0]));
}

static bool same_note(const struct dump_note *a, const struct dump_note *b, uint64_t blocks)
{
	if (!a || !b)
		return a == b;
	return !strcmp(a->owner, b->owner) && !strcmp(a->what, b->what) && a->numbered &&
	       b->numbered && b->index == a->index + blocks;
}

static void add_region(GArray *regions, const struct region *next)
{
	struct region *last = regions->len ?
		&g_array_index(regions, struct region, regions->len - 1) : NULL;

	if (last && !last->other && !next->other && last->order == next->order &&
	    last->phys + region_size(last) == next->phys &&
	    same_path(last->owner, next->owner) && same_note(last->note, next->note, last->blocks))
		last->blocks++;
	else
		g_array_append_vals(regions, next, 1);
}

static int by_address(gconstpointer a, gconstpointer b)
{
	const struct region *x = a, *y = b;

	return x->phys < y->phys ? -1 : x->phys > y->phys;
}

static void add_extra(GArray *all, uint64_t phys, uint64_t size, const char *what)
{
	const struct region region = { .phys = phys, .size = size, .other = what };

	g_array_append_val(all, region);
}

static void add_scratch(GArray *all, const struct machine *machine)
{
	const struct handover *handover = &machine->handover;
	const struct scratch_area *areas = format_at(machine, handover->scratch,
						     handover->scratch_len);

	for (uint64_t i = 0; areas && i < handover->scratch_len / sizeof(*areas); i++)
		add_extra(all, areas[i].addr, areas[i].size, "scratch area");
}

static GArray *collect(const struct machine *machine, GHashTable *notes)
{
	const struct handover *handover = &machine->handover;
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct region));
	GArray *regions = g_array_new(FALSE, FALSE, sizeof(struct region));

	for (unsigned int i = 0; i < handover->keys->len; i++) {
		const struct handover_key *key = &g_array_index(handover->keys,
								struct handover_key, i);
		const struct region region = {
			.phys = key->pfn << HOST_PAGE_SHIFT, .order = key->order, .blocks = 1,
			.note = g_hash_table_lookup(notes, (void *)(uintptr_t)key->pfn),
			.owner = ledger_owner(machine, key->pfn),
		};

		g_array_append_val(all, region);
	}
	for (unsigned int i = 0; i < handover->nodes->len; i++)
		add_extra(all, g_array_index(handover->nodes, uint64_t, i) << HOST_PAGE_SHIFT,
			  HOST_PAGE_SIZE, "node of the map of preserved memory");
	add_scratch(all, machine);
	g_array_sort(all, by_address);
	for (unsigned int i = 0; i < all->len; i++)
		add_region(regions, &g_array_index(all, struct region, i));
	return regions;
}

/* Number of @path among those that were seen, from 1; new ones are added. */
static unsigned int path_number(GPtrArray *paths, const struct call_path *path)
{
	for (unsigned int i = 0; i < paths->len; i++)
		if (same_path(g_ptr_array_index(paths, i), path))
			return i + 1;
	g_ptr_array_add(paths, (void *)path);
	return paths->len;
}

static void append_what(GString *out, const struct region *r)
{
	const struct dump_note *note = r->note;

	if (r->other) {
		g_string_append_printf(out, "kho: %s", r->other);
	} else if (!note) {
		g_string_append(out, "?: nothing that was handed over leads here");
	} else {
		g_string_append_printf(out, "%s: %s", note->owner, note->what);
		if (note->numbered)
			g_string_append_printf(out, " %" PRIu64, note->index);
		if (note->numbered && r->blocks > 1)
			g_string_append_printf(out, " to %" PRIu64, note->index + r->blocks - 1);
	}
}

static void append_region(GString *out, const struct region *r, GPtrArray *paths)
{
	uint64_t size = region_size(r);

	g_string_append_printf(out, "  %#012" PRIx64 "-%#012" PRIx64 "  %6" PRIu64 "  ", r->phys,
			       r->phys + size - 1, size >> HOST_PAGE_SHIFT);
	if (r->other)
		g_string_append(out, "    -   -  ");
	else
		g_string_append_printf(out, "%5u ", r->order);
	if (!r->other && r->owner)
		g_string_append_printf(out, "[%2u]  ", path_number(paths, r->owner));
	else if (!r->other)
		g_string_append(out, "   -  ");
	append_what(out, r);
	g_string_append_c(out, '\n');
}

static void append_paths(GString *out, const GPtrArray *paths)
{
	g_string_append(out, "\nwho preserved them\n");
	for (unsigned int i = 0; i < paths->len; i++) {
		g_autofree char *text = call_path_text(g_ptr_array_index(paths, i));
		g_auto(GStrv) lines = g_strsplit(text ? text : "?", "\n", -1);

		g_string_append_printf(out, "  [%2u]  %s\n", i + 1, lines[0]);
		for (char **line = lines + 1; *line; line++)
			g_string_append_printf(out, "        %s\n", *line);
	}
}

static void append_regions(GString *out, struct machine *machine)
{
	g_autoptr(GHashTable) notes = dump_notes(machine);
	g_autoptr(GArray) regions = collect(machine, notes);
	g_autoptr(GPtrArray) paths = g_ptr_array_new();

	g_string_append(out, "\nmemory\n  addresses                   pages  order  by   "
			"owner: what it is\n");
	for (unsigned int i = 0; i < regions->len; i++)
		append_region(out, &g_array_index(regions, struct region, i), paths);
	append_paths(out, paths);
}

/* Records. */

static void append_metadata(GString *out, const struct machine *machine)
{
	uint64_t phys;
	const struct format_metadata *metadata = format_metadata(machine, &phys);
	g_autofree char *release = NULL;

	if (!metadata) {
		g_string_append(out, "no kexec metadata\n");
		return;
	}
	release = g_strndup(metadata->previous_release, sizeof(metadata->previous_release));
	g_string_append_printf(out, "kexec metadata at %#" PRIx64 ": version %u, kexec number %u, "
			       "from %s\n", phys, metadata->version, metadata->kexec_count,
			       release);
}

static void append_file(GString *out, struct machine *machine, const struct format_file *file)
{
	g_autofree char *compatible = g_strndup(file->compatible, sizeof(file->compatible));

	g_string_append_printf(out, "    token %" PRIu64 ": %s, state at %#" PRIx64 "\n",
			       file->token, compatible, file->data);
	dump_fields(machine, out, "        ", compatible, file->data);
}

static void append_session(GString *out, struct machine *machine,
			   const struct format_session *session)
{
	g_autofree char *name = g_strndup(session->name, sizeof(session->name));
	struct format_chain chain;
	struct format_file *file;

	g_string_append_printf(out, "  session \"%s\": %" PRIu64 " files at %#" PRIx64 "\n", name,
			       session->count, session->files);
	format_chain_init(&chain, machine, session->files, sizeof(*file));
	while ((file = format_chain_next(&chain)))
		append_file(out, machine, file);
}

static void append_flbs(GString *out, const struct machine *machine, uint64_t phys)
{
	const struct format_flbs *flbs = format_at(machine, phys, HOST_PAGE_SIZE);
	const struct format_flb *flb = (const struct format_flb *)(flbs + 1);
	uint64_t fit = (HOST_PAGE_SIZE - sizeof(*flbs)) / sizeof(*flb);

	if (!flbs)
		return;
	g_string_append_printf(out, "  global objects: %" PRIu64 " in %" PRIu64 " pages\n",
			       flbs->count, flbs->pgcnt);
	for (uint64_t i = 0; i < MIN(flbs->count, fit); i++, flb++) {
		g_autofree char *name = g_strndup(flb->name, sizeof(flb->name));

		g_string_append_printf(out, "    %s: state %#" PRIx64 ", used by %" PRIu64
				       " files\n", name, flb->data, flb->count);
	}
}

static void append_luo(GString *out, struct machine *machine)
{
	uint64_t phys;
	const struct format_luo *luo = format_luo(machine, &phys);
	g_autofree char *compatible = NULL;
	struct format_session *session;
	struct format_chain chain;

	if (!luo) {
		g_string_append(out, "no record of LUO\n");
		return;
	}
	compatible = g_strndup(luo->compatible, sizeof(luo->compatible));
	g_string_append_printf(out, "LUO at %#" PRIx64 ": %s, live update %" PRIu64
			       ", sessions at %#" PRIx64 ", global objects at %#" PRIx64 "\n",
			       phys, compatible, luo->liveupdate_num, luo->sessions, luo->flbs);
	format_chain_init(&chain, machine, luo->sessions, sizeof(*session));
	while ((session = format_chain_next(&chain)))
		append_session(out, machine, session);
	append_flbs(out, machine, luo->flbs);
}

GString *dump_text(struct machine *machine)
{
	const struct handover *handover = &machine->handover;
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, DUMP_TITLE "from kernel %u to kernel %u\n\n", machine->boots,
			       machine->boots + 1);
	if (!handover->fdt) {
		g_string_append(out, "nothing is handed over\n");
		return out;
	}
	g_string_append_printf(out, "device tree at %#" PRIx64 ", map of preserved memory at %#"
			       PRIx64 "\n", handover->fdt, format_map(machine));
	if (handover->flaw)
		g_string_append_printf(out, "flaw: %s\n", handover->flaw);
	append_metadata(out, machine);
	append_luo(out, machine);
	append_regions(out, machine);
	return out;
}

/* What is no device tree is left as it is, in full. */
GBytes *dump_fdt(const struct machine *machine)
{
	const struct handover *handover = &machine->handover;
	const void *fdt = format_at(machine, handover->fdt, handover->fdt_len);

	if (!fdt)
		return NULL;
	return g_bytes_new(fdt, format_fdt(machine) ? fdt_totalsize(fdt) : handover->fdt_len);
}
