// SPDX-License-Identifier: GPL-2.0
/*
 * Snapshots: pages are copied before the first write to them.
 */

#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "bitmap.h"
#include "execution.h"
#include "instrument.h"
#include "journal.h"
#include "must.h"
#include "snapshot.h"

/* Restorations after which pages that are written to are made out anew. */
#define COOL_EVERY	512u

/**
 * struct area - memory that is looked after.
 * @base, @size: where it is, in whole pages
 * @alias: where the same pages are seen once more, or NULL
 * @copy:  pages as they were, those that have been written to since; others are zero there
 * @saved: bitmap: pages of which @copy has a copy
 * @warm:  bitmap: pages that are writable, and as they were in @copy
 * @hot:   the same pages by number, @hot_nr of them
 * @was:   a digest of each of those, as it was
 * @seen:  each of those as it was seen when a digest was made last, and
 * @is:    that digest: the next run often leaves the same
 * @extents: struct physmem_extent: pages that are not zero
 * @open:  all of it is writable, and @copy is complete
 */
struct area {
	char *base;
	size_t size;
	char *alias;
	char *copy;
	unsigned long *saved;
	unsigned long *warm;
	uint32_t *hot;
	struct digest *was;
	char *seen;
	struct digest *is;
	unsigned int hot_nr;
	GArray *extents;
	bool open;
};

enum { AREA_MEMORY, AREA_STATICS, AREA_USER, AREAS };

/**
 * struct stack - a fiber, and the part of its stack that is in use.
 * @fiber: which
 * @was:   the same, then
 * @bytes: from its stack pointer up; NULL if it was idle
 */
struct stack {
	struct fiber *fiber;
	struct fiber was;
	GBytes *bytes;
};

/**
 * struct snapshot - see snapshot.h.
 * @stacks: struct stack
 * @runner: see snapshot_take()
 * @kernel: that runs
 * @hidden: of the machine's kernels
 * @place:  of physical memory
 * @restored: how often it was
 */
struct snapshot {
	struct machine *machine;
	struct area area[AREAS];
	GArray *stacks;
	struct fiber *runner;
	const struct kernel *kernel;
	bool hidden[G_N_ELEMENTS(((struct machine *)NULL)->kernels)];
	unsigned int place;
	unsigned int restored;
};

static _Thread_local struct snapshot *current;

bool snapshot_possible(void)
{
	return !MODEL_ASAN && !RUNNING_ON_VALGRIND;
}

/* Areas */

static void *map_room(size_t size)
{
	void *room = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	must(room != MAP_FAILED, "making room for a snapshot");
	return room;
}

static void protect(const struct area *area, uint64_t first, uint64_t nr, int prot)
{
	size_t at = first << HOST_PAGE_SHIFT, len = nr << HOST_PAGE_SHIFT;

	must(!mprotect(area->base + at, len, prot) &&
	     (!area->alias || !mprotect(area->alias + at, len, prot)),
	     "protecting simulated memory");
}

static uint64_t pages_of(const struct area *area)
{
	return area->size >> HOST_PAGE_SHIFT;
}

static void copy_page(void *to, const void *from)
{
	memcpy(to, from, HOST_PAGE_SIZE);
}

static void area_init(struct area *area, void *base, size_t size, void *alias)
{
	area->base = base;
	area->size = size;
	area->alias = alias;
	area->copy = map_room(size);
	area->saved = g_malloc0(bitmap_bytes(pages_of(area)));
	area->warm = g_malloc0(bitmap_bytes(pages_of(area)));
	area->hot = map_room(pages_of(area) * sizeof(*area->hot));
	area->was = map_room(pages_of(area) * sizeof(*area->was));
	area->seen = map_room(size);
	area->is = map_room(pages_of(area) * sizeof(*area->is));
	area->extents = g_array_new(FALSE, FALSE, sizeof(struct physmem_extent));
	protect(area, 0, pages_of(area), PROT_READ);
}

static void area_destroy(struct area *area)
{
	if (!area->open)
		protect(area, 0, pages_of(area), PROT_READ | PROT_WRITE);
	munmap(area->copy, area->size);
	munmap(area->hot, pages_of(area) * sizeof(*area->hot));
	munmap(area->was, pages_of(area) * sizeof(*area->was));
	munmap(area->seen, area->size);
	munmap(area->is, pages_of(area) * sizeof(*area->is));
	g_free(area->saved);
	g_free(area->warm);
	g_array_unref(area->extents);
}

