/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_KERNEL_RCU_H
#define _SIM_KERNEL_RCU_H

/* Simulated: what RCU and SRCU know of each other. */

#include <linux/types.h>

/** srcu_quiescent() - run what this task's CPU has queued for domains without readers. */
void srcu_quiescent(void);
/** srcu_task_exit() - run all of that; waits for readers. */
void srcu_task_exit(void);
unsigned int srcu_callbacks_pending(void);

#endif /* _SIM_KERNEL_RCU_H */
