/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TESTS_ORDERS_NEXT_ORDER_H
#define _TESTS_ORDERS_NEXT_ORDER_H

/* One order after the other, with a bounded number of switches that need not have been. */

#include "model/path.h"

static inline unsigned int switches_before(const struct path *path, unsigned int end)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < end; i++)
		n += path_at(path, i).taken != 0;
	return n;
}

/* The last choice that has another answer takes that one; false if there is none left. */
static inline bool next_order(struct path *path, unsigned int switches_max)
{
	unsigned int last = path_length(path);
	struct path_choice choice;

	while (last > 0) {
		choice = path_at(path, --last);
		if (++choice.taken == choice.alternatives ||
		    switches_before(path, last) >= switches_max)
			continue;
		path_truncate(path, last);
		path_append(path, choice);
		path_restart(path);
		return true;
	}
	return false;
}

#endif /* _TESTS_ORDERS_NEXT_ORDER_H */