static void save_page(struct area *area, uint64_t page)
{
	size_t at = page << HOST_PAGE_SHIFT;

	if (bitmap_test(area->saved, page))
		return;
	bitmap_set(area->saved, page);
	copy_page(area->copy + at, area->base + at);
}

static struct digest digest_of(uint64_t page, const void *bytes)
{
	struct digest digest = digest_page(bytes);

	digest_word(&digest, page);
	return digest;
}

static void heat_page(struct area *area, uint64_t page)
{
	if (area->open || bitmap_test(area->warm, page))
		return;
	save_page(area, page);
	bitmap_set(area->warm, page);
	copy_page(area->seen + (page << HOST_PAGE_SHIFT), area->copy + (page << HOST_PAGE_SHIFT));
	area->was[area->hot_nr] = digest_of(page, area->copy + (page << HOST_PAGE_SHIFT));
	area->is[area->hot_nr] = area->was[area->hot_nr];
	area->hot[area->hot_nr++] = page;
	protect(area, page, 1, PROT_READ | PROT_WRITE);
}

static bool area_holds(const struct area *area, const char *address, uint64_t *page)
{
	size_t at = address - area->base;

	if (at >= area->size && area->alias)
		at = address - area->alias;
	*page = at >> HOST_PAGE_SHIFT;
	return at < area->size;
}

static struct area *find_area(const void *address, uint64_t *page)
{
	for (unsigned int i = 0; current && i < AREAS; i++)
		if (area_holds(&current->area[i], address, page))
			return &current->area[i];
	return NULL;
}

bool snapshot_fault(const void *address)
{
	uint64_t page;
	struct area *area = find_area(address, &page);

	if (!area || area->open || bitmap_test(area->warm, page))
		return false;
	heat_page(area, page);
	return true;
}

void snapshot_touch(const void *at, size_t len)
{
	uint64_t page;
	struct area *area = find_area(at, &page);

	if (!area)
		return;
	for (uint64_t end = page + ((len + HOST_PAGE_SIZE - 1) >> HOST_PAGE_SHIFT); page < end;
	     page++)
		heat_page(area, page);
}

void snapshot_open(const void *at)
{
	uint64_t page;
	struct area *area = find_area(at, &page);

	if (!area || area->open)
		return;
	for (unsigned int i = 0; i < area->extents->len; i++) {
		const struct physmem_extent *extent =
			&g_array_index(area->extents, struct physmem_extent, i);

		for (page = extent->start; page < extent->end; page++)
			save_page(area, page);
	}
	protect(area, 0, pages_of(area), PROT_READ | PROT_WRITE);
	area->open = true;
}

static void restore_page(struct area *area, uint64_t page)
{
	size_t at = page << HOST_PAGE_SHIFT;

	copy_page(area->base + at, area->copy + at);
}

static void restore_extents(struct area *area, const GArray *extents)
{
	for (unsigned int i = 0; i < extents->len; i++) {
		const struct physmem_extent *extent =
			&g_array_index(extents, struct physmem_extent, i);

		for (uint64_t page = extent->start; page < extent->end; page++)
			restore_page(area, page);
	}
}

/* What was written to long ago is not copied for ever. The area is as it was. */
static void cool_area(struct area *area)
{
	memset(area->warm, 0, bitmap_bytes(pages_of(area)));
	area->hot_nr = 0;
	protect(area, 0, pages_of(area), PROT_READ);
}

static void close_area(struct area *area)
{
	protect(area, 0, pages_of(area), PROT_READ);
	for (unsigned int i = 0; i < area->hot_nr; i++)
		protect(area, area->hot[i], 1, PROT_READ | PROT_WRITE);
	area->open = false;
}

static void restore_area(struct area *area)
{
	if (area->open) {
		restore_extents(area, area->extents);
		close_area(area);
	} else {
		for (unsigned int i = 0; i < area->hot_nr; i++)
			restore_page(area, area->hot[i]);
	}
}

