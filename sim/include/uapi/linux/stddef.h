/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef _UAPI_LINUX_STDDEF_H
#define _UAPI_LINUX_STDDEF_H

/* Simulated: flexible arrays of user interface structures; see linux/stddef.h. */

#include <linux/stddef.h>

#endif /* _UAPI_LINUX_STDDEF_H */
