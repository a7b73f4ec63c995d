// SPDX-License-Identifier: GPL-2.0
/* Finding one piece of a handover by another. */

#include <libfdt.h>
#include <string.h>

#include "execution.h"
#include "formats.h"

void *format_at(const struct machine *machine, uint64_t phys, uint64_t len)
{
	const struct physmem *mem = &machine->mem;

	if (!phys || phys >= mem->size || len > mem->size - phys)
		return NULL;
	return physmem_at(mem, phys);
}

void *format_fdt(const struct machine *machine)
{
	const struct handover *handover = &machine->handover;
	void *fdt = format_at(machine, handover->fdt, handover->fdt_len);

	if (!fdt || handover->fdt_len < sizeof(struct fdt_header) ||
	    fdt_check_full(fdt, handover->fdt_len))
		return NULL;
	return fdt;
}

static bool get_u64(const void *fdt, int node, const char *name, uint64_t *value)
{
	const void *property;
	int len;

	property = node < 0 ? NULL : fdt_getprop(fdt, node, name, &len);
	if (!property || len != sizeof(*value))
		return false;
	memcpy(value, property, sizeof(*value));
	return true;
}

uint64_t format_map(const struct machine *machine)
{
	const void *fdt = format_fdt(machine);
	uint64_t map;

	return fdt && get_u64(fdt, 0, FORMAT_MAP_PROPERTY, &map) ? map : 0;
}

bool format_subtree(const struct machine *machine, const char *node, uint64_t *phys,
		    uint64_t *size)
{
	const void *fdt = format_fdt(machine);
	int offset = fdt ? fdt_subnode_offset(fdt, 0, node) : -1;

	return offset >= 0 && get_u64(fdt, offset, FORMAT_DATA_PROPERTY, phys) &&
	       get_u64(fdt, offset, FORMAT_SIZE_PROPERTY, size);
}

static void *subtree_blob(const struct machine *machine, const char *node, uint64_t len,
			  uint64_t *phys)
{
	uint64_t size;

	if (!format_subtree(machine, node, phys, &size) || size < len)
		return NULL;
	return format_at(machine, *phys, len);
}

struct format_luo *format_luo(const struct machine *machine, uint64_t *phys)
{
	uint64_t ignored;

	return subtree_blob(machine, FORMAT_LUO_NODE, sizeof(struct format_luo),
			    phys ? phys : &ignored);
}

struct format_metadata *format_metadata(const struct machine *machine, uint64_t *phys)
{
	uint64_t ignored;

	return subtree_blob(machine, FORMAT_METADATA_NODE, sizeof(struct format_metadata),
			    phys ? phys : &ignored);
}

struct format_block *format_block(const struct machine *machine, uint64_t first, uint64_t n,
				  uint64_t *phys)
{
	struct format_block *block = format_at(machine, first, HOST_PAGE_SIZE);

	*phys = first;
	if (n > machine->mem.size >> HOST_PAGE_SHIFT)
		return NULL;
	while (block && n--) {
		*phys = block->next;
		block = format_at(machine, *phys, HOST_PAGE_SIZE);
	}
	return block;
}

unsigned int format_entries(const struct format_block *block, size_t size)
{
	uint64_t fit = (HOST_PAGE_SIZE - sizeof(*block)) / size;

	return block->count < fit ? block->count : fit;
}

void *format_entry(const struct machine *machine, uint64_t first, size_t size, uint64_t n,
		   uint64_t *block)
{
	struct format_block *at = format_at(machine, first, HOST_PAGE_SIZE);
	uint64_t left = machine->mem.size >> HOST_PAGE_SHIFT;

	*block = first;
	while (at && n >= format_entries(at, size) && left--) {
		n -= format_entries(at, size);
		*block = at->next;
		at = format_at(machine, *block, HOST_PAGE_SIZE);
	}
	if (!at || n >= format_entries(at, size))
		return NULL;
	return (char *)(at + 1) + n * size;
}

struct format_session *format_session(const struct machine *machine, const char *name)
{
	const struct format_luo *luo = format_luo(machine, NULL);
	struct format_session *session;
	uint64_t block, n = 0;

	if (!luo)
		return NULL;
	do {
		session = format_entry(machine, luo->sessions, sizeof(*session), n++, &block);
	} while (session && strncmp(session->name, name, sizeof(session->name)));
	return session;
}

struct format_file *format_file(const struct machine *machine,
				const struct format_session *session, uint64_t token)
{
	struct format_file *file;
	uint64_t block, n = 0;

	do {
		file = format_entry(machine, session->files, sizeof(*file), n++, &block);
	} while (file && file->token != token);
	return file;
}

uint64_t *format_chunk(const struct machine *machine, const struct format_vmalloc *area,
		       uint64_t n, uint64_t *phys)
{
	uint64_t *chunk = format_at(machine, area->first, HOST_PAGE_SIZE);

	*phys = area->first;
	if (n > machine->mem.size >> HOST_PAGE_SHIFT)
		return NULL;
	while (chunk && n--) {
		*phys = chunk[0];
		chunk = format_at(machine, *phys, HOST_PAGE_SIZE);
	}
	return chunk;
}

void *format_in_vmalloc(const struct machine *machine, const struct format_vmalloc *area,
			uint64_t offset)
{
	uint64_t page = offset >> HOST_PAGE_SHIFT;
	uint64_t phys;
	const uint64_t *chunk = format_chunk(machine, area, page / FORMAT_CHUNK_PAGES, &phys);
	char *start;

	if (!chunk)
		return NULL;
	start = format_at(machine, chunk[1 + page % FORMAT_CHUNK_PAGES], HOST_PAGE_SIZE);
	return start ? start + offset % HOST_PAGE_SIZE : NULL;
}
