// SPDX-License-Identifier: GPL-2.0
/*
 * luosim explore --granularity memory, run as its users run it, and what it tells about kernels
 * with data races. Nothing of that is where sanitizers leave no room for hooks.
 *
 *   usage: cli-granularity SCENARIOS
 */

#include <stdlib.h>

#include <json-glib/json-glib.h>

#include "world.h"

#define CLEAN	"scenario \"clean\"\nsetup\n luo = open_liveupdate\nthread a\n" \
		" a = create_session luo \"a\"\nthread b\n b = create_session luo \"b\"\n"
/* Both are taken where looking for the name and taking it is not one step. */
#define NAMES	"scenario \"names\"\nsetup\n luo = open_liveupdate\n"		\
		"thread a\n a = create_session luo \"s\" -> ok|EEXIST\n"	\
		"thread b\n b = create_session luo \"s\" -> ok|EEXIST\n"	\
		"then\n reboot\n luo = open_liveupdate by P-03\n"

/* The library. */
static const char *scenarios = "scenarios";

static void ends_with(struct world *w, int status, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void ends_with(struct world *w, int status, const char *format, ...)
{
	g_autofree char *line = NULL;
	va_list args;

	va_start(args, format);
	line = g_strdup_vprintf(format, args);
	va_end(args);
	ends(w, line, status);
}

/* Of the build; NULL if it is not there. */
static char *image_of(const struct world *w, const char *name)
{
	g_autofree char *here = g_path_get_dirname(w->luosim);
	g_autofree char *beside = g_build_filename(here, name, NULL);
	char *image = g_canonicalize_filename(beside, NULL);

	if (g_file_test(image, G_FILE_TEST_EXISTS))
		return image;
	g_free(image);
	return NULL;
}

static char *broken_image(const struct world *w, const char *name)
{
	g_autofree char *file = g_strdup_printf("tests/broken/kernel-broken-%s.so", name);

	return image_of(w, file);
}

/* skip() does not return. */
static char *hooks_or_skip(const struct world *w)
{
	char *image = image_of(w, "kernel-model-hooks.so");

	if (!image)
		skip();
	return image;
}

static char *broken_or_skip(const struct world *w, const char *name)
{
	char *image = broken_image(w, name);

	if (!image)
		skip();
	return image;
}

static void memory__kernel_without_races__same_executions(void **state)
{
	struct world *w = *state;
	g_autofree char *hooks = hooks_or_skip(w), *sync = NULL, *memory = NULL;

	put(w, "a.scn", CLEAN);
	ends_with(w, 0, "explore --granularity sync a.scn");
	sync = told(w, "every ordering\n");
	hides(w->out, "plain access");
	ends_with(w, 0, "explore --granularity memory a.scn");
	memory = told(w, "every ordering\n");
	shows(w->out, "no plain access had to be a scheduling point\n");
	assert_string_equal(sync, memory);
	ends_with(w, 0, "explore --granularity memory --kernel %s a.scn", hooks);
}

static void memory__wrong_use__is_explained_in_one_line(void **state)
{
	struct world *w = *state;
	g_autofree char *hooks = hooks_or_skip(w), *plain = image_of(w, "kernel-model.so");
	g_autofree char *line = NULL, *told_so = NULL;

	put(w, "a.scn", CLEAN);
	complains(w, "explore --granularity fine a.scn",
		  "luosim explore: --granularity is sync or memory, not 'fine'");
	complains(w, "explore --granularity memory --resume r a.scn", "luosim explore: "
		  "--granularity memory can't be combined with --resume");
	line = g_strdup_printf("explore --granularity memory --kernel %s a.scn a.scn", plain);
	told_so = g_strdup_printf("luosim explore: kernel image '%s' has no hooks at its accesses "
				  "to memory, which memory granularity needs; '%s' has them", plain,
				  hooks);
	complains(w, line, told_so);
	complains(w, "run a.scn --schedule @nowhere,a:1",
		  "luosim run: --schedule: 'nowhere' names no places in memory");
	complains(w, "run a.scn --schedule @m10/4+m12/4,a:1",
		  "luosim run: --schedule: 'm10/4+m12/4' names no places in memory");
	g_free(told_so);
	told_so = g_strdup_printf("luosim run: kernel image '%s' has no hooks at its accesses "
				  "to memory, which memory granularity needs; '%s' has them", plain,
				  hooks);
	complains(w, "run a.scn --schedule @m10/4,a:1", told_so);
}

static void memory__outcome_of_a_race__is_found_by_all_ways(void **state)
{
	struct world *w = *state;
	g_autofree char *plain = broken_or_skip(w, "insert-without-lock");
	g_autofree char *hooks = broken_or_skip(w, "insert-without-lock-hooks");
	g_autofree char *again = NULL;

	put(w, "n.scn", NAMES);
	ends_with(w, 0, "explore --kernel %s n.scn", plain);
	shows(w->out, "explored: every ordering\n");
	ends_with(w, 1, "explore --kernel %s n.scn", hooks);
	shows(w->out, "violated P-66 in kernel 1\n");
	hides(w->out, "violated P-03");
	ends_with(w, 1, "explore --granularity memory --kernel %s n.scn", hooks);
	shows(w->out, "plain accesses are scheduling points in ");
	shows(w->out, "a data race:  ");
	shows(w->out, "violated P-03 in kernel 2\n");
	again = told(w, "again: luosim ");
	shows(again, " --schedule @s");
	ends_with(w, 1, "%s", again);
	shows(w->out, "violated P-03 in kernel 2\n");
	/* Where they are not points, threads go on elsewhere. */
	*strchr(strstr(again, "--schedule @") + 12, ',') = '\0';
	ends_with(w, 2, "%s", again);
	ends_with(w, 1, "explore --granularity memory --trace t.json --kernel %s n.scn", hooks);
	ends_with(w, 1, "replay t.json");
	shows(w->out, "violated P-03 in kernel 2\n");
	/* A finding without a race needs no points. */
	put(w, "b.scn", "scenario \"b\"\nsetup\n luo = open_liveupdate\nthread a\n"
	    " create_session luo \"s\"\nthread b\n create_session luo \"t\" -> EEXIST\n");
	ends_with(w, 1, "explore --granularity memory --trace b.json b.scn");
	ends_with(w, 1, "replay b.json");
	ends_with(w, 1, "explore --granularity memory --random 200 --kernel %s n.scn", hooks);
	/* Whatever it is that the race leads to first. */
	hides(w->out, "nothing was found but data races");
	shows(w->out, " --schedule @");
	ends_with(w, 1, "explore --granularity memory --preemptions 1 --kernel %s n.scn", hooks);
	shows(w->out, "violated P-03 in kernel 2\n");
}

static void memory__all_traces__says_where_it_begins_again(void **state)
{
	struct world *w = *state;
	g_autofree char *hooks = broken_or_skip(w, "insert-without-lock-hooks");

	put(w, "n.scn", NAMES);
	ends_with(w, 1, "explore --granularity memory --all-traces --kernel %s n.scn", hooks);
	shows(w->out, "again, for plain accesses are scheduling points in more places: ");
}

static void memory__json__has_races(void **state)
{
	struct world *w = *state;
	g_autofree char *hooks = broken_or_skip(w, "insert-without-lock-hooks");
	g_autoptr(JsonParser) parser = json_parser_new();
	JsonObject *one;

	put(w, "n.scn", NAMES);
	ends_with(w, 1, "explore --granularity memory --json --kernel %s n.scn", hooks);
	assert_true(json_parser_load_from_data(parser, w->out, -1, NULL));
	one = json_array_get_object_element(json_object_get_array_member(
		json_node_get_object(json_parser_get_root(parser)), "scenarios"), 0);
	assert_string_equal(json_object_get_string_member(one, "granularity"), "memory");
	assert_int_not_equal(json_object_get_int_member(one, "points_in_memory"), 0);
	assert_int_not_equal(json_array_get_length(json_object_get_array_member(one,
										"data_races")), 0);
	shows(json_object_get_string_member(one, "schedule"), "@s");
}

static char *library_scenario(const char *name)
{
	return g_build_filename(scenarios, "races", name, NULL);
}

static void races_alone__every_ordering__are_found(void **state)
{
	struct world *w = *state;
	g_autofree char *hooks = broken_or_skip(w, "look-before-locking-hooks");
	g_autofree char *file = library_scenario("four_sessions_at_once.scn"), *again = NULL;

	ends_with(w, 1, "explore --granularity memory --kernel %s %s", hooks, file);
	shows(w->out, "explored: every ordering, and nothing was found but data races\n");
	shows(w->out, "violated P-66 in kernel 1\n");
	again = told(w, "again: luosim ");
	ends_with(w, 1, "%s", again);
	shows(w->out, "violated P-66 in kernel 1\n");
}

static void no_result__of_an_image_without_hooks__says_what_to_do(void **state)
{
	struct world *w = *state;
	g_autofree char *plain = broken_or_skip(w, "look-before-locking");
	g_autofree char *file = library_scenario("four_sessions_at_once.scn"), *advice = NULL;

	ends_with(w, 4, "explore --kernel %s %s", plain, file);
	shows(w->out, "explored: NO RESULT: ");
	shows(w->out, "Data races in the kernel are the usual cause");
	advice = told(w, "  luosim ");
	shows(advice, "explore --granularity memory --kernel ");
	ends_with(w, 1, "%s", advice);
	shows(w->out, "violated P-66 in kernel 1\n");
	ends_with(w, 4, "explore --json --kernel %s %s", plain, file);
	shows(w->out, "\"advice\" : \"Data races");
}

static void memory__jump_in_the_middle_of_a_step__is_tried(void **state)
{
	struct world *w = *state;
	g_autofree char *hooks = hooks_or_skip(w);
	g_autofree char *file = library_scenario("retrieve_and_reboot.scn");

	ends_with(w, 0, "explore --granularity memory --kernel %s %s", hooks, file);
	shows(w->out, "explored: every ordering\n");
	shows(w->out, "plain accesses are scheduling points in ");
	hides(w->out, "a data race");
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		TEST(memory__kernel_without_races__same_executions),
		TEST(memory__wrong_use__is_explained_in_one_line),
		TEST(memory__outcome_of_a_race__is_found_by_all_ways),
		TEST(memory__all_traces__says_where_it_begins_again),
		TEST(memory__json__has_races),
		TEST(races_alone__every_ordering__are_found),
		TEST(no_result__of_an_image_without_hooks__says_what_to_do),
		TEST(memory__jump_in_the_middle_of_a_step__is_tried),
	};

	if (argc > 1)
		scenarios = argv[1];
	return cmocka_run_group_tests_name("granularity", tests, NULL, NULL);
}
