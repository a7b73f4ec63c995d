// SPDX-License-Identifier: GPL-2.0
/*
 * Processes that pass descriptors to each other and are killed, in all orders of their
 * threads with a bounded number of switches that need not have been: at whatever step
 * a process dies, every step of the others comes out as the scenario says, and nothing is
 * left behind.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/machine.h"
#include "model/path.h"
#include "model/verdict.h"
#include "next_order.h"
#include "scenarios/scn.h"
#include "scenarios/target.h"

#define SWITCHES_MAX	2

/**
 * struct search - a search through the orders of a scenario.
 * @outcomes: what the steps marked with "seen:" came to, joined, in each order
 * @runs:     number of orders
 */
struct search {
	struct scn *scn;
	struct path *path;
	struct verdict *verdict;
	struct machine *machine;
	struct scn_target target;
	GHashTable *outcomes;
	unsigned int runs;
};

static void open_search(struct search *search, const char *text)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self);
	g_autofree char *image = g_build_filename(dir, "..", "kernel-model.so", NULL);
	struct machine_config config = { .memory = 64 << 20, .image = image };
	GError *error = NULL;

	*search = (struct search){
		.path = path_new(), .verdict = verdict_new(),
		.outcomes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
	search->scn = scn_parse_text("t.scn", text, -1, &error);
	if (!search->scn)
		fail_msg("%s", error->message);
	config.path = search->path;
	config.verdict = search->verdict;
	search->machine = machine_new(&config, &error);
	if (!search->machine)
		fail_msg("%s", error->message);
	scn_machine_target(&search->target, search->machine);
}

static void close_search(struct search *search)
{
	machine_free(search->machine);
	verdict_free(search->verdict);
	path_free(search->path);
	scn_free(search->scn);
	g_hash_table_unref(search->outcomes);
}

static void note_outcome(struct search *search, const struct scn_run *run)
{
	GString *seen = g_string_new(NULL);

	for (unsigned int i = 0; i < scn_run_steps(run)->len; i++) {
		const struct scn_step *step = g_ptr_array_index(scn_run_steps(run), i);

		if (step->statement->label && g_str_has_prefix(step->statement->label, "seen"))
			g_string_append_printf(seen, "%s%s", seen->len ? " " : "", step->shown);
	}
	g_hash_table_add(search->outcomes, g_string_free(seen, FALSE));
}

static void fail_run(const struct search *search, const struct scn_run *run)
{
	const struct scn_step *step = scn_run_first_unexpected(run);

	if (step)
		fail_msg("order %u: \"%s\" came to %s", search->runs, step->statement->text,
			 step->shown);
	if (verdict_count(search->verdict))
		fail_msg("order %u: %s: %s\n%s", search->runs,
			 verdict_at(search->verdict, 0)->property->id,
			 verdict_at(search->verdict, 0)->seen,
			 verdict_at(search->verdict, 0)->where);
	fail_msg("order %u: %s", search->runs, scn_run_error(run) ? scn_run_error(run) : "stopped");
}

