// SPDX-License-Identifier: GPL-2.0
/*
 * Processes in scenarios: what is refused before a run, what a received name stands for,
 * and how the interpreter deals with processes that end.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <model/machine.h>
#include <model/path.h>
#include <model/verdict.h>
#include <scenarios/scn.h>
#include <scenarios/target.h>

/* Line 8 of interest comes below. */
#define WORLD	"scenario \"t\"\nprocess vmm\n vm = create_vm\nprocess luod\n"	\
		" luo = open_liveupdate\n s = create_session luo \"a\"\n"	\
		" send s to=vmm\n"
#define VMM	"process vmm\n"
#define LUOD	"process luod\n"

/**
 * struct bad - a text that must be refused.
 * @claim:   what is wrong with it
 * @text:    the whole file
 * @message: the whole message
 */
struct bad {
	const char *claim;
	const char *text;
	const char *message;
};

static const struct bad refused[] = {
	{ "send__to_nobody__is_refused", WORLD " send s to=nobody\n",
	  "x:8: there is no process 'nobody': no section belongs to it" },
	{ "send__to_itself__is_refused", WORLD " send s to=luod\n",
	  "x:8: 'luod' can't send to itself: what it has it has" },
	{ "send__without_target__usage_is_shown", WORLD " send s\n",
	  "x:8: 'send' needs to=; it is written: send FD to=PROCESS" },
	{ "send__to_a_number__is_refused", WORLD " send s to=5\n",
	  "x:8: to of 'send' must be the name of a process" },
	{ "send__to_the_dead__is_refused", WORLD " kill vmm\n send s to=vmm\n",
	  "x:9: process 'vmm' was ended at line 8: nothing can be sent to it" },
	{ "receive__from_itself__is_refused", WORLD VMM " s = receive from=vmm\n",
	  "x:9: 'vmm' can't receive from itself" },
	{ "receive__more_than_was_sent__would_wait",
	  WORLD VMM " s = receive from=luod\n t = receive from=luod\n",
	  "x:10: 'luod' has sent nothing to 'vmm' that it could get here: it would wait for ever" },
	{ "receive__by_a_thread_and_nobody_sends__would_wait",
	  WORLD VMM " s = receive from=luod\nthread a\n t = receive from=luod\n",
	  "x:11: nothing is sent that could be received here: it would wait for ever" },
	{ "receive__from_the_dead__is_refused",
	  WORLD VMM " s = receive from=luod\n kill luod\n t = receive from=luod\n",
	  "x:11: process 'luod' was ended at line 10, and nothing that it sent to 'vmm' is left" },
	{ "receive__after_a_reboot__nothing_is_left",
	  WORLD " reboot\n" VMM " s = receive from=luod\n",
	  "x:10: 'luod' has sent nothing to 'vmm' that it could get here: it would wait for ever" },
	{ "receive__of_a_session__is_a_session", WORLD VMM " s = receive from=luod\n touch s 0\n",
	  "x:10: 'touch' needs a guest_memfd, a memfd or another file, but 's' is a session "
	  "(line 9)" },
	{ "receive__of_two_things__is_each_in_turn",
	  WORLD " send luo to=vmm\n" VMM " s = receive from=luod\n l = receive from=luod\n"
	  " finish l\n",
	  "x:12: 'finish' needs a session, but 'l' is /dev/liveupdate (line 11)" },
	{ "kill__twice__is_refused", WORLD " kill vmm\n kill vmm\n",
	  "x:9: process 'vmm' was ended at line 8 already" },
	{ "kill__and_a_section_of_it__is_refused", WORLD " kill vmm\n" VMM " close vm\n",
	  "x:9: process 'vmm' was ended at line 8; 'start vmm' begins it again" },
	{ "kill__in_a_thread__ends_later_sections_too",
	  WORLD "thread a\n kill vmm\n" VMM "thread b\n close vm\nthen\n touch vm 0\n",
	  "x:13: process 'vmm' was ended at line 9; 'start vmm' begins it again" },
	{ "kill__started_again__its_names_have_ended",
	  WORLD " kill vmm\n start vmm\n" VMM " close vm\n",
	  "x:11: 'vm' (line 3) ended with its process at line 8" },
	{ "kill__of_itself__nothing_follows", WORLD " kill luod\n close s\n",
	  "x:9: process 'luod' ends at line 8: nothing follows in this section" },
	{ "exit__in_a_thread__nothing_follows", WORLD "thread a\n exit\n close s\n",
	  "x:10: process 'luod' ends at line 9: nothing follows in this section" },
	{ "start__of_who_lives__is_refused", WORLD " start vmm\n",
	  "x:8: process 'vmm' has not ended: it can't begin again" },
	{ "start__in_a_thread__is_refused", WORLD " kill vmm\nthread a\n start vmm\n",
	  "x:10: a process begins again in a 'then' section, not while threads run" },
};

