// SPDX-License-Identifier: GPL-2.0
/* The command, run as its users run it: output, messages, exit status, files. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "world.h"

#define GOOD	"scenario \"good\"\nsetup\n vm = create_vm\n luo = open_liveupdate\n"	\
		" s = create_session luo \"s\"\n preserve s vm token=1\n reboot\n"	\
		" luo = open_liveupdate\n s = retrieve_session luo \"s\"\n"		\
		" vm = retrieve s token=1\n finish s\n"
#define MANY	"scenario \"many\"\nsetup\n luo = open_liveupdate\n"			\
		" create_session luo \"s6\"\n repeat 9 as I from 2\n"			\
		"  s{I} = create_session luo \"%s{I}\"\n  get_name s{I} \"%s{I}\"\n end\n"
#define BAD	"scenario \"bad\"\nsetup\n vm = create_vm\n luo = open_liveupdate\n"	\
		" luo2 = open_liveupdate -> ok by P-01\n close vm\n"

static void replace_in(struct world *w, const char *name, const char *from, const char *to)
{
	g_autofree char *text = get(w, name);
	g_auto(GStrv) parts = g_strsplit(text, from, 2);
	g_autofree char *changed = g_strjoinv(to, parts);

	assert_string_not_equal(text, changed);
	put(w, name, changed);
}

/* Wrong use */

static void command__missing__is_wrong_use(void **state)
{
	complains(*state, "", "luosim: expected a command; see 'luosim help'");
}

static void command__unknown__is_wrong_use(void **state)
{
	complains(*state, "frob", "luosim: unknown command 'frob'; see 'luosim help'");
	complains(*state, "--frob", "luosim: unknown option '--frob'; see 'luosim help'");
	complains(*state, "help frob", "luosim help: no command 'frob'; 'luosim help' lists them");
}

static void option__unknown_or_incomplete__is_wrong_use(void **state)
{
	complains(*state, "run --frob", "luosim run: Unknown option --frob; "
		  "see 'luosim help run'");
	complains(*state, "run --trace", "luosim run: Missing argument for --trace; "
		  "see 'luosim help run'");
	complains(*state, "run --ktap --json x", "luosim run: give --ktap or --json, not both");
	complains(*state, "run -q -v x", "luosim run: give --quiet or --verbose, not both");
	complains(*state, "run --kernel a --old b x.scn",
		  "luosim run: x.scn: can't be read: No such file or directory");
	complains(*state, "replay", "luosim replay: expected one trace; see 'luosim help replay'");
	complains(*state, "replay a b",
		  "luosim replay: expected one trace; see 'luosim help replay'");
}

static void help__any__is_given(void **state)
{
	struct world *w = *state;
	static const char *const commands[] = { "run", "replay", "list", "properties" };

	assert_int_equal(luosim(w, "help"), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		g_autofree char *line = g_strdup_printf("help %s", commands[i]);
		g_autofree char *usage = g_strdup_printf("luosim %s", commands[i]);

		shows(w->out, commands[i]);
		assert_int_equal(luosim(w, line), 0);
		shows(w->out, usage);
		assert_int_equal(luosim(w, "--help"), 0);
	}
	assert_int_equal(luosim(w, "help verbs"), 0);
	shows(w->out, "preserve SESSION FD token=NUMBER");
	assert_int_equal(luosim(w, "--version"), 0);
	assert_true(g_str_has_prefix(w->out, "luosim "));
}

/* Scenarios that can't be run */

static void run__missing_file__is_named(void **state)
{
	complains(*state, "run a.scn",
		  "luosim run: a.scn: can't be read: No such file or directory");
}

static void run__empty_directory__is_named(void **state)
{
	complains(*state, "run .", "luosim run: no scenario (*.scn) in '.'");
}

