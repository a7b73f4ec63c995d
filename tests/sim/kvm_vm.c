// SPDX-License-Identifier: GPL-2.0

/* VMs and vCPUs: what can be created, what refuses, and who keeps whom alive. */

#include <linux/refcount.h>

#include "kvm_test.h"

SIM_TEST(kvm_dev__api_version_and_capabilities__are_those_of_linux_7_3)
{
	int dev = kt_open();

	EXPECT_EQ(kt_ioctl(dev, KVM_GET_API_VERSION, 0), 12);
	EXPECT_EQ(kt_ioctl(dev, KVM_GET_API_VERSION, 1), -EINVAL);
	EXPECT_EQ(kt_ioctl(dev, KVM_CHECK_EXTENSION, KVM_CAP_GUEST_MEMFD), 1);
	EXPECT_EQ(kt_ioctl(dev, KVM_CHECK_EXTENSION, KVM_CAP_GUEST_MEMFD_FLAGS), GMEM_SHARED);
	EXPECT_EQ(kt_ioctl(dev, KVM_CHECK_EXTENSION, KVM_CAP_MEMORY_ATTRIBUTES),
		  KVM_MEMORY_ATTRIBUTE_PRIVATE);
	EXPECT_EQ(kt_ioctl(dev, KVM_CHECK_EXTENSION, KVM_CAP_NR_MEMSLOTS), 32764);
	EXPECT_EQ(kt_ioctl(dev, KVM_CHECK_EXTENSION, 9999), 0);
	EXPECT_EQ(kt_ioctl(dev, 0x1234, 0), -EINVAL);
	kt_close(dev);
}

SIM_TEST(vm__of_unknown_type__is_einval_and_leaves_nothing)
{
	EXPECT_EQ(kt_create_vm(KVM_X86_SEV_VM), -EINVAL);
	EXPECT_EQ(kt_create_vm(KVM_X86_TDX_VM), -EINVAL);
	EXPECT_EQ(kt_create_vm(1UL << 32), -EINVAL);
	kt_expect_gone();
}

SIM_TEST(vm__with_private_memory__supports_no_init_shared)
{
	int vm = kt_create_vm(KVM_X86_SW_PROTECTED_VM);
	struct kvm *kvm = kt_kvm(vm);

	EXPECT(kvm_arch_has_private_mem(kvm));
	EXPECT_EQ(kvm->vm_type, KVM_X86_SW_PROTECTED_VM);
	EXPECT_EQ(kt_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_GUEST_MEMFD_FLAGS),
		  GUEST_MEMFD_FLAG_MMAP);
	EXPECT_EQ(kt_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_MULTI_ADDRESS_SPACE), 1);
	EXPECT_EQ(kt_create_gmem(vm, PAGE_SIZE, GMEM_SHARED), -EINVAL);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(vm__file__can_be_found_until_it_is_closed)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int gmem = kt_create_gmem(vm, PAGE_SIZE, GMEM_SHARED);
	struct kvm *kvm = kt_kvm(vm);
	struct file *file;

	EXPECT(file_is_kvm(kt_file(vm)));
	EXPECT(!file_is_kvm(kt_file(gmem)));
	EXPECT(!file_is_kvm(NULL));

	file = get_file_active(&kvm->vm_file);
	EXPECT(file == kt_file(vm));
	fput(file);

	kt_close(vm);
	EXPECT(!kvm->vm_file);
	EXPECT(!get_file_active(&kvm->vm_file));
	kt_close(gmem);
	kt_expect_gone();
}

SIM_TEST(vm__closed__lives_until_its_vcpus_and_guest_memfds_are)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int vcpu = kt_ioctl(vm, KVM_CREATE_VCPU, 0);
	int gmem = kt_create_gmem(vm, PAGES(4), GMEM_SHARED);
	struct kvm *kvm = kt_kvm(vm);

	EXPECT_EQ(refcount_read(&kvm->users_count), 3);
	EXPECT_EQ(kt_bind(vm, 0, 0, 4, gmem, 0), 0);
	kt_close(vm);
	kt_expect_guest_write(vcpu, PAGES(2), 7);
	kt_close(vcpu);
	EXPECT_EQ(refcount_read(&kvm->users_count), 1);
	EXPECT_EQ(sys(HOST_NR_FALLOCATE, gmem, KEEP, 0, PAGE_SIZE), 0);
	kt_close(gmem);
	kt_expect_gone();
}

