// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers from strings (lib/kstrtox.c, lib/cmdline.c).
 */

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/hex.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/overflow.h>
#include <linux/string.h>

const char hex_asc[] = "0123456789abcdef";

int hex_to_bin(unsigned char ch)
{
	if (isdigit(ch))
		return ch - '0';
	ch = tolower(ch);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/* Base 0 means by prefix: 0x, 0 or none. The prefix is skipped. */
static const char *skip_prefix(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && tolower(s[1]) == 'x' && isxdigit(s[2]);

	if (*base == 0)
		*base = hex ? 16 : s[0] == '0' ? 8 : 10;
	return hex && *base == 16 ? s + 2 : s;
}

/* Digits from @s on: their number, and the value; *@overflow if it does not fit. */
static unsigned int parse_digits(const char *s, unsigned int base, unsigned long long *value,
				 bool *overflow)
{
	unsigned int n = 0;

	*value = 0;
	*overflow = false;
	for (; hex_to_bin(s[n]) >= 0 && (unsigned int)hex_to_bin(s[n]) < base; n++) {
		if (check_mul_overflow(*value, (unsigned long long)base, value) ||
		    check_add_overflow(*value, (unsigned long long)hex_to_bin(s[n]), value))
			*overflow = true;
	}
	return n;
}

static int parse_whole(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long value;
	unsigned int digits;
	bool overflow;

	s = skip_prefix(s, &base);
	digits = parse_digits(s, base, &value, &overflow);
	if (!digits)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	s += digits;
	if (*s == '\n')
		s++;
	if (*s)
		return -EINVAL;
	*res = value;
	return 0;
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	return parse_whole(*s == '+' ? s + 1 : s, base, res);
}

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	unsigned long long value;
	int err;

	if (*s != '-') {
		err = kstrtoull(s, base, &value);
		if (!err && value > LLONG_MAX)
			return -ERANGE;
		if (!err)
			*res = value;
		return err;
	}
	err = parse_whole(s + 1, base, &value);
	if (!err && value > (unsigned long long)LLONG_MAX + 1)
		return -ERANGE;
	if (!err)
		*res = -value;
	return err;
}

static int parse_at_most(const char *s, unsigned int base, unsigned long long max,
			 unsigned long long *res)
{
	int err = kstrtoull(s, base, res);

	return err ? err : *res > max ? -ERANGE : 0;
}

int kstrtouint(const char *s, unsigned int base, unsigned int *res)
{
	unsigned long long value;
	int err = parse_at_most(s, base, UINT_MAX, &value);

	if (!err)
		*res = value;
	return err;
}

int kstrtou16(const char *s, unsigned int base, u16 *res)
{
	unsigned long long value;
	int err = parse_at_most(s, base, U16_MAX, &value);

	if (!err)
		*res = value;
	return err;
}

int kstrtou8(const char *s, unsigned int base, u8 *res)
{
	unsigned long long value;
	int err = parse_at_most(s, base, U8_MAX, &value);

	if (!err)
		*res = value;
	return err;
}

int kstrtoint(const char *s, unsigned int base, int *res)
{
	long long value;
	int err = kstrtoll(s, base, &value);

	if (!err && (value < INT_MIN || value > INT_MAX))
		return -ERANGE;
	if (!err)
		*res = value;
	return err;
}

/** kstrtobool() - y, n, t, f, 1, 0, on, off, with anything after them; else -EINVAL. */
int kstrtobool(const char *s, bool *res)
{
	int first, second;

	if (!s || !*s)
		return -EINVAL;
	first = tolower(s[0]);
	second = tolower(s[1]);
	if (first == 'y' || first == 't' || first == '1' || (first == 'o' && second == 'n'))
		*res = true;
	else if (first == 'n' || first == 'f' || first == '0' || (first == 'o' && second == 'f'))
		*res = false;
	else
		return -EINVAL;
	return 0;
}

unsigned long long simple_strtoull(const char *s, char **end, unsigned int base)
{
	unsigned long long value;
	bool overflow;

	s = skip_prefix(s, &base);
	s += parse_digits(s, base, &value, &overflow);
	if (end)
		*end = (char *)s;
	return value;
}

unsigned long simple_strtoul(const char *s, char **end, unsigned int base)
{
	return simple_strtoull(s, end, base);
}

long simple_strtol(const char *s, char **end, unsigned int base)
{
	return *s == '-' ? -simple_strtoull(s + 1, end, base) : simple_strtoull(s, end, base);
}

/** memparse() - a number with K, M, G, T, P or E behind it. */
unsigned long long memparse(const char *s, char **end)
{
	static const char suffixes[] = "kmgtpe";
	char *after;
	unsigned long long value = simple_strtoull(s, &after, 0);
	const char *suffix = *after ? strchr(suffixes, tolower(*after)) : NULL;

	if (suffix) {
		value <<= 10 * (suffix - suffixes + 1);
		after++;
	}
	if (end)
		*end = after;
	return value;
}
