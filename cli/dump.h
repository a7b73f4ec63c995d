/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_DUMP_H
#define _CLI_DUMP_H

/** DOC: --dump-handover DIR: each handover of a run as kexec-N.dtb and kexec-N.txt. */

#include <glib.h>
#include <stdbool.h>

struct machine;

/**
 * dump_directory() - make sure that dumps can be written into @dir.
 * @error: it is not a directory, holds something that luosim did not write, or can't be
 *         made; nothing was changed then
 *
 * Dumps of an earlier run are removed.
 */
bool dump_directory(const char *dir, GError **error);

/** dump_write() - the handover of @machine, number @n from 1. */
bool dump_write(const char *dir, unsigned int n, struct machine *machine, GError **error);

#endif /* _CLI_DUMP_H */
