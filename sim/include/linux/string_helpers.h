/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_STRING_HELPERS_H_
#define _LINUX_STRING_HELPERS_H_

/* Simulated: words for truth values. */

#include <linux/string.h>
#include <linux/types.h>

#define str_yes_no(v)			((v) ? "yes" : "no")
#define str_true_false(v)		((v) ? "true" : "false")
#define str_on_off(v)			((v) ? "on" : "off")
#define str_enabled_disabled(v)		((v) ? "enabled" : "disabled")
#define str_plural(n)			((n) == 1 ? "" : "s")

#endif /* _LINUX_STRING_HELPERS_H_ */
