// SPDX-License-Identifier: GPL-2.0
/*
 * Reports of corrupt lists (lib/list_debug.c).
 */

#include <linux/bug.h>
#include <linux/list.h>

bool __list_corrupt(const char *what)
{
	WARN(1, "%s\n", what);
	return false;
}
