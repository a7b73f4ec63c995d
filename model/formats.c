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

void format_chain_init(struct format_chain *chain, const struct machine *machine,
		       uint64_t first, size_t size)
{
	*chain = (struct format_chain){
		.machine = machine, .size = size, .block = first, .power = 1,
	};
}

/* Compares with the block at the last power of two: a circle comes to it again. */
static bool next_block(struct format_chain *chain, uint64_t next)
{
	if (chain->steps++ == chain->power) {
		chain->seen = chain->block;
		chain->power *= 2;
		chain->steps = 1;
	}
	chain->block = next;
	chain->nr++;
	chain->entry = 0;
	return next && next != chain->seen;
}

void *format_chain_next(struct format_chain *chain)
{
	uint64_t fit = (HOST_PAGE_SIZE - sizeof(struct format_block)) / chain->size;
	struct format_block *block = format_at(chain->machine, chain->block, HOST_PAGE_SIZE);

	while (block && chain->entry >= MIN(block->count, fit)) {
		if (!next_block(chain, block->next))
			return NULL;
		block = format_at(chain->machine, chain->block, HOST_PAGE_SIZE);
	}
	return block ? (char *)(block + 1) + chain->entry++ * chain->size : NULL;
}

struct format_session *format_session(const struct machine *machine, const char *name)
{
	const struct format_luo *luo = format_luo(machine, NULL);
	struct format_session *session;
	struct format_chain chain;

	if (!luo)
		return NULL;
	format_chain_init(&chain, machine, luo->sessions, sizeof(*session));
	while ((session = format_chain_next(&chain)))
		if (!strncmp(session->name, name, sizeof(session->name)))
			return session;
	return NULL;
}

struct format_file *format_file(const struct machine *machine,
				const struct format_session *session, uint64_t token)
{
	struct format_file *file;
	struct format_chain chain;

	format_chain_init(&chain, machine, session->files, sizeof(*file));
	while ((file = format_chain_next(&chain)))
		if (file->token == token)
			return file;
	return NULL;
}

static uint64_t *chunk_at(const struct machine *machine, uint64_t phys)
{
	return phys % sizeof(uint64_t) ? NULL : format_at(machine, phys, HOST_PAGE_SIZE);
}

uint64_t *format_chunk(const struct machine *machine, const struct format_vmalloc *area,
		       uint64_t n, uint64_t *phys)
{
	uint64_t *chunk;

	*phys = area->first;
	chunk = chunk_at(machine, *phys);
	if (n > machine->mem.size >> HOST_PAGE_SHIFT)
		return NULL;
	while (chunk && n--) {
		*phys = chunk[0];
		chunk = chunk_at(machine, *phys);
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
