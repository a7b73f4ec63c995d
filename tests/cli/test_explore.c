// SPDX-License-Identifier: GPL-2.0
/* luosim explore, run as its users run it; and run --schedule, which shows one ordering again. */

#include <stdlib.h>

#include <json-glib/json-glib.h>

#include "world.h"

#define CLEAN	"scenario \"clean\"\nsetup\n luo = open_liveupdate\nthread a\n" \
		" a = create_session luo \"a\"\nthread b\n b = create_session luo \"b\"\n"
/* The same name, and fewer orders. */
#define FEWER	"scenario \"clean\"\nsetup\n luo = open_liveupdate\n"	\
		" s = create_session luo \"s\"\nthread a\n get_name s \"s\"\n"	\
		"thread b\n get_name s \"s\"\n"
#define RACE	"scenario \"race\"\nsetup\n luo = open_liveupdate\nthread a\n"		\
		" create_session luo \"s\"\nthread b\n create_session luo \"s\" -> ok|EEXIST\n"
#define NONE	"scenario \"alone\"\nsetup\n luo = open_liveupdate\n"
/* Far more orders than anybody waits for. */
#define LARGE	"scenario \"large\"\nsetup\n luo = open_liveupdate\n"	\
		"thread a\n repeat 9 as I\n" \
		"  create_session luo \"a{I}\"\n end\nthread b\n repeat 9 as I\n"	\
		"  create_session luo \"b{I}\"\n end\n"
#define ENDLESS	"scenario \"endless\"\nsetup\n luo = open_liveupdate\n" \
		" s = create_session luo \"s\"\nthread a\n repeat 20000 as I\n" \
		"  get_name s \"s\"\n" \
		" end\nthread b\n get_name s \"s\"\n"

/* Without what took time. */
static char *without_times(const char *text)
{
	g_autoptr(GRegex) times = g_regex_new("[0-9.]+ s[,\n ].*", 0, 0, NULL);

	return g_regex_replace_literal(times, text, -1, 0, "", 0, NULL);
}

/* Verdicts */

static void explore__clean_scenario__is_a_proof(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", CLEAN);
	ends(w, "explore a.scn", 0);
	shows(w->out, "clean\n  a.scn\n");
	shows(w->out, "explored: every ordering\n");
	shows(w->out, " 0 of them cut off as redundant;");
	shows(w->out, " executions a second");
	shows(w->out, "  most orderings are of what is first touched at\n");
	shows(w->out, "  sim/");
	hides(w->out, "/sim/");
	assert_string_equal(w->err, "");
	ends(w, "explore --quiet a.scn", 0);
	assert_string_equal(w->out, "");
}

static void explore__every_reduction__comes_to_the_same(void **state)
{
	struct world *w = *state;
	g_autofree char *optimal = NULL, *source = NULL;

	put(w, "a.scn", CLEAN);
	ends(w, "explore --reduction optimal a.scn", 0);
	optimal = told(w, "every ordering\n");
	ends(w, "explore --reduction source a.scn", 0);
	source = told(w, "every ordering\n");
	assert_int_equal(atoi(optimal), atoi(source));
}

static void explore__directory__has_what_runs_together(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", CLEAN);
	put(w, "b.scn", RACE);
	put(w, "c.scn", NONE);
	ends(w, "explore .", 1);
	shows(w->out, "./a.scn ");
	shows(w->out, "  every ordering\n");
	shows(w->out, "  found\n");
	hides(w->out, "c.scn");
	shows(w->out, "2 scenarios, 1 of them explored in every ordering and clean:");
	put(w, "b.scn", CLEAN);
	ends(w, "explore --jobs 2 .", 0);
	shows(w->out, "2 scenarios, 2 of them");
	ends(w, "explore c.scn", 0);
	shows(w->out, "explored: every ordering\n  1 execution");
}

static void never_looks_like_a_proof(struct world *w)
{
	hides(w->out, "explored: every ordering\n");
	hides(w->out, "\"complete\" : true");
	hides(w->out, "\nok ");
}

static void explore__budget_too_small__says_how_far_it_came(void **state)
{
	struct world *w = *state;

	put(w, "large.scn", LARGE);
	ends(w, "explore --budget 0.05 large.scn", 3);
	shows(w->out, "explored: INCOMPLETE: cut off after 0.05 s");
	never_looks_like_a_proof(w);
	ends(w, "explore --budget 0.05 --json large.scn", 3);
	shows(w->out, "\"complete\" : false");
	never_looks_like_a_proof(w);
	ends(w, "explore --budget 0.05 --ktap large.scn", 3);
	shows(w->out, "\nnot ok 1 large.scn: INCOMPLETE");
	never_looks_like_a_proof(w);
	ends(w, "explore --budget 0.05 large.scn large.scn", 3);
	shows(w->out, "2 scenarios, 0 of them explored in every ordering and clean:");
}

