/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PGTABLE_H
#define _LINUX_PGTABLE_H

/*
 * Simulated: page protection of kernel mappings. They are always readable and writable, so
 * the values only keep the signatures.
 */

#include <linux/mm_types.h>

#define __pgprot(x)		((pgprot_t){ (x) })
#define pgprot_val(x)		((x).pgprot)
#define PAGE_KERNEL		__pgprot(1)
#define PAGE_SHARED		__pgprot(1)
#define PAGE_READONLY		__pgprot(0)
#define pgprot_nx(prot)		(prot)

#define VMALLOC_START		sim_boot.vmalloc_base
#define VMALLOC_END		(sim_boot.vmalloc_base + sim_boot.vmalloc_size)
#define VMALLOC_TOTAL		sim_boot.vmalloc_size

#define PMD_SHIFT		21
#define PMD_ORDER		(PMD_SHIFT - PAGE_SHIFT)
#define PMD_SIZE		(1UL << PMD_SHIFT)
#define HPAGE_PMD_ORDER		PMD_ORDER
#define HPAGE_PMD_NR		(1 << HPAGE_PMD_ORDER)

#endif /* _LINUX_PGTABLE_H */
