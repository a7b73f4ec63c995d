/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_CPUMASK_H
#define __LINUX_CPUMASK_H

/*
 * Simulated: processors. Tasks are not bound to any: all of the kernel's per-processor data
 * is that of processor 0, the only one that code can ask for.
 */

#include <linux/types.h>

typedef struct cpumask {
	unsigned long bits[1];
} cpumask_t;
typedef struct cpumask *cpumask_var_t;

#define nr_cpu_ids		1U
#define num_online_cpus()	1U
#define num_possible_cpus()	1U
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < 1; (cpu)++)
#define for_each_online_cpu(cpu)	for_each_possible_cpu(cpu)

#endif /* __LINUX_CPUMASK_H */
