/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_ONCE_H
#define _LINUX_ONCE_H

/* Simulated: functions that are called once in each boot; true for the call that does it. */

#include <linux/types.h>

#define DO_ONCE(func, ...)			\
({						\
	static bool __once_done;		\
	bool __once_now = !__once_done;		\
	if (__once_now) {			\
		__once_done = true;		\
		func(__VA_ARGS__);		\
	}					\
	__once_now;				\
})

#endif /* _LINUX_ONCE_H */
