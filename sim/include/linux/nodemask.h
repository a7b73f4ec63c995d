/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_NODEMASK_H
#define __LINUX_NODEMASK_H

/* Simulated: sets of NUMA nodes. Every node of the machine is online and has memory. */

#include <linux/numa.h>

typedef struct {
	unsigned long bits[1];
} nodemask_t;

enum node_states {
	N_POSSIBLE,
	N_ONLINE,
	N_NORMAL_MEMORY,
	N_MEMORY,
	N_CPU,
	NR_NODE_STATES
};

#define NODE_MASK_NONE	((nodemask_t){ { 0 } })
#define NODE_MASK_ALL	((nodemask_t){ { (1UL << MAX_NUMNODES) - 1 } })

/* Filled in by page_alloc.c at boot; the same mask for every state. */
extern nodemask_t node_states[NR_NODE_STATES];
extern unsigned int nr_node_ids;

#define nodes_weight(mask)		__builtin_popcountl((mask).bits[0])
#define nodes_empty(mask)		((mask).bits[0] == 0)
#define node_isset(node, mask)		(((mask).bits[0] >> (node)) & 1)
#define node_set(node, mask)		((void)((mask).bits[0] |= 1UL << (node)))
#define node_clear(node, mask)		((void)((mask).bits[0] &= ~(1UL << (node))))
#define nodes_clear(mask)		((void)((mask).bits[0] = 0))
#define first_node(mask)	\
	((mask).bits[0] ? __builtin_ctzl((mask).bits[0]) : MAX_NUMNODES)

#define for_each_node_mask(node, mask)						\
	for ((node) = 0; (node) < MAX_NUMNODES; (node)++)			\
		if (!node_isset((node), (mask))) {} else

#define node_state(node, state)		node_isset((node), node_states[state])
#define for_each_node_state(node, state) for_each_node_mask((node), node_states[state])
#define node_online(node)		node_state((node), N_ONLINE)
#define node_possible(node)		node_state((node), N_POSSIBLE)
#define num_node_state(state)		nodes_weight(node_states[state])
#define num_online_nodes()		num_node_state(N_ONLINE)
#define for_each_online_node(node)	for_each_node_state((node), N_ONLINE)
#define for_each_node(node)		for_each_node_state((node), N_POSSIBLE)
#define first_online_node		first_node(node_states[N_ONLINE])
#define node_online_map			node_states[N_ONLINE]
#define node_possible_map		node_states[N_POSSIBLE]

#endif /* __LINUX_NODEMASK_H */
