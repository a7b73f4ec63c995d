// SPDX-License-Identifier: GPL-2.0
/* Reading scenario files. */

#include "cmd.h"
#include "scenarios.h"

void scenarios_free(GPtrArray *all)
{
	for (unsigned int i = 0; i < all->len; i++)
		scn_free(g_ptr_array_index(all, i));
	g_ptr_array_set_size(all, 0);
}

GPtrArray *scenarios_read(const GPtrArray *files, bool (*wanted)(const struct scn *scn))
{
	GPtrArray *all = g_ptr_array_new();
	bool ok = true;

	for (unsigned int i = 0; i < files->len; i++) {
		g_autoptr(GError) error = NULL;
		struct scn *scn = scn_parse_file(g_ptr_array_index(files, i), &error);

		if (!scn)
			complain("%s", error->message);
		else if (!wanted || wanted(scn))
			g_ptr_array_add(all, scn);
		else
			scn_free(scn);
		ok = ok && scn;
	}
	if (ok)
		return all;
	scenarios_free(all);
	g_ptr_array_unref(all);
	return NULL;
}
