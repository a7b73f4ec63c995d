// SPDX-License-Identifier: GPL-2.0
/*
 * Finds a field of what was handed over by its name, and changes it. Formats are those
 * of Linux 7.3 (include/linux/kho/abi/) and of kernel-port/include/linux/kho/abi/kvm.h.
 */

#include <gio/gio.h>
#include <libfdt.h>
#include <string.h>

#include "execution.h"
#include "formats.h"
#include "tamper.h"

/** enum scope - where a field is looked for, and what that takes. */
enum scope {
	IN_LUO,			/* LUO's record */
	IN_SESSIONS_BLOCK,	/* head of block "entry" of the sessions */
	IN_SESSION,		/* a session's entry */
	IN_FILES_BLOCK,		/* head of block "entry" of a session's files */
	IN_FILE,		/* a file's entry */
	IN_STATE,		/* what a file's handler wrote */
	IN_ARRAY,		/* element "entry" of an array that this describes */
	IN_CHUNK,		/* chunk "entry" of that array's list of pages */
	IN_CHUNK_PAGE,		/* address of page "entry" in that list */
	IN_FLBS,		/* head of the page of global objects */
	IN_FLB,			/* global object "entry" */
	IN_METADATA,		/* the record of the kexec */
	IN_MAP,			/* slot "entry" of the root of the map of preserved memory */
	IN_FDT_HEADER,		/* of the device tree, big-endian */
	IN_FDT_ROOT,		/* property of its root node */
	IN_FDT_NODE,		/* property of a node */
	IN_FDT_DROP		/* what is removed from it */
};

/**
 * struct field - where a value is.
 * @name:   as a scenario names it
 * @scope:  see there
 * @compatible: the handler whose structure has it
 * @offset: bytes from the start of the structure, or of the array's element
 * @bytes:  of the word there that is read and written, 1 to 8
 * @shift, @bits: which part of that word; @bits 0 is all
 * @text:   length, if a string stands there
 * @array:  offset of the struct kho_vmalloc that describes the array
 * @stride: bytes of an element
 * @property: of the device tree
 */
struct field {
	const char *name;
	enum scope scope;
	const char *compatible;
	unsigned int offset;
	unsigned int bytes;
	unsigned int shift;
	unsigned int bits;
	unsigned int text;
	unsigned int array;
	unsigned int stride;
	const char *property;
};

#define GMEM	"guest_memfd_luo_v1"
#define VM	"kvm_vm_luo_v1"
#define MEMFD	"memfd-v2"

#define MEMBER(_struct, _member)	\
	.offset = offsetof(struct _struct, _member),	\
	.bytes = sizeof(((struct _struct *)0)->_member)
#define STRING(_struct, _member)	\
	.offset = offsetof(struct _struct, _member), .bytes = 8,	\
	.text = sizeof(((struct _struct *)0)->_member)
#define STATE(_name, _handler, _offset, _bytes)	\
	{ .name = _name, .scope = IN_STATE, .compatible = _handler,	\
	  .offset = _offset, .bytes = _bytes }
#define ARRAY(_handler, _array)	\
	.compatible = _handler, .array = _array, .stride = 16, .bytes = 8
#define FOLIOS(_handler, _prefix, _array)						\
	STATE(_prefix ".folios.first", _handler, _array, 8),				\
	STATE(_prefix ".folios.total_pages", _handler, (_array) + 8, 4),		\
	STATE(_prefix ".folios.flags", _handler, (_array) + 12, 2),			\
	STATE(_prefix ".folios.order", _handler, (_array) + 14, 2),			\
	{ "folio.pfn", IN_ARRAY, ARRAY(_handler, _array), .bits = 52 },		\
	{ "folio.flags", IN_ARRAY, ARRAY(_handler, _array), .shift = 52, .bits = 12 },	\
	{ "folio.index", IN_ARRAY, ARRAY(_handler, _array), .offset = 8 },		\
	{ "chunk.next", IN_CHUNK, ARRAY(_handler, _array) },				\
	{ "chunk.page", IN_CHUNK_PAGE, ARRAY(_handler, _array) }

