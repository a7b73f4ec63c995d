// SPDX-License-Identifier: GPL-2.0
/*
 * Schedules, and runs that follow them.
 */

#include "driver.h"
#include "schedule.h"

struct schedule *schedule_new(void)
{
	struct schedule *schedule = g_new0(struct schedule, 1);

	schedule->dispatches = g_array_new(FALSE, FALSE, sizeof(struct dispatch));
	return schedule;
}

struct schedule *schedule_copy(const struct schedule *schedule)
{
	struct schedule *copy = schedule_new();

	g_array_append_vals(copy->dispatches, schedule->dispatches->data,
			    schedule->dispatches->len);
	return copy;
}

void schedule_free(struct schedule *schedule)
{
	if (!schedule)
		return;
	g_array_unref(schedule->dispatches);
	g_free(schedule);
}

unsigned int schedule_switches(const struct schedule *schedule)
{
	unsigned int switches = 0;

	for (unsigned int i = 1; i < schedule_length(schedule); i++)
		switches += schedule_at(schedule, i)->thread !=
			    schedule_at(schedule, i - 1)->thread;
	return switches;
}

struct director {
	struct driver driver;
	struct machine *machine;
	const struct schedule *schedule;
	unsigned int next;
	unsigned int numbers;
	unsigned int answer;
};

static void director_begin(struct driver *driver, struct machine *machine)
{
	(void)driver;
	(void)machine;
}

/* A thread that has no number yet gets the next one when the schedule first names that. */
static struct machine_thread *find_thread(struct director *director, unsigned int number)
{
	GPtrArray *threads = director->machine->threads;

	for (unsigned int i = 0; i < threads->len; i++) {
		struct machine_thread *thread = g_ptr_array_index(threads, i);

		if (thread->number == number)
			return thread;
		if (!thread->number && number == director->numbers + 1) {
			thread->number = ++director->numbers;
			return thread;
		}
	}
	return NULL;
}

static struct machine_thread *director_next(struct driver *driver, struct machine *machine)
{
	struct director *director = (struct director *)driver;
	const struct dispatch *dispatch;

	(void)machine;
	if (director->next == schedule_length(director->schedule))
		return NULL;
	dispatch = schedule_at(director->schedule, director->next++);
	director->answer = dispatch->answer;
	return find_thread(director, dispatch->thread);
}

static unsigned int director_answer(struct driver *driver, struct machine_thread *thread)
{
	struct director *director = (struct director *)driver;

	(void)thread;
	director_next(driver, director->machine);
	return director->answer;
}

struct director *director_new(struct machine *machine, const struct schedule *schedule)
{
	struct director *director = g_new0(struct director, 1);

	director->driver = (struct driver){
		.begin = director_begin, .next = director_next, .answer = director_answer,
	};
	director->machine = machine;
	director->schedule = schedule;
	machine->driver = &director->driver;
	return director;
}

void director_free(struct director *director)
{
	director->machine->driver = NULL;
	g_free(director);
}
