// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's log (kernel/printk/printk.c): messages become whole lines for the machine.
 */

#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/sprintf.h>
#include <linux/stdarg.h>
#include <linux/string.h>

#define LINE_MAX_LEN	1024

/* A line that was begun without a newline, for pr_cont(). */
static char pending[LINE_MAX_LEN];
static size_t pending_len;
static int pending_level;

static void flush_pending(void)
{
	if (!pending_len)
		return;
	sim_host->console(pending_level, pending, pending_len);
	pending_len = 0;
}

/* The level of a message: a digit, 'c' for a continuation, 0 if it carries none. */
static char message_level(const char **text)
{
	char level = 0;

	while ((*text)[0] == KERN_SOH_ASCII && (*text)[1]) {
		level = (*text)[1];
		*text += 2;
	}
	return level;
}

static void append(const char *text, size_t len)
{
	len = min(len, sizeof(pending) - pending_len);
	memcpy(pending + pending_len, text, len);
	pending_len += len;
}

/**
 * vprintk() - log a message; see _printk().
 * @fmt:  format
 * @args: its arguments
 */
int vprintk(const char *fmt, va_list args)
{
	char buf[LINE_MAX_LEN];
	const char *text = buf;
	int len = vscnprintf(buf, sizeof(buf), fmt, args);
	char level = message_level(&text);

	if (level != 'c') {
		flush_pending();
		pending_level = level ? level - '0' : LOGLEVEL_WARNING;
	}
	for (;;) {
		size_t line = strcspn(text, "\n");

		append(text, line);
		if (!text[line])
			break;
		/* An empty line is a line, too. */
		if (!pending_len)
			sim_host->console(pending_level, "", 0);
		flush_pending();
		text += line + 1;
	}
	return len;
}

/**
 * _printk() - log a message; printk() and pr_*() end here.
 * @fmt: format, beginning with KERN_* or nothing (then the level is that of a warning)
 *
 * A message without a newline at its end waits for the next one: a continuation goes on in the
 * same line, anything else begins a new one.
 *
 * Context: any. Return: number of characters.
 */
int _printk(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vprintk(fmt, args);
	va_end(args);
	return len;
}
