/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_IOCTL_H
#define _ASM_IOCTL_H

/* Simulated: see linux/ioctl.h. */

#include <linux/ioctl.h>

#endif /* _ASM_IOCTL_H */
