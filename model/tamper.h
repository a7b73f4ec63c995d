/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_TAMPER_H
#define _MODEL_TAMPER_H

/**
 * DOC: Tampering with a handover
 *
 * What a kernel hands over is input to the next kernel, which may be of another
 * version or be lied to. A scenario can change single fields between the two.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct machine;

/**
 * struct tamper - a change of one field.
 * @session: name of the session
 * @token:   the file in it
 * @field:   name of the field, see tamper_field_known()
 * @entry:   which element, for a field of an array
 * @value:   what it is set to
 */
struct tamper {
	const char *session;
	uint64_t token;
	const char *field;
	uint64_t entry;
	uint64_t value;
};

/** tamper_field_known() - whether any handler's structure has a field of that name. */
bool tamper_field_known(const char *field);

/** tamper_fields() - all names, separated by blanks, for messages. */
char *tamper_fields(void);

/**
 * tamper_apply() - change the handover of a machine between MACHINE_KEXEC and
 * machine_boot().
 * @error: set if no such file was handed over, or it has no such field or entry
 */
bool tamper_apply(struct machine *machine, const struct tamper *tamper, GError **error);

#endif /* _MODEL_TAMPER_H */
