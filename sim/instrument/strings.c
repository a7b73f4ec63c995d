// SPDX-License-Identifier: GPL-2.0
/*
 * String functions of the C library, as an image with hooks calls them: the linker puts these in
 * between (sim/instrument/hooks.cmake).
 */

#include <linux/minmax.h>
#include <linux/string.h>

#include "hooks.h"
#include "wrap.h"

#define HOOK_READ(address, size)	HOOK_ACCESS(address, size, HOST_ACCESS_READ, HOOK_PLAIN)
#define HOOK_WRITE(address, size)	HOOK_ACCESS(address, size, HOST_ACCESS_WRITE, HOOK_PLAIN)

size_t __real_strlen(const char *s);
size_t __real_strnlen(const char *s, size_t n);
int __real_memcmp(const void *a, const void *b, size_t n);
void *__real_memchr(const void *s, int c, size_t n);
int __real_strcmp(const char *a, const char *b);
int __real_strncmp(const char *a, const char *b, size_t n);
char *__real_strchr(const char *s, int c);
char *__real_strrchr(const char *s, int c);
char *__real_strstr(const char *s, const char *sub);

/* How far a comparison of two strings looks. */
static size_t compared(const char *a, const char *b, size_t max)
{
	size_t n = 0;

	while (n < max && a[n] && a[n] == b[n])
		n++;
	return min(n + 1, max);
}

/* So much is read before it is written. */
#define COPY_MAX	64UL

static size_t part(const volatile void *address, size_t n, enum host_access_kind kind,
		   const void *frame)
{
	return sim_log_on() ? sim_log_part(address, n, kind, frame) : n;
}

/* Others may do something in between: a copy is no single access. */
static void copy_in_parts(char *dst, const char *src, size_t n, const void *frame)
{
	char between[COPY_MAX];

	while (n) {
		size_t len = part(src, min(n, COPY_MAX), HOST_ACCESS_READ, frame);

		__real_memcpy(between, src, len);
		for (size_t done = 0, next; done < len; done += next) {
			next = part(dst + done, len - done, HOST_ACCESS_WRITE, frame);
			__real_memcpy(dst + done, between + done, next);
		}
		src += len;
		dst += len;
		n -= len;
	}
}

WRAP(void *, memcpy, void *dst, const void *src, size_t n)
{
	if (!sim_points_in_memory()) {
		HOOK_READ(src, n);
		HOOK_WRITE(dst, n);
		return __real_memcpy(dst, src, n);
	}
	copy_in_parts(dst, src, n, __builtin_frame_address(0));
	return dst;
}

WRAP(void *, memmove, void *dst, const void *src, size_t n)
{
	HOOK_READ(src, n);
	HOOK_WRITE(dst, n);
	return __real_memmove(dst, src, n);
}

WRAP(void *, memset, void *dst, int c, size_t n)
{
	for (size_t done = 0, next; done < n; done += next) {
		next = part(dst + done, n - done, HOST_ACCESS_WRITE, __builtin_frame_address(0));
		__real_memset(dst + done, c, next);
	}
	return dst;
}

WRAP(int, memcmp, const void *a, const void *b, size_t n)
{
	HOOK_READ(a, n);
	HOOK_READ(b, n);
	return __real_memcmp(a, b, n);
}

WRAP(void *, memchr, const void *s, int c, size_t n)
{
	char *found = __real_memchr(s, c, n);

	HOOK_READ(s, found ? found - (const char *)s + 1 : n);
	return found;
}

WRAP(size_t, strlen, const char *s)
{
	size_t n = __real_strlen(s);

	HOOK_READ(s, n + 1);
	return n;
}

WRAP(size_t, strnlen, const char *s, size_t max)
{
	size_t n = __real_strnlen(s, max);

	HOOK_READ(s, min(n + 1, max));
	return n;
}

WRAP(int, strcmp, const char *a, const char *b)
{
	size_t n = compared(a, b, ~0UL);

	HOOK_READ(a, n);
	HOOK_READ(b, n);
	return __real_strcmp(a, b);
}

WRAP(int, strncmp, const char *a, const char *b, size_t n)
{
	size_t len = compared(a, b, n);

	HOOK_READ(a, len);
	HOOK_READ(b, len);
	return __real_strncmp(a, b, n);
}

WRAP(char *, strcpy, char *dst, const char *src)
{
	size_t n = __real_strlen(src) + 1;

	HOOK_READ(src, n);
	HOOK_WRITE(dst, n);
	return __real_strcpy(dst, src);
}

WRAP(char *, strncpy, char *dst, const char *src, size_t n)
{
	HOOK_READ(src, min(__real_strnlen(src, n) + 1, n));
	HOOK_WRITE(dst, n);
	return __real_strncpy(dst, src, n);
}

WRAP(char *, strcat, char *dst, const char *src)
{
	size_t used = __real_strlen(dst), n = __real_strlen(src) + 1;

	HOOK_READ(dst, used + 1);
	HOOK_READ(src, n);
	HOOK_WRITE(dst + used, n);
	return __real_strcat(dst, src);
}

WRAP(char *, strchr, const char *s, int c)
{
	HOOK_READ(s, __real_strlen(s) + 1);
	return __real_strchr(s, c);
}

WRAP(char *, strrchr, const char *s, int c)
{
	HOOK_READ(s, __real_strlen(s) + 1);
	return __real_strrchr(s, c);
}

WRAP(char *, strstr, const char *s, const char *sub)
{
	HOOK_READ(s, __real_strlen(s) + 1);
	HOOK_READ(sub, __real_strlen(sub) + 1);
	return __real_strstr(s, sub);
}