static const struct field fields[] = {
	{ "luo.compatible", IN_LUO, STRING(format_luo, compatible) },
	{ "luo.liveupdate_num", IN_LUO, MEMBER(format_luo, liveupdate_num) },
	{ "luo.sessions_pa", IN_LUO, MEMBER(format_luo, sessions) },
	{ "luo.flbs_pa", IN_LUO, MEMBER(format_luo, flbs) },
	{ "sessions.next", IN_SESSIONS_BLOCK, MEMBER(format_block, next) },
	{ "sessions.count", IN_SESSIONS_BLOCK, MEMBER(format_block, count) },
	{ "session.name", IN_SESSION, STRING(format_session, name) },
	{ "session.files", IN_SESSION, MEMBER(format_session, files) },
	{ "session.count", IN_SESSION, MEMBER(format_session, count) },
	{ "files.next", IN_FILES_BLOCK, MEMBER(format_block, next) },
	{ "files.count", IN_FILES_BLOCK, MEMBER(format_block, count) },
	{ "file.compatible", IN_FILE, STRING(format_file, compatible) },
	{ "file.data", IN_FILE, MEMBER(format_file, data) },
	{ "file.token", IN_FILE, MEMBER(format_file, token) },
	STATE("vm.type", VM, 0, 8),
	STATE("gmem.size", GMEM, 0, 8),
	STATE("gmem.flags", GMEM, 8, 8),
	STATE("gmem.nr_folios", GMEM, 16, 8),
	STATE("gmem.vm_token", GMEM, 24, 8),
	FOLIOS(GMEM, "gmem", 32),
	STATE("memfd.pos", MEMFD, 0, 8),
	STATE("memfd.size", MEMFD, 8, 8),
	STATE("memfd.seals", MEMFD, 16, 4),
	STATE("memfd.flags", MEMFD, 20, 4),
	STATE("memfd.nr_folios", MEMFD, 24, 8),
	FOLIOS(MEMFD, "memfd", 32),
	{ "flbs.pgcnt", IN_FLBS, MEMBER(format_flbs, pgcnt) },
	{ "flbs.count", IN_FLBS, MEMBER(format_flbs, count) },
	{ "flb.name", IN_FLB, STRING(format_flb, name) },
	{ "flb.data", IN_FLB, MEMBER(format_flb, data) },
	{ "flb.count", IN_FLB, MEMBER(format_flb, count) },
	{ "metadata.version", IN_METADATA, MEMBER(format_metadata, version) },
	{ "metadata.previous_release", IN_METADATA, STRING(format_metadata, previous_release) },
	{ "metadata.kexec_count", IN_METADATA, MEMBER(format_metadata, kexec_count) },
	{ "map.node", IN_MAP, .bytes = 8 },
	{ "fdt.magic", IN_FDT_HEADER, MEMBER(fdt_header, magic) },
	{ "fdt.totalsize", IN_FDT_HEADER, MEMBER(fdt_header, totalsize) },
	{ "fdt.off_dt_struct", IN_FDT_HEADER, MEMBER(fdt_header, off_dt_struct) },
	{ "fdt.size_dt_struct", IN_FDT_HEADER, MEMBER(fdt_header, size_dt_struct) },
	{ "fdt.compatible", IN_FDT_ROOT, .bytes = 7, .text = 7, .property = "compatible" },
	{ "fdt.map", IN_FDT_ROOT, .bytes = 8, .property = FORMAT_MAP_PROPERTY },
	{ "subtree.data", IN_FDT_NODE, .bytes = 8, .property = FORMAT_DATA_PROPERTY },
	{ "subtree.size", IN_FDT_NODE, .bytes = 8, .property = FORMAT_SIZE_PROPERTY },
	{ "fdt.drop", IN_FDT_DROP, .text = 1 },
};

static const struct field *find_field(const char *name, const char *compatible)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(fields); i++) {
		const struct field *field = &fields[i];

		if (!strcmp(field->name, name) &&
		    (!field->compatible || !compatible || !strcmp(field->compatible, compatible)))
			return field;
	}
	return NULL;
}

bool tamper_field_known(const char *field)
{
	return find_field(field, NULL);
}

const char *tamper_field_at(unsigned int i)
{
	return i < G_N_ELEMENTS(fields) ? fields[i].name : NULL;
}

char *tamper_fields(void)
{
	GString *names = g_string_new(NULL);

	for (unsigned int i = 0; i < G_N_ELEMENTS(fields); i++)
		if (find_field(fields[i].name, NULL) == &fields[i])
			g_string_append_printf(names, "%s%s", i ? " " : "", fields[i].name);
	return g_string_free(names, FALSE);
}

static bool is_of(const struct field *field, enum scope scope, const char *compatible)
{
	return field->scope == scope && !strcmp(field->compatible, compatible);
}

bool tamper_state(const char *compatible, struct tamper_state *state)
{
	bool known = false;

	*state = (struct tamper_state){ 0 };
	for (unsigned int i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (is_of(&fields[i], IN_ARRAY, compatible))
			state->array = fields[i].array;
		if (!is_of(&fields[i], IN_STATE, compatible))
			continue;
		known = true;
		if (g_str_has_suffix(fields[i].name, ".nr_folios"))
			state->nr_folios = fields[i].offset;
	}
	return known;
}

const char *tamper_state_field(const char *compatible, const char *at, unsigned int i,
			       uint64_t *value)
{
	for (unsigned int f = 0; f < G_N_ELEMENTS(fields); f++) {
		if (!is_of(&fields[f], IN_STATE, compatible) || i--)
			continue;
		*value = 0;
		memcpy(value, at + fields[f].offset, fields[f].bytes);
		return fields[f].name;
	}
	return NULL;
}

