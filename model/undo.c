// SPDX-License-Identifier: GPL-2.0
/* Undoing what a kernel did to memory: the host's side of struct host_undo. */

#include <string.h>
#include <sys/mman.h>

#include "execution.h"
#include "must.h"
#include "undo.h"

/* What does not fit in there is not undone step by step. */
#define STACK_SIZE	(256UL << 20)

/* Bytes of a note: one word, and what is above it. */
#define NOTE_MIN	(2 * sizeof(uint64_t))

#define ADDRESS_MASK	((1UL << HOST_UNDO_SIZE_SHIFT) - 1)

/**
 * struct undo - see undo.h.
 * @log:    what kernels see
 * @stack:  of notes, or NULL as long as there was none
 * @summed: notes below that are in @sum
 * @sum:    of all words: as they were at @summed, without what they were at undo_begin()
 * @tops:   where notes end, for undo_digest(), which has room for @tops_max
 * @active: see undo_active()
 */
struct undo {
	struct machine *machine;
	struct host_undo log;
	char *stack;
	size_t summed;
	struct digest sum;
	char **tops;
	size_t tops_max;
	bool active;
};

/** struct note - one on the stack, as it is read from above: so many words at @to. */
struct note {
	uint64_t *to;
	uint64_t *was;
	size_t words;
};

struct undo *undo_new(struct machine *machine)
{
	struct undo *undo = g_new0(struct undo, 1);

	undo->machine = machine;
	return undo;
}

void undo_free(struct undo *undo)
{
	if (!undo)
		return;
	if (undo->stack)
		munmap(undo->stack, STACK_SIZE);
	g_free(undo->tops);
	g_free(undo);
}

struct host_undo *undo_log(struct undo *undo)
{
	return &undo->log;
}

static char *map_stack(void)
{
	char *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	must(stack != MAP_FAILED, "making room for what is overwritten");
	return stack;
}

bool undo_begin(struct undo *undo)
{
	const struct machine *machine = undo->machine;
	const struct host_image *entry = machine->now->entry;
	const struct physmem *mem = &machine->mem;

	undo_end(undo);
	if (!entry->stores)
		return false;
	if (!undo->stack)
		undo->stack = map_stack();
	undo->log = (struct host_undo){
		.direct = (uintptr_t)physmem_at(mem, 0),
		.size = mem->window + mem->vmalloc_size,
		.statics = (uintptr_t)entry->statics_start,
		.statics_size = (char *)entry->statics_end - (char *)entry->statics_start,
		.user = (uintptr_t)machine->user,
		.user_size = USER_SLOTS * MACHINE_USER_SIZE,
		.memory = mem->size,
		.vmalloc = physmem_vmalloc_base(mem),
		.at = undo->stack,
		.limit = undo->stack + STACK_SIZE,
	};
	undo->active = true;
	return true;
}

void undo_end(struct undo *undo)
{
	undo->log = (struct host_undo){ 0 };
	undo->summed = 0;
	undo->sum = (struct digest){ 0 };
	undo->active = false;
}

bool undo_active(const struct undo *undo)
{
	return undo->active;
}


static struct note note_below(char *top)
{
	uint64_t head = ((const uint64_t *)top)[-1];
	struct note note = {
		.to = (void *)(head & ADDRESS_MASK),
		.words = (head >> HOST_UNDO_SIZE_SHIFT) / sizeof(uint64_t),
	};

	note.was = (uint64_t *)top - 1 - note.words;
	return note;
}

/* A word of physical memory is the same one wherever the kernel sees it. */
static uint64_t place_of(const struct undo *undo, const uint64_t *word)
{
	uint64_t offset = (uintptr_t)word - undo->log.vmalloc;

	return offset < undo->log.memory ? undo->log.direct + offset : (uintptr_t)word;
}

/* Puts words back; what they were until now is kept in the note. */
static void swap_back(const struct undo *undo, const struct note *note, struct digest *sum)
{
	for (size_t i = note->words; i-- > 0; ) {
		uint64_t is = note->to[i], was = note->was[i];

		if (is == was)
			continue;
		digest_cell(sum, place_of(undo, &note->to[i]), is, was);
		note->to[i] = was;
		note->was[i] = is;
	}
}

static void swap_forth(const struct note *note)
{
	for (size_t i = 0; i < note->words; i++) {
		uint64_t was = note->to[i];

		note->to[i] = note->was[i];
		note->was[i] = was;
	}
}

static void put_back(const struct note *note)
{
	for (size_t i = 0; i < note->words; i++)
		note->to[i] = note->was[i];
}

static void make_room(struct undo *undo, size_t tops)
{
	if (tops <= undo->tops_max)
		return;
	undo->tops_max = 2 * tops;
	undo->tops = g_renew(char *, undo->tops, undo->tops_max);
}

/*
 * What a word was changed to is known where it is changed back. So all is put back, and then forth
 * again.
 */
struct digest undo_digest(struct undo *undo)
{
	char *floor = undo->stack + undo->summed, *at = undo->log.at;
	struct digest back = { 0 };
	struct note note;
	size_t nr = 0;

	make_room(undo, (at - floor) / NOTE_MIN);
	for (; at > floor; at = (char *)note.was) {
		note = note_below(at);
		swap_back(undo, &note, &back);
		undo->tops[nr++] = at;
	}
	while (nr) {
		note = note_below(undo->tops[--nr]);
		swap_forth(&note);
	}
	undo->summed = undo->log.at - undo->stack;
	undo->sum.a -= back.a;
	undo->sum.b -= back.b;
	return undo->sum;
}

struct undo_mark undo_mark(struct undo *undo)
{
	struct digest sum = undo_digest(undo);

	return (struct undo_mark){ .notes = undo->summed, .sum = sum };
}

void undo_rewind(struct undo *undo, struct undo_mark mark)
{
	char *floor = undo->stack + mark.notes, *at = undo->log.at;
	struct note note;

	g_assert(undo->active && floor <= at);
	for (; at > floor; at = (char *)note.was) {
		note = note_below(at);
		put_back(&note);
	}
	g_assert(at == floor);
	undo->log.at = floor;
	undo->summed = mark.notes;
	undo->sum = mark.sum;
}

static void push(struct undo *undo, const char *from, size_t size)
{
	char *at = undo->log.at;

	if (size + sizeof(uint64_t) > (size_t)(undo->log.limit - at)) {
		undo_end(undo);
		return;
	}
	memcpy(at, from, size);
	*(uint64_t *)(at + size) = (uintptr_t)from | (uint64_t)size << HOST_UNDO_SIZE_SHIFT;
	undo->log.at = at + size + sizeof(uint64_t);
}

static bool is_arena(const struct undo *undo, uint64_t addr)
{
	return addr - undo->log.direct < undo->log.size;
}

/* What is mapped by host_ops.vmap may not be when it is undone: the direct map is. */
void undo_note(struct undo *undo, uint64_t addr, size_t size)
{
	while (undo->active && size) {
		size_t part = MIN(size, HOST_UNDO_NOTE_MAX);
		const char *seen = (const char *)(uintptr_t)addr;

		if (is_arena(undo, addr))
			seen = physmem_seen_at(&undo->machine->mem, addr, &part);
		if (seen)
			push(undo, seen, part);
		addr += part;
		size -= part;
	}
}
