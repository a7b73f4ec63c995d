// SPDX-License-Identifier: GPL-2.0
/*
 * Formatting (lib/vsprintf.c): the conversions of C without floating point, and of the kernel's
 * pointer formats
 *
 *	%pe	an error pointer as "-ENOMEM"
 *	%pa	a phys_addr_t, by reference
 *	%ps %pS	a function, as its offset in the image: the machine can name it
 *	%pV	a struct va_format
 *	%p	anything else never prints as an address, %px and %pK included
 *
 * Other extensions end the run: they are not modelled.
 */

#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * struct spec - one conversion.
 * @left:      '-'
 * @zero:      '0'
 * @plus:      '+'
 * @space:     ' '
 * @alt:       '#'
 * @width:     least number of characters
 * @precision: digits or characters, -1 if not given
 * @size:      bytes of an integer argument
 * @base:      8, 10 or 16
 * @upper:     hexadecimal in capitals
 * @is_signed: the integer has a sign
 */
struct spec {
	bool left, zero, plus, space, alt;
	int width;
	int precision;
	unsigned int size;
	unsigned int base;
	bool upper;
	bool is_signed;
};

/**
 * struct out - where the text goes.
 * @buf:  the buffer
 * @size: its size; what does not fit is only counted
 * @len:  characters so far
 */
struct out {
	char *buf;
	size_t size;
	size_t len;
};

static void put(struct out *out, char c)
{
	if (out->len < out->size)
		out->buf[out->len] = c;
	out->len++;
}

static void put_n(struct out *out, char c, int n)
{
	while (n-- > 0)
		put(out, c);
}

static void put_text(struct out *out, const struct spec *spec, const char *text, int len)
{
	if (!spec->left)
		put_n(out, ' ', spec->width - len);
	for (int i = 0; i < len; i++)
		put(out, text[i]);
	if (spec->left)
		put_n(out, ' ', spec->width - len);
}

static void put_string(struct out *out, const struct spec *spec, const char *s)
{
	if (!s)
		s = "(null)";
	put_text(out, spec, s, spec->precision < 0 ? strlen(s) : strnlen(s, spec->precision));
}

/* Digits of @value, the last one first; their number. */
static int reverse_digits(char *digits, u64 value, const struct spec *spec)
{
	const char *set = spec->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	int n = 0;

	for (; value; value /= spec->base)
		digits[n++] = set[value % spec->base];
	if (!n && spec->precision)
		digits[n++] = '0';
	return n;
}

static const char *number_prefix(const struct spec *spec, bool negative, u64 value)
{
	if (negative)
		return "-";
	if (spec->is_signed && spec->plus)
		return "+";
	if (spec->is_signed && spec->space)
		return " ";
	if (!spec->alt || !value)
		return "";
	return spec->base == 16 ? spec->upper ? "0X" : "0x" : spec->base == 8 ? "0" : "";
}

static void put_number(struct out *out, const struct spec *spec, u64 value, bool negative)
{
	const char *prefix = number_prefix(spec, negative, value);
	char digits[24];
	int n = reverse_digits(digits, value, spec);
	int zeros = max(spec->precision - n, 0);
	int pad = spec->width - (int)strlen(prefix) - zeros - n;

	if (spec->zero && !spec->left && spec->precision < 0) {
		zeros = max(pad, 0);
		pad = 0;
	}
	if (!spec->left)
		put_n(out, ' ', pad);
	for (; *prefix; prefix++)
		put(out, *prefix);
	put_n(out, '0', zeros);
	while (n--)
		put(out, digits[n]);
	if (spec->left)
		put_n(out, ' ', pad);
}

static void put_integer(struct out *out, const struct spec *spec, u64 value)
{
	unsigned int unused = 64 - 8 * spec->size;
	s64 with_sign = (s64)(value << unused) >> unused;

	if (spec->is_signed)
		put_number(out, spec, with_sign < 0 ? -(u64)with_sign : (u64)with_sign,
			   with_sign < 0);
	else
		put_number(out, spec, value << unused >> unused, false);
}

