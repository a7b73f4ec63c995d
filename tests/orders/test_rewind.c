// SPDX-License-Identifier: GPL-2.0
/*
 * Exploring is the same whichever way it goes back: for each scenario that has threads, and
 * for each kernel, right or broken, the same executions come one after the other and come to
 * the same, whether they are run from boot to end or put back to where threads begin, and
 * ended where the end is known.
 *
 *   usage: orders-rewind SCENARIOS [FOLDER-OF-BROKEN-KERNELS]
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/explore_kernel.h"
#include "model/machine.h"
#include "model/path.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "scenarios/scn.h"
#include "scenarios/target.h"

#define THREADS_MAX	16u
/* Of a broken kernel, and with how many of the scenarios: each kernel with others. */
#define EXECUTIONS_MAX	120u
#define SCENARIOS_EACH	1u
/* Of the scenarios, every so many-th is explored three times over. */
#define EVERY		3u

/**
 * struct execution - what came of one.
 * @schedule: who went on when
 * @outcome:  how it ended, and a hash of what came of the statements after those of threads
 * @digest:   of transcript and violations, NULL if it was not run to its end
 */
struct execution {
	char *schedule;
	unsigned int outcome;
	char *digest;
};

/**
 * struct exploration - of a scenario.
 * @executions: of struct execution
 * @skipped:    how many of those were not run to their end
 */
struct exploration {
	struct scn *scn;
	struct path *path;
	struct verdict *verdict;
	struct machine *machine;
	struct scn_target target;
	struct scn_run *run;
	unsigned int outcome;
	bool skips;
	GArray *executions;
	unsigned int skipped;
	struct explore_result result;
	GHashTable *traces;
};

static const char *scenarios, *broken;

/* A file, or what would be in one. */
static struct scn *read_scenario(const char *file)
{
	GError *error = NULL;
	struct scn *scn = strchr(file, '\n') ? scn_parse_text("text", file, -1, &error) :
			  scn_parse_file(file, &error);

	if (!scn)
		fail_msg("%s", error->message);
	return scn;
}

static void make_machine(struct exploration *e, const char *image)
{
	g_autofree char *cmdline = scn_cmdline(e->scn);
	struct machine_config config = {
		.memory = e->scn->memory, .nodes = e->scn->nodes, .cmdline = cmdline,
		.image = image, .path = e->path, .verdict = e->verdict,
	};
	GError *error = NULL;

	e->machine = machine_new(&config, &error);
	if (!e->machine)
		fail_msg("%s", error->message);
	scn_machine_target(&e->target, e->machine);
	e->run = scn_run_new(e->scn, &e->target, e->verdict);
}

static void clear_execution(void *p)
{
	struct execution *execution = p;

	g_free(execution->schedule);
	g_free(execution->digest);
}

static struct exploration *exploration_new(const char *file, const char *image)
{
	struct exploration *e = g_new0(struct exploration, 1);

	e->scn = read_scenario(file);
	e->path = path_new();
	e->verdict = verdict_new();
	e->executions = g_array_new(FALSE, FALSE, sizeof(struct execution));
	g_array_set_clear_func(e->executions, clear_execution);
	e->traces = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	make_machine(e, image);
	return e;
}

static void exploration_free(struct exploration *e)
{
	for (unsigned int i = 0; i < EXPLORE_HOT_MAX; i++)
		g_free(e->result.hot[i].name);
	scn_run_free(e->run);
	verdict_free(e->verdict);
	path_free(e->path);
	scn_free(e->scn);
	g_array_unref(e->executions);
	g_hash_table_unref(e->traces);
	g_free(e);
}

#define END_BITS	4

static enum scn_end end_of(unsigned int outcome)
{
	return outcome % (1 << END_BITS);
}

/* What is left out where the end is known has to come to the same. */
static unsigned int hash_end(const struct exploration *e)
{
	const GPtrArray *steps = scn_run_steps(e->run);
	GString *s = g_string_new(NULL);
	unsigned int hash;

	for (unsigned int i = 0; i < steps->len; i++) {
		const struct scn_step *step = g_ptr_array_index(steps, i);

		if (!step->section->concurrent)
			g_string_append_printf(s, "%u %d %s %s;", step->boot,
					       step->statement->line, step->shown, step->note);
	}
	hash = g_str_hash(s->str);
	g_string_free(s, TRUE);
	return hash;
}

/* What explore_kernel_run() wants. */

static void run(void *ctx)
{
	struct exploration *e = ctx;

	verdict_clear(e->verdict);
	path_truncate(e->path, 0);
	path_restart(e->path);
	e->outcome = scn_run_execute(e->run);
	e->outcome |= hash_end(e) << END_BITS;
}

