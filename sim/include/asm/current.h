/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_CURRENT_H
#define _ASM_CURRENT_H

/* Simulated: the task that runs; the machine stores it here when it switches fibers. */

struct task_struct;

extern struct task_struct *sim_current;
#define current		sim_current

#endif /* _ASM_CURRENT_H */