static void run_once(struct search *search)
{
	struct scn_run *run = scn_run_new(search->scn, &search->target, search->verdict);

	verdict_clear(search->verdict);
	if (scn_run_execute(run) != SCN_END_PASSED)
		fail_run(search, run);
	assert_false(path_diverged(search->path));
	note_outcome(search, run);
	scn_run_free(run);
	search->runs++;
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All outcomes in alphabetical order, with commas between them. */
static void expect_outcomes(const char *text, const char *expected)
{
	g_autofree char **all = NULL;
	g_autofree char *seen = NULL;
	struct search search;

	open_search(&search, text);
	do {
		run_once(&search);
	} while (next_order(search.path, SWITCHES_MAX));
	/* One order would prove nothing. */
	assert_true(search.runs > 2);
	all = (char **)g_hash_table_get_keys_as_array(search.outcomes, NULL);
	qsort(all, g_hash_table_size(search.outcomes), sizeof(char *), compare_text);
	seen = g_strjoinv(", ", all);
	close_search(&search);
	assert_string_equal(seen, expected);
}

#define LUOD	"scenario \"t\"\n"				\
		"process luod\n"				\
		" luo = open_liveupdate\n"			\
		" s = create_session luo \"a\"\n"		\
		" send s to=vmm\n"
#define VMM	"process vmm\n"				\
		" s = receive from=luod\n"			\
		" vm = create_vm\n"				\
		" g = create_gmem vm pages=2 flags=mmap,init_shared\n"

static void kill__of_a_process_that_preserves__leaves_the_session_whole(void **state)
{
	(void)state;
	expect_outcomes(LUOD VMM
			"thread preserving\n"
			" preserve s vm token=1\n"
			" seen: preserve s g token=2\n"
			"process luod\n"
			"thread killer\n"
			" kill vmm\n"
			"process luod\n"
			"then\n"
			" get_name s \"a\"\n"
			" close s\n"
			" s = create_session luo \"a\"\n",
			", killed, ok");
}

static void kill__of_the_last_owner_of_a_session__releases_it(void **state)
{
	(void)state;
	expect_outcomes(LUOD " close s\n" VMM
			"thread preserving\n"
			" preserve s vm token=1\n"
			" preserve s g token=2\n"
			"process luod\n"
			"thread killer\n"
			" kill vmm\n"
			" s = create_session luo \"a\"\n",
			"");
}

static void kill__of_a_receiver__takes_what_was_under_way(void **state)
{
	(void)state;
	expect_outcomes(LUOD VMM
			" close s\n"
			"thread receiver\n"
			" s = receive from=luod\n"
			"process luod\n"
			"thread sender\n"
			" seen: send s to=vmm -> ok|EPIPE|ECONNRESET\n"
			" close s\n"
			"process monitor\n"
			"thread killer\n"
			" kill vmm\n"
			"process luod\n"
			"then\n"
			" s = create_session luo \"a\"\n",
			"EPIPE, ok");
}

static void kill__of_a_sender__ends_the_wait_of_its_receiver(void **state)
{
	(void)state;
	expect_outcomes(LUOD VMM
			"thread receiver\n"
			" seen: t = receive from=luod -> ok|eof\n"
			"process luod\n"
			"thread sender\n"
			" send luo to=vmm\n"
			"process monitor\n"
			"thread killer\n"
			" kill luod\n"
			" l = open_liveupdate -> ok|EBUSY\n"
			"process vmm\n"
			"then\n"
			" get_name s \"a\"\n",
			"6, eof");
}

static void kill__of_a_process_with_two_threads__waits_for_both(void **state)
{
	(void)state;
	expect_outcomes(LUOD " close s\n" VMM
			"thread one\n"
			" preserve s vm token=1\n"
			"thread two\n"
			" seen: t = receive from=luod\n"
			"process luod\n"
			"thread killer\n"
			" kill vmm\n"
			" s = create_session luo \"a\"\n",
			", killed");
}

static void exit__while_another_thread_waits__ends_both(void **state)
{
	(void)state;
	expect_outcomes(LUOD " close s\n" VMM
			"thread one\n"
			" exit\n"
			"thread two\n"
			" seen: t = receive from=luod -> ok|eof\n"
			"process luod\n"
			"then\n"
			" s = create_session luo \"a\"\n",
			", killed");
}

static void kill__of_each_other__one_wins_or_both(void **state)
{
	(void)state;
	expect_outcomes(LUOD VMM
			"thread one\n"
			" seen1: kill luod -> ok|ESRCH\n"
			"process luod\n"
			"thread two\n"
			" seen2: kill vmm -> ok|ESRCH\n"
			"process monitor\n"
			"then\n"
			" luo = open_liveupdate -> ok|EBUSY\n"
			" p = pipe\n",
			"killed killed, ok");

}

static void reboot__while_its_process_is_killed__happens_or_does_not(void **state)
{
	(void)state;
	expect_outcomes(LUOD VMM
			"thread preserving\n"
			" preserve s vm token=1\n"
			"process luod\n"
			"thread rebooting\n"
			" seen: reboot\n"
			"process monitor\n"
			"thread killer\n"
			" kill luod\n"
			"process monitor\n"
			"then\n"
			" luo = open_liveupdate\n",
			", kexec, killed");

}

static void module__unloaded_while_a_file_is_preserved__one_of_both_fails(void **state)
{
	(void)state;
	expect_outcomes("scenario \"t\"\n"
			"setup\n"
			" load_module \"kvm_dev_luo\"\n"
			" luo = open_liveupdate\n"
			" s = create_session luo \"a\"\n"
			" f = open \"/dev/kvm\"\n"
			"thread one\n"
			" seen1: preserve s f token=1 -> ok|ENOENT\n"
			"thread two\n"
			" seen2: delete_module \"kvm_dev_luo\" -> ok|EWOULDBLOCK\n",
			"EAGAIN ok, ENOENT ok, ok EAGAIN, ok ENOENT");

}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(kill__of_a_process_that_preserves__leaves_the_session_whole),
		cmocka_unit_test(kill__of_the_last_owner_of_a_session__releases_it),
		cmocka_unit_test(kill__of_a_receiver__takes_what_was_under_way),
		cmocka_unit_test(kill__of_a_sender__ends_the_wait_of_its_receiver),
		cmocka_unit_test(kill__of_a_process_with_two_threads__waits_for_both),
		cmocka_unit_test(exit__while_another_thread_waits__ends_both),
		cmocka_unit_test(kill__of_each_other__one_wins_or_both),
		cmocka_unit_test(reboot__while_its_process_is_killed__happens_or_does_not),
		cmocka_unit_test(module__unloaded_while_a_file_is_preserved__one_of_both_fails),
	};

	return cmocka_run_group_tests_name("processes", tests, NULL, NULL);
}