static bool needs_token(enum scope scope)
{
	return scope >= IN_FILE && scope <= IN_CHUNK_PAGE;
}

static bool needs_session(enum scope scope)
{
	return needs_token(scope) || scope == IN_SESSION || scope == IN_FILES_BLOCK;
}

static bool is_link(const struct field *field)
{
	return field->scope == IN_CHUNK ||
	       ((field->scope == IN_SESSIONS_BLOCK || field->scope == IN_FILES_BLOCK) &&
		!field->offset);
}

char *tamper_problem(const struct tamper *tamper)
{
	const struct field *field = find_field(tamper->field, NULL);

	if (needs_session(field->scope) && !tamper->name)
		return g_strdup_printf("'%s' needs the name of a session", field->name);
	if (field->scope == IN_FDT_NODE && !tamper->name)
		return g_strdup_printf("'%s' needs the name of a node", field->name);
	if (needs_token(field->scope) && !tamper->has_token)
		return g_strdup_printf("'%s' needs token=", field->name);
	if (field->scope == IN_FDT_DROP && !tamper->text)
		return g_strdup("'fdt.drop' takes \"PROPERTY\", \"NODE/PROPERTY\" or \"NODE/\"");
	if (tamper->text && is_link(field) && strcmp(tamper->text, "first"))
		return g_strdup_printf("'%s' takes a number or \"first\"", field->name);
	if (tamper->text && !field->text && !is_link(field))
		return g_strdup_printf("'%s' takes a number, not a string", field->name);
	if (tamper->text && field->text > 1 && tamper->len > field->text)
		return g_strdup_printf("'%s' has room for %u bytes", field->name, field->text);
	return NULL;
}

/* The places. */

/** struct place - a field in memory; @first is the start of the chain it belongs to. */
struct place {
	const struct field *field;
	char *at;
	uint64_t first;
};

static void block_place(struct machine *machine, struct place *place, uint64_t first, uint64_t n)
{
	uint64_t phys;

	place->first = first;
	place->at = (char *)format_block(machine, first, n, &phys);
}

static void state_place(struct machine *machine, struct place *place,
			const struct format_file *file, const struct tamper *tamper)
{
	g_autofree char *compatible = g_strndup(file->compatible, sizeof(file->compatible));
	const struct format_vmalloc *area;
	uint64_t entry = tamper->entry;
	uint64_t phys;
	char *state = format_at(machine, file->data, HOST_PAGE_SIZE);

	place->field = find_field(tamper->field, compatible);
	if (!place->field || !state)
		return;
	area = (const struct format_vmalloc *)(state + place->field->array);
	place->first = area->first;
	switch (place->field->scope) {
	case IN_ARRAY:
		place->at = format_in_vmalloc(machine, area, entry * place->field->stride);
		break;
	case IN_CHUNK:
		place->at = (char *)format_chunk(machine, area, entry, &phys);
		break;
	case IN_CHUNK_PAGE:
		place->at = (char *)format_chunk(machine, area, entry / FORMAT_CHUNK_PAGES, &phys);
		if (place->at)
			place->at += (1 + entry % FORMAT_CHUNK_PAGES) * sizeof(uint64_t);
		break;
	default:
		place->at = state;
	}
}

static void session_place(struct machine *machine, struct place *place,
			  const struct tamper *tamper)
{
	struct format_session *session = format_session(machine, tamper->name);
	struct format_file *file;

	if (!session)
		return;
	if (place->field->scope == IN_SESSION) {
		place->at = (char *)session;
		return;
	}
	if (place->field->scope == IN_FILES_BLOCK) {
		block_place(machine, place, session->files, tamper->entry);
		return;
	}
	file = format_file(machine, session, tamper->token);
	if (file && place->field->scope == IN_FILE)
		place->at = (char *)file;
	else if (file)
		state_place(machine, place, file, tamper);
}

static void flb_place(struct machine *machine, struct place *place, const struct format_luo *luo,
		      uint64_t n)
{
	struct format_flbs *flbs = format_at(machine, luo->flbs, HOST_PAGE_SIZE);
	uint64_t fit = (HOST_PAGE_SIZE - sizeof(*flbs)) / sizeof(struct format_flb);

	if (flbs && place->field->scope == IN_FLBS)
		place->at = (char *)flbs;
	else if (flbs && n < fit)
		place->at = (char *)(flbs + 1) + n * sizeof(struct format_flb);
}

