/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef _UAPI_LINUX_KVM_H
#define _UAPI_LINUX_KVM_H

/*
 * Simulated: the part of KVM's user interface that the model answers, with the
 * numbers and layouts of include/uapi/linux/kvm.h (and, for the types of VMs,
 * arch/x86/include/uapi/asm/kvm.h) of Linux 7.3.
 */

#include <linux/ioctl.h>
#include <linux/types.h>

#define KVM_API_VERSION			12
#define KVMIO				0xAE

/* /dev/kvm */
#define KVM_GET_API_VERSION		_IO(KVMIO, 0x00)
#define KVM_CREATE_VM			_IO(KVMIO, 0x01)
#define KVM_CHECK_EXTENSION		_IO(KVMIO, 0x03)
#define KVM_GET_VCPU_MMAP_SIZE		_IO(KVMIO, 0x04)

/* A VM */
#define KVM_CREATE_VCPU			_IO(KVMIO, 0x41)
#define KVM_SET_USER_MEMORY_REGION	_IOW(KVMIO, 0x46, struct kvm_userspace_memory_region)
#define KVM_SET_USER_MEMORY_REGION2	_IOW(KVMIO, 0x49, struct kvm_userspace_memory_region2)
#define KVM_SET_MEMORY_ATTRIBUTES	_IOW(KVMIO, 0xd2, struct kvm_memory_attributes)
#define KVM_CREATE_GUEST_MEMFD		_IOWR(KVMIO, 0xd4, struct kvm_create_guest_memfd)

/* A vCPU */
#define KVM_RUN				_IO(KVMIO, 0x80)

/*
 * The simulator's own, on a VM: no KVM has this number. It does to the VM what a
 * bug found in KVM does, which nothing that a program can do brings about.
 */
#define KVM_SIM_BUG			_IO(KVMIO, 0xff)
#define KVM_SIM_BUG_BUGGED		0	/* argument: as kvm_vm_bugged() */
#define KVM_SIM_BUG_DEAD		1	/* argument: as kvm_vm_dead() */

/* Types of VMs, the argument of KVM_CREATE_VM */
#define KVM_X86_DEFAULT_VM		0
#define KVM_X86_SW_PROTECTED_VM		1
#define KVM_X86_SEV_VM			2
#define KVM_X86_SEV_ES_VM		3
#define KVM_X86_SNP_VM			4
#define KVM_X86_TDX_VM			5

#define KVM_CAP_USER_MEMORY		3
#define KVM_CAP_NR_VCPUS		9
#define KVM_CAP_NR_MEMSLOTS		10
#define KVM_CAP_SYNC_MMU		16
#define KVM_CAP_DESTROY_MEMORY_REGION_WORKS 21
#define KVM_CAP_JOIN_MEMORY_REGIONS_WORKS 30
#define KVM_CAP_MAX_VCPUS		66
#define KVM_CAP_READONLY_MEM		81
#define KVM_CAP_CHECK_EXTENSION_VM	105
#define KVM_CAP_MULTI_ADDRESS_SPACE	118
#define KVM_CAP_MAX_VCPU_ID		128
#define KVM_CAP_USER_MEMORY2		231
#define KVM_CAP_MEMORY_FAULT_INFO	232
#define KVM_CAP_MEMORY_ATTRIBUTES	233
#define KVM_CAP_GUEST_MEMFD		234
#define KVM_CAP_VM_TYPES		235
#define KVM_CAP_GUEST_MEMFD_FLAGS	244

struct kvm_userspace_memory_region {
	__u32 slot;
	__u32 flags;
	__u64 guest_phys_addr;
	__u64 memory_size;
	__u64 userspace_addr;
};

struct kvm_userspace_memory_region2 {
	__u32 slot;
	__u32 flags;
	__u64 guest_phys_addr;
	__u64 memory_size;
	__u64 userspace_addr;
	__u64 guest_memfd_offset;
	__u32 guest_memfd;
	__u32 pad1;
	__u64 pad2[14];
};

#define KVM_MEM_LOG_DIRTY_PAGES		(1UL << 0)
#define KVM_MEM_READONLY		(1UL << 1)
#define KVM_MEM_GUEST_MEMFD		(1UL << 2)

struct kvm_create_guest_memfd {
	__u64 size;
	__u64 flags;
	__u64 reserved[6];
};

#define GUEST_MEMFD_FLAG_MMAP		(1ULL << 0)
#define GUEST_MEMFD_FLAG_INIT_SHARED	(1ULL << 1)

struct kvm_memory_attributes {
	__u64 address;
	__u64 size;
	__u64 attributes;
	__u64 flags;
};

#define KVM_MEMORY_ATTRIBUTE_PRIVATE	(1ULL << 3)

/*
 * Not in Linux 7.3: what the series for conversions in guest_memfd adds, an ioctl of the
 * guest_memfd itself, which takes offsets into it.
 */
#define KVM_SET_MEMORY_ATTRIBUTES2	_IOWR(KVMIO, 0xd2, struct kvm_memory_attributes2)

struct kvm_memory_attributes2 {
	union {
		__u64 address;
		__u64 offset;
	};
	__u64 size;
	__u64 attributes;
	__u64 flags;
	__u64 error_offset;
	__u64 reserved[11];
};

#define KVM_EXIT_UNKNOWN		0
#define KVM_EXIT_MMIO			6
#define KVM_EXIT_INTR			10
#define KVM_EXIT_MEMORY_FAULT		39

/* struct kvm_run - what a vCPU tells its user. Only the exits that happen are declared. */
struct kvm_run {
	__u8 request_interrupt_window;
	__u8 immediate_exit;
	__u8 padding1[6];

	__u32 exit_reason;
	__u8 ready_for_interrupt_injection;
	__u8 if_flag;
	__u16 flags;

	__u64 cr8;
	__u64 apic_base;

	union {
		/* KVM_EXIT_MMIO */
		struct {
			__u64 phys_addr;
			__u8 data[8];
			__u32 len;
			__u8 is_write;
		} mmio;
		/* KVM_EXIT_MEMORY_FAULT */
		struct {
#define KVM_MEMORY_EXIT_FLAG_PRIVATE	(1ULL << 3)
			__u64 flags;
			__u64 gpa;
			__u64 size;
		} memory_fault;
		char padding[256];
	};
};

#endif /* _UAPI_LINUX_KVM_H */