static void run__bad_scenario__nothing_is_run(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", GOOD);
	put(w, "b.scn", "scenario \"b\"\nsetup\n vn = create_wm\n");
	complains(w, "run a.scn b.scn",
		  "luosim run: b.scn:3: unknown verb 'create_wm'; did you mean 'create_vm'?");
}

static void run__scenario_broken_on_the_way__is_unreadable_input(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", "scenario \"a\"\nsetup\n vm = create_vm\n reboot -> ok|ENOENT\n"
	    " close vm\n");
	assert_int_equal(luosim(w, "run a.scn"), 2);
	shows(w->out, "a.scn:5: no such descriptor as 'vm': it ended with the old kernel at "
	      "line 4");
}

static void kernel__missing_or_no_image__is_named(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", GOOD);
	complains(w, "run --kernel no.so a.scn",
		  "luosim run: kernel image 'no.so' can't be read: no such file");
	complains(w, "run --old no.so a.scn",
		  "luosim run: kernel image 'no.so' can't be read: no such file");
	complains(w, "run --kernel a.so --old b.so a.scn",
		  "luosim run: --kernel says both --old and --new; give either it or them");
	put(w, "text.so", "no image\n");
	assert_int_equal(luosim(w, "run --kernel text.so a.scn"), 2);
	shows(w->err, "text.so");
}

/* Runs */

static void run__good_scenario__passes(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", GOOD);
	assert_int_equal(luosim(w, "run a.scn"), 0);
	assert_string_equal(w->err, "");
	shows(w->out, "good\n  a.scn\n");
	shows(w->out, "vm = create_vm");
	shows(w->out, "kexec");
	shows(w->out, "passed: 9 steps in 2 kernels");
	assert_null(strchr(w->out, '\033'));
}

static void run__unexpected_outcome__is_found_and_explained(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", BAD);
	assert_int_equal(luosim(w, "run a.scn"), 1);
	assert_string_equal(w->err, "");
	shows(w->out, "a.scn:5: unexpected in setup, kernel 1");
	shows(w->out, "expected ok, came to EBUSY");
	shows(w->out, "violated P-01 in kernel 1");
	shows(w->out, "not done: 1 of 4 statements");
	shows(w->out, "again: luosim run a.scn\n");
}

static void run__several__are_a_table(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", GOOD);
	put(w, "b.scn", BAD);
	assert_int_equal(luosim(w, "run ."), 1);
	shows(w->out, "passed  ./a.scn  good\n");
	shows(w->out, "failed  ./b.scn  bad\n");
	shows(w->out, "./b.scn:5: unexpected in setup");
	shows(w->out, "2 scenarios: 1 passed, 1 did not");
	assert_int_equal(luosim(w, "run --verbose a.scn a.scn"), 0);
	shows(w->out, "vm = create_vm");
}

static void run__quiet__says_only_what_failed(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", GOOD);
	put(w, "b.scn", BAD);
	assert_int_equal(luosim(w, "run --quiet a.scn"), 0);
	assert_string_equal(w->out, "");
	assert_int_equal(luosim(w, "run --quiet a.scn b.scn"), 1);
	assert_true(g_str_has_prefix(w->out, "b.scn:5: unexpected"));
}

static void run__ktap__is_ktap(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", GOOD);
	put(w, "b.scn", BAD);
	assert_int_equal(luosim(w, "run --ktap a.scn b.scn"), 1);
	assert_true(g_str_has_prefix(w->out, "KTAP version 1\n1..2\n  KTAP version 1\n"
				     "  # Subtest: a.scn\n  1..9\n  ok 1 line 3: "));
	shows(w->out, "\nok 1 a.scn\n");
	shows(w->out, "  not ok 3 line 5: ");
	shows(w->out, "# violated P-01: ");
	shows(w->out, "\nnot ok 2 b.scn\n");
}

