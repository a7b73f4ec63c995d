/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_LOCKDEP_TYPES_H
#define __LINUX_LOCKDEP_TYPES_H

/* stub: lock classes are not modelled, their keys take no room; see linux/lockdep.h. */

struct lock_class_key { };

struct lockdep_map {
	const char *name;
};

#endif /* __LINUX_LOCKDEP_TYPES_H */
