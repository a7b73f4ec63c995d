// SPDX-License-Identifier: GPL-2.0
/*
 * A live update between two kernels that track private memory in different ways. In a
 * scenario all kernels do it alike; here the second one is booted with another command line.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/execution.h"
#include "model/machine.h"
#include "model/path.h"
#include "model/verdict.h"
#include "scenarios/scn.h"
#include "scenarios/target.h"

#define BY_VM	"liveupdate=on kvm.vm_memory_attributes=1"
#define BY_GMEM	"liveupdate=on kvm.vm_memory_attributes=0"

/* _before: how the old kernel makes g, all of it shared. _after: what the new one makes of g. */
#define SCENARIO(_before, _after)							\
	"scenario \"two kernels\"\nsetup\n"						\
	" vm = create_vm\n"								\
	_before										\
	" write g 0 \"zero\"\n"								\
	" luo = open_liveupdate\n"							\
	" s = create_session luo \"s\"\n"						\
	" preserve s vm token=1\n"							\
	" preserve s g token=2\n"							\
	" reboot\n"									\
	"then\n"									\
	" luo = open_liveupdate\n"							\
	" s = retrieve_session luo \"s\"\n"						\
	" vm = retrieve s token=1\n"							\
	" g = retrieve s token=2\n"							\
	" read g 0 \"zero\"\n"								\
	" write g 1 \"one\"\n"								\
	_after										\
	" finish s\n"

static struct scn_target real;

/* machine_boot() reads the command line each time. */
static bool boot_with_another(void *ctx, bool first)
{
	struct machine *machine = ctx;

	if (!first) {
		const char *other = g_str_equal(machine->cmdline, BY_VM) ? BY_GMEM : BY_VM;

		g_free(machine->cmdline);
		machine->cmdline = g_strdup(other);
	}
	return real.boot(ctx, first);
}

static struct machine *make_machine(const char *cmdline, struct path *path,
				    struct verdict *verdict)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self);
	g_autofree char *image = g_build_filename(dir, "..", "kernel-model.so", NULL);
	struct machine_config config = {
		.memory = 64 << 20, .image = image, .cmdline = cmdline, .path = path,
		.verdict = verdict,
	};
	GError *error = NULL;
	struct machine *machine = machine_new(&config, &error);

	if (!machine)
		fail_msg("%s", error->message);
	return machine;
}

static void expect_passed(const char *cmdline, const char *text)
{
	struct path *path = path_new();
	struct verdict *verdict = verdict_new();
	struct machine *machine = make_machine(cmdline, path, verdict);
	struct scn *scn = scn_parse_text("two kernels", text, -1, NULL);
	struct scn_target target;
	struct scn_run *run;

	assert_non_null(scn);
	scn_machine_target(&real, machine);
	target = real;
	target.boot = boot_with_another;
	run = scn_run_new(scn, &target, verdict);
	if (scn_run_execute(run) != SCN_END_PASSED) {
		const struct scn_step *step = scn_run_first_unexpected(run);

		fail_msg("%s came to %s", step ? step->statement->text : "the run",
			 step ? step->shown : verdict_at(verdict, 0)->seen);
	}
	assert_int_equal(machine_boots(machine), 2);
	scn_run_free(run);
	scn_free(scn);
	machine_free(machine);
	verdict_free(verdict);
	path_free(path);
}

static void converted_by_the_file__vm_tracks_it_next__is_shared(void **state)
{
	(void)state;
	expect_passed(BY_GMEM,
		      SCENARIO(" g = create_gmem vm pages=2 flags=mmap\n"
			       " convert g shared page=0 pages=2\n",
			       " convert g shared page=0 pages=2 -> ENOTTY\n"));
}

static void shared_by_its_vm__file_tracks_it_next__is_shared(void **state)
{
	(void)state;
	expect_passed(BY_VM,
		      SCENARIO(" g = create_gmem vm pages=2 flags=mmap,init_shared\n"
			       " convert g shared page=0 pages=2 -> ENOTTY\n",
			       " convert g shared page=0 pages=2\n"
			       " set_memory_attributes vm shared gpa=0 pages=1 -> ENOTTY\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(converted_by_the_file__vm_tracks_it_next__is_shared),
		cmocka_unit_test(shared_by_its_vm__file_tracks_it_next__is_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
