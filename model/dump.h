/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_DUMP_H
#define _MODEL_DUMP_H

/**
 * DOC: A handover in words
 *
 * What one kernel hands over to the next, decoded, and each range of preserved memory
 * with what it is and who preserved it. docs/handover.md explains how to read it. As
 * everything that reads a handover, this takes no address and no count for granted.
 */

#include <glib.h>
#include <stdint.h>

struct machine;

/** DUMP_TITLE - how the text begins. */
#define DUMP_TITLE "luosim handover "

/** dump_text() - the handover of a machine between MACHINE_KEXEC and machine_boot(). */
GString *dump_text(struct machine *machine);

/** dump_fdt() - its device tree as it was handed over; NULL if there is none. */
GBytes *dump_fdt(const struct machine *machine);

/* dump_pages.c */

/**
 * struct dump_note - what is known about a page.
 * @owner: "luo", "kho", or the session, token and handler
 * @what:  what lies there
 * @index: if @numbered, the number that goes with @what, one more in the next page
 */
struct dump_note {
	char *owner;
	char *what;
	uint64_t index;
	gboolean numbered;
};

/** dump_notes() - page frame number to &struct dump_note, for all that can be decoded. */
GHashTable *dump_notes(struct machine *machine);

/** dump_fields() - the fields of a file's state, "name value" a line, behind @indent. */
void dump_fields(struct machine *machine, GString *out, const char *indent,
		 const char *compatible, uint64_t data);

#endif /* _MODEL_DUMP_H */
