/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_KERNEL_MODULE_H
#define _SIM_KERNEL_MODULE_H

/* Simulated: loading and unloading modules, for the table in syscalls.c. */

#include <linux/compiler.h>
#include <linux/types.h>

long ksys_init_module(const void __user *image, size_t len);
long ksys_delete_module(const char __user *name, unsigned int flags);

/** modules_references() - references to all modules, built-in code included. */
long modules_references(void);

#endif /* _SIM_KERNEL_MODULE_H */
