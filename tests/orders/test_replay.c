// SPDX-License-Identifier: GPL-2.0
/* What was found in one order comes about again in that order, as often as one likes. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/explore_kernel.h"
#include "model/instrument.h"
#include "model/machine.h"
#include "model/path.h"
#include "model/verdict.h"
#include "scenarios/scn.h"
#include "scenarios/target.h"

#define REPLAYS		(MODEL_ASAN ? 100u : 1000u)
#define SCHEDULES	8u

/**
 * struct found - a scenario that is explored, and some of its orders.
 * @schedules: of different executions
 * @digests:   of what happened in each
 */
struct found {
	struct scn *scn;
	struct scn_target target;
	struct machine *machine;
	struct path *path;
	struct verdict *verdict;
	struct scn_run *run;
	struct schedule *schedules[SCHEDULES];
	char *digests[SCHEDULES];
	unsigned int nr;
};

static void run_once(void *ctx)
{
	struct found *found = ctx;

	verdict_clear(found->verdict);
	path_truncate(found->path, 0);
	path_restart(found->path);
	scn_run_execute(found->run);
}

static void save_run(void *ctx)
{
	struct found *found = ctx;

	scn_run_save(found->run);
}

static enum explore_next run_ended(void *ctx, const struct schedule *schedule,
				   const struct explore_result *result)
{
	struct found *found = ctx;

	(void)result;
	found->schedules[found->nr] = schedule_copy(schedule);
	found->digests[found->nr] = scn_run_digest(found->run);
	return ++found->nr < SCHEDULES ? EXPLORE_GO_ON : EXPLORE_STOP;
}

static void set_up(struct found *found, const char *text)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self);
	g_autofree char *image = g_build_filename(dir, "..", "kernel-model.so", NULL);
	struct machine_config config = { .memory = 64 << 20, .image = image };
	GError *error = NULL;

	found->path = config.path = path_new();
	found->verdict = config.verdict = verdict_new();
	found->scn = scn_parse_text("t.scn", text, -1, &error);
	if (!found->scn)
		fail_msg("%s", error->message);
	found->machine = machine_new(&config, &error);
	if (!found->machine)
		fail_msg("%s", error->message);
	scn_machine_target(&found->target, found->machine);
	found->run = scn_run_new(found->scn, &found->target, found->verdict);
}

static void clear(struct found *found)
{
	for (unsigned int i = 0; i < found->nr; i++) {
		schedule_free(found->schedules[i]);
		g_free(found->digests[i]);
	}
	scn_run_free(found->run);
	machine_free(found->machine);
	scn_free(found->scn);
	path_free(found->path);
	verdict_free(found->verdict);
}

/* Follows the schedule; then what the path recorded of that, without anybody who decides. */
static void replay(struct found *found, unsigned int i)
{
	struct director *director = director_new(found->machine, found->schedules[i]);
	g_autofree char *directed = NULL, *recorded = NULL;

	run_once(found);
	schedule_free(director_free(director));
	directed = scn_run_digest(found->run);
	assert_string_equal(directed, found->digests[i]);
	verdict_clear(found->verdict);
	path_restart(found->path);
	scn_run_execute(found->run);
	assert_false(path_diverged(found->path));
	recorded = scn_run_digest(found->run);
	assert_string_equal(recorded, found->digests[i]);
}

static void replay__any_order_a_thousand_times__is_the_same_to_the_byte(void **state)
{
	struct found found = { 0 };
	struct explore_kernel what = {
		.threads = 4, .run = run_once, .save = save_run, .ended = run_ended,
	};
	const struct explore_options options = { .strategy = EXPLORE_OPTIMAL };
	struct explore_result result;
	bool differ = false;

	(void)state;
	set_up(&found, "scenario \"race\"\nsetup\n luo = open_liveupdate\nthread a\n"
	       " create_session luo \"s\"\nthread b\n create_session luo \"s\" -> ok|EEXIST\n");
	what.machine = found.machine;
	what.ctx = &found;
	result = explore_kernel_run(&what, &options);
	for (unsigned int i = 0; i < EXPLORE_HOT_MAX; i++)
		g_free(result.hot[i].name);
	assert_true(found.nr > 2);
	for (unsigned int i = 1; i < found.nr; i++)
		differ |= strcmp(found.digests[0], found.digests[i]) != 0;
	assert_true(differ);
	for (unsigned int i = 0; i < REPLAYS; i++)
		replay(&found, i % found.nr);
	clear(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replay__any_order_a_thousand_times__is_the_same_to_the_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
