/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __MM_VMALLOC_H
#define __MM_VMALLOC_H

/* Simulated: what KHO uses of vmalloc's insides, as mm/vmalloc.h of Linux 7.3. */

#include <linux/vmalloc.h>

unsigned int get_vm_area_page_order(struct vm_struct *vm);
struct vm_struct *__get_vm_area_node(unsigned long size, unsigned long align,
				     unsigned long shift, unsigned long vm_flags,
				     unsigned long start, unsigned long end, int node,
				     gfp_t gfp, const void *caller);
void clear_vm_uninitialized_flag(struct vm_struct *vm);

#endif /* __MM_VMALLOC_H */