/* However little it does at a time, it comes to an end. */
static void explore__resumed_again_and_again__is_a_proof(void **state)
{
	struct world *w = *state;
	unsigned int pieces = 1;

	put(w, "a.scn", FEWER);
	while (luosim(w, "explore --budget 0.000001 --resume saved a.scn") == 3)
		assert_in_range(++pieces, 1, 1000);
	assert_int_equal(w->status, 0);
	shows(w->out, "explored: every ordering\n");
	assert_in_range(pieces, 2, 1000);
}

static void explore__bounded__is_no_proof(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", CLEAN);
	ends(w, "explore --preemptions 1 a.scn", 3);
	shows(w->out, "explored: every ordering with up to 1 preemption");
	never_looks_like_a_proof(w);
	ends(w, "explore --preemptions 0 a.scn", 3);
	shows(w->out, "explored: every ordering with up to 0 preemptions");
	put(w, "b.scn", RACE);
	ends(w, "explore --preemptions 1 b.scn", 1);
}

static void explore__random__is_no_proof_and_repeats_itself(void **state)
{
	struct world *w = *state;
	g_autofree char *first = NULL, *again = NULL;

	put(w, "a.scn", CLEAN);
	ends(w, "explore --random 50 --seed 7 a.scn", 3);
	shows(w->out, "explored: random orderings only\n  50 executions");
	shows(w->out, "with a probability of at least");
	never_looks_like_a_proof(w);
	first = without_times(w->out);
	ends(w, "explore --random 50 --seed 7 a.scn", 3);
	again = without_times(w->out);
	assert_string_equal(first, again);
}

static void explore__threads_that_do_not_end__is_cut_off(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", ENDLESS);
	ends(w, "explore a.scn", 3);
	shows(w->out, "explored: INCOMPLETE: an execution had not ended after 100000 steps");
	never_looks_like_a_proof(w);
}

/* Wrong use */

static void explore__wrong_use__is_explained_in_one_line(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", CLEAN);
	put(w, "b.scn", "scenario \"b\"\nsetup\n vn = create_wm\n");
	complains(w, "explore no.scn",
		  "luosim explore: no.scn: can't be read: No such file or directory");
	complains(w, "explore a.scn b.scn",
		  "luosim explore: b.scn:3: unknown verb 'create_wm'; did you mean 'create_vm'?");
	complains(w, "explore --frob a.scn",
		  "luosim explore: Unknown option --frob; see 'luosim help explore'");
	complains(w, "explore --preemptions -1 a.scn", "luosim explore: numbers of preemptions, "
		  "runs and seconds, and seeds, are not negative");
	complains(w, "explore --random -1 a.scn", "luosim explore: numbers of preemptions, "
		  "runs and seconds, and seeds, are not negative");
	complains(w, "explore --budget -1 a.scn", "luosim explore: numbers of preemptions, "
		  "runs and seconds, and seeds, are not negative");
	complains(w, "explore --budget nan a.scn", "luosim explore: numbers of preemptions, "
		  "runs and seconds, and seeds, are not negative");
	complains(w, "explore --seed 3 a.scn", "luosim explore: --seed is of --random");
	complains(w, "explore --reduction all a.scn",
		  "luosim explore: --reduction is optimal, source or none, not 'all'");
	complains(w, "explore --preemptions 1 --random 2 a.scn", "luosim explore: --preemptions "
		  "can't be combined with --random or --reduction");
	complains(w, "explore --random 2 --reduction none a.scn",
		  "luosim explore: --random can't be combined with --reduction");
	complains(w, "explore --trace no/t.json a.scn",
		  "luosim explore: no/t.json: there is no directory 'no'");
	complains(w, "explore --trace t.json a.scn a.scn",
		  "luosim explore: --trace records one scenario, not 2");
	complains(w, "explore --kernel no.so a.scn",
		  "luosim explore: kernel image 'no.so' can't be read: no such file");
}

static void explore__pinned__other_number_is_told(void **state)
{
	struct world *w = *state;
	g_autofree char *pins = NULL, *executions = NULL, *other = NULL;

	put(w, "a.scn", CLEAN);
	ends(w, "explore --pin pins a.scn", 0);
	pins = get(w, "pins");
	executions = told(w, "every ordering\n  ");
	*strchr(executions, ' ') = '\0';
	other = g_strdup_printf("%s a.scn\n", executions);
	shows(pins, other);
	ends(w, "explore --pinned pins a.scn", 0);
	put(w, "a.scn", FEWER);
	ends(w, "explore --pinned pins a.scn", 1);
	g_free(other);
	other = g_strdup_printf("every ordering, but pinned are %s executions\n", executions);
	shows(w->out, other);
	put(w, "b.scn", CLEAN);
	ends(w, "explore --pinned pins b.scn", 1);
	shows(w->out, "every ordering, but the number of executions is not pinned\n");
}

