// SPDX-License-Identifier: GPL-2.0
/*
 * Steps on different objects commute: whoever explores orders does only one of the two.
 *
 * Each scenario of the library that has threads, and each in tests/orders/commute, is run in
 * random orders. Two neighbouring steps of different threads, on different objects or both of a
 * kind that only looks, then change places, and the rest goes on as before: every thread has to
 * do the same to the same objects, addresses included, and every statement has to come to the same.
 * Where that doesn't hold two steps depend on each other through something that no scheduling
 * point is about.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/host.h"
#include "model/driver.h"
#include "model/execution.h"
#include "model/machine.h"
#include "model/ops.h"
#include "model/path.h"
#include "model/verdict.h"
#include "scenarios/scn.h"
#include "scenarios/target.h"

#define SWAPS		30

static unsigned int orders;
static const char *folders[2];

/**
 * struct stop - a step: where a thread stood when it went on.
 * @thread: its number, in the order of being spawned
 * @op:     what it was about to do
 * @begins: ... but it only began
 * @slept:  ... but it went on after sleeping
 * @object: to what
 * @path:   the calls that led there
 */
struct stop {
	unsigned int thread;
	enum host_op op;
	bool begins;
	bool slept;
	const volatile void *object;
	struct call_path path;
};

/** struct lock - who has it: a thread's number, or how many readers. */
struct lock {
	unsigned int owner;
	unsigned int readers;
};

/**
 * struct trial - a scenario that is run again and again.
 * @wanted: numbers of threads that are to go on, one after the other; then it is random
 * @steps:  what happened in this run
 * @locks:  of struct lock, by address
 * @shown:  what the statements came to in this run, in the order of the file
 */
struct trial {
	struct driver driver;
	struct scn *scn;
	struct path *path;
	struct verdict *verdict;
	struct machine *machine;
	struct scn_target target;
	GRand *rand;
	const GArray *wanted;
	GArray *steps;
	GHashTable *locks;
	unsigned int threads;
	unsigned int last;
	char *shown;
};

static struct trial *of_driver(struct driver *driver)
{
	return (struct trial *)driver;
}

static const struct stop *step_at(const GArray *steps, unsigned int i)
{
	return &g_array_index(steps, struct stop, i);
}

/* The driver: as the explorer it lets a thread come to a lock only when it can have it. */

static struct lock *lock_at(struct trial *trial, const volatile void *object)
{
	struct lock *lock = g_hash_table_lookup(trial->locks, (void *)object);

	if (!lock) {
		lock = g_new0(struct lock, 1);
		g_hash_table_insert(trial->locks, (void *)object, lock);
	}
	return lock;
}

static bool can_go_on(struct trial *trial, const struct machine_thread *thread)
{
	const struct lock *lock;

	if (thread->state != THREAD_RUNNABLE)
		return false;
	if (!thread->number || thread->waits_on || thread->answers)
		return true;
	lock = lock_at(trial, thread->object);
	switch (thread->op) {
	case HOST_OP_ACQUIRE:
	case HOST_OP_LOCKED:
		return !lock->owner && !lock->readers;
	case HOST_OP_ACQUIRE_SHARED:
		return !lock->owner;
	default:
		return true;
	}
}

static void change_lock(struct trial *trial, const struct machine_thread *thread)
{
	struct lock *lock = lock_at(trial, thread->object);
	bool is_free = !lock->owner && !lock->readers;

	if (thread->op == HOST_OP_ACQUIRE || (thread->op == HOST_OP_TRY && is_free))
		lock->owner = thread->number;
	if (thread->op == HOST_OP_ACQUIRE_SHARED ||
	    (thread->op == HOST_OP_TRY_SHARED && !lock->owner) || thread->op == HOST_OP_DOWNGRADE)
		lock->readers++;
	if (thread->op == HOST_OP_RELEASE || thread->op == HOST_OP_DOWNGRADE)
		lock->owner = 0;
	if (thread->op == HOST_OP_RELEASE_SHARED)
		lock->readers--;
}

static struct machine_thread *go_on(struct trial *trial, struct machine_thread *thread)
{
	struct stop stop = {
		.thread = thread->number, .op = thread->op, .begins = !thread->number,
		.slept = thread->waits_on, .object = thread->object,
	};

	if (stop.begins)
		stop.thread = thread->number = ++trial->threads;
	else
		execution_path_on(trial->machine, &stop.path, thread->fiber, thread->site,
				  thread->frame);
	if (stop.slept)
		stop.object = thread->waits_on;
	else if (!stop.begins && !thread->answers)
		change_lock(trial, thread);
	trial->last = stop.thread;
	g_array_append_val(trial->steps, stop);
	return thread;
}

/* A wanted thread that can't go on is not that of the run that this one is compared with. */
static unsigned int wanted_thread(const struct trial *trial)
{
	unsigned int at = trial->steps->len;

	if (trial->wanted && at < trial->wanted->len)
		return g_array_index(trial->wanted, unsigned int, at);
	/* Stretches of a few steps get further than single ones. */
	if (g_rand_int_range(trial->rand, 0, 3))
		return trial->last;
	return 0;
}

