/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SCHED_MM_H
#define _LINUX_SCHED_MM_H

/*
 * Simulated: life of a process's memory (kernel/fork.c). sim/mm/ implements mmdrop() and
 * mmput(). The memalloc scopes do nothing: allocation never waits for writing back.
 */

#include <linux/gfp.h>
#include <linux/mm_types.h>
#include <linux/sched.h>

void mmgrab(struct mm_struct *mm);
void mmdrop(struct mm_struct *mm);
bool mmget_not_zero(struct mm_struct *mm);
void mmget(struct mm_struct *mm);
void mmput(struct mm_struct *mm);

/** mm_create() - memory of a new process, NULL if there is no room; sim/mm/. */
struct mm_struct *mm_create(void);
/** mm_exit() - the last task of the process is gone. */
void mm_exit(struct mm_struct *mm);

static inline unsigned int memalloc_nofs_save(void)
{
	return 0;
}

static inline void memalloc_nofs_restore(unsigned int flags)
{
	/* Nothing was saved. */
}

#endif /* _LINUX_SCHED_MM_H */
