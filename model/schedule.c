// SPDX-License-Identifier: GPL-2.0
/*
 * Schedules, and runs that follow them.
 */

#include <string.h>

#include "driver.h"
#include "points.h"
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
	if (schedule->names)
		copy->names = g_ptr_array_ref(schedule->names);
	return copy;
}

void schedule_free(struct schedule *schedule)
{
	if (!schedule)
		return;
	g_array_unref(schedule->dispatches);
	g_clear_pointer(&schedule->names, g_ptr_array_unref);
	g_free(schedule);
}

/* Threads of one name, in different phases, are told apart by their numbers. */
static bool is_ambiguous(const GPtrArray *names, unsigned int thread)
{
	for (unsigned int i = 0; i < names->len; i++)
		if (i != thread - 1 && g_str_equal(g_ptr_array_index(names, i),
						   g_ptr_array_index(names, thread - 1)))
			return true;
	return false;
}

static void append_name(GString *text, const GPtrArray *names, unsigned int thread)
{
	if (thread <= names->len)
		g_string_append(text, g_ptr_array_index(names, thread - 1));
	if (thread > names->len || is_ambiguous(names, thread))
		g_string_append_printf(text, "/%u", thread);
}

void schedule_set_names(struct schedule *schedule, const GPtrArray *names)
{
	g_clear_pointer(&schedule->names, g_ptr_array_unref);
	schedule->names = g_ptr_array_new_with_free_func(g_free);
	for (unsigned int i = 1; i <= names->len; i++) {
		GString *name = g_string_new(NULL);

		append_name(name, names, i);
		g_ptr_array_add(schedule->names, g_string_free(name, FALSE));
	}
}

char *schedule_format(const struct schedule *schedule, const GPtrArray *names)
{
	GString *text = g_string_new(NULL);

	for (unsigned int i = 0, end; i < schedule_length(schedule); i = end) {
		unsigned int thread = schedule_at(schedule, i)->thread;

		end = schedule_stretch(schedule, i);
		if (i)
			g_string_append_c(text, ',');
		append_name(text, names, thread);
		g_string_append_printf(text, ":%u", end - i);
	}
	return g_string_free(text, FALSE);
}

static unsigned int number_of(GPtrArray *names, const char *name)
{
	for (unsigned int i = 0; i < names->len; i++)
		if (g_str_equal(g_ptr_array_index(names, i), name))
			return i + 1;
	g_ptr_array_add(names, g_strdup(name));
	return names->len;
}

/* More than any run takes. */
#define TIMES_MAX	1000000u

static bool parse_stretch(struct schedule *schedule, const char *text, GError **error)
{
	const char *colon = strrchr(text, ':');
	g_autofree char *name = colon ? g_strndup(text, colon - text) : NULL;
	struct dispatch dispatch = { 0 };
	guint64 times;

	if (!name || !*name ||
	    !g_ascii_string_to_unsigned(colon + 1, 10, 1, TIMES_MAX, &times, NULL)) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			    "'%s' is not THREAD:TIMES, with 1 to %u times", text, TIMES_MAX);
		return false;
	}
	dispatch.thread = number_of(schedule->names, name);
	while (times--)
		schedule_add(schedule, dispatch);
	return true;
}

struct schedule *schedule_parse(const char *text, GError **error)
{
	g_auto(GStrv) stretches = g_strsplit(text, ",", -1);
	struct schedule *schedule = schedule_new();
	bool ok = *stretches;

	schedule->names = g_ptr_array_new_with_free_func(g_free);
	if (!ok)
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			    "nothing is in it");

	for (char **s = stretches; ok && *s; s++)
		ok = parse_stretch(schedule, *s, error);
	if (ok)
		return schedule;
	schedule_free(schedule);
	return NULL;
}

unsigned int schedule_stretch(const struct schedule *schedule, unsigned int first)
{
	unsigned int end = first;

	while (end < schedule_length(schedule) &&
	       schedule_at(schedule, end)->thread == schedule_at(schedule, first)->thread)
		end++;
	return end;
}

unsigned int schedule_switches(const struct schedule *schedule)
{
	unsigned int stretches = 0;

	for (unsigned int i = 0; i < schedule_length(schedule);
	     i = schedule_stretch(schedule, i))
		stretches++;
	return stretches ? stretches - 1 : 0;
}

