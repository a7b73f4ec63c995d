/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

/*
 * Simulated: barriers. Memory is sequentially consistent in the simulator, so that they
 * only keep the compiler from moving accesses; acquire and release are READ_ONCE() and
 * WRITE_ONCE(), and scheduling points as those. What they order is told to the detector of
 * data races.
 */

#include <linux/compiler.h>

#define sim_fence(kind)		\
do {				\
	barrier();		\
	sim_sync(kind, (void *)0);	\
} while (0)

#define mb()		sim_fence(HOST_SYNC_FENCE)
#define rmb()		sim_fence(HOST_SYNC_FENCE_READ)
#define wmb()		sim_fence(HOST_SYNC_FENCE_WRITE)
#define smp_mb()		sim_fence(HOST_SYNC_FENCE)
#define smp_rmb()		sim_fence(HOST_SYNC_FENCE_READ)
#define smp_wmb()		sim_fence(HOST_SYNC_FENCE_WRITE)
#define smp_mb__before_atomic()		sim_fence(HOST_SYNC_FENCE)
#define smp_mb__after_atomic()		sim_fence(HOST_SYNC_FENCE)
#define smp_mb__after_spinlock()		sim_fence(HOST_SYNC_FENCE)
#define smp_mb__after_unlock_lock()		sim_fence(HOST_SYNC_FENCE)
#define smp_mb__after_srcu_read_lock()		sim_fence(HOST_SYNC_FENCE)
#define smp_mb__after_srcu_read_unlock()		sim_fence(HOST_SYNC_FENCE)
#define dma_rmb()		sim_fence(HOST_SYNC_FENCE_READ)
#define dma_wmb()		sim_fence(HOST_SYNC_FENCE_WRITE)
#define smp_load_acquire(p)	sim_read_once(*(p), HOST_SYNC_LOAD_ACQUIRE)
#define smp_store_release(p, v)	sim_write_once(*(p), v, HOST_SYNC_STORE_RELEASE)
#define smp_store_mb(var, val)	\
do {				\
	WRITE_ONCE(var, val);	\
	smp_mb();		\
} while (0)
#define array_index_nospec(index, size)	\
	({ __auto_type __an_i = (index); __an_i < (size) ? __an_i : 0; })

#endif /* _ASM_BARRIER_H */