static void run__json__is_json(void **state)
{
	struct world *w = *state;
	g_autoptr(JsonParser) parser = json_parser_new();
	JsonObject *root, *scenario, *step;

	put(w, "b.scn", BAD);
	assert_int_equal(luosim(w, "run --json b.scn"), 1);
	assert_true(json_parser_load_from_data(parser, w->out, -1, NULL));
	root = json_node_get_object(json_parser_get_root(parser));
	assert_int_equal(json_object_get_int_member(root, "not_passed"), 1);
	scenario = json_array_get_object_element(json_object_get_array_member(root, "scenarios"),
						 0);
	assert_string_equal(json_object_get_string_member(scenario, "verdict"), "failed");
	step = json_array_get_object_element(json_object_get_array_member(scenario, "steps"), 2);
	assert_string_equal(json_object_get_string_member(step, "result"), "EBUSY");
	assert_false(json_object_get_boolean_member(step, "as_expected"));
}

static void put_many(struct world *w, const char *name)
{
	g_autofree char *text = g_strdup_printf(MANY, name, name);

	put(w, "many.scn", text);
}

static void run__repeated_block__is_shown_by_its_ends(void **state)
{
	struct world *w = *state;

	put_many(w, "t");
	assert_int_equal(luosim(w, "run many.scn"), 0);
	shows(w->out, "get_name s2 \"t2\"");
	shows(w->out, " … 14 more, I=3 to I=9, as expected\n");
	shows(w->out, "s10 = create_session luo \"t10\"");
	assert_null(strstr(w->out, "t3"));
	shows(w->out, "passed: 20 steps in 1 kernels");
	assert_int_equal(luosim(w, "run --ktap many.scn"), 0);
	shows(w->out, "  1..7\n");
	shows(w->out, "  ok 5 line 6: 14 more steps, I=3 to I=9\n  ok 6 line 6: s10");
	assert_int_equal(luosim(w, "run --json many.scn"), 0);
	shows(w->out, "\"repetition\" : \"I=9\"");
}

static void run__repeated_block_fails__pass_is_named(void **state)
{
	struct world *w = *state;

	put_many(w, "s");
	assert_int_equal(luosim(w, "run many.scn"), 1);
	shows(w->out, " … 6 more, I=3 to I=5, as expected\n");
	shows(w->out, ">      1  setup     6  s6 = create_session luo \"s6\"");
	shows(w->out, "many.scn:6: unexpected in setup, kernel 1, with I=6\n");
	assert_int_equal(luosim(w, "run --ktap many.scn"), 1);
	shows(w->out, "  # expected ok, came to EEXIST\n  not ok 6 line 6: s6 = create_session");
}

static void run__twice__is_the_same_byte_for_byte(void **state)
{
	struct world *w = *state;
	g_autofree char *first = NULL;

	put(w, "b.scn", BAD);
	luosim(w, "run --json b.scn");
	first = g_strdup(w->out);
	luosim(w, "run --json b.scn");
	assert_string_equal(first, w->out);
}

static void run__console__shows_the_log_between_the_steps(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", GOOD);
	assert_int_equal(luosim(w, "run --console a.scn"), 0);
	shows(w->out, "        | ");
}

/* Traces */

static void trace__of_a_passed_run__replays(void **state)
{
	struct world *w = *state;
	g_autofree char *first = NULL;
	g_auto(GStrv) before = NULL, after = NULL;

	put(w, "a.scn", GOOD);
	assert_int_equal(luosim(w, "run --trace t.json a.scn"), 0);
	before = g_strsplit(w->out, "again:", 2);
	/* The trace is enough. */
	put(w, "a.scn", "");
	assert_int_equal(luosim(w, "replay t.json"), 0);
	after = g_strsplit(w->out, "again:", 2);
	assert_string_equal(before[0], after[0]);
}

static void trace__of_a_failed_run__fails_the_same_way(void **state)
{
	struct world *w = *state;
	g_autofree char *first = NULL;

	put(w, "b.scn", BAD);
	assert_int_equal(luosim(w, "run --trace t.json b.scn"), 1);
	shows(w->out, "again: luosim replay t.json\n");
	first = g_strdup(w->out);
	assert_int_equal(luosim(w, "replay t.json"), 1);
	assert_string_equal(first, w->out);
}