static const struct bad accepted[] = {
	{ "send__to_the_dead_and_epipe_expected__may_be_tried",
	  WORLD " kill vmm\n send s to=vmm -> ECONNRESET\n send s to=vmm -> EPIPE\n", NULL },
	{ "receive__before_the_thread_that_sends__is_fine",
	  WORLD VMM " s = receive from=luod\nthread a\n t = receive from=luod\n"
	  " finish t -> EINVAL\n"
	  LUOD "thread b\n send s to=vmm\n", NULL },
	{ "receive__of_what_two_threads_send__may_be_either",
	  WORLD VMM " s = receive from=luod\n" LUOD "thread a\n send s to=vmm\n"
	  "thread b\n send luo to=vmm\n" VMM "then\n x = receive from=luod\n"
	  " y = receive from=luod\n", NULL },
	{ "receive__from_a_successor__follows_what_the_first_sent",
	  WORLD VMM " kill luod\n start luod\n" LUOD " luo = open_liveupdate\n send luo to=vmm\n"
	  VMM " s = receive from=luod\n l = receive from=luod\n get_name s\n", NULL },
	{ "kill__and_a_reboot__all_live_again",
	  WORLD " kill vmm\n reboot\n" VMM " vm = create_vm\n", NULL },
	{ "kill__that_need_not_happen__does_not_end_names",
	  WORLD " l: get_name s\n kill vmm if l EIO\n" VMM " close vm\n", NULL },
	{ "exit__then_eof__is_the_end", WORLD " exit\n" VMM " s = receive from=luod\n"
	  " t = receive from=luod -> eof\n", NULL },
};

static void refuse(void **state)
{
	const struct bad *bad = *state;
	GError *error = NULL;

	assert_null(scn_parse_text("x", bad->text, -1, &error));
	assert_string_equal(error->message, bad->message);
	g_error_free(error);
}

/**
 * struct world - a run on a machine.
 * @error: of the run, a copy
 * @shown: what the steps came to, with commas
 */
struct world {
	enum scn_end end;
	char *error;
	GString *shown;
};

static void world_run(struct world *w, const char *text)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self);
	g_autofree char *image = g_build_filename(dir, "..", "kernel-model.so", NULL);
	struct path *path = path_new();
	struct verdict *verdict = verdict_new();
	struct machine_config config = {
		.memory = 64 << 20, .image = image, .path = path, .verdict = verdict,
	};
	GError *error = NULL;
	struct machine *machine = machine_new(&config, &error);
	struct scn *scn = scn_parse_text("x", text, -1, &error);
	struct scn_target target;
	struct scn_run *run;

	if (error)
		fail_msg("%s", error->message);
	scn_machine_target(&target, machine);
	run = scn_run_new(scn, &target, verdict);
	w->end = scn_run_execute(run);
	w->error = g_strdup(scn_run_error(run));
	w->shown = g_string_new(NULL);
	for (unsigned int i = 0; i < scn_run_steps(run)->len; i++) {
		const struct scn_step *step = g_ptr_array_index(scn_run_steps(run), i);

		g_string_append_printf(w->shown, "%s%s", i ? ", " : "", step->shown);
	}
	scn_run_free(run);
	scn_free(scn);
	machine_free(machine);
	verdict_free(verdict);
	path_free(path);
}

static void expect_run(const char *text, const char *shown)
{
	struct world w;

	world_run(&w, text);
	assert_string_equal(w.shown->str, shown);
	assert_int_equal(w.end, SCN_END_PASSED);
	g_string_free(w.shown, TRUE);
	g_free(w.error);
}

