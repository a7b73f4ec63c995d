/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TESTS_SIM_KVM_TEST_H
#define _TESTS_SIM_KVM_TEST_H

/* What the tests of KVM share: system calls as a VMM makes them, and looks behind them. */

#include <host/syscalls.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <sim/kvm.h>
#include <sim/test.h>

long sim_syscall(long nr, const host_u64 args[6]);

#define sys(_nr, ...)	sim_syscall((_nr), (const host_u64[6]){ __VA_ARGS__ })

#define GMEM_SHARED	(GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED)
#define KEEP		HOST_FALLOC_KEEP_SIZE
#define PUNCH		(HOST_FALLOC_KEEP_SIZE | HOST_FALLOC_PUNCH_HOLE)
#define PAGES(_n)	((u64)(_n) << PAGE_SHIFT)

/* An argument in user memory. */
static inline host_u64 kt_user(const void *arg, size_t len)
{
	memcpy((void *)sim_boot.user_base, arg, len);
	return sim_boot.user_base;
}

static inline long kt_ioctl(int fd, unsigned int cmd, host_u64 arg)
{
	return sys(HOST_NR_IOCTL, fd, cmd, arg);
}

static inline int kt_open(void)
{
	static const char path[] = "/dev/kvm";
	int fd = sys(HOST_NR_OPENAT, HOST_AT_FDCWD, kt_user(path, sizeof(path)), HOST_O_RDWR);

	EXPECT(fd >= 0);
	return fd;
}

static inline void kt_close(int fd)
{
	EXPECT_EQ(sys(HOST_NR_CLOSE, fd), 0);
}

static inline int kt_create_vm(unsigned long type)
{
	int dev = kt_open();
	int vm = kt_ioctl(dev, KVM_CREATE_VM, type);

	kt_close(dev);
	return vm;
}

static inline int kt_create_gmem(int vm, u64 size, u64 flags)
{
	struct kvm_create_guest_memfd args = { .size = size, .flags = flags };

	return kt_ioctl(vm, KVM_CREATE_GUEST_MEMFD, kt_user(&args, sizeof(args)));
}

static inline long kt_set_region(int vm, const struct kvm_userspace_memory_region2 *mem)
{
	return kt_ioctl(vm, KVM_SET_USER_MEMORY_REGION2, kt_user(mem, sizeof(*mem)));
}

/* Slot @id at guest frame @gfn: @npages of @gmem from page @pgoff on. */
static inline long kt_bind(int vm, int id, u64 gfn, u64 npages, int gmem, u64 pgoff)
{
	struct kvm_userspace_memory_region2 mem = {
		.slot = id,
		.flags = KVM_MEM_GUEST_MEMFD,
		.guest_phys_addr = PAGES(gfn),
		.memory_size = PAGES(npages),
		.guest_memfd = gmem,
		.guest_memfd_offset = PAGES(pgoff),
	};

	return kt_set_region(vm, &mem);
}

static inline long kt_delete_slot(int vm, int id)
{
	struct kvm_userspace_memory_region2 mem = { .slot = id };

	return kt_set_region(vm, &mem);
}

static inline long kt_set_attributes(int vm, u64 gfn, u64 npages, u64 attributes)
{
	struct kvm_memory_attributes attrs = {
		.address = PAGES(gfn),
		.size = PAGES(npages),
		.attributes = attributes,
	};

	return kt_ioctl(vm, KVM_SET_MEMORY_ATTRIBUTES, kt_user(&attrs, sizeof(attrs)));
}

static inline int kt_guest_write(int vcpu, u64 gpa, u8 value, enum host_vcpu_exit *exit)
{
	return sim_vcpu_access(vcpu, gpa, &value, 1, 1, exit);
}

static inline int kt_guest_read(int vcpu, u64 gpa, u8 *value, enum host_vcpu_exit *exit)
{
	return sim_vcpu_access(vcpu, gpa, value, 1, 0, exit);
}

/* The guest stores or loads, and it works. */
static inline void kt_expect_guest_write(int vcpu, u64 gpa, u8 value)
{
	enum host_vcpu_exit exit;

	EXPECT_EQ(kt_guest_write(vcpu, gpa, value, &exit), 0);
	EXPECT_EQ(exit, HOST_VCPU_DONE);
}

static inline void kt_expect_guest_read(int vcpu, u64 gpa, u8 value)
{
	enum host_vcpu_exit exit;
	u8 found = ~value;

	EXPECT_EQ(kt_guest_read(vcpu, gpa, &found, &exit), 0);
	EXPECT_EQ(exit, HOST_VCPU_DONE);
	EXPECT_EQ(found, value);
}

static inline void kt_expect_guest_fault(int vcpu, u64 gpa, int error)
{
	enum host_vcpu_exit exit;

	EXPECT_EQ(kt_guest_write(vcpu, gpa, 1, &exit), error);
	EXPECT_EQ(exit, HOST_VCPU_MEMORY_FAULT);
}

static inline void kt_expect_mmio(int vcpu, u64 gpa)
{
	enum host_vcpu_exit exit;

	EXPECT_EQ(kt_guest_write(vcpu, gpa, 1, &exit), 0);
	EXPECT_EQ(exit, HOST_VCPU_MMIO);
}

/* The files stay open: the pointers are good. */
static inline struct file *kt_file(int fd)
{
	struct file *file = fget(fd);

	EXPECT(file);
	fput(file);
	return file;
}

static inline struct kvm *kt_kvm(int vm)
{
	return kt_file(vm)->private_data;
}

static inline struct inode *kt_inode(int fd)
{
	return file_inode(kt_file(fd));
}

static inline void kt_census_item(void *ctx, const char *name, host_u64 value,
				  enum host_census rule)
{
	EXPECT_EQ(value, 0);
}

/* Nothing of KVM is left. */
static inline void kt_expect_gone(void)
{
	kvm_census(kt_census_item, NULL);
}

#endif /* _TESTS_SIM_KVM_TEST_H */
