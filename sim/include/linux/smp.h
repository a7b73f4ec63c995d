/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_SMP_H
#define __LINUX_SMP_H

/* Simulated: see linux/cpumask.h. */

#include <linux/cpumask.h>
#include <linux/preempt.h>

#define smp_processor_id()	0
#define raw_smp_processor_id()	0
#define get_cpu()		({ preempt_disable(); 0; })
#define put_cpu()		preempt_enable()

#endif /* __LINUX_SMP_H */