static struct digest digest_hot(const struct area *area, unsigned int i)
{
	uint64_t page = area->hot[i];
	size_t at = page << HOST_PAGE_SHIFT;

	if (memcmp(area->seen + at, area->base + at, HOST_PAGE_SIZE)) {
		copy_page(area->seen + at, area->base + at);
		area->is[i] = digest_of(page, area->seen + at);
	}
	return area->is[i];
}

/* Pages that are as they were add nothing, so that it does not matter which are hot. */
static void put_in_area(const struct area *area, const unsigned long *kept,
			struct digest *digest)
{
	struct digest changes = { 0 };

	for (unsigned int i = 0; i < area->hot_nr; i++) {
		if (kept && !bitmap_test(kept, area->hot[i]))
			continue;
		digest_remove(&changes, area->was[i]);
		digest_add(&changes, digest_hot(area, i));
	}
	digest_digest(digest, changes);
}

/* Pages that have come into being since are not among those that were. */
static void restore_memory(struct snapshot *snapshot)
{
	struct physmem *mem = &snapshot->machine->mem;
	struct area *area = &snapshot->area[AREA_MEMORY];

	if (area->open) {
		physmem_find_present(mem);
		restore_extents(area, mem->present);
	}
	restore_area(area);
	mem->blocks = PHYSMEM_BLOCKS_UNKNOWN;
}

/* Stacks */

static void save_stack(struct snapshot *snapshot, struct fiber *fiber)
{
	struct stack stack = { .fiber = fiber, .was = *fiber };
	const char *sp = fiber->sp;

	if (!fiber->idle)
		stack.bytes = g_bytes_new(sp, fiber->stack + fiber->size - sp);
	g_array_append_val(snapshot->stacks, stack);
}

static void restore_stacks(struct snapshot *snapshot)
{
	fiber_pool_reset(&snapshot->machine->fibers);
	for (unsigned int i = 0; i < snapshot->stacks->len; i++) {
		const struct stack *stack = &g_array_index(snapshot->stacks, struct stack, i);

		*stack->fiber = stack->was;
		if (stack->bytes)
			memcpy(stack->was.sp, g_bytes_get_data(stack->bytes, NULL),
			       g_bytes_get_size(stack->bytes));
	}
}

/* The present of a fiber, and then the part of its stack that is in use. */

static size_t live_part(const struct fiber *fiber)
{
	return fiber->idle ? 0 : fiber->stack + fiber->size - (char *)fiber->sp;
}

static void keep_fiber(const struct fiber *fiber, GByteArray *to)
{
	g_byte_array_append(to, (const guint8 *)fiber, sizeof(*fiber));
	g_byte_array_append(to, fiber->sp, live_part(fiber));
}

static const guint8 *put_back_fiber(struct fiber *fiber, const guint8 *from)
{
	memcpy(fiber, from, sizeof(*fiber));
	memcpy(fiber->sp, from + sizeof(*fiber), live_part(fiber));
	return from + sizeof(*fiber) + live_part(fiber);
}

bool snapshot_plain(const struct snapshot *snapshot)
{
	for (unsigned int i = 0; i < AREAS; i++)
		if (snapshot->area[i].open)
			return false;
	return snapshot->machine->now == snapshot->kernel;
}

void snapshot_keep_stacks(const struct snapshot *snapshot, GByteArray *to)
{
	const GPtrArray *fibers = snapshot->machine->fibers.all;

	g_byte_array_append(to, (const guint8 *)&fibers->len, sizeof(fibers->len));
	keep_fiber(snapshot->runner, to);
	for (unsigned int i = 0; i < fibers->len; i++)
		keep_fiber(g_ptr_array_index(fibers, i), to);
}

void snapshot_put_back_stacks(const struct snapshot *snapshot, const GByteArray *kept,
			      size_t from)
{
	const GPtrArray *fibers = snapshot->machine->fibers.all;
	const guint8 *at = kept->data + from;
	guint nr, i;

	memcpy(&nr, at, sizeof(nr));
	at = put_back_fiber(snapshot->runner, at + sizeof(nr));
	for (i = 0; i < nr; i++)
		at = put_back_fiber(g_ptr_array_index(fibers, i), at);
	for (; i < fibers->len; i++)
		fiber_release(g_ptr_array_index(fibers, i));
}

