/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_KERNEL_RCU_H
#define _SIM_KERNEL_RCU_H

/* Simulated: what RCU and SRCU know of each other. */

#include <linux/types.h>

/** srcu_run_callbacks() - run those of domains without readers; whether there was any. */
bool srcu_run_callbacks(void);
unsigned int srcu_callbacks_pending(void);

#endif /* _SIM_KERNEL_RCU_H */
