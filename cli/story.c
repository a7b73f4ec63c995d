// SPDX-License-Identifier: GPL-2.0
/*
 * Finding the schedule with the fewest switches that leads to a finding, by running others that
 * have fewer and looking whether they do.
 */

#include <string.h>

#include <model/machine.h>

#include "story.h"

/* Runs that may be tried: each takes about a tenth of a millisecond. */
#define TRIES_MAX	3000u

/* What was found, so that another run can be said to have found the same. */
static char *finding_of(const struct job *job)
{
	const struct scn_step *step = scn_run_first_unexpected(job->run);
	const char *property = "";

	for (unsigned int i = verdict_count(job->verdict); i-- > 0; )
		if (!scn_run_announced(job->run, verdict_at(job->verdict, i)->property->id))
			property = verdict_at(job->verdict, i)->property->id;
	return g_strdup_printf("%d %s %d", job->end, property,
			       step ? step->statement->line : 0);
}

static void watch(void *ctx, const struct stand *stand)
{
	struct story *story = ctx;
	struct story_step step = {
		.stand = *stand, .begun = scn_run_steps(story->job->run)->len,
	};

	if (stand->begins)
		g_ptr_array_add(story->names, g_strdup(stand->name));
	step.stand.name = NULL;
	g_array_append_val(story->steps, step);
}

/* Runs by @wanted; true if that comes to @finding. @happened is what the run was like. */
static bool leads_to(struct story *story, const struct schedule *wanted, const char *finding,
		     struct schedule **happened)
{
	struct director *director = director_new(story->machine, wanted);
	g_autofree char *found = NULL;

	g_array_set_size(story->steps, 0);
	g_ptr_array_set_size(story->names, 0);
	director_watch(director, watch, story);
	job_again(story->job);
	*happened = director_free(director);
	schedule_set_names(*happened, story->names);
	found = finding_of(story->job);
	return !strcmp(found, finding);
}

/* The first @length dispatches; after them whoever can go on does. */
static struct schedule *beginning(const struct schedule *schedule, unsigned int length)
{
	struct schedule *begun = schedule_copy(schedule);

	g_array_set_size(begun->dispatches, length);
	return begun;
}

/* The stretch that ends at @middle comes after the one that begins there. */
static struct schedule *swapped(const struct schedule *schedule, unsigned int first,
				unsigned int middle)
{
	unsigned int end = schedule_stretch(schedule, middle);
	struct schedule *other = beginning(schedule, first);

	g_array_append_vals(other->dispatches, schedule_at(schedule, middle), end - middle);
	g_array_append_vals(other->dispatches, schedule_at(schedule, first), middle - first);
	for (unsigned int i = end; i < schedule_length(schedule); i++)
		schedule_add(other, *schedule_at(schedule, i));
	return other;
}

/* Takes over @candidate. True if it is better than what there is, which it then replaces. */
static bool improve(struct story *story, struct schedule *candidate, const char *finding,
		    unsigned int *tries)
{
	struct schedule *happened;
	bool better;

	++*tries;
	better = leads_to(story, candidate, finding, &happened) &&
		 schedule_switches(happened) < schedule_switches(story->schedule);
	schedule_free(candidate);
	if (!better) {
		schedule_free(happened);
		return false;
	}
	schedule_free(story->schedule);
	story->schedule = happened;
	return true;
}

static bool improve_once(struct story *story, const char *finding, unsigned int *tries)
{
	const struct schedule *now = story->schedule;
	unsigned int length = schedule_length(now);

	for (unsigned int i = 0, end; i < length && *tries < TRIES_MAX; i = end) {
		end = schedule_stretch(now, i);
		if (improve(story, beginning(now, i), finding, tries))
			return true;
		if (end < length && improve(story, swapped(now, i, end), finding, tries))
			return true;
	}
	return false;
}

struct story *story_new(struct job *job, struct machine *machine,
			const struct schedule *schedule)
{
	struct story *story = g_new0(struct story, 1);
	g_autofree char *finding = finding_of(job);
	struct schedule *happened;
	unsigned int tries = 0;

	story->job = job;
	story->machine = machine;
	story->steps = g_array_new(FALSE, FALSE, sizeof(struct story_step));
	story->names = g_ptr_array_new_with_free_func(g_free);
	if (!leads_to(story, schedule, finding, &story->schedule)) {
		story_free(story);
		return NULL;
	}
	while (improve_once(story, finding, &tries))
		;
	if (leads_to(story, story->schedule, finding, &happened)) {
		schedule_free(story->schedule);
		story->schedule = happened;
		job_finish(job, machine);
		return story;
	}
	schedule_free(happened);
	story_free(story);
	return NULL;
}

void story_free(struct story *story)
{
	if (!story)
		return;
	schedule_free(story->schedule);
	g_array_unref(story->steps);
	g_ptr_array_unref(story->names);
	g_free(story);
}

char *story_schedule(const struct story *story)
{
	return schedule_format(story->schedule, story->names);
}