static const struct {
	int number;
	const char *name;
} errnames[] = {
#define E(name)	{ name, "-" #name }
	E(EPERM), E(ENOENT), E(EINTR), E(EIO), E(ENXIO), E(E2BIG), E(EBADF), E(EAGAIN), E(ENOMEM),
	E(EACCES), E(EFAULT), E(EBUSY), E(EEXIST), E(EXDEV), E(ENODEV), E(ENOTDIR), E(EISDIR),
	E(EINVAL), E(ENFILE), E(EMFILE), E(ENOTTY), E(EFBIG), E(ENOSPC), E(ESPIPE), E(EROFS),
	E(EDOM), E(ERANGE), E(EDEADLK), E(ENAMETOOLONG), E(ENOSYS), E(ENODATA), E(EBADMSG),
	E(EOVERFLOW), E(EILSEQ), E(EMSGSIZE), E(EOPNOTSUPP), E(EPROTO), E(ENOBUFS), E(EALREADY),
	E(EINPROGRESS), E(ESTALE), E(EUCLEAN), E(ECANCELED), E(EHWPOISON), E(ETIMEDOUT),
	E(ERESTARTSYS), E(EPROBE_DEFER), E(ENOTSUPP), E(ENOIOCTLCMD), E(ESRCH), E(ECHILD),
	E(ENOTEMPTY), E(ELOOP), E(EPIPE), E(ETXTBSY),
#undef E
};

static void put_errname(struct out *out, const struct spec *spec, int number)
{
	for (size_t i = 0; i < ARRAY_SIZE(errnames); i++) {
		if (errnames[i].number == number) {
			put_string(out, spec, errnames[i].name);
			return;
		}
	}
	put_number(out, spec, number, true);
}

/* The first byte of the image: where its program header begins. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

static void put_symbol(struct out *out, const void *ptr)
{
	const struct spec hex = { .base = 16, .precision = -1, .alt = true };
	const struct spec plain = { .precision = -1 };

	put_string(out, &plain, "kernel+");
	put_number(out, &hex, (const char *)ptr - __ehdr_start, false);
}

static void put_va_format(struct out *out, const struct va_format *vaf)
{
	size_t room = out->len < out->size ? out->size - out->len : 0;
	va_list args;

	va_copy(args, *vaf->va);
	out->len += vsnprintf(room ? out->buf + out->len : NULL, room, vaf->fmt, args);
	va_end(args);
}

/* Returns the format past the extension. */
static const char *put_pointer(struct out *out, struct spec *spec, const char *fmt,
			       const void *ptr)
{
	const struct spec phys = { .base = 16, .precision = 16, .alt = true };

	switch (isalnum(*fmt) ? *fmt : '\0') {
	case '\0':
	case 'x':
	case 'K':
		if (ptr)
			put_string(out, spec, "(____ptrval____)");
		else
			put_string(out, spec, "(null)");
		break;
	case 'e':
		if (IS_ERR(ptr))
			put_errname(out, spec, -PTR_ERR(ptr));
		else
			put_string(out, spec, "(____ptrval____)");
		break;
	case 'a':
		put_number(out, &phys, *(const phys_addr_t *)ptr, false);
		break;
	case 's':
	case 'S':
		put_symbol(out, ptr);
		break;
	case 'V':
		put_va_format(out, ptr);
		break;
	default:
		sim_check(false, "printk: a pointer format that is not modelled");
	}
	while (isalnum(*fmt))
		fmt++;
	return fmt;
}

static const char *parse_flags(struct spec *spec, const char *fmt)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-':
			spec->left = true;
			break;
		case '0':
			spec->zero = true;
			break;
		case '+':
			spec->plus = true;
			break;
		case ' ':
			spec->space = true;
			break;
		case '#':
			spec->alt = true;
			break;
		default:
			return fmt;
		}
	}
}

