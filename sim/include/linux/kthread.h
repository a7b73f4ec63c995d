/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KTHREAD_H
#define _LINUX_KTHREAD_H

/*
 * stub: only the machine makes tasks, on behalf of user space; code that wants a kernel
 * thread finds that none can be had.
 */

#include <linux/err.h>
#include <linux/sched.h>

#define kthread_run(fn, data, fmt, ...)		((struct task_struct *)ERR_PTR(-EAGAIN))
#define kthread_create(fn, data, fmt, ...)	((struct task_struct *)ERR_PTR(-EAGAIN))

#endif /* _LINUX_KTHREAD_H */
