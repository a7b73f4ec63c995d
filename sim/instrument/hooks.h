/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_INSTRUMENT_HOOKS_H
#define _SIM_INSTRUMENT_HOOKS_H

/* Simulated: shared by the files that tell the host of accesses to memory. */

#include <linux/types.h>
#include <sim/sim.h>

/* The caller's frame leads to the code that was instrumented. */
#define HOOK_ACCESS(address, size, kind, how)					\
do {										\
	if (sim_log_on())							\
		sim_log_access((address), (size), (kind), (how),		\
			       __builtin_frame_address(0));			\
} while (0)

/* Whether some accesses are points: what can be done in parts is, then. */
static inline bool sim_points_in_memory(void)
{
	const struct host_log *log = sim_boot.log;

	if (!sim_log_on())
		return false;
	for (unsigned int i = 0; i < HOST_LOG_FILTER; i++)
		if (log->points[i])
			return true;
	return false;
}

#endif /* _SIM_INSTRUMENT_HOOKS_H */
