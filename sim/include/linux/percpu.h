/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_PERCPU_H
#define __LINUX_PERCPU_H

/* Simulated: per-processor variables, of the one processor; see linux/cpumask.h. */

#include <linux/cpumask.h>
#include <linux/percpu-defs.h>
#include <linux/smp.h>

#endif /* __LINUX_PERCPU_H */
