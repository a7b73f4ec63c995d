/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_UAPI_H
#define _SCENARIOS_UAPI_H

/**
 * DOC: What programs know of the kernel
 *
 * Numbers and structures as of Linux 7.3 on x86-64, under the kernel's names. The
 * headers of the machine that builds luosim are too old for most of them, and the
 * simulator's own must not be included here: a scenario is on the other side. The
 * numbers of system calls are in host/syscalls.h.
 * Source: include/uapi/linux/{liveupdate,kvm}.h.
 */

#include <stdint.h>

#include <host/syscalls.h>

#define _IOC_(_dir, _type, _nr, _size)	\
	((uint32_t)(_dir) << 30 | (uint32_t)(_size) << 16 | (uint32_t)(_type) << 8 | (_nr))
#define _IO_(_type, _nr)		_IOC_(0, _type, _nr, 0)
#define _IOW_(_type, _nr, _what)	_IOC_(1, _type, _nr, sizeof(_what))
#define _IOWR_(_type, _nr, _what)	_IOC_(3, _type, _nr, sizeof(_what))

/* What host/syscalls.h leaves out, because the simulated kernel does not know it. */
#define SCN_MADV_REMOVE			9
#define SCN_KEXEC_FILE_NO_INITRAMFS	4

/* /dev/liveupdate */
#define LIVEUPDATE_SESSION_NAME_LENGTH 64

struct liveupdate_ioctl_create_session {
	uint32_t size;
	int32_t fd;
	uint8_t name[LIVEUPDATE_SESSION_NAME_LENGTH];
};

struct liveupdate_session_preserve_fd {
	uint32_t size;
	int32_t fd;
	uint64_t token;
};

struct liveupdate_session_finish {
	uint32_t size;
	uint32_t reserved;
};

struct liveupdate_session_get_name {
	uint32_t size;
	uint32_t reserved;
	uint8_t name[LIVEUPDATE_SESSION_NAME_LENGTH];
};

#define LIVEUPDATE_IOCTL_CREATE_SESSION		_IO_(0xba, 0x00)
#define LIVEUPDATE_IOCTL_RETRIEVE_SESSION	_IO_(0xba, 0x01)
#define LIVEUPDATE_SESSION_PRESERVE_FD		_IO_(0xba, 0x40)
#define LIVEUPDATE_SESSION_RETRIEVE_FD		_IO_(0xba, 0x41)
#define LIVEUPDATE_SESSION_FINISH		_IO_(0xba, 0x42)
#define LIVEUPDATE_SESSION_GET_NAME		_IO_(0xba, 0x43)

/* /dev/kvm */
struct kvm_userspace_memory_region2 {
	uint32_t slot;
	uint32_t flags;
	uint64_t guest_phys_addr;
	uint64_t memory_size;
	uint64_t userspace_addr;
	uint64_t guest_memfd_offset;
	uint32_t guest_memfd;
	uint32_t pad1;
	uint64_t pad2[14];
};

struct kvm_memory_attributes {
	uint64_t address;
	uint64_t size;
	uint64_t attributes;
	uint64_t flags;
};

/* Of the conversion series, not of Linux 7.3: see docs/kvm-model.md. */
struct kvm_memory_attributes2 {
	uint64_t offset;
	uint64_t size;
	uint64_t attributes;
	uint64_t flags;
	uint64_t error_offset;
	uint64_t reserved[11];
};

struct kvm_create_guest_memfd {
	uint64_t size;
	uint64_t flags;
	uint64_t reserved[6];
};

#define KVM_IOCTL_TYPE			0xae
#define KVM_X86_DEFAULT_VM		0
#define KVM_X86_SW_PROTECTED_VM		1
#define KVM_MEM_GUEST_MEMFD		(1u << 2)
#define KVM_MEMORY_ATTRIBUTE_PRIVATE	(1ull << 3)
#define GUEST_MEMFD_FLAG_MMAP		(1ull << 0)
#define GUEST_MEMFD_FLAG_INIT_SHARED	(1ull << 1)

#define KVM_CREATE_VM			_IO_(0xae, 0x01)
#define KVM_CREATE_VCPU			_IO_(0xae, 0x41)
#define KVM_SET_USER_MEMORY_REGION2	_IOW_(0xae, 0x49, struct kvm_userspace_memory_region2)
#define KVM_SET_MEMORY_ATTRIBUTES	_IOW_(0xae, 0xd2, struct kvm_memory_attributes)
#define KVM_SET_MEMORY_ATTRIBUTES2	_IOWR_(0xae, 0xd2, struct kvm_memory_attributes2)
#define KVM_CREATE_GUEST_MEMFD		_IOWR_(0xae, 0xd4, struct kvm_create_guest_memfd)

/* The simulator's own: no real kernel has it. */
#define KVM_SIM_BUG			_IO_(0xae, 0xff)
#define KVM_SIM_BUG_BUGGED		0
#define KVM_SIM_BUG_DEAD		1

#endif /* _SCENARIOS_UAPI_H */
