/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TESTS_MODEL_FIXTURE_H
#define _TESTS_MODEL_FIXTURE_H

/*
 * A machine that runs the fake kernel (tests/images/fake.c), and short ways to let it
 * do single things.
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
#include "tests/images/fake.h"

struct fixture {
	struct machine *machine;
	struct path *path;
	struct verdict *verdict;
	struct machine_process *process;
	GString *log;
};

/* What a thread of a test does: calls in a row, results kept. */
#define SCRIPT_MAX	16

struct script_call {
	enum fake_call nr;
	uint64_t args[4];
};

struct script {
	struct fixture *fixture;
	struct script_call calls[SCRIPT_MAX];
	unsigned int nr;
	long results[SCRIPT_MAX];
	unsigned int done;
};

static char *image_path(const char *name)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self);

	return g_build_filename(dir, "images", name, NULL);
}

static void fixture_log(void *ctx, int level, const char *line)
{
	g_string_append_printf(ctx, "<%d>%s;", level, line);
}

static struct fixture *fixture_new(const char *cmdline)
{
	struct fixture *fixture = g_new0(struct fixture, 1);
	g_autofree char *image = image_path("fake.so");
	GError *error = NULL;
	struct machine_config config = { .image = image, .cmdline = cmdline,
					 .console = fixture_log };

	fixture->path = path_new();
	fixture->verdict = verdict_new();
	fixture->log = g_string_new(NULL);
	config.path = fixture->path;
	config.verdict = fixture->verdict;
	config.console_ctx = fixture->log;
	fixture->machine = machine_new(&config, &error);
	if (!fixture->machine)
		fail_msg("%s", error->message);
	return fixture;
}

static void fixture_free(struct fixture *fixture)
{
	machine_free(fixture->machine);
	path_free(fixture->path);
	verdict_free(fixture->verdict);
	g_string_free(fixture->log, TRUE);
	g_free(fixture);
}

static G_GNUC_UNUSED int setup(void **state)
{
	struct fixture *fixture = fixture_new("x");

	assert_true(machine_boot(fixture->machine));
	fixture->process = machine_process(fixture->machine, "test");
	assert_non_null(fixture->process);
	*state = fixture;
	return 0;
}

static G_GNUC_UNUSED int teardown(void **state)
{
	fixture_free(*state);
	return 0;
}

/* Boots what the running kernel left, or afresh, with a new process. */
static G_GNUC_UNUSED void next_kernel(struct fixture *fixture)
{
	assert_true(machine_boot(fixture->machine));
	fixture->process = machine_process(fixture->machine, "test");
	assert_non_null(fixture->process);
}

static G_GNUC_UNUSED void script_add(struct script *script, enum fake_call nr, uint64_t a0,
				     uint64_t a1, uint64_t a2, uint64_t a3)
{
	script->calls[script->nr++] = (struct script_call){ nr, { a0, a1, a2, a3 } };
}

static void script_body(void *arg)
{
	struct script *script = arg;

	for (unsigned int i = 0; i < script->nr; i++) {
		const struct script_call *call = &script->calls[i];

		script->results[i] = machine_syscall(script->fixture->machine, call->nr,
						     call->args[0], call->args[1],
						     call->args[2], call->args[3], 0, 0);
		script->done++;
	}
}

static G_GNUC_UNUSED void script_spawn(struct fixture *fixture, struct script *script,
				       const char *name)
{
	script->fixture = fixture;
	assert_non_null(machine_spawn(fixture->machine, fixture->process, name, script_body,
				      script));
}

/* One call by a thread of its own; what machine_run() returned goes to @end. */
static long call_end(struct fixture *fixture, enum machine_end *end, enum fake_call nr,
		     uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3)
{
	static struct script script;

	memset(&script, 0, sizeof(script));
	script_add(&script, nr, a0, a1, a2, a3);
	script_spawn(fixture, &script, "main");
	*end = machine_run(fixture->machine);
	return script.results[0];
}

/* A call that returns. */
static G_GNUC_UNUSED long call(struct fixture *fixture, enum fake_call nr, uint64_t a0,
			       uint64_t a1)
{
	enum machine_end end;
	long result = call_end(fixture, &end, nr, a0, a1, 0, 0);

	assert_int_equal(end, MACHINE_DONE);
	return result;
}

static G_GNUC_UNUSED void event(struct fixture *fixture, enum host_event_type type,
				uint64_t pfn, unsigned int order, uint64_t value)
{
	enum machine_end end;

	call_end(fixture, &end, FAKE_EVENT, type, pfn, order, value);
	assert_int_equal(end, MACHINE_DONE);
}

static G_GNUC_UNUSED void do_kexec(struct fixture *fixture, int how)
{
	enum machine_end end;

	call_end(fixture, &end, FAKE_KEXEC, how, 0, 0, 0);
	assert_int_equal(end, MACHINE_KEXEC);
}

/* Ends all processes and lets the checkers judge. */
static G_GNUC_UNUSED void finish(struct fixture *fixture)
{
	assert_int_equal(machine_exit_all(fixture->machine), MACHINE_DONE);
	machine_check_end(fixture->machine);
}

static G_GNUC_UNUSED void print_violations(const struct fixture *fixture)
{
	for (unsigned int i = 0; i < verdict_count(fixture->verdict); i++) {
		const struct violation *v = verdict_at(fixture->verdict, i);

		print_error("%s in boot %u: %s\n%s\n-- other side:\n%s\n", v->property->id,
			    v->boot, v->seen, v->where ? v->where : "-",
			    v->other ? v->other : "-");
	}
}

#define assert_no_violation(fixture)							\
	do {										\
		if (verdict_count((fixture)->verdict))					\
			print_violations(fixture);					\
		assert_int_equal(verdict_count((fixture)->verdict), 0);			\
	} while (0)

/* Exactly one violation, of the property @id, whose sentence has @text in it. */
static G_GNUC_UNUSED void assert_violation(const struct fixture *fixture, const char *id,
					   const char *text)
{
	const struct violation *violation;

	if (verdict_count(fixture->verdict) != 1)
		print_violations(fixture);
	assert_int_equal(verdict_count(fixture->verdict), 1);
	violation = verdict_at(fixture->verdict, 0);
	assert_string_equal(violation->property->id, id);
	if (!strstr(violation->seen, text))
		fail_msg("'%s' is not in '%s'", text, violation->seen);
}

#endif /* _TESTS_MODEL_FIXTURE_H */