static void trace__written_again__overwrites_a_trace_only(void **state)
{
	struct world *w = *state;
	g_autofree char *kept = NULL;

	put(w, "a.scn", GOOD);
	assert_int_equal(luosim(w, "run -q --trace t.json a.scn"), 0);
	assert_int_equal(luosim(w, "run -q --trace t.json a.scn"), 0);
	put(w, "t.json", "{ \"luosim-trace\": 1, \"cut");
	assert_int_equal(luosim(w, "run -q --trace t.json a.scn"), 0);
	complains(w, "run --trace a.scn a.scn", "luosim run: a.scn: is there already and is not "
		  "a trace: not overwritten");
	kept = get(w, "a.scn");
	assert_string_equal(kept, GOOD);
	put(w, "empty", "");
	complains(w, "run --trace empty a.scn", "luosim run: empty: is there already and is not "
		  "a trace: not overwritten");
	complains(w, "run --trace . a.scn", "luosim run: .: is there already and is not a trace: "
		  "not overwritten");
	complains(w, "run --trace no/t.json a.scn",
		  "luosim run: no/t.json: there is no directory 'no'");
	complains(w, "run --trace t.json a.scn a.scn",
		  "luosim run: --trace records one scenario, not 2");
}

static void replay__not_a_trace__is_named(void **state)
{
	struct world *w = *state;

	complains(w, "replay t", "luosim replay: t: can't be read: no such file");
	complains(w, "replay .", "luosim replay: .: can't be read: not a file");
	put(w, "t", "");
	complains(w, "replay t", "luosim replay: t: not a trace: it is empty");
	put(w, "t", GOOD);
	complains(w, "replay t", "luosim replay: t: not a trace: not JSON");
	put(w, "t", "[1, 2]");
	complains(w, "replay t", "luosim replay: t: not a trace: there is no \"luosim-trace\" "
		  "in it");
	put(w, "t", "{\"luosim-trace\": 99}");
	complains(w, "replay t", "luosim replay: t: a trace of another format than 1, which is "
		  "what this luosim reads");
	put(w, "t", "{\"luosim-trace\": \"1\"}");
	complains(w, "replay t", "luosim replay: t: a trace of another format than 1, which is "
		  "what this luosim reads");
	put(w, "t", "{\"luosim-trace\": 1}");
	complains(w, "replay t", "luosim replay: t: not a whole trace: 'image' is missing or "
		  "damaged");
}

/* Cut anywhere it is refused in one line, whatever is left of it. */
static void replay__truncated_trace__is_refused(void **state)
{
	struct world *w = *state;
	g_autofree char *whole = NULL;
	size_t len;

	put(w, "a.scn", GOOD);
	assert_int_equal(luosim(w, "run -q --trace t.json a.scn"), 0);
	whole = get(w, "t.json");
	len = strlen(whole);
	for (size_t i = 1; i < 8; i++) {
		g_autofree char *part = g_strndup(whole, len * i / 8);

		put(w, "t.json", part);
		complains(w, "replay t.json", "luosim replay: t.json: not a whole trace: it is "
			  "cut short or damaged");
	}
}

static void replay__changed_trace__is_refused(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", GOOD);
	assert_int_equal(luosim(w, "run -q --trace t.json a.scn"), 0);
	replace_in(w, "t.json", "token=1", "token=2");
	complains(w, "replay t.json", "luosim replay: t.json: the scenario in this trace has "
		  "been changed");
	assert_int_equal(luosim(w, "run -q --trace t.json a.scn"), 0);
	replace_in(w, "t.json", "\"choices\" : [", "\"choices\" : [ [0, 2, 2]");
	complains(w, "replay t.json", "luosim replay: t.json: not a whole trace: 'choices' is "
		  "missing or damaged");
}

