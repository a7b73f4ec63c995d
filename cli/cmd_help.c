// SPDX-License-Identifier: GPL-2.0
/* luosim help */

#include <stdio.h>
#include <string.h>

#include <scenarios/scn.h>

#include "cmd.h"

static int help_commands(void)
{
	const struct command *c;

	puts("luosim: does a VM's memory survive a live update of the kernel?\n\n"
	     "usage: luosim COMMAND [OPTION…]\n");
	for (unsigned int i = 0; (c = command_at(i)); i++) {
		g_autofree char *left = g_strdup_printf("%s %s", c->name, c->usage);
		int pad = 28 - (int)g_utf8_strlen(left, -1);

		printf("  %s%*s %s\n", left, MAX(pad, 0), "", c->summary);
	}
	puts("\nluosim help COMMAND lists its options; luosim --version says which luosim it is.\n"
	     "\nExit status: 0 nothing found, 1 a property was violated or an outcome was\n"
	     "unexpected, 2 wrong use or unreadable input, 3 a bound ended the search, 4 a fault\n"
	     "of luosim itself.");
	return LUOSIM_CLEAN;
}

static int help_verbs(void)
{
	g_autofree char *text = scn_verbs_help();

	printf("A statement is: [LABEL:] [NAME =] VERB ARGUMENT… [-> OUTCOME|…] "
	       "[if STEP OUTCOME|…] [by PROPERTY]\n\n%s", text);
	return LUOSIM_CLEAN;
}

int cmd_help(int argc, char **argv)
{
	const struct command *c;
	char *ask[] = { NULL, "--help", NULL };

	if (argc < 2 || argv[1][0] == '-')
		return help_commands();
	if (!strcmp(argv[1], "verbs"))
		return help_verbs();
	for (unsigned int i = 0; (c = command_at(i)); i++)
		if (!strcmp(c->name, argv[1]) && c->run != cmd_help)
			break;
	if (!c && !strcmp(argv[1], "help"))
		return help_commands();
	if (!c) {
		complain("no command '%s'; 'luosim help' lists them", argv[1]);
		return LUOSIM_USAGE;
	}
	ask[0] = argv[1];
	return command_run(2, ask);
}
