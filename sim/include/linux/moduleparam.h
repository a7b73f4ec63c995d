/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MODULE_PARAMS_H
#define _LINUX_MODULE_PARAMS_H

/* stub: module parameters keep their default; a scenario has no way to set them yet. */

#include <linux/init.h>

struct kernel_param;

#define module_param(name, type, perm)
#define module_param_named(name, value, type, perm)
#define module_param_cb(name, ops, arg, perm)
#define module_param_array(name, type, nump, perm)
#define core_param(name, var, type, perm)
#define MODULE_PARM_DESC(parm, desc)

#endif /* _LINUX_MODULE_PARAMS_H */
