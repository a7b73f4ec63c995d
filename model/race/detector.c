// SPDX-License-Identifier: GPL-2.0
/*
 * The detector of data races: threads come and go, and what they have done is judged in the
 * order in which they did it.
 */

#include <strings.h>

#include "../bitmap.h"
#include "../check.h"
#include "../points.h"
#include "detector.h"

static void found(void *ctx, const struct touch *old, const struct touch *now, uint64_t address)
{
	race_report(ctx, old, now, address);
}

struct race *race_new(struct machine *machine)
{
	struct race *race = g_new0(struct race, 1);

	race->machine = machine;
	syncs_init(&race->syncs);
	race->shadow = shadow_new(found, race);
	race->paths = paths_new();
	race->names = g_ptr_array_new_with_free_func(g_free);
	return race;
}

void race_free(struct race *race)
{
	if (!race)
		return;
	g_ptr_array_free(race->names, TRUE);
	paths_free(race->paths);
	shadow_free(race->shadow);
	syncs_destroy(&race->syncs);
	g_free(race);
}

struct host_log *race_log(struct race *race)
{
	return &race->log;
}

void race_boot(struct race *race)
{
	const struct kernel *kernel = race->machine->now;

	race->running = false;
	race->log.on = 0;
	race->log.exempt = 0;
	race->log.nr = 0;
	race->log.text = kernel->text_start;
	race->log.text_size = kernel->text_end - kernel->text_start;
}

static void stop_looking(struct race *race)
{
	race->running = false;
	race->log.on = 0;
}

static void add_thread(struct race *race, struct machine_thread *thread)
{
	if (race->syncs.threads == RACE_THREADS) {
		stop_looking(race);
		return;
	}
	g_ptr_array_add(race->names, g_strdup(thread->name));
	thread->racer = syncs_add(&race->syncs) + 1;
}

static void forget_log(struct race *race)
{
	race->log.nr = 0;
	race->log.round++;
}

void race_begin(struct race *race)
{
	GPtrArray *threads;

	if (!race || race->machine->live < 2)
		return;
	shadow_clear(race->shadow);
	syncs_clear(&race->syncs);
	g_ptr_array_set_size(race->names, 0);
	forget_log(race);
	points_filter(race->machine->points, race->log.points);
	race->running = true;
	race->log.on = 1;
	race->log.exempt = 0;
	threads = race->machine->threads;
	for (unsigned int i = 0; i < threads->len && race->running; i++) {
		struct machine_thread *thread = g_ptr_array_index(threads, i);

		if (thread->state != THREAD_DONE)
			add_thread(race, thread);
	}
}

void race_end(struct race *race)
{
	if (!race || !race->running)
		return;
	stop_looking(race);
	verdict_checked(race->machine->verdict, "P-66");
}

bool race_running(const struct race *race)
{
	return race && race->running;
}

static bool current_number(const struct race *race, unsigned int *number)
{
	const struct machine_thread *thread = race->machine->current;

	if (!race->running || !thread || !thread->racer)
		return false;
	*number = thread->racer - 1;
	return true;
}

void race_born(struct race *race, struct machine_thread *thread)
{
	unsigned int self;

	if (!race_running(race))
		return;
	race_stands(race);
	add_thread(race, thread);
	if (current_number(race, &self))
		syncs_tell(&race->syncs, self, thread->racer - 1);
}

void race_wakes(struct race *race, const struct machine_thread *thread)
{
	unsigned int self;

	if (!race || !thread->racer || !current_number(race, &self))
		return;
	race_stands(race);
	syncs_wake(&race->syncs, self, thread->racer - 1);
}

void race_expects(struct race *race)
{
	unsigned int self;

	if (race && current_number(race, &self))
		race->syncs.thread[self].waking = (struct clock){ 0 };
}

void race_awake(struct race *race)
{
	unsigned int self;

	if (!race || !current_number(race, &self))
		return;
	race_stands(race);
	syncs_awake(&race->syncs, self);
}

void race_goes_on(struct race *race, const struct machine_thread *thread)
{
	if (!race_running(race))
		return;
	race->log.stack = (uintptr_t)thread->fiber->stack;
	race->log.stack_size = thread->fiber->size;
	race->log.round++;
}

/*
 * Whether the step that it belongs to is on that object: whoever tries orders knows of it then.
 * At sync granularity that is not asked.
 */
static bool is_announced(const struct race *race, const struct host_access *access)
{
	const struct machine_thread *thread = race->machine->current;

	if (access->own || !race->machine->points)
		return access->marked;
	return access->marked && !thread->touches &&
	       (uintptr_t)thread->object == access->address;
}

/* As if whatever others have done were unordered. */
static const struct clock no_order;

static void judge_access(struct race *race, unsigned int self, const struct host_access *access)
{
	uint64_t address = access->address;
	struct touch touch = {
		.thread = self,
		.write = access->kind != HOST_ACCESS_READ,
		.marked = access->marked,
		.announced = is_announced(race, access),
		.frees = access->kind == HOST_ACCESS_FREE,
	};

	if (!points_name(race->machine, &address))
		return;
	if (access->kind == HOST_ACCESS_NEW) {
		shadow_forget(race->shadow, address, access->size);
		return;
	}
	touch.clock = race->syncs.thread[self].clock.at[self];
	touch.path = paths_number(race->paths, race->machine, access);
	shadow_access(race->shadow, address, access->size, &touch,
		      points_searched(race->machine->points) == POINTS_SHARED ? &no_order :
		      &race->syncs.thread[self].clock);
}

void race_stands(struct race *race)
{
	unsigned int self;

	if (!race || !race->log.nr)
		return;
	if (current_number(race, &self)) {
		race->last = self;
		for (unsigned int i = 0; i < race->log.nr; i++) {
			const struct host_access *access = &race->log.records[i];

			if (access->kind <= HOST_ACCESS_FREE)
				judge_access(race, self, access);
			else
				syncs_do(&race->syncs, self, access->kind, access->address);
		}
	}
	forget_log(race);
}

/* To stop others in the middle of a step is to come between two writes of it. */
static void judge_kept(void *ctx, const struct touch *touch, uint64_t address)
{
	struct race *race = ctx;
	const struct machine *machine = race->machine;
	const struct clock *clock = &race->syncs.thread[race->last].clock;

	if (touch->write && !touch->frees && !touch->announced && touch->thread != race->last &&
	    touch->clock > clock->at[touch->thread] && points_is_memory(machine, address) &&
	    bitmap_test(machine->handover.kept, address >> HOST_PAGE_SHIFT) &&
	    !race_is_programs_own(race, address))
		points_add(machine->points, address + ffs(touch->bytes) - 1,
			   address + 32 - __builtin_clz(touch->bytes));
}

void race_jumped(struct race *race)
{
	if (race && points_searched(race->machine->points) != POINTS_AS_THEY_ARE)
		shadow_visit(race->shadow, judge_kept, race);
}

void race_look_away(struct race *race, bool away)
{
	if (race)
		race->log.exempt += away ? 1 : -1;
}

static bool race_usable(const struct host_image *image)
{
	return image->hooks;
}

const struct checker race_checker = {
	.name = "data races",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("P-66"),
	.usable = race_usable,
};
