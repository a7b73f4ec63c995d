// SPDX-License-Identifier: GPL-2.0
/*
 * Stale pointers: what is preserved must not point into the kernel that goes away.
 *
 * At the jump each word of preserved kernel memory is compared with the address ranges
 * of the old kernel. (The contents of users' files are their own business.) Addresses
 * of the simulator lie where no physical address or index comes near them.
 *
 * Judges P-42.
 */

#include <inttypes.h>

#include "../check.h"

#define WORDS		(HOST_PAGE_SIZE / sizeof(uint64_t))
/* What is below may be a plain number. (Valgrind maps images that low.) */
#define LEAST_POINTER	(1UL << 40)

/** struct scan - the ranges of interest all lie in @span bytes from @lowest. */
struct scan {
	struct machine *machine;
	uint64_t lowest;
	uint64_t span;
};

static void widen(uint64_t *lowest, uint64_t *highest, uint64_t start, uint64_t size)
{
	*lowest = MIN(*lowest, start);
	*highest = MAX(*highest, start + size);
}

static void scan_init(struct scan *scan, struct machine *machine)
{
	uint64_t lowest = UINT64_MAX, highest = 0;

	widen(&lowest, &highest, (uint64_t)physmem_at(&machine->mem, 0),
	      machine->mem.window + machine->mem.vmalloc_size);
	widen(&lowest, &highest, machine->now->start, machine->now->end - machine->now->start);
	widen(&lowest, &highest, (uint64_t)machine->user, USER_SLOTS * MACHINE_USER_SIZE);
	for (unsigned int i = 0; i < machine->fibers.all->len; i++) {
		const struct fiber *fiber = g_ptr_array_index(machine->fibers.all, i);

		widen(&lowest, &highest, (uint64_t)fiber->stack, fiber->size);
	}
	scan->machine = machine;
	scan->lowest = MAX(lowest, LEAST_POINTER);
	scan->span = highest - scan->lowest;
}

static bool on_a_stack(const struct machine *machine, uint64_t word)
{
	for (unsigned int i = 0; i < machine->fibers.all->len; i++) {
		if (fiber_holds(g_ptr_array_index(machine->fibers.all, i), (void *)word))
			return true;
	}
	return false;
}

static char *in_image(const struct machine *machine, uint64_t word)
{
	const char *name = symbols_name(machine->now->image->symbols,
					word - machine->now->base);

	if (name)
		return g_strdup_printf("%s of the old kernel's image", name);
	return g_strdup("the old kernel's image");
}

/* What a word points to, or NULL. */
static char *target(const struct machine *machine, uint64_t word)
{
	switch (physmem_classify(&machine->mem, machine->mem.place, word)) {
	case PHYSMEM_DIRECT:
		return g_strdup("the old kernel's direct map");
	case PHYSMEM_VMALLOC:
		return g_strdup("the old kernel's vmalloc range");
	case PHYSMEM_NONE:
		break;
	}
	if (kernel_holds(machine->now, word))
		return in_image(machine, word);
	if (on_a_stack(machine, word))
		return g_strdup("a stack of the old kernel");
	if (word - (uint64_t)machine->user < USER_SLOTS * MACHINE_USER_SIZE)
		return g_strdup("user memory");
	return NULL;
}

static void scan_word(struct machine *machine, uint64_t pfn, unsigned int i, uint64_t word)
{
	g_autofree char *what = target(machine, word);

	if (what)
		execution_violation(machine, "P-42", NULL, ledger_owner(machine, pfn),
				    "preserved page %" PRIu64 " holds at offset %u a pointer into "
				    "%s", pfn, i * 8, what);
}

/* Nearly every word is outside the span. */
static bool may_point(const struct scan *scan, const uint64_t *words)
{
	uint64_t hits = 0;

	for (unsigned int i = 0; i < WORDS; i++)
		hits |= words[i] - scan->lowest < scan->span;
	return hits;
}

static void scan_page(struct scan *scan, uint64_t pfn)
{
	const uint64_t *words = physmem_at(&scan->machine->mem, pfn << HOST_PAGE_SHIFT);

	verdict_checked(scan->machine->verdict, "P-42");
	if (!may_point(scan, words))
		return;
	for (unsigned int i = 0; i < WORDS; i++) {
		if (words[i] - scan->lowest < scan->span)
			scan_word(scan->machine, pfn, i, words[i]);
	}
}

static void scan_all(void *arg)
{
	struct scan *scan = arg;
	const struct handover *handover = &scan->machine->handover;

	for (unsigned int i = 0; i < handover->keys->len; i++) {
		const struct handover_key *key =
			&g_array_index(handover->keys, struct handover_key, i);

		for (uint64_t pfn = key->pfn; pfn < key->pfn + (1UL << key->order); pfn++) {
			if (scan->machine->now->entry->kernel_page(pfn))
				scan_page(scan, pfn);
		}
	}
}

static void stale_jump(struct machine *machine, void *state)
{
	struct scan scan = { 0 };

	(void)state;
	scan_init(&scan, machine);
	execution_call(machine, scan_all, &scan);
}

static bool stale_usable(const struct host_image *image)
{
	return image->kernel_page;
}

const struct checker stale_checker = {
	.name = "stale pointers",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("P-42"),
	.usable = stale_usable,
	.jump = stale_jump,
};