SIM_TEST(vm__bugged_or_dead__answers_eio_only)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int vcpu = kt_ioctl(vm, KVM_CREATE_VCPU, 0);
	enum host_vcpu_exit exit;

	EXPECT_EQ(kt_ioctl(vm, KVM_SIM_BUG, 2), -EINVAL);
	EXPECT_EQ(kt_ioctl(vm, KVM_SIM_BUG, KVM_SIM_BUG_BUGGED), 0);
	EXPECT(kt_kvm(vm)->vm_bugged);
	EXPECT(kt_kvm(vm)->vm_dead);
	EXPECT_EQ(kt_ioctl(vm, KVM_CREATE_VCPU, 1), -EIO);
	EXPECT_EQ(kt_create_gmem(vm, PAGE_SIZE, 0), -EIO);
	EXPECT_EQ(kt_guest_write(vcpu, 0, 1, &exit), -EIO);
	EXPECT_EQ(exit, HOST_VCPU_DONE);
	kt_close(vcpu);
	kt_close(vm);

	vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	EXPECT_EQ(kt_ioctl(vm, KVM_SIM_BUG, KVM_SIM_BUG_DEAD), 0);
	EXPECT(!kt_kvm(vm)->vm_bugged);
	EXPECT_EQ(kt_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_GUEST_MEMFD), -EIO);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(vm__unknown_ioctl__is_enotty)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);

	EXPECT_EQ(kt_ioctl(vm, 0x1234, 0), -ENOTTY);
	EXPECT_EQ(kt_ioctl(vm, KVM_SET_USER_MEMORY_REGION2, 8), -EFAULT);
	kt_close(vm);
}

SIM_TEST(vcpu__id__is_unique_and_in_range)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int first = kt_ioctl(vm, KVM_CREATE_VCPU, 5);
	int second;

	EXPECT(first >= 0);
	EXPECT_EQ(kt_ioctl(vm, KVM_CREATE_VCPU, 5), -EEXIST);
	EXPECT_EQ(kt_ioctl(vm, KVM_CREATE_VCPU, KVM_MAX_VCPU_IDS), -EINVAL);
	second = kt_ioctl(vm, KVM_CREATE_VCPU, 0);
	EXPECT(second >= 0);
	EXPECT_EQ(kt_kvm(vm)->created_vcpus, 2);
	EXPECT_EQ(kt_ioctl(first, KVM_RUN, 1), -EINVAL);

	/* The vCPU goes with the VM, not with its file. */
	kt_close(first);
	EXPECT_EQ(kt_ioctl(vm, KVM_CREATE_VCPU, 5), -EEXIST);
	kt_close(second);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(vcpu__access_through_another_file__is_refused)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	enum host_vcpu_exit exit;

	EXPECT_EQ(kt_guest_write(vm, 0, 1, &exit), -ENOTTY);
	EXPECT_EQ(kt_guest_write(999, 0, 1, &exit), -EBADF);
	kt_close(vm);
}

SIM_TEST(vcpu__of_a_vm_of_another_process__is_eio)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int vcpu = kt_ioctl(vm, KVM_CREATE_VCPU, 0);
	struct kvm *kvm = kt_kvm(vm);
	struct mm_struct *mm = kvm->mm;
	enum host_vcpu_exit exit;

	kvm->mm = NULL;
	EXPECT_EQ(kt_ioctl(vm, KVM_CREATE_VCPU, 1), -EIO);
	EXPECT_EQ(kt_guest_write(vcpu, 0, 1, &exit), -EIO);
	kvm->mm = mm;
	kt_close(vcpu);
	kt_close(vm);
	kt_expect_gone();
}
