/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H

/* Simulated: what loops that wait call: a chance for other tasks to run. */

#include <linux/compiler.h>

static inline void cpu_relax(void)
{
	sim_point(HOST_OP_READ, (void *)0);
}

#define prefetch(x)	((void)(x))
#define prefetchw(x)	((void)(x))

#endif /* _ASM_PROCESSOR_H */
