/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KERNEL_SPRINTF_H_
#define _LINUX_KERNEL_SPRINTF_H_

/*
 * Simulated: formatting into buffers (sim/lib/vsprintf.c). Pointers never print as
 * addresses, %px included: output must not depend on where memory lies.
 */

#include <linux/compiler_types.h>
#include <linux/types.h>

int vsnprintf(char *buf, size_t size, const char *fmt, __builtin_va_list args) __printf(3, 0);
int vscnprintf(char *buf, size_t size, const char *fmt, __builtin_va_list args) __printf(3, 0);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int sprintf(char *buf, const char *fmt, ...) __printf(2, 3);
char *kasprintf(gfp_t gfp, const char *fmt, ...) __printf(2, 3) __malloc;
char *kvasprintf(gfp_t gfp, const char *fmt, __builtin_va_list args) __printf(2, 0) __malloc;

#endif /* _LINUX_KERNEL_SPRINTF_H_ */
