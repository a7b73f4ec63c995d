/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __KERNEL_PRINTK__
#define __KERNEL_PRINTK__

/*
 * Simulated: the kernel's log, which goes to the machine line by line.
 *
 * Kernel promises: any context may print; a line is at most 1024 bytes.
 * Modelled: levels, pr_fmt(), KERN_CONT, the pointer formats of sim/lib/vsprintf.c. Debug
 *	messages are printed (the machine filters by level).
 * Left out: time stamps, rate limits (time stands still), dynamic debug.
 * Scheduling points: none.
 */

#include <linux/kern_levels.h>
#include <linux/compiler.h>
#include <linux/types.h>

struct va_format {
	const char *fmt;
	__builtin_va_list *va;
};

int _printk(const char *fmt, ...) __printf(1, 2) __cold;
int vprintk(const char *fmt, __builtin_va_list args) __printf(1, 0);

#define printk(fmt, ...)	_printk(fmt, ##__VA_ARGS__)
#define printk_deferred(fmt, ...)	_printk(fmt, ##__VA_ARGS__)

/* The kernel's build passes a name for each file; here all files are one module. */
#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME	"luosim"
#endif

#ifndef pr_fmt
#define pr_fmt(fmt)	fmt
#endif

#define pr_emerg(fmt, ...)	printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...)	printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...)	printk(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...)	printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)	printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...)	printk(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)	printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug(fmt, ...)	printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_devel(fmt, ...)	printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_cont(fmt, ...)	printk(KERN_CONT fmt, ##__VA_ARGS__)

/* Arguments are checked but not evaluated. */
#define no_printk(fmt, ...)	\
	({ if (0) _printk(fmt, ##__VA_ARGS__); 0; })

#define printk_once(fmt, ...)			\
({						\
	static bool __print_done;		\
	bool __print_now = !__print_done;	\
	if (__print_now) {			\
		__print_done = true;		\
		printk(fmt, ##__VA_ARGS__);	\
	}					\
	__print_now;				\
})
#define pr_err_once(fmt, ...)		printk_once(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn_once(fmt, ...)		printk_once(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice_once(fmt, ...)	printk_once(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info_once(fmt, ...)		printk_once(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug_once(fmt, ...)		printk_once(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)

#define printk_ratelimited(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_err_ratelimited(fmt, ...)	pr_err(fmt, ##__VA_ARGS__)
#define pr_warn_ratelimited(fmt, ...)	pr_warn(fmt, ##__VA_ARGS__)
#define pr_notice_ratelimited(fmt, ...)	pr_notice(fmt, ##__VA_ARGS__)
#define pr_info_ratelimited(fmt, ...)	pr_info(fmt, ##__VA_ARGS__)
#define pr_debug_ratelimited(fmt, ...)	pr_debug(fmt, ##__VA_ARGS__)
#define printk_ratelimit()		true

static inline void dump_stack(void)
{
	/* The machine prints call paths itself, from the event of a warning. */
}

#endif /* __KERNEL_PRINTK__ */
