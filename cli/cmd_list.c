// SPDX-License-Identifier: GPL-2.0
/* luosim list: scenarios and their titles, by subject. */

#include <stdio.h>
#include <string.h>

#include <scenarios/scn.h>

#include "cmd.h"
#include "files.h"

static int list_file(const char *path, int width)
{
	g_autoptr(GError) error = NULL;
	struct scn *scn = scn_parse_file(path, &error);
	int pad = width - (int)g_utf8_strlen(path, -1);

	if (!scn) {
		complain("%s", error->message);
		return LUOSIM_USAGE;
	}
	printf("%s%*s  %s\n", path, MAX(pad, 0), "", scn->title);
	scn_free(scn);
	return LUOSIM_CLEAN;
}

static int list_files(const GPtrArray *files)
{
	int status = LUOSIM_CLEAN;
	int width = 0;

	for (unsigned int i = 0; i < files->len; i++)
		width = MAX(width, (int)g_utf8_strlen(g_ptr_array_index(files, i), -1));
	for (unsigned int i = 0; i < files->len; i++) {
		int one = list_file(g_ptr_array_index(files, i), width);

		status = MAX(status, one);
	}
	return status;
}

int cmd_list(int argc, char **argv)
{
	static const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) files = NULL;

	if (!command_options(&argc, &argv, entries, NULL))
		return LUOSIM_USAGE;
	files = scenario_files(argv + 1, &error);
	if (files)
		return list_files(files);
	complain("%s", error->message);
	return LUOSIM_USAGE;
}
