/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_LUO_ABI_H
#define _MODEL_LUO_ABI_H

/**
 * DOC: What LUO hands over, as the model reads it
 *
 * The formats of Linux 7.3, include/linux/kho/abi/luo.h and block.h, written down a
 * second time on purpose: a kernel that changes its own does not change these.
 */

#include <stddef.h>
#include <stdint.h>

struct machine;

struct block_header {
	uint64_t next;
	uint64_t count;
} __attribute__((packed));

struct luo_ser {
	char compatible[8];
	uint64_t liveupdate_num;
	uint64_t sessions;
	uint64_t flbs;
} __attribute__((packed));

struct session_ser {
	char name[64];
	uint64_t files;
	uint64_t count;
} __attribute__((packed));

struct file_ser {
	char compatible[48];
	uint64_t data;
	uint64_t token;
} __attribute__((packed));

/** luo_at() - @len bytes of the old kernel's memory; NULL for what doesn't lie there. */
void *luo_at(struct machine *machine, uint64_t phys, uint64_t len);

/** luo_find() - LUO's own record in the handover, or NULL. */
struct luo_ser *luo_find(struct machine *machine);

#endif /* _MODEL_LUO_ABI_H */
