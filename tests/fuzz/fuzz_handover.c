// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer's target: see experiment.h for what is tried, docs/hacking.md for how to run
 * it. Kernel code runs on fibers, under signal handlers of the machine's; libFuzzer and
 * AddressSanitizer get what those don't want.
 */

#include <stdio.h>
#include <stdlib.h>

#include "experiment.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);

/*
 * Fibers have stacks that the first two can't follow. Describing a global would read those
 * of the old kernel, which are out of reach.
 */
const char *__asan_default_options(void)
{
	return "detect_stack_use_after_return=0:detect_leaks=0:report_globals=0:"
	       "quarantine_size_mb=4:"
	       "allow_user_segv_handler=1";
}

static struct experiment *experiment;

static char *image_beside(const char *program)
{
	g_autofree char *here = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = g_path_get_dirname(here ? here : program);

	return g_build_filename(folder, "..", "kernel-model.so", NULL);
}

/* Destructors of an image whose statics are out of reach could not run at exit. */
static void end(void)
{
	experiment_free(experiment);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *given = g_getenv("LUOSIM_FUZZ_IMAGE");
	g_autofree char *beside = image_beside((*argv)[0]);
	g_autoptr(GError) error = NULL;

	(void)argc;
	experiment = experiment_new(given ? given : beside, NULL, &error);
	if (experiment)
		return atexit(end);
	fprintf(stderr, "fuzz-handover: %s\n", error->message);
	exit(2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (experiment_run(experiment, data, size) != EXPERIMENT_FINDING)
		return 0;
	fprintf(stderr, "%s", experiment->finding->str);
	abort();
}