static void luo_place(struct machine *machine, struct place *place, const struct tamper *tamper)
{
	struct format_luo *luo = format_luo(machine, NULL);

	if (!luo)
		return;
	if (place->field->scope == IN_LUO)
		place->at = (char *)luo;
	else if (place->field->scope == IN_SESSIONS_BLOCK)
		block_place(machine, place, luo->sessions, tamper->entry);
	else if (place->field->scope == IN_FLBS || place->field->scope == IN_FLB)
		flb_place(machine, place, luo, tamper->entry);
	else
		session_place(machine, place, tamper);
}

static void fdt_place(struct machine *machine, struct place *place, const struct tamper *tamper)
{
	void *fdt = format_fdt(machine);
	int node = 0, len;

	if (!fdt)
		return;
	if (place->field->scope == IN_FDT_HEADER || place->field->scope == IN_FDT_DROP) {
		place->at = fdt;
		return;
	}
	if (place->field->scope == IN_FDT_NODE)
		node = fdt_subnode_offset(fdt, 0, tamper->name);
	if (node >= 0)
		place->at = fdt_getprop_w(fdt, node, place->field->property, &len);
	if (place->at && (unsigned int)len < place->field->bytes)
		place->at = NULL;
}

static void find_place(struct machine *machine, struct place *place, const struct tamper *tamper)
{
	switch (place->field->scope) {
	case IN_METADATA:
		place->at = (char *)format_metadata(machine, NULL);
		break;
	case IN_MAP:
		place->at = format_at(machine, format_map(machine), HOST_PAGE_SIZE);
		if (place->at && tamper->entry < HOST_PAGE_SIZE / sizeof(uint64_t))
			place->at += tamper->entry * sizeof(uint64_t);
		else
			place->at = NULL;
		break;
	case IN_FDT_HEADER:
	case IN_FDT_ROOT:
	case IN_FDT_NODE:
	case IN_FDT_DROP:
		fdt_place(machine, place, tamper);
		break;
	default:
		luo_place(machine, place, tamper);
	}
}

/* The changes. */

static void set_number(const struct place *place, uint64_t value)
{
	const struct field *field = place->field;
	unsigned int bits = field->bits ? field->bits : 64;
	uint64_t mask = bits == 64 ? ~0UL : ((1UL << bits) - 1) << field->shift;
	uint64_t word = 0;
	char *at = place->at + field->offset;

	if (field->scope == IN_FDT_HEADER)
		value = GUINT32_TO_BE((uint32_t)value);
	memcpy(&word, at, field->bytes);
	word = (word & ~mask) | ((value << field->shift) & mask);
	memcpy(at, &word, field->bytes);
}

/* The rest of the field becomes zero, but a text that fills it is not terminated. */
static void set_text(const struct place *place, const struct tamper *tamper)
{
	char *at = place->at + place->field->offset;

	memset(at, 0, place->field->text);
	memcpy(at, tamper->text, MIN(tamper->len, place->field->text));
}

/* "NODE/PROPERTY", "NODE/", or a property of the root. */
static bool drop(void *fdt, const char *path)
{
	const char *slash = strchr(path, '/');
	int node = slash ? fdt_subnode_offset_namelen(fdt, 0, path, (int)(slash - path)) : 0;

	if (node < 0)
		return false;
	if (slash && !slash[1])
		return !fdt_del_node(fdt, node);
	return !fdt_delprop(fdt, node, slash ? slash + 1 : path);
}

static bool change(const struct place *place, const struct tamper *tamper)
{
	if (place->field->scope == IN_FDT_DROP)
		return drop(place->at, tamper->text);
	if (!tamper->text)
		set_number(place, tamper->value);
	else if (is_link(place->field))
		set_number(place, place->first);
	else
		set_text(place, tamper);
	return true;
}

static void set_missing(const struct tamper *tamper, GError **error)
{
	GString *what = g_string_new("nothing was handed over that has the field ");

	g_string_append(what, tamper->field);
	if (!strcmp(tamper->field, "fdt.drop"))
		g_string_append_printf(what, " \"%s\"", tamper->text);
	if (tamper->has_token)
		g_string_append_printf(what, " for token %" G_GUINT64_FORMAT, tamper->token);
	if (tamper->name)
		g_string_append_printf(what, " in \"%s\"", tamper->name);
	g_string_append_printf(what, ", entry %" G_GUINT64_FORMAT, tamper->entry);
	g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, what->str);
	g_string_free(what, TRUE);
}

void tamper_handover_changed(struct machine *machine)
{
	handover_read(&machine->handover, &machine->mem);
}

bool tamper_apply(struct machine *machine, const struct tamper *tamper, GError **error)
{
	struct place place = { .field = find_field(tamper->field, NULL) };

	if (place.field)
		find_place(machine, &place, tamper);
	if (!place.at || !change(&place, tamper)) {
		set_missing(tamper, error);
		return false;
	}
	/* An address may lead anywhere, into the map of preserved memory too. */
	tamper_handover_changed(machine);
	return true;
}
