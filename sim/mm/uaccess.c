// SPDX-License-Identifier: GPL-2.0
/*
 * Access to user memory: the kernel's, and the program's own. Semantics: lib/usercopy.c,
 * lib/strncpy_from_user.c and mm/gup.c of Linux 7.3. See <linux/uaccess.h>.
 */

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/highmem.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "internal.h"

/* enum user_op - what is done to a piece of user memory within one page. */
enum user_op { USER_READ, USER_WRITE, USER_CLEAR };

static bool in_argument_memory(unsigned long addr, unsigned long len)
{
	unsigned long offset = addr - sim_boot.user_base;

	return offset < sim_boot.user_size && len <= sim_boot.user_size - offset;
}

bool access_ok(const void __user *addr, unsigned long size)
{
	return size <= TASK_SIZE_MAX && (unsigned long)addr <= TASK_SIZE_MAX - size;
}

/* What programs do to their memory at the same time is their own business. */
static void do_op(void *user, void *buf, unsigned long len, enum user_op op)
{
	if (buf)
		sim_mem_touch(buf, len, op == USER_READ);
	sim_races_exempt(1);
	if (op == USER_READ)
		memcpy(buf, user, len);
	else if (op == USER_WRITE)
		memcpy(user, buf, len);
	else
		memset(user, 0, len);
	sim_races_exempt(-1);
}

/* Up to the end of a page; 0 or the signal that a program would get. */
static int page_op(unsigned long addr, void *buf, unsigned long len, enum user_op op, bool user)
{
	bool write = op != USER_READ;
	struct page *page;

	if (in_argument_memory(addr, len)) {
		do_op((void *)addr, buf, len, op);
		return 0;
	}
	if (!current->mm)
		return 11;
	for (;;) {
		int signal;

		page = sim_present_page(current->mm, addr, write);
		if (page)
			break;
		signal = sim_fault_in(addr, write, user);
		if (signal)
			return signal;
	}
	sim_page_contents(page_address(page), write);
	do_op(page_address(page) + offset_in_page(addr), buf, len, op);
	sim_present_page_done(current->mm);
	return 0;
}

/* Return: bytes not done; *@signal says why. */
static unsigned long user_range(unsigned long addr, void *buf, unsigned long n, enum user_op op,
				bool user, int *signal)
{
	*signal = 0;
	while (n) {
		unsigned long len = min(n, PAGE_SIZE - offset_in_page(addr));

		*signal = page_op(addr, buf, len, op, user);
		if (*signal)
			return n;
		addr += len;
		n -= len;
		if (buf)
			buf += len;
	}
	return 0;
}

static unsigned long kernel_access(unsigned long addr, void *buf, unsigned long n,
				   enum user_op op)
{
	int signal;

	might_sleep();
	sim_user_accessed();
	if (!access_ok((const void __user *)addr, n))
		return n;
	return user_range(addr, buf, n, op, false, &signal);
}

/** copy_from_user() - Return: bytes that could not be copied; they are zeroed in @to. */
unsigned long copy_from_user(void *to, const void __user *from, unsigned long n)
{
	unsigned long left = kernel_access((unsigned long)from, to, n, USER_READ);

	if (left)
		memset(to + (n - left), 0, left);
	return left;
}

/** copy_to_user() - Return: bytes that could not be copied. */
unsigned long copy_to_user(void __user *to, const void *from, unsigned long n)
{
	return kernel_access((unsigned long)to, (void *)from, n, USER_WRITE);
}

/** clear_user() - Return: bytes that could not be cleared. */
unsigned long clear_user(void __user *to, unsigned long n)
{
	return kernel_access((unsigned long)to, NULL, n, USER_CLEAR);
}

/** strncpy_from_user() - Return: length without the NUL, @count if there is none, -EFAULT. */
long strncpy_from_user(char *dst, const char __user *src, long count)
{
	for (long i = 0; i < count; i++) {
		if (copy_from_user(dst + i, src + i, 1))
			return -EFAULT;
		if (!dst[i])
			return i;
	}
	return count;
}

/** strnlen_user() - Return: length with the NUL, more than @n if there is none, 0 = fault. */
long strnlen_user(const char __user *str, long n)
{
	char c;

	for (long i = 0; i < n; i++) {
		if (copy_from_user(&c, str + i, 1))
			return 0;
		if (!c)
			return i + 1;
	}
	return n + 1;
}

