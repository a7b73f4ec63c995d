/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TESTS_SIM_LUO_TEST_H
#define _TESTS_SIM_LUO_TEST_H

/* What the tests of files, KHO and LUO share: system calls, and looks behind them. */

#include <host/syscalls.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/liveupdate.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <sim/test.h>

long sim_syscall(long nr, const host_u64 args[6]);

#define sys(_nr, ...)	sim_syscall((_nr), (const host_u64[6]){ __VA_ARGS__ })

/* An argument in user memory. */
static inline host_u64 lt_user(const void *arg, size_t len)
{
	memcpy((void *)sim_boot.user_base, arg, len);
	return sim_boot.user_base;
}

static inline int lt_open_flags(const char *path, int flags)
{
	return sys(HOST_NR_OPEN, lt_user(path, strlen(path) + 1), flags);
}

static inline int lt_open(const char *path)
{
	return lt_open_flags(path, HOST_O_RDWR);
}

static inline int lt_open_luo(void)
{
	int fd = lt_open("/dev/liveupdate");

	EXPECT(fd >= 0);
	return fd;
}

static inline long lt_close(int fd)
{
	return sys(HOST_NR_CLOSE, fd);
}

static inline long lt_ioctl(int fd, unsigned int cmd, const void *arg, size_t len)
{
	return sys(HOST_NR_IOCTL, fd, cmd, lt_user(arg, len));
}

/* The new session's descriptor or -errno. */
static inline int lt_session_op(int luo, unsigned int cmd, const char *name)
{
	struct liveupdate_ioctl_create_session arg = { .size = sizeof(arg), .fd = -1 };
	long ret;

	for (size_t i = 0; i < sizeof(arg.name) && name[i]; i++)
		arg.name[i] = name[i];
	ret = lt_ioctl(luo, cmd, &arg, sizeof(arg));
	memcpy(&arg, (void *)sim_boot.user_base, sizeof(arg));
	return ret ?: arg.fd;
}

static inline int lt_create_session(int luo, const char *name)
{
	return lt_session_op(luo, LIVEUPDATE_IOCTL_CREATE_SESSION, name);
}

static inline long lt_preserve(int session, int fd, u64 token)
{
	struct liveupdate_session_preserve_fd arg = {
		.size = sizeof(arg), .fd = fd, .token = token,
	};

	return lt_ioctl(session, LIVEUPDATE_SESSION_PRESERVE_FD, &arg, sizeof(arg));
}

/* The file stays open: the pointer is good. */
static inline struct file *lt_file(int fd)
{
	struct file *file = fget(fd);

	EXPECT(file);
	fput(file);
	return file;
}

/* One number of a census. */
struct lt_census {
	const char *name;
	long value;
};

static inline void lt_census_item(void *ctx, const char *name, host_u64 value,
				  enum host_census rule)
{
	struct lt_census *census = ctx;

	if (!strcmp(census->name, name))
		census->value = value;
}

void kho_census(void (*item)(void *ctx, const char *name, host_u64 value,
			     enum host_census rule), void *ctx);
void luo_census(void (*item)(void *ctx, const char *name, host_u64 value,
			     enum host_census rule), void *ctx);
void vfs_census(void (*item)(void *ctx, const char *name, host_u64 value,
			     enum host_census rule), void *ctx);

static inline long lt_count(const char *name)
{
	struct lt_census census = { .name = name, .value = -1 };

	kho_census(lt_census_item, &census);
	luo_census(lt_census_item, &census);
	vfs_census(lt_census_item, &census);
	EXPECT(census.value >= 0);
	return census.value;
}

/*
 * A test in two acts: it prepares something, leaves a page for the next kernel and executes
 * a kexec; the next kernel runs it again from the beginning, with is_kho_boot() true.
 */
#define LT_SUBTREE	"test"

static inline void *lt_leave(void)
{
	void *page = kho_alloc_preserve(PAGE_SIZE);

	EXPECT(!IS_ERR(page));
	EXPECT_EQ(kho_add_subtree(LT_SUBTREE, page, PAGE_SIZE), 0);
	return page;
}

static inline void *lt_found(void)
{
	phys_addr_t phys;

	EXPECT_EQ(kho_retrieve_subtree(LT_SUBTREE, &phys, NULL), 0);
	return phys_to_virt(phys);
}

static inline long lt_reboot(void)
{
	return sys(HOST_NR_REBOOT, HOST_REBOOT_MAGIC1, HOST_REBOOT_MAGIC2,
		   HOST_REBOOT_CMD_KEXEC);
}

static inline void lt_kexec(void)
{
	EXPECT_EQ(sys(HOST_NR_KEXEC_FILE_LOAD, -1, -1, 0, 0, 0), 0);
	EXPECT_EQ(lt_reboot(), 0);
}

#define lt_keys()	lt_count("kho preserved keys")
#define lt_files()	lt_count("open files")

#endif /* _TESTS_SIM_LUO_TEST_H */
