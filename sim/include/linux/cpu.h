/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_CPU_H_
#define _LINUX_CPU_H_

/* stub: processors neither come nor go; see linux/cpumask.h. */

#endif /* _LINUX_CPU_H_ */
