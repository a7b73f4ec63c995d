/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SCHED_TASK_H
#define _LINUX_SCHED_TASK_H

/* Simulated: see linux/sched.h. */

#include <linux/sched.h>

#endif /* _LINUX_SCHED_TASK_H */
