/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_LINKAGE_H
#define _LINUX_LINKAGE_H

/* Simulated: linkage of functions; everything in an image is plain C. */

#include <linux/compiler_types.h>
#include <linux/export.h>
#include <linux/stringify.h>

#define __page_aligned_data	__attribute__((__aligned__(4096)))
#define __page_aligned_bss	__attribute__((__aligned__(4096)))

#endif /* _LINUX_LINKAGE_H */
