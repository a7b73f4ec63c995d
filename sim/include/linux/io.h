/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_IO_H
#define _LINUX_IO_H

/*
 * Simulated: virt_to_phys() and phys_to_virt() only, see <asm/memory.h>. There are no
 * devices, so no MMIO.
 */

#include <asm/memory.h>
#include <linux/types.h>

#endif /* _LINUX_IO_H */
