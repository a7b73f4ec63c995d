/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_EXPERIMENT_H
#define _FUZZ_EXPERIMENT_H

/**
 * DOC: A handover that lies
 *
 * One kernel preserves VMs and their memory and jumps; then an input changes what it
 * handed over; the next kernel boots and programs do all they can with what they find;
 * it jumps as well, honestly, and the kernel after it must work as if nothing had been.
 *
 * The kernel that was lied to may refuse whatever it likes, with an error or with a
 * panic where Linux 7.3 panics. It must not crash, hang, warn or give out memory that
 * is not its own.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;
struct path;
struct verdict;

/** enum experiment_end - what a handover came to. */
enum experiment_end {
	EXPERIMENT_TAKEN_OVER,	/* the device could be opened */
	EXPERIMENT_REFUSED,	/* it could not */
	EXPERIMENT_PANIC,	/* the next kernel panicked while it booted */
	EXPERIMENT_FINDING	/* something happened that must not: see @finding */
};

/**
 * struct experiment - a machine, and what came of the last input.
 * @finding: what must not have happened; empty if nothing did
 * @refused: the device could not be opened
 * @retrieved: descriptors of the files that could be retrieved, up to @retrieved_nr
 * @luo:     the open device, or -1
 */
struct experiment {
	struct machine *machine;
	struct path *path;
	struct verdict *verdict;
	GString *finding;
	bool refused;
	int luo;
	int retrieved[16];
	unsigned int retrieved_nr;
};

/**
 * experiment_new() - on the kernel image at @image; NULL with @error set.
 * @console: called with each line of the kernels' logs, or NULL
 */
struct experiment *experiment_new(const char *image,
				  void (*console)(void *ctx, int level, const char *line),
				  GError **error);
void experiment_free(struct experiment *e);

/** experiment_run() - with the handover changed as the input says. */
enum experiment_end experiment_run(struct experiment *e, const uint8_t *data, size_t size);

/** experiment_found() - note that something happened that must not. */
void experiment_found(struct experiment *e, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* mutate.c */

/** mutate() - change what was handed over. Any input means something. */
void mutate(struct machine *machine, const uint8_t *data, size_t size);

/* programs.c: bodies of threads, with the experiment as argument */

/** program_prepare() - sessions with VMs and memory, all preserved. */
void program_prepare(void *experiment);
/** program_explore() - use all that was handed over. */
void program_explore(void *experiment);
/** program_preserve_again() - what was retrieved, and something new. */
void program_preserve_again(void *experiment);
/** program_reboot() - reboot(KEXEC); it gives up what it must. */
void program_reboot(void *experiment);
/** program_compare() - what was new must be there. */
void program_compare(void *experiment);

#endif /* _FUZZ_EXPERIMENT_H */
