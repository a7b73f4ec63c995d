// SPDX-License-Identifier: GPL-2.0
/*
 * The system call table: numbers and arguments of x86-64. Each entry does what the
 * SYSCALL_DEFINE of Linux 7.3 does before it calls a function of fs/ or mm/.
 */

#include <host/syscalls.h>
#include <linux/errno.h>
#include <linux/falloc.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kexec.h>
#include <linux/mm.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <sim/sim.h>

#include "../fs/namei.h"
#include "../fs/read_write.h"
#include "../net/socket.h"
#include "module.h"
#include "task.h"

long sim_syscall(long nr, const host_u64 args[6]);

#define ARG_FD(n)	((unsigned int)args[n])
#define ARG_PTR(n)	((void __user *)(unsigned long)args[n])

static long sys_ioctl(const host_u64 args[6])
{
	CLASS(fd, f)(ARG_FD(0));

	if (fd_empty(f))
		return -EBADF;
	return vfs_ioctl(fd_file(f), (unsigned int)args[1], (unsigned long)args[2]);
}

static long sys_fallocate(const host_u64 args[6])
{
	CLASS(fd, f)(ARG_FD(0));

	if (fd_empty(f))
		return -EBADF;
	return vfs_fallocate(fd_file(f), (int)args[1], (loff_t)args[2], (loff_t)args[3]);
}

static long sys_ftruncate(const host_u64 args[6])
{
	if ((loff_t)args[1] < 0)
		return -EINVAL;

	CLASS(fd, f)(ARG_FD(0));

	if (fd_empty(f))
		return -EBADF;
	return do_ftruncate(fd_file(f), (loff_t)args[1]);
}

static long sys_dup(const host_u64 args[6])
{
	struct file *file = fget_raw(ARG_FD(0));
	int fd;

	if (!file)
		return -EBADF;
	fd = get_unused_fd_flags(0);
	if (fd < 0)
		fput(file);
	else
		fd_install(fd, file);
	return fd;
}

static long sys_mmap(const host_u64 args[6])
{
	if (args[5] & ~PAGE_MASK)
		return -EINVAL;
	return ksys_mmap_pgoff(args[0], args[1], args[2], args[3], args[4],
			       args[5] >> PAGE_SHIFT);
}

static long sys_munmap(const host_u64 args[6])
{
	return vm_munmap(args[0], args[1]);
}

static long sys_madvise(const host_u64 args[6])
{
	return do_madvise(current->mm, args[0], args[1], (int)args[2]);
}

static long do_syscall(long nr, const host_u64 args[6])
{
	switch (nr) {
	case HOST_NR_READ:
		return ksys_rw(ARG_FD(0), ARG_PTR(1), args[2], false);
	case HOST_NR_WRITE:
		return ksys_rw(ARG_FD(0), ARG_PTR(1), args[2], true);
	case HOST_NR_OPEN:
		return ksys_openat(HOST_AT_FDCWD, ARG_PTR(0), (int)args[1]);
	case HOST_NR_KEXEC_LOAD:
		return kexec_load(args[1], args[3]);
	case HOST_NR_OPENAT:
		return ksys_openat((int)args[0], ARG_PTR(1), (int)args[2]);
	case HOST_NR_CLOSE:
		return close_fd(ARG_FD(0));
	case HOST_NR_FSTAT:
		return ksys_fstat(ARG_FD(0), ARG_PTR(1));
	case HOST_NR_LSEEK:
		return ksys_lseek(ARG_FD(0), (loff_t)args[1], (unsigned int)args[2]);
	case HOST_NR_MMAP:
		return sys_mmap(args);
	case HOST_NR_MUNMAP:
		return sys_munmap(args);
	case HOST_NR_IOCTL:
		return sys_ioctl(args);
	case HOST_NR_PREAD64:
		return ksys_prw(ARG_FD(0), ARG_PTR(1), args[2], (loff_t)args[3], false);
	case HOST_NR_PWRITE64:
		return ksys_prw(ARG_FD(0), ARG_PTR(1), args[2], (loff_t)args[3], true);
	case HOST_NR_MADVISE:
		return sys_madvise(args);
	case HOST_NR_DUP:
		return sys_dup(args);
	case HOST_NR_GETPID:
		return task_tgid_nr(current);
	case HOST_NR_SENDMSG:
		return ksys_sendmsg(ARG_FD(0), ARG_PTR(1), (unsigned int)args[2]);
	case HOST_NR_RECVMSG:
		return ksys_recvmsg(ARG_FD(0), ARG_PTR(1), (unsigned int)args[2]);
	case HOST_NR_SOCKETPAIR:
		return ksys_socketpair((int)args[0], (int)args[1], (int)args[2], ARG_PTR(3));
	case HOST_NR_WAIT4:
		return ksys_wait4((pid_t)args[0], ARG_PTR(1), (int)args[2]);
	case HOST_NR_KILL:
		return ksys_kill((pid_t)args[0], (int)args[1]);
	case HOST_NR_EXIT_GROUP:
		return ksys_exit_group();
	case HOST_NR_INIT_MODULE:
		return ksys_init_module(ARG_PTR(0), args[1]);
	case HOST_NR_DELETE_MODULE:
		return ksys_delete_module(ARG_PTR(0), (unsigned int)args[1]);
	case HOST_NR_FCNTL:
		return ksys_fcntl(ARG_FD(0), (unsigned int)args[1], args[2]);
	case HOST_NR_FTRUNCATE:
		return sys_ftruncate(args);
	case HOST_NR_FCHMOD:
		return ksys_fchmod(ARG_FD(0), (umode_t)args[1]);
	case HOST_NR_REBOOT:
		return sim_reboot((int)args[0], (int)args[1], (unsigned int)args[2]);
	case HOST_NR_FALLOCATE:
		return sys_fallocate(args);
	case HOST_NR_EVENTFD2:
		return ksys_eventfd2((unsigned int)args[0], (int)args[1]);
	case HOST_NR_PIPE2:
		return ksys_pipe2(ARG_PTR(0), (int)args[1]);
	case HOST_NR_MEMFD_CREATE:
		return ksys_memfd_create(ARG_PTR(0), (unsigned int)args[1]);
	case HOST_NR_KEXEC_FILE_LOAD:
		return kexec_file_load((int)args[0], args[4]);
	default:
		return -ENOSYS;
	}
}

/** sim_syscall() - host_image.syscall: enter the kernel, do it, return to user space. */
long sim_syscall(long nr, const host_u64 args[6])
{
	long ret = do_syscall(nr, args);

	syscall_exit();
	return ret;
}
