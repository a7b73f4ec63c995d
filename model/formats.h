/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_FORMATS_H
#define _MODEL_FORMATS_H

/**
 * DOC: What is written where in a handover
 *
 * Layouts of Linux 7.3 (include/linux/kho/abi/) as the machine sees them from outside,
 * and ways to find one by another. Addresses and counts come from a kernel that may
 * have written anything: what does not lie in memory is not found, and a chain that goes
 * in circles is left at some time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <host/host.h>

struct machine;

#define FORMAT_LUO_NODE		"LUO"
#define FORMAT_METADATA_NODE	"kexec-metadata"
#define FORMAT_MAP_PROPERTY	"preserved-memory-map"
#define FORMAT_DATA_PROPERTY	"preserved-data"
#define FORMAT_SIZE_PROPERTY	"blob-size"

/** struct format_block - head of a block; entries follow it. */
struct format_block {
	uint64_t next;
	uint64_t count;
} __attribute__((packed));

struct format_luo {
	char compatible[8];
	uint64_t liveupdate_num;
	uint64_t sessions;
	uint64_t flbs;
} __attribute__((packed));

struct format_session {
	char name[64];
	uint64_t files;
	uint64_t count;
} __attribute__((packed));

struct format_file {
	char compatible[48];
	uint64_t data;
	uint64_t token;
} __attribute__((packed));

/** struct format_flbs - head of the page of global objects. */
struct format_flbs {
	uint64_t pgcnt;
	uint64_t count;
} __attribute__((packed));

struct format_flb {
	char name[48];
	uint64_t data;
	uint64_t count;
} __attribute__((packed));

struct format_metadata {
	uint32_t version;
	char previous_release[65];
	uint32_t kexec_count;
} __attribute__((packed));

/** struct format_vmalloc - an area: its pages are listed in a chain of chunks. */
struct format_vmalloc {
	uint64_t first;
	uint32_t total_pages;
	uint16_t flags;
	uint16_t order;
} __attribute__((packed));

/** FORMAT_CHUNK_PAGES - addresses in a chunk, after that of the next one. */
#define FORMAT_CHUNK_PAGES	(HOST_PAGE_SIZE / sizeof(uint64_t) - 1)

_Static_assert(sizeof(struct format_block) == 16, "layout of Linux 7.3");
_Static_assert(sizeof(struct format_luo) == 32, "layout of Linux 7.3");
_Static_assert(sizeof(struct format_session) == 80, "layout of Linux 7.3");
_Static_assert(sizeof(struct format_file) == 64, "layout of Linux 7.3");
_Static_assert(sizeof(struct format_flbs) == 16, "layout of Linux 7.3");
_Static_assert(sizeof(struct format_flb) == 64, "layout of Linux 7.3");
_Static_assert(sizeof(struct format_metadata) == 73, "layout of Linux 7.3");
_Static_assert(sizeof(struct format_vmalloc) == 16, "layout of Linux 7.3");

/** format_at() - @len bytes at @phys; NULL for what doesn't lie in memory. */
void *format_at(const struct machine *machine, uint64_t phys, uint64_t len);

/** format_fdt() - the tree that was handed over; NULL if it is not one. */
void *format_fdt(const struct machine *machine);

/** format_map() - address of the root of the map of preserved memory, or 0. */
uint64_t format_map(const struct machine *machine);

/** format_subtree() - address and size of the blob under @node; false without one. */
bool format_subtree(const struct machine *machine, const char *node, uint64_t *phys,
		    uint64_t *size);

/** format_luo() - LUO's record, or NULL. */
struct format_luo *format_luo(const struct machine *machine, uint64_t *phys);

/** format_metadata() - the record of the kexec, or NULL. */
struct format_metadata *format_metadata(const struct machine *machine, uint64_t *phys);

/** format_block() - the @n-th block of the chain that begins at @first, or NULL. */
struct format_block *format_block(const struct machine *machine, uint64_t first, uint64_t n,
				  uint64_t *phys);

/**
 * struct format_chain - going through the entries of a chain of blocks.
 * @block: address of the block that the last entry was in
 * @nr:    its number in the chain, from 0
 */
struct format_chain {
	const struct machine *machine;
	size_t size;
	uint64_t block;
	uint64_t nr;
	unsigned int entry;
	uint64_t seen;
	uint64_t steps;
	uint64_t power;
};

/** format_chain_init() - before the first entry of @size bytes of the chain at @first. */
void format_chain_init(struct format_chain *chain, const struct machine *machine,
		       uint64_t first, size_t size);

/** format_chain_next() - the next entry; NULL at the end, or where a chain goes in circles. */
void *format_chain_next(struct format_chain *chain);

/** format_session() - the session @name, or NULL. */
struct format_session *format_session(const struct machine *machine, const char *name);

/** format_file() - the file @token of @session, or NULL. */
struct format_file *format_file(const struct machine *machine,
				const struct format_session *session, uint64_t token);

/** format_chunk() - the @n-th chunk of an area, or NULL. */
uint64_t *format_chunk(const struct machine *machine, const struct format_vmalloc *area,
		       uint64_t n, uint64_t *phys);

/** format_in_vmalloc() - byte @offset of an area, or NULL. */
void *format_in_vmalloc(const struct machine *machine, const struct format_vmalloc *area,
			uint64_t offset);

#endif /* _MODEL_FORMATS_H */