static void replay__another_image__is_refused(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", GOOD);
	put(w, "other.so", "another\n");
	assert_int_equal(luosim(w, "run -q --trace t.json a.scn"), 0);
	assert_int_equal(luosim(w, "replay --kernel other.so t.json"), 2);
	shows(w->err, "luosim replay: t.json: recorded with another first kernel image");
	assert_string_equal(w->out, "");
}

static void replay__another_outcome__is_nondeterminism(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", GOOD);
	assert_int_equal(luosim(w, "run -q --trace t.json a.scn"), 0);
	replace_in(w, "t.json", "\"digest\" : \"", "\"digest\" : \"0");
	assert_int_equal(luosim(w, "replay t.json"), 4);
	shows(w->err, "nondeterminism: the transcript is another one");
	assert_int_equal(luosim(w, "run -q --trace t.json a.scn"), 0);
	replace_in(w, "t.json", "\"choices\" : [", "\"choices\" : [ [0, 2, 1]");
	assert_int_equal(luosim(w, "replay t.json"), 4);
	shows(w->err, "nondeterminism: the run asked for other choices");
}

/* Lists */

static void list__scenarios__with_their_titles(void **state)
{
	struct world *w = *state;

	put(w, "b.scn", BAD);
	put(w, "a.scn", GOOD);
	put(w, "c.txt", "no scenario");
	assert_int_equal(luosim(w, "list ."), 0);
	assert_string_equal(w->out, "./a.scn  good\n./b.scn  bad\n");
	put(w, "d.scn", "nonsense");
	assert_int_equal(luosim(w, "list ."), 2);
	shows(w->err, "luosim list: ./d.scn:1: ");
}

static void properties__all__have_a_source(void **state)
{
	struct world *w = *state;

	assert_int_equal(luosim(w, "properties"), 0);
	shows(w->out, "P-36  ");
	shows(w->out, "kernel/liveupdate/luo_core.c");
	shows(w->out, "How often a property is judged is known after 'luosim run'.");
}

static void properties__after_a_run__say_how_often_and_in_which(void **state)
{
	struct world *w = *state;
	g_autofree char *said = NULL;

	put(w, "bad.scn", BAD);
	put(w, "good.scn", GOOD);
	assert_int_equal(luosim(w, "run bad.scn good.scn"), 1);
	assert_int_equal(luosim(w, "properties P-01"), 0);
	said = g_strdup_printf("judged 0 times by checkers and 1 times by statements in the last "
			       "run, 'luosim run bad.scn good.scn' in %s (2 scenarios, 1 passed)\n",
			       w->dir);
	shows(w->out, said);
	shows(w->out, "identity/one_opener");
	shows(w->out, "luo_device__second_open__is_ebusy_until_the_first_is_closed");
	/* What is asked for by name is run, and is not the last run. */
	assert_int_equal(luosim(w, "properties P-58 good.scn"), 0);
	shows(w->out, "judged 1 times by checkers and 0 times by statements in 'good.scn' "
	      "(1 scenarios, 1 passed)\n");
	assert_int_equal(luosim(w, "properties P-01"), 0);
	shows(w->out, said);
}

static void properties__kept_file_is_broken__there_was_no_run(void **state)
{
	static const char *const broken[] = {
		"", "[]", "{}", "{\"luosim-properties\":1}",
		"{\"luosim-properties\":1,\"command\":[],\"directory\":\"\",\"properties\":[]}",
	};
	struct world *w = *state;
	g_autofree char *folder = g_build_filename(w->state, "luosim", NULL);
	g_autofree char *path = g_build_filename(folder, "last-run.json", NULL);

	assert_int_equal(g_mkdir(folder, 0700), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
		assert_true(g_file_set_contents(path, broken[i], -1, NULL));
		assert_int_equal(luosim(w, "properties"), 0);
		shows(w->out, "known after 'luosim run'");
	}
	assert_true(g_file_set_contents(path, "{\"luosim-properties\":1,\"command\":\"c\","
					"\"directory\":\"d\",\"properties\":[1,{},"
					"{\"property\":\"P-99\"},{\"property\":\"P-01\","
					"\"by_checkers\":-5,\"by_statements\":\"x\"}]}", -1,
					NULL));
	assert_int_equal(luosim(w, "properties P-01"), 0);
	shows(w->out, "judged 0 times by checkers and 0 times by statements");
}

