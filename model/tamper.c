// SPDX-License-Identifier: GPL-2.0
/*
 * Finds a preserved file's serialized state by the formats of Linux 7.3
 * (include/linux/kho/abi/) and of kernel-port/include/linux/kho/abi/kvm.h.
 */

#include <gio/gio.h>
#include <libfdt.h>
#include <string.h>

#include "execution.h"
#include "luo_abi.h"
#include "tamper.h"

#define VMALLOC_CHUNK_ENTRIES	(HOST_PAGE_SIZE / sizeof(uint64_t) - 1)

/**
 * struct field - where a value is.
 * @compatible: the handler whose structure has it; NULL for LUO's own record
 * @name:   as a scenario names it
 * @offset: bytes from the start of the structure, or of the array's element
 * @shift, @bits: which part of the u64 there
 * @array:  offset of the struct kho_vmalloc that describes the array, or 0
 * @stride: bytes of an element
 */
struct field {
	const char *compatible;
	const char *name;
	unsigned int offset;
	unsigned int shift;
	unsigned int bits;
	unsigned int array;
	unsigned int stride;
};

#define GMEM	"guest_memfd_luo_v1"
#define VM	"kvm_vm_luo_v1"
#define MEMFD	"memfd-v2"

static const struct field fields[] = {
	{ NULL, "file.data", offsetof(struct file_ser, data), 0, 64, 0, 0 },
	{ NULL, "file.token", offsetof(struct file_ser, token), 0, 64, 0, 0 },
	{ NULL, "file.compatible", 0, 0, 64, 0, 0 },
	{ VM, "vm.type", 0, 0, 64, 0, 0 },
	{ GMEM, "gmem.size", 0, 0, 64, 0, 0 },
	{ GMEM, "gmem.flags", 8, 0, 64, 0, 0 },
	{ GMEM, "gmem.nr_folios", 16, 0, 64, 0, 0 },
	{ GMEM, "gmem.vm_token", 24, 0, 64, 0, 0 },
	{ GMEM, "gmem.folios.first", 32, 0, 64, 0, 0 },
	{ GMEM, "gmem.folios.total_pages", 40, 0, 32, 0, 0 },
	{ GMEM, "folio.pfn", 0, 0, 52, 32, 16 },
	{ GMEM, "folio.flags", 0, 52, 12, 32, 16 },
	{ GMEM, "folio.index", 8, 0, 64, 32, 16 },
	{ MEMFD, "memfd.pos", 0, 0, 64, 0, 0 },
	{ MEMFD, "memfd.size", 8, 0, 64, 0, 0 },
	{ MEMFD, "memfd.seals", 16, 0, 32, 0, 0 },
	{ MEMFD, "memfd.flags", 16, 32, 32, 0, 0 },
	{ MEMFD, "memfd.nr_folios", 24, 0, 64, 0, 0 },
	{ MEMFD, "memfd.folios.first", 32, 0, 64, 0, 0 },
	{ MEMFD, "memfd.folios.total_pages", 40, 0, 32, 0, 0 },
	{ MEMFD, "folio.pfn", 0, 0, 52, 32, 16 },
	{ MEMFD, "folio.flags", 0, 52, 12, 32, 16 },
	{ MEMFD, "folio.index", 8, 0, 64, 32, 16 },
};

bool tamper_field_known(const char *field)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (!strcmp(fields[i].name, field))
			return true;
	}
	return false;
}

/* A name that several handlers have is listed once. */
static bool is_listed(unsigned int field)
{
	for (unsigned int i = 0; i < field; i++) {
		if (!strcmp(fields[i].name, fields[field].name))
			return true;
	}
	return false;
}

char *tamper_fields(void)
{
	GString *names = g_string_new(NULL);

	for (unsigned int i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (!is_listed(i))
			g_string_append_printf(names, "%s%s", i ? " " : "", fields[i].name);
	}
	return g_string_free(names, FALSE);
}

void *luo_at(struct machine *machine, uint64_t phys, uint64_t len)
{
	const struct physmem *mem = &machine->mem;

	if (!phys || phys >= mem->size || len > mem->size - phys)
		return NULL;
	return physmem_at(mem, phys);
}

struct luo_ser *luo_find(struct machine *machine)
{
	const void *fdt = luo_at(machine, machine->handover.fdt, sizeof(struct fdt_header));
	const void *property;
	uint64_t phys;
	int node, len;

