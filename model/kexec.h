/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_KEXEC_H
#define _MODEL_KEXEC_H

/**
 * DOC: The handover
 *
 * What the old kernel leaves to the next is read as a next kernel would read it: the
 * flattened device tree that it handed over, and the tree of preserved memory that
 * this points to (Linux 7.3, include/linux/kho/abi/kexec_handover.h). Whatever is not
 * found that way is destroyed.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct physmem;

/** struct handover_key - a preservation: 2^@order pages from @pfn. */
struct handover_key {
	uint64_t pfn;
	unsigned int order;
};

/**
 * struct handover - what the old kernel handed over.
 * @fdt, @fdt_len:         the device tree, as given to host_ops.kexec
 * @scratch, @scratch_len: the array of scratch areas
 * @keys:  struct handover_key of each preservation, in the order of the tree
 * @nodes: pfn of each page of the tree of preserved memory
 * @kept:  bitmap of the pages that survive: preserved, scratch, the tree
 * @flaw:  what makes the handover unreadable, or NULL
 */
struct handover {
	uint64_t fdt;
	uint64_t fdt_len;
	uint64_t scratch;
	uint64_t scratch_len;
	GArray *keys;
	GArray *nodes;
	unsigned long *kept;
	const char *flaw;
};

void handover_init(struct handover *handover, const struct physmem *mem);
void handover_destroy(struct handover *handover);

/** handover_clear() - nothing is handed over: a cold boot. */
void handover_clear(struct handover *handover);

/** handover_read() - find all that @handover->fdt and ->scratch lead to. */
void handover_read(struct handover *handover, const struct physmem *mem);

#endif /* _MODEL_KEXEC_H */
