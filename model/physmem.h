/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_PHYSMEM_H
#define _MODEL_PHYSMEM_H

/**
 * DOC: Physical memory
 *
 * One memfd is the machine's memory. Two stretches of address space, the arenas, are
 * set aside for kernels to see it in; a kernel lives in one of them and the next
 * kernel in the other, so that an address of the old one leads nowhere. An arena is
 *
 *   | direct map | physical memory once more | room for host_ops.vmap |
 *                '------------- vmalloc range -----------------------'
 *
 * The direct map itself is moved from arena to arena (mremap() of a whole gigabyte
 * moves one page table entry, however many pages are in use).
 *
 * What lies in memory is known exactly: a page of the memfd exists once it has been
 * touched. Only such pages have to be blanked, poisoned or compared.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <host/host.h>

#include "digest.h"

/** What fills a page that was not preserved. No pointer made of it is canonical. */
#define PHYSMEM_POISON		0x9b
#define PHYSMEM_POISON_WORD	0x9b9b9b9b9b9b9b9bUL

/** Value of &physmem.blocks when pages may have gone, so that @present is out of date. */
#define PHYSMEM_BLOCKS_UNKNOWN	(-1)

/** struct physmem_map - a mapping that physmem_vmap() made, in the room for it. */
struct physmem_map {
	unsigned long vaddr;
	uint64_t phys;
	size_t len;
};

/** struct physmem_extent - pages [@start, @end) that exist. */
struct physmem_extent {
	uint64_t start;
	uint64_t end;
};

/**
 * struct physmem - the memory of a machine.
 * @fd:      memfd of @size bytes
 * @size:    bytes
 * @arena:   the two arenas
 * @place:   the arena in which the running kernel lives
 * @window:  bytes of an arena set aside for the direct map
 * @vmalloc_size: bytes of an arena after that
 * @maps:    struct physmem_map of this kernel
 * @present: extents of pages that exist
 * @blocks:  st_blocks of @fd when @present was made
 * @reservation, @reserved: all address space taken
 */
struct physmem {
	int fd;
	uint64_t size;
	char *arena[2];
	unsigned int place;
	size_t window;
	size_t vmalloc_size;
	GArray *maps;
	GArray *present;
	blkcnt_t blocks;
	char *reservation;
	size_t reserved;
};

/** enum physmem_area - what an address means to the kernel. */
enum physmem_area {
	PHYSMEM_NONE,		/* not in an arena */
	PHYSMEM_DIRECT,		/* the direct map */
	PHYSMEM_VMALLOC		/* the vmalloc range */
};

bool physmem_init(struct physmem *mem, uint64_t size, GError **error);
void physmem_destroy(struct physmem *mem);

/** physmem_at() - where the running kernel sees physical address @phys. */
static inline void *physmem_at(const struct physmem *mem, uint64_t phys)
{
	return mem->arena[mem->place] + phys;
}

static inline unsigned long physmem_vmalloc_base(const struct physmem *mem)
{
	return (unsigned long)mem->arena[mem->place] + mem->window;
}

/** physmem_move() - the next kernel's windows become accessible, the old ones go. */
void physmem_move(struct physmem *mem);

/** physmem_blank() - every page zero, as in a machine just switched on. */
void physmem_blank(struct physmem *mem);

/** physmem_poison() - destroy every page whose bit in @kept (by pfn) is clear. */
void physmem_poison(struct physmem *mem, const unsigned long *kept);

/** physmem_zero() - make @len bytes at @phys, whole pages, zero. */
void physmem_zero(struct physmem *mem, uint64_t phys, size_t len);

/** physmem_find_present() - learn which pages exist now. */
void physmem_find_present(struct physmem *mem);

/** physmem_is_blank() - whether a page did not exist then, and so was zero. */
bool physmem_is_blank(const struct physmem *mem, uint64_t pfn);

/** physmem_classify() - @place is the arena the address is looked up in. */
enum physmem_area physmem_classify(const struct physmem *mem, unsigned int place,
				   unsigned long address);

/** physmem_vmap() - map pages in the room of the vmalloc range; 0 or -errno. */
int physmem_vmap(struct physmem *mem, unsigned long vaddr, uint64_t phys, size_t len);
/**
 * physmem_seen_at() - where the direct map has what the kernel sees at @addr, or NULL if that is
 * no memory. *@size becomes less where only so much lies together.
 */
void *physmem_seen_at(const struct physmem *mem, uint64_t addr, size_t *size);

/**
 * physmem_vunmap() - undo that; an address outside the room is ignored. What was mapped at once
 * goes at once.
 */
void physmem_vunmap(struct physmem *mem, unsigned long vaddr, size_t len);

/** physmem_digest() - puts in what is mapped where; not what is in memory. */
void physmem_digest(const struct physmem *mem, struct digest *digest);

/** physmem_touch_mapped() - snapshot_touch() what is mapped by physmem_vmap(). */
void physmem_touch_mapped(const struct physmem *mem);

#endif /* _MODEL_PHYSMEM_H */
