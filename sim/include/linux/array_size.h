/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_ARRAY_SIZE_H
#define _LINUX_ARRAY_SIZE_H

/* Simulated: number of elements of a real array. */

#include <linux/compiler.h>

#define ARRAY_SIZE(arr)	(sizeof(arr) / sizeof((arr)[0]) + __must_be_array(arr))
#define ARRAY_END(arr)	(&(arr)[ARRAY_SIZE(arr)])

#endif /* _LINUX_ARRAY_SIZE_H */
