// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own string functions (lib/string.c, lib/string_helpers.c).
 */

#include <linux/ctype.h>
#include <linux/string.h>

/**
 * sized_strscpy() - copy a string with its end into @size bytes; strscpy() ends here.
 *
 * Return: number of characters copied, or -E2BIG if @src was cut or @size is 0.
 */
ssize_t sized_strscpy(char *dst, const char *src, size_t size)
{
	size_t len;

	if (!size)
		return -E2BIG;
	len = strnlen(src, size);
	if (len == size) {
		memcpy(dst, src, size - 1);
		dst[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(dst, src, len + 1);
	return len;
}

/** sized_strscpy_pad() - the same, with zeros up to the end of @dst. */
ssize_t sized_strscpy_pad(char *dst, const char *src, size_t size)
{
	ssize_t len = sized_strscpy(dst, src, size);

	if (len >= 0)
		memset(dst + len, 0, size - len);
	return len;
}

/** strlcat() - append; the length that was wanted. */
size_t strlcat(char *dst, const char *src, size_t size)
{
	size_t used = strnlen(dst, size);

	if (used < size)
		sized_strscpy(dst + used, src, size - used);
	return used + strlen(src);
}

char *strnchr(const char *s, size_t n, int c)
{
	for (; n-- && *s; s++)
		if (*s == (char)c)
			return (char *)s;
	return NULL;
}

char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)s;
}

char *strnstr(const char *s, const char *sub, size_t n)
{
	size_t len = strlen(sub);

	for (; n >= len; n--, s++) {
		if (!memcmp(s, sub, len))
			return (char *)s;
		if (!*s)
			break;
	}
	return NULL;
}

char *skip_spaces(const char *s)
{
	while (isspace(*s))
		s++;
	return (char *)s;
}

/** strim() - cut white space at the end, in place; past the white space at the beginning. */
char *strim(char *s)
{
	size_t len = strlen(s);

	while (len && isspace(s[len - 1]))
		len--;
	s[len] = '\0';
	return skip_spaces(s);
}

/** memchr_inv() - the first byte that is not @c; NULL if there is none. */
void *memchr_inv(const void *start, int c, size_t bytes)
{
	const u8 *p = start;

	for (; bytes; p++, bytes--)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}

/** memscan() - the first byte that is @c, or the end. */
void *memscan(void *addr, int c, size_t size)
{
	void *found = memchr(addr, c, size);

	return found ? found : (char *)addr + size;
}

/** sysfs_streq() - equal but for a newline at the end. */
bool sysfs_streq(const char *a, const char *b)
{
	size_t len_a = strlen(a), len_b = strlen(b);

	if (len_a && a[len_a - 1] == '\n')
		len_a--;
	if (len_b && b[len_b - 1] == '\n')
		len_b--;
	return len_a == len_b && !memcmp(a, b, len_a);
}

int match_string(const char *const *array, size_t n, const char *string)
{
	for (size_t i = 0; i < n && array[i]; i++)
		if (!strcmp(array[i], string))
			return i;
	return -EINVAL;
}