static void save(void *ctx)
{
	scn_run_save(((struct exploration *)ctx)->run);
}

static bool state(void *ctx, struct digest *digest)
{
	return scn_run_state(((struct exploration *)ctx)->run, digest);
}

static unsigned int outcome(void *ctx)
{
	return ((struct exploration *)ctx)->outcome;
}

static void skip_end(void *ctx, unsigned int known)
{
	struct exploration *e = ctx;

	e->outcome = known;
	e->skips = true;
}

static char *format(const struct schedule *schedule)
{
	GString *s = g_string_new(NULL);

	for (unsigned int i = 0; i < schedule_length(schedule); i++)
		g_string_append_printf(s, "%u.%u ", schedule_at(schedule, i)->thread,
				       schedule_at(schedule, i)->answer);
	return g_string_free(s, FALSE);
}

static enum explore_next ended(void *ctx, const struct schedule *schedule,
			       const struct explore_result *result)
{
	struct exploration *e = ctx;
	struct execution execution = { .schedule = format(schedule), .outcome = e->outcome };

	(void)result;
	if (!e->skips)
		execution.digest = scn_run_digest(e->run);
	e->skipped += e->skips;
	e->skips = false;
	g_array_append_val(e->executions, execution);
	return end_of(e->outcome) >= SCN_END_MISSED ? EXPLORE_GO_ON : EXPLORE_STOP;
}

static struct exploration *explore(const char *file, const char *image,
				   enum explore_rewind rewind, bool whole, unsigned int max)
{
	struct exploration *e = exploration_new(file, image);
	const struct explore_options options = { .traces = e->traces, .executions_max = max };
	const struct explore_kernel what = {
		.machine = e->machine, .threads = THREADS_MAX, .run = run, .save = save,
		.state = whole ? NULL : state, .outcome = outcome, .skip = skip_end, .ended = ended,
		.ctx = e, .rewind = rewind,
	};

	e->result = explore_kernel_run(&what, &options);
	assert_false(e->result.diverged);
	/* The next machine gets the same place in memory. */
	machine_free(e->machine);
	return e;
}

/* Comparing */

static void compare_traces(const struct exploration *a, const struct exploration *b)
{
	GHashTableIter iter;
	void *trace;

	assert_int_equal(g_hash_table_size(a->traces), g_hash_table_size(b->traces));
	g_hash_table_iter_init(&iter, a->traces);
	while (g_hash_table_iter_next(&iter, &trace, NULL))
		assert_true(g_hash_table_contains(b->traces, trace));
}

static void compare(const char *what, const struct exploration *a, const struct exploration *b)
{
	assert_int_equal(a->executions->len, b->executions->len);
	assert_int_equal(a->result.executions, b->result.executions);
	assert_int_equal(a->result.steps, b->result.steps);
	assert_int_equal(a->result.complete, b->result.complete);
	for (unsigned int i = 0; i < a->executions->len; i++) {
		const struct execution *x = &g_array_index(a->executions, struct execution, i);
		const struct execution *y = &g_array_index(b->executions, struct execution, i);

		if (strcmp(x->schedule, y->schedule))
			fail_msg("%s: execution %u has another schedule", what, i);
		if (x->outcome != y->outcome)
			fail_msg("%s: execution %u comes to another end", what, i);
		if (x->digest && y->digest && strcmp(x->digest, y->digest))
			fail_msg("%s: execution %u is told differently", what, i);
	}
	compare_traces(a, b);
}

static bool has_threads(const struct scn *scn)
{
	for (unsigned int i = 0; i < scn->sections->len; i++)
		if (((const struct scn_section *)g_ptr_array_index(scn->sections,
								   i))->concurrent)
			return true;
	return false;
}

static void add_files(GPtrArray *files, const char *folder, const char *suffix)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR) && !strcmp(suffix, ".scn"))
			add_files(files, path, suffix);
		else if (g_str_has_suffix(name, suffix))
			g_ptr_array_add(files, g_steal_pointer(&path));
	}
}

static GPtrArray *scenarios_with_threads(void)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);

	add_files(all, scenarios, ".scn");
	for (unsigned int i = 0; i < all->len; i++) {
		struct scn *scn = read_scenario(g_ptr_array_index(all, i));

		if (has_threads(scn))
			g_ptr_array_add(files, g_strdup(g_ptr_array_index(all, i)));
		scn_free(scn);
	}
	assert_int_not_equal(files->len, 0);
	return files;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* One that can undo what it does, where there is one. */
