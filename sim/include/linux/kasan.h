/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KASAN_H
#define _LINUX_KASAN_H

/*
 * Stub: KASAN's work is done by the sanitizers of the host, which mm/ tells about memory
 * through sim_mem_state(); the kernel's own annotations add nothing.
 */

#include <linux/types.h>

typedef unsigned int kasan_vmalloc_flags_t;

#define KASAN_VMALLOC_NONE		((kasan_vmalloc_flags_t)0x00u)
#define KASAN_VMALLOC_INIT		((kasan_vmalloc_flags_t)0x01u)
#define KASAN_VMALLOC_VM_ALLOC		((kasan_vmalloc_flags_t)0x02u)
#define KASAN_VMALLOC_PROT_NORMAL	((kasan_vmalloc_flags_t)0x04u)

static inline void *kasan_unpoison_vmalloc(const void *start, unsigned long size,
					   kasan_vmalloc_flags_t flags)
{
	return (void *)start;
}

static inline void *kasan_reset_tag(const void *addr)
{
	return (void *)addr;
}

#endif /* _LINUX_KASAN_H */
