// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the tests that are kernel code (tests/sim/, SIM_TEST) as cmocka tests: each in
 * a machine booted for it, on a task's fiber, judged by all checkers.
 *
 * usage: runner IMAGE [PATTERN]
 *
 * The end of a test's name may announce a violation, see the table below. Then there
 * must be that one and no other; without, there must be none.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/machine.h"
#include "model/path.h"
#include "model/verdict.h"

/**
 * struct announcement - what a test whose name ends so is about.
 * @suffix:     end of the name
 * @properties: each of them is violated, and no other
 */
static const struct announcement {
	const char *suffix;
	const char *properties[2];
} announced[] = {
	{ "__warns", { "K-WARN" } },
	{ "__is_nothing_to_restore", { "P-44", "K-WARN" } },
	{ "__is_p10_and_deadlocks", { "P-10", "K-DEADLOCK" } },
	{ "__is_p10", { "P-10" } },
	{ "__is_p23", { "P-23" } },
	{ "__is_p23_and_warns", { "P-23", "K-WARN" } },
	{ "__is_p24_and_warns", { "P-24", "K-WARN" } },
	{ "__is_p24_p25", { "P-24", "P-25" } },
	{ "__is_p25", { "P-25" } },
	{ "__is_p26", { "P-26" } },
	{ "__is_p26_p23", { "P-26", "P-23" } },
	{ "__bugs", { "K-BUG" } },
	{ "__panics", { "K-PANIC" } },
	{ "__is_checked", { "K-CHECK" } },
	{ "__crashes", { "K-CRASH" } },
	{ "__deadlocks", { "K-DEADLOCK" } },
	{ "__leaks", { "K-LEAK" } },
};

static struct machine *machine;
static struct path *path;
static struct verdict *verdict;
static GString *console;

static const struct announcement *find_announcement(const char *name)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(announced); i++) {
		if (g_str_has_suffix(name, announced[i].suffix))
			return &announced[i];
	}
	return NULL;
}

static void keep_line(void *ctx, int level, const char *line)
{
	(void)ctx;
	g_string_append_printf(console, "<%d> %s\n", level, line);
}

static void run_on_fiber(void *arg)
{
	((const struct host_test *)arg)->run();
}

/*
 * Whether the test came to its end. A test that executes a kexec goes on from its
 * beginning in the next kernel, which may be another copy of the image.
 */
static bool run_one(unsigned int index)
{
	struct machine_process *process;
	const struct host_test *test;
	enum machine_end end;

	g_string_truncate(console, 0);
	verdict_clear(verdict);
	do {
		if (!machine_boot(machine))
			return false;
		process = machine_process(machine, "test");
		test = &machine_image(machine)->tests[index];
		if (!process ||
		    !machine_spawn(machine, process, "test", run_on_fiber, (void *)test))
			return false;
		end = machine_run(machine);
	} while (end == MACHINE_KEXEC);
	if (end != MACHINE_DONE || machine_exit_all(machine) != MACHINE_DONE)
		return false;
	machine_check_end(machine);
	return true;
}

static void show(void)
{
	for (unsigned int i = 0; i < verdict_count(verdict); i++) {
		const struct violation *violation = verdict_at(verdict, i);

		print_error("%s: %s\n", violation->property->id, violation->seen);
		if (violation->where)
			print_error("%s\n", violation->where);
		if (violation->other)
			print_error("other side:\n%s\n", violation->other);
	}
	if (console->len)
		print_error("kernel log:\n%s", console->str);
}

static unsigned int violations_of(const char *property)
{
	unsigned int n = 0;

	for (unsigned int i = 0; property && i < verdict_count(verdict); i++)
		n += !strcmp(verdict_at(verdict, i)->property->id, property);
	return n;
}

static bool as_announced(const struct announcement *announcement)
{
	unsigned int expected = 0;

	for (unsigned int i = 0; announcement && i < 2 && announcement->properties[i]; i++) {
		unsigned int n = violations_of(announcement->properties[i]);

		if (!n)
			return false;
		expected += n;
	}
	return verdict_count(verdict) == expected;
}

static void sim_test(void **state)
{
	unsigned int index = (uintptr_t)*state;
	const char *name = machine_image(machine)->tests[index].name;
	const struct announcement *announcement = find_announcement(name);
	bool ended = run_one(index);

	if (as_announced(announcement) && (ended || announcement))
		return;
	show();
	if (announcement && !verdict_count(verdict))
		fail_msg("%s did not happen", announcement->properties[0]);
	fail_msg("%s", ended ? "there were violations" : "the kernel stopped");
}

static void build_machine(const char *image)
{
	struct machine_config config = { .image = image, .console = keep_line };
	GError *error = NULL;

	/* For tools that need a file to find source lines in. */
	config.from_path = g_getenv("LUOSIM_FROM_PATH");
	console = g_string_new(NULL);
	config.path = path = path_new();
	config.verdict = verdict = verdict_new();
	machine = machine_new(&config, &error);
	if (!machine || !machine_boot(machine)) {
		fprintf(stderr, "%s\n", error ? error->message : "the kernel did not boot");
		show();
		exit(2);
	}
}

/* Of a litmus program, or of one with data races: it proves nothing when it runs alone. */
static bool is_part(const char *name)
{
	return strchr(name, ':') || !strncmp(name, "race_", strlen("race_"));
}

int main(int argc, char **argv)
{
	const struct host_image *image;
	struct CMUnitTest *tests;
	unsigned int tests_nr = 0;
	int failed;

	if (argc < 2) {
		fprintf(stderr, "usage: %s IMAGE [PATTERN]\n", argv[0]);
		return 2;
	}
	build_machine(argv[1]);
	image = machine_image(machine);
	tests = g_new0(struct CMUnitTest, image->tests_nr);
	for (unsigned int i = 0; i < image->tests_nr; i++) {
		struct CMUnitTest *test = &tests[tests_nr];

		if (is_part(image->tests[i].name))
			continue;
		test->name = image->tests[i].name;
		test->test_func = sim_test;
		test->initial_state = (void *)(uintptr_t)i;
		tests_nr++;
	}
	if (argc > 2)
		cmocka_set_test_filter(argv[2]);
	failed = _cmocka_run_group_tests("kernel", tests, tests_nr, NULL, NULL);
	g_free(tests);
	machine_free(machine);
	verdict_free(verdict);
	path_free(path);
	g_string_free(console, TRUE);
	return failed != 0;
}
