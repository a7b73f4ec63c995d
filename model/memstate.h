/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_MEMSTATE_H
#define _MODEL_MEMSTATE_H

/**
 * DOC: What AddressSanitizer and Valgrind know about simulated memory
 *
 * The kernel's allocators say which bytes are free, fresh or in use
 * (host_ops.mem_state). At a boot the new kernel's windows start as ordinary memory.
 */

#include <host/host.h>

/** memstate_watched() - whether anybody watches, so that host_ops.mem_state is of use. */
int memstate_watched(void);

/** memstate_set() - host_ops.mem_state. */
void memstate_set(void *addr, host_size len, enum host_mem state);

/** memstate_reset() - all that was ever marked in [@addr, @addr + @len) is plain memory again. */
void memstate_reset(void *addr, host_size len);

#endif /* _MODEL_MEMSTATE_H */
