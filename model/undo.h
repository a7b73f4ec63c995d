/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_UNDO_H
#define _MODEL_UNDO_H

/**
 * DOC: Undoing what a kernel did to memory
 *
 * An image with &host_image.stores notes what it overwrites in physical memory, wherever it is
 * mapped, in its statics and in the memory of programs; not on stacks. What the host writes there
 * it has to note itself.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "digest.h"

struct host_undo;
struct machine;
struct undo;

/** undo_new() - for one machine. */
struct undo *undo_new(struct machine *machine);
/** undo_free() - NULL is ignored. */
void undo_free(struct undo *undo);

/** undo_log() - where its kernels make their notes. */
struct host_undo *undo_log(struct undo *undo);

/**
 * undo_begin() - the kernel that runs notes from now on; what was noted before is forgotten.
 *
 * Return: false if it is an image that can't. Then nothing is noted.
 */
bool undo_begin(struct undo *undo);

/** undo_end() - no more, and what was noted is forgotten. */
void undo_end(struct undo *undo);

/** undo_active() - whether all is noted since undo_begin(): not once there is too much. */
bool undo_active(const struct undo *undo);

/** struct undo_mark - a moment: so many bytes of notes, and undo_digest() then. */
struct undo_mark {
	size_t notes;
	struct digest sum;
};

/** undo_mark() - the present, for undo_rewind(). */
struct undo_mark undo_mark(struct undo *undo);

/** undo_rewind() - memory is as it was at @mark. Later marks are void. */
void undo_rewind(struct undo *undo, struct undo_mark mark);

/** undo_note() - whole words that the kernel sees at @addr, @size bytes, are about to change. */
void undo_note(struct undo *undo, uint64_t addr, size_t size);

/** undo_digest() - of all that is other than it was at undo_begin(). */
struct digest undo_digest(struct undo *undo);

#endif /* _MODEL_UNDO_H */
