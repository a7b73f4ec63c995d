/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MEMPOLICY_H
#define _LINUX_MEMPOLICY_H

/*
 * Stub: there is no mbind() or set_mempolicy(), so no file has a memory policy and each
 * lookup finds none: memory comes from the task's node, then from the others. Setting one
 * ends the run.
 */

#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/types.h>

#define NO_INTERLEAVE_INDEX	(-1UL)

#define MPOL_F_SHARED		(1 << 0)

struct mempolicy {
	atomic_t refcnt;
	unsigned short mode;
	unsigned short flags;
	nodemask_t nodes;
};

struct shared_policy {
	unsigned long nr;
};

static inline void mpol_put(struct mempolicy *pol)
{
	sim_check(!pol, "mempolicies aren't modelled");
}

static inline void mpol_cond_put(struct mempolicy *pol)
{
	sim_check(!pol, "mempolicies aren't modelled");
}

static inline void mpol_shared_policy_init(struct shared_policy *sp, struct mempolicy *mpol)
{
	sim_check(!mpol, "mempolicies aren't modelled");
	sp->nr = 0;
}

static inline void mpol_free_shared_policy(struct shared_policy *sp)
{
	sim_check(!sp->nr, "mempolicies aren't modelled");
}

static inline int mpol_set_shared_policy(struct shared_policy *sp, struct vm_area_struct *vma,
					 struct mempolicy *mpol)
{
	sim_check(!mpol, "mempolicies aren't modelled");
	return 0;
}

static inline struct mempolicy *mpol_shared_policy_lookup(struct shared_policy *sp, pgoff_t idx)
{
	return NULL;
}

#endif /* _LINUX_MEMPOLICY_H */
