// SPDX-License-Identifier: GPL-2.0
/* One input from boot to verdict. */

#include <stdarg.h>
#include <string.h>

#include <model/machine.h>
#include <model/path.h>
#include <model/verdict.h>

#include "experiment.h"

/* As little as two nodes can do with: less to look through in each run. */
#define MEMORY	(64u << 20)

/* The kernel that was lied to, by number. */
#define LIED_TO	2u

struct experiment *experiment_new(const char *image,
				  void (*console)(void *ctx, int level, const char *line),
				  GError **error)
{
	struct experiment *e = g_new0(struct experiment, 1);
	struct machine_config config = { .memory = MEMORY, .image = image, .console = console };

	e->path = config.path = path_new();
	e->verdict = config.verdict = verdict_new();
	e->finding = g_string_new(NULL);
	e->machine = machine_new(&config, error);
	if (e->machine)
		return e;
	experiment_free(e);
	return NULL;
}

void experiment_free(struct experiment *e)
{
	machine_free(e->machine);
	path_free(e->path);
	verdict_free(e->verdict);
	g_string_free(e->finding, TRUE);
	g_free(e);
}

void experiment_found(struct experiment *e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_string_append_vprintf(e->finding, format, args);
	va_end(args);
	g_string_append_c(e->finding, '\n');
}

/*
 * What a kernel that was lied to can't help: memory that only the changed data led to is
 * lost to it, pages may claim to be others, files to be private, sealed or elsewhere and
 * updates to be more or fewer than there were, and asking KHO for what
 * was never preserved is how a handler finds out; Linux 7.3 warns of that as well
 * (kho_restore_page() and kho_restore_free()).
 */
static bool is_excused(const struct violation *v)
{
	const char *id = v->property->id;

	if (v->boot != LIED_TO)
		return false;
	if (!strcmp(id, "P-44"))
		return !strstr(v->seen, "was restored");
	if (!strcmp(id, "K-WARN"))
		return strstr(v->seen, "nothing to restore") ||
		       (v->where && strstr(v->where, "kho_restore_free()"));
	/* A number of the input can look like an address, and is handed on. */
	if (!strcmp(id, "P-42"))
		return strstr(v->seen, "holds at offset");
	return !strcmp(id, "P-49") || !strcmp(id, "P-22") || !strcmp(id, "P-32") ||
	       !strcmp(id, "P-39") || !strcmp(id, "P-58");
}

static void judge(struct experiment *e)
{
	for (unsigned int i = 0; i < verdict_count(e->verdict); i++) {
		const struct violation *v = verdict_at(e->verdict, i);

		if (!is_excused(v))
			experiment_found(e, "violated %s in kernel %u: %s\nwhere: %s\nother: %s",
					 v->property->id, v->boot, v->seen,
					 v->where ? v->where : "-", v->other ? v->other : "-");
	}
}

static bool run(struct experiment *e, const char *what, void (*body)(void *arg),
		enum machine_end expected)
{
	struct machine_process *process = machine_process(e->machine, "vmm");

	if (!process || !machine_spawn(e->machine, process, what, body, e))
		experiment_found(e, "%s: no process", what);
	else if (machine_run(e->machine) != expected)
		experiment_found(e, "%s: ended otherwise than it must", what);
	return !e->finding->len;
}

static bool boot(struct experiment *e, const char *which)
{
	if (machine_boot(e->machine))
		return true;
	if (!machine_panic(e->machine))
		experiment_found(e, "%s kernel did not boot", which);
	return false;
}

static void reset(struct experiment *e)
{
	verdict_clear(e->verdict);
	path_truncate(e->path, 0);
	path_restart(e->path);
	g_string_truncate(e->finding, 0);
	e->refused = false;
	e->retrieved_nr = 0;
}

static bool prepare(struct experiment *e)
{
	machine_may_panic(e->machine, false);
	return boot(e, "first") && run(e, "prepare", program_prepare, MACHINE_DONE) &&
	       run(e, "reboot", program_reboot, MACHINE_KEXEC);
}

static bool go_on(struct experiment *e)
{
	return run(e, "explore", program_explore, MACHINE_DONE) &&
	       run(e, "preserve again", program_preserve_again, MACHINE_DONE) &&
	       run(e, "reboot again", program_reboot, MACHINE_KEXEC) && boot(e, "last") &&
	       run(e, "compare", program_compare, MACHINE_DONE);
}

static void finish(struct experiment *e)
{
	if (machine_exit_all(e->machine) != MACHINE_DONE)
		experiment_found(e, "processes did not end");
	else
		machine_check_end(e->machine);
}

enum experiment_end experiment_run(struct experiment *e, const uint8_t *data, size_t size)
{
	bool panic = false;

	reset(e);
	if (prepare(e)) {
		mutate(e->machine, data, size);
		machine_may_panic(e->machine, true);
		if (boot(e, "next") && go_on(e))
			finish(e);
		panic = machine_panic(e->machine);
	}
	judge(e);
	if (e->finding->len)
		return EXPERIMENT_FINDING;
	if (panic)
		return EXPERIMENT_PANIC;
	return e->refused ? EXPERIMENT_REFUSED : EXPERIMENT_TAKEN_OVER;
}
