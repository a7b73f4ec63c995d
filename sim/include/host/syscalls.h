/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HOST_SYSCALLS_H
#define _HOST_SYSCALLS_H

/*
 * Simulated: the system calls that the simulated kernel has, with x86-64 numbers, and the
 * constants that a program passes to them. Plain macros under a prefix of their own, so
 * that hosted code can include this next to libc's headers.
 */

#define HOST_NR_READ			0
#define HOST_NR_WRITE			1
#define HOST_NR_OPEN			2
#define HOST_NR_CLOSE			3
#define HOST_NR_FSTAT			5
#define HOST_NR_LSEEK			8
#define HOST_NR_MMAP			9
#define HOST_NR_MUNMAP			11
#define HOST_NR_IOCTL			16
#define HOST_NR_PREAD64			17
#define HOST_NR_PWRITE64		18
#define HOST_NR_MADVISE			28
#define HOST_NR_DUP			32
#define HOST_NR_GETPID			39
#define HOST_NR_SENDMSG			46
#define HOST_NR_RECVMSG			47
#define HOST_NR_SOCKETPAIR		53
#define HOST_NR_WAIT4			61
#define HOST_NR_KILL			62
#define HOST_NR_FCNTL			72
#define HOST_NR_FTRUNCATE		77
#define HOST_NR_FCHMOD			91
#define HOST_NR_REBOOT			169
#define HOST_NR_INIT_MODULE		175
#define HOST_NR_DELETE_MODULE		176
#define HOST_NR_EXIT_GROUP		231
#define HOST_NR_KEXEC_LOAD		246
#define HOST_NR_OPENAT			257
#define HOST_NR_FALLOCATE		285
#define HOST_NR_EVENTFD2		290
#define HOST_NR_PIPE2			293
#define HOST_NR_MEMFD_CREATE		319
#define HOST_NR_KEXEC_FILE_LOAD		320

#define HOST_AT_FDCWD			(-100)

#define HOST_O_RDONLY			0
#define HOST_O_WRONLY			1
#define HOST_O_RDWR			2
#define HOST_O_CREAT			0100
#define HOST_O_EXCL			0200
#define HOST_O_TRUNC			01000
#define HOST_O_NONBLOCK			04000
#define HOST_O_LARGEFILE		0100000
#define HOST_O_CLOEXEC			02000000

#define HOST_F_GETFD			1
#define HOST_F_GETFL			3
#define HOST_F_ADD_SEALS		1033
#define HOST_F_GET_SEALS		1034
#define HOST_F_SEAL_SEAL		0x01
#define HOST_F_SEAL_SHRINK		0x02
#define HOST_F_SEAL_GROW		0x04
#define HOST_F_SEAL_WRITE		0x08
#define HOST_F_SEAL_FUTURE_WRITE	0x10
#define HOST_F_SEAL_EXEC		0x20

#define HOST_MFD_CLOEXEC		0x01
#define HOST_MFD_ALLOW_SEALING		0x02
#define HOST_MFD_HUGETLB		0x04
#define HOST_MFD_NOEXEC_SEAL		0x08
#define HOST_MFD_EXEC			0x10

#define HOST_SEEK_SET			0
#define HOST_SEEK_CUR			1
#define HOST_SEEK_END			2

#define HOST_PROT_NONE			0
#define HOST_PROT_READ			1
#define HOST_PROT_WRITE			2
#define HOST_MAP_SHARED			1
#define HOST_MAP_PRIVATE		2
#define HOST_MAP_FIXED			0x10
#define HOST_MAP_ANONYMOUS		0x20

#define HOST_MADV_DONTNEED		4
#define HOST_MADV_POPULATE_READ		22
#define HOST_MADV_POPULATE_WRITE	23
#define HOST_MADV_HWPOISON		100
#define HOST_MADV_SOFT_OFFLINE		101

#define HOST_FALLOC_KEEP_SIZE		1
#define HOST_FALLOC_PUNCH_HOLE		2

#define HOST_SIGKILL			9

#define HOST_AF_UNIX			1
#define HOST_SOCK_SEQPACKET		5
#define HOST_SOL_SOCKET			1
#define HOST_SCM_RIGHTS			1
#define HOST_MSG_CTRUNC			0x8
#define HOST_MSG_NOSIGNAL		0x4000

#define HOST_KEXEC_FILE_UNLOAD		1
#define HOST_KEXEC_PRESERVE_CONTEXT	2

#define HOST_REBOOT_MAGIC1		0xfee1dead
#define HOST_REBOOT_MAGIC2		672274793
#define HOST_REBOOT_CMD_KEXEC		0x45584543

#endif /* _HOST_SYSCALLS_H */
