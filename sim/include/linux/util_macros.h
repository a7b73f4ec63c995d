/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_UTIL_MACROS_H_
#define _LINUX_UTIL_MACROS_H_

/* Simulated: loops over arguments and arrays. */

#define for_each_if(condition)	if (!(condition)) {} else

#endif /* _LINUX_UTIL_MACROS_H_ */
