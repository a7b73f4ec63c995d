/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_INSTRUMENT_HOOKS_H
#define _SIM_INSTRUMENT_HOOKS_H

/* Simulated: shared by the files that tell the host of accesses to memory. */

#include <linux/types.h>
#include <sim/sim.h>

/* The caller's frame leads to the code that was instrumented. */
#define HOOK_ACCESS(address, size, kind, marked)				\
do {										\
	if (sim_log_on())							\
		sim_log_access((address), (size), (kind), (marked),		\
			       __builtin_frame_address(0));			\
} while (0)

#endif /* _SIM_INSTRUMENT_HOOKS_H */