static void run__state_cannot_be_kept__is_no_matter(void **state)
{
	struct world *w = *state;
	g_autofree char *in_the_way = g_build_filename(w->state, "luosim", NULL);

	put(w, "good.scn", GOOD);
	assert_true(g_file_set_contents(in_the_way, "a file", -1, NULL));
	assert_int_equal(luosim(w, "run good.scn"), 0);
	assert_string_equal(w->err, "");
}

static void properties__wrong_use__is_explained(void **state)
{
	struct world *w = *state;

	complains(w, "properties P-99",
		  "luosim properties: there is no property 'P-99'; 'luosim properties' lists them");
	complains(w, "properties x.scn",
		  "luosim properties: x.scn: can't be read: No such file or directory");
	complains(w, "properties --json --markdown",
		  "luosim properties: give --json or --markdown, not both");
	complains(w, "properties --json P-01",
		  "luosim properties: --json and --markdown are about all properties");
}

static void properties__json__has_the_numbers_of_the_run(void **state)
{
	struct world *w = *state;
	g_autofree char *run = NULL;

	put(w, "bad.scn", BAD);
	assert_int_equal(luosim(w, "run --json bad.scn"), 1);
	run = g_strdup(strstr(w->out, "\"properties\""));
	assert_non_null(run);
	assert_int_equal(luosim(w, "run --json bad.scn"), 1);
	assert_string_equal(strstr(w->out, "\"properties\""), run);
	assert_int_equal(luosim(w, "properties --json"), 0);
	shows(w->out, "\"by_statements\" : 1");
	shows(w->out, "\"luosim-properties\" : 1");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(command__missing__is_wrong_use),
		TEST(command__unknown__is_wrong_use),
		TEST(option__unknown_or_incomplete__is_wrong_use),
		TEST(help__any__is_given),
		TEST(run__missing_file__is_named),
		TEST(run__empty_directory__is_named),
		TEST(run__bad_scenario__nothing_is_run),
		TEST(run__scenario_broken_on_the_way__is_unreadable_input),
		TEST(kernel__missing_or_no_image__is_named),
		TEST(run__good_scenario__passes),
		TEST(run__unexpected_outcome__is_found_and_explained),
		TEST(run__several__are_a_table),
		TEST(run__quiet__says_only_what_failed),
		TEST(run__ktap__is_ktap),
		TEST(run__json__is_json),
		TEST(run__repeated_block__is_shown_by_its_ends),
		TEST(run__repeated_block_fails__pass_is_named),
		TEST(run__twice__is_the_same_byte_for_byte),
		TEST(run__console__shows_the_log_between_the_steps),
		TEST(trace__of_a_passed_run__replays),
		TEST(trace__of_a_failed_run__fails_the_same_way),
		TEST(trace__written_again__overwrites_a_trace_only),
		TEST(replay__not_a_trace__is_named),
		TEST(replay__truncated_trace__is_refused),
		TEST(replay__changed_trace__is_refused),
		TEST(replay__another_image__is_refused),
		TEST(replay__another_outcome__is_nondeterminism),
		TEST(list__scenarios__with_their_titles),
		TEST(properties__all__have_a_source),
		TEST(properties__after_a_run__say_how_often_and_in_which),
		TEST(properties__kept_file_is_broken__there_was_no_run),
		TEST(properties__wrong_use__is_explained),
		TEST(properties__json__has_the_numbers_of_the_run),
		TEST(run__state_cannot_be_kept__is_no_matter),
	};

	return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
