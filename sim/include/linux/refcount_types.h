/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_REFCOUNT_TYPES_H
#define _LINUX_REFCOUNT_TYPES_H

/* Simulated: see linux/refcount.h. */

#include <linux/refcount.h>

#endif /* _LINUX_REFCOUNT_TYPES_H */
