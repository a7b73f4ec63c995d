/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_FILE_REF_H
#define _LINUX_FILE_REF_H

/*
 * Simulated: the reference count of struct file (include/linux/file_ref.h, fs/file.c).
 *
 * Kernel promises: once the last reference has been put, file_ref_get() fails until
 *	file_ref_init(), so that a lookup under RCU can't revive a dying file.
 * Modelled: the encoding (value = references - 1; negative is none), with the window
 *	between the last decrement and the count being marked dead, in which a get
 *	still wins and the put is not the last one after all.
 * Left out: saturation, since 2^63 references can't be had.
 * Scheduling points: each operation, as a read-modify-write of the count.
 */

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/types.h>

typedef struct {
	atomic64_t refcnt;
} file_ref_t;

#define FILE_REF_ONEREF		0x0000000000000000UL
#define FILE_REF_MAXREF		0x7FFFFFFFFFFFFFFFUL
#define FILE_REF_RELEASED	0xC000000000000000UL
#define FILE_REF_DEAD		0xE000000000000000UL
#define FILE_REF_NOREF		0xFFFFFFFFFFFFFFFFUL

static inline void file_ref_init(file_ref_t *ref, unsigned long cnt)
{
	atomic64_set(&ref->refcnt, cnt - 1);
}

/**
 * file_ref_get() - one more reference, unless the last one is gone.
 *
 * A failed attempt leaves a dead count a little less negative: it must not be
 * reset, as the file may already be somebody else's.
 */
static inline __must_check bool file_ref_get(file_ref_t *ref)
{
	return atomic64_add_return(1, &ref->refcnt) >= 0;
}

/** file_ref_inc() - one more reference, by somebody who holds one. */
static inline void file_ref_inc(file_ref_t *ref)
{
	long after = atomic64_add_return(1, &ref->refcnt);

	WARN_ONCE(after <= 0, "file_ref_inc() on a released file reference");
}

/** file_ref_put() - give a reference back. Return: true if it was the last one. */
static inline __must_check bool file_ref_put(file_ref_t *ref)
{
	long cnt = atomic64_sub_return(1, &ref->refcnt);

	if (cnt >= 0)
		return false;
	if (WARN_ONCE(cnt != (long)FILE_REF_NOREF, "imbalanced put on file reference count"))
		return false;

	/* Somebody may have come in between and taken a reference. */
	return atomic64_cmpxchg(&ref->refcnt, (long)FILE_REF_NOREF, (long)FILE_REF_DEAD) ==
	       (long)FILE_REF_NOREF;
}

static inline unsigned long __file_ref_read_raw(file_ref_t *ref)
{
	return atomic64_read(&ref->refcnt);
}

/** file_ref_read() - number of references; 0 once dead. */
static inline unsigned long file_ref_read(file_ref_t *ref)
{
	unsigned long c = __file_ref_read_raw(ref);

	return c >= FILE_REF_RELEASED ? 0 : c + 1;
}

#endif /* _LINUX_FILE_REF_H */
