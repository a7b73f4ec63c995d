/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_KCONFIG_H
#define __LINUX_KCONFIG_H

/*
 * Simulated: questions about the configuration. An option that is on is defined as 1; the
 * second argument of a pasted placeholder then moves into its place.
 */

#define __kc_placeholder_1		0,
#define __kc_second(ignored, val, ...)	val
#define __kc_pick(maybe_comma)		__kc_second(maybe_comma 1, 0)
#define __kc_paste(val)			__kc_pick(__kc_placeholder_##val)
#define __is_defined(x)			__kc_paste(x)

#define IS_BUILTIN(option)		__is_defined(option)
#define IS_MODULE(option)		__is_defined(option##_MODULE)
#define IS_REACHABLE(option)		__is_defined(option)
#define IS_ENABLED(option)		__is_defined(option)

#endif /* __LINUX_KCONFIG_H */
