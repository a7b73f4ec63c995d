/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __KMEMLEAK_H
#define __KMEMLEAK_H

/* Stub: leaks are found by the census, not by scanning memory. */

#include <linux/gfp_types.h>
#include <linux/types.h>

static inline void kmemleak_alloc(const void *ptr, size_t size, int min_count, gfp_t gfp) {}
static inline void kmemleak_free(const void *ptr) {}
static inline void kmemleak_not_leak(const void *ptr) {}
static inline void kmemleak_ignore(const void *ptr) {}
static inline void kmemleak_ignore_phys(phys_addr_t phys) {}
static inline void kmemleak_no_scan(const void *ptr) {}

#endif /* __KMEMLEAK_H */
