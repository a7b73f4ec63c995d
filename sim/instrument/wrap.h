/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_INSTRUMENT_WRAP_H
#define _SIM_INSTRUMENT_WRAP_H

/* Simulated: functions of the C library that the linker lets the image call by way of its own. */

#include <linux/types.h>

#define WRAP(type, name, ...)			\
	type __wrap_##name(__VA_ARGS__);	\
	type __wrap_##name(__VA_ARGS__)

void *__real_memcpy(void *dst, const void *src, size_t n);
void *__real_memmove(void *dst, const void *src, size_t n);
void *__real_memset(void *dst, int c, size_t n);
char *__real_strcpy(char *dst, const char *src);
char *__real_strncpy(char *dst, const char *src, size_t n);
char *__real_strcat(char *dst, const char *src);

#endif /* _SIM_INSTRUMENT_WRAP_H */
