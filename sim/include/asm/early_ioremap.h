/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_EARLY_IOREMAP_H_
#define _ASM_EARLY_IOREMAP_H_

/* Simulated: the direct map exists from the start, so early mappings are part of it. */

#include <asm/memory.h>

/** early_memremap() - NULL if the range isn't memory. */
static inline void *early_memremap(phys_addr_t phys, unsigned long size)
{
	if (phys >= sim_boot.memory || size > sim_boot.memory - phys)
		return NULL;
	return phys_to_virt(phys);
}

static inline void early_memunmap(void *addr, unsigned long size) {}

#endif /* _ASM_EARLY_IOREMAP_H_ */