static void expect_broken(const char *text, const char *message)
{
	struct world w;

	world_run(&w, text);
	assert_int_equal(w.end, SCN_END_BROKEN);
	assert_string_equal(w.error, message);
	g_string_free(w.shown, TRUE);
	g_free(w.error);
}

static void accept(void **state)
{
	const struct bad *good = *state;
	struct world w;

	world_run(&w, good->text);
	assert_null(w.error);
	assert_int_equal(w.end, SCN_END_PASSED);
	g_string_free(w.shown, TRUE);
}

static void exit__of_a_process__is_its_success(void **state)
{
	(void)state;
	expect_run(WORLD " exit\n" VMM " luo = open_liveupdate\n", "4, 3, 4, ok, ok, 3");
}

static void kill__of_itself__is_its_success(void **state)
{
	(void)state;
	expect_run(WORLD " kill luod\n" VMM " luo = open_liveupdate\n", "4, 3, 4, ok, ok, 3");
}

static void kill__of_a_thread_that_waits__is_not_judged(void **state)
{
	(void)state;
	expect_run(WORLD VMM " s = receive from=luod\nthread a\n t = receive from=luod -> ok|eof\n"
		   " close vm\n" LUOD "thread b\n kill vmm\n",
		   "4, 3, 4, ok, 3, killed, ok");
}

static void kill__where_failure_is_expected__is_unexpected(void **state)
{
	struct world w;

	(void)state;
	world_run(&w, WORLD " kill luod -> EPERM\n");
	assert_int_equal(w.end, SCN_END_UNEXPECTED);
	g_string_free(w.shown, TRUE);
}

static void kill__by_condition__later_section_breaks_the_run(void **state)
{
	(void)state;
	expect_broken(WORLD " l: get_name s\n kill vmm if l ok\n" VMM " close vm\n",
		      "x:10: process 'vmm' was ended at line 9");
}

static void start__by_condition_of_who_lives__breaks_the_run(void **state)
{
	(void)state;
	expect_broken(WORLD " l: get_name s\n kill vmm if l EIO\n start vmm\n",
		      "x:10: process 'vmm' has not ended: it can't begin again");
}

static void descriptors__of_sockets__are_out_of_the_way(void **state)
{
	(void)state;
	expect_run("scenario \"t\"\nprocess a\n f = open \"/dev/kvm\"\n close 3\n"
		   " close 3 -> EBADF\n"
		   " close 960\n send 99 to=b -> EBADF\nprocess b\n x = receive from=a -> eof\n",
		   "3, ok, EBADF, ok, EBADF, eof");
}

static void add(GArray *tests, const struct bad *bad, size_t nr, void (*func)(void **state))
{
	for (size_t i = 0; i < nr; i++) {
		struct CMUnitTest test = {
			.name = bad[i].claim, .test_func = func, .initial_state = (void *)&bad[i],
		};

		g_array_append_val(tests, test);
	}
}

int main(void)
{
	static const struct CMUnitTest runs[] = {
		cmocka_unit_test(exit__of_a_process__is_its_success),
		cmocka_unit_test(kill__of_itself__is_its_success),
		cmocka_unit_test(kill__of_a_thread_that_waits__is_not_judged),
		cmocka_unit_test(kill__where_failure_is_expected__is_unexpected),
		cmocka_unit_test(kill__by_condition__later_section_breaks_the_run),
		cmocka_unit_test(start__by_condition_of_who_lives__breaks_the_run),
		cmocka_unit_test(descriptors__of_sockets__are_out_of_the_way),
	};
	g_autoptr(GArray) tests = g_array_new(FALSE, FALSE, sizeof(struct CMUnitTest));

	g_array_append_vals(tests, runs, G_N_ELEMENTS(runs));
	add(tests, refused, G_N_ELEMENTS(refused), refuse);
	add(tests, accepted, G_N_ELEMENTS(accepted), accept);
	return _cmocka_run_group_tests("processes", (const struct CMUnitTest *)tests->data,
				       tests->len, NULL, NULL);
}
