/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_SNAPSHOT_H
#define _MODEL_SNAPSHOT_H

/**
 * DOC: A snapshot of the memory of a machine
 *
 * That is physical memory, the statics of the kernel that runs, the memory of its programs, and the
 * stacks of fibers. What else there is of a machine the journal puts back.
 *
 * To take a snapshot costs next to nothing: all is made read-only, and a page is copied when
 * it is written to for the first time. Such a page is not made read-only again: runs that
 * begin at the same snapshot write to the same pages. So to go back is to copy those few
 * pages. It takes more once a kernel has been left for the next: that touches all pages.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "digest.h"

struct fiber;
struct machine;
struct snapshot;

/** snapshot_possible() - not where a tool keeps records of memory that would not go back. */
bool snapshot_possible(void);

/**
 * snapshot_take() - there can be one in each thread of the host.
 * @runner: a fiber that is not the machine's own; it has to go back as well
 *
 * No fiber may be running. The caller's journal must be in use.
 */
struct snapshot *snapshot_take(struct machine *machine, struct fiber *runner);

/**
 * snapshot_restore() - memory, stacks, mappings and kernels are as they were; the journal goes
 * back to @mark, which was made when the snapshot was taken.
 */
void snapshot_restore(struct snapshot *snapshot, size_t mark);

/** snapshot_free() - forget it: all stays as it is. NULL is ignored. */
void snapshot_free(struct snapshot *snapshot);

/**
 * snapshot_digest() - puts in what is different in memory now; where programs keep theirs, too.
 * Stacks are left out. @kept: bitmap by pfn: only those pages of physical memory, and nothing
 * else; NULL for all. Return: false if another kernel has begun since: it can't be told then.
 */
bool snapshot_digest(const struct snapshot *snapshot, const unsigned long *kept,
		     struct digest *digest);

/**
 * snapshot_plain() - whether it is still the same kernel, whose memory has not been opened. Then
 * stacks, and nothing else, can be kept and put back as follows.
 */
bool snapshot_plain(const struct snapshot *snapshot);
/** snapshot_keep_stacks() - append what they are now. */
void snapshot_keep_stacks(const struct snapshot *snapshot, GByteArray *to);
/** snapshot_put_back_stacks() - make them what was appended at @from. */
void snapshot_put_back_stacks(const struct snapshot *snapshot, const GByteArray *kept,
			      size_t from);

/** snapshot_bytes() - copied by each snapshot_restore() unless a kernel was left. */
size_t snapshot_bytes(const struct snapshot *snapshot);

/* For those who own the memory. Without a snapshot these do nothing. */

/**
 * snapshot_fault() - what was written to at @address was read-only. For a signal handler.
 * Return: whether it was because of a snapshot. It no longer is.
 */
bool snapshot_fault(const void *address);

/** snapshot_touch() - @len bytes at @at will change in a way that causes no fault. */
void snapshot_touch(const void *at, size_t len);

/**
 * snapshot_open() - all of what @at lies in will change, or its mapping will: it is made
 * writable, until it is restored.
 */
void snapshot_open(const void *at);

#endif /* _MODEL_SNAPSHOT_H */
