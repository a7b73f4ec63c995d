/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SIGNAL_H
#define _LINUX_SIGNAL_H

/* Simulated: signal numbers, x86-64. A fault returns its signal to the machine. */

#define SIGHUP		1
#define SIGINT		2
#define SIGABRT		6
#define SIGBUS		7
#define SIGKILL		9
#define SIGSEGV		11
#define SIGTERM		15

#define BUS_ADRERR	2
#define BUS_MCEERR_AR	4
#define BUS_MCEERR_AO	5

#endif /* _LINUX_SIGNAL_H */