static struct machine_thread *next_thread(struct driver *driver, struct machine *machine)
{
	struct trial *trial = of_driver(driver);
	struct machine_thread *thread, *able[64];
	unsigned int nr = 0, wanted;

	/* New ones come to their first step at once. */
	for (unsigned int i = 0; i < machine->threads->len; i++) {
		thread = g_ptr_array_index(machine->threads, i);
		if (!thread->number && thread->state == THREAD_RUNNABLE)
			return go_on(trial, thread);
	}
	wanted = wanted_thread(trial);
	for (unsigned int i = 0; i < machine->threads->len; i++) {
		thread = g_ptr_array_index(machine->threads, i);
		if (!can_go_on(trial, thread))
			continue;
		if (thread->number == wanted)
			return go_on(trial, thread);
		able[nr++] = thread;
	}
	return nr ? go_on(trial, able[g_rand_int_range(trial->rand, 0, nr)]) : NULL;
}

static void nothing_to_begin(struct driver *driver, struct machine *machine)
{
	(void)driver;
	(void)machine;
}

static void nothing_to_note(struct driver *driver, struct machine_thread *thread)
{
	(void)driver;
	(void)thread;
}

static unsigned int ordinary_answer(struct driver *driver, struct machine_thread *thread)
{
	(void)driver;
	(void)thread;
	return 0;
}

/* Running it */

static void open_trial(struct trial *trial, const char *file)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self);
	g_autofree char *image = g_build_filename(dir, "..", "kernel-model.so", NULL);
	g_autofree char *cmdline = NULL;
	struct machine_config config = { .image = image };
	GError *error = NULL;

	*trial = (struct trial){
		.driver = {
			.stops = true, .begin = nothing_to_begin, .next = next_thread,
			.stand = nothing_to_note, .answer = ordinary_answer,
		},
		.path = path_new(), .verdict = verdict_new(),
		.rand = g_rand_new_with_seed(20261125),
		.locks = g_hash_table_new_full(NULL, NULL, NULL, g_free),
	};
	trial->scn = scn_parse_file(file, &error);
	if (!trial->scn)
		fail_msg("%s", error->message);
	cmdline = scn_cmdline(trial->scn);
	config.path = trial->path;
	config.verdict = trial->verdict;
	config.cmdline = cmdline;
	config.memory = trial->scn->memory;
	config.nodes = trial->scn->nodes;
	trial->machine = machine_new(&config, &error);
	if (!trial->machine)
		fail_msg("%s", error->message);
	trial->machine->driver = &trial->driver;
	scn_machine_target(&trial->target, trial->machine);
}

static void close_trial(struct trial *trial)
{
	machine_free(trial->machine);
	verdict_free(trial->verdict);
	path_free(trial->path);
	scn_free(trial->scn);
	g_hash_table_unref(trial->locks);
	g_free(trial->shown);
	g_rand_free(trial->rand);
}

static int by_line(const void *a, const void *b)
{
	const struct scn_step *const *x = a, *const *y = b;

	return (*x)->statement->line - (*y)->statement->line;
}

static char *shown_by(const struct scn_run *run)
{
	g_autoptr(GPtrArray) steps = g_ptr_array_new();
	GString *text = g_string_new(NULL);

	for (unsigned int i = 0; i < scn_run_steps(run)->len; i++)
		g_ptr_array_add(steps, g_ptr_array_index(scn_run_steps(run), i));
	g_ptr_array_sort(steps, by_line);
	for (unsigned int i = 0; i < steps->len; i++) {
		const struct scn_step *step = g_ptr_array_index(steps, i);

		g_string_append_printf(text, "%d: %s\n", step->statement->line, step->shown);
	}
	return g_string_free(text, FALSE);
}

/* The steps of a run in which @wanted threads went on, for g_array_unref(). */
static GArray *run(struct trial *trial, const GArray *wanted)
{
	struct scn_run *run = scn_run_new(trial->scn, &trial->target, trial->verdict);

	trial->wanted = wanted;
	trial->steps = g_array_new(FALSE, FALSE, sizeof(struct stop));
	trial->threads = trial->last = 0;
	g_hash_table_remove_all(trial->locks);
	verdict_clear(trial->verdict);
	path_truncate(trial->path, 0);
	path_restart(trial->path);
	scn_run_execute(run);
	g_free(trial->shown);
	trial->shown = shown_by(run);
	scn_run_free(run);
	for (unsigned int i = 0; i < verdict_count(trial->verdict); i++)
		if (!strcmp(verdict_at(trial->verdict, i)->property->id, "K-CHECK"))
			fail_msg("%s\n%s", verdict_at(trial->verdict, i)->seen,
				 verdict_at(trial->verdict, i)->where);
	return trial->steps;
}

/* Exchanging steps */

