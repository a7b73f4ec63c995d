/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MEMCONTROL_H
#define _LINUX_MEMCONTROL_H

/*
 * Stub: no cgroup limits memory, so charging a folio succeeds. It goes through one function
 * all the same, for the sake of faults that will be injected there.
 */

#include <linux/mm.h>

struct mem_cgroup;

int mem_cgroup_charge(struct folio *folio, struct mm_struct *mm, gfp_t gfp);
void mem_cgroup_uncharge(struct folio *folio);

#endif /* _LINUX_MEMCONTROL_H */
