// SPDX-License-Identifier: GPL-2.0
/* The state of the model's own kernel: what is in it, and what must not be. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <model/instrument.h>
#include <model/machine.h>
#include <model/path.h>
#include <model/state.h>
#include <model/verdict.h>
#include <scenarios/scn.h>
#include <scenarios/target.h>

#define SHARED	"flags=mmap,init_shared"
#define WORLD								\
	"scenario \"t\"\nsetup\n"					\
	" vm = create_vm\n g = create_gmem vm pages=4 " SHARED "\n write g 1 \"x\"\n"	\
	" luo = open_liveupdate\n s = create_session luo \"a\"\n"	\
	" preserve s vm token=1\n preserve s g token=2\n"

/** struct world - a machine that lives as long as the test, at addresses of its own. */
struct world {
	struct machine *machine;
	struct path *path;
	struct verdict *verdict;
};

/* The state just before everything is closed, of the run that is being done. */
static struct state *at_end;
static unsigned int detail;
static enum scn_target_end (*really_close)(void *ctx);

static enum scn_target_end take_and_close(void *ctx)
{
	assert_true(state_take(at_end, ctx, detail));
	return really_close(ctx);
}

static void world_open(struct world *w)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self);
	g_autofree char *image = g_build_filename(dir, "..", "kernel-model.so", NULL);
	struct machine_config config = { .image = image };
	GError *error = NULL;

	config.path = w->path = path_new();
	config.verdict = w->verdict = verdict_new();
	w->machine = machine_new(&config, &error);
	if (!w->machine)
		fail_msg("%s", error->message);
}

static void world_close(struct world *w)
{
	machine_free(w->machine);
	path_free(w->path);
	verdict_free(w->verdict);
}

/* The state in which @text leaves the kernel. */
static struct state *state_after(struct world *w, const char *text)
{
	struct scn *scn = scn_parse_text("x", text, -1, NULL);
	struct scn_target target;
	struct scn_run *run;

	assert_non_null(scn);
	at_end = state_new();
	scn_machine_target(&target, w->machine);
	really_close = target.close;
	target.close = take_and_close;
	run = scn_run_new(scn, &target, w->verdict);
	assert_int_equal(scn_run_execute(run), SCN_END_PASSED);
	scn_run_free(run);
	scn_free(scn);
	return at_end;
}

static void expect_change(const struct state *before, const struct state *after,
			  const char *expected)
{
	g_autoptr(GArray) changes = state_diff(before, after);

	for (unsigned int i = 0; i < changes->len; i++) {
		g_autofree char *line =
			state_change_format(&g_array_index(changes, struct state_change, i));

		if (strstr(line, expected))
			return;
	}
	fail_msg("'%s' is none of the %u changes", expected, changes->len);
}

static void expect_same(const struct state *a, const struct state *b)
{
	g_autoptr(GArray) changes = state_diff(a, b);
	g_autofree char *digest_a = state_digest(a);
	g_autofree char *digest_b = state_digest(b);

	for (unsigned int i = 0; i < changes->len; i++) {
		g_autofree char *line =
			state_change_format(&g_array_index(changes, struct state_change, i));

		print_error("%s\n", line);
	}
	assert_int_equal(changes->len, 0);
	assert_string_equal(digest_a, digest_b);
}

static void state__of_two_machines__is_the_same_to_the_letter(void **state)
{
	static const char *const texts[] = { WORLD, WORLD " reboot\n luo = open_liveupdate\n"
		" s = retrieve_session luo \"a\"\n g = retrieve s token=2\n touch g 1\n" };

	(void)state;
	/*
	 * LUO files what is preserved by its address, in a tree that is as high as addresses
	 * are long: under Valgrind the second machine's are shorter.
	 */
	if (RUNNING_ON_VALGRIND)
		skip();
	for (unsigned int i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct world one, two;
		struct state *a, *b;

		detail = HOST_STATE_CONTENTS;
		world_open(&one);
		world_open(&two);
		a = state_after(&one, texts[i]);
		b = state_after(&two, texts[i]);
		expect_same(a, b);
		state_free(a);
		state_free(b);
		world_close(&one);
		world_close(&two);
	}
}

/* Whatever a statement more does must be seen, in a line that says so. */
static void state__each_thing_that_can_change__has_a_line(void **state)
{
	static const struct {
		const char *more;
		const char *line;
		unsigned int detail;
	} cases[] = {
		{ " t = create_session luo \"b\"\n", "outgoing: sessions: 1 -> 2", 0 },
		{ " t = create_session luo \"b\"\n", "session 'b': place: none -> 2", 0 },
		{ " close s\n", "outgoing: session 'a': file 0x2: handle: ", 0 },
		{ " close s\n", "[kvm-gmem]': frozen: 1 -> 0", 0 },
		{ " close luo\n", "live update device busy: 1 -> 0", 0 },
		{ " h = dup g\n", "[kvm-gmem]': references: 3 -> 4", 0 },
		{ " h = dup vm\n", "': VM: none -> 0", 0 },
		{ " cpu = create_vcpu vm\n", "VM 0: vCPUs: 0 -> 1", 0 },
		{ " w = create_vm\n", "VM 1: references: none -> 1", 0 },
		{ " set_memory_region vm g gpa=0 pages=2\n",
		  "VM 0: memory slot 0/0: pages: none -> 2", 0 },
		{ " munmap g\n", "user mappings: 1 -> 0", 0 },
		{ " h = create_gmem vm pages=1 " SHARED "\n touch h 0\n", "pages: none -> 1", 0 },
		{ " write g 1 \"y\"\n", "contents of pages: #", HOST_STATE_CONTENTS },
		{ " h = create_gmem vm pages=1 " SHARED "\n preserve s h token=3\n",
		  "session 'a': file 0x3: handler 'guest_memfd_luo_v1': place: none -> 3", 0 },
	};
	struct world w;

	(void)state;
	world_open(&w);
	for (unsigned int i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strconcat(WORLD, cases[i].more, NULL);
		struct state *before, *after;

		detail = cases[i].detail;
		before = state_after(&w, WORLD);
		after = state_after(&w, text);
		expect_change(before, after, cases[i].line);
		state_free(before);
		state_free(after);
	}
	world_close(&w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(state__of_two_machines__is_the_same_to_the_letter),
		cmocka_unit_test(state__each_thing_that_can_change__has_a_line),
	};

	return cmocka_run_group_tests_name("scenario-state", tests, NULL, NULL);
}