struct director {
	struct driver driver;
	struct machine *machine;
	const struct schedule *wanted;
	struct schedule *happened;
	unsigned int next;
	unsigned int numbers;
	void (*watch)(void *ctx, const struct stand *stand);
	void *ctx;
};

static struct director *to_director(struct driver *driver)
{
	return (struct director *)driver;
}

static void director_begin(struct driver *driver, struct machine *machine)
{
	(void)driver;
	(void)machine;
}

/* Of "name/3" the 3; of another name 0. */
static unsigned int number_in(const char *name)
{
	const char *slash = strrchr(name, '/');
	guint64 number;

	if (!slash || !g_ascii_string_to_unsigned(slash + 1, 10, 1, G_MAXUINT16, &number, NULL))
		return 0;
	return (unsigned int)number;
}

static struct machine_thread *find_by_name(const struct director *director, const char *name)
{
	GPtrArray *threads = director->machine->threads;

	for (unsigned int i = 0; i < threads->len; i++) {
		struct machine_thread *thread = g_ptr_array_index(threads, i);

		if (thread->state != THREAD_DONE && g_str_equal(thread->name, name))
			return thread;
	}
	return NULL;
}

/* The first thread that has no number yet is the next one. */
static struct machine_thread *find_by_number(const struct director *director,
					     unsigned int number)
{
	GPtrArray *threads = director->machine->threads;

	for (unsigned int i = 0; i < threads->len; i++) {
		struct machine_thread *thread = g_ptr_array_index(threads, i);

		if (thread->number ? thread->number == number :
				     number == director->numbers + 1)
			return thread;
	}
	return NULL;
}

static struct machine_thread *find_thread(const struct director *director, unsigned int number)
{
	const char *name;

	if (!director->wanted->names || number > director->wanted->names->len)
		return find_by_number(director, number);
	name = g_ptr_array_index(director->wanted->names, number - 1);
	number = number_in(name);
	return number ? find_by_number(director, number) : find_by_name(director, name);
}

static struct machine_thread *director_next(struct driver *driver, struct machine *machine)
{
	struct director *director = to_director(driver);

	(void)machine;
	if (director->next == schedule_length(director->wanted))
		return NULL;
	return find_thread(director,
			   schedule_at(director->wanted, director->next++)->thread);
}

static void tell(const struct director *director, const struct machine_thread *thread,
		 bool begins)
{
	struct stand stand = {
		.thread = thread->number, .name = thread->name, .op = thread->op,
		.begins = begins, .woken = thread->waits_on,
		.object = thread->waits_on ? thread->waits_on : thread->object,
	};

	stand.object = points_object(director->machine, stand.object);
	if (!begins)
		execution_path_on(director->machine, &stand.path, thread->fiber, thread->site,
				  thread->frame);
	director->watch(director->ctx, &stand);
}

static void director_gone_on(struct driver *driver, struct machine_thread *thread)
{
	struct director *director = to_director(driver);
	bool begins = !thread->number;

	if (begins)
		thread->number = ++director->numbers;
	schedule_add(director->happened, (struct dispatch){ .thread = thread->number });
	if (director->watch)
		tell(director, thread, begins);
}

static unsigned int director_answer(struct driver *driver, struct machine_thread *thread)
{
	struct director *director = to_director(driver);
	struct dispatch dispatch = { .thread = thread->number };

	if (director->next < schedule_length(director->wanted))
		dispatch = *schedule_at(director->wanted, director->next++);
	dispatch.thread = thread->number;
	schedule_add(director->happened, dispatch);
	return dispatch.answer;
}

struct director *director_new(struct machine *machine, const struct schedule *schedule)
{
	struct director *director = g_new0(struct director, 1);

	director->driver = (struct driver){
		.begin = director_begin, .next = director_next,
		.gone_on = director_gone_on, .answer = director_answer,
	};
	director->machine = machine;
	director->wanted = schedule;
	director->happened = schedule_new();
	machine->driver = &director->driver;
	return director;
}

void director_watch(struct director *director,
		    void (*watch)(void *ctx, const struct stand *stand), void *ctx)
{
	director->watch = watch;
	director->ctx = ctx;
}

struct schedule *director_free(struct director *director)
{
	struct schedule *happened = director->happened;

	director->machine->driver = NULL;
	g_free(director);
	return happened;
}
