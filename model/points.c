// SPDX-License-Identifier: GPL-2.0
/*
 * Accesses to memory that are scheduling points: ranges of bytes, by name. Those that are
 * one object have the same @group, which is the name of the first byte of the first of them.
 */

#include <inttypes.h>
#include <string.h>

#include "execution.h"
#include "points.h"

/* What a name is an offset into, above the offset. */
#define KIND_SHIFT	56
#define KIND_VMALLOC	1ull
#define KIND_STATIC	2ull
#define OFFSET_MASK	((1ull << KIND_SHIFT) - 1)

static const char kinds[] = "mvs";

/** struct range - bytes from @start on, before @end. */
struct range {
	uint64_t start;
	uint64_t end;
	uint64_t group;
};

/**
 * struct points - see points.h.
 * @ranges: of struct range, in order; none overlap
 * @added:  likewise, in whatever order: they count once the run is over. Those whose
 *          @group is not zero only join what they overlap
 * @pairs:  of struct range: groups that become one, @start and @end
 * @races:  of char *
 */
struct points {
	GArray *ranges;
	GArray *added;
	GArray *pairs;
	GPtrArray *races;
	enum points_search search;
};

struct points *points_new(void)
{
	struct points *points = g_new0(struct points, 1);

	points->ranges = g_array_new(FALSE, FALSE, sizeof(struct range));
	points->added = g_array_new(FALSE, FALSE, sizeof(struct range));
	points->pairs = g_array_new(FALSE, FALSE, sizeof(struct range));
	points->races = g_ptr_array_new_with_free_func(g_free);
	return points;
}

void points_free(struct points *points)
{
	if (!points)
		return;
	g_array_unref(points->ranges);
	g_array_unref(points->added);
	g_array_unref(points->pairs);
	g_ptr_array_unref(points->races);
	g_free(points);
}

struct points *points_copy(const struct points *points)
{
	struct points *copy = points_new();

	g_array_append_vals(copy->ranges, points->ranges->data, points->ranges->len);
	return copy;
}

static struct range *range_at(GArray *ranges, unsigned int i)
{
	return &g_array_index(ranges, struct range, i);
}

unsigned int points_count(const struct points *points)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < points->ranges->len; i++) {
		const struct range *range = range_at(points->ranges, i);

		n += range->group == range->start;
	}
	return n;
}

/* Names */

bool points_name(const struct machine *machine, uint64_t *address)
{
	const struct physmem *mem = &machine->mem;
	const struct kernel *kernel = machine->now;
	uint64_t offset;

	switch (physmem_classify(mem, mem->place, *address)) {
	case PHYSMEM_DIRECT:
		*address -= (uintptr_t)physmem_at(mem, 0);
		return *address < mem->size;
	case PHYSMEM_VMALLOC:
		/* Physical memory is seen there a second time. */
		offset = *address - physmem_vmalloc_base(mem);
		*address = offset < mem->size ? offset : KIND_VMALLOC << KIND_SHIFT | offset;
		return true;
	default:
		if (!kernel_holds_statics(kernel, (const void *)(uintptr_t)*address))
			return false;
		*address = KIND_STATIC << KIND_SHIFT | (*address - kernel->start);
		return true;
	}
}

bool points_is_memory(const struct machine *machine, uint64_t name)
{
	return name < machine->mem.size;
}

static const volatile void *address_of(const struct machine *machine, uint64_t name)
{
	uint64_t offset = name & OFFSET_MASK;

	switch (name >> KIND_SHIFT) {
	case KIND_VMALLOC:
		return (void *)(physmem_vmalloc_base(&machine->mem) + offset);
	case KIND_STATIC:
		return (void *)(machine->now->start + offset);
	default:
		return physmem_at(&machine->mem, offset);
	}
}

/* Adding */

void points_search(struct points *points, enum points_search search)
{
	points->search = search;
}

enum points_search points_searched(const struct points *points)
{
	return points ? points->search : POINTS_AS_THEY_ARE;
}

static bool overlaps(const struct range *range, uint64_t start, uint64_t end)
{
	return range->start < end && start < range->end;
}

