/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_FS_READ_WRITE_H
#define _SIM_FS_READ_WRITE_H

/* Simulated: the system calls about files and their data, for the table in kernel/syscalls.c. */

#include <linux/compiler.h>
#include <linux/types.h>

long ksys_lseek(unsigned int fd, loff_t offset, unsigned int whence);
long ksys_rw(unsigned int fd, char __user *buf, size_t len, bool write);
long ksys_prw(unsigned int fd, char __user *buf, size_t len, loff_t pos, bool write);
long ksys_pipe2(int __user *fds, int flags);
long ksys_eventfd2(unsigned int count, int flags);
long ksys_memfd_create(const char __user *uname, unsigned int flags);
long ksys_fstat(unsigned int fd, void __user *statbuf);
long ksys_fcntl(unsigned int fd, unsigned int cmd, unsigned long arg);
long ksys_fchmod(unsigned int fd, umode_t mode);

#endif /* _SIM_FS_READ_WRITE_H */
