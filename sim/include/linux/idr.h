/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __IDR_H__
#define __IDR_H__

/*
 * Simulated: small numbers for objects (lib/idr.c), as an allocating xarray.
 * Scheduling points: each call; see linux/xarray.h.
 */

#include <linux/xarray.h>

struct ida {
	struct xarray xa;
};

#define IDA_INIT(name)		{ .xa = XARRAY_INIT(name, XA_FLAGS_ALLOC) }
#define DEFINE_IDA(name)	struct ida name = IDA_INIT(name)

static inline void ida_init(struct ida *ida)
{
	xa_init_flags(&ida->xa, XA_FLAGS_ALLOC);
}

static inline void ida_destroy(struct ida *ida)
{
	xa_destroy(&ida->xa);
}

static inline bool ida_is_empty(struct ida *ida)
{
	return xa_empty(&ida->xa);
}

/** ida_alloc_range() - the lowest free number in @min..@max; -ENOMEM, or -ENOSPC if none. */
static inline int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp)
{
	u32 id;
	int err;

	max = max > INT_MAX ? INT_MAX : max;
	err = xa_alloc(&ida->xa, &id, xa_mk_value(0), XA_LIMIT(min, max), gfp);
	if (err == -EBUSY)
		return -ENOSPC;
	return err ? err : (int)id;
}

static inline int ida_alloc(struct ida *ida, gfp_t gfp)
{
	return ida_alloc_range(ida, 0, INT_MAX, gfp);
}

static inline int ida_alloc_max(struct ida *ida, unsigned int max, gfp_t gfp)
{
	return ida_alloc_range(ida, 0, max, gfp);
}

static inline void ida_free(struct ida *ida, unsigned int id)
{
	WARN(!xa_erase(&ida->xa, id), "ida_free called for id=%u which is not allocated.\n", id);
}

#endif /* __IDR_H__ */
