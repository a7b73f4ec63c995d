/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

/*
 * Simulated: barriers. Memory is sequentially consistent in the simulator, so that they
 * only keep the compiler from moving accesses; acquire and release are plain READ_ONCE()
 * and WRITE_ONCE(), and scheduling points as those.
 */

#include <linux/compiler.h>

#define mb()			barrier()
#define rmb()			barrier()
#define wmb()			barrier()
#define smp_mb()		barrier()
#define smp_rmb()		barrier()
#define smp_wmb()		barrier()
#define smp_mb__before_atomic()	barrier()
#define smp_mb__after_atomic()	barrier()
#define smp_mb__after_spinlock()	barrier()
#define smp_mb__after_unlock_lock()	barrier()
#define smp_mb__after_srcu_read_lock()	barrier()
#define smp_mb__after_srcu_read_unlock()	barrier()
#define dma_rmb()		barrier()
#define dma_wmb()		barrier()
#define smp_load_acquire(p)	READ_ONCE(*(p))
#define smp_store_release(p, v)	WRITE_ONCE(*(p), v)
#define smp_store_mb(var, val)	WRITE_ONCE(var, val)
#define array_index_nospec(index, size)	\
	({ __auto_type __an_i = (index); __an_i < (size) ? __an_i : 0; })

#endif /* _ASM_BARRIER_H */
