/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_COMPILER_ATTRIBUTES_H
#define __LINUX_COMPILER_ATTRIBUTES_H

/* Simulated: function and type attributes; see linux/compiler_types.h. */

#include <linux/compiler_types.h>

#endif /* __LINUX_COMPILER_ATTRIBUTES_H */
