/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_FALLOC_H
#define _LINUX_FALLOC_H

/* Simulated: modes of fallocate(2) (uapi/linux/falloc.h, include/linux/falloc.h). */

#define FALLOC_FL_ALLOCATE_RANGE	0x00
#define FALLOC_FL_KEEP_SIZE		0x01
#define FALLOC_FL_PUNCH_HOLE		0x02
#define FALLOC_FL_NO_HIDE_STALE		0x04
#define FALLOC_FL_COLLAPSE_RANGE	0x08
#define FALLOC_FL_ZERO_RANGE		0x10
#define FALLOC_FL_INSERT_RANGE		0x20
#define FALLOC_FL_UNSHARE_RANGE		0x40
#define FALLOC_FL_WRITE_ZEROES		0x80

/* Exactly one of these may be given. */
#define FALLOC_FL_MODE_MASK	(FALLOC_FL_ALLOCATE_RANGE |	\
				 FALLOC_FL_PUNCH_HOLE |		\
				 FALLOC_FL_COLLAPSE_RANGE |	\
				 FALLOC_FL_ZERO_RANGE |		\
				 FALLOC_FL_INSERT_RANGE |	\
				 FALLOC_FL_UNSHARE_RANGE |	\
				 FALLOC_FL_WRITE_ZEROES)

#endif /* _LINUX_FALLOC_H */