static bool looks(const struct stop *stop)
{
	return OP_BIT(stop->op) & OPS_COMMUTING && !stop->slept;
}

static bool commute(const struct stop *a, const struct stop *b)
{
	if (a->thread == b->thread || a->begins || b->begins || a->op == HOST_OP_HALT ||
	    b->op == HOST_OP_HALT)
		return false;
	return a->object != b->object || (looks(a) && looks(b));
}

static bool same(const struct stop *a, const struct stop *b)
{
	return a->thread == b->thread && a->op == b->op && a->begins == b->begins &&
	       a->slept == b->slept && a->object == b->object;
}

static void tell(const char *what, const GArray *steps, unsigned int at)
{
	const struct stop *stop = step_at(steps, at);
	g_autofree char *path = NULL;

	if (at >= steps->len) {
		print_error("%s: the end\n", what);
		return;
	}
	path = call_path_text(&stop->path);
	print_error("%s: thread %u, op %d%s on %p\n", what, stop->thread, stop->op,
		    stop->slept ? " after a sleep" : "", (const void *)stop->object);
	for (char *line = strtok(path, "\n"); line; line = strtok(NULL, "\n"))
		print_error("    %s\n", line);
}

static void compare(const GArray *before, const GArray *after, unsigned int swap)
{
	for (unsigned int i = 0; i < MAX(before->len, after->len); i++) {
		unsigned int other = i == swap ? i + 1 : i == swap + 1 ? i - 1 : i;

		if (i < after->len && other < before->len &&
		    same(step_at(before, other), step_at(after, i)))
			continue;
		tell("first", before, swap);
		tell("second", before, swap + 1);
		tell("later, if they come in this order", before, other);
		tell("otherwise", after, i);
		fail_msg("two steps don't commute, %u steps later it shows", i - swap);
	}
}

static GArray *exchanged(const GArray *steps, unsigned int swap)
{
	GArray *wanted = g_array_new(FALSE, FALSE, sizeof(unsigned int));

	for (unsigned int i = 0; i < steps->len; i++) {
		unsigned int other = i == swap ? i + 1 : i == swap + 1 ? i - 1 : i;

		g_array_append_val(wanted, step_at(steps, other)->thread);
	}
	return wanted;
}

/* The place of a pair of steps that commute; the number of steps if none was found. */
static unsigned int choose_pair(GRand *rand, const GArray *steps)
{
	for (unsigned int tries = 0; steps->len > 1 && tries < 200; tries++) {
		unsigned int at = g_rand_int_range(rand, 0, steps->len - 1);

		/* What is born by the second comes to its first step right after it. */
		if (at + 2 < steps->len && step_at(steps, at + 2)->begins)
			continue;
		if (commute(step_at(steps, at), step_at(steps, at + 1)))
			return at;
	}
	return steps->len;
}

static unsigned int try_order(struct trial *trial)
{
	GArray *steps = run(trial, NULL);
	g_autofree char *shown = g_strdup(trial->shown);
	unsigned int tried = 0, at;

	while (tried < SWAPS && (at = choose_pair(trial->rand, steps)) < steps->len) {
		GArray *wanted = exchanged(steps, at);
		GArray *after = run(trial, wanted);

		compare(steps, after, at);
		if (strcmp(shown, trial->shown)) {
			tell("first", steps, at);
			tell("second", steps, at + 1);
			fail_msg("in this order:\n%sotherwise:\n%s", shown, trial->shown);
		}
		g_array_unref(after);
		g_array_unref(wanted);
		tried++;
	}
	g_array_unref(steps);
	return tried;
}

static bool has_threads(const struct scn *scn)
{
	for (unsigned int i = 0; i < scn->sections->len; i++)
		if (((struct scn_section *)g_ptr_array_index(scn->sections, i))->concurrent)
			return true;
	return false;
}

static void try_file(const char *file)
{
	struct trial trial;
	unsigned int tried = 0;

	open_trial(&trial, file);
	if (has_threads(trial.scn)) {
		for (unsigned int i = 0; i < orders; i++)
			tried += try_order(&trial);
		if (!tried)
			fail_msg("%s: no two steps were found that commute", file);
	}
	close_trial(&trial);
}

static void try_folder(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *inside = g_build_filename(path, name, NULL);

		if (g_str_has_suffix(name, ".scn"))
			try_file(inside);
		else if (g_file_test(inside, G_FILE_TEST_IS_DIR))
			try_folder(inside);
	}
	if (dir)
		g_dir_close(dir);
}

static void steps_on_different_objects__exchanged__make_no_difference(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < G_N_ELEMENTS(folders); i++)
		if (g_file_test(folders[i], G_FILE_TEST_IS_DIR))
			try_folder(folders[i]);
		else
			try_file(folders[i]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_on_different_objects__exchanged__make_no_difference),
	};

	if (argc != 4)
		return 2;
	orders = atoi(argv[1]);
	folders[0] = argv[2];
	folders[1] = argv[3];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
