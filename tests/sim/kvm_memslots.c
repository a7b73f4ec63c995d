// SPDX-License-Identifier: GPL-2.0

/* Memory slots: what is refused, with what, and that a refusal changes nothing. */

#include "kvm_test.h"

static unsigned long kt_nr_slots(int vm)
{
	struct kvm_memslots *slots = &kt_kvm(vm)->__memslots[0][0];

	EXPECT_EQ(list_count_nodes(&slots[0].gfn_list), list_count_nodes(&slots[1].gfn_list));
	return list_count_nodes(&slots[0].gfn_list);
}

SIM_TEST(memslot__overlap__is_eexist_and_changes_nothing)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int gmem = kt_create_gmem(vm, PAGES(16), GMEM_SHARED);

	EXPECT_EQ(kt_bind(vm, 0, 4, 4, gmem, 0), 0);
	EXPECT_EQ(kt_bind(vm, 1, 7, 1, gmem, 8), -EEXIST);
	EXPECT_EQ(kt_bind(vm, 1, 0, 5, gmem, 8), -EEXIST);
	EXPECT_EQ(kt_bind(vm, 1, 0, 8, gmem, 8), -EEXIST);
	EXPECT_EQ(kt_nr_slots(vm), 1);
	EXPECT_EQ(kt_kvm(vm)->nr_memslot_pages, 4);

	EXPECT_EQ(kt_bind(vm, 1, 8, 1, gmem, 8), 0);
	EXPECT_EQ(kt_bind(vm, 2, 0, 4, gmem, 9), 0);
	EXPECT_EQ(kt_nr_slots(vm), 3);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(memslot__malformed__is_einval)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int gmem = kt_create_gmem(vm, PAGES(16), GMEM_SHARED);
	const struct kvm_userspace_memory_region2 good = {
		.flags = KVM_MEM_GUEST_MEMFD,
		.memory_size = PAGES(4),
		.guest_memfd = gmem,
	};
	struct kvm_userspace_memory_region2 bad;

#define EXPECT_BAD(_field, _value)				\
	do {							\
		bad = good;					\
		bad._field = (_value);				\
		EXPECT_EQ(kt_set_region(vm, &bad), -EINVAL);	\
	} while (0)

	EXPECT_BAD(slot, KVM_USER_MEM_SLOTS);
	EXPECT_BAD(slot, 2 << 16);
	EXPECT_BAD(flags, KVM_MEM_GUEST_MEMFD | KVM_MEM_READONLY);
	EXPECT_BAD(flags, KVM_MEM_GUEST_MEMFD | KVM_MEM_LOG_DIRTY_PAGES);
	EXPECT_BAD(flags, KVM_MEM_GUEST_MEMFD | KVM_MEMSLOT_INVALID);
	EXPECT_BAD(memory_size, 100);
	EXPECT_BAD(memory_size, 0);
	EXPECT_BAD(memory_size, PAGES(17));
	EXPECT_BAD(memory_size, PAGES(KVM_MEM_MAX_NR_PAGES + 1));
	EXPECT_BAD(guest_phys_addr, 100);
	EXPECT_BAD(guest_phys_addr, -PAGE_SIZE);
	EXPECT_BAD(guest_phys_addr, PAGES(KVM_MMU_MAX_GFN - 2));
	EXPECT_BAD(userspace_addr, 100);
	EXPECT_BAD(guest_memfd_offset, 100);
	EXPECT_BAD(guest_memfd_offset, PAGES(13));
	EXPECT_BAD(guest_memfd_offset, -PAGE_SIZE);
	EXPECT_BAD(guest_memfd, vm);
#undef EXPECT_BAD

	EXPECT_EQ(kt_nr_slots(vm), 0);
	bad = good;
	bad.guest_memfd = 999;
	EXPECT_EQ(kt_set_region(vm, &bad), -EBADF);
	EXPECT_EQ(kt_set_region(vm, &good), 0);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(memslot__with_the_guest_memfd_of_another_vm__is_einval)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int other = kt_create_vm(KVM_X86_DEFAULT_VM);
	int gmem = kt_create_gmem(other, PAGES(4), GMEM_SHARED);

	EXPECT_EQ(kt_bind(vm, 0, 0, 4, gmem, 0), -EINVAL);
	EXPECT_EQ(kt_bind(other, 0, 0, 4, gmem, 0), 0);
	kt_close(other);
	kt_close(vm);
	kt_close(gmem);
	kt_expect_gone();
}

