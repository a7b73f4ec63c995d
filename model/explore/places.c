// SPDX-License-Identifier: GPL-2.0
/* Addresses in words that mean the same in another process. */

#include "../execution.h"
#include "places.h"

/* An arena ends where the vmalloc range does. */
static size_t arena_size(const struct machine *machine)
{
	return machine->mem.window + machine->mem.vmalloc_size;
}

static bool find_arena(const struct machine *machine, uintptr_t address, struct place *place)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(machine->mem.arena); i++) {
		uint64_t offset = address - (uintptr_t)machine->mem.arena[i];

		if (offset >= arena_size(machine))
			continue;
		*place = (struct place){ PLACE_ARENA, i, offset };
		return true;
	}
	return false;
}

static bool find_image(const struct machine *machine, uintptr_t address, struct place *place)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(machine->kernels); i++) {
		const struct kernel *kernel = machine->kernels[i];

		if (!kernel || !kernel_holds(kernel, address))
			continue;
		*place = (struct place){ PLACE_IMAGE, i, address - kernel->start };
		return true;
	}
	return false;
}

static bool find_stack(const struct machine *machine, uintptr_t address, struct place *place)
{
	const GPtrArray *all = machine->fibers.all;

	for (unsigned int i = 0; i < all->len; i++) {
		const struct fiber *fiber = g_ptr_array_index(all, i);

		if (!fiber_holds(fiber, (const void *)address))
			continue;
		*place = (struct place){ PLACE_STACK, i, address - (uintptr_t)fiber->stack };
		return true;
	}
	return false;
}

struct place place_of(const struct machine *machine, uintptr_t address)
{
	uint64_t user = address - (uintptr_t)machine->user;
	struct place place = { PLACE_NOWHERE, 0, address };

	if (find_arena(machine, address, &place) || find_image(machine, address, &place) ||
	    find_stack(machine, address, &place))
		return place;
	if (user < USER_SLOTS * MACHINE_USER_SIZE)
		place = (struct place){ PLACE_USER, 0, user };
	return place;
}

/* Stacks come into being as they are needed, always in the same order. */
#define STACKS_MAX	USER_SLOTS

static void nothing(void *arg)
{
	(void)arg;
}

static uintptr_t stack_address(struct machine *machine, struct place place)
{
	const struct fiber *fiber;

	if (place.index >= STACKS_MAX || place.offset >= FIBER_STACK_SIZE)
		return 0;
	while (machine->fibers.all->len <= place.index)
		fiber_new(&machine->fibers, nothing, NULL);
	fiber = g_ptr_array_index(machine->fibers.all, place.index);
	return (uintptr_t)fiber->stack + place.offset;
}

uintptr_t place_address(struct machine *machine, struct place place)
{
	const struct kernel *kernel;

	switch (place.kind) {
	case PLACE_NOWHERE:
		return place.offset;
	case PLACE_ARENA:
		if (place.index >= G_N_ELEMENTS(machine->mem.arena) ||
		    place.offset >= arena_size(machine))
			return 0;
		return (uintptr_t)machine->mem.arena[place.index] + place.offset;
	case PLACE_IMAGE:
		kernel = place.index < G_N_ELEMENTS(machine->kernels) ?
			 machine->kernels[place.index] : NULL;
		return kernel ? kernel->start + place.offset : 0;
	case PLACE_STACK:
		return stack_address(machine, place);
	case PLACE_USER:
		return (uintptr_t)machine->user + place.offset;
	}
	return 0;
}