/* The first range that ends after @start; the number of ranges if there is none. */
static unsigned int first_after(const struct points *points, uint64_t start)
{
	unsigned int low = 0, high = points->ranges->len;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (range_at(points->ranges, middle)->end > start)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static const struct range *find_range(const struct points *points, uint64_t start, uint64_t end)
{
	unsigned int i = first_after(points, start);

	if (i == points->ranges->len || !overlaps(range_at(points->ranges, i), start, end))
		return NULL;
	return range_at(points->ranges, i);
}

void points_add(struct points *points, uint64_t start, uint64_t end)
{
	const struct range *there = find_range(points, start, end);
	struct range range = { .start = start, .end = end };

	if (!there || there->start > start || there->end < end)
		g_array_append_val(points->added, range);
}

/* What an access touches together is one object. */
static void add_joint(struct points *points, uint64_t start, uint64_t end)
{
	struct range range = { .start = start, .end = end, .group = 1 };
	const struct range *first = find_range(points, start, end);

	for (unsigned int i = first_after(points, start); i < points->ranges->len; i++) {
		const struct range *other = range_at(points->ranges, i);

		if (!overlaps(other, start, end))
			break;
		if (other->group != first->group) {
			g_array_append_val(points->added, range);
			break;
		}
	}
}

bool points_new_ones(const struct points *points)
{
	return points && (points->added->len || points->pairs->len);
}

static void rename_group(struct points *points, uint64_t old, uint64_t group)
{
	for (unsigned int i = 0; i < points->ranges->len; i++)
		if (range_at(points->ranges, i)->group == old)
			range_at(points->ranges, i)->group = group;
}

/* All that overlaps is one group, that of the lowest name. */
static void join(struct points *points, uint64_t start, uint64_t end)
{
	uint64_t group = UINT64_MAX;
	unsigned int first = first_after(points, start), last = first;

	for (; last < points->ranges->len &&
	       overlaps(range_at(points->ranges, last), start, end); last++)
		group = MIN(group, range_at(points->ranges, last)->group);
	for (unsigned int i = first; i < last; i++)
		rename_group(points, range_at(points->ranges, i)->group, group);
}

/* A range takes the place of all that it overlaps. */
static void insert(struct points *points, struct range range)
{
	unsigned int first, last;

	join(points, range.start, range.end);
	first = last = first_after(points, range.start);
	range.group = range.start;
	for (; last < points->ranges->len &&
	       overlaps(range_at(points->ranges, last), range.start, range.end); last++) {
		const struct range *other = range_at(points->ranges, last);

		range.group = MIN(range.group, other->group);
		range.start = MIN(range.start, other->start);
		range.end = MAX(range.end, other->end);
	}
	if (last > first)
		rename_group(points, range_at(points->ranges, first)->group, range.group);
	g_array_remove_range(points->ranges, first, last - first);
	g_array_insert_val(points->ranges, first, range);
}

static void join_pairs(struct points *points)
{
	for (unsigned int i = 0; i < points->pairs->len; i++) {
		uint64_t a = find_range(points, range_at(points->pairs, i)->start,
					range_at(points->pairs, i)->start + 1)->group;
		uint64_t b = find_range(points, range_at(points->pairs, i)->end,
					range_at(points->pairs, i)->end + 1)->group;

		rename_group(points, MAX(a, b), MIN(a, b));
	}
	g_array_set_size(points->pairs, 0);
}

void points_settle(struct points *points)
{
	for (unsigned int i = 0; points && i < points->added->len; i++) {
		const struct range *added = range_at(points->added, i);

		if (added->group)
			join(points, added->start, added->end);
		else
			insert(points, *added);
	}
	if (!points)
		return;
	g_array_set_size(points->added, 0);
	join_pairs(points);
}

void points_note_race(struct points *points, const char *text)
{
	for (unsigned int i = 0; i < points->races->len; i++)
		if (g_str_equal(g_ptr_array_index(points->races, i), text))
			return;
	g_ptr_array_add(points->races, g_strdup(text));
}

const GPtrArray *points_races(const struct points *points)
{
	return points->races;
}

/* Text: "s1a40/4+m3f00/8~m3f80/8" are two objects, the second of which lies in two places. */

static void format_range(GString *s, const struct range *range, char before)
{
	if (s->len)
		g_string_append_c(s, before);
	g_string_append_printf(s, "%c%" PRIx64 "/%" PRIu64, kinds[range->start >> KIND_SHIFT],
			       (uint64_t)(range->start & OFFSET_MASK), range->end - range->start);
}

char *points_format(const struct points *points)
{
	GString *s = g_string_new(NULL);

	for (unsigned int i = 0; i < points->ranges->len; i++) {
		const struct range *range = range_at(points->ranges, i);

		if (range->group != range->start)
			continue;
		format_range(s, range, '+');
		for (unsigned int k = i + 1; k < points->ranges->len; k++)
			if (range_at(points->ranges, k)->group == range->start)
				format_range(s, range_at(points->ranges, k), '~');
	}
	return g_string_free(s, FALSE);
}

static bool parse_range(const char *text, struct range *range)
{
	g_auto(GStrv) parts = g_strsplit(text, "/", -1);
	const char *kind = *text ? strchr(kinds, *text) : NULL;
	guint64 offset, size;

	if (!kind || g_strv_length(parts) != 2 ||
	    !g_ascii_string_to_unsigned(parts[0] + 1, 16, 0, OFFSET_MASK, &offset, NULL) ||
	    !g_ascii_string_to_unsigned(parts[1], 10, 1, G_MAXUINT32, &size, NULL) ||
	    offset + size > OFFSET_MASK)
		return false;
	range->start = (uint64_t)(kind - kinds) << KIND_SHIFT | offset;
	range->end = range->start + size;
	return true;
}

/* Ranges of one object come in order, so that the first has the lowest name. */
static bool parse_object(struct points *points, const char *text)
{
	g_auto(GStrv) places = g_strsplit(text, "~", -1);
	struct range range;
	uint64_t group = 0;

	for (char **place = places; *place; place++) {
		if (!parse_range(*place, &range) ||
		    find_range(points, range.start, range.end))
			return false;
		if (place == places)
			group = range.start;
		if (range.start < group)
			return false;
		range.group = group;
		g_array_insert_val(points->ranges, first_after(points, range.start), range);
	}
	return *places;
}

struct points *points_parse(const char *text, GError **error)
{
	g_auto(GStrv) objects = g_strsplit(text, "+", -1);
	struct points *points = points_new();
	bool ok = *objects;

	for (char **object = objects; ok && *object; object++)
		ok = parse_object(points, *object);
	if (ok)
		return points;
	points_free(points);
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
		    "'%s' names no places in memory", text);
	return NULL;
}

