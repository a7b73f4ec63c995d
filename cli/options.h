/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_OPTIONS_H
#define _CLI_OPTIONS_H

#include "report.h"

/**
 * struct run_options - options that the commands which run scenarios share.
 * @kernel:  --kernel
 * @old:     --old
 * @next:    --new
 * @trace:   --trace
 * @dump:    --dump-handover
 * @schedule: --schedule
 * @console: --console
 * @detail:  --quiet, --verbose
 * @ops:     --ktap, --json
 */
struct run_options {
	char *kernel;
	char *old;
	char *next;
	char *trace;
	char *dump;
	char *schedule;
	gboolean console;
	enum report_detail detail;
	const struct report_ops *ops;
};

/**
 * run_options_parse() - false after a message.
 * @records: --trace and --dump-handover are among them
 * @more:    options of this command alone, or NULL
 */
bool run_options_parse(struct run_options *o, int *argc, char ***argv, bool records,
		       const GOptionEntry *more);
void run_options_clear(struct run_options *o);

/**
 * run_files() - run scenarios and report on them.
 * @tally: how often each property was judged; without scenarios if nothing ran
 *
 * Return: the exit status.
 */
int run_files(const GPtrArray *files, const struct run_options *o, struct tally *tally);

/** append_word() - quoted for a shell, if need be. */
void append_word(GString *s, const char *word);
/** append_image_options() - " --kernel …", as they were given. */
void append_image_options(GString *s, const struct run_options *o);

/**
 * command_again() - what to type to see the same again: to replay the trace, if one is written,
 * or to run the scenario at @path; by @schedule, unless that is NULL. g_free() it.
 */
char *command_again(const struct run_options *o, const char *path, const char *schedule);

#endif /* _CLI_OPTIONS_H */
