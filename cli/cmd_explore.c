// SPDX-License-Identifier: GPL-2.0
/* luosim explore: scenarios in all orders. */

#include <stdio.h>
#include <string.h>

#include <model/machine.h>

#include "cmd.h"
#include "explorer.h"
#include "files.h"
#include "options.h"

int cmd_explore(int argc, char **argv)
{
	struct run_options o = { 0 };
	g_autoptr(GPtrArray) files = NULL;
	g_autoptr(GError) error = NULL;
	struct images images;
	struct machine *machine = NULL;
	const struct explore_options options = { .strategy = g_getenv("S") ? EXPLORE_SOURCE : EXPLORE_OPTIMAL };

	if (!run_options_parse(&o, &argc, &argv, true))
		return LUOSIM_USAGE;
	files = scenario_files(argv + 1, &error);
	if (!files || !images_find(&images, o.kernel, o.old, o.next, &error)) {
		complain("%s", error->message);
		return LUOSIM_USAGE;
	}
	for (unsigned int i = 0; i < files->len; i++) {
		struct scn *scn = scn_parse_file(g_ptr_array_index(files, i), &error);
		struct exploration e = { .job = job_new(scn, &images) };

		if (!explorer_run(&e, &machine, &options, 20, &error)) {
			complain("%s", error->message);
			return LUOSIM_USAGE;
		}
		printf("%s: %s%s %lu executions %lu redundant %lu deadlocks %lu steps depth %u %.2f s end %d %zu\n", scn->path,
		       e.result.complete ? "complete" : "INCOMPLETE", e.result.diverged ? " DIVERGED" : "",
		       e.result.executions, e.result.redundant, e.result.deadlocks, e.result.steps, e.result.depth_max,
		       e.seconds, e.job->end, e.result.bytes);
		for (unsigned int k = 0; k < EXPLORE_HOT_MAX; k++)
			if (e.result.hot[k].name)
				printf("   %lu: %s\n", e.result.hot[k].races, e.result.hot[k].name);
		exploration_clear(&e);
		job_free(e.job);
	}
	machine_free(machine);
	images_clear(&images);
	run_options_clear(&o);
	return 0;
}
