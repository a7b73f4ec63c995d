// SPDX-License-Identifier: GPL-2.0
/*
 * Warnings, failed assertions and panics (kernel/panic.c): what goes wrong is told to the
 * machine, which knows who called whom.
 */

#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/string.h>

static const char *base_name(const char *path)
{
	const char *base = path;

	for (; *path; path++)
		if (*path == '/')
			base = path + 1;
	return base;
}

void sim_bug(const char *file, int line, const char *text)
{
	printk(KERN_EMERG "kernel BUG at %s:%d!\n", base_name(file), line);
	sim_host->stop(HOST_STOP_BUG, file, line, text);
}

void sim_warn(const char *file, int line, const char *cond, const char *fmt, ...)
{
	char text[256];

	printk(KERN_WARNING "WARNING: %s at %s:%d\n", cond, base_name(file), line);
	if (fmt) {
		va_list args;

		va_start(args, fmt);
		vscnprintf(text, sizeof(text), fmt, args);
		va_end(args);
		printk("%s", text);
		text[strcspn(text, "\n")] = '\0';
	}
	sim_host->event(&(struct host_event){
		.type = HOST_EVENT_WARN, .name = fmt ? text : cond, .file = file, .line = line,
		.ip = __builtin_return_address(0), .frame = __builtin_frame_address(0) });
}

/**
 * panic() - the kernel can't go on.
 * @fmt: why
 */
void panic(const char *fmt, ...)
{
	char why[256];
	va_list args;

	va_start(args, fmt);
	vscnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	printk(KERN_EMERG "Kernel panic - not syncing: %s\n", why);
	sim_host->stop(HOST_STOP_PANIC, NULL, 0, why);
}
