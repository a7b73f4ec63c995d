// SPDX-License-Identifier: GPL-2.0
/* Colours, where they are wanted. */

#include <string.h>
#include <unistd.h>

#include "report.h"

static bool want_colour(void)
{
	const char *no = g_getenv("NO_COLOR");
	const char *term = g_getenv("TERM");

	return isatty(STDOUT_FILENO) && (!no || !*no) && (!term || strcmp(term, "dumb"));
}

const char *report_style(const char *name)
{
	static const struct { const char *name, *sequence; } styles[] = {
		{ "red", "\033[31;1m" }, { "green", "\033[32m" }, { "yellow", "\033[33m" },
		{ "bold", "\033[1m" }, { "dim", "\033[2m" }, { "plain", "\033[0m" },
	};

	if (!want_colour())
		return "";
	for (size_t i = 0; i < G_N_ELEMENTS(styles); i++)
		if (!strcmp(styles[i].name, name))
			return styles[i].sequence;
	return "";
}
