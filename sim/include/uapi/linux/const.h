/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef _UAPI_LINUX_CONST_H
#define _UAPI_LINUX_CONST_H

/* Simulated: see linux/const.h. */

#include <linux/const.h>

#endif /* _UAPI_LINUX_CONST_H */
