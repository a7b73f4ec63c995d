/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_PREEMPT_H
#define __LINUX_PREEMPT_H

/*
 * Simulated: atomic context, in which nothing may sleep. Other tasks run all the same, as
 * they would on other processors.
 */

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/types.h>

void preempt_disable(void);
void preempt_enable(void);

/** in_atomic() - whether the current task holds a spinlock or has preemption disabled. */
bool in_atomic(void);

#define preemptible()		(!in_atomic())
#define in_interrupt()		false
#define in_task()		true
#define in_hardirq()		false
#define in_nmi()		false
#define preempt_disable_notrace()	preempt_disable()
#define preempt_enable_notrace()	preempt_enable()
#define local_irq_save(flags)		do { (flags) = 0; preempt_disable(); } while (0)
#define local_irq_restore(flags)	do { (void)(flags); preempt_enable(); } while (0)
#define local_irq_disable()		preempt_disable()
#define local_irq_enable()		preempt_enable()
#define local_bh_disable()		preempt_disable()
#define local_bh_enable()		preempt_enable()
#define irqs_disabled()			false

DEFINE_LOCK_GUARD_0(preempt, preempt_disable(), preempt_enable())

#endif /* __LINUX_PREEMPT_H */
