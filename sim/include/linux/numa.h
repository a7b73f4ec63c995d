/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_NUMA_H
#define _LINUX_NUMA_H

/*
 * Simulated: NUMA node numbers. The machine has host_boot.nodes nodes of equal size, each
 * a contiguous part of physical memory; a task's node is always 0.
 */

#define NODES_SHIFT	3
#define MAX_NUMNODES	(1 << NODES_SHIFT)

#define NUMA_NO_NODE	(-1)
#define NUMA_NO_MEMBLK	(-1)

static inline int numa_node_id(void)
{
	return 0;
}

static inline int numa_mem_id(void)
{
	return 0;
}

static inline int cpu_to_node(int cpu)
{
	return 0;
}

#endif /* _LINUX_NUMA_H */
