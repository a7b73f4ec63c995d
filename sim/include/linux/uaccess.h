/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_UACCESS_H__
#define __LINUX_UACCESS_H__

/*
 * Simulated: access to user memory, as include/linux/uaccess.h of Linux 7.3.
 *
 * Kernel promises: an access to an address that isn't the process's fails, after having
 *	copied what comes before it; mapped memory is faulted in, which can sleep.
 * Modelled: the memory that system call arguments pass through (host_boot.user_base), and
 *	the process's mappings by way of the fault handler. Any other address fails.
 * Left out: access_ok() as a check of its own, atomic variants.
 * Scheduling points: those of the fault; before and after each access of a page of a file, on the
 *	page table, and on the contents of that page.
 */

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/types.h>

#ifndef __user
#define __user
#endif

bool access_ok(const void __user *addr, unsigned long size);
unsigned long copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long copy_to_user(void __user *to, const void *from, unsigned long n);
unsigned long clear_user(void __user *to, unsigned long n);
long strncpy_from_user(char *dst, const char __user *src, long count);
long strnlen_user(const char __user *str, long n);
int check_zeroed_user(const void __user *from, size_t size);
int copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize);
int copy_struct_to_user(void __user *dst, size_t usize, const void *src, size_t ksize,
			bool *ignored_trailing);
void *memdup_user(const void __user *src, size_t len);
char *strndup_user(const char __user *s, long n);

#define __copy_from_user(to, from, n)	copy_from_user(to, from, n)
#define __copy_to_user(to, from, n)	copy_to_user(to, from, n)

/** get_user() - read a simple variable; 0 or -EFAULT, and @x is 0 then. */
#define get_user(x, ptr)							\
({										\
	typeof(*(ptr)) __gu_val;						\
	int __gu_err = 0;							\
										\
	if (copy_from_user((void *)&__gu_val, (ptr), sizeof(__gu_val))) {	\
		memset((void *)&__gu_val, 0, sizeof(__gu_val));			\
		__gu_err = -EFAULT;						\
	}									\
	(x) = __gu_val;								\
	__gu_err;								\
})

/** put_user() - write a simple variable; 0 or -EFAULT. */
#define put_user(x, ptr)							\
({										\
	typeof(*(ptr)) __pu_val = (x);						\
										\
	copy_to_user((ptr), (const void *)&__pu_val, sizeof(__pu_val)) ? -EFAULT : 0;	\
})

#define __get_user(x, ptr)	get_user(x, ptr)
#define __put_user(x, ptr)	put_user(x, ptr)

#endif /* __LINUX_UACCESS_H__ */