/**
 * check_zeroed_user() - Return: 1 if all bytes are zero, 0 if not, -EFAULT.
 *
 * The first of the two that is met decides: a byte that isn't zero, or memory that isn't
 * there. As in the kernel it is met in aligned pieces, which never lie in two pages.
 */
int check_zeroed_user(const void __user *from, size_t size)
{
	unsigned long piece[8];
	unsigned long align = (unsigned long)from % sizeof(unsigned long);

	if (!size)
		return 1;
	if (!access_ok(from - align, size + align))
		return -EFAULT;
	while (size) {
		size_t len = min(size, sizeof(piece) - (unsigned long)from % sizeof(piece));

		if (copy_from_user(piece, from, len))
			return -EFAULT;
		if (memchr_inv(piece, 0, len))
			return 0;
		from += len;
		size -= len;
	}
	return 1;
}

/**
 * copy_struct_from_user() - a structure that grows between versions.
 * @ksize: its size as the kernel knows it
 * @usize: its size as the program knows it
 *
 * What the program doesn't know is zero; what the kernel doesn't must be.
 * Return: 0; -E2BIG if it isn't; -EFAULT.
 */
int copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize)
{
	size_t size = min(ksize, usize);

	if (WARN_ON_ONCE(ksize > KMALLOC_MAX_SIZE))
		return -E2BIG;
	if (usize < ksize) {
		memset(dst + size, 0, ksize - size);
	} else if (usize > ksize) {
		int ret = check_zeroed_user(src + size, usize - size);

		if (ret <= 0)
			return ret ?: -E2BIG;
	}
	return copy_from_user(dst, src, size) ? -EFAULT : 0;
}

/** copy_struct_to_user() - the other way round; *@ignored_trailing: something didn't fit. */
int copy_struct_to_user(void __user *dst, size_t usize, const void *src, size_t ksize,
			bool *ignored_trailing)
{
	size_t size = min(ksize, usize);

	if (usize > ksize && clear_user(dst + size, usize - size))
		return -EFAULT;
	if (ignored_trailing) {
		*ignored_trailing = false;
		for (size_t i = size; i < ksize; i++)
			if (((const char *)src)[i])
				*ignored_trailing = true;
	}
	return copy_to_user(dst, src, size) ? -EFAULT : 0;
}

/** memdup_user() - a copy to be freed with kfree(), or ERR_PTR(). */
void *memdup_user(const void __user *src, size_t len)
{
	void *copy = kmalloc(len, GFP_USER);

	if (!copy)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(copy, src, len)) {
		kfree(copy);
		return ERR_PTR(-EFAULT);
	}
	return copy;
}

/** strndup_user() - a copy of a string of at most @n bytes with its NUL, or ERR_PTR(). */
char *strndup_user(const char __user *s, long n)
{
	long length = strnlen_user(s, n);
	char *copy;

	if (!length)
		return ERR_PTR(-EFAULT);
	if (length > n)
		return ERR_PTR(-EINVAL);
	copy = memdup_user(s, length);
	if (!IS_ERR(copy))
		copy[length - 1] = '\0';
	return copy;
}

/**
 * get_user_pages_fast() - references to the pages that are mapped at @start.
 *
 * Context: may sleep. Return: number of pages; -EFAULT if it would be 0.
 */
int get_user_pages_fast(unsigned long start, int nr_pages, unsigned int gup_flags,
			struct page **pages)
{
	bool write = gup_flags & FOLL_WRITE;
	int i;

	sim_check(!(gup_flags & FOLL_PIN), "pinning user pages isn't modelled");
	for (i = 0; i < nr_pages; i++, start += PAGE_SIZE) {
		struct page *page = NULL;

		while (current->mm && !(page = sim_present_page(current->mm, start, write)))
			if (sim_fault_in(start, write, false))
				break;
		if (!page)
			break;
		get_page(page);
		sim_present_page_done(current->mm);
		pages[i] = page;
	}
	return i || !nr_pages ? i : -EFAULT;
}

/**
 * sim_user_access() - a load or store by the current task's program.
 *
 * Return: 0, or the signal that ends it: 7 (SIGBUS), 9 (SIGKILL), 11 (SIGSEGV). What comes
 * before the page that failed has been done.
 */
int sim_user_access(unsigned long addr, void *buf, host_size len, int write)
{
	int signal;

	user_range(addr, buf, len, write ? USER_WRITE : USER_READ, true, &signal);
	return signal;
}