static const char *parse_int(int *value, const char *fmt)
{
	for (*value = 0; isdigit(*fmt); fmt++)
		*value = *value * 10 + (*fmt - '0');
	return fmt;
}

/* Bytes of an integer by its length modifier; int without one. */
static const char *parse_size(struct spec *spec, const char *fmt)
{
	spec->size = sizeof(int);
	switch (*fmt) {
	case 'h':
		spec->size = fmt[1] == 'h' ? 1 : 2;
		return fmt + (fmt[1] == 'h' ? 2 : 1);
	case 'l':
		spec->size = 8;
		return fmt + (fmt[1] == 'l' ? 2 : 1);
	case 'L':
	case 'q':
	case 'z':
	case 't':
	case 'j':
		spec->size = 8;
		return fmt + 1;
	}
	return fmt;
}

static bool parse_integer_type(struct spec *spec, char type)
{
	spec->base = type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
	spec->upper = type == 'X';
	spec->is_signed = type == 'd' || type == 'i';
	return type && strchr("diuoxX", type);
}

/* The arguments travel in a structure: a va_list can't be passed by reference as it is. */
struct arguments {
	va_list list;
};

static const char *parse_spec(struct spec *spec, const char *fmt, struct arguments *args)
{
	*spec = (struct spec){ .precision = -1 };
	fmt = parse_flags(spec, fmt);
	if (*fmt == '*') {
		fmt++;
		spec->width = va_arg(args->list, int);
		spec->left |= spec->width < 0;
		spec->width = abs(spec->width);
	} else {
		fmt = parse_int(&spec->width, fmt);
	}
	if (*fmt == '.') {
		if (*++fmt == '*') {
			fmt++;
			spec->precision = va_arg(args->list, int);
		} else {
			fmt = parse_int(&spec->precision, fmt);
		}
	}
	return parse_size(spec, fmt);
}

static const char *convert(struct out *out, const char *fmt, struct arguments *args)
{
	struct spec spec;
	char type, c;

	fmt = parse_spec(&spec, fmt, args);
	type = *fmt++;
	if (parse_integer_type(&spec, type)) {
		put_integer(out, &spec, spec.size == 8 ? va_arg(args->list, u64) :
			    va_arg(args->list, unsigned int));
	} else if (type == 's') {
		put_string(out, &spec, va_arg(args->list, const char *));
	} else if (type == 'c') {
		c = va_arg(args->list, int);
		put_text(out, &spec, &c, 1);
	} else if (type == 'p') {
		fmt = put_pointer(out, &spec, fmt, va_arg(args->list, const void *));
	} else {
		sim_check(type == '%', "printk: a conversion that the kernel does not have");
		put(out, '%');
	}
	return fmt;
}

/**
 * vsnprintf() - format into a buffer.
 * @buf:  the buffer; NULL if @size is 0
 * @size: its size; the text is cut to fit, and always ends
 * @fmt:  format
 * @arg:  its arguments
 *
 * Context: any. Return: the length that the whole text has.
 */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list arg)
{
	struct out out = { .buf = buf, .size = size };
	struct arguments args;

	va_copy(args.list, arg);
	while (*fmt) {
		if (*fmt != '%')
			put(&out, *fmt++);
		else
			fmt = convert(&out, fmt + 1, &args);
	}
	va_end(args.list);
	if (size)
		buf[min(out.len, size - 1)] = '\0';
	return out.len;
}

/** vscnprintf() - as vsnprintf(), but the length that is in the buffer. */
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len = vsnprintf(buf, size, fmt, args);

	return !size ? 0 : min_t(int, len, size - 1);
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, INT_MAX, fmt, args);
	va_end(args);
	return len;
}

/** kvasprintf() - format into memory of its own; NULL if there is none. */
char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	int len = vsnprintf(NULL, 0, fmt, args);
	char *buf = kmalloc(len + 1, gfp);

	if (buf)
		vsnprintf(buf, len + 1, fmt, args);
	return buf;
}

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = kvasprintf(gfp, fmt, args);
	va_end(args);
	return text;
}