SIM_TEST(memslot__binding_bound_pages__is_eexist_and_changes_nothing)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int gmem = kt_create_gmem(vm, PAGES(16), GMEM_SHARED);

	EXPECT_EQ(kt_bind(vm, 0, 0, 4, gmem, 4), 0);
	EXPECT_EQ(kt_bind(vm, 1, 100, 4, gmem, 7), -EEXIST);
	EXPECT_EQ(kt_bind(vm, 1, 100, 16, gmem, 0), -EEXIST);
	EXPECT_EQ(kt_nr_slots(vm), 1);
	EXPECT_EQ(kt_bind(vm, 1, 100, 4, gmem, 8), 0);

	/* Deleting the slot frees its range. */
	EXPECT_EQ(kt_delete_slot(vm, 0), 0);
	EXPECT_EQ(kt_bind(vm, 0, 0, 8, gmem, 0), 0);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(memslot__with_guest_memfd__can_only_be_deleted)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int gmem = kt_create_gmem(vm, PAGES(16), GMEM_SHARED);
	struct kvm_userspace_memory_region2 plain = { .memory_size = PAGES(4) };

	EXPECT_EQ(kt_bind(vm, 0, 0, 4, gmem, 0), 0);
	EXPECT_EQ(kt_bind(vm, 0, 0, 4, gmem, 0), -EINVAL);
	EXPECT_EQ(kt_bind(vm, 0, 8, 4, gmem, 0), -EINVAL);
	EXPECT_EQ(kt_set_region(vm, &plain), -EINVAL);
	EXPECT_EQ(kt_delete_slot(vm, 0), 0);
	EXPECT_EQ(kt_delete_slot(vm, 0), -EINVAL);
	EXPECT_EQ(kt_nr_slots(vm), 0);
	EXPECT_EQ(kt_kvm(vm)->nr_memslot_pages, 0);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(memslot__deleted__guest_finds_mmio_and_the_file_keeps_its_memory)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int gmem = kt_create_gmem(vm, PAGES(4), GMEM_SHARED);
	int vcpu = kt_ioctl(vm, KVM_CREATE_VCPU, 0);

	kt_expect_mmio(vcpu, PAGES(1));
	EXPECT_EQ(kt_bind(vm, 0, 0, 4, gmem, 0), 0);
	kt_expect_guest_write(vcpu, PAGES(1) + 5, 0x42);
	kt_expect_mmio(vcpu, PAGES(4));

	EXPECT_EQ(kt_delete_slot(vm, 0), 0);
	kt_expect_mmio(vcpu, PAGES(1) + 5);

	EXPECT_EQ(kt_bind(vm, 0, 100, 4, gmem, 0), 0);
	kt_expect_guest_read(vcpu, PAGES(101) + 5, 0x42);
	kt_close(vcpu);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(memslot__of_process_memory__can_be_moved)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int gmem = kt_create_gmem(vm, PAGES(2), GMEM_SHARED);
	int vcpu = kt_ioctl(vm, KVM_CREATE_VCPU, 0);
	struct kvm_userspace_memory_region2 mem = { .memory_size = PAGES(2) };
	long addr;

	/* Any mapping will do as memory of the process; here it is that of a guest_memfd. */
	addr = sys(HOST_NR_MMAP, 0, PAGES(2), HOST_PROT_READ | HOST_PROT_WRITE,
		   HOST_MAP_SHARED, gmem, 0);
	EXPECT(addr > 0);
	mem.userspace_addr = addr;
	EXPECT_EQ(kt_set_region(vm, &mem), 0);
	kt_expect_guest_write(vcpu, PAGES(1), 9);

	mem.guest_phys_addr = PAGES(10);
	EXPECT_EQ(kt_set_region(vm, &mem), 0);
	EXPECT_EQ(kt_set_region(vm, &mem), 0);
	EXPECT_EQ(kt_nr_slots(vm), 1);
	kt_expect_mmio(vcpu, PAGES(1));
	kt_expect_guest_read(vcpu, PAGES(11), 9);

	mem.userspace_addr += PAGE_SIZE;
	EXPECT_EQ(kt_set_region(vm, &mem), -EINVAL);

	EXPECT_EQ(sys(HOST_NR_MUNMAP, addr, PAGES(2)), 0);
	kt_close(vcpu);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(memslot__read_only__guest_write_is_mmio)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int gmem = kt_create_gmem(vm, PAGE_SIZE, GMEM_SHARED);
	int vcpu = kt_ioctl(vm, KVM_CREATE_VCPU, 0);
	struct kvm_userspace_memory_region2 mem = {
		.flags = KVM_MEM_READONLY,
		.memory_size = PAGE_SIZE,
	};
	long addr = sys(HOST_NR_MMAP, 0, PAGE_SIZE, HOST_PROT_READ | HOST_PROT_WRITE,
			HOST_MAP_SHARED, gmem, 0);

	EXPECT(addr > 0);
	mem.userspace_addr = addr;
	EXPECT_EQ(kt_set_region(vm, &mem), 0);
	kt_expect_mmio(vcpu, 0);
	kt_expect_guest_read(vcpu, 0, 0);
	EXPECT_EQ(sys(HOST_NR_MUNMAP, addr, PAGE_SIZE), 0);
	kt_close(vcpu);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(memslot__generation__advances_with_each_change)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int gmem = kt_create_gmem(vm, PAGES(4), GMEM_SHARED);
	struct kvm *kvm = kt_kvm(vm);
	u64 before;

	before = kvm->memslots[0]->generation;
	EXPECT_EQ(kt_bind(vm, 0, 0, 4, gmem, 0), 0);
	EXPECT_EQ(kvm->memslots[0]->generation, before + 2);
	EXPECT_EQ(kt_bind(vm, 0, 0, 4, gmem, 0), -EINVAL);
	EXPECT_EQ(kvm->memslots[0]->generation, before + 2);

	/* Invalidating and removing are two changes. */
	EXPECT_EQ(kt_delete_slot(vm, 0), 0);
	EXPECT_EQ(kvm->memslots[0]->generation, before + 6);
	EXPECT(!(kvm->memslots[0]->generation & KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS));
	kt_close(gmem);
	kt_close(vm);
}

SIM_TEST(memslot__in_the_other_address_space__does_not_overlap)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int gmem = kt_create_gmem(vm, PAGES(8), GMEM_SHARED);

	EXPECT_EQ(kt_bind(vm, 0, 0, 4, gmem, 0), 0);
	EXPECT_EQ(kt_bind(vm, 1 << 16, 0, 4, gmem, 4), 0);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(memslot__first_version_of_the_ioctl__takes_no_guest_memfd)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	struct kvm_userspace_memory_region mem = {
		.flags = KVM_MEM_GUEST_MEMFD,
		.memory_size = PAGE_SIZE,
	};

	EXPECT_EQ(kt_ioctl(vm, KVM_SET_USER_MEMORY_REGION, kt_user(&mem, sizeof(mem))), -EINVAL);
	kt_close(vm);
}
