// SPDX-License-Identifier: GPL-2.0
/* What an exploration found. */

#include <model/machine.h>
#include <model/points.h>

#include "cmd.h"
#include "report.h"
#include "story.h"
#include "tell.h"
#include "trace.h"
static void describe(struct exploration *e, const struct story *story)
{
	GString *text = g_string_new(NULL);

	text_findings(text, e->job);
	story_text(text, story);
	e->finding = g_string_free(text, FALSE);
}

/* The search kept quiet about data races. Whoever runs the schedule again is told of them. */
static void report_races(struct exploration *e, struct machine *machine,
			 const struct schedule *schedule)
{
	points_search(e->job->points, POINTS_AS_THEY_ARE);
	explorer_again(e, machine, schedule);
	job_finish(e->job, machine);
}

/* If there is nothing but races, one of them is the finding. */
static void turn_to_races(struct exploration *e, struct machine *machine)
{
	e->job->points = e->raced;
	machine_set_points(machine, e->raced);
	report_races(e, machine, e->schedule);
}

/* A schedule means what it does together with what is a point in memory. */
static char *story_with_points(const struct exploration *e, const struct story *story)
{
	g_autofree char *schedule = story_schedule(story);
	g_autofree char *points = e->job->points ? points_format(e->job->points) : NULL;

	return points && *points ? g_strdup_printf("@%s,%s", points, schedule) :
				   g_steal_pointer(&schedule);
}

/* On the images that were asked for, if it was searched with others. */
static bool find_again(struct exploration *e, const struct images *asked,
		       struct machine **machinep, GError **error)
{
	enum scn_end end = e->job->end;

	if (e->job->images != asked && !job_move(e->job, asked, machinep, error))
		return false;
	return explorer_again(e, *machinep, e->schedule) == end;
}

void tell_finding(struct exploration *e, const struct run_options *run,
		  const struct images *asked, struct machine **machinep)
{
	g_autoptr(GError) error = NULL;
	struct story *story = NULL;

	if (e->only_races)
		turn_to_races(e, *machinep);
	if (find_again(e, asked, machinep, &error))
		story = story_new(e->job, *machinep, e->schedule);
	if (error)
		complain("%s", error->message);
	if (!story) {
		e->explored = EXPLORED_DIVERGED;
		return;
	}
	if (e->points && !e->only_races)
		report_races(e, *machinep, story->schedule);
	e->story = story_with_points(e, story);
	e->again = command_again(run, e->job->scn->path, e->story);
	g_free(e->job->again);
	e->job->again = g_strdup(e->again);
	describe(e, story);
	if (run->trace && !trace_write(run->trace, e->job, &error))
		complain("%s", error->message);
	story_free(story);
}