static void clear_stack(void *data)
{
	g_bytes_unref(((struct stack *)data)->bytes);
}

/* Kernels */

static void restore_kernels(struct snapshot *snapshot)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(snapshot->hidden); i++) {
		struct kernel *kernel = snapshot->machine->kernels[i];

		if (!kernel || kernel->hidden == snapshot->hidden[i])
			continue;
		if (kernel->hidden)
			kernel_reset(kernel);
		else
			kernel_hide(kernel);
	}
}

/* All of it */

static void add_extent(struct area *area)
{
	struct physmem_extent extent = { .end = pages_of(area) };

	g_array_append_val(area->extents, extent);
}

static void take_areas(struct snapshot *snapshot)
{
	struct machine *machine = snapshot->machine;
	struct physmem *mem = &machine->mem;
	const struct host_image *entry = machine->now->entry;
	struct area *area = snapshot->area;

	area_init(&area[AREA_MEMORY], physmem_at(mem, 0), mem->size,
		  (void *)physmem_vmalloc_base(mem));
	physmem_find_present(mem);
	g_array_append_vals(area[AREA_MEMORY].extents, mem->present->data, mem->present->len);
	area_init(&area[AREA_STATICS], entry->statics_start,
		  (char *)entry->statics_end - (char *)entry->statics_start, NULL);
	add_extent(&area[AREA_STATICS]);
	area_init(&area[AREA_USER], machine->user, USER_SLOTS * MACHINE_USER_SIZE, NULL);
	add_extent(&area[AREA_USER]);
}

struct snapshot *snapshot_take(struct machine *machine, struct fiber *runner)
{
	struct snapshot *snapshot = g_new0(struct snapshot, 1);

	g_assert(!current && snapshot_possible());
	snapshot->machine = machine;
	snapshot->runner = runner;
	snapshot->kernel = machine->now;
	snapshot->place = machine->mem.place;
	snapshot->stacks = g_array_new(FALSE, FALSE, sizeof(struct stack));
	g_array_set_clear_func(snapshot->stacks, clear_stack);
	take_areas(snapshot);
	for (unsigned int i = 0; i < machine->fibers.all->len; i++)
		save_stack(snapshot, g_ptr_array_index(machine->fibers.all, i));
	save_stack(snapshot, runner);
	for (unsigned int i = 0; i < G_N_ELEMENTS(snapshot->hidden); i++)
		snapshot->hidden[i] = machine->kernels[i] && machine->kernels[i]->hidden;
	current = snapshot;
	physmem_touch_mapped(&machine->mem);
	return snapshot;
}

void snapshot_restore(struct snapshot *snapshot, size_t mark)
{
	struct machine *machine = snapshot->machine;

	if (machine->mem.place != snapshot->place)
		physmem_move(&machine->mem);
	journal_rewind(mark);
	restore_kernels(snapshot);
	restore_memory(snapshot);
	restore_area(&snapshot->area[AREA_STATICS]);
	restore_area(&snapshot->area[AREA_USER]);
	restore_stacks(snapshot);
	if (++snapshot->restored % COOL_EVERY)
		return;
	for (unsigned int i = 0; i < AREAS; i++)
		cool_area(&snapshot->area[i]);
	physmem_touch_mapped(&machine->mem);
}

void snapshot_free(struct snapshot *snapshot)
{
	if (!snapshot)
		return;
	current = NULL;
	for (unsigned int i = 0; i < AREAS; i++)
		area_destroy(&snapshot->area[i]);
	g_array_unref(snapshot->stacks);
	g_free(snapshot);
}

bool snapshot_digest(const struct snapshot *snapshot, const unsigned long *kept,
		     struct digest *digest)
{
	for (unsigned int i = 0; i < AREAS; i++) {
		if (snapshot->area[i].open)
			return false;
		if (i == AREA_MEMORY || !kept)
			put_in_area(&snapshot->area[i], kept, digest);
	}
	return true;
}

size_t snapshot_bytes(const struct snapshot *snapshot)
{
	size_t pages = 0;

	for (unsigned int i = 0; i < AREAS; i++)
		pages += snapshot->area[i].hot_nr;
	return pages << HOST_PAGE_SHIFT;
}
