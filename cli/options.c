// SPDX-License-Identifier: GPL-2.0
/* Options of the commands that run scenarios. */

#include <string.h>

#include "cmd.h"
#include "options.h"

static bool settle(struct run_options *o, gboolean ktap, gboolean json, gboolean quiet,
		   gboolean verbose)
{
	if (ktap && json)
		complain("give --ktap or --json, not both");
	else if (quiet && verbose)
		complain("give --quiet or --verbose, not both");
	o->ops = ktap ? &report_ktap : json ? &report_json : &report_text;
	o->detail = quiet ? REPORT_QUIET : verbose ? REPORT_VERBOSE : REPORT_NORMAL;
	return !(ktap && json) && !(quiet && verbose);
}

bool run_options_parse(struct run_options *o, int *argc, char ***argv, bool records,
		       const GOptionEntry *more)
{
	gboolean ktap = FALSE, json = FALSE, quiet = FALSE, verbose = FALSE;
	const GOptionEntry entries[] = {
		{ "kernel", 0, 0, G_OPTION_ARG_FILENAME, &o->kernel,
		  "kernel image, instead of the one built with luosim", "IMAGE" },
		{ "old", 0, 0, G_OPTION_ARG_FILENAME, &o->old, "image of the first kernel",
		  "IMAGE" },
		{ "new", 0, 0, G_OPTION_ARG_FILENAME, &o->next, "image of the kernels after it",
		  "IMAGE" },
		{ "ktap", 0, 0, G_OPTION_ARG_NONE, &ktap, "report as KTAP", NULL },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json, "report as JSON", NULL },
		{ "verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "transcripts of all files",
		  NULL },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "only what failed", NULL },
		{ "console", 0, 0, G_OPTION_ARG_NONE, &o->console,
		  "the kernel's log between the steps", NULL },
		/* The list ends here for those that don't record. */
		{ records ? "trace" : NULL, 0, 0, G_OPTION_ARG_FILENAME, &o->trace,
		  "record the run, for 'luosim replay'", "OUT" },
		{ "dump-handover", 0, 0, G_OPTION_ARG_FILENAME, &o->dump,
		  "write what each kexec hands over, as device tree and as text", "DIR" },
		G_OPTION_ENTRY_NULL
	};

	return command_options(argc, argv, entries, more) && settle(o, ktap, json, quiet, verbose);
}

void run_options_clear(struct run_options *o)
{
	g_free(o->kernel);
	g_free(o->old);
	g_free(o->next);
	g_free(o->trace);
	g_free(o->dump);
	g_free(o->schedule);
}

void append_word(GString *s, const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_-+./:,@%";
	g_autofree char *quoted = NULL;

	if (*word && strspn(word, safe) == strlen(word)) {
		g_string_append(s, word);
		return;
	}
	quoted = g_shell_quote(word);
	g_string_append(s, quoted);
}

static void append_option(GString *s, const char *name, const char *value)
{
	if (value)
		append_word(g_string_append(s, name), value);
}

void append_image_options(GString *s, const struct run_options *o)
{
	append_option(s, " --kernel ", o->kernel);
	append_option(s, " --old ", o->old);
	append_option(s, " --new ", o->next);
}

char *command_again(const struct run_options *o, const char *path, const char *schedule)
{
	GString *s = g_string_new("luosim");

	if (o->trace) {
		append_word(g_string_append(s, " replay "), o->trace);
		return g_string_free(s, FALSE);
	}
	g_string_append(s, " run");
	append_image_options(s, o);
	append_word(g_string_append_c(s, ' '), path);
	append_option(s, " --schedule ", schedule);
	return g_string_free(s, FALSE);
}
