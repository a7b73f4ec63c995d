// SPDX-License-Identifier: GPL-2.0
/*
 * How an input changes a handover.
 *
 * An input is a list of changes. The first byte of each says what is changed, some more
 * say where, and a value follows. Fields are found by their names, as scenarios find
 * them: so a mutation of the input moves from field to field, and the addresses that
 * lead there stay right unless they are what is changed. Values are told in ways that
 * matter to kernels: small numbers up and down, addresses of pages that were preserved.
 */

#include <string.h>

#include <model/execution.h>
#include <model/formats.h>
#include <model/tamper.h>

#include "experiment.h"

/* So that one input can't take for ever. */
#define CHANGES_MAX	8

struct input {
	const uint8_t *at;
	size_t left;
};

static uint64_t take(struct input *in, unsigned int bytes)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bytes && in->left; i++, in->left--)
		value |= (uint64_t)*in->at++ << (8 * i);
	return value;
}

static uint64_t page_of(const struct machine *machine, uint64_t n)
{
	const GArray *keys = machine->handover.keys;

	if (!keys->len)
		return 0;
	return g_array_index(keys, struct handover_key, n % keys->len).pfn << HOST_PAGE_SHIFT;
}

static uint64_t node_of(const struct machine *machine, uint64_t n)
{
	const GArray *nodes = machine->handover.nodes;

	return nodes->len ? g_array_index(nodes, uint64_t, n % nodes->len) << HOST_PAGE_SHIFT : 0;
}

static uint64_t take_value(const struct machine *machine, struct input *in)
{
	switch (take(in, 1) % 9) {
	case 0:
		return take(in, 8);
	case 1:
		return take(in, 1);
	case 2:
		return -take(in, 1);
	case 3:
		return page_of(machine, take(in, 1));
	case 4:
		return page_of(machine, take(in, 1)) + take(in, 2);
	case 5:
		return page_of(machine, take(in, 1)) >> HOST_PAGE_SHIFT;
	case 6:
		return machine->mem.size - take(in, 2);
	case 7:
		return node_of(machine, take(in, 1));
	default:
		return 1ull << take(in, 1) % 64;
	}
}

static const char *take_name(struct input *in)
{
	static const char *const names[] = {
		"a", "b", "c", FORMAT_LUO_NODE, FORMAT_METADATA_NODE
	};

	return names[take(in, 1) % G_N_ELEMENTS(names)];
}

static const char *take_text(struct input *in)
{
	static const char *const texts[] = {
		"first", "LUO/", "LUO/" FORMAT_DATA_PROPERTY, "LUO/" FORMAT_SIZE_PROPERTY,
		FORMAT_METADATA_NODE "/", FORMAT_MAP_PROPERTY, "compatible", "a", "b", "",
		"luo-v4", "kho-v3", "kvm_vm_luo_v1", "guest_memfd_luo_v1", "memfd-v2",
	};

	return texts[take(in, 1) % G_N_ELEMENTS(texts)];
}

static void change_field(struct machine *machine, struct input *in, bool text)
{
	struct tamper tamper = { .has_token = true };
	unsigned int fields = 0;
	g_autofree char *problem = NULL;

	while (tamper_field_at(fields))
		fields++;
	tamper.field = tamper_field_at(take(in, 1) % fields);
	tamper.name = take_name(in);
	tamper.token = take(in, 1) % 4;
	tamper.entry = take(in, 1);
	if (text) {
		tamper.text = take_text(in);
		tamper.len = strlen(tamper.text);
	} else {
		tamper.value = take_value(machine, in);
	}
	problem = tamper_problem(&tamper);
	if (!problem)
		tamper_apply(machine, &tamper, NULL);
}

/* Pages that were preserved, of the map itself, or with the scratch areas in it. */
static char *take_page(struct machine *machine, struct input *in, unsigned int which)
{
	uint64_t n = take(in, 1);
	uint64_t phys = which == 0 ? page_of(machine, n) : which == 1 ? node_of(machine, n) :
			machine->handover.fdt;

	return format_at(machine, phys, HOST_PAGE_SIZE);
}

static void change_page(struct machine *machine, struct input *in, unsigned int which)
{
	char *page = take_page(machine, in, which);
	unsigned int offset = take(in, 2) % (HOST_PAGE_SIZE - sizeof(uint64_t) + 1);
	uint8_t how = take(in, 1);
	unsigned int width = 1u << how % 4;
	uint64_t value = take_value(machine, in);
	uint64_t old = 0;

	if (!page)
		return;
	memcpy(&old, page + offset, width);
	value = how & 0x40 ? old + value : how & 0x80 ? old ^ value : value;
	memcpy(page + offset, &value, width);
	tamper_handover_changed(machine);
}

void mutate(struct machine *machine, const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	for (unsigned int i = 0; i < CHANGES_MAX && in.left; i++) {
		unsigned int kind = take(&in, 1) % 8;

		if (kind < 4)
			change_field(machine, &in, false);
		else if (kind == 4)
			change_field(machine, &in, true);
		else
			change_page(machine, &in, kind - 5);
	}
}
