// SPDX-License-Identifier: GPL-2.0
/* luosim: the table of commands. */

#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"

static const struct command commands[] = {
	{ "run", "[FILE|DIR…]", "run scenarios once, in program order", cmd_run },
	{ "explore", "[FILE|DIR…]", "run scenarios in every order of their threads",
	  cmd_explore },
	{ "replay", "TRACE", "do a recorded run again, and compare", cmd_replay },
	{ "list", "[DIR]", "the scenarios that there are", cmd_list },
	{ "properties", "[PROPERTY…|FILE|DIR…]", "what is promised, where that is checked, how "
	  "often it was", cmd_properties },
	{ "bench", "", "measure", cmd_bench },
	{ "help", "[COMMAND|verbs]", "explain a command, or the verbs of scenarios", cmd_help },
};

static const char *running = "";

const struct command *command_at(unsigned int i)
{
	return i < G_N_ELEMENTS(commands) ? &commands[i] : NULL;
}

void complain(const char *format, ...)
{
	g_autofree char *message = NULL;
	va_list args;

	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	fflush(stdout);
	fprintf(stderr, "luosim%s%s: %s\n", *running ? " " : "", running, message);
}

bool command_options(int *argc, char ***argv, const GOptionEntry *entries,
		     const GOptionEntry *more)
{
	g_autoptr(GOptionContext) context = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *title = g_strdup_printf("luosim %s", running);

	for (unsigned int i = 0; i < G_N_ELEMENTS(commands); i++)
		if (!strcmp(commands[i].name, running))
			context = g_option_context_new(commands[i].usage);
	g_set_prgname(title);
	if (more)
		g_option_context_add_main_entries(context, more, NULL);
	g_option_context_add_main_entries(context, entries, NULL);
	if (g_option_context_parse(context, argc, argv, &error))
		return true;
	complain("%s; see 'luosim help %s'", error->message, running);
	return false;
}

int status_worse(int a, int b)
{
	/* A kernel that does wrong may also be why another scenario could not go on. */
	if (MIN(a, b) == LUOSIM_FOUND && MAX(a, b) != LUOSIM_INTERNAL)
		return LUOSIM_FOUND;
	return MAX(a, b);
}

int command_run(int argc, char **argv)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (!strcmp(commands[i].name, argv[0])) {
			running = commands[i].name;
			return commands[i].run(argc, argv);
		}
	}
	if (argv[0][0] == '-')
		complain("unknown option '%s'; see 'luosim help'", argv[0]);
	else
		complain("unknown command '%s'; see 'luosim help'", argv[0]);
	return LUOSIM_USAGE;
}

/* A report that could not be written is no report. */
static int finish_output(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	complain("the output can't be written: %s", g_strerror(errno));
	return MAX(status, LUOSIM_USAGE);
}

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "");
	if (argc < 2) {
		complain("expected a command; see 'luosim help'");
		return LUOSIM_USAGE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("luosim " LUOSIM_VERSION);
		return LUOSIM_CLEAN;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return cmd_help(1, argv);
	return finish_output(command_run(argc - 1, argv + 1));
}