static void explore__pins_that_are_none__are_refused_and_kept(void **state)
{
	struct world *w = *state;
	g_autofree char *kept = NULL, *good = NULL, *bad = NULL;

	put(w, "a.scn", CLEAN);
	complains(w, "explore --pin a.scn a.scn", "luosim explore: a.scn:1: not numbers of "
		  "executions: the first line is another");
	kept = get(w, "a.scn");
	assert_string_equal(kept, CLEAN);
	complains(w, "explore --pinned no a.scn", "luosim explore: no: no such file");
	ends(w, "explore --pin pins a.scn", 0);
	good = get(w, "pins");
	bad = g_strconcat(good, "x b.scn\n", NULL);
	put(w, "pins", bad);
	complains(w, "explore --pinned pins a.scn", "luosim explore: pins:3: a line is a number of "
		  "executions and a scenario, each once");
}

static void explore__cut_off__pins_nothing(void **state)
{
	struct world *w = *state;
	g_autofree char *path = g_build_filename(w->dir, "pins", NULL);

	put(w, "large.scn", LARGE);
	ends(w, "explore --budget 0.05 --pin pins large.scn", 3);
	shows(w->err, "large.scn: not explored as a whole, so nothing is pinned\n");
	assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void explore__file_in_the_way_of_a_trace__is_not_overwritten(void **state)
{
	struct world *w = *state;
	g_autofree char *kept = NULL;

	put(w, "b.scn", RACE);
	complains(w, "explore --trace b.scn b.scn", "luosim explore: b.scn: is there already and "
		  "is not a trace: not overwritten");
	kept = get(w, "b.scn");
	assert_string_equal(kept, RACE);
}

/* Findings */

static void explore__finding__is_explained_by_columns(void **state)
{
	struct world *w = *state;

	put(w, "b.scn", RACE);
	ends(w, "explore b.scn", 1);
	shows(w->out, "explored: found\n");
	shows(w->out, "b.scn:5: unexpected in a, kernel 1\n");
	shows(w->out, "expected ok, came to EEXIST\n");
	shows(w->out, "again: luosim run b.scn --schedule ");
	shows(w->out, "how it comes about, with 1 switch between threads");
	shows(w->out, "7: create_session luo \"s\" -> ok|EEXIST");
	ends(w, "explore --ktap b.scn", 1);
	assert_true(g_str_has_prefix(w->out, "KTAP version 1\n1..1\n# "));
	shows(w->out, "\nnot ok 1 b.scn: found");
}

static void explore__json__is_json(void **state)
{
	struct world *w = *state;
	g_autoptr(JsonParser) parser = json_parser_new();
	JsonArray *scenarios;
	JsonObject *one;

	put(w, "a.scn", CLEAN);
	put(w, "b.scn", RACE);
	ends(w, "explore --json a.scn b.scn", 1);
	assert_true(json_parser_load_from_data(parser, w->out, -1, NULL));
	scenarios = json_object_get_array_member(
		json_node_get_object(json_parser_get_root(parser)), "scenarios");
	assert_int_equal(json_array_get_length(scenarios), 2);
	one = json_array_get_object_element(scenarios, 0);
	assert_true(json_object_get_boolean_member(one, "complete"));
	assert_int_equal(json_object_get_int_member(one, "redundant"), 0);
	one = json_array_get_object_element(scenarios, 1);
	assert_false(json_object_get_boolean_member(one, "complete"));
	assert_string_equal(json_object_get_string_member(one, "explored"), "found");
	shows(json_object_get_string_member(one, "again"), "--schedule ");
}

static void explore__trace__replays_to_the_same_finding(void **state)
{
	struct world *w = *state;
	g_autofree char *schedule = NULL;

	put(w, "b.scn", RACE);
	ends(w, "explore --trace t.json b.scn", 1);
	shows(w->out, "again: luosim replay t.json\n");
	put(w, "b.scn", "");
	ends(w, "replay t.json", 1);
	shows(w->out, "b.scn:5: unexpected in a, kernel 1\n");
	ends(w, "replay --json t.json", 1);
	shows(w->out, "EEXIST");
}

static void explore__clean_scenario__leaves_no_trace(void **state)
{
	struct world *w = *state;
	g_autofree char *path = g_build_filename(w->dir, "t.json", NULL);

	put(w, "a.scn", CLEAN);
	ends(w, "explore --trace t.json a.scn", 0);
	assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

/* run --schedule */

static void schedule__told_by_explore__finds_the_same(void **state)
{
	struct world *w = *state;
	g_autofree char *line = NULL;

	put(w, "b.scn", RACE);
	ends(w, "run b.scn", 0);
	ends(w, "explore b.scn", 1);
	line = told(w, "again: luosim ");
	ends(w, line, 1);
	shows(w->out, "b.scn:5: unexpected in a, kernel 1\n");
}

static void schedule__that_cannot_be_followed__goes_on(void **state)
{
	struct world *w = *state;
	g_autofree char *first = NULL;

	put(w, "b.scn", RACE);
	/* Who begins is who is named first. */
	ends(w, "run b.scn --schedule b:1000", 1);
	first = g_strdup(w->out);
	ends(w, "run b.scn --schedule b:1000", 1);
	assert_string_equal(first, w->out);
	ends(w, "run b.scn --schedule a:1", 0);
	ends(w, "run b.scn --schedule a:100000,b:1,a:7", 0);
	ends(w, "run b.scn --schedule b/9:3", 0);
}

static void schedule__rubbish__is_refused(void **state)
{
	struct world *w = *state;

	put(w, "b.scn", RACE);
	complains(w, "run b.scn --schedule xyz", "luosim run: --schedule: 'xyz' is not "
		  "THREAD:TIMES, with 1 to 1000000 times");
	complains(w, "run b.scn --schedule a:5,", "luosim run: --schedule: '' is not "
		  "THREAD:TIMES, with 1 to 1000000 times");
	complains(w, "run b.scn --schedule a:5,vmm:2",
		  "luosim run: --schedule: there is no thread 'vmm' in b.scn");
	complains(w, "run b.scn b.scn --schedule a:5",
		  "luosim run: --schedule is of one scenario, not 2");
	complains(w, "run no.scn --schedule a:5",
		  "luosim run: no.scn: can't be read: No such file or directory");
}

/* A kernel with a planted ordering bug; it is not built where sanitizers would see it first. */
static void broken_kernel__finding__is_the_same_by_all_ways(void **state)
{
	struct world *w = *state;
	g_autofree char *here = g_path_get_dirname(w->luosim);
	g_autofree char *image = g_build_filename(here, "tests", "broken",
						  "kernel-broken-skip-folio-lock.so", NULL);
	g_autofree char *line = NULL, *again = NULL;

	if (!g_file_test(image, G_FILE_TEST_EXISTS)) {
		/* skip() does not return. */
		g_clear_pointer(&image, g_free);
		g_clear_pointer(&here, g_free);
		skip();
	}
	put(w, "r.scn", "scenario \"r\"\nsetup\n vm = create_vm\n"
	    " g = create_gmem vm pages=2 flags=mmap,init_shared\n write g 0 \"x\"\n"
	    " luo = open_liveupdate\n s = create_session luo \"s\"\n"
	    "thread vcpu\n write g 1 \"y\" -> ok|SIGBUS\n"
	    "thread vmm\n preserve s vm token=1\n preserve s g token=2\n");
	line = g_strdup_printf("explore --kernel %s r.scn", image);
	ends(w, line, 1);
	shows(w->out, "violated K-BUG in kernel 1\n");
	again = told(w, "again: luosim ");
	ends(w, again, 1);
	shows(w->out, "violated K-BUG in kernel 1\n");
	g_free(line);
	line = g_strdup_printf("explore --kernel %s --trace t.json r.scn", image);
	ends(w, line, 1);
	ends(w, "replay t.json", 1);
	shows(w->out, "violated K-BUG in kernel 1\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(explore__clean_scenario__is_a_proof),
		TEST(explore__every_reduction__comes_to_the_same),
		TEST(explore__directory__has_what_runs_together),
		TEST(explore__budget_too_small__says_how_far_it_came),
		TEST(explore__resumed_again_and_again__is_a_proof),
		TEST(explore__bounded__is_no_proof),
		TEST(explore__random__is_no_proof_and_repeats_itself),
		TEST(explore__threads_that_do_not_end__is_cut_off),
		TEST(explore__wrong_use__is_explained_in_one_line),
		TEST(explore__pinned__other_number_is_told),
		TEST(explore__pins_that_are_none__are_refused_and_kept),
		TEST(explore__cut_off__pins_nothing),
		TEST(explore__file_in_the_way_of_a_trace__is_not_overwritten),
		TEST(explore__finding__is_explained_by_columns),
		TEST(explore__json__is_json),
		TEST(explore__trace__replays_to_the_same_finding),
		TEST(explore__clean_scenario__leaves_no_trace),
		TEST(schedule__told_by_explore__finds_the_same),
		TEST(schedule__that_cannot_be_followed__goes_on),
		TEST(schedule__rubbish__is_refused),
		TEST(broken_kernel__finding__is_the_same_by_all_ways),
	};

	return cmocka_run_group_tests_name("explore", tests, NULL, NULL);
}
