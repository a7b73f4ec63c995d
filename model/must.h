/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_MUST_H
#define _MODEL_MUST_H

#include <errno.h>
#include <glib.h>
#include <stdbool.h>

/** must() - end the program if something that can't fail did; errno says why. */
static inline void must(bool ok, const char *what)
{
	if (G_UNLIKELY(!ok))
		g_error("luosim: %s: %s", what, g_strerror(errno));
}

#endif /* _MODEL_MUST_H */
