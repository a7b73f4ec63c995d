/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_ERRNO_H
#define _ASM_ERRNO_H

/* Simulated: see uapi/linux/errno.h. */

#include <uapi/linux/errno.h>

#endif /* _ASM_ERRNO_H */