static char *good_kernel(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self);
	g_autofree char *undo = g_build_filename(dir, "..", "kernel-model-undo.so", NULL);

	return g_file_test(undo, G_FILE_TEST_EXISTS) ? g_steal_pointer(&undo) :
	       g_build_filename(dir, "..", "kernel-model.so", NULL);
}

/* Whose ends differ by who was first. */
#define HEAD	"scenario \"s\"\nsetup\n"
#define MEMORY	"vm = create_vm\ng = create_gmem vm pages=2 flags=mmap,init_shared\n"	\
		"luo = open_liveupdate\ns = create_session luo \"s\"\n"

static const char *const close_races[] = {
	/* What is in memory. */
	HEAD MEMORY "write g 0 \"-\"\n"
	"thread a\nwrite g 0 \"a\"\nthread b\npunch_hole g page=0\nthen\nread g 0\n",
	/* What statements came to. */
	HEAD MEMORY "thread a\nx = create_session luo \"x\" -> ok|EEXIST\n"
	"thread b\ny = create_session luo \"x\" -> ok|EEXIST\n"
	"then\nclose x if a.1 ok\nclose y if b.1 ok\n",
	/* What is handed over. */
	HEAD MEMORY "preserve s vm token=1\npreserve s g token=2\n"
	"thread a\nreboot\nthread b\nx = create_session luo \"x\"\n"
	"then\nluo = open_liveupdate\nretrieve_session luo \"x\" -> ok|ENOENT\n"
	"s = retrieve_session luo \"s\"\nfinish s\n",
};

static void root__every_scenario__every_execution_as_from_boot(void **unused)
{
	g_autoptr(GPtrArray) files = scenarios_with_threads();
	g_autofree char *image = good_kernel();
	unsigned int skipped = 0, library;

	(void)unused;
	g_ptr_array_sort(files, by_name);
	library = files->len - files->len % EVERY;
	for (unsigned int i = 0; i < G_N_ELEMENTS(close_races); i++)
		g_ptr_array_add(files, g_strdup(close_races[i]));
	for (unsigned int i = 0; i < files->len; i += i < library ? EVERY : 1) {
		const char *file = g_ptr_array_index(files, i);
		struct exploration *boot = explore(file, image, EXPLORE_REWIND_BOOT, true, 0);
		struct exploration *whole = explore(file, image, EXPLORE_REWIND_ROOT, true, 0);
		struct exploration *root = explore(file, image, EXPLORE_REWIND_ROOT, false, 0);
		struct exploration *steps = explore(file, image, EXPLORE_REWIND_CHECKED, false,
						    0);

		print_message("%s: %u executions, %u not run to the end\n", file,
			      root->executions->len, root->skipped);
		compare(file, boot, whole);
		compare(file, boot, root);
		compare(file, boot, steps);
		assert_int_equal(boot->skipped + whole->skipped, 0);
		assert_int_equal(steps->skipped, root->skipped);
		skipped += root->skipped;
		exploration_free(boot);
		exploration_free(whole);
		exploration_free(root);
		exploration_free(steps);
	}
	if (snapshot_possible())
		assert_int_not_equal(skipped, 0);
}

static void root__every_broken_kernel__same_findings_as_from_boot(void **unused)
{
	g_autoptr(GPtrArray) files = scenarios_with_threads();
	g_autoptr(GPtrArray) images = g_ptr_array_new_with_free_func(g_free);
	unsigned int found = 0;

	(void)unused;
	if (broken)
		add_files(images, broken, ".so");
	g_ptr_array_sort(files, by_name);
	g_ptr_array_sort(images, by_name);
	for (unsigned int i = 0; i < images->len * SCENARIOS_EACH; i++) {
		const char *image = g_ptr_array_index(images, i / SCENARIOS_EACH);
		const char *file = g_ptr_array_index(files, i % files->len);
		struct exploration *boot = explore(file, image, EXPLORE_REWIND_BOOT, true,
						   EXECUTIONS_MAX);
		struct exploration *root = explore(file, image, EXPLORE_REWIND_ROOT, false,
						   EXECUTIONS_MAX);

		compare(image, boot, root);
		found += end_of(boot->outcome) < SCN_END_MISSED;
		exploration_free(boot);
		exploration_free(root);
	}
	print_message("%u kernels, found in %u of their scenarios\n", images->len, found);
	if (images->len)
		assert_int_not_equal(found, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root__every_scenario__every_execution_as_from_boot),
		cmocka_unit_test(root__every_broken_kernel__same_findings_as_from_boot),
	};

	scenarios = argc > 1 ? argv[1] : "scenarios";
	broken = argc > 2 ? argv[2] : NULL;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
