/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_TAMPER_H
#define _MODEL_TAMPER_H

/**
 * DOC: Tampering with a handover
 *
 * What a kernel hands over is input to the next kernel, which may be of another
 * version or be lied to. A scenario can change single fields between the two. Fields
 * have names, by the structure that they are in; docs/handover.md lists them.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;

/**
 * struct tamper - a change of one field.
 * @name:      of the session, or of the node of the device tree, where a field needs it;
 *             else NULL
 * @has_token: @token was given
 * @token:     the file in the session
 * @field:     name of the field, see tamper_field_known()
 * @entry:     which element or block, for a field of which there are several
 * @value:     what it is set to
 * @text:      what it is set to, instead of @value; or NULL. For an address, "first"
 *             stands for that of the first block or chunk of its chain
 * @len:       bytes of @text
 */
struct tamper {
	const char *name;
	bool has_token;
	uint64_t token;
	const char *field;
	uint64_t entry;
	uint64_t value;
	const char *text;
	size_t len;
};

/** tamper_field_known() - whether any structure has a field of that name. */
bool tamper_field_known(const char *field);

/** tamper_field_at() - the name of field number @i, NULL past the end. */
const char *tamper_field_at(unsigned int i);

/** tamper_fields() - all names, separated by blanks, for messages. */
char *tamper_fields(void);

/** tamper_problem() - what the field needs and @tamper lacks, or NULL; g_free() it. */
char *tamper_problem(const struct tamper *tamper);

/**
 * struct tamper_state - where to look in what a handler wrote.
 * @array:     offset of the struct kho_vmalloc of its array of folios, or 0
 * @nr_folios: offset of their number
 */
struct tamper_state {
	unsigned int array;
	unsigned int nr_folios;
};

/** tamper_state() - false for a handler whose format isn't known. */
bool tamper_state(const char *compatible, struct tamper_state *state);

/** tamper_state_field() - name and value of field @i of the state @at; NULL past the end. */
const char *tamper_state_field(const char *compatible, const char *at, unsigned int i,
			       uint64_t *value);

/**
 * tamper_apply() - change the handover of a machine between MACHINE_KEXEC and
 * machine_boot().
 * @error: set if nothing was handed over that has this field or entry
 *
 * A change can change what is preserved: what is not, as the next kernel reads it, is
 * destroyed.
 */
bool tamper_apply(struct machine *machine, const struct tamper *tamper, GError **error);

/**
 * tamper_handover_changed() - read the handover again.
 *
 * For whoever changes handover memory without tamper_apply().
 */
void tamper_handover_changed(struct machine *machine);

#endif /* _MODEL_TAMPER_H */
