// SPDX-License-Identifier: GPL-2.0
/*
 * Telling of a data race.
 */

#include <string.h>

#include "../points.h"
#include "detector.h"

bool race_is_programs_own(struct race *race, uint64_t address)
{
	struct machine *machine = race->machine;
	const struct host_image *image = machine->now->entry;
	int concurrent = machine->concurrent;
	bool own;

	if (address >= machine->mem.size || !image->file_page)
		return false;
	machine->concurrent = 0;
	race->log.on = 0;
	own = image->file_page(address >> HOST_PAGE_SHIFT);
	race->log.on = race->running;
	machine->concurrent = concurrent;
	return own;
}

static const char *line_of(const struct call_path *path)
{
	return path->nr ? symbols_lines(path->image->symbols, path->offset[0]) : "?";
}

static bool is_of(const struct violation *violation, const char *a, const char *b)
{
	return violation->where && g_str_has_prefix(violation->where, a) &&
	       violation->other && g_str_has_prefix(violation->other, b);
}

/* Each pair of lines once, in whatever order. */
static bool is_reported(struct race *race, const struct call_path *a, const struct call_path *b)
{
	const struct verdict *verdict = race->machine->verdict;
	const char *first = line_of(a), *second = line_of(b);

	for (unsigned int i = 0; i < verdict_count(verdict); i++) {
		const struct violation *violation = verdict_at(verdict, i);

		if (!strcmp(violation->property->id, "P-66") &&
		    (is_of(violation, first, second) || is_of(violation, second, first)))
			return true;
	}
	return false;
}

static const char *kind_of(const struct touch *touch)
{
	return touch->marked ? "marked" : "plain";
}

static const char *doing(const struct touch *touch)
{
	if (touch->frees)
		return "gives back";
	return touch->write ? "writes" : "reads";
}

static const char *done(const struct touch *touch)
{
	if (touch->frees)
		return "given back";
	return touch->write ? "written" : "read";
}

/*
 * What the two have in common; and all of an access that is a point already, for that is known
 * by its first byte.
 */
static void make_point(struct points *points, const struct touch *old, const struct touch *now,
		       uint64_t address)
{
	unsigned int bytes = old->bytes & now->bytes;

	if (old->announced)
		bytes |= old->bytes;
	if (now->announced)
		bytes |= now->bytes;
	points_add(points, address + __builtin_ctz(bytes),
		   address + 32 - __builtin_clz(bytes));
}

/* Of functions that are in line in each other, the one that is not. */
static char *outer_line(const struct call_path *path)
{
	const char *lines = line_of(path), *last = strrchr(lines, '\n');

	return g_strdup(last ? last + 1 : lines);
}

static void note_race(struct points *points, const struct call_path *a, const struct call_path *b)
{
	g_autofree char *first = outer_line(a), *second = outer_line(b);
	bool ordered = strcmp(first, second) <= 0;
	g_autofree char *text = g_strdup_printf("%s and %s", ordered ? first : second,
						ordered ? second : first);

	points_note_race(points, text);
}

void race_report(struct race *race, const struct touch *old, const struct touch *now,
		 uint64_t address)
{
	const struct call_path *here = paths_at(race->paths, now->path);
	const struct call_path *there = paths_at(race->paths, old->path);

	if (race_is_programs_own(race, address))
		return;
	if (points_searched(race->machine->points)) {
		make_point(race->machine->points, old, now, address);
		if (!(old->marked && now->marked))
			note_race(race->machine->points, here, there);
		return;
	}
	if ((old->marked && now->marked) || is_reported(race, here, there))
		return;
	execution_violation(race->machine, "P-66", here, there,
			    "a data race: %s %s (%s access) what %s has %s before (%s access), "
			    "and nothing orders the two",
			    (char *)g_ptr_array_index(race->names, now->thread), doing(now),
			    kind_of(now), (char *)g_ptr_array_index(race->names, old->thread),
			    done(old), kind_of(old));
}