	if (!fdt || fdt_check_header(fdt))
		return NULL;
	node = fdt_subnode_offset(fdt, 0, "LUO");
	property = node < 0 ? NULL : fdt_getprop(fdt, node, "preserved-data", &len);
	if (!property || len != sizeof(phys))
		return NULL;
	memcpy(&phys, property, sizeof(phys));
	return luo_at(machine, phys, sizeof(struct luo_ser));
}

/* The first entry of a chain of blocks for which @match(@key) holds. */
static void *find_entry(struct machine *machine, uint64_t block, size_t size,
			bool (*match)(const void *entry, const void *key), const void *key)
{
	struct block_header *header;

	while ((header = luo_at(machine, block, HOST_PAGE_SIZE))) {
		for (uint64_t i = 0; i < header->count; i++) {
			void *entry = (char *)(header + 1) + i * size;

			if (match(entry, key))
				return entry;
		}
		block = header->next;
	}
	return NULL;
}

static bool has_name(const void *entry, const void *name)
{
	return !strncmp(((const struct session_ser *)entry)->name, name, 64);
}

static bool has_token(const void *entry, const void *token)
{
	return ((const struct file_ser *)entry)->token == *(const uint64_t *)token;
}

static struct file_ser *find_file(struct machine *machine, const struct tamper *tamper)
{
	struct luo_ser *luo = luo_find(machine);
	struct session_ser *session;

	if (!luo)
		return NULL;
	session = find_entry(machine, luo->sessions, sizeof(*session), has_name,
			     tamper->session);
	if (!session)
		return NULL;
	return find_entry(machine, session->files, sizeof(struct file_ser), has_token,
			  &tamper->token);
}

/* Byte @offset of the memory that the struct kho_vmalloc at @vmalloc describes. */
static void *in_vmalloc(struct machine *machine, const char *vmalloc, uint64_t offset)
{
	uint64_t page = offset >> HOST_PAGE_SHIFT;
	uint64_t *chunk, phys;
	void *start;

	memcpy(&phys, vmalloc, sizeof(phys));
	while ((chunk = luo_at(machine, phys, HOST_PAGE_SIZE)) && page >= VMALLOC_CHUNK_ENTRIES) {
		phys = chunk[0];
		page -= VMALLOC_CHUNK_ENTRIES;
	}
	start = chunk ? luo_at(machine, chunk[1 + page], HOST_PAGE_SIZE) : NULL;
	return start ? (char *)start + offset % HOST_PAGE_SIZE : NULL;
}

static const struct field *find_field(const struct file_ser *file, const char *name)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(fields); i++) {
		const struct field *field = &fields[i];

		if (!strcmp(field->name, name) &&
		    (!field->compatible || !strncmp(field->compatible, file->compatible,
						    sizeof(file->compatible))))
			return field;
	}
	return NULL;
}

static void *locate(struct machine *machine, struct file_ser *file, const struct field *field,
		    uint64_t entry)
{
	char *start = field->compatible ? luo_at(machine, file->data, HOST_PAGE_SIZE) :
			(char *)file;

	if (!start)
		return NULL;
	if (!field->array)
		return start + field->offset;
	return in_vmalloc(machine, start + field->array, entry * field->stride + field->offset);
}

static void set(void *place, const struct field *field, uint64_t value)
{
	uint64_t mask = field->bits == 64 ? ~0UL : ((1UL << field->bits) - 1) << field->shift;
	uint64_t word;

	memcpy(&word, place, sizeof(word));
	word = (word & ~mask) | ((value << field->shift) & mask);
	memcpy(place, &word, sizeof(word));
}

bool tamper_apply(struct machine *machine, const struct tamper *tamper, GError **error)
{
	struct file_ser *file = find_file(machine, tamper);
	const struct field *field;
	void *place;

	if (!file) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
			    "no file with token %" G_GUINT64_FORMAT
			    " was handed over in a session \"%s\"",
			    tamper->token, tamper->session);
		return false;
	}
	field = find_field(file, tamper->field);
	place = field ? locate(machine, file, field, tamper->entry) : NULL;
	if (!place) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
			    "the file with token %" G_GUINT64_FORMAT
			    " has no field %s in entry %" G_GUINT64_FORMAT,
			    tamper->token, tamper->field, tamper->entry);
		return false;
	}
	set(place, field, tamper->value);
	return true;
}
