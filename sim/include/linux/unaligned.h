/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_UNALIGNED_H
#define __LINUX_UNALIGNED_H

/* Simulated: access to values at any address. */

#include <asm/byteorder.h>
#include <linux/types.h>

#define get_unaligned(ptr)						\
({									\
	const struct { typeof(*(ptr)) x; } __packed *__gu_p = (const void *)(ptr); \
	__gu_p->x;							\
})
#define put_unaligned(val, ptr)						\
do {									\
	struct { typeof(*(ptr)) x; } __packed *__pu_p = (void *)(ptr);	\
	__pu_p->x = (val);						\
} while (0)

#define get_unaligned_be32(p)		be32_to_cpu(get_unaligned((const u32 *)(p)))
#define get_unaligned_be64(p)		be64_to_cpu(get_unaligned((const u64 *)(p)))
#define get_unaligned_le32(p)		get_unaligned((const u32 *)(p))
#define get_unaligned_le64(p)		get_unaligned((const u64 *)(p))
#define put_unaligned_be32(val, p)	put_unaligned(swab32(val), (u32 *)(p))
#define put_unaligned_be64(val, p)	put_unaligned(swab64(val), (u64 *)(p))
#define put_unaligned_le32(val, p)	put_unaligned((u32)(val), (u32 *)(p))
#define put_unaligned_le64(val, p)	put_unaligned((u64)(val), (u64 *)(p))

#endif /* __LINUX_UNALIGNED_H */
