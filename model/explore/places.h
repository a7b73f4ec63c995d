/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_PLACES_H
#define _MODEL_EXPLORE_PLACES_H

/**
 * DOC: Addresses in words that mean the same in another process
 */

#include <stdint.h>

struct machine;

/** enum place_kind - what an address lies in. */
enum place_kind {
	PLACE_NOWHERE,		/* the offset is the address */
	PLACE_ARENA,		/* an arena of physical memory */
	PLACE_IMAGE,		/* a loaded kernel image */
	PLACE_STACK,		/* the stack of a fiber */
	PLACE_USER		/* the memory of programs */
};

/** struct place - @offset into the @index-th of its kind. */
struct place {
	uint8_t kind;
	uint32_t index;
	uint64_t offset;
};

struct place place_of(const struct machine *machine, uintptr_t address);

/** place_address() - where that is in this process; 0 if there is no such place. */
uintptr_t place_address(struct machine *machine, struct place place);

#endif /* _MODEL_EXPLORE_PLACES_H */