/* Threads */

void points_filter(const struct points *points, host_u64 filter[HOST_LOG_FILTER])
{
	memset(filter, 0, HOST_LOG_FILTER * sizeof(*filter));
	for (unsigned int i = 0; points && i < points->ranges->len; i++) {
		const struct range *range = range_at(points->ranges, i);
		uint64_t words = (range->end - 1) / 8 - range->start / 8 + 1;

		for (uint64_t w = 0; w < MIN(words, HOST_LOG_FILTER * 64); w++) {
			uint64_t bit = (range->start / 8 + w) % (HOST_LOG_FILTER * 64);

			filter[bit / 64] |= 1ull << bit % 64;
		}
	}
}

static const struct range *range_of(const struct machine *machine, const volatile void *address,
				    uint64_t size, uint64_t *name)
{
	*name = (uintptr_t)address;
	if (!machine->points || !machine->points->ranges->len || !points_name(machine, name))
		return NULL;
	return find_range(machine->points, *name, *name + size);
}

const volatile void *points_object(const struct machine *machine, const volatile void *object)
{
	uint64_t name;
	const struct range *range = range_of(machine, object, 1, &name);

	return range ? address_of(machine, range->group) : object;
}

/* An access that begins at @name can go as far as this without touching another object. */
static uint64_t part_of(const struct points *points, const struct range *first, uint64_t name,
			uint64_t size)
{
	unsigned int i = first_after(points, name);

	for (; i < points->ranges->len && range_at(points->ranges, i)->start < name + size; i++)
		if (range_at(points->ranges, i)->group != first->group)
			return range_at(points->ranges, i)->start - name;
	return size;
}

/*
 * A struct that is assigned: the hook of its target comes first, that of the source next, and only
 * then what both are for. So it is done by one step on one object, which both belong to.
 */
static bool is_assigned(const struct machine *machine, host_size size, const void *frame)
{
	const struct machine_thread *thread = machine->current;

	return thread->touches && thread->op == HOST_OP_WRITE && thread->touched == size &&
	       thread->touch_frame == frame;
}

static void add_pair(struct points *points, uint64_t group, uint64_t other)
{
	struct range pair = { .start = group, .end = other };

	if (group != other)
		g_array_append_val(points->pairs, pair);
}

/* What the current thread stopped at last. */
static uint64_t group_before(const struct machine *machine)
{
	uint64_t name;

	return range_of(machine, machine->current->object, 1, &name)->group;
}

#define STRUCT_MIN	16u

host_size points_touch(struct machine *machine, const volatile void *address, host_size size,
		       unsigned int how)
{
	struct machine_thread *thread = machine->current;
	const volatile void *object;
	const struct range *range;
	uint64_t name;

	range = thread ? range_of(machine, address, size, &name) : NULL;
	if (!range)
		return size;
	object = address_of(machine, range->group);
	if (how & HOST_TOUCH_PART)
		size = part_of(machine->points, range, name, size);
	else if (points_searched(machine->points))
		add_joint(machine->points, name, name + size);
	/* What is marked comes after a point of its own, mostly. */
	if (how & HOST_TOUCH_MARKED && !thread->touches &&
	    points_object(machine, thread->object) == object)
		return size;
	if (size >= STRUCT_MIN && !(how & (HOST_TOUCH_PART | HOST_TOUCH_WRITE)) &&
	    is_assigned(machine, size, thread->frame)) {
		how |= HOST_TOUCH_WRITE;
		if (points_searched(machine->points))
			add_pair(machine->points, group_before(machine), range->group);
	}
	thread->touched = size;
	thread->touch_frame = thread->frame;
	scheduler_touch(machine, how & HOST_TOUCH_WRITE ? HOST_OP_WRITE : HOST_OP_READ, object);
	return size;
}
