/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_OPS_H
#define _MODEL_OPS_H

#include <host/host.h>

#define OP_BIT(op)	(1u << (op))

/** OPS_COMMUTING - several tasks may do these to one object in any order; see struct host_ops. */
#define OPS_COMMUTING									\
	(OP_BIT(HOST_OP_READ) | OP_BIT(HOST_OP_ACQUIRE_SHARED) |			\
	 OP_BIT(HOST_OP_TRY_SHARED) | OP_BIT(HOST_OP_RELEASE_SHARED) |			\
	 OP_BIT(HOST_OP_RCU_LOCK) | OP_BIT(HOST_OP_RCU_UNLOCK) | OP_BIT(HOST_OP_WAIT))

#endif /* _MODEL_OPS_H */
