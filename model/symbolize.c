// SPDX-License-Identifier: GPL-2.0
/*
 * Source lines out of an image's DWARF, names out of its symbol table, by libdw.
 */

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>

#include "image.h"
#include "symbolize.h"

struct symbols {
	GBytes *bytes;
	GHashTable *lines;
	Elf *elf;
	Dwarf *dwarf;
	bool opened;
};

struct symbols *symbols_new(GBytes *bytes)
{
	struct symbols *symbols = g_new0(struct symbols, 1);

	symbols->bytes = g_bytes_ref(bytes);
	symbols->lines = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	return symbols;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	if (symbols->dwarf)
		dwarf_end(symbols->dwarf);
	if (symbols->elf)
		elf_end(symbols->elf);
	g_hash_table_unref(symbols->lines);
	g_bytes_unref(symbols->bytes);
	g_free(symbols);
}

static void symbols_open(struct symbols *symbols)
{
	gsize len;
	const char *data = g_bytes_get_data(symbols->bytes, &len);

	if (symbols->opened)
		return;
	symbols->opened = true;
	elf_version(EV_CURRENT);
	symbols->elf = elf_memory((char *)data, len);
	if (symbols->elf)
		symbols->dwarf = dwarf_begin_elf(symbols->elf, DWARF_C_READ, NULL);
}

/* Paths in the debug information are relative to the source directory (see CMake). */
static const char *source_name(const char *name)
{
	while (g_str_has_prefix(name, "./"))
		name += 2;
	return name;
}

static void add_line(GString *text, const char *file, int line, const char *function)
{
	if (text->len)
		g_string_append_c(text, '\n');
	g_string_append_printf(text, "%s:%d in %s()", source_name(file), line, function);
}

static bool is_function(Dwarf_Die *die)
{
	return dwarf_tag(die) == DW_TAG_subprogram ||
	       dwarf_tag(die) == DW_TAG_inlined_subroutine;
}

/* Where an inlined function was called: what the line table says of its caller. */
static void call_site(Dwarf_Die *unit, Dwarf_Die *inlined, const char **file, int *line)
{
	Dwarf_Attribute attribute;
	Dwarf_Files *files;
	Dwarf_Word number;
	size_t count;
	const char *name;

	if (!dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &number))
		*line = number;
	if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &number) ||
	    dwarf_getsrcfiles(unit, &files, &count))
		return;
	name = dwarf_filesrc(files, number, NULL, NULL);
	if (name)
		*file = name;
}

static void add_scopes(GString *text, Dwarf_Die *unit, Dwarf_Die *scopes, int count,
		       const char *file, int line)
{
	for (int i = 0; i < count; i++) {
		const char *name = dwarf_diename(&scopes[i]);

		if (!is_function(&scopes[i]))
			continue;
		add_line(text, file, line, name ? name : "?");
		if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram)
			break;
		call_site(unit, &scopes[i], &file, &line);
	}
}

/*
 * The scopes by address lead from an inlined function to where it was defined; those
 * by entry lead on to the function that it was inlined into.
 */
static void describe(GString *text, Dwarf_Die *unit, Dwarf_Addr pc, const char *file, int line)
{
	Dwarf_Die *innermost = NULL, *scopes = NULL;
	int count;

	if (dwarf_getscopes(unit, pc, &innermost) > 0) {
		count = dwarf_getscopes_die(&innermost[0], &scopes);
		add_scopes(text, unit, scopes, count, file, line);
	}
	free(innermost);
	free(scopes);
}

static char *find_lines(struct symbols *symbols, uint32_t offset)
{
	GString *text = g_string_new(NULL);
	Dwarf_Die unit;
	Dwarf_Line *line;
	int number = 0;

	if (symbols->dwarf && dwarf_addrdie(symbols->dwarf, offset, &unit)) {
		line = dwarf_getsrc_die(&unit, offset);
		if (line && !dwarf_lineno(line, &number))
			describe(text, &unit, offset, dwarf_linesrc(line, NULL, NULL), number);
	}
	if (!text->len) {
		const char *name = symbols_name(symbols, offset);

		if (name)
			g_string_append_printf(text, "%s()", name);
		else
			g_string_append_c(text, '?');
	}
	return g_string_free(text, FALSE);
}

const char *symbols_lines(struct symbols *symbols, uint32_t offset)
{
	char *text = g_hash_table_lookup(symbols->lines, GUINT_TO_POINTER(offset));

	if (!text) {
		symbols_open(symbols);
		text = find_lines(symbols, offset);
		g_hash_table_insert(symbols->lines, GUINT_TO_POINTER(offset), text);
	}
	return text;
}

static const char *find_name(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, uint64_t offset)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Sym symbol;

	for (size_t i = 0; data && i < header->sh_size / header->sh_entsize; i++) {
		if (!gelf_getsym(data, i, &symbol) || !symbol.st_size ||
		    symbol.st_shndx == SHN_UNDEF)
			continue;
		if (offset - symbol.st_value < symbol.st_size)
			return elf_strptr(elf, header->sh_link, symbol.st_name);
	}
	return NULL;
}

const char *symbols_name(struct symbols *symbols, uint64_t offset)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	const char *name;

	symbols_open(symbols);
	while (symbols->elf && (section = elf_nextscn(symbols->elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		name = find_name(symbols->elf, section, &header, offset);
		if (name)
			return name;
	}
	return NULL;
}

static void append_lines(GString *text, const char *lines)
{
	if (text->len)
		g_string_append_c(text, '\n');
	g_string_append(text, lines);
}

char *call_path_text(const struct call_path *path)
{
	GString *text;

	if (!path->image || !path->nr)
		return NULL;
	text = g_string_new(NULL);
	for (unsigned int i = 0; i < path->nr; i++)
		append_lines(text, symbols_lines(path->image->symbols, path->offset[i]));
	return g_string_free(text, FALSE);
}

char *call_path_text_from(const struct call_path *path, const char *file, int line)
{
	g_autofree char *start = g_strdup_printf("%s:%d", source_name(file), line);
	g_autofree char *prefix = g_strconcat(start, " in ", NULL);
	g_autofree char *all = call_path_text(path);
	const char *found = all ? strstr(all, prefix) : NULL;

	if (found && (found == all || found[-1] == '\n'))
		return g_strdup(found);
	return all ? g_strdup_printf("%s\n%s", start, all) : g_steal_pointer(&start);
}
